"""The files that Excel and WPS write, read as cells: without a library, and without trust.

`sheets` reads the XML, `formats` tells what a stored number looks like, and `texts` what a cell
says. What the cells mean is for others to know.
"""
