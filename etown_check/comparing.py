"""Comparing reports: what got worse, what got better, which values changed, which doubts are new.

Reports are compared as snapshots, so that one that was written as JSON can stand for one that
was made just now.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date

from etown_check.records import Record
from etown_check.report import ItemResult, Report, rank
from etown_check.standard import BINDING
from etown_check.words import Text, Words, render


class CheckState(Record):
    """What a check came to, with its values in the plan's units."""

    name: Text
    standing: str
    declared: str | None


class ItemState(Record):
    """How an item stood."""

    name: Text
    level: str
    standing: str
    checks: Mapping[str, CheckState]


class DoubtState(Record):
    code: str
    metrics: tuple[str, ...]
    message: Text


class Snapshot(Record):
    """What a report said of one town, by the ids of items and checks."""

    path: str
    town: str
    as_of: date
    items: Mapping[str, ItemState]
    doubts: tuple[DoubtState, ...]


class Change(Record):
    """An item that stands otherwise than before, or one of its checks where that is no news of it."""

    id: str
    name: Text
    level: str
    before: str
    after: str


class ValueChange(Record):
    """A check whose declared value is another, `None` where nothing is declared."""

    id: str
    name: Text
    before: str | None
    after: str | None


class Difference(Record):
    """What changed for one town. `old` or `new` is `None` where the town is in one run alone.

    `added` and `dropped` are the ids of items that were judged in one run alone, such as those of
    a part of which the data now declare something. They are neither better nor worse.
    """

    old: Snapshot | None
    new: Snapshot | None
    worse: tuple[Change, ...] = ()
    better: tuple[Change, ...] = ()
    values: tuple[ValueChange, ...] = ()
    doubts: tuple[DoubtState, ...] = ()
    added: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()

    @property
    def town(self) -> str:
        """The town that was compared."""
        snapshot = self.new or self.old
        assert snapshot is not None
        return snapshot.town

    @property
    def is_worse(self) -> bool:
        """Whether a binding item got worse, or the town is gone with all that it had passed."""
        return self.new is None or any(change.level == BINDING for change in self.worse)

    @property
    def is_empty(self) -> bool:
        """Whether nothing changed."""
        both = self.old is not None and self.new is not None
        changes = (self.worse, self.better, self.values, self.doubts, self.added, self.dropped)
        return both and not any(changes)


def snapshot(report: Report) -> Snapshot:
    """Return what `report` says, for a comparison."""
    items = {
        item.id: ItemState(
            item.name,
            item.level,
            item.standing,
            {
                check.id: CheckState(check.name, check.standing, _value(check.declared))
                for check in item.checks
            },
        )
        for item in report.items
    }
    doubts = tuple(
        DoubtState(
            doubt.code,
            doubt.metrics,
            Text(render(doubt.message, "zh"), render(doubt.message, "en")),
        )
        for doubt in report.doubts
    )
    return Snapshot(report.path, report.town, report.as_of, items, doubts)


def _value(words: Words | None) -> str | None:
    return None if words is None else render(words, "zh")


def pairs(
    old: Sequence[Snapshot], new: Sequence[Snapshot]
) -> Iterator[tuple[Snapshot | None, Snapshot | None]]:
    """Yield what is to be compared, in the order of `new`: each with what it was before.

    A town's report is the one of the same path, or else, where each side has one left for the
    town, that one: a file may have been renamed. What is only in `old` comes last.
    """
    left = {(one.town, one.path): one for one in old}
    before = [left.pop((one.town, one.path), None) for one in new]
    left_of = Counter(town for town, _ in left)
    new_of = Counter(one.town for one, was in zip(new, before, strict=True) if was is None)
    renamed = {
        town: left.pop((town, path))
        for town, path in list(left)
        if left_of[town] == new_of[town] == 1
    }
    for one, was in zip(new, before, strict=True):
        yield (renamed.get(one.town) if was is None else was), one
    for gone in left.values():
        yield gone, None


def compare(old: Snapshot | None, new: Snapshot | None) -> Difference:
    """Return what changed from `old` to `new`. An item that only one has is named, not compared."""
    if old is None or new is None:
        return Difference(old, new)
    return Difference(
        old,
        new,
        tuple(_changes(old, new, lambda before, after: rank(after) < rank(before))),
        tuple(_changes(old, new, lambda before, after: rank(after) > rank(before))),
        tuple(_values(old, new)),
        tuple(_new_doubts(old.doubts, new.doubts)),
        tuple(id for id in new.items if id not in old.items),
        tuple(id for id in old.items if id not in new.items),
    )


def _common(
    old: Mapping[str, ItemState], new: Mapping[str, ItemState]
) -> Iterator[tuple[str, ItemState, ItemState]]:
    return ((id, old[id], after) for id, after in new.items() if id in old)


def _changes(old: Snapshot, new: Snapshot, goes: Callable[[str, str], bool]) -> Iterator[Change]:
    """Yield the items that went one way, and of the others the checks that did."""
    for id, before, after in _common(old.items, new.items):
        if goes(before.standing, after.standing):
            yield Change(id, after.name, after.level, before.standing, after.standing)
            continue
        for check_id, check in after.checks.items():
            was = before.checks.get(check_id)
            if was is not None and goes(was.standing, check.standing):
                yield Change(check_id, check.name, after.level, was.standing, check.standing)


def _values(old: Snapshot, new: Snapshot) -> Iterator[ValueChange]:
    for _, before, after in _common(old.items, new.items):
        for id, check in after.checks.items():
            if id in before.checks and before.checks[id].declared != check.declared:
                yield ValueChange(id, check.name, before.checks[id].declared, check.declared)


def _new_doubts(old: Iterable[DoubtState], new: Iterable[DoubtState]) -> Iterator[DoubtState]:
    """Yield the doubts that are new. One whose numbers alone are others is not."""
    known = Counter((doubt.code, doubt.metrics) for doubt in old)
    said = {doubt.message.zh for doubt in old} | {doubt.message.en for doubt in old}
    # Those that were told in the same words first, so that of several of a kind the others are new.
    for doubt in sorted(new, key=lambda it: not {it.message.zh, it.message.en} & said):
        kind = (doubt.code, doubt.metrics)
        known[kind] -= 1
        if known[kind] < 0:
            yield doubt


def held_against(reports: Sequence[Report], baseline: Sequence[Snapshot]) -> list[Report]:
    """Return `reports` with how each of their items stood in `baseline`."""
    matched = pairs(baseline, [snapshot(report) for report in reports])
    return [
        report._replace(items=tuple(_item_held(item, before) for item in report.items))
        for report, (before, _) in zip(reports, matched, strict=False)
    ]


def _item_held(item: ItemResult, baseline: Snapshot | None) -> ItemResult:
    before = baseline.items.get(item.id) if baseline is not None else None
    if before is None:
        return item
    checks = tuple(
        check._replace(before=before.checks[check.id].standing)
        if check.id in before.checks
        else check
        for check in item.checks
    )
    return item._replace(before=before.standing, checks=checks)
