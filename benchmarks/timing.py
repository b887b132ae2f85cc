"""Timing whole processes in turn, so that a busy machine favours none of them."""

import os
import statistics
import subprocess
import sys
import sysconfig
import time
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

COMMAND = str(Path(sysconfig.get_path("scripts")) / "etown-check")
START = (sys.executable, "-c", "pass")
"""The yardstick: what every process in Python takes before it does anything."""


class Run(NamedTuple):
    """What a process took: seconds, and the most memory that it held, in MiB."""

    seconds: float
    memory: float


CODES = (0, 1, 4)
"""What a command ends with that has read its data file and judged it."""


def run(command: Sequence[str], codes: Collection[int] = CODES) -> Run:
    """Run `command` and return what it took; it must end with one of `codes`."""
    begun = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        said = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    taken = time.perf_counter() - begun
    if process.returncode not in codes:
        sys.exit(f"{' '.join(command)}: {process.returncode}\n{said.decode()}")
    return Run(taken, usage.ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024))


def in_turn(
    commands: Mapping[str, Sequence[str]],
    rounds: int,
    *,
    warm: int = 1,
    codes: Collection[int] = CODES,
) -> dict[str, Run]:
    """Run all `commands` one after the other, `rounds` times over; each ends with one of `codes`.

    Returns for each the median of its seconds and the most memory that it ever held. The first
    `warm` rounds are not counted.
    """
    taken: dict[str, list[Run]] = {name: [] for name in commands}
    for number in range(warm + rounds):
        for name, command in commands.items():
            one = run(command, codes)
            if number >= warm:
                taken[name].append(one)
    return {
        name: Run(statistics.median(it.seconds for it in runs), max(it.memory for it in runs))
        for name, runs in taken.items()
    }
