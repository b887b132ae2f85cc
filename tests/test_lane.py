"""Both ways into `validate` read every line alike, or the short one leaves it to the other."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

import pytest

from etown_check import validation
from etown_check.cli.app import run_app
from etown_check.cli.lane import plain_options
from etown_check.settings import Options

if TYPE_CHECKING:
    from collections.abc import Sequence

OPTIONS: dict[str, Sequence[str | None]] = {
    "--format": ("terminal", "plain", "json", "sarif", "yaml", ""),
    "-f": ("json", "x"),
    "--output": ("out.json", "-"),
    "-o": ("out.json",),
    "--force": (None, "1"),
    "--standard": ("shuozhou-2022", ""),
    "--report": ("sarif=out.sarif", "junit=a=b.xml", "plain"),
    "--sarif-passes": (None, "x"),
    "--config": ("c.toml",),
    "--no-config": (None,),
    "--reference": ("r.yaml",),
    "--waivers": ("w.yaml",),
    "--today": ("2024-06-30", "soon"),
    "--baseline": ("b.json",),
    "--changed": (None,),
    "--changed-since": ("HEAD~1", "-x"),
    "--evidence-root": ("folder",),
    "--part": ("annex", "body,annex", "all"),
    "--only": ("33", "33,34.1", "33，34.1", " 33 , 34 "),
    "--level": ("binding", "expected", "both"),
    "--require": ("declared", "evidenced", "verified", "x"),
    "--fail-on": ("binding", "expected", "never", "always"),
    "--lang": ("zh", "en"),
    "--quiet": (None, "x"),
    "-q": (None,),
    "--verbose": (None,),
    "-v": (None,),
    "--jobs": ("2", "0", "-1", "two", "１", "9" * 12),
    "-j": ("4",),
    "--cache": ("folder", ""),
    "--scheduler": ("tcp://127.0.0.1:8786", "-"),
    "--help": (None,),
    "--nonsense": (None, "1"),
    "-x": (None,),
    "-qv": (None,),
    "--qui": (None,),
}


def lines() -> list[list[str]]:
    """Return command lines: every option in each spelling, before, between and after paths."""
    found: list[list[str]] = [
        [],
        ["a.yaml"],
        ["a.yaml", "b"],
        ["-"],
        ["--", "-q"],
        ["a", "--"],
        ["-q", "--", "--lang", "en"],
    ]
    for name, values in OPTIONS.items():
        for value in values:
            spelled = [[name]] if value is None else [[name, value], [f"{name}={value}"]]
            for option in spelled:
                found += [option, [*option, "a.yaml"], ["a.yaml", *option], ["a", *option, "b"]]
        found.append(["a.yaml", name])  # a value that lacks, where there should be one
    pairs = [
        ("--only", "33"),
        ("--report", "json=a"),
        ("--part", "body"),
        ("--format", "json"),
        ("--format", "plain"),
    ]
    for (first, one), (second, other) in product(pairs, pairs):
        found.append(["a", first, one, second, other])
    return found


@pytest.mark.parametrize("line", lines(), ids=" ".join)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_both_lanes_agree(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], line: list[str], lang: str
) -> None:
    args = ["validate", *line]
    short = plain_options(args)
    if short is None:
        return
    seen: list[Options] = []

    def validate(options: Options) -> int:
        seen.append(options)
        return 0

    monkeypatch.setattr(validation, "validate", validate)
    assert run_app(args, lang) == 0, capsys.readouterr().err
    assert seen == [short]


def test_the_plain_forms_take_the_short_way() -> None:
    for name, values in OPTIONS.items():
        if name in ("--help", "--nonsense", "-x", "-qv", "--qui"):
            assert plain_options(["validate", "a", name]) is None
            continue
        value: Any = values[0]
        line = ["validate", "a", name] if value is None else ["validate", "a", name, value]
        assert plain_options(line) is not None, name


@pytest.mark.parametrize(
    "line",
    [
        [],
        ["explain", "33"],
        ["--version"],
        ["--lang", "en", "validate", "a"],
        ["validate", "--format", "yaml"],
        ["validate", "--format"],
    ],
)
def test_the_rest_is_left_to_the_framework(line: list[str]) -> None:
    assert plain_options(line) is None


def test_completion_is_left_to_the_framework(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_ETOWN_CHECK_COMPLETE", "complete_bash")
    assert plain_options(["validate", "a"]) is None
