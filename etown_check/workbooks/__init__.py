"""Workbooks: the data file as a form that is filled in with Excel or WPS, and back again.

`layout` says what stands where, `writing` makes the file, `reading` reads one as the tree that
a YAML file would give. `columns` holds the names that both go by.
"""
