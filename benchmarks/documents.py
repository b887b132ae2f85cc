"""Time workbooks and documents as whole processes, each in turn with `python -c pass`.

Usage: python benchmarks/documents.py [ROUNDS]

Prints medians in seconds and as multiples of starting Python. Alternating runs keep a busy
machine from favouring either.
"""

import os
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent
EXAMPLES = [
    str(ROOT / "examples" / f"{name}.yaml") for name in ("huairen", "shanyin", "yingxian", "youyu")
]
COMMAND = str(Path(sysconfig.get_path("scripts")) / "etown-check")
START = (sys.executable, "-c", "pass")
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


def run(command: Sequence[str]) -> float:
    """Run `command` and return the seconds that it took."""
    begun = time.perf_counter()
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
    taken = time.perf_counter() - begun
    if done.returncode not in (0, 1, 4):
        sys.exit(f"{' '.join(command)}: {done.returncode}\n{done.stderr.decode()}")
    return taken


def main(rounds: int) -> None:
    """Time everything in turn, `rounds` times over, and print the medians."""
    with tempfile.TemporaryDirectory() as folder:
        named = tasks(folder)
        taken: dict[str, list[float]] = {name: [] for name in named}
        started: list[float] = []
        for _ in range(rounds):
            for name, command in named.items():
                started.append(run(START))
                taken[name].append(run(command))
    start = statistics.median(started)
    print(f"{'python -c pass':28} {start:6.3f} s")
    for name, times in taken.items():
        median = statistics.median(times)
        print(f"{name:28} {median:6.3f} s  {median / start:6.1f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS)
