"""Ledgers of many rows: the same is said of them in no more memory, or that there is no room."""

from __future__ import annotations

import errno
import io
import random
import tempfile
import tracemalloc
from contextlib import closing, contextmanager
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etown_check.ledgers.aside import Aside, PlainRow
from etown_check.ledgers.reading import read_ledger
from etown_check.ledgers.repeats import Repeat, Repeats, mark_of, number_of
from etown_check.limits import MAX_LEDGER_DOUBTS
from etown_check.problems import InputError
from etown_check.scratch import NoScratch, Scratch
from etown_check.xlsx.sheets import Book
from etown_check.xlsx.strings import Strings
from etown_check.xlsx.texts import unescaped
from tests.ledger_files import FORM, HEADER, csv_of, row, rows, shared_of, told
from tests.workbook_forms import raw_parts, raw_rows, zipped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

REPEATS = "etown_check.ledgers.repeats"
ASIDE = "etown_check.ledgers.aside"
STRINGS = "etown_check.xlsx.strings"
SMALL = {
    f"{REPEATS}._FEW": 3,
    f"{REPEATS}._IN_MEMORY": 0,
    f"{REPEATS}._BLOCK": 4,
    f"{REPEATS}._LAST_BIT": 15,
    f"{REPEATS}._MOST_FOUND": 2 * MAX_LEDGER_DOUBTS,
    f"{ASIDE}._IN_MEMORY": 0,
    f"{ASIDE}._BLOCK": 400,
    f"{STRINGS}._FIRST": 3,
    f"{STRINGS}._BLOCK": 2,
    f"{STRINGS}._PIECE": 40,
    f"{STRINGS}._RECURRING": 3,
    "etown_check.ledgers.spreadsheet._IN_MEMORY": 0,
}
"""So that what a million rows need is needed by a dozen."""


@contextmanager
def small(**others: int) -> Iterator[None]:
    """Read ledgers with limits of memory that every one goes beyond."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in SMALL.items():
            patch.setattr(name, value)
        for name, value in others.items():
            patch.setattr(f"etown_check.ledgers.{name}", value)
        yield


def without_room(patch: pytest.MonkeyPatch, at: int = 0) -> None:
    """Make temporary files that can hold `at` bytes."""

    class Full(io.BytesIO):
        def write(self, content: Any, /) -> int:
            if self.tell() + len(content) > at:
                raise OSError(errno.ENOSPC, "No space left on device")
            return super().write(content)

    patch.setattr(tempfile, "TemporaryFile", lambda **_: Full())


def without_folder(patch: pytest.MonkeyPatch) -> None:
    def fail(**_: int) -> None:
        raise FileNotFoundError(errno.ENOENT, "No usable temporary directory found")

    patch.setattr(tempfile, "TemporaryFile", fail)


# Bytes that are put aside


@pytest.mark.parametrize("in_memory", [0, 5, 9, 100])
def test_what_is_put_aside_is_found_again(in_memory: int) -> None:
    with closing(Scratch(in_memory)) as scratch:
        places = [(scratch.append(it), it) for it in (b"abc", b"", b"defghi", bytearray(b"jkl"))]
        assert [at for at, _ in places] == [0, 3, 3, 9]
        for at, piece in reversed(places):
            assert scratch.read(at, len(piece)) == piece
        assert scratch.append(b"m") == 12
        assert scratch.read(11, 2) == b"lm"
        assert scratch.size == 13


def test_no_file_while_there_is_little(monkeypatch: pytest.MonkeyPatch) -> None:
    without_folder(monkeypatch)
    with closing(Scratch(5)) as scratch:
        scratch.append(b"abcde")
        with pytest.raises(NoScratch):
            scratch.append(b"f")
        assert scratch.read(0, 5) == b"abcde"


@pytest.mark.parametrize("at", [0, 5])
def test_a_disk_that_is_full(monkeypatch: pytest.MonkeyPatch, at: int) -> None:
    without_room(monkeypatch, at)
    with closing(Scratch(4)) as scratch:
        scratch.append(b"abcd")
        with pytest.raises(NoScratch):
            scratch.append(b"ef")


def test_a_disk_that_fails_later(monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise OSError(errno.ENOSPC, size)

        def close(self) -> None:
            if not self.closed:  # Python closes it again when it is no longer of use
                super().close()
                raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(tempfile, "TemporaryFile", lambda **_: Full())
    with closing(Scratch(0)) as scratch:
        scratch.append(b"abcd")
        with pytest.raises(NoScratch):
            scratch.read(0, 1)


def test_a_system_that_writes_less_than_it_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    class Slow(io.BytesIO):
        def write(self, content: Any, /) -> int:
            return super().write(bytes(content)[:3])

    monkeypatch.setattr(tempfile, "TemporaryFile", lambda **_: Slow())
    with closing(Scratch(5)) as scratch:
        for piece in (b"abcd", bytearray(b"efghijkl"), b"m"):
            scratch.append(piece)
        assert scratch.read(0, 13) == b"abcdefghijklm"


# Values that come again


def plainly(said: Sequence[tuple[int, int]]) -> list[Repeat]:
    """Return the repeats among values and numbers of rows, by nothing of the code under test."""
    firsts: dict[int, int] = {}
    found = []
    for order, (value, number) in enumerate(said):
        first = firsts.setdefault(value, order)
        if said[first][1] != number:
            found.append(Repeat(mark_of(order, number), mark_of(first, said[first][1])))
    return found


VALUES = st.one_of(st.integers(-8, 8), st.integers(-(2**63), 2**63 - 1))


@given(st.lists(st.tuples(VALUES, st.integers(1, 40)), max_size=60), st.integers(0, 60))
def test_repeats_are_those_that_a_plain_look_finds(
    said: list[tuple[int, int]], settled: int
) -> None:
    with small(), closing(Repeats()) as repeats:
        asked = set()
        for order, (value, number) in enumerate(said):
            mark = mark_of(order, number)
            assert number_of(mark) == number
            if repeats.add(value, mark):
                asked.add(mark)
            if order == settled:
                repeats.settle()
        expected = plainly(said)
        assert repeats.found() == (len(expected), expected)
        assert {mark for mark, _ in expected} <= asked


@pytest.mark.parametrize("others", [0, 20, 5_000])
@pytest.mark.parametrize("share", [1, 2, 30])
def test_only_the_first_repeats_are_named(others: int, share: int) -> None:
    chance = random.Random(others)
    said = [(at, at + 1) for at in range(others)]
    said += [(chance.randrange(9) if at % share == 0 else -at, others + at) for at in range(4_000)]
    expected = plainly(said)
    for is_settled in (False, True):
        with small(), closing(Repeats()) as repeats:
            asked = set()
            for order, (value, number) in enumerate(said):
                if repeats.add(value, mark_of(order, number)):
                    asked.add(mark_of(order, number))
                if is_settled and order % 1_000 == 999:
                    repeats.settle()
            first = expected[:MAX_LEDGER_DOUBTS]
            assert repeats.found() == repeats.found() == (len(expected), first)
            assert {mark for mark, _ in first} <= asked
            # Once all that are named are known, no more rows are asked for.
            is_known = is_settled and len(expected) >= MAX_LEDGER_DOUBTS
            assert repeats.add(said[0][0], mark_of(len(said), 10**6)) is not is_known


def test_no_rows_are_asked_for_where_the_first_have_all_that_are_named() -> None:
    with small(), closing(Repeats()) as repeats:
        asked = [repeats.add(1, mark_of(at, at)) for at in range(150)]
        assert asked == [0 < at <= MAX_LEDGER_DOUBTS for at in range(150)]
        assert not any(repeats.add(at % 20, mark_of(at, at)) for at in range(150, 250))
        found = repeats.found()
        assert (found.rows, len(found.first)) == (149 + 81, MAX_LEDGER_DOUBTS)
        assert found.first[-1] == (mark_of(100, 100), mark_of(0, 0))


# Rows that are put aside


@given(st.lists(st.tuples(st.integers(), st.integers(1, 9), st.text()), max_size=30), st.data())
def test_rows_that_are_put_aside(cases: list[tuple[int, int, str]], data: st.DataObject) -> None:
    given_rows = {}
    with small(), closing(Aside()) as aside:
        for at, (whole, below, text) in enumerate(cases):
            share = Fraction(whole, below)
            shares = share.numerator if share.denominator == 1 else share
            plain = PlainRow(at + 2, date(2023, 1, 1 + at), shares, "元", "省", "", text, "", text)
            given_rows[mark_of(at * 7, at + 2)] = plain
            aside.put(mark_of(at * 7, at + 2), plain)
        assert aside.count == len(cases)
        for _ in range(2):
            marks = data.draw(st.sets(st.sampled_from(sorted(given_rows)))) if given_rows else set()
            assert aside.rows(marks) == {mark: given_rows[mark] for mark in marks}


# Texts of a workbook


@given(st.lists(st.text("甲乙 ab\n😀_x0D41") | st.sampled_from(["_x000D_", "_x0000_", "_xD800_"])))
def test_texts_are_found_by_their_numbers_in_any_order(texts: list[str]) -> None:
    chance = random.Random(len(texts))
    numbers = [*range(len(texts)), *(chance.randrange(len(texts)) for _ in texts * 3)]
    with small(), closing(Strings(0)) as strings:
        for text in texts:
            strings.append(text)
        strings.finish()
        assert len(strings) == len(texts)
        for number in numbers:
            assert strings[number] == unescaped(texts[number])


def test_long_texts_are_not_all_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"{STRINGS}._FIRST_CHARACTERS", 100)
    monkeypatch.setattr(f"{STRINGS}._RECURRING_CHARACTERS", 100)
    texts = [f"{number:50}" for number in range(200)]
    with closing(Strings(0)) as strings:
        for text in texts:
            strings.append(text)
        strings.finish()
        assert strings.first == texts[:2]
        for number in (*range(200), *reversed(range(200)), *range(200)):
            assert strings[number] == texts[number]


# Whole ledgers


def many(number: int, seed: int = 0) -> list[tuple[str, ...]]:
    """Return rows of which some repeat a voucher or a payment, and some are odd in other ways."""
    chance = random.Random(seed)
    found = [row(voucher="记-1"), row(voucher="记 －１", amount="0.0000001")]
    for at in range(number):
        changes = {
            "date": date(2021 + (at > 9), 1 + at % 12, 1 + at % 28).isoformat(),
            "description": chance.choice(("设备", f"第{at}批\n培训", "买流量")),
            "amount": f"{chance.randrange(10**6)}.{chance.randrange(10**7):07}",
            "source": chance.choice(("省", "县级", "", "市")),
            "category": chance.choice(("公共服务体系", "物流配送", "罚款")),
            "payee": f"公司{chance.randrange(20)}",
            "voucher": f"记-{chance.randrange(number * 4)}",
        }
        found.append(row(**changes) if chance.random() < 0.8 else found[chance.randrange(at + 2)])
    return found


KINDS: dict[str, Callable[..., bytes]] = {"台账.csv": csv_of, "台账.xlsx": shared_of}


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("number", [0, 5, 30, 400])
@pytest.mark.parametrize("others", [{}, {"tally._MANY_ASIDE": 8}])
def test_the_same_is_said_in_any_memory(
    tmp_path: Path, name: str, number: int, others: dict[str, int]
) -> None:
    content = KINDS[name](*many(number, seed=number))
    expected = told(tmp_path, content, name)
    with small(**others):
        assert told(tmp_path, content, name) == expected
    doubtful = expected.ledger.doubtful
    assert doubtful.counts["vouchers"] >= 1
    assert len(doubtful.repeated) == min(doubtful.counts["repeated"], MAX_LEDGER_DOUBTS)


@pytest.mark.parametrize("is_small", [False, True])
def test_rows_out_of_order_are_named_as_they_come(tmp_path: Path, *, is_small: bool) -> None:
    """A damaged workbook may number its rows in any way, even two of them alike."""
    lines = [HEADER, *(row(voucher="记-1", payee="", amount=str(at)) for at in range(1, 7))]
    text = raw_rows(lines)
    for at, number in enumerate((9, 5, 9, 30, 7, 9), 2):
        text = text.replace(f'<row r="{at}"', f'<row r="#{number}"', 1)
    content = zipped(raw_parts({"台账": text.replace("#", "")}))
    if is_small:
        with small():
            read = told(tmp_path, content, "台账.xlsx")
    else:
        read = told(tmp_path, content, "台账.xlsx")
    assert [
        (it.row.position.line, it.first.line, str(it.row.amount.amount))
        for it in read.ledger.doubtful.vouchers
    ] == [(5, 9, "2"), (30, 9, "4"), (7, 9, "5")]


@pytest.mark.parametrize("name", KINDS)
def test_a_mistake_is_told_and_nothing_is_left_open(tmp_path: Path, name: str) -> None:
    content = KINDS[name](*many(30), *(row(category="别的") for _ in range(7)))
    with small(), pytest.raises(InputError) as caught:
        told(tmp_path, content, name)
    (problem,) = caught.value.problems
    assert problem.code == "E861"
    assert "（共 7 行：第 " in problem.message("zh")
    with small(), pytest.raises(InputError) as caught:
        told(tmp_path, KINDS[name](*many(9), header=("甲", "乙")), name)
    assert [it.code for it in caught.value.problems] == ["E853"]


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("lack", [without_room, without_folder])
def test_no_room_for_a_temporary_file(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    lack: Callable[[pytest.MonkeyPatch], None],
) -> None:
    content = KINDS[name](*many(30))
    lack(monkeypatch)
    told(tmp_path, content, name)  # a small one needs none
    with small(), pytest.raises(InputError) as caught:
        told(tmp_path, content, name)
    (problem,) = caught.value.problems
    assert (problem.path, problem.position) == (str(tmp_path / name), None)
    assert problem.code == "E865"
    assert "TMPDIR" in problem.hint("zh")


def test_a_form_needs_no_file_for_its_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    without_folder(monkeypatch)
    for name, value in SMALL.items():
        monkeypatch.setattr(name, value)
    with closing(Book(io.BytesIO(shared_of(*rows(30))))) as book:
        assert book.strings[len(book.strings) - 1] == "记-29"


@pytest.mark.parametrize("name", KINDS)
def test_memory_does_not_grow_with_the_rows(tmp_path: Path, name: str) -> None:
    def peak(number: int) -> int:
        lines = (
            row(description=f"第{at}批设备", payee=f"公司{at % 50}", voucher=f"记-{at}")
            for at in range(number)
        )
        path = tmp_path / f"{number}-{name}"
        path.write_bytes(KINDS[name](*lines))
        tracemalloc.start()
        try:
            assert read_ledger(str(path), FORM).ledger.rows == number
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    pieces = {"repeats._LAST_BIT": (1 << 16) - 1, "repeats._BLOCK": 32, "delimited._PIECE": 1 << 16}
    with small(**pieces):
        peak(2_000)
        fewer, more = peak(2_000), peak(8_000)
    assert more - fewer < 200_000  # 6,000 vouchers and payments alone would take 600,000
