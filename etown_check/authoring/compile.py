"""From a standard's YAML to checked, plain data (see `etown_check.standard.from_plain`)."""

import os
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError
from yaml import MappingNode, Node, ScalarNode, SequenceNode

from etown_check.authoring import models
from etown_check.problems import Position, Problem, StandardError, closest
from etown_check.quantities import UNITS, Quantity, read_threshold
from etown_check.text import fold, fold_quote
from etown_check.words import Text, Words
from etown_check.yamltree import decode, entries, position, read_bytes, read_tree

Path = tuple[str | int, ...]
Place = tuple[str, Position]

MAIN_FILE = "standard.yaml"
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
}
_KNOWN_KEYS = sorted(
    {
        name
        for model in vars(models).values()
        if isinstance(model, type) and issubclass(model, models.Model)
        for name in model.model_fields
    }
    - {"constraint"}
    | {"files"}
)


def compile_standard(path: str) -> dict[str, Any]:
    """Read and check the standard at `path`, a folder or a single file.

    Returns the plain data that `from_plain` builds a standard from, without its digest. Raises
    `StandardError` with every mistake.
    """
    tree = _Tree()
    try:
        data = tree.load(path)
    except StandardError:
        raise
    except Exception as error:
        if hasattr(error, "problems"):
            raise StandardError(error.problems) from None
        raise
    if tree.problems:
        raise StandardError(tree.problems)
    try:
        standard = models.Standard.model_validate(data)
    except ValidationError as error:
        raise StandardError(_translated(error, tree)) from None
    plain: dict[str, Any] = standard.model_dump(mode="json")
    problems = list(_CrossCheck(plain, tree).problems())
    if problems:
        raise StandardError(problems)
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
    return plain


class _Tree:
    """The YAML of a standard as plain data, with the place of every key and value."""

    def __init__(self) -> None:
        self.places: dict[Path, Place] = {}
        self.key_places: dict[Path, Place] = {}
        self.problems: list[Problem] = []

    def load(self, path: str) -> dict[str, Any]:
        """Read the file at `path`, or the main file of the folder and those that it names."""
        if not os.path.isdir(path):
            return self._file(path, {})
        main = os.path.join(path, MAIN_FILE)
        data = self._file(main, {})
        files = data.pop("files", [])
        for index, name in enumerate(files if isinstance(files, list) else []):
            if isinstance(name, str) and os.path.basename(name) == name:
                self._file(os.path.join(path, name), data)
            else:
                self.report(
                    ("files", index), "E603", key="files", text=str(name), expected=_FILE_NAME
                )
        return data

    def _file(self, path: str, into: dict[str, Any]) -> dict[str, Any]:
        root = read_tree(path, decode(path, read_bytes(path)))
        self.places.setdefault((), (path, position(root)))
        for name, key, node in entries(path, root, {}, self.problems):
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
                args: dict[str, Words] = {"what": Text("键", "key"), "text": name}
                self.problems.append(Problem(path, position(key), "E605", args))
                continue
            self.key_places[(name,)] = (path, position(key))
            into[name] = self._plain(path, node, (name,))
        return into

    def _plain(self, path: str, node: Node, at: Path) -> Any:
        self.places[at] = (path, position(node))
        if isinstance(node, MappingNode):
            plain = {}
            for _, key, value in entries(path, node, {}, self.problems):
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

    def report(self, at: Path, code: str, close: tuple[str, ...] = (), **args: Words) -> None:
        path, place = self.place(at)
        self.problems.append(Problem(path, place, code, args, close))


_FILE_NAME = Text("只写同一文件夹内的文件名。", "Name a file of the same folder.")
_EXPECTED = {
    "string_type": Text("应是一个值。", "A single value is expected."),
    "string_too_short": Text("不能为空。", "It must not be empty."),
    "list_type": Text("应是一个清单。", "A list is expected."),
    "dict_type": Text("应由“名称: 值”组成。", "A mapping is expected."),
    "model_type": Text("应由“名称: 值”组成。", "A mapping is expected."),
    "model_attributes_type": Text("应由“名称: 值”组成。", "A mapping is expected."),
    "too_short": Text("项数太少。", "It has too few entries."),
    "too_long": Text("项数太多。", "It has too many entries."),
}


def _translated(error: ValidationError, tree: _Tree) -> Iterator[Problem]:
    """Tell the models' complaints in our words, at the place in the file."""
    for detail in error.errors(include_url=False):
        at = _written_path(detail["loc"], tree)
        kind = detail["type"]
        context = detail.get("ctx", {})
        path, place = tree.place(at)
        last = str(detail["loc"][-1]) if detail["loc"] else ""
        key = str(at[-1]) if at else ""
        text = detail["input"] if isinstance(detail["input"], str) else ""
        if kind == "missing":
            yield Problem(path, place, "E602", {"key": last})
        elif kind == "extra_forbidden":
            path, place = tree.key_places[at]
            yield Problem(path, place, "E601", {"key": last}, closest(last, _KNOWN_KEYS))
        elif kind == "union_tag_not_found":
            yield Problem(path, place, "E602", {"key": "type"})
        elif kind == "union_tag_invalid":
            expected = tuple(context["expected_tags"].replace("'", "").split(", "))
            path, place = tree.place((*at, "type"))
            args: dict[str, Words] = {
                "key": "type",
                "text": str(context["tag"]),
                "expected": _one_of(expected),
            }
            yield Problem(path, place, "E603", args, closest(str(context["tag"]), expected))
        elif kind == "literal_error":
            expected = tuple(context["expected"].replace(" or ", ", ").replace("'", "").split(", "))
            args = {"key": key, "text": text, "expected": _one_of(expected)}
            yield Problem(path, place, "E603", args, closest(text, expected))
        elif kind == "too_short" and not detail["input"]:
            yield Problem(path, place, "E606", {"key": key})
        else:
            told = _EXPECTED.get(kind, _EXPECTED["model_type"])
            if kind == "etown":
                told = Text(context["zh"], context["en"])
            yield Problem(path, place, "E603", {"key": key, "text": text, "expected": told})


def _one_of(choices: tuple[str, ...]) -> Text:
    return Text(f"可以写：{'、'.join(choices)}。", f"It may be: {', '.join(choices)}.")


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
        self.tiers = [tier["id"] for tier in plain["tiers"]]
        self.metrics = {metric["key"]: metric for metric in plain["metrics"]}
        self.readings = {reading["id"] for reading in plain["readings"]}
        self.checks = {
            check["id"]
            for section in plain["sections"]
            for item in section["items"]
            for check in item["checks"]
        }

    def problem(self, at: Path, code: str, close: tuple[str, ...] = (), **args: Words) -> Problem:
        return self._problem(at, code, args, close)

    def _problem(
        self, at: Path, code: str, args: Mapping[str, Words], close: tuple[str, ...] = ()
    ) -> Problem:
        path, place = self.tree.place(at)
        return Problem(path, place, code, args, close)

    def problems(self) -> Iterator[Problem]:
        yield from self._unique()
        yield from self._facts()
        for section_at, section in self._each("sections"):
            if section["part"] not in [part["id"] for part in self.plain["parts"]]:
                yield self._undefined((*section_at, "part"), Text("部分", "Part"), section["part"])
            for index, item in enumerate(section["items"]):
                yield from self._item((*section_at, "items", index), item)
        for at, doubt in self._each("doubts"):
            yield from self._doubt(at, doubt)

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
                yield self.problem((*at, key), "E605", what=what, text=record[key])
            seen.add(folded)

    def _undefined(self, at: Path, what: Text, text: str, known: tuple[str, ...] = ()) -> Problem:
        return self.problem(at, "E604", closest(text, known), what=what, text=text)

    def _facts(self) -> Iterator[Problem]:
        for at, county in self._each("counties"):
            if county["tier"] not in self.tiers:
                what = Text("类别", "Tier")
                yield self._undefined((*at, "tier"), what, county["tier"], tuple(self.tiers))
        for key in ("demonstration", "undeclared"):
            if self.plain[key]:
                yield from self._reading((key, "reading"), self.plain[key]["reading"])
        for name, period in self.plain["calendar"].items():
            if not period:
                continue
            yield from self._reading(("calendar", name, "reading"), period["reading"])
            short = period.get("short")
            if short:
                place: Path = ("calendar", name, "short")
                yield from self._reading((*place, "reading"), short["reading"])
                for index, year in enumerate(short["years"]):
                    if year not in period["years"]:
                        yield self._undefined(
                            (*at, "years", index), Text("年份", "Year"), str(year)
                        )

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
            yield self.problem(at, "E603", key=key, text=quote, expected=expected)

    def _tiers(self, at: Path, check: str, value: Any) -> Iterator[Problem]:
        if not isinstance(value, dict):
            return
        lacking = [tier for tier in self.tiers if tier not in value]
        if lacking:
            yield self.problem(at, "E610", check=check, lacking=tuple(lacking))
        for tier in value:
            if tier not in self.tiers:
                yield self._undefined((*at, tier), Text("类别", "Tier"), tier, tuple(self.tiers))

    def _constraint(
        self, at: Path, check: dict[str, Any], constraint: dict[str, Any], words: str
    ) -> Iterator[Problem]:
        keys = [
            key
            for key in ("metric", "other", "growth", "reference", "whole")
            if constraint.get(key)
        ]
        unknown = [problem for key in keys for problem in self._metric((*at, key), constraint[key])]
        yield from unknown
        for key in ("shortfall", "exactly"):
            ruling = constraint.get(key)
            if ruling:
                yield from self._reading((*at, key, "reading"), ruling["reading"])
                if ruling["because"]:
                    yield from self._stands_in(
                        (*at, key, "because"), "because", ruling["because"], words
                    )
        if unknown:
            return
        metric = self.metrics[constraint["metric"]]
        yield from self._kinds(at, check, constraint, keys)
        if check["years"] and not self.plain["calendar"][check["years"]]:
            yield self._undefined((*at, "years"), Text("时期", "Period"), check["years"])
        for key in ("threshold", "value", "low", "high", "margin"):
            if key in constraint:
                yield from self._tiers((*at, key), check["id"], constraint[key])
                yield from self._amounts((*at, key), check["id"], constraint, key, metric)
        for key in ("members", "accepted"):
            for index, word in enumerate(constraint.get(key, [])):
                if word not in metric["vocabulary"]:
                    vocabulary = tuple(metric["vocabulary"])
                    yield self._undefined((*at, key, index), Text("词", "Word"), word, vocabulary)

    def _kinds(
        self, at: Path, check: dict[str, Any], constraint: dict[str, Any], keys: list[str]
    ) -> Iterator[Problem]:
        kinds = KINDS_OF_CONSTRAINT[constraint["type"]]
        for key in keys:
            metric = self.metrics[constraint[key]]
            fitting = ("ratio",) if key in ("growth", "reference") else kinds
            if metric["kind"] not in fitting:
                args: dict[str, Words] = {
                    "check": check["id"],
                    "type": constraint["type"],
                    "metric": metric["name"],
                    "kind": metric["kind"],
                    "kinds": fitting,
                }
                yield self._problem((*at, key), "E607", args)
            if metric["yearly"] != bool(check["years"]):
                yield self.problem((*at, key), "E609", check=check["id"], metric=metric["name"])

    def _amounts(
        self, at: Path, check: str, constraint: dict[str, Any], key: str, metric: dict[str, Any]
    ) -> Iterator[Problem]:
        units = metric["units"] or list(UNITS[metric["kind"]])
        if constraint["type"] in ("growth_at_least", "share_at_least"):
            units = ["%"]
        elif constraint["type"] == "outgrows":
            units = ["个百分点"]
        value = constraint[key]
        for tier, text in value.items() if isinstance(value, dict) else [(None, value)]:
            quantity = read_threshold(text)
            assert isinstance(quantity, Quantity)
            if quantity.unit not in units:
                place = (*at, tier) if tier else at
                args: dict[str, Words] = {
                    "check": check,
                    "text": text,
                    "metric": metric["name"],
                    "units": tuple(units),
                }
                yield self._problem(place, "E608", args)

    def _doubt(self, at: Path, doubt: dict[str, Any]) -> Iterator[Problem]:
        for key in ("metric", "limit", "growth", "by"):
            is_metric = key != "limit" or doubt["type"] == "exceeds"
            if is_metric and isinstance(doubt.get(key), str):
                yield from self._metric((*at, key), doubt[key])
        for key in ("metrics", "parts"):
            for index, metric in enumerate(doubt.get(key, [])):
                yield from self._metric((*at, key, index), metric)
        yield from self._reading((*at, "reading"), doubt.get("reading"))
