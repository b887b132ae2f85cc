"""Reading a fund ledger: from a file to its sums, the rows to be named, and all of its mistakes."""

from __future__ import annotations

import os
from contextlib import closing
from hashlib import sha256

from etown_check.endings import OFFICE_LOCK, OLE, WORKBOOK_ENDINGS, ZIP
from etown_check.ledger import Ledger
from etown_check.ledgers.delimited import Delimited, survey
from etown_check.ledgers.headings import Headings
from etown_check.ledgers.rows import RowsReader
from etown_check.ledgers.tables import too_large
from etown_check.limits import MAX_LEDGER_BYTES, MAX_LEDGER_WORKBOOK_BYTES
from etown_check.problems import InputError, Problem
from etown_check.records import Record
from etown_check.scratch import NoScratch
from etown_check.standard import LedgerForm
from etown_check.yamltree import open_regular, unopened

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import BinaryIO

_MB = 1024 * 1024
_PIECE = 1 << 18


class ReadLedger(Record):
    """A ledger that was read, and what there is to say of its file."""

    ledger: Ledger
    warnings: tuple[Problem, ...]


def read_ledger(path: str, form: LedgerForm) -> ReadLedger:
    """Read the ledger at `path`, a CSV or an .xlsx file of `form`.

    Raises `InputError` for a file that cannot be read, and with all the mistakes of one that can.
    """
    if os.path.basename(path).startswith(OFFICE_LOCK):
        raise InputError([Problem(path, None, "E805", {})])
    try:
        file = open_regular(path)
    except (OSError, ValueError) as error:
        raise unopened(path, error) from None
    with file:
        try:
            before = _state(file)
            read = _read(path, file, form)
            is_same = _state(file) == before
        except NoScratch:
            raise InputError([Problem(path, None, "E865", {})]) from None
        except (OSError, UnicodeDecodeError):  # the latter where the file has changed meanwhile
            is_same = False
    if not is_same:
        raise InputError([Problem(path, None, "E103", {})])
    return read


def _state(file: BinaryIO) -> tuple[int, int]:
    """Return what changes when somebody writes to `file`."""
    state = os.fstat(file.fileno())
    return state.st_size, state.st_mtime_ns


def _read(path: str, file: BinaryIO, form: LedgerForm) -> ReadLedger:
    size, begin = os.fstat(file.fileno()).st_size, file.read(len(ZIP))
    file.seek(0)
    if not size:
        raise InputError([Problem(path, None, "E852", {})])
    is_workbook = begin in (ZIP, OLE) or path.lower().endswith(WORKBOOK_ENDINGS)
    limit = MAX_LEDGER_WORKBOOK_BYTES if is_workbook else MAX_LEDGER_BYTES
    if size > limit:
        raise too_large(path, limit // _MB, "MB")
    headings = Headings(form)
    if is_workbook:
        return _read_workbook(path, file, form, headings)
    digest, encoding = survey(path, file)
    reader = RowsReader(path, form, headings, Delimited(path, file, encoding, headings))
    return ReadLedger(reader.read(digest), tuple(reader.warnings))


def _read_workbook(path: str, file: BinaryIO, form: LedgerForm, headings: Headings) -> ReadLedger:
    # What a CSV file has no need of, and takes time to import.
    from etown_check.ledgers.spreadsheet import Spreadsheet, open_book
    from etown_check.xlsx.sheets import Unreadable, refuse_others

    try:
        begin = file.read(len(ZIP))
        file.seek(0)
        refuse_others(path, file.read() if begin == OLE else begin)
        digest = _digest(file)
        with closing(open_book(file)) as book:
            reader = RowsReader(path, form, headings, Spreadsheet(path, book, headings))
            ledger = reader.read(digest)
    except Unreadable as error:
        code = _OF_LEDGERS.get(error.code, error.code)
        raise InputError([Problem(path, None, code, error.args_of_message)]) from None
    return ReadLedger(ledger, tuple(reader.warnings))


def _digest(file: BinaryIO) -> str:
    digest = sha256()
    while piece := file.read(_PIECE):
        digest.update(piece)
    return digest.hexdigest()


_OF_LEDGERS = {"E804": "E860", "E807": "E851"}
"""Codes that speak of forms to fill in, and those that say the same of ledgers."""
