"""Fund ledgers: CSV and Excel files of payments, summed up row by row.

`delimited` and `spreadsheet` give the rows of either kind of file, `headings` finds the header
among them, `values` and `totals` say what cells mean, `words` searches descriptions, `tally` keeps
what is asked of the rows, and `reading` puts it all together. A file is read as a stream: what is
kept grows with what has to be named or found again, not with the file.
"""
