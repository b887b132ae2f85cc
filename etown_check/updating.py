"""Making the text of a data file say what another submission says, and leaving the rest as it is."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from etown_check.asking import wanted, wanted_for_reference
from etown_check.declared import (
    METRIC_KEYS,
    VALUE_KEYS,
    Trees,
    details_of,
    fact_metrics,
    fact_name,
    facts_of,
    metric_name,
    named,
    names_under,
    whole,
)
from etown_check.editing import Child, Editor, New, ranking
from etown_check.fields import aliases
from etown_check.keys import CONTACT_KEYS, DOCUMENT_KEYS, FILE_KEYS
from etown_check.metric_values import YEAR
from etown_check.month_files import read_month
from etown_check.quantities import Quantity
from etown_check.standard import FACT_KINDS, Metric, Standard
from etown_check.submission import Declaration, Submission
from etown_check.text import fold
from etown_check.tree import QUOTED, MappingNode, Node, ScalarNode, SequenceNode, is_blank
from etown_check.yaml_text import Tree, scalar
from etown_check.yamltree import compose

_WRITTEN_OUT = ("document", "contact")
"""Kinds of metric whose parts may stand among the details."""

# A metric's key may hold its unit, which any other value then stands without.
_UNIT_IN_KEY = re.compile(r"(.+)[(\[【/].*")


def language_of(root: MappingNode) -> str:
    """Return the language in which a data file names its facts."""
    keys = [fold(key.value) for key, _ in root.value if isinstance(key, ScalarNode)]
    return "en" if sum(key in FILE_KEYS for key in keys) * 2 > len(keys) else "zh"


def updated_once(
    text: str, standard: Standard, before: Submission, after: Submission, lang: str | None
) -> str:
    """Return `text`, which says what `before` does, changed to say what `after` does.

    A metric whose value changes must not need wrapping, which is for the value as it stands: see
    `without_wrapping`.
    """
    return _Updater(text, standard, lang).updated(before, after)


def without_wrapping(before: Submission, after: Submission) -> Submission:
    """Return what to make of `before` first: the values of `after` with the details of `before`."""
    return after._replace(
        reference=_first_values(before.reference, after.reference),
        declarations=_first_values(before.declarations, after.declarations),
    )


def _first_values(
    before: Mapping[str, Declaration], after: Mapping[str, Declaration]
) -> dict[str, Declaration]:
    found = {}
    for key, new in after.items():
        old = before.get(key)
        if old is not None and old.entries and new.entries:
            new = old._replace(entries=new.entries)  # noqa: PLW2901 - the same metric
        found[key] = new
    return found


def with_keys_in(text: str, standard: Standard, lang: str) -> str:
    """Return `text` with the keys of a data file in `lang`; a key that holds a unit stays."""
    updater = _Updater(text, standard, lang)
    updater.name_keys()
    return updater.editor.result()


class _Updater:
    """Changes one text by one standard."""

    def __init__(self, text: str, standard: Standard, lang: str | None) -> None:
        self.editor = Editor(text)
        self.standard = standard
        self.root = compose("", text)
        self.lang = lang or language_of(self.root)
        facts = {FACT_KINDS[it.kind]: it.key for it in standard.metrics.values() if it.is_fact}
        self.metrics = {
            **aliases({key: it.name.zh for key, it in standard.metrics.items()}),
            **{fold(name): facts[key] for name, key in aliases(FILE_KEYS).items() if key in facts},
        }

    def updated(self, before: Submission, after: Submission) -> str:
        """Return the text, which says what `before` does, changed to say what `after` does."""
        children = _children(self.root, FILE_KEYS)
        found = {it.name: it for it in children}
        facts = fact_metrics(self.standard) - self._among_metrics(found.get("metrics"))
        removed, added = self._facts(found, before, after)
        for key in facts:
            self._fact_metric(found, self.standard.metrics[key], before, after, removed, added)
        was_declared, is_declared = (
            {key: it for key, it in one.declarations.items() if key not in facts}
            for one in (before, after)
        )
        for name, was, now in (
            ("reference", before.reference, after.reference),
            ("metrics", was_declared, is_declared),
        ):
            added += self._section(found.get(name), name, was, now)
        self._change_entries(children[0], self.root, children, removed, added, ranking(FILE_KEYS))
        return self.editor.result()

    def _among_metrics(self, section: Child | None) -> set[str]:
        """Return the facts that are declared under 指标, where a ledger may be named as well."""
        node = section.node if section else None
        entries = node.value if isinstance(node, MappingNode) else []
        named_there = {self._metric_named(key) for key, it in entries if not _says_nothing(it)}
        return named_there & fact_metrics(self.standard)

    def name_keys(self) -> None:
        """Give every key its name in the language."""
        for fact in _children(self.root, FILE_KEYS):
            self._name_key(fact.key, fact_name(fact.name, self.lang))
            if not isinstance(fact.node, MappingNode):
                continue
            if fact.name in ("contact", "fund_ledger"):
                self._name_keys_under(fact.node, names_under(fact.name))
                continue
            for key, node in fact.node.value:
                metric = self.standard.metrics[self._metric_named(key)]
                if not self._has_unit(key):
                    self._name_key(key, metric_name(metric, self.lang))
                self._name_keys_under(node, METRIC_KEYS)

    def _name_keys_under(self, node: Node, names: Mapping[str, str]) -> None:
        for child in _entries(node, names).values():
            if child.name in names:
                self._name_key(child.key, self._new(child.name, None, names).key)
            self._name_keys_under(child.node, names_under(child.name))

    def _name_key(self, key: ScalarNode, name: str) -> None:
        new = f'"{name}"' if key.tag == QUOTED else scalar(name, in_flow=True)
        if fold(key.value) != fold(name):
            self.editor.put(self.editor.start_of(key), self.editor.end_of(key), new)

    def _change_entries(
        self,
        above: Child,
        mapping: MappingNode,
        children: Sequence[Child],
        removed: Sequence[Child],
        added: Sequence[New],
        rank: Callable[[str], int],
    ) -> None:
        """Change the entries of the file or of a section; remarks are kept `above` an entry."""
        lost = self.editor.change_entries(mapping, children, removed, added, rank)
        self.editor.keep(lost, above.key, in_flow=self.is_in_flow)

    @property
    def is_in_flow(self) -> bool:
        """Whether the whole file stands within braces."""
        return bool(self.root.flow_style)

    # Facts and sections

    def _facts(
        self, found: Mapping[str, Child], before: Submission, after: Submission
    ) -> tuple[list[Child], list[New]]:
        """Change the facts that are no metrics; return those to take out and to add."""
        old, new = facts_of(before), facts_of(after)
        for key in fact_metrics(self.standard):
            new.pop(FACT_KINDS[self.standard.metrics[key].kind])
        if "acceptance_year" not in found or is_blank(found["acceptance_year"].node):
            old["acceptance_year"] = str(after.as_of.year)  # what it is by default
        removed, added = [], []
        for name, tree in new.items():
            child = found.get(name)
            if tree == old[name]:
                continue
            if child is None:
                key = fact_name(name, self.lang)
                added.append(New(name, key, named(tree, self.lang, names_under(name))))
            elif not tree:
                removed.append(child)
            else:
                names = names_under(name)
                lost = self._change(child, old[name], tree, names, in_flow=self.is_in_flow)
                self.editor.keep(lost, child.key, in_flow=self.is_in_flow)
        return removed, added

    def _fact_metric(
        self,
        found: Mapping[str, Child],
        metric: Metric,
        before: Submission,
        after: Submission,
        removed: list[Child],
        added: list[New],
    ) -> None:
        """Change a metric that is declared among the facts; it may be `removed` or `added`."""
        fact = FACT_KINDS[metric.kind]
        child = found.get(fact)
        old, new = before.declarations.get(metric.key), after.declarations.get(metric.key)
        if child is None:
            if new is not None:
                added.append(New(fact, fact_name(fact, self.lang), self._whole(new)))
        elif new is None:
            removed += [] if old is None else [child]
        elif old is None or details_of(old, self.lang) != details_of(new, self.lang):
            lost = self._metric(metric, child, old, new, in_flow=self.is_in_flow)
            self.editor.keep(lost, child.key, in_flow=self.is_in_flow)

    def _section(
        self,
        section: Child | None,
        name: str,
        before: Mapping[str, Declaration],
        after: Mapping[str, Declaration],
    ) -> list[New]:
        """Change 指标 or 参考数据; return it as a whole where the file lacks it."""
        order = wanted(self.standard) if name == "metrics" else wanted_for_reference(self.standard)
        metrics = [it.metric for it in order]
        if section is not None and isinstance(section.node, MappingNode) and section.node.value:
            self._metrics(section, section.node, metrics, before, after)
            return []
        tree = {
            metric_name(it, self.lang): self._whole(after[it.key])
            for it in metrics
            if it.key in after
        }
        if section is not None and tree:
            lost = self.editor.set(section, tree, in_flow=self.is_in_flow)
            self.editor.keep(lost, section.key, in_flow=self.is_in_flow)
        return [New(name, fact_name(name, self.lang), tree)] if section is None and tree else []

    def _metrics(
        self,
        section: Child,
        mapping: MappingNode,
        metrics: Sequence[Metric],
        before: Mapping[str, Declaration],
        after: Mapping[str, Declaration],
    ) -> None:
        children = [Child(self._metric_named(key), key, node) for key, node in mapping.value]
        found = {it.name: it for it in children}
        in_flow = bool(mapping.flow_style)
        removed, added = [], []
        for metric in metrics:
            child = found.get(metric.key)
            old, new = before.get(metric.key), after.get(metric.key)
            if child is None:
                if new is not None:
                    key = metric_name(metric, self.lang)
                    added.append(New(metric.key, key, self._whole(new)))
            elif new is None:
                removed += [] if old is None else [child]
            elif old is None or details_of(old, self.lang) != details_of(new, self.lang):
                lost = self._metric(metric, child, old, new, in_flow=in_flow)
                self.editor.keep(lost, child.key, in_flow=in_flow)
        rank = ranking([metric.key for metric in metrics])
        self._change_entries(section, mapping, children, removed, added, rank)

    def _metric_named(self, key: ScalarNode) -> str:
        """Return the metric that a key names, also with its unit in it."""
        folded = fold(key.value)
        match = _UNIT_IN_KEY.fullmatch(folded)
        return self.metrics.get(folded) or self.metrics[match.group(1) if match else folded]

    def _has_unit(self, key: ScalarNode) -> bool:
        return fold(key.value) not in self.metrics

    def _whole(self, declaration: Declaration) -> Tree:
        return named(whole(details_of(declaration, self.lang)), self.lang)

    # One metric

    def _metric(
        self,
        metric: Metric,
        child: Child,
        old: Declaration | None,
        new: Declaration,
        *,
        in_flow: bool,
    ) -> list[str]:
        """Change what is declared of a metric; return the remarks that have no place any more."""
        if self._is_to_be_rewritten(metric, child, old, new, in_flow=in_flow):
            name = metric_name(metric, self.lang)
            key = name if self._has_unit(child.key) else child.key.value.strip()
            return self.editor.rewrite(child, key, self._whole(new), in_flow=in_flow)
        was: Trees = {"value": None} if old is None else details_of(old, self.lang)
        now = details_of(new, self.lang)
        node = child.node
        if not isinstance(node, MappingNode) or not _is_detailed(node):
            if len(was) == len(now) == 1:
                return self._change(child, was["value"], now["value"], VALUE_KEYS, in_flow=in_flow)
            (_, key, _), *others = (self._new(name, tree) for name, tree in now.items())
            self.editor.wrap(child, key, others, in_flow=in_flow)
            return []
        if metric.kind in _WRITTEN_OUT and "value" not in _entries(node, METRIC_KEYS):
            was, now = ({**_parts(it.pop("value")), **it} for it in (was, now))
        return self._change_mapping(node, was, now, METRIC_KEYS)

    def _new(self, name: str, tree: Tree, names: Mapping[str, str] = METRIC_KEYS) -> New:
        """Return an entry of a metric that is to be added."""
        key = name if self.lang == "en" else names.get(name, name)
        return New(name, key, named(tree, self.lang, names_under(name)))

    def _is_to_be_rewritten(
        self,
        metric: Metric,
        child: Child,
        old: Declaration | None,
        new: Declaration,
        *,
        in_flow: bool,
    ) -> bool:
        """Tell whether a metric must be written anew: what is to change cannot be set apart."""
        keys = [*([] if in_flow else [child.key]), *_keys_of_blocks(child.node)]
        if not all(map(self.editor.is_at_line_start, keys)):
            return True  # a key behind a question mark
        has_unit = self._has_unit(child.key)
        now = details_of(new, self.lang)
        if old is None:
            is_wrapped = len(now) == 1 or _is_detailed(child.node)
            return has_unit or not _says_nothing(child.node) or not is_wrapped
        if has_unit and metric.kind != "count" and _units(new) - _units(old):
            return True
        if bool(old.entries) != bool(new.entries):
            return True
        was = details_of(old, self.lang)
        own = _entries(child.node, METRIC_KEYS)
        inner = _entries(own["value"].node, DOCUMENT_KEYS) if "value" in own else {}
        # A document's own file is one of its evidence.
        has_file = "file" in own or "file" in inner
        return has_file and any(was.get(it) != now.get(it) for it in ("value", "evidence"))

    def _change(
        self, child: Child, old: Tree, new: Tree, names: Mapping[str, str], *, in_flow: bool
    ) -> list[str]:
        """Change one value; return the remarks that have no place any more."""
        node = child.node
        if isinstance(node, MappingNode) and node.value and _parts(new):
            return self._change_mapping(node, _parts(old), _parts(new), names)
        if isinstance(node, SequenceNode) and isinstance(old, tuple) and isinstance(new, tuple):
            return self.editor.change_items(node, *_as_listed(node, old, new))
        return self.editor.set(child, named(new, self.lang, names), in_flow=in_flow)

    def _change_mapping(
        self,
        node: MappingNode,
        old: Mapping[str, Tree],
        new: Mapping[str, Tree],
        names: Mapping[str, str],
    ) -> list[str]:
        children = _children(node, names)
        found = {it.name: it for it in children}
        in_flow = bool(node.flow_style)
        lost, removed, added = [], [], []
        for name in {**old, **new}:
            was, now, child = old.get(name), new.get(name), found.get(name, found.get(fold(name)))
            # Of a contact that is none (无) a part that has no line of its own is none, too.
            is_implied = name in CONTACT_KEYS and child is None and now is not None
            if was == now and not is_implied:
                continue
            if child is None:
                added.append(self._new(name, now, names))
            elif not now:
                removed.append(child)
            else:
                lost += self._change(child, was, now, names_under(name), in_flow=in_flow)
        return lost + self.editor.change_entries(node, children, removed, added, ranking(names))


def _as_listed(
    node: SequenceNode, old: tuple[str, ...], new: tuple[str, ...]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what a list says, and is to say, in the order in which it stands there.

    Months come in theirs, however they were typed.
    """
    listed = tuple(read_month(it.value) or "" for it in node.value)
    if listed == old or tuple(sorted(listed)) != old:
        return old, new
    kept = tuple(it for it in listed if it in new)
    return listed, (*kept, *(it for it in new if it not in kept))


def _children(mapping: MappingNode, names: Mapping[str, str]) -> list[Child]:
    """Return the entries of a mapping under the English names of their keys, and years as such."""
    known = aliases(names)
    found = []
    for key, node in mapping.value:
        folded = fold(key.value)
        year = YEAR.fullmatch(folded)
        found.append(Child(year.group(1) if year else known.get(folded, folded), key, node))
    return found


def _entries(node: Node, names: Mapping[str, str]) -> dict[str, Child]:
    children = _children(node, names) if isinstance(node, MappingNode) else []
    return {it.name: it for it in children}


def _is_detailed(node: Node) -> bool:
    """Tell a metric's mapping of its parts from its value, which may be one of years or words."""
    own = _entries(node, METRIC_KEYS)
    return isinstance(node, MappingNode) and (not own or not METRIC_KEYS.keys().isdisjoint(own))


def _parts(tree: Tree) -> Mapping[str, Tree]:
    """Return a value of several parts by these; what has only one is a document's title."""
    if isinstance(tree, Mapping):
        return tree
    return {"title": tree} if isinstance(tree, str) else {}


def _keys_of_blocks(node: Node) -> Iterator[ScalarNode]:
    if isinstance(node, MappingNode):
        for key, value in node.value:
            if not node.flow_style:
                yield key
            yield from _keys_of_blocks(value)


def _says_nothing(node: Node) -> bool:
    """Tell whether all that `node` holds is left blank."""
    if isinstance(node, MappingNode):
        return all(_says_nothing(value) for _, value in node.value)
    return is_blank(node) or not node.value


def _units(declaration: Declaration) -> set[str]:
    verified = declaration.verification.entries if declaration.verification else {}
    entries = (*declaration.entries.values(), *verified.values())
    return {it.value.unit for it in entries if isinstance(it.value, Quantity)}
