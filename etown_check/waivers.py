"""Waivers: leave that a city gives a town to fall short of what the plan lets it excuse.

A waiver never changes a status. A check that is open and waived is left out of the verdict and
counted apart. A waiver is in force from the day it was approved on up to and with the day it
expires on, by the calendar of Asia/Shanghai.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta, timezone

from etown_check.engine import verdict
from etown_check.fields import FieldReader, both, line_of
from etown_check.keys import WAIVER_FILE_KEYS, WAIVER_KEYS
from etown_check.loading import open_source
from etown_check.problems import ConfigurationError, InputError, Problem
from etown_check.report import CheckResult, ItemResult, Report, Waiver
from etown_check.standard import BINDING, Check, Standard
from etown_check.text import fold
from etown_check.tree import MappingNode, Node, ScalarNode, SequenceNode, is_blank, position
from etown_check.words import Text, Words

SHANGHAI = timezone(timedelta(hours=8))
"""China has had one time, and no summer time, since 1992."""

_FILE = Text("豁免文件", "a file of waivers")
_ENTRY = Text("豁免", "a waiver")
_EXAMPLES = {
    "item": "23.1",
    "town": "应县木塔鲜生乡村e镇",
    "reason": "利用原有库房，面积已能满足需要",
    "approver": "王五",
    "document": "某商函〔2023〕18号",
    "approved_on": "2023-08-01",
    "expires_on": "2024-06-30",
}
_EXAMPLE = Text("- 项目: 23.1", "- item: 23.1")


def today(now: float) -> date:
    """Return the day in Shanghai at `now`, in seconds since 1970 in UTC."""
    return datetime.fromtimestamp(now, SHANGHAI).date()


def load_waivers(path: str, standard: Standard) -> tuple[Waiver, ...]:
    """Read the waivers in the file at `path`. Raises `ConfigurationError` with all its mistakes."""
    try:
        source = open_source(path)
        reader = _WaiverReader(path, standard)
        waivers = reader.waivers(source.root)
        if reader.problems or source.scanned.problems:
            raise source.error(source.located(reader.problems), source.warnings)
    except InputError as error:
        if [problem.code for problem in error.problems] == ["E106"]:
            return ()  # nothing but comments: there are no waivers
        raise ConfigurationError(error.problems, error.warnings) from None
    return waivers


class _WaiverReader(FieldReader):
    def __init__(self, path: str, standard: Standard) -> None:
        super().__init__(path)
        self.standard = standard
        # What may be named: each item with its checks, and each check.
        self.by_id: dict[str, tuple[Text, list[Check]]] = {}
        for item, check in standard.checks:
            self.by_id.setdefault(item.id, (item.name, []))[1].append(check)
            self.by_id.setdefault(check.id, (check.name, []))[1].append(check)

    def misplaced(self, name: str, key: ScalarNode) -> bool:  # noqa: ARG002
        """Tell that no key of a file of waivers belongs elsewhere."""
        return False

    def waivers(self, root: MappingNode) -> tuple[Waiver, ...]:
        found: list[Waiver | None] = []
        for _, key, node in self.known_entries(root, WAIVER_FILE_KEYS, _FILE):
            if is_blank(node):
                continue
            if isinstance(node, SequenceNode):
                found += [self._waiver(child) for child in node.value]
            else:
                self.problem(node, "E307", key=key.value.strip(), example=_EXAMPLE)
        return tuple(waiver for waiver in found if waiver is not None)

    def _waiver(self, node: Node) -> Waiver | None:
        if not isinstance(node, MappingNode):
            self.problem(node, "E305", key=_ENTRY, example=_EXAMPLE)
            return None
        before = len(self.problems)
        nodes = {name: value for name, _, value in self.known_entries(node, WAIVER_KEYS, _ENTRY)}
        texts = {name: self._text(node, nodes, name) for name in WAIVER_KEYS}
        subject = self._subject(nodes["item"], texts["item"]) if texts["item"] else ""
        town = self._town(nodes["town"], texts["town"]) if texts["town"] else ""
        days = {
            name: self.day(nodes[name], texts[name])
            for name in ("approved_on", "expires_on")
            if texts[name]
        }
        approved_on, expires_on = days.get("approved_on"), days.get("expires_on")
        if approved_on and expires_on and expires_on < approved_on:
            self.problem(nodes["expires_on"], "E714", approved=approved_on, expires=expires_on)
        if len(self.problems) > before or approved_on is None or expires_on is None:
            return None
        return Waiver(
            self.path,
            position(node),
            subject,
            town,
            texts["reason"],
            texts["approver"],
            texts["document"],
            approved_on,
            expires_on,
        )

    def _text(self, waiver: Node, nodes: dict[str, Node], name: str) -> str:
        key = both(WAIVER_KEYS, name)
        line = line_of(key, _EXAMPLES[name])
        if name not in nodes:
            self.problem(waiver, "E303", key=key, example=line)
            return ""
        if is_blank(nodes[name]):
            self.problem(nodes[name], "E309", key=key, example=line)
            return ""
        return self.scalar(nodes[name], key, _EXAMPLES[name])

    def _subject(self, node: Node, text: str) -> str:
        known = {fold(id).lower(): id for id in self.by_id}
        id = known.get(fold(text).lower())
        if id is None:
            self.problem(node, "E711", self.suggest(text, self.by_id), text=text)
            return ""
        name, checks = self.by_id[id]
        if all(check.waivable for check in checks):
            return id
        softened = tuple(
            check.id
            for item, check in self.standard.checks
            if check.waivable and item.level == BINDING
        )
        close = tuple(check.id for check in checks if check.waivable)
        self.problem(node, "E712", close, item=id, name=name, known=softened or "—")
        return ""

    def _town(self, node: Node, text: str) -> str:
        for county in self.standard.counties:
            if fold(text) in (fold(county.town), fold(county.name)):
                return county.town
        towns = tuple(county.town for county in self.standard.counties)
        self.problem(node, "E713", self.suggest(text, towns), text=text, known=towns)
        return ""


def in_force(waiver: Waiver, day: date) -> bool:
    """Tell whether `waiver` is in force on `day`, its first and last day included."""
    return waiver.approved_on <= day <= waiver.expires_on


def excused(report: Report, waivers: Sequence[Waiver], day: date) -> Report:
    """Return `report` with what is waived on `day` marked, and its verdict over the rest."""
    own = [it for it in waivers if it.town == report.town and in_force(it, day)]
    if not own:
        return report
    items = tuple(_excused(item, own) for item in report.items)
    return report._replace(items=items, verdict=verdict(items))


def _excused(item: ItemResult, waivers: Iterable[Waiver]) -> ItemResult:
    checks = tuple(_marked(item, check, waivers) for check in item.checks)
    is_waived = any(check.waiver is not None for check in checks)
    return item._replace(checks=checks, is_waived=True) if is_waived else item


def _marked(item: ItemResult, check: CheckResult, waivers: Iterable[Waiver]) -> CheckResult:
    """Return `check` with the waiver of it that runs longest, if it is open."""
    subjects = (item.id, check.id)
    own = [it for it in waivers if it.subject in subjects] if check.is_open else []
    return check._replace(waiver=max(own, key=lambda it: it.expires_on)) if own else check


def open_by(waivers: Iterable[Waiver], report: Report) -> dict[int, bool]:
    """Tell of each waiver that is about something in `report` whether any of that is open.

    Waivers are told by their numbers; those that are about nothing in it are left out.
    """
    found = {}
    for number, waiver in enumerate(waivers):
        if waiver.town == report.town:
            judged = [
                check.is_open
                for item in report.items
                for check in item.checks
                if waiver.subject in (item.id, check.id)
            ]
            if judged:
                found[number] = any(judged)
    return found


def doubtful(waivers: Iterable[Waiver], is_open: Mapping[int, bool], day: date) -> list[Problem]:
    """Return what is to be told of waivers: expired, not yet in force, or of no use.

    `is_open` is what `open_by` tells, over all reports.
    """
    return [
        told
        for number, waiver in enumerate(waivers)
        for told in _told(waiver, day, is_of_use=is_open.get(number, True))
    ]


def _told(waiver: Waiver, day: date, *, is_of_use: bool) -> Iterable[Problem]:
    args: dict[str, Words] = {"town": waiver.town, "item": waiver.subject}
    if waiver.expires_on < day:
        yield _warning(waiver, "W201", {**args, "expires": waiver.expires_on})
    elif waiver.approved_on > day:
        yield _warning(waiver, "W202", {**args, "approved": waiver.approved_on})
    elif not is_of_use:
        yield _warning(waiver, "W203", args)


def _warning(waiver: Waiver, code: str, args: dict[str, Words]) -> Problem:
    return Problem(waiver.path, waiver.position, code, args)
