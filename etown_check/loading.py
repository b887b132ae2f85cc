"""From a data file to a `Submission`: every key and value read, every mistake told at once."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice

from etown_check.declarations import (
    FACTS,
    DeclarationReader,
    Elsewhere,
    KnownMapping,
)
from etown_check.decoding import alarms, decode, split_lines
from etown_check.digests import sha256
from etown_check.endings import DATA_ENDINGS, OTHER_ENDINGS, WORKBOOK_ENDINGS
from etown_check.fields import both, line_of, read_day, text_of, yes_no
from etown_check.keys import FILE_KEYS, REQUIRED_KEYS
from etown_check.ledger import Ledger
from etown_check.limits import MAX_PROBLEMS
from etown_check.memory import Memory
from etown_check.metric_values import YEAR
from etown_check.month_files import named_after
from etown_check.months import month_of
from etown_check.plain_yaml import read_plain
from etown_check.prescan import Scanned, scan
from etown_check.problems import InputError, Position, Problem, located
from etown_check.records import Record
from etown_check.rereading import read_again, remember
from etown_check.standard import FACT_KINDS, County, Exceeds, Follows, Standard
from etown_check.submission import Contact, Declaration, Entry, Submission
from etown_check.text import fold
from etown_check.tree import CELL, PLAIN, MappingNode, Mark, Node, ScalarNode, is_blank, position
from etown_check.words import Text, Words
from etown_check.yamltree import STDIN, is_office, parse, read_bytes, refuse

_DATA_FILE = Text("数据文件", "a data file")
_REFERENCE_FILE = Text("参考数据文件", "a file of reference data")

Facts = dict[str, tuple[ScalarNode, Node]]
"""The entries of a data file by the English names of their keys: key and value."""


class Source(Record):
    """A data file's tree, before it is known by which standard to read it.

    `scanned` holds the slips of its text: with an error among them it is read on, so that all of
    its mistakes are told, but never accepted. A workbook has no lines; `sheets` are its sheets in
    their order.
    """

    path: str
    sha256: str
    root: MappingNode
    lines: Sequence[str] = ()
    scanned: Scanned = Scanned("")
    warnings: tuple[Problem, ...] = ()
    sheets: tuple[str, ...] = ()

    @property
    def town(self) -> str:
        """The town that the file is of, folded; its county's name where it says no more."""
        named = (it.value for key in ("town", "county") for it in _values_of(self.root, key))
        return next((fold(name) for name in named if isinstance(name, str) and name), "")

    @property
    def month(self) -> str | None:
        """The month of the data, such as `2023-06`; `None` where there is no date."""
        named = (it.value for it in _values_of(self.root, "as_of") if isinstance(it, ScalarNode))
        days = (read_day(text) for text in named)
        return next((month_of(day) for day in days if day), None)

    def located(self, problems: Iterable[Problem]) -> list[Problem]:
        """Return `problems` where they are in the file, with the lines that they are about."""
        few = islice(problems, MAX_PROBLEMS + 1)
        return located((_placed(problem, self.scanned) for problem in few), self.lines)

    def error(self, problems: Iterable[Problem], warnings: Iterable[Problem]) -> InputError:
        """Return all that is wrong with the file, up to the limit."""
        error = InputError(self._ordered([*self.scanned.problems, *problems]), warnings)
        if len(error.problems) > MAX_PROBLEMS:
            more = Problem(self.path, None, "E216", {"limit": MAX_PROBLEMS})
            error.problems[MAX_PROBLEMS:] = [more]
        return error

    def _ordered(self, problems: list[Problem]) -> list[Problem]:
        """Return the problems of a workbook by its sheets, and one alone of each cell that is bad."""
        if not self.sheets:
            return problems
        bad = {it.position for it in self.scanned.problems}
        further = [it for it in problems[len(self.scanned.problems) :] if it.position not in bad]
        order = {sheet: at for at, sheet in enumerate(self.sheets)}
        return sorted(
            [*self.scanned.problems, *further],
            key=lambda it: order.get(it.position.sheet, -1) if it.position else -1,
        )

    def mentions(self, text: str) -> bool:
        """Tell whether `text` stands somewhere in the file."""
        return any(text in line for line in self.lines or _texts(self.root))


def _texts(node: Node) -> Iterator[str]:
    """Yield the texts of all scalars below `node`."""
    if isinstance(node, ScalarNode):
        yield node.value
    elif isinstance(node, MappingNode):
        for key, value in node.value:
            yield from _texts(key)
            yield from _texts(value)


def _placed(problem: Problem, scanned: Scanned) -> Problem:
    """Return `problem`, found in the mended text, where it is in the file."""
    if problem.position is None or problem.position.sheet or problem.line is not None:
        return problem
    end = problem.end and scanned.column(problem.position.line, problem.end)
    return problem._replace(position=scanned.place(problem.position), end=end)


def open_source(path: str) -> Source:
    """Read the data file at `path` ("-" for standard input). Raises `InputError`."""
    return source_of(path, read_bytes(path))


def source_of(path: str, content: bytes) -> Source:
    """Read the YAML or the workbook that the file at `path` holds. Raises `InputError`."""
    if is_office(content) or path.lower().endswith(_NO_TEXT):
        return _workbook(path, content)
    text, encoding = decode(path, content)
    lines = split_lines(text)
    again = read_again(path, text, lines)
    if again is not None:
        return Source(path, sha256(content).hexdigest(), again, lines, Scanned(text), encoding)
    try:
        refuse(path, text, lines)
    except InputError as error:
        raise InputError(located(error.problems, lines), encoding) from None
    doubtful = list(islice(alarms(path, text, lines), MAX_PROBLEMS))
    if any(problem.code[0] == "E" for problem in doubtful):
        raise InputError(located(doubtful, lines))
    root = read_plain(text, lines)
    scanned = scan(path, text, lines, is_plain=root is not None)
    warnings = (*encoding, *located(doubtful, lines), *scanned.warnings)
    source = Source(path, sha256(content).hexdigest(), root or _NOTHING, lines, scanned, warnings)
    if root is not None and not scanned.columns:
        if not (doubtful or scanned.problems or scanned.warnings):
            remember(lines, root)
        return source
    try:
        return source._replace(root=parse(path, scanned.text))
    except InputError as error:
        told = source.located(error.problems)
        mended = {it.position.line for it in scanned.problems if it.position}
        # Where a line was mended wrongly, or the indentation had to be guessed, what the parser
        # says is only an echo.
        if any(problem.code in ("E202", "E228") for problem in scanned.problems):
            mended |= {it.position.line for it in told if it.position}
        told = [it for it in told if it.position is None or it.position.line not in mended]
        raise source.error(told, warnings) from None


_NOTHING = MappingNode(PLAIN, [], Mark(0, 0), Mark(0, 0))
_NO_TEXT = (*WORKBOOK_ENDINGS, *OTHER_ENDINGS)


def _workbook(path: str, content: bytes) -> Source:
    """Read a workbook. Raises `InputError`."""
    from etown_check.workbooks.reading import read_form  # YAML has no need of it

    root, problems, warnings, sheets = read_form(path, content)
    digest = sha256(content).hexdigest()
    return Source(path, digest, root, (), Scanned("", problems), warnings, sheets)


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
    source = open_source(os.fspath(path))
    reader = _FileReader(source, standard)
    root = source.root
    found: Mapping[str, Declaration] = {}
    if any(True for _ in _values_of(root, "reference")):
        # A workbook has all of the facts, whatever it is used for.
        names = FILE_KEYS if root.tag == CELL else ("standard", "reference")
        keys = {key: FILE_KEYS[key] for key in names}
        facts: Facts = {}
        for key, node, value in reader.known_entries(root, keys, _REFERENCE_FILE):
            facts[key] = (node, value)
        reader.check_standard(facts)
        found = reader.declarations(*facts["reference"], reference=True)
    else:
        found = reader.metric_entries(root, reference=True)
    reader.report_stray(has_metrics=True)
    reader.finish()
    return dict(found)


def read_submission(
    source: Source,
    standard: Standard,
    reference: Mapping[str, Declaration] | None = None,
    also: Iterable[Problem] = (),
    *,
    evidence_root: str | None = None,
    elsewhere: Elsewhere | None = None,
    ledgers: Mapping[str, Ledger] | None = None,
) -> Submission:
    """Read `source` by `standard`.

    `also` are mistakes found before, such as an unknown standard: they are told together with
    the others. `evidence_root` is a folder in which evidence files may lie beside the data file's
    own; `elsewhere` knows the metrics of other standards; `ledgers` are those that have been read
    before, by what names them. Raises `InputError`.
    """
    reader = _FileReader(source, standard, also, evidence_root, elsewhere, ledgers)
    return reader.submission(reference or {})


MOST_POSSIBLE = 100
"""Pairs of declarations that are remembered."""

_POSSIBLE: Memory[tuple[int, ...], tuple[Exceeds | Follows, Declaration, Declaration]] = Memory(
    MOST_POSSIBLE
)
"""Declarations that can be together by a rule, by the identities of all three."""


class _FileReader(DeclarationReader):
    """Reads one data file by one standard."""

    def __init__(
        self,
        source: Source,
        standard: Standard,
        also: Iterable[Problem] = (),
        evidence_root: str | None = None,
        elsewhere: Elsewhere | None = None,
        ledgers: Mapping[str, Ledger] | None = None,
    ) -> None:
        super().__init__(source.path, standard, also, evidence_root, elsewhere, ledgers)
        self.source = source

    def told_warnings(self) -> list[Problem]:
        """Return the warnings about the file, and about the ledger that it names."""
        own = self.source.located(self.warnings)
        return [*self.source.warnings, *own, *self.ledger_warnings]

    def finish(self) -> None:
        """Raise what has been gathered, if anything."""
        if self.problems or self.source.scanned.problems or self.ledger_problems:
            error = self.source.error(self.source.located(self.problems), self.told_warnings())
            error.problems += self.ledger_problems
            raise error

    def submission(self, reference: Mapping[str, Declaration]) -> Submission:
        source = self.source
        facts = self._facts()
        self._require(source.root, facts)
        self.check_standard(facts)
        county = self._county(facts)
        as_of = self._date_fact(facts, "as_of")
        acceptance_year = self._acceptance_year(facts, as_of)
        demonstration = self._yes_no_fact(facts, "demonstration_county")
        contact, declared = self._declared_facts(facts)
        own_reference = self._declarations_under(facts, "reference", reference=True)
        declarations = self._declarations_under(facts, "metrics", reference=False)
        for key in declared.keys() & declarations.keys():
            name = self.standard.metrics[key].name
            again = declarations[key].position
            self.problems.append(Problem(self.path, again, "E543", {"name": name}))
        declarations = {**declared, **declarations}
        if as_of is not None:
            self.report_months_after(month_of(as_of))
        self.report_stray(has_metrics="metrics" in facts and not is_blank(facts["metrics"][1]))
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
            warnings=tuple(self.told_warnings()),
            observed=self._observed(declarations, month_of(as_of)),
            surroundings=self.around.answers,
        )

    def _facts(self) -> Facts:
        """Return the entries of the file by their names; the others are reported."""
        root, known = self.source.root, self.lookups.known
        like = known.like(FACTS, root.value)
        if like is not None:
            return dict(zip(like[0].names, root.value, strict=True))
        facts: Facts = {}
        for name, key, value in self.known_entries(root, self.lookups.file_keys, _DATA_FILE):
            facts[name] = (key, value)
        if len(facts) == len(root.value):  # nothing was left out
            known.recent[FACTS].keep(KnownMapping(root.value, tuple(facts)))
        return facts

    def _require(self, root: MappingNode, facts: Facts) -> None:
        """Report what is lacking."""
        for key in REQUIRED_KEYS:
            if key not in facts or is_blank(facts[key][1]):
                self._report_lack(key, root, facts)

    def _report_lack(self, key: str, root: MappingNode, facts: Facts) -> None:
        examples = {
            "standard": self.standard.id,
            "county": self.standard.counties[0].name,
            "town": self.standard.counties[0].town,
            "as_of": "2023-12-31",
        }
        name = both(FILE_KEYS, key)
        line = line_of(name, examples[key])
        if key in facts:
            # Of a workbook the cell is to blame that was left empty.
            node = facts[key][facts[key][1].tag == CELL]
            self.problem(node, "E309", key=name, example=line)
            return
        # What a clerk meant by an unknown key is not lacking.
        meant = {name for it in self.problems if it.code == "E301" for name in it.close[:1]}
        is_told = key == "standard" and any(it.code in ("E303", "E401") for it in self.problems)
        if not is_told and not {key, FILE_KEYS[key]} & meant:
            # No line is to blame for what is lacking, so none is shown.
            args: dict[str, Words] = {"key": name, "example": line}
            self.problems.append(Problem(self.path, position(root), "E303", args, line=""))

    def check_standard(self, facts: Facts) -> None:
        """Report a standard other than the one that is read by."""
        text = self._scalar_fact(facts, "standard", self.standard.id)
        unknown = any(problem.code == "E401" for problem in self.problems)
        if text and fold(text) != self.standard.id and not unknown:
            node = facts["standard"][1]
            self.problem(node, "E407", text=text, standard=self.standard.id)

    def _county(self, facts: Facts) -> County | None:
        counties = self.standard.counties
        text = self._scalar_fact(facts, "county", counties[0].name)
        county = self.standard.county(text) if text else None
        if text and county is None:
            names = [county.name for county in counties]
            english = {county.name_en.lower(): county.name for county in counties}
            close = english.get(text.lower())
            guess = (close,) if close else self.suggest(text, names, most=1)
            is_place = text[-1] in "县市区旗" and not guess
            code = "E409" if is_place else "E402"
            self.problem(facts["county"][1], code, guess, text=text, known=tuple(names))
        town = self._scalar_fact(facts, "town", counties[0].town)
        if town and county is not None and fold(town) != fold(county.town):
            node = facts["town"][1]
            self.problem(node, "E403", text=town, county=county.name, town=county.town)
        return county

    def _acceptance_year(self, facts: Facts, as_of: date | None) -> int | None:
        years = self.lookups.chosen_years
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

    def _declared_facts(
        self, facts: Facts
    ) -> tuple[tuple[str, str] | None, dict[str, Declaration]]:
        """Return the contact, and the metrics that are declared among the facts."""
        declared: dict[str, Declaration] = {}
        for metric in self.lookups.facts:
            fact = FACT_KINDS[metric.kind]
            if fact in facts and not is_blank(facts[fact][1]):
                key, node = facts[fact]
                entry = self._recalled(key, node, reference=metric.reference)
                declaration = (entry or self._read_entry(metric, key, node)).declaration
                if declaration is not None:
                    declared[metric.key] = declaration
        contacts = [
            entry.value
            for declaration in declared.values()
            for entry in declaration.in_force.values()
            if isinstance(entry.value, Contact)
        ]
        if (
            not self.lookups.has_contact
            and "contact" in facts
            and not is_blank(facts["contact"][1])
        ):
            contact = self.contact(facts["contact"][1], both(FILE_KEYS, "contact"))
            contacts = [contact] if contact else []
        said = [(it.name, it.phone) for it in contacts if it.name or it.phone]
        return (said[0] if said else None), declared

    def _observed(
        self, declarations: Mapping[str, Declaration], last: str
    ) -> dict[str, Declaration]:
        """Return the months that the data files beside this one show, up to `last`.

        They say something only where this file, too, is named after a month.
        """
        wanted = [key for key in self.lookups.months if key not in declarations]
        is_month = named_after(os.path.basename(self.path), DATA_ENDINGS) is not None
        if not wanted or self.path == STDIN or not is_month:
            return {}
        shown = self.around.months(self.roots[0], DATA_ENDINGS)
        if shown is None:
            # A data file that is held against its past need not lie there any more.
            return {}
        months, at = tuple(it for it in shown if it <= last), Position(1, 1)
        entries: dict[int | None, Entry] = {None: Entry(months, at, months)}
        return {key: Declaration(key, at, entries, (), "", None) for key in wanted}

    def _scalar_fact(self, facts: Facts, key: str, example: str) -> str:
        if key not in facts:
            return ""
        node = facts[key][1]
        if isinstance(node, ScalarNode):
            return text_of(node)
        return self.scalar(node, both(FILE_KEYS, key), example)

    def _check_impossible(self, declarations: Mapping[str, Declaration]) -> None:
        """Report what the standard's doubts call an error: a part larger than its whole.

        So is an end that is not later than its beginning.
        """
        for rule in self.lookups.impossible:
            limit = rule.limit if isinstance(rule, Exceeds) else rule.after
            one, other = declarations.get(rule.metric), declarations.get(limit)
            if one is None or other is None:
                continue
            key = id(rule), id(one), id(other)
            if _POSSIBLE.recall(key) is not None:
                continue
            found = len(self.problems)
            if isinstance(rule, Exceeds):
                for year, value, beside in _pairs(one, other, _exceeds):
                    self._report_exceeds(rule, year, value, beside)
            else:
                for _, value, beside in _pairs(one, other, _is_too_early):
                    self._report_too_early(rule, value, beside)
            if len(self.problems) == found:
                _POSSIBLE.remember(key, (rule, one, other))

    def _report_exceeds(self, rule: Exceeds, year: int | None, value: Entry, limit: Entry) -> None:
        args: dict[str, Words] = {
            "year": str(year),
            "metric": self.standard.metrics[rule.metric].name,
            "limit": self.standard.metrics[rule.limit].name,
            "value": value.quantity,
            "limit_value": limit.quantity,
        }
        self.problems.append(Problem(self.path, value.position, "E520", args, end=value.end))

    def _report_too_early(self, rule: Follows, value: Entry, after: Entry) -> None:
        args: dict[str, Words] = {
            "metric": self.standard.metrics[rule.metric].name,
            "value": value.day,
            "after": self.standard.metrics[rule.after].name,
            "after_value": after.day,
        }
        self.problems.append(Problem(self.path, value.position, "E534", args, end=value.end))

    def _declarations_under(
        self, facts: Facts, key: str, *, reference: bool
    ) -> Mapping[str, Declaration]:
        return self.declarations(*facts[key], reference=reference) if key in facts else {}


def _pairs(
    one: Declaration, other: Declaration, is_wrong: Callable[[Entry, Entry], bool]
) -> Iterator[tuple[int | None, Entry, Entry]]:
    """Yield the values of two metrics that cannot be together, once for each year.

    Both those declared and those in force are held against each other.
    """
    for year in one.in_force:
        for value, beside in (
            (one.entries.get(year), other.entries.get(year)),
            (one.entry(year), other.entry(year)),
        ):
            if value and beside and is_wrong(value, beside):
                yield year, value, beside
                break


def _exceeds(value: Entry, limit: Entry) -> bool:
    return value.amount > limit.amount


def _is_too_early(value: Entry, after: Entry) -> bool:
    return value.day <= after.day


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
