"""Time workbooks and documents as whole processes, each in turn with `python -c pass`.

Usage: python benchmarks/documents.py [ROUNDS]

Prints medians in seconds and as multiples of starting Python. Alternating runs keep a busy
machine from favouring either.
"""

import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from timing import COMMAND, START, in_turn, run

ROOT = Path(__file__).parent.parent
EXAMPLES = [
    str(ROOT / "examples" / f"{name}.yaml") for name in ("huairen", "shanyin", "yingxian", "youyu")
]
ROUNDS = 9


def tasks(folder: str) -> dict[str, Sequence[str]]:
    """Return what is timed: a name, and the command that does it in `folder`."""
    form = os.path.join(folder, "form.xlsx")
    run([COMMAND, "convert", EXAMPLES[0], form])
    output = ["--force", "--output"]
    named: dict[str, Sequence[str]] = {
        "validate a workbook": (COMMAND, "validate", form, "--format", "json"),
        "validate its YAML": (COMMAND, "validate", EXAMPLES[0], "--format", "json"),
        "write a workbook": (COMMAND, "workbook", "怀仁市", "--output", "-"),
    }
    for format, ending in (
        ("docx", "docx"),
        ("xlsx", "xlsx"),
        ("pdf", "pdf"),
        ("html", "html"),
        ("markdown", "md"),
    ):
        file = os.path.join(folder, f"list.{ending}")
        named[f"checklist of four, {format}"] = (COMMAND, "checklist", *EXAMPLES, *output, file)
    file = os.path.join(folder, "report.html")
    named["report of four, html"] = (COMMAND, "report", *EXAMPLES, *output, file)
    return named


def main(rounds: int) -> None:
    """Time everything in turn, `rounds` times over, and print the medians."""
    with tempfile.TemporaryDirectory() as folder:
        named = tasks(folder)
        taken = in_turn({"python -c pass": START, **named}, rounds)
    start = taken["python -c pass"].seconds
    for name, (seconds, _) in taken.items():
        print(f"{name:28} {seconds:6.3f} s  {seconds / start:6.1f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS)
