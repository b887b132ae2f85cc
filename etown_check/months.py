"""Months as a data file writes them (`2023-01`): which lie between two, and how they are told."""

from collections.abc import Iterable, Sequence
from datetime import date

from etown_check.words import Words, say


def month_of(day: date) -> str:
    """Return the month that `day` lies in."""
    return f"{day.year:04}-{day.month:02}"


def months_before(first: str, end: str) -> tuple[str, ...]:
    """Return the months from `first` up to the one before `end`; none where that is earlier."""
    return tuple(_named(number) for number in range(_number(first), _number(end)))


def listed(months: Iterable[str]) -> Words:
    """Return months as they are told: `2022-11至2023-01、2023-03`."""
    runs: list[list[str]] = []
    for month in sorted(months):
        if runs and _number(month) == _number(runs[-1][-1]) + 1:
            runs[-1].append(month)
        else:
            runs.append([month])
    return tuple(word for run in runs for word in _run(run))


def _run(months: Sequence[str]) -> Sequence[Words]:
    if len(months) <= 2:
        return months
    return [say("months_from_to", first=months[0], last=months[-1])]


def _number(month: str) -> int:
    year, number = month.split("-")
    return int(year) * 12 + int(number) - 1


def _named(number: int) -> str:
    return f"{number // 12:04}-{number % 12 + 1:02}"
