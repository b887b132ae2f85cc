"""Patterns that wait for their first use do what compiled ones do."""

from __future__ import annotations

import re
import sys

import pytest

from etown_check.patterns import pattern


@pytest.mark.parametrize("text", ["", "a1b22", "1", "A", "甲2\n3"])
def test_it_finds_what_a_compiled_one_finds(text: str) -> None:
    waiting, compiled = (
        pattern(r"(\d)([a-z]*)", re.IGNORECASE),
        re.compile(r"(\d)([a-z]*)", re.IGNORECASE),
    )
    assert waiting.sub("x", text) == compiled.sub("x", text)
    assert waiting.split(text) == compiled.split(text)
    assert waiting.findall(text) == compiled.findall(text)
    for name in ("match", "search", "fullmatch"):
        one, other = (getattr(it, name)(text) for it in (waiting, compiled))
        assert (one and one.groups()) == (other and other.groups())
    assert [it.span() for it in waiting.finditer(text)] == [
        it.span() for it in compiled.finditer(text)
    ]
    assert (waiting.pattern, waiting.flags) == (compiled.pattern, compiled.flags)


def test_it_is_compiled_when_it_is_first_used() -> None:
    broken = pattern("(")
    with pytest.raises(re.error, match="unterminated subpattern"):
        broken.search("")
    # What looks at an object from outside asks for names that no pattern has.
    with pytest.raises(AttributeError):
        _ = broken.__wrapped__  # type: ignore[attr-defined]


def test_it_is_compiled_once(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    compile_now = re.compile

    def counted(source: str, flags: int = 0) -> re.Pattern[str]:
        seen.append(source)
        return compile_now(source, flags)

    monkeypatch.setattr(re, "compile", counted)
    waiting = pattern("a")
    assert seen == []
    assert [bool(waiting.search(it)) for it in "aba"] == [True, False, True]
    assert bool(waiting.match("a"))
    assert seen == ["a"]


def test_what_is_looked_for_is_not_printable() -> None:
    """Texts that are printable are not searched for it."""
    from etown_check import mending, text, yamltree

    printable = "".join(filter(str.isprintable, map(chr, range(sys.maxunicode + 1))))
    for sought in (
        text.HIDDEN,
        yamltree._FORBIDDEN,
        mending._INVISIBLE,
        mending._DIRECTION,
    ):
        assert sought.search(printable) is None


def test_every_pattern_of_the_package_compiles() -> None:
    """Nobody else would be told of a mistake in one that only an odd file needs."""
    from importlib import import_module
    from pkgutil import walk_packages

    import etown_check
    from etown_check.patterns import _Pattern

    found = 0
    for module in walk_packages(etown_check.__path__, "etown_check."):
        if not module.name.endswith("__main__"):
            for value in vars(import_module(module.name)).values():
                if isinstance(value, _Pattern):
                    value.search("")  # raises for a mistake
                    found += 1
    assert found > 50
