"""What a data file may hold. Beyond these it is refused, cheaply and with a plain sentence.

A town's data file has some 200 lines and 10 KiB. Each limit is far above what any honest file
needs and far below what would take noticeable time or memory.
"""

MAX_BYTES = 512 * 1024
"""Of one file. A larger one is not read."""

MAX_LINES = 5_000
"""Of one file."""

MAX_LINE = 20_000
"""Characters of one line."""

MAX_NODES = 20_000
"""Keys, values, lists and mappings of one file."""

MAX_NESTING = 20
"""Lists and mappings within each other: a data file needs six levels."""

MAX_TEXT = 4_000
"""Characters of one key or value."""

MAX_WORKBOOK_BYTES = 10 * 1024 * 1024
"""Of one workbook, which may hold pictures beside its cells."""

MAX_UNPACKED = 32 * 1024 * 1024
"""Of what is read of one workbook when it is unpacked."""

MAX_CELLS = 200_000
"""Cells of one workbook that hold something."""

MAX_CELL_TEXT = 32_767
"""Characters of one cell, each of whose lines may be a name; Excel holds no more."""

MAX_MERGED = 1_000
"""Merged ranges of one sheet."""

MAX_PROBLEMS = 500
"""Mistakes, and as many warnings, that are told of one file."""

MAX_DIGITS = 24
"""Digits of one number: no town's figure has more."""

MAX_SUGGESTIONS = 30
"""Looking for what was meant takes time; a file with more unknown words is not a typing mistake."""

MAX_ECHOED = 40
"""Characters that a message repeats of one piece of text."""

MAX_LEDGER_BYTES = 256 * 1024 * 1024
"""Of one fund ledger in CSV: some two million rows."""

MAX_LEDGER_WORKBOOK_BYTES = 64 * 1024 * 1024
"""Of one fund ledger that is a workbook."""

MAX_LEDGER_UNPACKED = 512 * 1024 * 1024
"""Of what is read of one such workbook when it is unpacked."""

MAX_LEDGER_ROWS = 2_000_000
"""Lines of one fund ledger in CSV; a sheet of Excel has half as many rows."""

MAX_LEDGER_CELLS = 20_000_000
"""Cells of one fund ledger that is a workbook."""

MAX_LEDGER_LINE = 100_000
"""Characters of one line of a fund ledger in CSV."""

MAX_LEDGER_DOUBTS = 100
"""Rows of a fund ledger that are named for each kind of doubt; the others are counted."""
