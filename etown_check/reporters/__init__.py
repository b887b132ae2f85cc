"""Reporters: functions from a run and a style to the text of a report, one module each.

A new format is a module with a function `report` and one line in `REPORTERS`. Modules are
imported when they are used, so that a format costs nothing to a run that does not ask for it.
"""

from collections.abc import Callable
from importlib import import_module

from etown_check.report import Run, Style

Reporter = Callable[[Run, Style], str]

REPORTERS = {
    "terminal": "terminal",
    "plain": "plain",
    "json": "json_report",
}
"""The formats by name, and their modules. The command's choices are these names."""


def reporter(name: str) -> Reporter:
    """Return the reporter of the format `name`."""
    module = import_module(f"{__name__}.{REPORTERS[name]}")
    report: Reporter = module.report
    return report
