"""For the authors of standards: reading, checking, compiling and verifying them.

Only this package needs pydantic. A run that finds a fresh compiled standard imports none of it.
"""
