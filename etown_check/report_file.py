"""Reading a JSON report back, to hold others against it."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from etown_check.comparing import CheckState, DoubtState, ItemState, Snapshot
from etown_check.problems import InputError, Position, Problem
from etown_check.report import LEVELS, STATUSES, UNASSURED, WAIVED
from etown_check.reporters.json_report import SCHEMA_VERSION
from etown_check.words import Text

_MOST_BYTES = 512 * 1024 * 1024
_STANDINGS = (*STATUSES, UNASSURED, WAIVED)


def load_report(path: str) -> tuple[Snapshot, ...]:
    """Return what the JSON report at `path` says of each of its towns. Raises `InputError`."""
    return snapshots_of(path, _read(path))


def is_report(path: str) -> bool:
    """Tell by its name whether `path` is meant for a JSON report rather than a data file."""
    return path.lower().endswith(".json")


def _read(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read(_MOST_BYTES)
    except (FileNotFoundError, ValueError):  # no path holds a NUL
        code = "E101"
    except IsADirectoryError:
        code = "E102"
    except OSError:
        code = "E103"
    raise InputError([Problem(path, None, code, {})])


def snapshots_of(path: str, content: bytes) -> tuple[Snapshot, ...]:
    """Return what the JSON report holds. Raises `InputError`."""
    try:
        document = json.loads(content.decode("utf-8-sig"))
    except json.JSONDecodeError as error:
        place = Position(error.lineno, error.colno)
        raise InputError([Problem(path, place, "E721", {})]) from None
    except (UnicodeDecodeError, RecursionError):
        raise InputError([Problem(path, None, "E721", {})]) from None
    version = document.get("schema_version") if isinstance(document, dict) else None
    if version is None:
        raise InputError([Problem(path, None, "E721", {})])
    if version != SCHEMA_VERSION:
        args = {"text": str(version), "known": SCHEMA_VERSION}
        raise InputError([Problem(path, None, "E722", args)])
    try:
        return tuple(_snapshot(report) for report in document["reports"])
    except (LookupError, TypeError, ValueError, AttributeError):
        raise InputError([Problem(path, None, "E721", {})]) from None


def _snapshot(report: Mapping[str, Any]) -> Snapshot:
    return Snapshot(
        _text(report["path"]),
        _text(report["town"]),
        date.fromisoformat(report["as_of"]),
        {_text(item["id"]): _item(item) for item in report["items"]},
        tuple(_doubt(doubt) for doubt in report["doubts"]),
    )


def _item(item: Mapping[str, Any]) -> ItemState:
    if item["level"] not in LEVELS:
        raise ValueError(item["level"])
    checks = {_text(check["id"]): _check(check) for check in item["checks"]}
    return ItemState(_name(item), item["level"], _standing(item), checks)


def _check(check: Mapping[str, Any]) -> CheckState:
    declared = check["declared"]
    return CheckState(_name(check), _standing(check), None if declared is None else _text(declared))


def _standing(record: Mapping[str, Any]) -> str:
    # Reports of before there were waivers say only the status.
    standing: str = record.get("standing", record["status"])
    if standing not in _STANDINGS:
        raise ValueError(standing)
    return standing


def _doubt(doubt: Mapping[str, Any]) -> DoubtState:
    message = _text(doubt["message"])
    metrics = tuple(_text(metric) for metric in doubt["metrics"])
    return DoubtState(_text(doubt["code"]), metrics, Text(message, message))


def _name(record: Mapping[str, Any]) -> Text:
    name = _text(record.get("name", ""))  # in the language of the report
    return Text(name, name)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(type(value).__name__)
    return value
