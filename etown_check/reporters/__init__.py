"""Reporters: functions from a run and a style to the text of a report, one module each.

A new format is a module with a function `report` and one line in `REPORTERS`. One that can be
written file by file has the functions of a stream in its place (see `streams`). Modules are imported when they are used, so that a
format costs nothing to a run that does not ask for it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial

from etown_check.records import Record
from etown_check.report import Run, Style

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from etown_check.reporters.streams import Streaming

Reporter = Callable[[Run, Style], str]


class Format(Record):
    """A format of reports, and the module that makes them.

    Reports that are `data` go to other programs: they hold the mistakes of inputs themselves,
    and are in UTF-8 wherever they are written. Those that do not stream need all files at once.
    """

    module: str
    data: bool
    streams: bool = False


REPORTERS = {
    "terminal": Format("terminal", data=False),
    "plain": Format("plain", data=False, streams=True),
    "json": Format("json_report", data=True, streams=True),
    "jsonl": Format("json_lines", data=True, streams=True),
    "sarif": Format("sarif", data=True),
    "junit": Format("junit", data=True),
    "github": Format("github", data=True),
    "gitlab": Format("gitlab", data=True),
    "markdown": Format("markdown", data=True),
}
"""The formats by name. The command's choices are these names."""

OVERVIEW = Format("overview", data=False, streams=True)
"""What the terminal shows in place of whole reports where there are many files."""


def reporter(name: str) -> Reporter:
    """Return the reporter of the format `name`."""
    format = REPORTERS[name]
    if format.streams:
        from etown_check.reporters.streams import whole

        return partial(whole, streaming(format))
    report: Reporter = _module(format).report
    return report


def streaming(format: Format) -> Streaming:
    """Return the module of a `format` that streams."""
    module: Streaming = _module(format)
    return module


def _module(format: Format) -> Any:
    name = f"{__name__}.{format.module}"
    __import__(name)  # as `importlib` does, which takes longer to import than it helps
    return sys.modules[name]
