"""What was reported of data files before, kept in a folder for CI, where most files stay the same.

A result is found again only where everything it depends on is the same: the bytes of the data
file, what is asked, the configuration, reference data and waivers, what lies around the file, the
standard, and the code of the tool. Nothing about the cache is ever an error: where it cannot be
used, a run is slower, and one that is broken is made anew.
"""

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from functools import cached_property
from typing import Any

from etown_check import __version__
from etown_check.digests import of_code
from etown_check.records import Record
from etown_check.surroundings import answer

FILE_NAME = "results.sqlite3"
_BESIDE = ("", "-wal", "-shm", "-journal")

_TABLES = """
create table if not exists results (
    slot blob primary key, key blob not null, facts text not null, content blob not null
);
create table if not exists made_by (stamp text not null);
"""


class Entry(Record):
    """A result as it is kept: plain text and bytes.

    `slot` tells which file and what is asked of it: of these the last result alone is kept. `key`
    tells all that it was made of but the surroundings, whose `questions` are asked again.
    """

    slot: bytes
    key: bytes
    questions: list[Any]
    facts: Any
    content: Sequence[bytes] = ()


class ResultCache:
    """The results in `folder`, for reading alone or for more to be put in.

    All that is put in is there at once when the cache is closed, or not at all.
    """

    def __init__(self, folder: str, *, may_write: bool) -> None:
        self.path = os.path.join(folder, FILE_NAME)
        self._may_write = may_write
        self._database: sqlite3.Connection | None = None
        for _ in range(2):
            try:
                self._database = self._open(folder)
                break
            except sqlite3.OperationalError:
                break  # no such folder, or somebody else is at work
            except sqlite3.DatabaseError:
                self._remove()

    @cached_property
    def stamp(self) -> str:
        """What tells this code from any other."""
        return of_code(__version__, _code())

    def _open(self, folder: str) -> sqlite3.Connection:
        if not self._may_write:
            return sqlite3.connect(f"file:{_quoted(self.path)}?mode=ro", uri=True, timeout=0)
        with suppress(OSError):
            os.makedirs(folder, mode=0o700, exist_ok=True)
        database = sqlite3.connect(self.path, timeout=0, isolation_level=None)
        try:
            # Who reads sees what was there before, while this is being written.
            database.execute("pragma journal_mode = wal")
            database.execute("pragma synchronous = off")
            database.executescript(_TABLES)
            database.execute("begin immediate")
            if database.execute("select stamp from made_by").fetchall() != [(self.stamp,)]:
                # What other code came to is of no use any more.
                database.execute("delete from results")
                database.execute("delete from made_by")
                database.execute("insert into made_by values (?)", (self.stamp,))
        except sqlite3.Error:
            database.close()
            raise
        return database

    def _remove(self) -> None:
        for ending in _BESIDE if self._may_write else ():
            with suppress(OSError):
                os.remove(self.path + ending)

    def get(self, slot: bytes, key: bytes) -> Entry | None:
        """Return the result in `slot` if it was made of `key`, and its surroundings are the same."""
        if self._database is None:
            return None
        try:
            found = self._database.execute(
                "select facts, content from results where slot = ? and key = ?", (slot, key)
            ).fetchone()
            if found is None:
                return None
            lengths, questions, facts = json.loads(found[0])
            content = list(_parts(found[1], lengths))
        except (sqlite3.Error, ValueError, TypeError):
            return None
        if any(_again(question) != said for question, said in questions):
            return None
        return Entry(slot, key, questions, facts, content)

    def put(self, entry: Entry) -> None:
        """Keep a result in place of the one that was in its slot."""
        if self._database is None or not self._may_write:
            return
        lengths = [len(part) for part in entry.content]
        facts = json.dumps([lengths, entry.questions, entry.facts])
        row = entry.slot, entry.key, facts, b"".join(entry.content)
        try:
            self._database.execute("insert or replace into results values (?, ?, ?, ?)", row)
        except sqlite3.Error:
            self._give_up()

    def close(self) -> None:
        """Let all that was put in be there."""
        if self._database is None:
            return
        if self._may_write:
            try:
                self._database.execute("commit")
                self._database.execute("pragma wal_checkpoint(truncate)")
            except sqlite3.Error:
                self._give_up()
                return
        self._database.close()

    def _give_up(self) -> None:
        """Drop what was put in, and what was there: it may be broken, or the disk full."""
        assert self._database is not None
        self._database.close()
        self._database = None
        self._remove()


def _quoted(path: str) -> str:
    return path.replace("%", "%25").replace("?", "%3f").replace("#", "%23")


def _parts(content: bytes, lengths: Iterable[int]) -> Iterator[bytes]:
    at = 0
    for length in lengths:
        yield content[at : at + length]
        at += length
    if at != len(content):
        raise ValueError(at)


def _again(question: list[Any]) -> Any:
    return answer(tuple(tuple(it) if isinstance(it, list) else it for it in question))


def _code() -> Iterator[str]:
    """Yield the files of this code."""
    package = os.path.dirname(os.path.abspath(__file__))
    for folder, folders, files in os.walk(package):
        folders.sort()
        yield from (os.path.join(folder, name) for name in sorted(files) if name.endswith(".py"))
