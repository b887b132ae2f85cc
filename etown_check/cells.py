"""What the text of one cell of a workbook says: several names, several files, values by year."""

import re
from collections.abc import Iterator, Sequence

_SEPARATORS = "、，,；;"
_OPENING, _CLOSING = "（(【[《〔「『“‘", "）)】]》〕」』”’"
_YEAR = re.compile(r"[^\S\n]*(\d{4})[^\S\n]*年?[^\S\n]*[:：][^\S\n]*", re.ASCII)
_FILE = re.compile(r".*[^./\\]\.[A-Za-z0-9]{1,5}", re.DOTALL)


def names_in(text: str) -> list[str]:
    """Return the names that stand in a cell: one in each line, or set apart by marks in one line.

    Marks within brackets and quotes belong to the name. A line break at the end makes one line a
    list, so that its name may hold a mark.
    """
    parts = text.split("\n") if "\n" in text else _parted(text)
    return [name for part in parts if (name := part.strip())]


def _parted(line: str) -> Iterator[str]:
    """Yield the parts of `line` between separators that stand outside of brackets and quotes."""
    depth = begin = 0
    for at, character in enumerate(line):
        if character in _OPENING:
            depth += 1
        elif character in _CLOSING:
            depth = max(0, depth - 1)
        elif character in _SEPARATORS and not depth:
            yield line[begin:at]
            begin = at + 1
    yield line[begin:]


def files_in(text: str) -> list[str]:
    """Return the files that a cell names: one in each line.

    One line is parted only where each part looks like the name of a file.
    """
    if "\n" not in text:
        parts = [part.strip() for part in _parted(text) if part.strip()]
        if len(parts) > 1 and all(_FILE.fullmatch(part) for part in parts):
            return parts
    return [name for line in text.split("\n") if (name := line.strip())]


def years_in(text: str) -> dict[str, str] | None:
    """Return the values by year of a cell such as `2023: 2.3亿元`, `None` where it has no years.

    Each year begins a line; lines that begin with none go on with the value above.
    """
    found: dict[str, str] = {}
    year = ""
    for line in text.split("\n"):
        match = _YEAR.match(line)
        if match and match.group(1) not in found:
            year = match.group(1)
            found[year] = line[match.end() :]
        elif year:
            found[year] += f"\n{line}"
        else:
            return None
    return found


def cell_of_years(values: Sequence[tuple[int, str]]) -> str:
    """Return the text of a cell in which `years_in` finds `values`."""
    return "\n".join(f"{year}: {text}" for year, text in values)
