"""Folding text for comparison, making hostile text visible, and measuring it in columns."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from etown_check.patterns import pattern

_QUOTES = dict.fromkeys(map(ord, "“”„‟«»「」『』＂〝〞"), '"') | dict.fromkeys(
    map(ord, "‘’‚‛＇"), "'"
)
# Punctuation alone: a full-width digit or letter in a quote differs from the plan's plain one.
_FULL_WIDTH = {
    code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F) if not chr(code).isalnum()
}
_HALF_WIDTH = {0xFF61: "。", 0xFF62: '"', 0xFF63: '"', 0xFF64: "、", 0xFF65: "・"}
_FOLD_QUOTE = _FULL_WIDTH | _HALF_WIDTH | _QUOTES

# Characters that move the cursor, hide, or reorder what is beside them: a report shows their
# code instead. Zero-width joiners, the byte order mark and what XML cannot hold are among them.
HIDDEN = pattern(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff"
    "\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
)


SHORT = 40
"""Characters of a text that may come again, and is remembered with what it means."""


def fold(text: str) -> str:
    """Return `text` as keys and names are compared: NFKC, without white space."""
    return _known_fold(text) if len(text) <= SHORT else fold_anew(text)


def fold_anew(text: str) -> str:
    """Return the same as `fold` of a text that will hardly come again: nothing is remembered."""
    if text.isascii():
        return "".join(text.split())
    return "".join(unicodedata.normalize("NFKC", text).split())


_known_fold = lru_cache(maxsize=2048)(fold_anew)
"""Of short texts, which come again and again."""


def is_number(text: str) -> bool:
    """Tell whether `text` is made of plain digits alone."""
    return text.isascii() and text.isdecimal()


def fold_quote(text: str) -> str:
    """Return `text` as quotes are compared with the plan.

    White space is removed, and full-width and half-width punctuation and quotation marks are
    unified. Nothing else is touched, so that a quote cannot differ from the plan in any other way.
    """
    return "".join(text.split()).translate(_FOLD_QUOTE)


def visible(text: str) -> str:
    """Return `text` on one line, with control and bidirectional characters as visible escapes."""
    # Nothing hidden is printable; what is not may be a wide space.
    return text if text.isprintable() else HIDDEN.sub(_escape, text)


def without_hidden(text: str) -> str:
    """Return `text` without what hides in it."""
    return text if text.isprintable() else HIDDEN.sub("", text)


def _escape(match: re.Match[str]) -> str:
    code = ord(match.group())
    form = "\\x%02x" if code < 0x100 else "\\u%04x" if code < 0x10000 else "\\U%08x"
    return form % code


# GitHub's runner reads every line of a job for commands. It compares as a language does, not byte
# by byte: characters that Unicode lets programs ignore may stand within what it takes for one.
_IGNORED = (
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufff8"
    "\U000e0000-\U000e0fff]*"
)
_COMMAND = pattern(f"(:{_IGNORED})(:)|(#{_IGNORED})(\\[)")


def without_commands(text: str) -> str:
    """Return `text` with the second half of what may begin a runner's command shown as its code."""
    return _COMMAND.sub(_coded, text)


def _coded(match: re.Match[str]) -> str:
    before, sign = match.group(1, 2) if match.group(2) else match.group(3, 4)
    return f"{before}\\x{ord(sign):02x}"


def code_of(character: str) -> str:
    """Return how a character is named that cannot be shown: U+200B."""
    return f"U+{ord(character):04X}"


def columns(text: str) -> int:
    """Return how many columns `text` takes on a terminal; a Chinese character takes two."""
    if text.isascii():
        return len(text)
    return _known_columns(text) if len(text) <= SHORT else _columns(text)


def _columns(text: str) -> int:
    return sum(map(_columns_of, text))


_known_columns = lru_cache(maxsize=2048)(_columns)
"""Of short texts, which come again and again: names, statuses, what is required."""


def _columns_of(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def pad(text: str, width: int) -> str:
    """Return `text` with spaces behind it up to `width` columns."""
    return text + " " * (width - columns(text))


# Chinese typesetting never begins a line with the first, and never ends one with the second.
_NEVER_FIRST = frozenset("，。；：、！？）》”’」』】〕")
_NEVER_LAST = frozenset("“‘（《「『【〔")


def wrap(text: str, width: int) -> list[str]:
    """Break `text` into lines of at most `width` columns.

    Chinese text breaks between any two characters, but not before closing nor behind opening
    punctuation; words of other scripts are kept whole where they fit. Spaces at a break are dropped.
    """
    if columns(text) <= width:  # as with most cells of a table
        return [text.rstrip(" ")]
    lines: list[str] = []
    line, used = "", 0
    for part in _fitting(text, width):
        taken = columns(part)
        if used + taken > width and line:
            if line.strip(" "):
                lines.append(line.rstrip(" "))
            line, used = "", 0
            if part == " ":
                continue
        if part != " " or line or not lines:
            line, used = line + part, used + taken
    return [*lines, line.rstrip(" ")] if line.strip(" ") or not lines else lines


def _fitting(text: str, width: int) -> Iterator[str]:
    """Yield the pieces of `text`; those wider than `width` in as large parts as must be."""
    for piece in _pieces(text):
        if columns(piece) <= width:
            yield piece
            continue
        for unit in _units(piece):
            yield from [unit] if columns(unit) <= width else unit


def _pieces(text: str) -> Iterator[str]:
    """Yield what may be parted: wide characters, spaces, and words of narrow ones."""
    word = ""
    for unit in _units(text):
        if unit == " " or _columns_of(unit[0]) == 2:
            yield from [word, unit] if word else [unit]
            word = ""
            continue
        word += unit
        if _columns_of(unit[-1]) == 2:  # wide punctuation ends a word
            yield word
            word = ""
    if word:
        yield word


def _units(text: str) -> Iterator[str]:
    """Yield each character with the punctuation and combining marks that must stay with it."""
    unit = ""
    for char in text:
        closes = char in _NEVER_FIRST or unicodedata.combining(char)
        if unit and unit != " " and (closes or unit[-1] in _NEVER_LAST):
            unit += char
            continue
        if unit:
            yield unit
        unit = char
    if unit:
        yield unit
