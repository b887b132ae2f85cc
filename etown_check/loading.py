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
from etown_check.quantities import UNITS, Fault, Quantity, read_quantity
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
from etown_check.words import Text, Words
from etown_check.yamltree import (
    PLAIN,
    STDIN,
    decode,
    entries,
    is_blank,
    position,
    read_bytes,
    read_tree,
)

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

# What an error shows as the way to write each: the examples of metrics are the standard's.
_CONTACT_EXAMPLE = Text(
    "{姓名: 张三, 电话: 0349-0000000}", "{name: Zhang San, phone: 0349-0000000}"
)
_CONTACT_EXAMPLES = {"name": "张三", "phone": "0349-0000000"}
_DOCUMENT_EXAMPLES = {
    "title": "某镇培育方案",
    "number": "某政发〔2022〕15号",
    "date": "2022-11-08",
    "file": "佐证/培育方案.pdf",
}
_VERIFIED_EXAMPLES = {"result": "属实", "by": "李四", "date": "2024-03-01"}
_VERIFIED_EXAMPLE = Text(
    "{结果: 属实, 核查人: 李四, 日期: 2024-03-01}",
    "{result: confirmed, by: Li Si, date: 2024-03-01}",
)
_EVIDENCE_EXAMPLE = Text("[佐证/平面图.pdf]", "[evidence/plan.pdf]")

_DATA_FILE = Text("数据文件", "a data file")
_REFERENCE_FILE = Text("参考数据文件", "a file of reference data")

_YES = frozenset(("是", "有", "true"))
_NO = frozenset(("否", "无", "false"))
# What people write where they have no title or name to give. None of it says whether there is one.
_PLACEHOLDER = re.compile(
    "[暂没未]有|暂无|未[见定知]|不[详明]|[待未](定|补|补充|完善|办|制定|印发|出台)|(制定|拟定|起草|印发)中|"
    "已?有的?|是的|已(制定|印发|出台)|齐全|详?见附件|附后|同上|略|空白?|不适用|不涉及|"
    "yes|no|none|null|nil|nan?|tbd|todo"
)
_NOT_YET = re.compile(r"(尚未|暂未|暂无|还没|还未|没有|正在|即将)")
_SEPARATORS = re.compile(r"[、，；;]")
_YEAR = re.compile(r"(\d{4})年?", re.ASCII)
_SPELLED_YEARS = {f"{year}年": str(year) for year in range(1990, 2100)}
_DATE = re.compile(r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?", re.ASCII)
_DRIVE = re.compile(r"[A-Za-z]:")
_NOT_WORDS = re.compile(r"[\W_]+")
_SCALE = frozenset("十百千万亿")


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
        facts: dict[str, tuple[ScalarNode, Node]] = {}
        for key, node, value in reader.known_entries(root, keys, _REFERENCE_FILE):
            facts[key] = (node, value)
        reader.check_standard(facts)
        found = reader.declarations(*facts["reference"], reference=True)
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
        for key, node, value in self.known_entries(source.root, FILE_KEYS, _DATA_FILE):
            facts[key] = (node, value)
        self._require(source.root, facts)
        self.check_standard(facts)
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
        self, mapping: MappingNode, keys: dict[str, str], where: Text
    ) -> Iterator[tuple[str, ScalarNode, Node]]:
        """Yield the entries of `mapping` under the English names of `keys`; report the others."""
        for name, key, value in entries(self.path, mapping, _aliases(keys), self.problems):
            if name in keys:
                yield name, key, value
                continue
            close = closest(key.value.strip(), [*keys.values(), *keys])
            if keys is FILE_KEYS and name in self.metric_names:
                close = ()  # a metric at the top level: the known keys say where it belongs
            known = tuple(_both(keys, name) for name in keys)
            self.problem(key, "E301", close, key=key.value.strip(), where=where, known=known)

    def _require(self, root: MappingNode, facts: dict[str, tuple[ScalarNode, Node]]) -> None:
        examples = {
            "standard": self.standard.id,
            "county": self.standard.counties[0].name,
            "town": self.standard.counties[0].town,
            "as_of": "2023-12-31",
        }
        reported = {problem.code for problem in self.problems if problem.code in ("E303", "E401")}
        for key in REQUIRED_KEYS:
            name = _both(FILE_KEYS, key)
            line = _line(name, examples[key])
            if key not in facts:
                if not (key == "standard" and reported):
                    self.problem(root, "E303", key=name, example=line)
            elif is_blank(facts[key][1]):
                self.problem(facts[key][0], "E309", key=name, example=line)

    def check_standard(self, facts: dict[str, tuple[ScalarNode, Node]]) -> None:
        """Report a standard other than the one that is read by."""
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
            self.problem(facts["county"][1], "E402", guess, text=text, known=tuple(names))
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
            self.problem(node, "E305", key=key.value, example=_CONTACT_EXAMPLE)
            return None
        where = _both(FILE_KEYS, "contact")
        given = {
            name: self._scalar(value, _both(CONTACT_KEYS, name), _CONTACT_EXAMPLES[name])
            for name, _, value in self.known_entries(node, CONTACT_KEYS, where)
        }
        return given.get("name") or "", given.get("phone") or ""

    def _scalar_fact(
        self, facts: dict[str, tuple[ScalarNode, Node]], key: str, example: str
    ) -> str:
        return self._scalar(facts[key][1], _both(FILE_KEYS, key), example) if key in facts else ""

    def _scalar(self, node: Node, key: Text, example: str) -> str:
        """Return the text of a scalar, "" where it is blank or no scalar (which is reported)."""
        if not isinstance(node, ScalarNode):
            self.problem(node, "E306", key=key, example=_line(key, example))
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
            for year in dict.fromkeys((*part.entries, *_verified_years(part))):
                for value, limit in (
                    (part.entries.get(year), whole.entries.get(year)),
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
            line = _line(Text(metric.name.zh, metric.key), example(metric))
            self.problem(node, "E305", key=key.value.strip(), example=line)
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
                self.problem(key, "E501", closest(key.value.strip(), names), key=key.value.strip())
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
        note = ""
        if "note" in details:
            note = self._scalar(details["note"], _both(DETAIL_KEYS, "note"), "…")
        verification = self._verification(metric, details.get("verified"))
        if not values and not (verification and verification.entries):
            return None
        return Declaration(metric.key, position(key), values, evidence, note, verification)

    def _is_detailed(self, metric: Metric, node: MappingNode) -> bool:
        """Tell a mapping with 值, 佐证, 备注 or 核查 from one that is itself the value."""
        keys = [fold(key.value) for key, _ in node.value if isinstance(key, ScalarNode)]
        if metric.kind == "document":
            return True
        if _has_years(node):
            return False
        return not metric.yearly or any(key in _DETAIL_ALIASES for key in keys)

    def _details(self, metric: Metric, node: MappingNode) -> tuple[Node | None, dict[str, Node]]:
        """Split a metric's mapping into the node of its value and its other details.

        A document may be written out in the same mapping (名称, 文号, 日期, 文件).
        """
        is_document = metric.kind == "document"
        keys = DETAIL_KEYS | DOCUMENT_KEYS if is_document else DETAIL_KEYS
        given = {
            name: (key, value) for name, key, value in self.known_entries(node, keys, metric.name)
        }
        details = {name: value for name, (_, value) in given.items() if name in DETAIL_KEYS}
        parts = [name for name in given if name in DOCUMENT_KEYS]
        own = details.pop("value", None)
        if parts and own is not None:
            key = given[parts[0]][0]
            self.problem(key, "E524", key=key.value, other=given["value"][0].value)
        elif parts:
            own = MappingNode(
                node.tag, [given[name] for name in parts], node.start_mark, node.end_mark
            )
        elif own is None and given and not all(is_blank(value) for _, value in given.values()):
            self.problem(node, "E519", name=metric.name, example=example(metric))
        return own, details

    def _values(self, metric: Metric, node: Node) -> dict[int | None, Entry]:
        """Read the value or the yearly values of `metric`."""
        if is_blank(node) or _is_empty_list(node):
            return {}
        if not metric.yearly:
            if _has_years(node):
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
                code = "E525" if name in _DETAIL_ALIASES else "E510"
                text, how = key.value.strip(), example(metric)
                self.problem(key, code, text=text, name=metric.name, example=how)
                continue
            year = int(match.group(1))
            if year not in years:
                self.problem(key, "E511", year=str(year), first=str(years[0]), last=str(years[-1]))
            elif not is_blank(node) and not _is_empty_list(node):
                entry = self._entry(metric, node)
                if entry:
                    found[year] = entry
        return found

    def _entry(self, metric: Metric, node: Node) -> Entry | None:
        """Read one value of `metric` by its kind."""
        match metric.kind:
            case "count" if isinstance(node, SequenceNode):
                names = self._count_names(metric, node)
                distinct = {fold(name) for name in names}
                quantity = read_quantity(str(len(distinct)), "count", metric.units)
                assert isinstance(quantity, Quantity)
                return Entry(quantity, position(node), names) if names else None
            case "names":
                return self._vocabulary_entry(metric, node)
            case "document" if isinstance(node, MappingNode):
                return self._document_entry(metric, node)
        text = self._scalar(node, Text(metric.name.zh, metric.key), example(metric))
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
        close = _unit_meant(metric, quantity.args["unit"]) if quantity.code == "E504" else ()
        args: dict[str, Words] = {
            "name": metric.name,
            "example": example_value(metric),
            **quantity.args,
            "units": tuple(quantity.args.get("units", "").split("、")),
        }
        self.problems.append(Problem(self.path, position(node), quantity.code, args, close))
        return None

    def _names(self, node: SequenceNode, example: Words) -> list[tuple[Node, str]]:
        """Return the entries of a list with their nodes; report those that are no text."""
        names: list[tuple[Node, str]] = []
        for child in node.value:
            if not isinstance(child, ScalarNode):
                self.problem(child, "E526", example=example)
            elif is_blank(child):
                self.problem(child, "E515")
            elif _swallows_an_entry(child):
                self.problem(child, "E210")
            else:
                names.append((child, child.value.strip()))
        return names

    def _count_names(self, metric: Metric, node: SequenceNode) -> tuple[str, ...]:
        """Return the names that are counted: `[无]` and `[5家]` are none."""
        names = []
        for child, name in self._names(node, "[甲, 乙]"):
            is_number = isinstance(read_quantity(name, "count", metric.units), Quantity)
            if is_number or _yes_no(name) is not None or _says_nothing(name):
                self.problem(child, "E527", text=name, example=f"5{metric.units[0]}")
                continue
            if _SEPARATORS.search(name):
                self.warnings.append(Problem(self.path, position(child), "W103", {"text": name}))
            names.append(name)
        return tuple(names)

    def _vocabulary_entry(self, metric: Metric, node: Node) -> Entry | None:
        if isinstance(node, ScalarNode) and fold(node.value) == "无":
            return Entry((), position(node))
        if not isinstance(node, SequenceNode):
            self.problem(node, "E307", key=metric.name, example=example(metric))
            return None
        names = self._names(node, example(metric))
        words = [self._word(metric, child, name) for child, name in names]
        distinct = tuple(dict.fromkeys(word for word in words if word))
        return Entry(distinct, position(node), tuple(name for _, name in names))

    def _word(self, metric: Metric, node: Node, text: str) -> str | None:
        for word in metric.vocabulary:
            if fold(word) == fold(text):
                return word
        close = closest(text, metric.vocabulary)
        self.problem(node, "E509", close, name=metric.name, text=text, known=metric.vocabulary)
        return None

    # Documents, evidence, verification

    def _document(self, node: Node, text: str) -> Document | None:
        answer = _yes_no(text)
        if answer is not None:
            return Document(answer, "")
        if _says_nothing(text) or _NOT_YET.match(text) or len(text) == 1:
            self.problem(node, "E514", text=text)
            return None
        return Document(True, text)

    def _document_entry(self, metric: Metric, node: MappingNode) -> Entry | None:
        """Read a document that is written out. A title 无 admits nothing that would name one."""
        given = {
            name: (key, value)
            for name, key, value in self.known_entries(node, DOCUMENT_KEYS, metric.name)
            if not is_blank(value)
        }
        texts = {
            name: self._scalar(value, _both(DOCUMENT_KEYS, name), _DOCUMENT_EXAMPLES[name])
            for name, (_, value) in given.items()
        }
        issued_on = self._date(given["date"][1], texts["date"]) if texts.get("date") else None
        title, number = texts.get("title", ""), texts.get("number", "")
        if _yes_no(number) is not None or (not title and _says_nothing(number)):
            number = ""
        if title:
            document = self._document(given["title"][1], title)
        elif number or texts.get("file"):
            document = Document(True, number)
        else:
            if given and all(texts.values()):
                name = _both(DOCUMENT_KEYS, "title")
                self.problem(
                    node, "E303", key=name, example=_line(name, _DOCUMENT_EXAMPLES["title"])
                )
            return None
        if document is None:
            return None
        if not document.exists:
            self._report_contradiction(given)
        whole = document._replace(number=number, issued_on=issued_on)
        return Entry(whole, position(node))

    def _report_contradiction(self, given: Mapping[str, tuple[ScalarNode, Node]]) -> None:
        """Report what names a document beside a title that says there is none."""
        key, value = given["title"]
        other = f"{key.value.strip()}: {value.value.strip()}"
        for name, (node, _) in given.items():
            if name != "title":
                self.problem(node, "E524", key=node.value.strip(), other=other)

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
            key = _both(DETAIL_KEYS, "evidence")
            self.problem(node, "E307", key=key, example=_EVIDENCE_EXAMPLE)
            return ()
        return self._files([child for child, _ in self._names(node, _EVIDENCE_EXAMPLE)])

    def _files(self, nodes: list[Node]) -> tuple[Evidence, ...]:
        found = []
        for node in nodes:
            file = node.value.strip()
            if not _stays_inside(self.folder, file):
                self.problem(node, "E521", text=file)
                continue
            exists = os.path.isfile(os.path.join(self.folder, _with_slashes(file)))
            found.append(Evidence(file, exists))
            if not exists:
                self.warnings.append(Problem(self.path, position(node), "W102", {"text": file}))
        return tuple(found)

    def _verification(self, metric: Metric, node: Node | None) -> Verification | None:
        if node is None or is_blank(node):
            return None
        if not isinstance(node, MappingNode):
            key = _both(DETAIL_KEYS, "verified")
            self.problem(node, "E305", key=key, example=_VERIFIED_EXAMPLE)
            return None
        where = _both(DETAIL_KEYS, "verified")
        given = {
            name: value
            for name, _, value in self.known_entries(node, VERIFIED_KEYS, where)
            if not is_blank(value)
        }
        if not given:
            return None
        result = self._result(node, given)
        before = len(self.problems)
        values = self._values(metric, given["value"]) if "value" in given else {}
        if result == ADJUSTED and not values and len(self.problems) == before:
            self.problem(given["result"], "E518", example=example(metric))
        by = self._verified_text(given, "by")
        on = self._verified_text(given, "date")
        day = self._date(given["date"], on) if on else None
        return Verification(result or CONFIRMED, values, by, day)

    def _verified_text(self, given: dict[str, Node], key: str) -> str:
        if key not in given:
            return ""
        return self._scalar(given[key], _both(VERIFIED_KEYS, key), _VERIFIED_EXAMPLES[key])

    def _result(self, node: Node, given: dict[str, Node]) -> str | None:
        if "result" not in given:
            key = _both(VERIFIED_KEYS, "result")
            self.problem(node, "E303", key=key, example=_line(key, _VERIFIED_EXAMPLES["result"]))
            return None
        text = self._verified_text(given, "result")
        result = RESULTS.get(fold(text)) or (fold(text) if fold(text) in RESULTS.values() else None)
        if text and result is None:
            self.problem(given["result"], "E517", text=text)
        return result


def _aliases(keys: Mapping[str, str]) -> dict[str, str]:
    """Map the folded forms of both names of each key to its English one."""
    return {fold(name): key for key, chinese in keys.items() for name in (chinese, key)}


def _both(keys: Mapping[str, str], key: str) -> Text:
    """Return a key's name in both languages."""
    return Text(keys[key], key)


def _line(key: Text, value: str) -> Text:
    """Return a line of a data file in both languages of its key."""
    return Text(f"{key.zh}: {value}", f"{key.en}: {value}")


def _yes_no(text: str) -> bool | None:
    word = fold(text).lower()
    return True if word in _YES else False if word in _NO else None


def _says_nothing(text: str) -> bool:
    """Tell whether `text` names nothing: a placeholder, a bare number, or no word at all."""
    words = _NOT_WORDS.sub("", fold(text).lower())
    if not words or words.isdecimal() or words in _YES | _NO:
        return True
    return _PLACEHOLDER.fullmatch(words) is not None


def _swallows_an_entry(node: ScalarNode) -> bool:
    """Tell whether an entry of a list has taken in the next line, indented deeper, with its dash."""
    lines = node.end_mark.line - node.start_mark.line
    return bool(node.tag == PLAIN and lines and " - " in node.value)


def _has_years(node: Node) -> bool:
    """Tell whether `node` is a mapping with a year among its keys."""
    return isinstance(node, MappingNode) and any(
        isinstance(key, ScalarNode) and _YEAR.fullmatch(fold(key.value)) for key, _ in node.value
    )


def _unit_meant(metric: Metric, unit: str) -> tuple[str, ...]:
    """Return the unit that may have been meant, but never one of another magnitude."""
    if unit in UNITS[metric.kind] or re.search("[A-Za-z]", unit):
        return ()
    known = UNITS[metric.kind] or metric.units
    return closest(unit, [it for it in known if _SCALE & set(it) == _SCALE & set(unit)], most=1)


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
        years = {**(_in_force(before) if before else {}), **_in_force(declaration)}
        merged[key] = declaration._replace(entries=years)
    return merged


def _in_force(declaration: Declaration) -> dict[int | None, Entry]:
    verified = declaration.verification.entries if declaration.verification else {}
    return {**declaration.entries, **verified}


def _verified_years(declaration: Declaration) -> Iterable[int | None]:
    return declaration.verification.entries if declaration.verification else ()


def _stays_inside(folder: str, file: str) -> bool:
    """Tell whether a relative path names something inside `folder`, also through links."""
    parts = _with_slashes(file).split("/")
    if not parts[0] or ".." in parts or _DRIVE.match(file) or "://" in file or "\0" in file:
        return False
    root = os.path.realpath(folder or ".")
    named = os.path.realpath(os.path.join(root, _with_slashes(file)))
    return named.startswith(root.rstrip(os.sep) + os.sep)


def _with_slashes(file: str) -> str:
    """Return a path as every system understands it: a data file may come from any."""
    return file.replace("\\", "/")


_DETAIL_ALIASES = _aliases(DETAIL_KEYS)
