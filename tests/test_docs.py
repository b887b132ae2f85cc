"""The documents say what the tool does."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from etown_check.problems import KINDS
from tests.command import in_terminal
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text("utf-8")
MANUAL = (ROOT / "README.zh.md").read_text("utf-8")
STANDARDS = (ROOT / "docs" / "standards.md").read_text("utf-8")


def test_the_report_on_the_first_screen_is_real() -> None:
    block = README.split("```console\n")[1].split("```")[0]
    command, _, shown = block.partition("\n")
    args = command.removeprefix("$ etown-check ").split()
    real = in_terminal(*args, columns=80, NO_COLOR="1")
    assert [line.rstrip() for line in real.splitlines()] == shown.splitlines()


def test_the_library_example_runs() -> None:
    code = README.split("```python\n")[1].split("```")[0]
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("non_compliant ['5', ")


def test_two_commands_of_set_up() -> None:
    for name in ("run", "tests"):
        block = README.split(f"```sh {name}\n")[1].split("```")[0]
        assert len(block.strip().splitlines()) == 1


@pytest.mark.parametrize("text", [README, MANUAL, STANDARDS])
def test_links_lead_somewhere(text: str) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", text):
        if not target.startswith("http"):
            assert (ROOT / target).exists(), target


def test_the_manual_names_codes_that_exist() -> None:
    codes = set(re.findall(r"\b[EW]\d{3}\b", MANUAL))
    assert codes
    assert codes <= set(KINDS)


def test_every_option_is_in_the_readme() -> None:
    from etown_check.cli.app import build_app

    help_texts = subprocess.run(
        [sys.executable, "-m", "etown_check", "validate", "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert build_app("zh") is not None
    for option in re.findall(r"^  (?:-\w, )?(--[a-z-]+)", help_texts, re.MULTILINE):
        if option not in ("--help", "--lang"):
            assert option in README, option


def test_every_type_is_in_the_authors_guide() -> None:
    from etown_check.authoring.compile import KINDS_OF_CONSTRAINT

    for name in (*KINDS_OF_CONSTRAINT, "any_of"):
        assert f"| `{name}` |" in STANDARDS


def test_nothing_names_a_place_of_one_machine() -> None:
    absolute = re.compile(r"(?<![\w.:/*])/(home|root|tmp|Users|work|opt|var)/|[A-Z]:\\\\Users")
    for path in (*ROOT.glob("*.md"), *ROOT.glob("etown_check/**/*.py"), *ROOT.glob("docs/*")):
        assert absolute.search(path.read_text("utf-8")) is None, path
