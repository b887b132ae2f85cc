"""Reading the metrics of a data file: which there are, and what was read of them before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from etown_check.fields import aliases, both, line_of
from etown_check.howto import example
from etown_check.keys import FILE_KEYS
from etown_check.ledger import Ledger
from etown_check.limits import MAX_PROBLEMS
from etown_check.memory import Memory, Once, Recent, differing
from etown_check.metric_values import ValueReader
from etown_check.patterns import pattern
from etown_check.problems import Problem
from etown_check.quantities import UNITS, unit_named
from etown_check.records import Record
from etown_check.standard import FACT_KINDS, Exceeds, Follows, Metric, Standard
from etown_check.submission import Declaration
from etown_check.text import fold
from etown_check.tree import CELL, MappingNode, Node, ScalarNode, WordNode, is_blank
from etown_check.words import Text
from etown_check.yamltree import Keys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from etown_check.surroundings import Question

    Entries = Sequence[tuple[Node, Node]]
    """Those of a mapping: keys and values."""

# 总产值（亿元）, 总产值（单位：亿元）, 总产值/亿元, as keys are when white space is out of them.
_UNIT_IN_KEY = pattern(r"(.+?)(?:[(\[【](?:单位:?)?([^()\[\]【】]+)[)\]】]|/([^/]+))")
_MOST_STRAY = 3
"""More metrics outside of 指标 than these lack its line rather than their indentation."""

Elsewhere = Callable[[str], str | None]
"""From the folded name of a metric to the id of another standard that has it."""


class _Entry(Record):
    """What was read of an entry, which holds its key: nobody else can have its identity meanwhile.

    Beside what it declares there may be something to tell of it. `months` are those that it names,
    each with its node, and `asked` is what was asked `around` the file, with the answers.
    """

    metric: str
    key: ScalarNode
    node: Node
    standard: Standard
    reference: bool
    declaration: Declaration | None
    is_told: bool = False
    months: Sequence[tuple[Node, str]] = ()
    asked: Sequence[tuple[Question, object]] = ()
    around: tuple[str, ...] = ()

    @property
    def is_alone(self) -> bool:
        """Whether there is no more to it than what it declares."""
        return not (self.is_told or self.months or self.asked)


MOST_REMEMBERED = 1_500
"""Entries that are remembered."""

_REMEMBERED: Memory[int, _Entry] = Memory(MOST_REMEMBERED)
"""What was read of entries, by the identity of their keys: the quick reader of YAML gives the same
nodes to files that say the same in the same place."""


class KnownMapping(Record):
    """A mapping that was read, and in which nothing was wrong.

    `names` are those of its `entries`, one after the other. Of a mapping of metrics, `declared` is
    what is declared by these names; the entries `again` are more than that, and looked at each time.
    """

    entries: Entries
    names: Sequence[str]
    declared: Mapping[str, Declaration] = {}
    again: Sequence[int] = ()


FACTS, METRICS, REFERENCE = MAPPINGS = ("facts", "metrics", "reference")
"""The mappings of a data file, by what they hold."""


class KnownMappings:
    """What was read last by a standard: another file may have the very same keys."""

    def __init__(self) -> None:
        self.recent: dict[str, Recent[KnownMapping]] = {it: Recent() for it in MAPPINGS}

    def like(self, kind: str, entries: Entries) -> tuple[KnownMapping, Sequence[int]] | None:
        """Return one of a kind that has the same keys, and where its values are others."""
        for known in self.recent[kind]:
            changed = _changed_values(entries, known.entries)
            if changed is not None:
                return known, changed
        return None


class Lookups(Record):
    """What is looked up of a standard for each file.

    `file_keys` are the keys of a data file; `names` are the metrics by their folded names, `facts`
    those that are declared among the facts, `months` those whose kind this is, and `has_contact`
    tells whether one of them is the contact. `chosen_years` are those that a period may be of,
    `impossible` the doubts that are mistakes. `known` is what was read last.
    """

    file_keys: dict[str, str]
    names: Mapping[str, str]
    years: tuple[int, ...]
    chosen_years: tuple[int, ...]
    facts: tuple[Metric, ...]
    months: tuple[str, ...]
    has_contact: bool
    impossible: tuple[Exceeds | Follows, ...]
    known: KnownMappings


def _lookups(standard: Standard) -> Lookups:
    metrics = standard.metrics.values()
    has_ledger = standard.ledger is not None
    return Lookups(
        {key: it for key, it in FILE_KEYS.items() if has_ledger or key != "fund_ledger"},
        aliases({it.key: it.name.zh for it in metrics}),
        standard.years,
        tuple(year for it in standard.periods.values() if it.chosen for year in it.years),
        tuple(it for it in metrics if it.kind in FACT_KINDS),
        tuple(it.key for it in metrics if it.kind == "months"),
        any(it.kind == "contact" for it in metrics),
        tuple(it for it in standard.doubts if isinstance(it, (Exceeds, Follows)) and it.is_error),
        KnownMappings(),
    )


_LOOKUPS = Once(_lookups)


class DeclarationReader(ValueReader):
    """Reads the metrics of one file by one standard."""

    def __init__(
        self,
        path: str,
        standard: Standard,
        also: Iterable[Problem] = (),
        evidence_root: str | None = None,
        elsewhere: Elsewhere | None = None,
        ledgers: Mapping[str, Ledger] | None = None,
    ) -> None:
        self.lookups = _LOOKUPS.of(standard)
        super().__init__(path, standard, self.lookups.years, also, evidence_root, ledgers)
        self.elsewhere = elsewhere
        # Metrics that stand elsewhere than under 指标: the code that says so, key and metric.
        self.stray: list[tuple[str, ScalarNode, Metric]] = []

    def declarations(
        self, key: ScalarNode, node: Node, *, reference: bool
    ) -> Mapping[str, Declaration]:
        """Read the mapping of metrics under `key`."""
        if is_blank(node):
            return {}
        if not isinstance(node, MappingNode):
            metric = next(it for it in self.standard.metrics.values() if it.reference == reference)
            line = line_of(Text(metric.name.zh, metric.key), example(metric))
            self.problem(node, "E305", key=key.value.strip(), example=line)
            return {}
        return self.metric_entries(node, reference=reference)

    def metric_entries(self, mapping: MappingNode, *, reference: bool) -> Mapping[str, Declaration]:
        """Read metrics, or reference metrics, by either of their names."""
        kind = REFERENCE if reference else METRICS
        wrong = len(self.problems) + len(self.stray)
        before = None
        like = self.lookups.known.like(kind, mapping.value)
        if like is None:
            read = self._mapping_anew(mapping, reference=reference)
        else:
            before, changed = like
            read = self._mapping_again(mapping, before, changed, reference=reference)
        is_right = len(self.problems) + len(self.stray) == wrong
        if is_right and len(read.names) == len(mapping.value) and not self._holds_ledger(read):
            self.lookups.known.recent[kind].keep(read, before)
        return read.declared

    def _mapping_anew(self, mapping: MappingNode, *, reference: bool) -> KnownMapping:
        declared: dict[str, Declaration] = {}
        names: list[str] = []
        again: list[int] = []
        name_of = self._metric_in_cell if mapping.tag == CELL else self._metric_named
        keys = Keys(self.path, name_of, self.problems)
        for at, (key, node) in enumerate(mapping.value):
            if len(self.problems) > MAX_PROBLEMS:
                break
            entry = self._recalled(key, node, reference=reference)
            if entry is None:
                name = keys.name(key, node)
                if name is not None:
                    entry = self._metric_entry(name, key, node, reference=reference)
            else:
                name = entry.metric
                if not keys.is_first(name, key):
                    continue
            if name is None or entry is None:
                continue
            names.append(name)
            if entry.declaration is not None:
                declared[name] = entry.declaration
            if not entry.is_alone:
                again.append(at)
        return KnownMapping(mapping.value, names, declared, again)

    def _mapping_again(
        self, mapping: MappingNode, before: KnownMapping, changed: Sequence[int], *, reference: bool
    ) -> KnownMapping:
        """Read a mapping that has `changed` some values of the one before: only these may be wrong."""
        names, declared = before.names, dict(before.declared)
        again, is_in_order = set(before.again), True
        for at in sorted({*changed, *again}):
            if len(self.problems) > MAX_PROBLEMS:
                break
            name, (key, node) = names[at], mapping.value[at]
            entry = self._recalled(key, node, reference=reference)
            if entry is None:
                entry = self._read_entry(self.standard.metrics[name], key, node)
            if entry.declaration is None:
                declared.pop(name, None)
            else:
                is_in_order = is_in_order and name in declared
                declared[name] = entry.declaration
            (again.discard if entry.is_alone else again.add)(at)
        if not is_in_order:
            declared = {name: declared[name] for name in names if name in declared}
        return KnownMapping(mapping.value, names, declared, sorted(again))

    def _holds_ledger(self, read: KnownMapping) -> bool:
        """Tell whether there is a ledger in a mapping: nobody else is to hold its rows."""
        form = self.standard.ledger
        return form is not None and form.metric in read.declared

    def _metric_entry(
        self, name: str, key: ScalarNode, node: Node, *, reference: bool
    ) -> _Entry | None:
        """Read an entry that should be a metric, or reference metric."""
        metric = self.standard.metrics.get(name)
        if metric is None and node.tag == CELL and is_blank(node):
            self.warn(key, "W308", text=key.value.strip())
        elif metric is None or metric.kind == "contact":
            fact = name if metric is None else FACT_KINDS[metric.kind]
            self._report_unknown(fact, key, node, reference=reference)
        elif metric.reference and not reference:
            self.problem(key, "E522", name=metric.name)
        elif reference and not metric.reference:
            self.stray.append(("E523", key, metric))
        else:
            return self._read_entry(metric, key, node)
        return None

    def _recalled(self, key: Node, node: Node, *, reference: bool) -> _Entry | None:
        """Return what was read of an entry before, where the same is to be read once more."""
        entry = _REMEMBERED.recall(id(key))
        if (
            entry is None
            or entry.node is not node
            or entry.standard is not self.standard
            or entry.reference != reference
        ):
            return None
        if entry.asked and not (
            entry.around == self.around.place
            and all(self.around.ask(*asked) == answer for asked, answer in entry.asked)
        ):
            return None
        self.months += entry.months
        return entry

    def _read_entry(self, metric: Metric, key: ScalarNode, node: Node) -> _Entry:
        """Read an entry of a metric, and remember it where nothing has to be told of it."""
        told, months, asked = self._told(), len(self.months), len(self.around.asked)
        self._key_unit = self._split_unit(fold(key.value))[1]
        declaration = self.declaration(metric, key, node)
        entry = _Entry(
            metric.key,
            key,
            node,
            self.standard,
            metric.reference,
            declaration,
            # What is said of a ledger is not said of this file, and nobody else is to hold its rows.
            self._told() != told or metric.kind == "ledger",
            self.months[months:],
            self.around.asked[asked:],
            self.around.place,
        )
        if isinstance(key, WordNode) and not entry.is_told:
            _REMEMBERED.remember(id(key), entry)
        return entry

    def _told(self) -> int:
        """Return how much has been told so far."""
        return len(self.problems) + len(self.warnings) + len(self.stray)

    def _metric_named(self, folded: str) -> str:
        """Return the metric that a folded key names, also with its unit in it."""
        return self.lookups.names.get(folded) or self._split_unit(folded)[0] or folded

    def _metric_in_cell(self, folded: str) -> str:
        """Return the metric that a row of a workbook names, also by its English name."""
        name = self._metric_named(folded)
        if name in self.standard.metrics:
            return name
        english = (
            it for it in self.standard.metrics.values() if fold(it.name.en).lower() == name.lower()
        )
        return next((metric.key for metric in english), name)

    def _split_unit(self, folded: str) -> tuple[str, str]:
        """Return the metric and the unit that a key names, "" and "" where it holds no unit."""
        match = None if folded in self.lookups.names else _UNIT_IN_KEY.fullmatch(folded)
        name = self.lookups.names.get(match.group(1), "") if match else ""
        if match is None or not name:
            return "", ""
        metric = self.standard.metrics[name]
        unit = unit_named(match.group(2) or match.group(3))
        known = metric.units if metric.kind == "count" else UNITS.get(metric.kind, ())
        return (name, unit) if unit in known else ("", "")

    def _report_unknown(self, name: str, key: ScalarNode, node: Node, *, reference: bool) -> None:
        """Say of a key that is no metric what it may be instead."""
        text = key.value.strip()
        standard = self.elsewhere(name) if self.elsewhere else None
        facts = aliases(self.lookups.file_keys)
        if name in facts:
            known = both(FILE_KEYS, facts[name])
            value = node.value.strip() if isinstance(node, ScalarNode) else "…"
            self.problem(key, "E311", name=text, example=line_of(known, value))
        elif isinstance(node, MappingNode) and self._holds_metrics(node):
            self.problem(key, "E312", key=text)
        elif standard is not None:
            self.problem(key, "E531", key=text, standard=standard)
        else:
            kin = [it for it in self.standard.metrics.values() if it.reference == reference]
            names = [name for it in kin for name in (it.name.zh, it.key)]
            self.problem(key, "E501", self.suggest(text, names), key=text)

    def _holds_metrics(self, node: MappingNode) -> bool:
        keys = [fold(key.value) for key, _ in node.value if isinstance(key, ScalarNode)]
        return any(self._metric_named(key) in self.standard.metrics for key in keys)

    def misplaced(self, name: str, key: ScalarNode) -> bool:
        """Gather a metric that stands outside of 指标; `report_stray` tells them."""
        metric = self.standard.metrics.get(self._metric_named(name))
        if metric is not None:
            self.stray.append(("E522" if metric.reference else "E310", key, metric))
        return metric is not None

    def report_stray(self, *, has_metrics: bool) -> None:
        """Report the metrics that stand elsewhere: one by one, or as one mistake.

        A file that lacks the line 指标 has all of them in the wrong place.
        """
        if not has_metrics and len(self.stray) > _MOST_STRAY:
            self.problem(self.stray[0][1], "E313", number=len(self.stray))
            return
        for code, key, metric in self.stray:
            line = line_of(Text(metric.name.zh, metric.key), example(metric))
            self.problem(key, code, name=metric.name, example=line)


def _changed_values(entries: Entries, before: Entries) -> list[int] | None:
    """Return which values of a mapping are others than before, `None` where its keys are, too."""
    if len(entries) != len(before):
        return None
    changed = differing(entries, before)
    return changed if all(entries[at][0] is before[at][0] for at in changed) else None
