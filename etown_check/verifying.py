"""Taking over what experts wrote into a checklist: from its cells to the records of a data file.

Nothing is guessed and nothing is lost: what cannot be taken over is told with its cell, and as
long as anything is wrong, nothing is written.
"""

import os
from collections.abc import Iterator, Mapping, Sequence

from etown_check.constraints import shown_entry
from etown_check.converting import (
    DataFile,
    evidence_left,
    evidence_root_of,
    left_out,
    read_data_file,
)
from etown_check.data_file import updated_content, written
from etown_check.declarations import DeclarationReader
from etown_check.endings import WORKBOOK_ENDINGS, YAML_ENDINGS, is_workbook
from etown_check.evidence import with_slashes
from etown_check.fields import yes_no
from etown_check.files import write_bytes
from etown_check.howto import example
from etown_check.months import month_of
from etown_check.problems import InputError, Problem, cell_name
from etown_check.records import Record
from etown_check.standard import Metric
from etown_check.submission import (
    ADJUSTED,
    Amounts,
    Declaration,
    Entry,
    Submission,
    Verification,
)
from etown_check.text import fold, visible
from etown_check.tree import CELL, Cell, MappingNode, Node, position
from etown_check.usage import UsageError, is_same_file, output_exists, replaces_input
from etown_check.words import LANGUAGES, Text, Words, render, say
from etown_check.workbooks.checklist_form import (
    FINDINGS,
    ITEM_COLUMNS,
    RESULTS,
    VERDICTS,
    DecisionKey,
    declared_mark,
    record_contents,
    value_contents,
    value_said,
)
from etown_check.workbooks.checklist_reading import DecisionRow, Filled, ItemRow, read_checklist
from etown_check.workbooks.layout import layout
from etown_check.workbooks.reading import contact_node
from etown_check.yamltree import read_bytes

WORDS = {
    "decision": Text("认定{id}{answer}", "{id} {answer}"),
    "doubt": Text("疑点{id}{answer}", "doubt {id} {answer}"),
    "with_opinion": Text("{said}（{opinion}）", "{said} ({opinion})"),
    "opinion_alone": Text("{said}：{opinion}", "{said}: {opinion}"),
    "signed": Text("{said}［{signed}］", "{said} [{signed}]"),
    "joined": Text("{first}；{second}", "{first}; {second}"),
    "no_result": Text("这一行没有选核查结果", "the row has no finding"),
    "no_record": Text("“{name}”没有核查结果", "“{name}” has no finding"),
}

_HOW = {
    "contact": Text(
        "写姓名和电话，例如：姓名：张三、电话：0349-0000000；没有的写“无”。",
        "Write name and phone, such as 姓名：Zhang San、电话：0349-0000000, or 无 (none).",
    ),
    "ledger": Text(
        "台账有不符的，选“不实”，或在核查意见里写明是哪几行；另有核定后的台账的，放在数据文件旁边，写它的文件名。",
        "Choose 不实 (rejected), or name the rows that are wrong under “Opinion”; "
        "a ledger that holds instead goes beside the data file: write the name of its file.",
    ),
}
"""How what is verified is written of metrics of these kinds, where not by a value in the cell."""


class Wanted(Record):
    """What is to be done: the files, and what may be passed over.

    With `replace` a record gives way to the checklist's; with `allow_changed` records are taken
    over of values that are no longer what they were when the checklist was made.
    """

    data: str
    checklist: str
    output: str
    force: bool = False
    replace: bool = False
    allow_changed: bool = False
    standard: str | None = None


class Verified(Record):
    """What was taken over: metrics by result, and those of the checklist that were left open.

    `changed` counts the metrics whose records are new or another than before.
    """

    counts: Mapping[str, int]
    left_open: int
    changed: int
    warnings: tuple[Problem, ...]
    notes: tuple[Text, ...] = ()


def verify(wanted: Wanted, lang: str) -> Verified:
    """Write the data file with the records of the checklist to the output, as its ending asks.

    A YAML file keeps all but its records as it was typed. `lang` is that of opinions which are
    put together from decisions. Raises `InputError` with everything that is wrong, `UsageError`,
    `OutputExists` and `OutputFailed`.
    """
    _check_output(wanted)
    data = read_data_file(wanted.data, wanted.standard)
    content = read_bytes(wanted.checklist)
    filled = read_checklist(wanted.checklist, content, data.submission.county.name)
    taken = _Taker(wanted, data, filled, lang).take()
    try:
        result, lost = _content(wanted, data, taken.submission)
    except InputError as error:
        # What the records make impossible stands in no file yet.
        told = [it._replace(path=wanted.checklist, position=None, line="") for it in error.problems]
        raise InputError(told) from None
    write_bytes(wanted.output, result, force=wanted.force)
    return taken.verified._replace(
        warnings=(*data.warnings, *taken.verified.warnings),
        notes=(*lost, *evidence_left(wanted.data, wanted.output, taken.submission)),
    )


def _check_output(wanted: Wanted) -> None:
    known = (*YAML_ENDINGS, WORKBOOK_ENDINGS[0])
    if not wanted.output.lower().endswith(known):
        shown = visible(wanted.output)
        zh, en = "、".join(known), ", ".join(known)
        raise UsageError(Text(f"“{shown}”要以 {zh} 结尾。", f"“{shown}” must end in one of {en}."))
    if not wanted.force and os.path.lexists(wanted.output):
        raise output_exists(wanted.output)
    if is_same_file(wanted.output, wanted.checklist):  # which is what the experts signed
        raise replaces_input(wanted.output)


def _content(wanted: Wanted, data: DataFile, after: Submission) -> tuple[bytes, list[Text]]:
    """Return the content of the output, and what cannot stand in it.

    Raises `InputError` where the records make the data impossible.
    """
    root = evidence_root_of(wanted.data)
    if is_workbook(wanted.data):
        result = written(data.standard, after, evidence_root=root).encode()
    else:
        before = data.submission
        result = updated_content(data.content, data.standard, before, after, evidence_root=root)
    if not is_workbook(wanted.output):
        return result, []
    from etown_check.workbooks import writing  # the library takes long to load

    form = layout(data.standard, after.county, submission=after)
    book = writing.written(data.standard, after.county, "zh", form, after.as_of)
    return book, [left_out(it) for it in form.lost]


class _Taken(Record):
    submission: Submission
    verified: Verified


class _Metric(Record):
    """The rows of one metric, and the one cell that holds each answer about all of it."""

    metric: Metric
    rows: tuple[ItemRow, ...]
    cells: Mapping[str, Cell]
    values: Mapping[int | None, Cell]

    @property
    def first(self) -> Cell:
        """The cell where a mistake of the whole row is told: that of its finding."""
        return self.cells.get("result") or self.rows[0].cells["result"]


class _Taker(DeclarationReader):
    """Makes records of the rows of a checklist, and gathers what is wrong with them."""

    def __init__(self, wanted: Wanted, data: DataFile, filled: Filled, lang: str) -> None:
        root = evidence_root_of(wanted.data)
        ledgers = data.submission.ledgers
        super().__init__(wanted.checklist, data.standard, filled.problems, root, ledgers=ledgers)
        # Whatever file a checklist names is one that the data file is to name.
        self.folder = os.path.dirname(wanted.data)
        self.roots[0] = self.folder or "."
        self.warnings += filled.warnings
        self.wanted = wanted
        self.submission = data.submission
        self.filled = filled
        self.lang = lang
        self.taken = dict(data.submission.declarations)
        self.counts = dict.fromkeys(RESULTS, 0)
        self.left_open = 0
        self.differing: list[tuple[_Metric, Cell, Verification]] = []
        self.unusable = {problem.position for problem in filled.problems}
        # Whether the data file is another than the one that the checklist was made from.
        digests = {stamp.data for stamp in filled.stamps}
        self.is_changed = bool(digests - {data.submission.sha256, ""})

    def take(self) -> _Taken:
        """Return the submission with all records. Raises `InputError` with everything wrong."""
        self._check_stamps()
        for metric in self._metrics():
            self._take(metric)
        self._take_decisions()
        for it, result, record in self.differing:
            self._replace_record(it, result, record)
        self.report_months_after(month_of(self.submission.as_of))
        self._tell_ways()
        if self.problems or self.ledger_problems:
            raise InputError([*self.problems, *self.ledger_problems], self.warnings)
        before = self.submission.declarations
        after = self.submission._replace(declarations=self.taken)
        changed = sum(it is not before.get(key) for key, it in self.taken.items())
        told = Verified(self.counts, self.left_open, changed, tuple(self.warnings))
        return _Taken(after, told)

    def _check_stamps(self) -> None:
        """Report a checklist of another standard; tell of one that is not of this very file."""
        for stamp in dict.fromkeys(it._replace(kind="") for it in self.filled.stamps):
            if stamp.standard != self.standard.id:
                text, own = stamp.standard, self.standard.id
                self._tell(self.problems, "E833", text=text, standard=own)
            elif stamp.standard_sha256 != self.standard.sha256:
                self._tell(self.warnings, "W331", text=stamp.standard)
            if not stamp.data:
                self._tell(self.warnings, "W332")
            elif self.is_changed:
                self._tell(self.warnings, "W333")

    def _tell(self, told: list[Problem], code: str, **args: Words) -> None:
        """Tell something of the whole file."""
        told.append(Problem(self.path, None, code, args))

    # Rows

    def _metrics(self) -> Iterator[_Metric]:
        """Yield the metrics that the checklist has rows of, in its order."""
        rows: dict[str, list[ItemRow]] = {}
        for row in self.filled.items:
            known = self.standard.metrics.get(row.key.metric)
            if known is not None and known.yearly == (row.key.year is not None):
                rows.setdefault(row.key.metric, []).append(row)
            else:
                self._report_unknown_row(row)
        for key, its in rows.items():
            metric = self.standard.metrics[key]
            cells = {
                name: cell
                for name in ("result", "opinion", "by", "on")
                if (cell := self._one([row.cells[name] for row in its], metric.name))
            }
            yield _Metric(metric, tuple(its), cells, dict(self._values_of(metric, its)))

    def _report_unknown_row(self, row: ItemRow) -> None:
        for name in ("result", "verified", "opinion"):
            cell = row.cells[name]
            if cell.value.strip():
                self.problem(cell, "E835", text=cell.value.strip())
                return

    def _values_of(
        self, metric: Metric, rows: Sequence[ItemRow]
    ) -> Iterator[tuple[int | None, Cell]]:
        """Yield the verified values by year, each with its unit."""
        years: dict[int | None, list[Cell]] = {}
        for row in rows:
            cell, unit = row.cells["verified"], row.cells["unit"]
            if cell.value.strip():
                cell.unit = unit if unit.value.strip() else None
                years.setdefault(row.key.year, []).append(cell)
        for year, cells in years.items():
            one = self._one(cells, metric.name)
            if one is not None:
                yield year, one

    def _one(self, cells: Sequence[Cell], name: Words) -> Cell | None:
        """Return the cell that answers; report two that differ, as on a copy of a sheet."""
        given = [cell for cell in cells if cell.value.strip()]
        for cell in given[1:]:
            if _said(cell) != _said(given[0]):
                self.problem(
                    cell,
                    "E838",
                    name=name,
                    text=_said(cell),
                    other=_said(given[0]),
                    cell=cell_name(position(given[0])),
                )
        return given[0] if given else None

    def _take(self, it: _Metric) -> None:
        """Take over the record of a metric, if there is a new one and its cells can be used."""
        if any(position(cell) in self.unusable for row in it.rows for cell in row.cells.values()):
            return
        key = it.metric.key
        declaration = self.taken.get(key)
        before = declaration.verification if declaration else None
        result = it.cells.get("result")
        if before is not None and self._is_untouched(it, before):
            self.counts[before.result] += 1
            return
        if result is None:
            self.left_open += 1
            self._check_without_result(it, before)
            return
        record = self._record(it, result, before)
        if record is None or not self._is_whole(it, record, declaration):
            return
        self.counts[record.result] += 1
        if not (record.entries or (declaration and declaration.entries)):
            self.problem(result, "E839", name=it.metric.name, text=result.value.strip())
            return
        if self.is_changed:
            self._check_changed(it, declaration)
        new = (declaration or _undeclared(it))._replace(verification=record)
        if before is not None and declaration is not None:
            if _is_same_record(before, record):
                return
            self.differing.append((it, result, before))
        self.taken[key] = new

    def _check_without_result(self, it: _Metric, before: Verification | None) -> None:
        """Report values without a finding; tell of an opinion that has no place without one."""
        for cell in it.values.values():
            self.problem(cell, "E836", text=_said(cell))
        opinion = it.cells.get("opinion")
        if opinion is not None and not (before and self._is_same("opinion", opinion, before)):
            self.warn(opinion, "W336", text=_said(opinion), why=WORDS["no_result"])

    def _is_untouched(self, it: _Metric, record: Verification) -> bool:
        """Tell whether the cells of a metric say what a checklist is filled with beforehand."""
        names = ("result", "opinion", "by", "on")
        return it.values.keys() == record.entries.keys() and all(
            [
                *(self._is_same(name, it.cells.get(name), record) for name in names),
                *(
                    self._is_same_value(it.metric, year, cell, record)
                    for year, cell in it.values.items()
                ),
            ]
        )

    def _is_same(self, name: str, cell: Cell | None, record: Verification) -> bool:
        said = cell.value.strip() if cell else ""
        return any(
            said == record_contents(record, lang)[name].text.strip() for lang in ("zh", "en")
        )

    def _is_same_value(
        self, metric: Metric, year: int | None, cell: Cell, record: Verification
    ) -> bool:
        entry = record.entries.get(year)
        if entry is None:
            return False
        value, unit = value_contents(metric, year, entry)
        own_unit = cell.unit.value.strip() if cell.unit else ""
        is_same_unit = not unit.text or unit.text == own_unit
        return cell.value.strip() == value.text.strip() and is_same_unit

    def _record(
        self, it: _Metric, result: Cell, before: Verification | None
    ) -> Verification | None:
        """Return the record of a row; `None` where something of it is wrong, which is reported."""
        found = self._number_of_problems()
        word = Cell(result.value.lower(), result.start_mark)  # a tablet may begin with a capital
        found_result = self._result(word, {"result": word})
        entries = self._entries(it, before)
        if found_result == ADJUSTED and not entries and self._number_of_problems() == found:
            self.problem(result, "E518", example=example(it.metric))
        by, on = self._signed(it, "by"), self._signed(it, "on")
        day = self.day(on, on.value.strip()) if on else None
        opinion = it.cells.get("opinion")
        if self._number_of_problems() > found or found_result is None or by is None:
            return None
        record = Verification(
            found_result, entries, by.value.strip(), day, opinion.value.strip() if opinion else ""
        )
        if before is not None and self._is_same("opinion", opinion, before):
            record = record._replace(opinion=before.opinion)
        if before is not None and self._is_same("by", by, before):
            record = record._replace(by=before.by)
        return record

    def _signed(self, it: _Metric, name: str) -> Cell | None:
        """Return who or when: of the row, or of the whole sheet; report where both are empty."""
        answering = (row for row in it.rows if row.cells["result"].value.strip())
        defaults = [row.defaults[name] for row in answering if name in row.defaults]
        cell = it.cells.get(name) or self._one(defaults, it.metric.name)
        if cell is None:
            self.problem(it.first, "E837", name=it.metric.name, key=ITEM_COLUMNS[name])
        return cell

    def _entries(self, it: _Metric, before: Verification | None) -> dict[int | None, Entry]:
        """Return the verified values; what stands as it did keeps what a cell has no room for."""
        kept = {
            year: before.entries[year]
            for year, cell in it.values.items()
            if before is not None and self._is_same_value(it.metric, year, cell, before)
        }
        new = {year: cell for year, cell in it.values.items() if year not in kept}
        read: dict[int | None, Entry] = {}
        if new:
            node = self._node(it.metric, new)
            read = self._values(it.metric, node) if node is not None else {}
        return {year: (kept | read)[year] for year in it.values if year in kept or year in read}

    def _node(self, metric: Metric, values: Mapping[int | None, Cell]) -> Node | None:
        """Return the node of a verified value, or of those of several years.

        `None` for what is no value of such a metric, however it is read; that is reported.
        """
        first = next(iter(values.values()))
        if None not in values:
            mark = first.start_mark
            years = [(Cell(str(year), cell.start_mark), cell) for year, cell in values.items()]
            return MappingNode(CELL, years, mark, mark)
        node = contact_node(first) if metric.kind == "contact" else first
        if metric.kind in _HOW and not self._can_be_read(metric, node):
            self.problem(
                first, "E844", name=metric.name, text=_said(first), expected=_HOW[metric.kind]
            )
            return None
        return node

    def _can_be_read(self, metric: Metric, node: Node) -> bool:
        """Tell of a text whether it says a contact, or names a file beside the data file."""
        if not isinstance(node, Cell):
            return True
        text = node.value.strip()
        if metric.kind == "contact":
            return yes_no(text) is False
        return os.path.isfile(os.path.join(self.folder, with_slashes(text)))

    def _is_whole(self, it: _Metric, record: Verification, declaration: Declaration | None) -> bool:
        """Report verified amounts that leave out some of the declared ones, in whose place they come."""
        for year, entry in record.entries.items():
            declared = declaration.entries.get(year) if declaration else None
            if declared is None or not isinstance(entry.value, Amounts):
                continue
            assert isinstance(declared.value, Amounts)
            given = dict(entry.value.by)
            lacking = tuple(word for word, _ in declared.value.by if word not in given)
            if lacking:
                cell = it.values[year]
                self.problem(cell, "E843", name=it.metric.name, text=tuple(given), other=lacking)
                return False
        return True

    def _check_changed(self, it: _Metric, declaration: Declaration | None) -> None:
        """Report a metric whose declared value is another than when the checklist was made."""
        mark = declared_mark(declaration)
        if all(row.cells["mark"].value.strip() == mark for row in it.rows):
            return
        rows = dict.fromkeys(_said(cell) for row in it.rows if (cell := row.cells.get("declared")))
        args: dict[str, Words] = {
            "name": it.metric.name,
            "other": "、".join(rows),
            "text": _values_words(declaration),
        }
        if self.wanted.allow_changed:
            self.warnings.append(self._at(it.first, "W335", args))
        else:
            self.problems.append(self._at(it.first, "E840", args))

    def _replace_record(self, it: _Metric, result: Cell, before: Verification) -> None:
        """Report a record that would give way, or tell that it did.

        It is judged with the decisions in its opinion: they stand there once they were taken over.
        """
        key = it.metric.key
        record = self.taken[key].verification
        assert record is not None
        if _is_same_record(before, record):
            self.taken[key] = self.submission.declarations[key]
            return
        args: dict[str, Words] = {
            "name": it.metric.name,
            "other": _record_words(before),
            "text": _record_words(record),
        }
        if self.wanted.replace:
            self.warnings.append(self._at(result, "W334", args))
        else:
            self.problems.append(self._at(result, "E841", args))

    # Decisions

    def _take_decisions(self) -> None:
        """Put what was decided into the opinions of the metrics that it is about."""
        rows: dict[DecisionKey, list[DecisionRow]] = {}
        for row in self.filled.decisions:
            rows.setdefault(row.key, []).append(row)
        for key, its in rows.items():
            given = {
                name: cell
                for name in ("decision", "opinion", "by", "on")
                if (cell := self._one([_answer(row, name) for row in its], key.id))
            }
            if "decision" in given or "opinion" in given:
                self._decide(key, given)

    def _decide(self, key: DecisionKey, given: Mapping[str, Cell]) -> None:
        decision = given.get("decision")
        words = FINDINGS if key.is_doubt else VERDICTS
        answer: Text | None = None
        if decision is not None:
            said = _folded(decision.value)
            answer = next((it for it in words if said in map(_folded, it)), None)
            if answer is None:
                self.problem(decision, "E842", text=_said(decision), known=words)
                return
        place = next((it for it in key.metrics if self._is_verified(it)), None)
        if place is not None:
            self._add_opinion(place, key, answer, given)
            return
        names = tuple(
            self.standard.metrics[it].name for it in key.metrics if it in self.standard.metrics
        )
        why = Text(*(_word("no_record", lang, name=render(names, lang)) for lang in LANGUAGES))
        for name in ("decision", "opinion"):
            if name in given:
                self.warn(given[name], "W336", text=_said(given[name]), why=why)

    def _is_verified(self, key: str) -> bool:
        declaration = self.taken.get(key)
        return declaration is not None and declaration.verification is not None

    def _add_opinion(
        self, metric: str, key: DecisionKey, answer: Text | None, given: Mapping[str, Cell]
    ) -> None:
        """Add a decision to the opinion of a metric's record, unless it stands there already."""
        declaration = self.taken[metric]
        record = declaration.verification
        assert record is not None
        kind = "doubt" if key.is_doubt else "decision"
        said = _word(kind, self.lang, id=key.id, answer=render(answer, self.lang) if answer else "")
        opinion = given.get("opinion")
        if opinion is not None:
            pattern = "with_opinion" if answer else "opinion_alone"
            said = _word(pattern, self.lang, said=said, opinion=_said(opinion))
        signed = [
            _said(given[name])
            for name, own in (("by", record.by), ("on", str(record.on)))
            if name in given and _said(given[name]) != own
        ]
        if signed:
            said = _word("signed", self.lang, said=said, signed=" ".join(signed))
        if said in record.opinion:
            return
        whole = said
        if record.opinion:
            whole = _word("joined", self.lang, first=record.opinion, second=said)
        self.taken[metric] = declaration._replace(verification=record._replace(opinion=whole))

    def _tell_ways(self) -> None:
        """Tell that how something was verified has no place in a data file."""
        ways = [cell for row in self.filled.items if (cell := row.cells["way"]).value.strip()]
        if ways:
            self.warn(ways[0], "W337", number=len(ways), key=ITEM_COLUMNS["way"])


def _answer(row: DecisionRow, name: str) -> Cell:
    """Return the cell of a row; who and when are those of the whole sheet where it has none."""
    cell = row.cells[name]
    says_something = any(row.cells[it].value.strip() for it in ("decision", "opinion"))
    return cell if cell.value.strip() or not says_something else row.defaults.get(name, cell)


def _word(key: str, lang: str, **args: str) -> str:
    return render(WORDS[key], lang).format(**args)


def _said(cell: Cell) -> str:
    """Return what a cell says, with its unit."""
    text = cell.value.strip()
    return f"{text}{cell.unit.value.strip()}" if cell.unit is not None else text


def _folded(text: str) -> str:
    return fold(text).lower()


def _is_same_record(one: Verification, other: Verification) -> bool:
    """Tell whether two records say the same, in whatever units."""
    alike = ({year: value_said(entry) for year, entry in it.entries.items()} for it in (one, other))
    return one._replace(entries={}) == other._replace(entries={}) and next(alike) == next(alike)


def _undeclared(it: _Metric) -> Declaration:
    return Declaration(it.metric.key, position(it.first), {}, (), "", None)


def _record_words(record: Verification) -> Words:
    """Return what a record says."""
    day = record.on.isoformat() if record.on else ""
    beside = (it for it in (record.by, day, record.opinion) if it)
    return (RESULTS[record.result], *_entry_words(record.entries), *beside)


def _values_words(declaration: Declaration | None) -> Words:
    words = tuple(_entry_words(declaration.entries if declaration else {}))
    return words or say("undeclared")


def _entry_words(entries: Mapping[int | None, Entry]) -> Iterator[Words]:
    for year, entry in entries.items():
        value = shown_entry(entry) or ""
        yield value if year is None else say("by_year", year=year, value=value)
