"""JSON on one line, as `json.dumps(value, ensure_ascii=False)` writes it, without importing `json`.

That would take a twentieth of the time in which a file is checked. `tests/test_json_text.py`
holds the two against each other.
"""

from __future__ import annotations

from etown_check.text import HIDDEN

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from json.encoder import encode_basestring as quoted
    from json.encoder import encode_basestring_ascii as quoted_in_ascii
    from typing import Any
else:
    try:
        from _json import encode_basestring as quoted
        from _json import encode_basestring_ascii as quoted_in_ascii
    except ImportError:  # which only speeds up what `json` has in Python, too
        from json.encoder import encode_basestring as quoted
        from json.encoder import encode_basestring_ascii as quoted_in_ascii


def on_one_line(value: object) -> str:
    """Return `value` as JSON without a line break, and without what could harm a terminal.

    Raises `TypeError` for what is not made of dictionaries by texts, lists, texts, whole numbers,
    truth values and `None`: nothing else stands in a report.
    """
    text = _written(value)
    return text if text.isprintable() else HIDDEN.sub(_escaped, text)


def _written(value: Any) -> str:
    kind = type(value)
    if kind is str:
        return quoted(value)
    if value is None:
        return "null"
    if kind is dict:
        return f"{{{', '.join([f'{quoted(key)}: {_written(it)}' for key, it in value.items()])}}}"
    if kind is list:
        return f"[{', '.join(map(_written, value))}]"
    if kind is bool:
        return "true" if value else "false"
    if kind is int:
        return str(value)
    raise TypeError(f"{kind.__name__} cannot stand in a report")


def _escaped(match: re.Match[str]) -> str:
    """Write a character that a terminal would obey in JSON's own way."""
    return quoted_in_ascii(match.group())[1:-1]
