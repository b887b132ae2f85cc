"""Reporters: functions from a run and a style to the text of a report, one module each.

A new format is a module with a function `report` and one line in `REPORTERS`. Modules are
imported when they are used, so that a format costs nothing to a run that does not ask for it.
"""

from collections.abc import Callable
from importlib import import_module
from typing import NamedTuple

from etown_check.report import Run, Style

Reporter = Callable[[Run, Style], str]


class Format(NamedTuple):
    """A format of reports, and the module that makes them.

    Reports that are `data` go to other programs: they hold the mistakes of inputs themselves,
    and are in UTF-8 wherever they are written.
    """

    module: str
    data: bool


REPORTERS = {
    "terminal": Format("terminal", data=False),
    "plain": Format("plain", data=False),
    "json": Format("json_report", data=True),
    "jsonl": Format("json_lines", data=True),
    "sarif": Format("sarif", data=True),
    "junit": Format("junit", data=True),
    "github": Format("github", data=True),
    "gitlab": Format("gitlab", data=True),
    "markdown": Format("markdown", data=True),
}
"""The formats by name. The command's choices are these names."""


def reporter(name: str) -> Reporter:
    """Return the reporter of the format `name`."""
    module = import_module(f"{__name__}.{REPORTERS[name].module}")
    report: Reporter = module.report
    return report
