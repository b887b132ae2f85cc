"""What a cell says, as people read it."""

import re

from etown_check.records import Record
from etown_check.text import HIDDEN

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_BREAK = re.compile(r"\r\n?|\x0b|\u2028|\u2029")


class Value(Record):
    """What a cell says: its text as people read it, `fault` the code of what is wrong with it.

    `removed` is the first of the characters that were taken out of it.
    """

    text: str
    fault: str = ""
    is_date: bool = False
    removed: str = ""

    @property
    def is_blank(self) -> bool:
        """Whether the cell says nothing."""
        return not self.fault and not self.text.strip()


BLANK = Value("")


def unescaped(text: str) -> str:
    """Return text with the characters that XML cannot hold, which Excel writes as `_x000D_`."""
    return _ESCAPED.sub(lambda it: chr(int(it.group(1), 16)), text) if "_x" in text else text


def said(text: str) -> Value:
    """Return text with plain line breaks and spaces, and without what cannot be seen."""
    if text.isprintable():
        return Value(text)
    plain = _BREAK.sub("\n", text).replace("\t", " ")
    lines = plain.split("\n")
    hidden = next((match.group() for line in lines if (match := HIDDEN.search(line))), "")
    return Value("\n".join(HIDDEN.sub("", line) for line in lines), removed=hidden)
