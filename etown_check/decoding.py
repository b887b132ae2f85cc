"""From bytes to text: the encodings that Notepad, WPS and Excel save in.

UTF-8 is read as it is, with or without a byte order mark, and so is UTF-16 with one. GB18030,
the Chinese Windows default, is read with a warning: it is told from UTF-8 by what the bytes
could mean, and that is a guess.
"""

import codecs
from collections.abc import Iterator, Sequence

from etown_check.patterns import pattern
from etown_check.problems import InputError, Position, Problem
from etown_check.records import Record

_UTF_16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_BREAK = pattern(r"\r\n?|\n")

# Two bytes of GBK that are valid UTF-8 make a character of this range, where a Chinese data file
# has next to nothing: Latin, Greek, Cyrillic and Arabic letters.
_SUSPICIOUS = pattern("[\u0080-\u07ff]+")
_CERTAIN = "\u0800"
"""From here on a character takes three bytes of UTF-8, which two bytes of GBK never are."""
_MOSTLY = 4, 5
"""So large a part of a guessed text must be common characters: a rare one in a name is no alarm."""


class Decoded(Record):
    """The text of a file, without a byte order mark, and what is to be said of its encoding."""

    text: str
    warnings: tuple[Problem, ...] = ()


def split_lines(text: str) -> list[str]:
    """Return the lines of `text` as YAML and editors count them."""
    return _BREAK.split(text) if "\r" in text else text.split("\n")


def end_of(text: str) -> Position:
    """Return the place behind `text`."""
    lines = split_lines(text)
    return Position(len(lines), len(lines[-1]) + 1)


def decode(path: str, content: bytes) -> Decoded:
    """Return the text that `content` holds. Raises `InputError` where that cannot be told."""
    encoding = _UTF_16.get(content[:2])
    if encoding is not None:
        return _decode_utf_16(path, content[2:], encoding)
    try:
        text = content.removeprefix(codecs.BOM_UTF8).decode()
    except UnicodeDecodeError as error:
        text = _decode_gb18030(content)
        if text:
            return Decoded(text, (Problem(path, None, "W104", {}),))
        before = error.object[: error.start].decode("utf-8")  # without the byte order mark
        raise InputError([Problem(path, end_of(before), "E105", {})]) from None
    return Decoded(text)


def _decode_utf_16(path: str, content: bytes, encoding: str) -> Decoded:
    try:
        return Decoded(content.decode(encoding))
    except UnicodeDecodeError as error:
        before = content[: error.start].decode(encoding)
        raise InputError([Problem(path, end_of(before), "E105", {})]) from None


def _decode_gb18030(content: bytes) -> str:
    """Return `content` read as GB18030, "" where that gives no likely Chinese text.

    UTF-8 with one broken byte can be read as GB18030 too, but then half of it is made of
    characters that nobody uses.
    """
    try:
        text = content.decode("gb18030")
    except UnicodeDecodeError:
        return ""
    return text if is_common(text) else ""


def is_common(text: str) -> bool:
    """Tell whether the Chinese in `text` is made of the characters that people use (GB 2312)."""
    foreign = [character for character in text if not character.isascii()]
    common = "".join(foreign).encode("gb2312", "ignore").decode("gb2312")
    part, whole = _MOSTLY
    return len(common) * whole >= len(foreign) * part


def alarms(path: str, text: str, lines: Sequence[str]) -> Iterator[Problem]:
    """Yield, once a line, what looks like GBK that happens to be valid UTF-8: 统一, 平台.

    A file without one character that is Chinese beyond doubt is refused for it. Beside such
    characters it may be a foreign name, so that it is only doubted.
    """
    if not _SUSPICIOUS.search(text):
        return
    code = "W107" if max(text) >= _CERTAIN else "E109"
    for number, line in enumerate(lines, 1):
        for match in _SUSPICIOUS.finditer(line):
            word = _as_gbk(match.group())
            if word:
                place = Position(number, match.start() + 1)
                args = {"text": match.group(), "word": word}
                yield Problem(path, place, code, args, end=match.end() + 1)
                break


def _as_gbk(text: str) -> str:
    """Return the Chinese word that the bytes of `text` are in GBK, "" where they are none."""
    try:
        word = text.encode().decode("gb2312")
    except UnicodeDecodeError:
        return ""
    return word if len(word) > 1 and all("一" <= character <= "龥" for character in word) else ""
