"""What the text of one cell of a workbook says: several names, several files, values by year."""

import re
from collections.abc import Iterator, Sequence

from etown_check.keys import CONTACT_KEYS
from etown_check.patterns import pattern

_SEPARATORS = "、，,；;"
_OPENING, _CLOSING = "（(【[《〔「『“‘", "）)】]》〕」』”’"
_YEAR = pattern(r"[^\S\n]*(\d{4})[^\S\n]*年?[^\S\n]*[:：][^\S\n]*", re.ASCII)
# 中央：100万元, 中央=100万元, 中央 100万元, 中央100万元; thousands are set apart by half-width commas.
_AMOUNT = pattern(r"([^\s:：=＝\d.,，+＋−-]+)\s*[:：=＝]?\s*(.*)", re.DOTALL)
_BETWEEN_AMOUNTS = pattern(r"[\n、；;]|[,，](?!\d{3}(?!\d))")
_NAMED = pattern(r"([^\s:：=＝\d]+)\s*[:：=＝]\s*(.*)", re.DOTALL)
_NAME_AND_PHONE = pattern(
    r"(?P<name>|.*?[^\d\s、，,；;(（+＋])[\s、，,；;]*(?P<phone>[(（+＋]?\d[\d\s()（）-]{5,})",
    re.DOTALL,
)
_FILE = pattern(r".*[^./\\]\.[A-Za-z0-9]{1,5}", re.DOTALL)


def names_in(text: str) -> list[str]:
    """Return the names that stand in a cell: one in each line, or set apart by marks in one line.

    Marks within brackets and quotes belong to the name. A line break at the end makes one line a
    list, so that its name may hold a mark.
    """
    parts = text.split("\n") if "\n" in text else _parted(text)
    return [name for part in parts if (name := part.strip())]


def parts_in(text: str) -> list[str]:
    """Return what stands in a cell in lines or set apart by marks, where no entry holds a mark."""
    return [part for line in text.split("\n") for it in _parted(line) if (part := it.strip())]


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


def amounts_in(text: str) -> list[tuple[str, str]]:
    """Return the words and amounts of a cell such as `中央：100万元`: one to a line, or set apart.

    Either is "" where it is lacking: the amount in a line of a form that was not filled in, the
    word beside a sum that is of no source.
    """
    pairs = []
    for part in filter(str.strip, _BETWEEN_AMOUNTS.split(text)):
        match = _AMOUNT.match(part.strip())
        pairs.append((match[1], match[2].strip()) if match else ("", part.strip()))
    return pairs


def contact_in(text: str) -> list[tuple[str, str]] | None:
    """Return the parts of a contact that a cell holds, `None` where it says none of one.

    They are named (`姓名：张三`), one to a line, or set apart by marks in one line. Without their
    names a name stands before a phone.
    """
    parts = [it.strip() for it in (text.split("\n") if "\n" in text else _parted(text))]
    named = [_NAMED.fullmatch(it) for it in parts if it]
    if named and all(named):
        return [(match[1], match[2]) for match in named if match]
    match = _NAME_AND_PHONE.fullmatch(text.strip())
    if match is None:
        return None
    said = zip(CONTACT_KEYS.values(), (match["name"], match["phone"].strip()), strict=True)
    return [(key, it) for key, it in said if it]


def cell_of_contact(parts: list[tuple[str, str]]) -> str:
    """Return the text of a cell in which `contact_in` finds `parts`."""
    text = "\n".join(f"{name}：{said}" for name, said in parts)
    return text if contact_in(text) == parts else f"{text}\n"


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
