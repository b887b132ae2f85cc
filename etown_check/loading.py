"""From a data file to a `Submission`: every key and value read, every mistake told at once."""

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from hashlib import sha256
from typing import NamedTuple

from yaml import MappingNode, Node, ScalarNode, SequenceNode

from etown_check.howto import example, example_value
from etown_check.problems import InputError, Problem, closest
from etown_check.quantities import Fault, Quantity, read_quantity
from etown_check.standard import County, Exceeds, Metric, Standard
from etown_check.submission import (
    ADJUSTED,
    CONFIRMED,
    REJECTED,
    Declaration,
    Document,
    Entry,
    Evidence,
    Submission,
    Value,
    Verification,
)
from etown_check.text import fold
from etown_check.words import Words
from etown_check.yamltree import STDIN, decode, entries, is_blank, position, read_bytes, read_tree

# The keys of a data file: their English names, which the code uses, and their Chinese ones.
FILE_KEYS = {
    "standard": "标准",
    "county": "县",
    "town": "乡村e镇",
    "as_of": "数据截止日期",
    "acceptance_year": "验收年度",
    "demonstration_county": "综合示范县",
    "contact": "信息联络员",
    "reference": "参考数据",
    "metrics": "指标",
}
REQUIRED_KEYS = ("standard", "county", "town", "as_of")
CONTACT_KEYS = {"name": "姓名", "phone": "电话"}
DETAIL_KEYS = {"value": "值", "evidence": "佐证", "note": "备注", "verified": "核查"}
DOCUMENT_KEYS = {"title": "名称", "number": "文号", "date": "日期", "file": "文件"}
VERIFIED_KEYS = {"result": "结果", "value": "核定值", "by": "核查人", "date": "日期"}
RESULTS = {"属实": CONFIRMED, "核减": ADJUSTED, "不实": REJECTED}

_YES = frozenset(("是", "有", "true"))
_NO = frozenset(("否", "无", "false"))
# What people write where they have no title to give. None of it says whether there is a document.
_PLACEHOLDERS = frozenset(
    [
        "暂无",
        "没有",
        "未有",
        "待定",
        "待补",
        "待补充",
        "待完善",
        "待办",
        "未定",
        "未知",
        "未制定",
        "未印发",
        "正在制定",
        "制定中",
        "拟定中",
        "yes",
        "no",
        "y",
        "n",
        "none",
        "null",
        "nil",
        "na",
        "n/a",
        "tbd",
        "todo",
        "同上",
        "略",
    ]
)
_YEAR = re.compile(r"(\d{4})年?", re.ASCII)
_SPELLED_YEARS = {f"{year}年": str(year) for year in range(1990, 2100)}
_DATE = re.compile(r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?", re.ASCII)
_DRIVE = re.compile(r"[A-Za-z]:")
_NOT_WORDS = re.compile(r"[\W_]+")


class Source(NamedTuple):
    """A data file's tree, before it is known by which standard to read it."""

    path: str
    sha256: str
    root: MappingNode


def open_source(path: str) -> Source:
    """Read the YAML at `path` ("-" for standard input). Raises `InputError`."""
    content = read_bytes(path)
    root = read_tree(path, decode(path, content))
    return Source(path, sha256(content).hexdigest(), root)


def declared_standard(source: Source) -> ScalarNode | None:
    """Return the node that names the standard which `source` declares for, if it names one."""
    for key, value in source.root.value:
        named = isinstance(key, ScalarNode) and fold(key.value) in ("标准", "standard")
        if named and isinstance(value, ScalarNode) and not is_blank(value):
            return value
    return None


def has_standard_key(source: Source) -> bool:
    """Tell whether `source` is a data file at all: whether it has a key 标准 or standard."""
    return any(
        isinstance(key, ScalarNode) and fold(key.value) in ("标准", "standard")
        for key, _ in source.root.value
    )


def load_submission(
    path: str | os.PathLike[str],
    standard: Standard,
    reference: Mapping[str, Declaration] | None = None,
) -> Submission:
    """Read the data file at `path` by `standard`.

    `reference` holds reference data that outranks the file's own (see `load_reference`).
    Raises `InputError` with all mistakes of the file.
    """
    return read_submission(open_source(os.fspath(path)), standard, reference)


def load_reference(path: str | os.PathLike[str], standard: Standard) -> dict[str, Declaration]:
    """Read a file of reference data: a mapping of reference metrics, or one under 参考数据.

    Raises `InputError` with all mistakes of the file.
    """
    reader = _Reader(os.fspath(path), standard)
    root = open_source(os.fspath(path)).root
    found: Mapping[str, Declaration] = {}
    if any(
        isinstance(key, ScalarNode) and fold(key.value) in ("参考数据", "reference")
        for key, _ in root.value
    ):
        keys = {key: FILE_KEYS[key] for key in ("standard", "reference")}
        for key, node, value in reader.known_entries(root, keys, "参考数据文件"):
            if key == "reference":
                found = reader.declarations(node, value, reference=True)
    else:
        found = reader.metric_entries(root, reference=True)
    reader.finish()
    return dict(found)


def read_submission(
    source: Source,
    standard: Standard,
    reference: Mapping[str, Declaration] | None = None,
    also: Iterable[Problem] = (),
) -> Submission:
    """Read `source` by `standard`.

    `also` are mistakes found before, such as an unknown standard: they are told together with
    the others. Raises `InputError`.
    """
    reader = _Reader(source.path, standard, also)
    return reader.submission(source, reference or {})


class _Reader:
    """Reads one file by one standard and gathers its mistakes."""

    def __init__(self, path: str, standard: Standard, also: Iterable[Problem] = ()) -> None:
        self.path = path
        self.standard = standard
        self.problems: list[Problem] = list(also)
        self.warnings: list[Problem] = []
        self.folder = os.path.dirname(path) if path != STDIN else ""
        self.metric_names = _aliases({key: it.name.zh for key, it in standard.metrics.items()})

    def problem(self, node: Node, code: str, close: tuple[str, ...] = (), **args: Words) -> None:
        self.problems.append(Problem(self.path, position(node), code, args, close))

    def finish(self) -> None:
        """Raise what has been gathered, if anything."""
        if self.problems:
            raise InputError(self.problems)

    # The file

    def submission(self, source: Source, reference: Mapping[str, Declaration]) -> Submission:
        facts: dict[str, tuple[ScalarNode, Node]] = {}
        for key, node, value in self.known_entries(source.root, FILE_KEYS, "数据文件"):
            facts[key] = (node, value)
        self._require(source.root, facts)
        self._check_standard(facts)
        county = self._county(facts)
        as_of = self._date_fact(facts, "as_of")
        acceptance_year = self._acceptance_year(facts, as_of)
        demonstration = self._yes_no_fact(facts, "demonstration_county")
        contact = self._contact(facts)
        own_reference = self._declarations_under(facts, "reference", reference=True)
        declarations = self._declarations_under(facts, "metrics", reference=False)
        self._check_impossible(declarations)
        self.finish()
        assert county is not None
        assert as_of is not None
        assert acceptance_year is not None
        status = facts.get("demonstration_county")
        return Submission(
            path=source.path,
            sha256=source.sha256,
            standard=self.standard.id,
            county=county,
            as_of=as_of,
            acceptance_year=acceptance_year,
            demonstration=demonstration,
            demonstration_position=status and position(status[0]),
            contact=contact,
            reference=_merged(own_reference, reference),
            declarations=declarations,
            warnings=tuple(self.warnings),
        )

    def known_entries(
        self, mapping: MappingNode, keys: dict[str, str], where: str
    ) -> Iterator[tuple[str, ScalarNode, Node]]:
        """Yield the entries of `mapping` under the English names of `keys`; report the others."""
        for name, key, value in entries(self.path, mapping, _aliases(keys), self.problems):
            if name in keys:
                yield name, key, value
                continue
            close = closest(key.value.strip(), [*keys.values(), *keys])
            if keys is FILE_KEYS and name in self.metric_names:
                close = ()  # a metric at the top level: the known keys say where it belongs
            known = "、".join(keys.values())
            self.problem(key, "E301", close, key=key.value, where=where, known=known)

    def _require(self, root: MappingNode, facts: dict[str, tuple[ScalarNode, Node]]) -> None:
        examples = {
            "standard": self.standard.id,
            "county": self.standard.counties[0].name,
            "town": self.standard.counties[0].town,
            "as_of": "2023-12-31",
        }
        reported = {problem.code for problem in self.problems if problem.code in ("E303", "E401")}
        for key in REQUIRED_KEYS:
            line = f"{FILE_KEYS[key]}: {examples[key]}"
            if key not in facts:
                if not (key == "standard" and reported):
                    self.problem(root, "E303", key=FILE_KEYS[key], example=line)
            elif is_blank(facts[key][1]):
                self.problem(facts[key][0], "E309", key=FILE_KEYS[key], example=line)

    def _check_standard(self, facts: dict[str, tuple[ScalarNode, Node]]) -> None:
        text = self._scalar_fact(facts, "standard", self.standard.id)
        unknown = any(problem.code == "E401" for problem in self.problems)
        if text and fold(text) != self.standard.id and not unknown:
            node = facts["standard"][1]
            self.problem(node, "E407", text=text, standard=self.standard.id)

    def _county(self, facts: dict[str, tuple[ScalarNode, Node]]) -> County | None:
        counties = self.standard.counties
        names = [county.name for county in counties]
        text = self._scalar_fact(facts, "county", names[0])
        county = self.standard.county(text) if text else None
        if text and county is None:
            english = {county.name_en.lower(): county.name for county in counties}
            close = english.get(text.lower())
            guess = (close,) if close else closest(text, names, most=1)
            self.problem(facts["county"][1], "E402", guess, text=text, known="、".join(names))
        town = self._scalar_fact(facts, "town", counties[0].town)
        if town and county is not None and fold(town) != fold(county.town):
            node = facts["town"][1]
            self.problem(node, "E403", text=town, county=county.name, town=county.town)
        return county

    def _acceptance_year(
        self, facts: dict[str, tuple[ScalarNode, Node]], as_of: date | None
    ) -> int | None:
        years = [year for it in self.standard.periods.values() if it.chosen for year in it.years]
        if not years:
            return as_of.year if as_of else None
        first, last = min(years), max(years)
        text = self._scalar_fact(facts, "acceptance_year", str(last))
        if text:
            match = _YEAR.fullmatch(fold(text))
            if match and int(match.group(1)) in years:
                return int(match.group(1))
            node = facts["acceptance_year"][1]
            self.problem(node, "E405", text=text, first=first, last=last)
        elif as_of is not None and as_of.year not in years:
            node = facts["as_of"][1]
            self.problem(node, "E408", year=as_of.year, first=first, last=last)
        return as_of.year if as_of else None

    def _date_fact(self, facts: dict[str, tuple[ScalarNode, Node]], key: str) -> date | None:
        text = self._scalar_fact(facts, key, "2023-12-31")
        return self._date(facts[key][1], text) if text else None

    def _yes_no_fact(self, facts: dict[str, tuple[ScalarNode, Node]], key: str) -> bool | None:
        text = self._scalar_fact(facts, key, "是")
        if not text:
            return None
        answer = _yes_no(text)
        if answer is None:
            self.problem(facts[key][1], "E406", text=text)
        return answer

    def _contact(self, facts: dict[str, tuple[ScalarNode, Node]]) -> tuple[str, str] | None:
        if "contact" not in facts or is_blank(facts["contact"][1]):
            return None
        key, node = facts["contact"]
        if not isinstance(node, MappingNode):
            self.problem(node, "E305", key=key.value, example="{姓名: 张三, 电话: 0349-0000000}")
            return None
        given = {
            name: self._scalar(
                value, CONTACT_KEYS[name], "张三" if name == "name" else "0349-0000000"
            )
            for name, _, value in self.known_entries(node, CONTACT_KEYS, FILE_KEYS["contact"])
        }
        return given.get("name") or "", given.get("phone") or ""

    def _scalar_fact(
        self, facts: dict[str, tuple[ScalarNode, Node]], key: str, example: str
    ) -> str:
        return self._scalar(facts[key][1], FILE_KEYS[key], example) if key in facts else ""

    def _scalar(self, node: Node, key: str, example: str) -> str:
        """Return the text of a scalar, "" where it is blank or no scalar (which is reported)."""
        if not isinstance(node, ScalarNode):
            self.problem(node, "E306", key=key, example=f"{key}: {example}")
            return ""
        return "" if is_blank(node) else node.value.strip()

    def _date(self, node: Node, text: str) -> date | None:
        match = _DATE.fullmatch(fold(text))
        try:
            if match:
                return date(*map(int, match.groups()))
        except ValueError:
            pass  # 2023-02-30: told like any other text that is no date
        self.problem(node, "E404", text=text)
        return None

    def _check_impossible(self, declarations: Mapping[str, Declaration]) -> None:
        """Report what the standard's doubts call an error: a part larger than its whole."""
        for rule in self.standard.doubts:
            if not isinstance(rule, Exceeds) or not rule.is_error:
                continue
            part, whole = declarations.get(rule.metric), declarations.get(rule.limit)
            if part is None or whole is None:
                continue
            for year, entry in part.entries.items():
                for value, limit in (
                    (entry, whole.entries.get(year)),
                    (part.entry(year), whole.entry(year)),
                ):
                    if value and limit and _amount(value) > _amount(limit):
                        self._report_exceeds(rule, year, value, limit)
                        break

    def _report_exceeds(self, rule: Exceeds, year: int | None, value: Entry, limit: Entry) -> None:
        args: dict[str, Words] = {
            "year": str(year),
            "metric": self.standard.metrics[rule.metric].name,
            "limit": self.standard.metrics[rule.limit].name,
            "value": _quantity(value),
            "limit_value": _quantity(limit),
        }
        self.problems.append(Problem(self.path, value.position, "E520", args))

    # Metrics

    def _declarations_under(
        self, facts: dict[str, tuple[ScalarNode, Node]], key: str, *, reference: bool
    ) -> dict[str, Declaration]:
        return self.declarations(*facts[key], reference=reference) if key in facts else {}

    def declarations(
        self, key: ScalarNode, node: Node, *, reference: bool
    ) -> dict[str, Declaration]:
        """Read the mapping of metrics under `key`."""
        if is_blank(node):
            return {}
        if not isinstance(node, MappingNode):
            metric = next(it for it in self.standard.metrics.values() if it.reference == reference)
            line = f"{metric.name.zh}: {example(metric)}"
            self.problem(node, "E305", key=key.value, example=line)
            return {}
        return self.metric_entries(node, reference=reference)

    def metric_entries(self, mapping: MappingNode, *, reference: bool) -> dict[str, Declaration]:
        """Read metrics, or reference metrics, by either of their names."""
        found: dict[str, Declaration] = {}
        for name, key, node in entries(self.path, mapping, self.metric_names, self.problems):
            metric = self.standard.metrics.get(name)
            if metric is None:
                kin = [it for it in self.standard.metrics.values() if it.reference == reference]
                names = [name for it in kin for name in (it.name.zh, it.key)]
                self.problem(key, "E501", closest(key.value.strip(), names), key=key.value)
            elif metric.reference != reference:
                code = "E522" if metric.reference else "E523"
                self.problem(key, code, name=metric.name)
            else:
                declaration = self._declaration(metric, key, node)
                if declaration is not None:
                    found[name] = declaration
        return found

    def _declaration(self, metric: Metric, key: ScalarNode, node: Node) -> Declaration | None:
        """Read one metric; `None` where nothing is declared of it."""
        details: dict[str, Node] = {}
        own: Node | None = node
        if isinstance(node, MappingNode) and self._is_detailed(metric, node):
            own, details = self._details(metric, node)
        values = {} if own is None else self._values(metric, own)
        evidence = self._evidence(details.get("evidence"))
        if own is not None and metric.kind == "document":
            evidence = (*self._document_files(own), *evidence)
        note = self._scalar(details["note"], "备注", "…") if "note" in details else ""
        verification = self._verification(metric, details.get("verified"))
        if not values and not (verification and verification.entries):
            return None
        return Declaration(metric.key, position(key), values, evidence, note, verification)

    def _is_detailed(self, metric: Metric, node: MappingNode) -> bool:
        """Tell a mapping with 值, 佐证, 备注 or 核查 from one that is itself the value."""
        keys = [fold(key.value) for key, _ in node.value if isinstance(key, ScalarNode)]
        if metric.kind == "document":
            return True
        if any(_YEAR.fullmatch(key) for key in keys):
            return False
        return not metric.yearly or any(key in _DETAIL_ALIASES for key in keys)

    def _details(self, metric: Metric, node: MappingNode) -> tuple[Node | None, dict[str, Node]]:
        """Split a metric's mapping into the node of its value and its other details.

        A document may be written out in the same mapping (名称, 文号, 日期, 文件).
        """
        is_document = metric.kind == "document"
        keys = DETAIL_KEYS | DOCUMENT_KEYS if is_document else DETAIL_KEYS
        given = {
            name: (key, value)
            for name, key, value in self.known_entries(node, keys, metric.name.zh)
        }
        details = {name: value for name, (_, value) in given.items() if name in DETAIL_KEYS}
        parts = [name for name in given if name in DOCUMENT_KEYS]
        own = details.pop("value", None)
        if parts and own is not None:
            key = given[parts[0]][0]
            self.problem(key, "E524", key=key.value, other=given["value"][0].value)
        elif parts:
            own = node
        elif own is None and given and not all(is_blank(value) for _, value in given.values()):
            self.problem(node, "E519", name=metric.name, example=example(metric))
        return own, details

    def _values(self, metric: Metric, node: Node) -> dict[int | None, Entry]:
        """Read the value or the yearly values of `metric`."""
        if is_blank(node) or _is_empty_list(node):
            return {}
        if not metric.yearly:
            if isinstance(node, MappingNode) and metric.kind != "document":
                self.problem(node, "E513", name=metric.name, example=example(metric))
                return {}
            entry = self._entry(metric, node)
            return {None: entry} if entry else {}
        if not isinstance(node, MappingNode):
            self.problem(node, "E512", name=metric.name, example=example(metric))
            return {}
        return self._by_year(metric, node)

    def _by_year(self, metric: Metric, mapping: MappingNode) -> dict[int | None, Entry]:
        found: dict[int | None, Entry] = {}
        years = self.standard.years
        for name, key, node in entries(self.path, mapping, _SPELLED_YEARS, self.problems):
            match = _YEAR.fullmatch(name)
            if match is None:
                how = example(metric)
                self.problem(key, "E510", text=key.value, name=metric.name, example=how)
            elif int(name) not in years:
                first, last = str(years[0]), str(years[-1])
                self.problem(key, "E511", year=name, first=first, last=last)
            elif not is_blank(node) and not _is_empty_list(node):
                entry = self._entry(metric, node)
                if entry:
                    found[int(name)] = entry
        return found

    def _entry(self, metric: Metric, node: Node) -> Entry | None:
        """Read one value of `metric` by its kind."""
        match metric.kind:
            case "count" if isinstance(node, SequenceNode):
                names = self._names(metric, node)
                distinct = {fold(name) for name in names}
                quantity = read_quantity(str(len(distinct)), "count", metric.units)
                assert isinstance(quantity, Quantity)
                return Entry(quantity, position(node), names) if names else None
            case "names":
                return self._vocabulary_entry(metric, node)
            case "document" if isinstance(node, MappingNode):
                return self._document_entry(node)
        text = self._scalar(node, metric.name.zh, example_value(metric))
        return self._scalar_entry(metric, node, text) if text else None

    def _scalar_entry(self, metric: Metric, node: Node, text: str) -> Entry | None:
        value: Value | None
        match metric.kind:
            case "yes_no":
                value = _yes_no(text)
                if value is None:
                    self.problem(node, "E508", text=text)
            case "choice":
                value = self._word(metric, node, text)
            case "document":
                value = self._document(node, text)
            case _:
                value = self._quantity(metric, node, text)
        return None if value is None else Entry(value, position(node))

    def _quantity(self, metric: Metric, node: Node, text: str) -> Quantity | None:
        if metric.kind == "count" and fold(text) == "无":
            text = "0"
        quantity = read_quantity(text, metric.kind, metric.units)
        if not isinstance(quantity, Fault):
            return quantity
        close = (
            closest(quantity.args["unit"], quantity.args["units"].split("、"), most=1)
            if quantity.code == "E504"
            else ()
        )
        args: dict[str, Words] = {
            "name": metric.name,
            "example": example_value(metric),
            **quantity.args,
        }
        self.problems.append(Problem(self.path, position(node), quantity.code, args, close))
        return None

    def _names(self, metric: Metric, node: SequenceNode) -> tuple[str, ...]:
        names = []
        for child in node.value:
            name = self._scalar(child, metric.name.zh, "[甲, 乙]")
            if name:
                names.append(name)
            elif isinstance(child, ScalarNode):
                self.problem(child, "E515")
        return tuple(names)

    def _vocabulary_entry(self, metric: Metric, node: Node) -> Entry | None:
        if isinstance(node, ScalarNode) and fold(node.value) == "无":
            return Entry((), position(node))
        if not isinstance(node, SequenceNode):
            self.problem(node, "E307", key=metric.name, example=example(metric))
            return None
        names = self._names(metric, node)
        children = [child for child in node.value if not is_blank(child)]
        words = [
            self._word(metric, child, name) for child, name in zip(children, names, strict=False)
        ]
        return Entry(tuple(dict.fromkeys(word for word in words if word)), position(node), names)

    def _word(self, metric: Metric, node: Node, text: str) -> str | None:
        for word in metric.vocabulary:
            if fold(word) == fold(text):
                return word
        close = closest(text, metric.vocabulary)
        known = "、".join(metric.vocabulary)
        self.problem(node, "E509", close, name=metric.name, text=text, known=known)
        return None

    # Documents, evidence, verification

    def _document(self, node: Node, text: str) -> Document | None:
        answer = _yes_no(text)
        if answer is not None:
            return Document(answer, "")
        folded = fold(text).lower()
        if folded in _PLACEHOLDERS or not _NOT_WORDS.sub("", folded):
            self.problem(node, "E514", text=text)
            return None
        return Document(True, text)

    def _document_entry(self, node: MappingNode) -> Entry | None:
        parts = {
            name: value
            for name, _, value in entries(self.path, node, _aliases(DOCUMENT_KEYS), [])
            if name in DOCUMENT_KEYS and not is_blank(value)
        }
        texts = {
            name: self._scalar(value, DOCUMENT_KEYS[name], "…") for name, value in parts.items()
        }
        issued_on = self._date(parts["date"], texts["date"]) if texts.get("date") else None
        if not any(texts.values()):
            return None
        title, number = texts.get("title", ""), texts.get("number", "")
        document = self._document(parts["title"], title) if title else Document(True, number)
        if document is None:
            return None
        whole = document._replace(number=number, issued_on=issued_on)
        return Entry(whole, position(node))

    def _document_files(self, node: Node) -> tuple[Evidence, ...]:
        if not isinstance(node, MappingNode):
            return ()
        aliases = _aliases(DOCUMENT_KEYS)
        for name, _, value in entries(self.path, node, aliases, []):
            if name == "file" and isinstance(value, ScalarNode) and not is_blank(value):
                return self._files([value])
        return ()

    def _evidence(self, node: Node | None) -> tuple[Evidence, ...]:
        if node is None or is_blank(node):
            return ()
        if isinstance(node, ScalarNode):
            return self._files([node])
        if not isinstance(node, SequenceNode):
            self.problem(node, "E307", key=DETAIL_KEYS["evidence"], example="[佐证/平面图.pdf]")
            return ()
        key, sample = DETAIL_KEYS["evidence"], "佐证/平面图.pdf"
        return self._files([child for child in node.value if self._scalar(child, key, sample)])

    def _files(self, nodes: list[ScalarNode]) -> tuple[Evidence, ...]:
        found = []
        for node in nodes:
            file = node.value.strip()
            if not _stays_inside(self.folder, file):
                self.problem(node, "E521", text=file)
                continue
            exists = os.path.isfile(os.path.join(self.folder, file))
            found.append(Evidence(file, exists))
            if not exists:
                self.warnings.append(Problem(self.path, position(node), "W102", {"text": file}))
        return tuple(found)

    def _verification(self, metric: Metric, node: Node | None) -> Verification | None:
        if node is None or is_blank(node):
            return None
        if not isinstance(node, MappingNode):
            self.problem(
                node,
                "E305",
                key=DETAIL_KEYS["verified"],
                example="{结果: 属实, 核查人: 李四, 日期: 2024-03-01}",
            )
            return None
        given = {
            name: value
            for name, _, value in self.known_entries(node, VERIFIED_KEYS, DETAIL_KEYS["verified"])
            if not is_blank(value)
        }
        if not given:
            return None
        result = self._result(node, given)
        values = self._values(metric, given["value"]) if "value" in given else {}
        if result == ADJUSTED and "value" not in given:
            self.problem(given["result"], "E518", example=example(metric))
        by = self._scalar(given["by"], VERIFIED_KEYS["by"], "李四") if "by" in given else ""
        on = None
        if "date" in given:
            text = self._scalar(given["date"], VERIFIED_KEYS["date"], "2024-03-01")
            on = self._date(given["date"], text) if text else None
        return Verification(result or CONFIRMED, values, by, on)

    def _result(self, node: Node, given: dict[str, Node]) -> str | None:
        if "result" not in given:
            self.problem(node, "E303", key=VERIFIED_KEYS["result"], example="结果: 属实")
            return None
        text = self._scalar(given["result"], VERIFIED_KEYS["result"], "属实")
        result = RESULTS.get(fold(text)) or (fold(text) if fold(text) in RESULTS.values() else None)
        if text and result is None:
            self.problem(given["result"], "E517", text=text)
        return result


def _aliases(keys: Mapping[str, str]) -> dict[str, str]:
    """Map the folded forms of both names of each key to its English one."""
    return {fold(name): key for key, chinese in keys.items() for name in (chinese, key)}


def _yes_no(text: str) -> bool | None:
    word = fold(text).lower()
    return True if word in _YES else False if word in _NO else None


def _is_empty_list(node: Node) -> bool:
    return isinstance(node, SequenceNode) and not node.value


def _quantity(entry: Entry) -> Quantity:
    assert isinstance(entry.value, Quantity)
    return entry.value


def _amount(entry: Entry) -> Fraction:
    return _quantity(entry).amount


def _merged(
    own: Mapping[str, Declaration], outranking: Mapping[str, Declaration]
) -> dict[str, Declaration]:
    """Return the reference data in force: a year of the reference file outranks the file's own."""
    merged = dict(own)
    for key, declaration in outranking.items():
        before = own.get(key)
        years = {**(before.entries if before else {}), **declaration.entries}
        merged[key] = declaration._replace(entries=years)
    return merged


def _stays_inside(folder: str, file: str) -> bool:
    """Tell whether a relative path names something inside `folder`, also through links."""
    parts = file.replace("\\", "/").split("/")
    if not parts[0] or ".." in parts or _DRIVE.match(file) or "://" in file or "\0" in file:
        return False
    root = os.path.realpath(folder or ".")
    return os.path.realpath(os.path.join(root, file)).startswith(root.rstrip(os.sep) + os.sep)


_DETAIL_ALIASES = _aliases(DETAIL_KEYS)
