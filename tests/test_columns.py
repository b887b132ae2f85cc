"""The table of the terminal: as wide as the terminal, and nothing of a cell is lost."""

from __future__ import annotations

import io

from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from etown_check.reporters.columns import Cell, Column, Columns
from etown_check.text import columns

HEADINGS = (Column("号", width=5), Column("内容", share=5), Column("要求", share=3))
words = st.text(st.sampled_from("陶瓷产业ab1，。（）"), max_size=60)


def drawn(table: Columns, width: int) -> list[str]:
    out = io.StringIO()
    Console(file=out, width=width, color_system=None, legacy_windows=False).print(table)
    return out.getvalue().splitlines()


@given(st.integers(40, 160), st.integers(1, 2), st.lists(st.tuples(words, words), max_size=4))
def test_a_table_is_as_wide_as_the_terminal(
    width: int, gap: int, rows: list[tuple[str, str]]
) -> None:
    table = Columns(HEADINGS, gap, "-")
    assert sum(table.widths(width)) + 2 * gap == width
    for number, (left, right) in enumerate(rows):
        table.add(str(number), Cell(left, "bold"), right)
    lines = drawn(table, width)
    assert max(map(columns, lines)) == width
    first, second, third = table.widths(width)
    assert lines[1] == "-" * width
    for at, cells in (
        (first + gap, [it for it, _ in rows]),
        (width - third, [it for _, it in rows]),
    ):
        wide = second if at == first + gap else third
        shown = "".join(_columns_of(line, at, at + wide) for line in lines[2:])
        assert shown.replace(" ", "") == "".join(cells)


def _columns_of(line: str, begin: int, end: int) -> str:
    """Return what stands in some columns of the terminal."""
    found, at = "", 0
    for char in line:
        if begin <= at < end:
            found += char
        at += columns(char)
    return found


def test_cells_that_lack_are_empty() -> None:
    table = Columns(HEADINGS, 1, "─")
    table.add("", "甲")
    assert [line.rstrip() for line in drawn(table, 40)[2:]] == ["      甲"]
