"""From a standard's YAML to checked, plain data (see `etown_check.standard.from_plain`)."""

import os
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, get_args

from pydantic import ValidationError

from etown_check.authoring import models
from etown_check.decoding import decode, split_lines
from etown_check.problems import (
    InputError,
    Position,
    Problem,
    StandardError,
    closest,
    located,
)
from etown_check.quantities import UNITS, Quantity, read_threshold
from etown_check.standard import FACT_KINDS, MAIN_FILE
from etown_check.text import fold, fold_quote
from etown_check.tree import MappingNode, Node, ScalarNode, SequenceNode, position
from etown_check.words import Text, Words
from etown_check.yamltree import entries, read_bytes, read_tree

Path = tuple[str | int, ...]
Place = tuple[str, Position]

_MERGED_LISTS = ("readings", "metrics", "sections", "doubts")

_NUMERIC = ("count", "money", "area", "ratio")
KINDS_OF_CONSTRAINT: dict[str, tuple[str, ...]] = {
    "exists": ("document",),
    "is_yes": ("yes_no",),
    "at_least": _NUMERIC,
    "above": _NUMERIC,
    "equals": _NUMERIC,
    "between": _NUMERIC,
    "holds_all": ("names",),
    "one_of": ("choice",),
    "at_least_metric": ("count", "money", "area"),
    "growth_at_least": ("count", "money", "area"),
    "outgrows": ("count", "money", "area"),
    "share_at_least": ("count", "money", "area"),
    "holds_any": ("names",),
    "on_or_before": ("date",),
    "every_month": ("months",),
    "all_declared": (*_NUMERIC, "yes_no", "document", "names", "choice", "date"),
    "is_complete": ("contact",),
    "spends_nothing_on": ("ledger",),
    "spent_within": ("amounts",),
    "rows_bear": ("ledger",),
}


def compile_standard(path: str) -> dict[str, Any]:
    """Read and check the standard at `path`, a folder or a single file.

    Returns the plain data that `from_plain` builds a standard from, without its digest. Raises
    `StandardError` with every mistake.
    """
    tree = _Tree()
    data = tree.load(path)
    if tree.problems:
        raise tree.error(tree.problems)
    try:
        standard = models.Standard.model_validate(data)
    except ValidationError as error:
        raise tree.error(_translated(error, tree)) from None
    plain: dict[str, Any] = standard.model_dump(mode="json")
    problems = list(_CrossCheck(plain, tree).problems())
    if problems:
        raise tree.error(problems)
    return _laid_out(plain)


def _laid_out(plain: dict[str, Any]) -> dict[str, Any]:
    """Flatten what the YAML groups for its readers and the engine looks up by itself."""
    calendar = plain["calendar"]
    running = calendar.pop("running")
    plain["calendar"] = {
        "periods": [{"id": id, **period} for id, period in calendar.items() if period],
        "running_reading": running and running["reading"],
    }
    for key in ("demonstration", "undeclared"):
        cited = plain.pop(key)
        plain[f"{key}_reading"] = cited and cited["reading"]
    waivable = plain.pop("waivable")
    for item, check in _checks(plain):
        softened = _softening(check["constraint"]) in waivable["because"]
        check["waivable"] = softened or item["level"] == waivable["level"]
    _repeat_thresholds(plain)
    return plain


def _repeat_thresholds(plain: dict[str, Any]) -> None:
    """Give each check that names another one's threshold that threshold."""
    own = {check["id"]: check["constraint"].get("threshold") for _, check in _checks(plain)}
    for _, check in _checks(plain):
        constraint = check["constraint"]
        for one in constraint.get("of", [constraint]):
            if one.get("as_in"):
                one["threshold"] = own[one["as_in"]]


def _checks(plain: dict[str, Any]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Yield every check with its item."""
    for section in plain["sections"]:
        for item in section["items"]:
            for check in item["checks"]:
                yield item, check


def _softening(constraint: dict[str, Any]) -> str | None:
    """Return the plan's words that soften a constraint."""
    shortfall = constraint.get("shortfall")
    return shortfall and shortfall["because"]


class _Tree:
    """The YAML of a standard as plain data, with the place of every key and value."""

    def __init__(self) -> None:
        self.places: dict[Path, Place] = {}
        self.key_places: dict[Path, Place] = {}
        self.problems: list[Problem] = []
        self.lines: dict[str, list[str]] = {}

    def error(self, problems: Iterable[Problem]) -> StandardError:
        """Return `problems` as an error, with the lines that they are about."""
        return StandardError(
            it
            for problem in problems
            for it in located([problem], self.lines.get(problem.path, ()))
        )

    def load(self, path: str) -> dict[str, Any]:
        """Read the file at `path`, or the main file of the folder and those that it names.

        What cannot be read goes to `problems`, and the reading goes on with the next file.
        """
        data: dict[str, Any] = {}
        if os.path.isdir(path):
            self._file(os.path.join(path, MAIN_FILE), data)
            for name in self._named(path, data.pop("files", [])):
                self._file(os.path.join(path, name), data)
        else:
            self._file(path, data)
        if "files" in data:
            place = self.key_places[("files",)]
            self.problems.append(_unfit(place, ("files",), None, _MAIN_FILE_ONLY))
        return data

    def _named(self, folder: str, files: object) -> list[str]:
        """Return what `files` names in the folder, each once."""
        if not isinstance(files, list):
            self._report_unfit(("files",), files, _LIST)
            return []
        named: list[str] = []
        for index, name in enumerate(files):
            if not isinstance(name, str) or not _is_file_name(name):
                self._report_unfit(("files", index), name, _FILE_NAME)
            elif name in (*named, MAIN_FILE):
                self._report_unfit(("files", index), name, _ONCE)
            elif not os.path.lexists(os.path.join(folder, name)):
                self._report_unfit(("files", index), name, _NO_FILE)
            else:
                named.append(name)
        return named

    def _file(self, path: str, into: dict[str, Any]) -> None:
        try:
            text = decode(path, read_bytes(path)).text
            self.lines[path] = split_lines(text)
            root = read_tree(path, text)
        except InputError as error:
            self.problems += [_of_a_standard(problem) for problem in error.problems]
            return
        self.places.setdefault((), (path, position(root)))
        for name, key, node in entries(path, root, str, self.problems):
            if (
                name in _MERGED_LISTS
                and isinstance(into.get(name), list)
                and isinstance(node, SequenceNode)
            ):
                start = len(into[name])
                for index, child in enumerate(node.value, start):
                    into[name].append(self._plain(path, child, (name, index)))
                continue
            if name in into:
                args: dict[str, Words] = {"what": Text("键", "Key"), "text": name}
                self.problems.append(Problem(path, position(key), "E605", args))
                continue
            self.key_places[(name,)] = (path, position(key))
            into[name] = self._plain(path, node, (name,))

    def _plain(self, path: str, node: Node, at: Path) -> Any:
        self.places[at] = (path, position(node))
        if isinstance(node, MappingNode):
            plain = {}
            for _, key, value in entries(path, node, str, self.problems):
                self.key_places[(*at, key.value)] = (path, position(key))
                plain[key.value] = self._plain(path, value, (*at, key.value))
            return plain
        if isinstance(node, SequenceNode):
            return [
                self._plain(path, child, (*at, index)) for index, child in enumerate(node.value)
            ]
        assert isinstance(node, ScalarNode)
        return node.value

    def place(self, at: Path) -> Place:
        """Return the place of the nearest thing that was written at or above `at`."""
        while at not in self.places:
            at = at[:-1]
        return self.places[at]

    def key_place(self, at: Path) -> Place:
        """Return the place of the key `at`, or of the nearest thing that was written above it."""
        return self.key_places.get(at) or self.place(at)

    def _report_unfit(self, at: Path, value: object, expected: Text) -> None:
        self.problems.append(_unfit(self.place(at), at, value, expected))


def _is_file_name(name: str) -> bool:
    # Only what ends in .yaml counts for the digest of a standard (`store.source_digest`).
    return os.path.basename(name) == name and name.endswith(".yaml")


_FILE_NAME = Text(
    "只写同一文件夹内的文件名，以 .yaml 结尾。",
    "Name a file of the same folder, which ends in .yaml.",
)
_MAIN_FILE_ONLY = Text(
    f"只写在文件夹的 {MAIN_FILE} 中。", f"It stands in the {MAIN_FILE} of a folder only."
)
_ONCE = Text("每个文件只写一次。", "Name each file once.")
_NO_FILE = Text("同一文件夹内没有这个文件。", "The folder has no such file.")
_VALUE = Text("应是一个值。", "A single value is expected.")
_LIST = Text("应是一个清单。", "A list is expected.")
_MAPPING = Text("应由“名称: 值”组成。", "A mapping is expected.")
_LENDER = Text(
    "应是自己写有 threshold 的 at_least 检查。",
    "It must be an at_least check that has a threshold of its own.",
)
_NOT_BEFORE = Text("不能早于第一个年份。", "It must not be before the first year.")
_EXPECTED = {
    "string_type": _VALUE,
    "string_too_short": Text("不能为空。", "It must not be empty."),
    "list_type": _LIST,
    "dict_type": _MAPPING,
    "model_type": _MAPPING,
    "model_attributes_type": _MAPPING,
    "too_short": Text("项数太少。", "It has too few entries."),
    "too_long": Text("项数太多。", "It has too many entries."),
}
# What the reading of YAML says in words that suit data files alone.
_SAID_OF_DATA_FILES = {
    "E106": _MAPPING,
    "E208": Text("一个文件只写一份文档。", "One file holds one document."),
    "E308": _MAPPING,
}


def _of_a_standard(problem: Problem) -> Problem:
    expected = _SAID_OF_DATA_FILES.get(problem.code)
    if expected is None:
        return problem
    place = (problem.path, problem.position or Position(1, 1))
    return _unfit(place, (os.path.basename(problem.path),), None, expected)


def _unfit(
    place: Place, at: Path, value: object, expected: Text, close: tuple[str, ...] = ()
) -> Problem:
    """Say that `value`, which stands at `at`, is not what is `expected` there."""
    # An entry of a list has the name of the list, unless it has an id.
    key = next((step for step in reversed(at) if isinstance(step, str)), "")
    if isinstance(value, dict) and isinstance(at[-1], int):
        key = next((str(value[it]) for it in ("id", "key", "type") if value.get(it)), key)
    args: dict[str, Words] = {"key": key, "expected": expected}
    if not isinstance(value, str):
        return Problem(*place, "E612", args, close)
    return Problem(*place, "E603", {**args, "text": value}, close)


def _translated(error: ValidationError, tree: _Tree) -> Iterator[Problem]:
    """Tell the models' complaints in our words, at the place in the file."""
    for detail in error.errors(include_url=False):
        loc, kind, value = detail["loc"], detail["type"], detail["input"]
        context = detail.get("ctx", {})
        at = _written_path(loc, tree)
        place = tree.place(at)
        if loc[-1:] == ("[key]",):
            place, at = tree.key_place(at), at[:-1]
        if kind == "missing":
            yield Problem(*place, "E602", {"key": str(loc[-1])})
        elif kind in ("extra_forbidden", "none_required"):
            key = str(loc[-1])
            yield Problem(*tree.key_place(at), "E601", {"key": key}, closest(key, _known_at(loc)))
        elif kind == "union_tag_not_found":
            yield Problem(*place, "E602", {"key": "type"})
        elif kind == "union_tag_invalid":
            at = (*at, "type")
            yield _not_among(_choices(context["expected_tags"]), tree.place(at), at, value["type"])
        elif kind == "literal_error":
            yield _not_among(_choices(context["expected"]), place, at, value)
        elif kind == "too_short" and not value:
            yield Problem(*place, "E606", {"key": str(at[-1])})
        elif kind == "etown":
            yield _unfit(place, at, value, Text(context["zh"], context["en"]))
        else:
            yield _unfit(place, at, value, _EXPECTED.get(kind, _MAPPING))


def _known_at(loc: tuple[str | int, ...]) -> list[str]:
    """Return the keys that may be written beside the key at `loc`, a model's path."""
    here: list[type[models.Model]] = [models.Standard]
    for step in loc[:-1]:
        fields = [it.model_fields[step] for it in here if step in it.model_fields]
        tagged = [it for it in here if step in get_args(_type_of(it))]
        # Any other step is the index of a list, or the tag of what is one or per tier.
        here = [it for field in fields for it in _models_in(field.annotation)] or tagged or here
    known = [*(key for it in here for key in it.model_fields), *_BESIDE.get(here[0], ())]
    return sorted({*known} - {"constraint", str(loc[-1])})


def _type_of(model: type[models.Model]) -> object:
    field = model.model_fields.get("type")
    return field and field.annotation


def _models_in(annotation: object) -> list[type[models.Model]]:
    if isinstance(annotation, type) and issubclass(annotation, models.Model):
        return [annotation]
    return [model for part in get_args(annotation) for model in _models_in(part)]


# Keys that are written beside those of a model.
_BESIDE: dict[type[models.Model], Iterable[str]] = {
    models.Standard: ("files",),
    models.Check: models.CONSTRAINT_KEYS,
}


def _choices(listed: str) -> tuple[str, ...]:
    return tuple(listed.replace(" or ", ", ").replace("'", "").split(", "))


def _not_among(choices: tuple[str, ...], place: Place, at: Path, value: object) -> Problem:
    expected = Text(f"可以写：{'、'.join(choices)}。", f"It may be: {', '.join(choices)}.")
    close = closest(value, choices) if isinstance(value, str) else ()
    return _unfit(place, at, value, expected, close)


def _written_path(loc: tuple[str | int, ...], tree: _Tree) -> Path:
    """Drop from a model's path what nobody wrote: union tags, and the key `constraint`."""
    at: Path = ()
    for step in loc:
        if (*at, step) in tree.places:
            at = (*at, step)
    return at


class _CrossCheck:
    """What one place of a standard says about another."""

    def __init__(self, plain: dict[str, Any], tree: _Tree) -> None:
        self.plain = plain
        self.tree = tree
        self.tiers = tuple(tier["id"] for tier in plain["tiers"])
        self.parts = tuple(part["id"] for part in plain["parts"])
        self.metrics = {metric["key"]: metric for metric in plain["metrics"]}
        self.readings = {reading["id"] for reading in plain["readings"]}
        self.checks = {check["id"]: check for _, check in _checks(plain)}
        self.ledger: dict[str, Any] = plain["ledger"] or {}

    def _problem(
        self, at: Path, code: str, args: Mapping[str, Words], close: tuple[str, ...] = ()
    ) -> Problem:
        return Problem(*self.tree.place(at), code, args, close)

    def problems(self) -> Iterator[Problem]:
        yield from self._unique()
        yield from self._facts()
        for section_at, section in self._each("sections"):
            part = section["part"]
            if part not in self.parts:
                what = Text("部分", "Part")
                yield self._undefined((*section_at, "part"), what, part, self.parts)
            for index, item in enumerate(section["items"]):
                yield from self._item((*section_at, "items", index), item)
        for at, doubt in self._each("doubts"):
            yield from self._doubt(at, doubt)
        yield from self._ledger()
        yield from self._declared_as_facts()

    def _each(self, key: str) -> Iterator[tuple[Path, dict[str, Any]]]:
        for index, record in enumerate(self.plain[key]):
            yield (key, index), record

    def _unique(self) -> Iterator[Problem]:
        items = [
            ((*at, "items", index), item)
            for at, section in self._each("sections")
            for index, item in enumerate(section["items"])
        ]
        checks = [
            ((*at, "checks", index), check)
            for at, item in items
            for index, check in enumerate(item["checks"])
        ]
        yield from self._repeated(Text("类别", "Tier"), self._each("tiers"), "id")
        yield from self._repeated(Text("县", "County"), self._each("counties"), "name")
        yield from self._repeated(Text("部分", "Part"), self._each("parts"), "id")
        yield from self._repeated(Text("读法", "Reading"), self._each("readings"), "id")
        yield from self._repeated(Text("指标", "Metric"), self._each("metrics"), "key")
        yield from self._repeated(Text("指标名称", "Metric name"), self._each("metrics"), "name")
        yield from self._repeated(Text("项目", "Item"), iter(items), "id")
        yield from self._repeated(Text("检查", "Check"), iter(checks), "id")

    def _repeated(
        self, what: Text, records: Iterator[tuple[Path, dict[str, Any]]], key: str
    ) -> Iterator[Problem]:
        seen = set()
        for at, record in records:
            folded = fold(record[key])
            if folded in seen:
                yield self._problem((*at, key), "E605", {"what": what, "text": record[key]})
            seen.add(folded)

    def _undefined(self, at: Path, what: Text, text: str, known: tuple[str, ...] = ()) -> Problem:
        return self._problem(at, "E604", {"what": what, "text": text}, closest(text, known))

    def _ledger(self) -> Iterator[Problem]:
        """Check the form of the fund ledger: each name once, and nothing that it does not have."""
        if not self.ledger:
            return
        at: Path = ("ledger", "metric")
        yield from self._metric(at, self.ledger["metric"])
        metric = self.metrics.get(self.ledger["metric"])
        if metric is not None:
            yield from self._kind(at, "ledger", "ledger", metric, ("ledger",))
        lists = (
            (Text("列", "Column"), ("columns",)),
            (_LISTS["sources"], ("sources",)),
            (Text("支出类别", "Category"), ("categories", "forbidden")),
        )
        columns = (
            (("ledger", "columns", index), column)
            for index, column in enumerate(self.ledger["columns"])
        )
        yield from self._repeated(Text("列", "Column"), columns, "key")
        for what, keys in lists:
            yield from self._names_twice(what, keys)
        first, last = self.ledger["years"]
        if last < first:
            at = ("ledger", "years", 1)
            yield _unfit(self.tree.place(at), at, str(last), _NOT_BEFORE)
        lacking = tuple(
            key
            for key in get_args(models.LedgerColumnKey)
            if key not in [column["key"] for column in self.ledger["columns"]]
        )
        for key in lacking:
            yield self._problem(("ledger", "columns"), "E602", {"key": key})
        for index, words in enumerate(self.ledger["words"]):
            yield from self._named_in(("ledger", "words", index, "use"), words["use"], "forbidden")
            if words["use"] in [other["use"] for other in self.ledger["words"][:index]]:
                args: dict[str, Words] = {"what": Text("词表", "Word list"), "text": words["use"]}
                yield self._problem(("ledger", "words", index, "use"), "E605", args)

    def _names_twice(self, what: Text, keys: tuple[str, ...]) -> Iterator[Problem]:
        """Tell the names by which two entries of these lists are known, in either language.

        An entry may have the same name in both.
        """
        seen: set[str] = set()
        for key in keys:
            for index, entry in enumerate(self.ledger[key]):
                is_one = _known_as(entry["name"]) == _known_as(entry["name_en"])
                for at, name in (
                    (("name",), entry["name"]),
                    *(() if is_one else ((("name_en",), entry["name_en"]),)),
                    *((("also", number), it) for number, it in enumerate(entry["also"])),
                ):
                    if _known_as(name) in seen:
                        args: dict[str, Words] = {"what": what, "text": name}
                        yield self._problem(("ledger", key, index, *at), "E605", args)
                    seen.add(_known_as(name))

    def _declared_as_facts(self) -> Iterator[Problem]:
        """Check what a data file declares among its facts: one of each kind, a ledger by a form."""
        seen: set[str] = set()
        for at, metric in self._each("metrics"):
            kind = metric["kind"]
            if kind not in FACT_KINDS:
                continue
            if kind in seen:
                what = Text(f"类型为 {kind} 的指标", f"Metric of the kind {kind}")
                args: dict[str, Words] = {"what": what, "text": metric["key"]}
                yield self._problem((*at, "kind"), "E605", args)
            elif kind == "ledger" and not self.ledger:
                yield self._problem((*at, "kind"), "E602", {"key": "ledger"})
            seen.add(kind)

    def _named_in(self, at: Path, name: str, key: str) -> Iterator[Problem]:
        """Tell a name that does not stand in this list of the ledger's form."""
        known = tuple(entry["name"] for entry in self.ledger.get(key, ()))
        if name not in known:
            yield self._undefined(at, _LISTS[key], name, known)

    def _facts(self) -> Iterator[Problem]:
        for at, county in self._each("counties"):
            if county["tier"] not in self.tiers:
                what = Text("类别", "Tier")
                yield self._undefined((*at, "tier"), what, county["tier"], self.tiers)
        for key in ("demonstration", "undeclared"):
            if self.plain[key]:
                yield from self._reading((key, "reading"), self.plain[key]["reading"])
        softening = {_softening(check["constraint"]) for _, check in _checks(self.plain)}
        for index, words in enumerate(self.plain["waivable"]["because"]):
            if words not in softening:
                what = Text("放宽的词语", "Softening words")
                known = tuple(it for it in softening if it)
                yield self._undefined(("waivable", "because", index), what, words, known)
        for name, period in self.plain["calendar"].items():
            if not period:
                continue
            if name == "running":
                yield from self._reading(("calendar", name, "reading"), period["reading"])
            short = period.get("short")
            if short:
                place: Path = ("calendar", name, "short")
                yield from self._reading((*place, "reading"), short["reading"])
                for index, year in enumerate(short["years"]):
                    if year not in period["years"]:
                        what = Text("年份", "Year")
                        yield self._undefined((*place, "years", index), what, str(year))

    def _reading(self, at: Path, reading: str | None) -> Iterator[Problem]:
        if reading is not None and reading not in self.readings:
            yield self._undefined(at, Text("读法", "Reading"), reading)

    def _metric(self, at: Path, key: str) -> Iterator[Problem]:
        if key not in self.metrics:
            yield self._undefined(at, Text("指标", "Metric"), key, tuple(self.metrics))

    def _item(self, at: Path, item: dict[str, Any]) -> Iterator[Problem]:
        words = fold_quote(item["task"] + "".join(item["requirement"]))
        for amount, check in item["elsewhere"].items():
            if check not in self.checks:
                yield self._undefined((*at, "elsewhere", amount), Text("检查", "Check"), check)
        for index, check in enumerate(item["checks"]):
            yield from self._check((*at, "checks", index), check, words)

    def _check(self, at: Path, check: dict[str, Any], words: str) -> Iterator[Problem]:
        for index, reading in enumerate(check["readings"]):
            yield from self._reading((*at, "readings", index), reading)
        if check["years"] and not self.plain["calendar"][check["years"]]:
            yield self._undefined((*at, "years"), Text("时期", "Period"), check["years"])
        yield from self._tiers((*at, "quote"), check["id"], check["quote"])
        quotes = check["quote"] if isinstance(check["quote"], dict) else {None: check["quote"]}
        for tier, quote in quotes.items():
            place = (*at, "quote", tier) if tier else (*at, "quote")
            yield from self._stands_in(place, "quote", quote, words)
        constraint = check["constraint"]
        if constraint["type"] == "any_of":
            if constraint["one_fails"]:
                yield from self._reading(
                    (*at, "one_fails", "reading"), constraint["one_fails"]["reading"]
                )
            for index, one in enumerate(constraint["of"]):
                yield from self._constraint((*at, "of", index), check, one, words)
        else:
            yield from self._constraint(at, check, constraint, words)

    def _stands_in(self, at: Path, key: str, quote: str, words: str) -> Iterator[Problem]:
        if fold_quote(quote) not in words:
            expected = Text(
                "须与本项的建设内容或建设标准原文一致。",
                "It must be words of the item's task or requirement.",
            )
            args: dict[str, Words] = {"key": key, "text": quote, "expected": expected}
            yield self._problem(at, "E603", args)

    def _tiers(self, at: Path, check: str, value: Any) -> Iterator[Problem]:
        if not isinstance(value, dict):
            return
        lacking = [tier for tier in self.tiers if tier not in value]
        if lacking:
            yield self._problem(at, "E610", {"check": check, "lacking": tuple(lacking)})
        for tier in value:
            if tier not in self.tiers:
                args: dict[str, Words] = {"what": Text("类别", "Tier"), "text": tier}
                place = self.tree.key_place((*at, tier))
                yield Problem(*place, "E604", args, closest(tier, self.tiers))

    def _constraint(
        self, at: Path, check: dict[str, Any], constraint: dict[str, Any], words: str
    ) -> Iterator[Problem]:
        named: list[tuple[Path, str]] = [
            ((key,), constraint[key])
            for key in ("metric", "other", "growth", "reference", "whole", "ledger")
            if constraint.get(key)
        ]
        named += [(("metrics", at), it) for at, it in enumerate(constraint.get("metrics", ()))]
        for place, name in named:
            yield from self._metric((*at, *place), name)
        for key in ("shortfall", "exactly"):
            ruling = constraint.get(key)
            if ruling:
                yield from self._reading((*at, key, "reading"), ruling["reading"])
                if ruling["because"]:
                    yield from self._stands_in(
                        (*at, key, "because"), "because", ruling["because"], words
                    )
        yield from self._kinds(at, check, constraint, named)
        if constraint.get("as_in"):
            yield from self._as_in((*at, "as_in"), check["id"], constraint)
        for key in ("threshold", "value", "low", "high", "margin"):
            if constraint.get(key) is not None:
                yield from self._tiers((*at, key), check["id"], constraint[key])
                yield from self._amounts((*at, key), check["id"], constraint, key)
        if constraint["type"] == "between":
            yield from self._bounds(at, constraint)
        if constraint["type"] == "spent_within":
            yield from self._received(constraint["metric"])
        if "category" in constraint and self.ledger:
            yield from self._named_in((*at, "category"), constraint["category"], "forbidden")
            for index, source in enumerate(constraint["sources"]):
                yield from self._named_in((*at, "sources", index), source, "sources")
        metric = self.metrics.get(named[0][1], {})
        if metric.get("kind") not in KINDS_OF_CONSTRAINT[constraint["type"]]:
            return  # it has no such vocabulary, and that was told
        for key in ("members", "accepted"):
            for index, word in enumerate(constraint.get(key, ())):
                if word not in metric["vocabulary"]:
                    vocabulary = tuple(metric["vocabulary"])
                    yield self._undefined((*at, key, index), Text("词", "Word"), word, vocabulary)

    def _received(self, key: str) -> Iterator[Problem]:
        """Tell where the words of what was received are not the sources of the ledger's form."""
        sources = tuple(source["name"] for source in self.ledger.get("sources", ()))
        for at, metric in self._each("metrics"):
            if metric["key"] != key or metric["kind"] != "amounts" or not sources:
                continue
            for index, word in enumerate(metric["vocabulary"]):
                if word not in sources:
                    place = (*at, "vocabulary", index)
                    yield self._undefined(place, _LISTS["sources"], word, sources)
            for source in sources:
                if source not in metric["vocabulary"]:
                    yield self._problem((*at, "vocabulary"), "E602", {"key": source})

    def _kinds(
        self,
        at: Path,
        check: dict[str, Any],
        constraint: dict[str, Any],
        named: list[tuple[Path, str]],
    ) -> Iterator[Problem]:
        kinds = KINDS_OF_CONSTRAINT[constraint["type"]]
        for (key, *index), name in named:
            metric = self.metrics.get(name)
            if metric is None:
                continue
            fitting = _FITTING.get(str(key), kinds)
            if key in ("other", "whole"):
                fitting = self._same_kind(constraint["metric"], kinds)
            place = (*at, key, *index)
            yield from self._kind(place, check["id"], constraint["type"], metric, fitting)
            if metric["yearly"] != bool(check["years"]):
                args: dict[str, Words] = {"check": check["id"], "metric": metric["name"]}
                yield self._problem(place, "E609", args)

    def _as_in(self, at: Path, check: str, constraint: dict[str, Any]) -> Iterator[Problem]:
        """Tell a check that has no threshold to lend, or one of another kind of metric."""
        lenders = {
            id: it["constraint"]
            for id, it in self.checks.items()
            if it["constraint"]["type"] == "at_least" and it["constraint"]["threshold"] is not None
        }
        name = constraint["as_in"]
        if name not in lenders:
            if name in self.checks:
                yield _unfit(self.tree.place(at), at, name, _LENDER)
            else:
                yield self._undefined(at, Text("检查", "Check"), name, tuple(lenders))
            return
        lent, own = (self.metrics.get(it["metric"]) for it in (lenders[name], constraint))
        if lent is None or own is None:
            return
        kinds = self._same_kind(constraint["metric"], _NUMERIC)
        yield from self._kind(at, check, constraint["type"], lent, kinds)
        if lent["kind"] == own["kind"] == "count":
            _, text = next(iter(_each_tier(lenders[name]["threshold"])))
            yield from self._unit(at, check, text, own, own["units"])

    def _same_kind(self, key: str, kinds: tuple[str, ...]) -> tuple[str, ...]:
        """Return the kind of the metric `key` where it is one of `kinds`; else all of these."""
        kind = self.metrics[key]["kind"] if key in self.metrics else None
        return (kind,) if kind in kinds else kinds

    def _kind(
        self, at: Path, rule: str, type: str, metric: dict[str, Any], fitting: tuple[str, ...]
    ) -> Iterator[Problem]:
        if metric["kind"] not in fitting:
            args: dict[str, Words] = {
                "check": rule,
                "type": type,
                "metric": metric["name"],
                "kind": metric["kind"],
                "kinds": fitting,
            }
            yield self._problem(at, "E607", args)

    def _bounds(self, at: Path, constraint: dict[str, Any]) -> Iterator[Problem]:
        lows = dict(_each_tier(constraint["low"]))
        for tier, text in _each_tier(constraint["high"]):
            low = [it for key, it in lows.items() if tier is None or key in (tier, None)]
            if any(_quantity(text).amount < _quantity(it).amount for it in low):
                place = (*at, "high", tier) if tier else (*at, "high")
                expected = Text("不能小于 low。", "It must not be below low.")
                yield _unfit(self.tree.place(place), (*at, "high"), text, expected)

    def _amounts(
        self, at: Path, check: str, constraint: dict[str, Any], key: str
    ) -> Iterator[Problem]:
        metric = self.metrics.get(constraint["metric"])
        if metric is None or metric["kind"] not in _NUMERIC:
            return
        units = _units_of(metric)
        if constraint["type"] in ("growth_at_least", "share_at_least"):
            units = ["%"]
        elif constraint["type"] == "outgrows":
            units = ["个百分点"]
        for tier, text in _each_tier(constraint[key]):
            place = (*at, tier) if tier else at
            yield from self._unit(place, check, text, metric, units)

    def _unit(
        self, at: Path, rule: str, text: str, metric: dict[str, Any], units: list[str]
    ) -> Iterator[Problem]:
        if _quantity(text).unit not in units:
            args: dict[str, Words] = {
                "check": rule,
                "text": text,
                "metric": metric["name"],
                "units": tuple(units),
            }
            yield self._problem(at, "E608", args)

    def _doubt(self, at: Path, doubt: dict[str, Any]) -> Iterator[Problem]:
        yield from self._reading((*at, "reading"), doubt.get("reading"))
        named: list[tuple[Path, str]] = [
            ((*at, key), doubt[key])
            for key in ("metric", "limit", "growth", "by", "after")
            if key in doubt and (key != "limit" or doubt["type"] == "exceeds")
        ]
        named += [
            ((*at, key, index), metric)
            for key in ("metrics", "parts")
            for index, metric in enumerate(doubt.get(key, ()))
        ]
        for place, key in named:
            yield from self._metric(place, key)
        if doubt["type"] in _ABOUT_ROWS and not self.ledger:
            yield self._problem((*at, "type"), "E602", {"key": "ledger"})
            return
        if doubt["type"] == "shared_names":
            return  # a metric of any kind may have a list of names
        if "category" in doubt:
            yield from self._named_in((*at, "category"), doubt["category"], "forbidden")
        for place, key in named:
            if key in self.metrics:
                fitting = self._same_kind(named[0][1], _NUMERIC)
                if doubt["type"] == "follows":
                    fitting = ("date",)
                if place[-1] == "growth":
                    fitting = ("ratio",)
                elif place[-1] == "by":
                    fitting = _NUMERIC
                metric = self.metrics[key]
                yield from self._kind(place, doubt["code"], doubt["type"], metric, fitting)
        for name, key, kinds in (
            ("tolerance", doubt.get("growth", ""), ("ratio",)),
            ("to", named[0][1] if named else "", _NUMERIC),
        ):
            metric = self.metrics.get(key, {})
            if doubt.get(name) and metric.get("kind") in kinds:
                units = _units_of(metric)
                yield from self._unit((*at, name), doubt["code"], doubt[name], metric, units)


_LISTS = {
    "sources": Text("资金来源", "Source"),
    "forbidden": Text("禁止的支出类别", "Forbidden use"),
}
"""What the entries of a list of the ledger's form are called."""

_FITTING: dict[str, tuple[str, ...]] = {
    "growth": ("ratio",),
    "reference": ("ratio",),
    "ledger": ("ledger",),
}
"""The kinds of metric that a constraint takes under a key, where its type does not say."""


_ABOUT_ROWS = tuple(
    name
    for model in (
        models.DeniedByRow,
        models.RowsSpeakOf,
        models.VoucherRepeated,
        models.RowRepeated,
        models.RowOutside,
        models.TotalDiffers,
    )
    for name in get_args(model.model_fields["type"].annotation)
)
"""Types of doubt that are about the rows of a ledger."""


def _known_as(name: str) -> str:
    """Return a name as the reading of ledgers compares it."""
    return fold(name).lower()


def _units_of(metric: dict[str, Any]) -> list[str]:
    return metric["units"] or list(UNITS[metric["kind"]])


def _each_tier(value: str | dict[str, str]) -> Iterable[tuple[str | None, str]]:
    return value.items() if isinstance(value, dict) else [(None, value)]


def _quantity(text: str) -> Quantity:
    quantity = read_threshold(text)
    assert isinstance(quantity, Quantity)  # the models have read it
    return quantity
