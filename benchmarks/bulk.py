"""Time `validate` on many files, beside the parsing of their YAML alone.

Usage: python benchmarks/bulk.py [--rounds N] [--files N] [--many N] [--most N]

In one process: N files of towns that all say something else, and as many of towns that report
every month, as multiples of the files per second that PyYAML's C parser alone turns into objects.
Then by one process and by two, results that were kept, and the memory at `--many` and `--most`
files beside that at a tenth and at a hundredth of them.
"""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from timing import COMMAND, Run, in_turn
from towns import write

ROUNDS, FILES, MANY, MONTHS = 9, 1_000, 10_000, 36
PARSE = """
import sys
from pathlib import Path
from yaml import CSafeLoader, load
for path in sorted(Path(sys.argv[1]).rglob("*.yaml")):
    load(path.read_bytes(), CSafeLoader)
"""


def command(folder: Path, *options: str) -> Sequence[str]:
    """Return the command that checks a folder; its report goes nowhere."""
    return (COMMAND, "validate", str(folder), *options)


def show(title: str, files: int, taken: Mapping[str, Run]) -> None:
    """Print files per second, as multiples of those of the first."""
    first = next(iter(taken.values())).seconds
    print(f"\n{title:34} {'files/s':>8} {'×':>6} {'MiB':>5}")
    for name, (seconds, memory) in taken.items():
        print(f"{name:34} {files / seconds:8.0f} {first / seconds:6.2f} {memory:5.0f}")


def one_process(home: Path, files: int, rounds: int) -> None:
    """Time one process, beside the parser."""
    for title, months in (("all differ", 1), (f"{MONTHS} months of each", MONTHS)):
        folder = home / f"months-{months}"
        write(files, folder, months)
        commands: dict[str, Sequence[str]] = {
            "CSafeLoader alone": (sys.executable, "-c", PARSE, str(folder))
        }
        for format in ("plain", "json", "jsonl"):
            commands[format] = command(folder, "--jobs", "1", "--quiet", "--format", format)
        show(f"{files:,} files, {title}", files, in_turn(commands, rounds))


def kept(home: Path, files: int, rounds: int) -> None:
    """Time results that were kept."""
    folder = home / "months-1"
    json = ("--jobs", "1", "--format", "json")
    commands = {
        "checked": command(folder, *json),
        "kept": command(folder, *json, "--cache", str(home / "cache")),
    }
    show(f"{files:,} files, --cache", files, in_turn(commands, rounds))
    shutil.rmtree(home / "cache")


def processes(home: Path, files: int, rounds: int) -> None:
    """Time one process and two, and look at the memory that they take."""
    for number in (files // 100, files // 10, files):
        folder = home / f"files-{number}"
        write(number, folder, MONTHS)
        commands = {
            f"--jobs {jobs}": command(folder, "--format", "json", "--jobs", str(jobs))
            for jobs in (1, 2)
        }
        show(f"{number:,} files, json", number, in_turn(commands, rounds, warm=0))
        shutil.rmtree(folder)


def main() -> None:
    """Time everything, and print it."""
    parser = argparse.ArgumentParser(description="Time `etown-check validate` on many files.")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--files", type=int, default=FILES)
    parser.add_argument("--many", type=int, default=MANY)
    parser.add_argument("--most", type=int, help="takes minutes a round and is run once")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        one_process(Path(home), asked.files, asked.rounds)
        kept(Path(home), asked.files, asked.rounds)
        processes(Path(home), asked.many, min(asked.rounds, 3))
        if asked.most:
            processes(Path(home), asked.most, 1)


if __name__ == "__main__":
    main()
