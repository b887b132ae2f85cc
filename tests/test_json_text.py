"""JSON on one line: what the standard library writes, without importing it."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etown_check.reporters.json_text import on_one_line
from etown_check.text import HIDDEN
from tests.conftest import ROOT

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(VALUES)
def test_it_is_what_was_written(value: object) -> None:
    text = on_one_line(value)
    assert json.loads(text) == value
    assert HIDDEN.search(text) is None


@given(VALUES)
def test_it_is_what_the_standard_library_writes(value: object) -> None:
    """But for characters that would harm a terminal, which that leaves as they are."""
    expected = json.dumps(value, ensure_ascii=False)
    if HIDDEN.search(expected) is None:
        assert on_one_line(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("元", '"元"'),
        ('"\\/', r'"\"\\/"'),
        ("\b\f\n\r\t", r'"\b\f\n\r\t"'),
        ("\x00\x1b\x7f\x9b", r'"\u0000\u001b\u007f\u009b"'),
        ("\u202e\u2066\ufeff", r'"\u202e\u2066\ufeff"'),
        ("\U000e0041", r'"\udb40\udc41"'),
        ({"\x1b": "\x1b"}, r'{"\u001b": "\u001b"}'),
        ([1, -2, True, False, None, {}, []], "[1, -2, true, false, null, {}, []]"),
        ({"a": [{"b": "c"}], "d": 10**30}, '{"a": [{"b": "c"}], "d": 1' + "0" * 30 + "}"),
    ],
)
def test_what_it_looks_like(value: object, expected: str) -> None:
    assert on_one_line(value) == expected
    assert json.loads(expected) == value


@pytest.mark.parametrize("value", [1.5, b"x", {1: 2}, {1, 2}, ("a",), object()])
def test_nothing_else_can_stand_in_a_report(value: object) -> None:
    """A float above all, which would be near a threshold and not what was declared."""
    with pytest.raises(TypeError):
        on_one_line(value)


def test_a_python_without_the_quicker_code_writes_the_same() -> None:
    program = (
        "import sys; sys.modules['_json'] = None\n"
        "from etown_check.reporters.json_text import on_one_line\n"
        r"""print(ascii(on_one_line(['元"\\\n\x1b', {'甲': None}])))"""
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == ascii(on_one_line(['元"\\\n\x1b', {"甲": None}]))
