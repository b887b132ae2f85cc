"""From a data file to a `Submission`: every key and value read, every mistake told at once."""

import os
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from hashlib import sha256
from typing import NamedTuple

from yaml import MappingNode, Node, ScalarNode

from etown_check.declarations import YEAR, DeclarationReader
from etown_check.fields import both, line_of, yes_no
from etown_check.problems import Problem
from etown_check.standard import County, Exceeds, Standard
from etown_check.submission import Declaration, Entry, Submission
from etown_check.text import fold
from etown_check.words import Text, Words
from etown_check.yamltree import decode, is_blank, position, read_bytes, read_tree

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

# What an error shows as the way to write each: the examples of metrics are the standard's.
_CONTACT_EXAMPLE = Text(
    "{姓名: 张三, 电话: 0349-0000000}", "{name: Zhang San, phone: 0349-0000000}"
)
_CONTACT_EXAMPLES = {"name": "张三", "phone": "0349-0000000"}

_DATA_FILE = Text("数据文件", "a data file")
_REFERENCE_FILE = Text("参考数据文件", "a file of reference data")

Facts = dict[str, tuple[ScalarNode, Node]]
"""The entries of a data file by the English names of their keys: key and value."""


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
    for value in _values_of(source.root, "standard"):
        if isinstance(value, ScalarNode) and not is_blank(value):
            return value
    return None


def has_standard_key(source: Source) -> bool:
    """Tell whether `source` is a data file at all: whether it has a key 标准 or standard."""
    return any(True for _ in _values_of(source.root, "standard"))


def _values_of(root: MappingNode, name: str) -> Iterator[Node]:
    """Yield what stands under a key of a data file, in either of its languages."""
    for key, value in root.value:
        if isinstance(key, ScalarNode) and fold(key.value) in (name, FILE_KEYS[name]):
            yield value


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
    reader = _FileReader(os.fspath(path), standard)
    root = open_source(os.fspath(path)).root
    found: Mapping[str, Declaration] = {}
    if any(True for _ in _values_of(root, "reference")):
        keys = {key: FILE_KEYS[key] for key in ("standard", "reference")}
        facts: Facts = {}
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
    reader = _FileReader(source.path, standard, also)
    return reader.submission(source, reference or {})


class _FileReader(DeclarationReader):
    """Reads one data file by one standard."""

    def submission(self, source: Source, reference: Mapping[str, Declaration]) -> Submission:
        facts: Facts = {}
        for key, node, value in self.known_entries(
            source.root, FILE_KEYS, _DATA_FILE, self.metric_names
        ):
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

    def _require(self, root: MappingNode, facts: Facts) -> None:
        examples = {
            "standard": self.standard.id,
            "county": self.standard.counties[0].name,
            "town": self.standard.counties[0].town,
            "as_of": "2023-12-31",
        }
        reported = {problem.code for problem in self.problems if problem.code in ("E303", "E401")}
        for key in REQUIRED_KEYS:
            name = both(FILE_KEYS, key)
            line = line_of(name, examples[key])
            if key not in facts:
                if not (key == "standard" and reported):
                    self.problem(root, "E303", key=name, example=line)
            elif is_blank(facts[key][1]):
                self.problem(facts[key][0], "E309", key=name, example=line)

    def check_standard(self, facts: Facts) -> None:
        """Report a standard other than the one that is read by."""
        text = self._scalar_fact(facts, "standard", self.standard.id)
        unknown = any(problem.code == "E401" for problem in self.problems)
        if text and fold(text) != self.standard.id and not unknown:
            node = facts["standard"][1]
            self.problem(node, "E407", text=text, standard=self.standard.id)

    def _county(self, facts: Facts) -> County | None:
        counties = self.standard.counties
        names = [county.name for county in counties]
        text = self._scalar_fact(facts, "county", names[0])
        county = self.standard.county(text) if text else None
        if text and county is None:
            english = {county.name_en.lower(): county.name for county in counties}
            close = english.get(text.lower())
            guess = (close,) if close else self.suggest(text, names, most=1)
            self.problem(facts["county"][1], "E402", guess, text=text, known=tuple(names))
        town = self._scalar_fact(facts, "town", counties[0].town)
        if town and county is not None and fold(town) != fold(county.town):
            node = facts["town"][1]
            self.problem(node, "E403", text=town, county=county.name, town=county.town)
        return county

    def _acceptance_year(self, facts: Facts, as_of: date | None) -> int | None:
        years = [year for it in self.standard.periods.values() if it.chosen for year in it.years]
        if not years:
            return as_of.year if as_of else None
        first, last = min(years), max(years)
        text = self._scalar_fact(facts, "acceptance_year", str(last))
        if text:
            match = YEAR.fullmatch(fold(text))
            if match and int(match.group(1)) in years:
                return int(match.group(1))
            node = facts["acceptance_year"][1]
            self.problem(node, "E405", text=text, first=first, last=last)
        elif as_of is not None and as_of.year not in years:
            node = facts["as_of"][1]
            self.problem(node, "E408", year=as_of.year, first=first, last=last)
        return as_of.year if as_of else None

    def _date_fact(self, facts: Facts, key: str) -> date | None:
        text = self._scalar_fact(facts, key, "2023-12-31")
        return self.day(facts[key][1], text) if text else None

    def _yes_no_fact(self, facts: Facts, key: str) -> bool | None:
        text = self._scalar_fact(facts, key, "是")
        if not text:
            return None
        answer = yes_no(text)
        if answer is None:
            self.problem(facts[key][1], "E406", text=text)
        return answer

    def _contact(self, facts: Facts) -> tuple[str, str] | None:
        if "contact" not in facts or is_blank(facts["contact"][1]):
            return None
        key, node = facts["contact"]
        if not isinstance(node, MappingNode):
            self.problem(node, "E305", key=key.value, example=_CONTACT_EXAMPLE)
            return None
        where = both(FILE_KEYS, "contact")
        given = {
            name: self.scalar(value, both(CONTACT_KEYS, name), _CONTACT_EXAMPLES[name])
            for name, _, value in self.known_entries(node, CONTACT_KEYS, where)
        }
        return given.get("name") or "", given.get("phone") or ""

    def _scalar_fact(self, facts: Facts, key: str, example: str) -> str:
        return self.scalar(facts[key][1], both(FILE_KEYS, key), example) if key in facts else ""

    def _check_impossible(self, declarations: Mapping[str, Declaration]) -> None:
        """Report what the standard's doubts call an error: a part larger than its whole."""
        for rule in self.standard.doubts:
            if not isinstance(rule, Exceeds) or not rule.is_error:
                continue
            part, whole = declarations.get(rule.metric), declarations.get(rule.limit)
            if part is None or whole is None:
                continue
            for year in part.in_force:
                for value, limit in (
                    (part.entries.get(year), whole.entries.get(year)),
                    (part.entry(year), whole.entry(year)),
                ):
                    if value and limit and value.amount > limit.amount:
                        self._report_exceeds(rule, year, value, limit)
                        break

    def _report_exceeds(self, rule: Exceeds, year: int | None, value: Entry, limit: Entry) -> None:
        args: dict[str, Words] = {
            "year": str(year),
            "metric": self.standard.metrics[rule.metric].name,
            "limit": self.standard.metrics[rule.limit].name,
            "value": value.quantity,
            "limit_value": limit.quantity,
        }
        self.problems.append(Problem(self.path, value.position, "E520", args))

    def _declarations_under(
        self, facts: Facts, key: str, *, reference: bool
    ) -> dict[str, Declaration]:
        return self.declarations(*facts[key], reference=reference) if key in facts else {}


def _merged(
    own: Mapping[str, Declaration], outranking: Mapping[str, Declaration]
) -> dict[str, Declaration]:
    """Return the reference data in force: a year of the reference file outranks the file's own."""
    merged = dict(own)
    for key, declaration in outranking.items():
        before = own.get(key)
        years = {**(before.in_force if before else {}), **declaration.in_force}
        merged[key] = declaration._replace(entries=years)
    return merged
