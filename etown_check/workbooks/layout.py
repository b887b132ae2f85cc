"""What stands where in the workbook of a county, before there is any file."""

import re
from collections.abc import Iterator, Mapping
from datetime import date

from etown_check.asking import Asked, Wanted, asked, optional, wanted, wanted_for_reference
from etown_check.howto import example_value
from etown_check.keys import FILE_KEYS
from etown_check.metric_values import RESULTS
from etown_check.quantities import UNITS, Quantity, read_quantity
from etown_check.records import Record
from etown_check.standard import (
    FACT_KINDS,
    AnyOf,
    County,
    Metric,
    Part,
    Standard,
    metrics_of,
    thresholds_of,
)
from etown_check.submission import Contact, Entry, Submission
from etown_check.text import fold
from etown_check.words import Text, render
from etown_check.workbooks.columns import (
    COLUMNS,
    CONTACT,
    DETAILS,
    FACT_HELP,
    FACT_NAME,
    FACT_VALUE,
    FACTS,
    GUIDE,
    REFERENCE,
    year_name,
)
from etown_check.workbooks.filling import (
    EMPTY,
    NUMBER,
    Content,
    amounts_content,
    column_of,
    contact_contents,
    date_content,
    filled,
    text_content,
)

_SAMPLE_DATE = date(2023, 12, 31)
_LONGEST_NAME = 31
"""Characters of a sheet's name."""
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")

WORDS = {
    "title": Text("{town}填报表", "Data of {town}"),
    "head": Text("{section}    {town}（{tier}）", "{section}    {town} ({tier})"),
    "unasked_head": Text(
        "{section}（可不填，填了就检查）    {town}（{tier}）",
        "{section} (optional; checked once anything is filled in)    {town} ({tier})",
    ),
    "check": Text("{check} {words}", "{check} {words}"),
    "quote": Text("{check} “{quote}”（{where}）", "{check} “{quote}” ({where})"),
    "evidence": Text("佐证材料：{evidence}", "Evidence asked for: {evidence}"),
    "files": Text(
        "应备：{evidence}\n写文件的路径，每行一个，例如 佐证/平面图.pdf",
        "Asked for: {evidence}\nOne file to a line, such as evidence/plan.pdf",
    ),
    # What is said beside a cell while it is filled in
    "count": Text(
        "填数量，如 {number}；也可以写名称，每行一个（Alt+Enter 换行）。没有的填 0。",
        "A number, such as {number}, or the names, one to a line (Alt+Enter). Write 0 for none.",
    ),
    "quantity": Text(
        "只填数字，单位在“单位”栏选。没有的填 0。",
        "The number alone; choose its unit under “Unit”. Write 0 for none.",
    ),
    "ratio": Text("只填数字：6.1% 填 6.1。", "The number alone: 6.1 for 6.1%."),
    "yes_no": Text("选“是”或“否”。", "Choose 是 (yes) or 否 (no)."),
    "document": Text(
        "写文件名称，文号和日期填在右边；或者只选“有”“无”。",
        "The document's title, with its number and date to the right; or just 有 (there is) or 无.",
    ),
    "date": Text("填日期，如 2022-11-01。", "A date, such as 2022-11-01."),
    "months": Text(
        "填月份，如 2022-11，几个月用顿号隔开，或每行一个（Alt+Enter 换行）；"
        "也可以写存放月报的文件夹，如 月报/，文件名是月份。",
        "Months such as 2022-11, set apart by commas or one to a line (Alt+Enter); "
        "or the folder of the reports, whose files are named by months.",
    ),
    "amounts": Text(
        "金额连单位写在冒号后面，如 {first}：100万元。没有的写 0元，还不清楚就不填。",
        "The amount with its unit behind each colon, such as {first}：100万元. "
        "Write 0元 for none; leave empty what is unknown.",
    ),
    "ledger": Text(
        "填台账的文件名，如 台账.csv 或 台账.xlsx。",
        "The name of the ledger's file, such as 台账.csv or 台账.xlsx.",
    ),
    "contact": Text(
        "写成两行，如 姓名：张三 和 电话：0349-0000000。",
        "Two lines, such as 姓名：Zhang San and 电话：0349-0000000.",
    ),
    "names": Text("可写（每行一个）：{words}", "Any of these, one to a line: {words}"),
    "choice": Text("从中选一个：{words}", "One of: {words}"),
    "verified": Text(
        "核减的，写核定的数值和单位，如 {example}。",
        "The value that holds instead, with its unit, such as {example}.",
    ),
    "verified_words": Text(
        "核减的，写核定后的内容，如 {example}。", "What holds instead, such as {example}."
    ),
    "verified_years": Text(
        "核减的，每年写一行，如 {year}: {example}",
        "The value that holds instead, a line for each year, such as {year}: {example}",
    ),
    # The facts
    "standard": Text("依据的标准，不要改动。", "The standard; leave it as it is."),
    "county": Text(
        "{tier}。要求按类别计算，不要改动。", "{tier}, which sets what is required; leave it."
    ),
    "town": Text("不要改动。", "Leave it as it is."),
    "as_of": Text(
        "改成实际的数据截止日期，如 2023-12-31。", "The date of the data, such as 2023-12-31."
    ),
    "acceptance_year": Text(
        "不填时取数据截止日期的年份。", "By default the year of the date above."
    ),
    "demonstration_county": Text(
        "是否电子商务进农村综合示范县。所填为由方案推定，请确认。",
        "Whether it is a demonstration county. Inferred from the plan; please confirm.",
    ),
    "name": Text("可不填。", "Optional."),
    "phone": Text("可不填。", "Optional."),
    "fund_ledger": Text(
        "台账的文件名，如 台账.csv，放在本文件所在的文件夹。没有的不填。",
        "The name of the ledger's file, such as 台账.csv, in this workbook's folder. Empty for none.",
    ),
    "switches_on": Text(
        "{help}填了就检查“{part}”部分。", "{help} Once filled in, “{part}” is checked."
    ),
}


class Choices(Record):
    """What may be chosen in a cell; `only` where nothing else may be typed."""

    words: tuple[str, ...]
    only: bool


ANYTHING = Choices((), only=False)
_YES_NO = Choices(("是", "否"), only=True)


class Row(Record):
    """The row of a metric.

    `required` has a line for each of its `checks`; `remark` holds the plan's words. `fields` are
    the keys of the columns that may be filled in, `cells` what stands in them. `prompts` say how
    a cell is filled in, by its column.
    """

    metric: Metric
    name: str
    checks: tuple[str, ...]
    required: tuple[str, ...]
    remark: str
    fields: frozenset[str]
    cells: Mapping[str, Content]
    choices: Mapping[str, Choices]
    prompts: Mapping[str, str]


class Fact(Record):
    """A row of the sheet of facts. What is `fixed` is no field to fill in.

    `row` is that of the metric, in the first row of a fact that is one: its details stand beside
    it.
    """

    name: str
    content: Content
    help: str
    choices: Choices
    fixed: bool
    is_date: bool
    row: Row | None


class Sheet(Record):
    """A sheet of metrics. `columns` are keys, those of years among them, with their names.

    One that is not `is_asked` may be left empty: its part is judged once something stands there.
    """

    name: str
    title: str
    columns: Mapping[str, str]
    rows: tuple[Row, ...]
    is_asked: bool


class Lost(Record):
    """What of a submission is not in its workbook: in which cell, and the code of a character."""

    sheet: str
    name: str
    column: str
    what: str


class Layout(Record):
    """A workbook: the names of its sheets of words and facts, the facts, the sheets of metrics.

    The columns of the facts are keys with their names.
    """

    title: str
    guide: str
    facts_name: str
    facts_columns: Mapping[str, str]
    facts: tuple[Fact, ...]
    sheets: tuple[Sheet, ...]

    @property
    def lost(self) -> Iterator[Lost]:
        """What could not be taken over from the submission, in the order of the cells."""
        for fact in self.facts:
            details = fact.row.cells if fact.row else {}
            contents = {"value": fact.content, **{it: details.get(it, EMPTY) for it in DETAILS}}
            yield from _lost(self.facts_name, fact.name, self.facts_columns, contents)
        for sheet in self.sheets:
            for row in sheet.rows:
                yield from _lost(sheet.name, row.name, sheet.columns, row.cells)


def _lost(
    sheet: str, name: str, columns: Mapping[str, str], contents: Mapping[str, Content]
) -> Iterator[Lost]:
    for key, content in contents.items():
        for what in content.lost:
            yield Lost(sheet, name, columns[key], what)


def layout(
    standard: Standard, county: County, lang: str = "zh", submission: Submission | None = None
) -> Layout:
    """Return the workbook of `county`, filled with what `submission` declares."""
    return _Maker(standard, county, lang, submission).layout()


def form_rows(
    standard: Standard, county: County, lang: str = "zh", submission: Submission | None = None
) -> dict[str, Row]:
    """Return the rows of all metrics that a county declares, by their keys.

    Those that stand among the facts of a workbook are here too: they are verified like others.
    """
    maker = _Maker(standard, county, lang, submission)
    every = (*wanted(standard), *wanted_for_reference(standard))
    return {it.metric.key: maker.row(it) for it in every}


class _Maker:
    """Makes the records of one workbook."""

    def __init__(
        self, standard: Standard, county: County, lang: str, submission: Submission | None
    ) -> None:
        self.standard = standard
        self.county = county
        self.lang = lang
        self.submission = submission
        self.fact_metrics = {
            FACT_KINDS[it.metric.kind]: it for it in wanted(standard) if it.metric.is_fact
        }

    def say(self, words: Text, /, **args: str) -> str:
        return render(words, self.lang).format(**args)

    def layout(self) -> Layout:
        sections: dict[Text, list[Wanted]] = {}
        for it in (it for it in wanted(self.standard) if not it.metric.is_fact):
            sections.setdefault(self._section(it), []).append(it)
        for it in wanted_for_reference(self.standard):
            sections.setdefault(REFERENCE, []).append(it)
        guide, facts = render(GUIDE, self.lang), render(FACTS, self.lang)
        names = sheet_names([guide, facts, *(render(it, self.lang) for it in sections)])
        return Layout(
            self.say(WORDS["title"], town=self.county.town),
            guide,
            facts,
            self._facts_columns(),
            tuple(self.facts()),
            tuple(
                self.sheet(name, section, metrics)
                for name, (section, metrics) in zip(names[2:], sections.items(), strict=True)
            ),
        )

    def _section(self, it: Wanted) -> Text:
        """Return the heading of the sheet of a metric.

        A part that is only judged where something of it is declared has one sheet: it is filled
        in or left out as a whole, and its sections may hold a metric each.
        """
        part = self._unasked_part(it.metric)
        return it.section if part is None else part.name

    def _unasked_part(self, metric: Metric) -> Part | None:
        """Return the part that declaring `metric` has judged, `None` for one that always is."""
        part = self.standard.parts.get(self.standard.owners.get(metric.key, ""))
        return None if part is None or part.default else part

    # The facts

    def _facts_columns(self) -> dict[str, str]:
        names = {"name": FACT_NAME, "value": FACT_VALUE, "help": FACT_HELP}
        if self.fact_metrics:
            names |= {key: COLUMNS[key] for key in DETAILS}
        return {key: render(name, self.lang) for key, name in names.items()}

    def facts(self) -> Iterator[Fact]:
        years = dict.fromkeys(
            str(year)
            for period in self.standard.periods.values()
            if period.chosen
            for year in period.years
        )
        choices = {
            "acceptance_year": Choices(tuple(years), only=True),
            "demonstration_county": _YES_NO,
        }
        for key, content in self._given_facts().items():
            chinese = FILE_KEYS.get(key)
            name = render(CONTACT[key] if chinese is None else Text(chinese, key), self.lang)
            metric = self.fact_metrics.get("contact" if key in CONTACT else key)
            yield Fact(
                name,
                content,
                self._help(key, metric),
                choices.get(key, ANYTHING),
                fixed=key in ("standard", "county", "town"),
                is_date=key == "as_of",
                row=None if metric is None or key == "phone" else self.row(metric),
            )

    def _help(self, key: str, metric: Wanted | None) -> str:
        """Say how a fact is written, and what is judged once it is there."""
        tier = render(self.standard.tiers[self.county.tier].name, self.lang)
        said = self.say(WORDS[key], tier=tier)
        part = self._unasked_part(metric.metric) if metric else None
        if part is None:
            return said
        return self.say(WORDS["switches_on"], help=said, part=render(part.name, self.lang))

    def _given_facts(self) -> dict[str, Content]:
        """Return what stands in the facts: those of the submission, or of a form to fill in."""
        it = self.submission
        status = self.county.demonstration if it is None else it.demonstration
        given = {
            "standard": text_content(self.standard.id),
            "county": text_content(self.county.name),
            "town": text_content(self.county.town),
            "as_of": date_content(_SAMPLE_DATE if it is None else it.as_of),
            "acceptance_year": EMPTY if it is None else Content(str(it.acceptance_year), NUMBER),
            "demonstration_county": EMPTY if status is None else Content("是" if status else "否"),
            **contact_contents(self._contact()),
        }
        if "fund_ledger" in self.fact_metrics:
            ledger = self._declared("fund_ledger")
            given["fund_ledger"] = text_content(ledger.names[0]) if ledger else EMPTY
        return given

    def _contact(self) -> Contact | None:
        """Return the contact as declared, whatever an expert put in its place."""
        if "contact" in self.fact_metrics:
            entry = self._declared("contact")
            return entry.value if entry and isinstance(entry.value, Contact) else None
        given = self.submission.contact if self.submission else None
        return given and Contact(*given)

    def _declared(self, fact: str) -> Entry | None:
        metric = self.fact_metrics[fact].metric
        declaration = self.submission and self.submission.declarations.get(metric.key)
        return declaration.entries.get(None) if declaration else None

    # The metrics

    def sheet(self, name: str, section: Text, metrics: list[Wanted]) -> Sheet:
        rows = tuple(self.row(it) for it in metrics)
        years = sorted({key for row in rows for key in row.fields if key.isdecimal()})
        with_value = any("value" in row.fields for row in rows)
        with_documents = any("number" in row.fields for row in rows)
        with_units = any("unit" in row.fields for row in rows)
        keys = [
            "id",
            "metric",
            "required",
            *(["value"] if with_value else []),
            *years,
            *(["unit"] if with_units else []),
            *(["number", "issued_on"] if with_documents else []),
            *DETAILS,
        ]
        names = {key: render(self._column(key), self.lang) for key in keys}
        tier = render(self.standard.tiers[self.county.tier].name, self.lang)
        is_asked = self._unasked_part(metrics[0].metric) is None
        title = self.say(
            WORDS["head" if is_asked else "unasked_head"],
            section=render(section, self.lang),
            town=self.county.town,
            tier=tier,
        )
        return Sheet(name, title, names, rows, is_asked)

    def _column(self, key: str) -> Text:
        return year_name(int(key)) if key.isdecimal() else COLUMNS[key]

    def row(self, it: Wanted) -> Row:
        metric = it.metric
        asks = tuple(asked(self.standard, self.county, it, self.lang))
        declaration = self.submission and self.submission.declaration(metric.key)
        cells = filled(metric, declaration, self.lang) if declaration else {}
        years = {*map(str, it.years), *(key for key in cells if key.isdecimal())}
        values = years if metric.yearly else {column_of(None)}
        fields = {*values, *DETAILS}
        if metric.kind == "amounts":
            cells = {**dict.fromkeys(values, amounts_content(metric)), **cells}
        units = _units(metric)
        if units:
            fields.add("unit")
            cells = {"unit": Content(_usual_unit(it, self.county)), **cells}
        if metric.kind == "document":
            fields |= {"number", "issued_on"}
        return Row(
            metric,
            render(metric.name, self.lang),
            tuple(ask.check for ask in asks),
            self._required(it, asks),
            self._remark(it, asks),
            frozenset(fields),
            cells,
            self._choices(metric, units, years),
            self._prompts(metric, years),
        )

    def _required(self, it: Wanted, asks: tuple[Asked, ...]) -> tuple[str, ...]:
        if not asks:
            return (optional(it, self.lang),)
        if len(asks) == 1:
            return (asks[0].words,)
        return tuple(self.say(WORDS["check"], check=check, words=words) for check, words, _ in asks)

    def _remark(self, it: Wanted, asks: tuple[Asked, ...]) -> str:
        """Return the plan's words for the county's tier, the evidence and the definition."""
        applying = {ask.check for ask in asks if ask.applies}
        lines = [
            self.say(
                WORDS["quote"],
                check=check.id,
                quote=check.quotes[self.county.tier],
                where=item.where,
            )
            for item, check in it.checks
            if check.id in applying
        ]
        evidence = render(it.metric.evidence, self.lang)
        lines.append(self.say(WORDS["evidence"], evidence=evidence))
        if it.metric.definition:
            lines.append(it.metric.definition)
        return "\n".join(lines)

    def _choices(
        self, metric: Metric, units: tuple[str, ...], years: set[str]
    ) -> dict[str, Choices]:
        results = RESULTS.values() if self.lang == "en" else RESULTS
        found = {"result": Choices(tuple(results), only=True)}
        if units:
            found["unit"] = Choices(units, only=True)
        own = {
            "yes_no": _YES_NO,
            "document": Choices(("有", "无"), only=False),
            "choice": Choices(metric.vocabulary, only=True),
        }.get(metric.kind)
        if own is not None:
            found |= dict.fromkeys(years if metric.yearly else ("value",), own)
        return found

    def _prompts(self, metric: Metric, years: set[str]) -> dict[str, str]:
        key = "quantity" if metric.kind in ("money", "area") else metric.kind
        words = render(metric.vocabulary, self.lang)
        first = next(iter(metric.vocabulary), "")
        own = self.say(WORDS[key], number="5", words=words, first=first)
        evidence = render(metric.evidence, self.lang)
        verified = "verified" if _units(metric) else "verified_words"
        pattern = WORDS["verified_years" if metric.yearly else verified]
        year = min(years, default="")
        return {
            **dict.fromkeys(years if metric.yearly else ("value",), own),
            "evidence": self.say(WORDS["files"], evidence=evidence),
            "verified": self.say(pattern, year=year, example=_example(metric)),
        }


def sheet_names(titles: list[str]) -> list[str]:
    """Return a name that Excel takes for each sheet, no two alike."""
    names: list[str] = []
    taken: set[str] = set()
    for title in titles:
        plain = _FORBIDDEN.sub(" ", title).strip("' ") or "-"
        name, number = plain[:_LONGEST_NAME], 1
        while fold(name).lower() in taken:
            number += 1
            ending = f"-{number}"
            name = plain[: _LONGEST_NAME - len(ending)] + ending
        taken.add(fold(name).lower())
        names.append(name)
    return names


def _units(metric: Metric) -> tuple[str, ...]:
    """Return the units that are offered for a metric, none where it is no quantity."""
    if metric.kind == "ratio":
        return ("%",)
    return metric.units or tuple(UNITS.get(metric.kind, ()))


def _usual_unit(it: Wanted, county: County) -> str:
    """Return the unit in which a metric is most easily told: its threshold's, or its example's."""
    for _, check in it.checks:
        constraint = check.constraint
        for one in constraint.of if isinstance(constraint, AnyOf) else (constraint,):
            for threshold in thresholds_of(one) if metrics_of(one)[0] == it.metric.key else ():
                amount, unit = threshold.of(county.tier)
                if amount and unit in _units(it.metric):
                    return unit
    usual = read_quantity(example_value(it.metric), it.metric.kind, it.metric.units)
    return usual.unit if isinstance(usual, Quantity) else _units(it.metric)[0]


def _example(metric: Metric) -> str:
    """Return a value as it is typed into one cell."""
    match metric.kind:
        case "count":
            return f"5{metric.units[0]}"
        case "names":
            return metric.vocabulary[0]
        case "months":
            return "2022-11、2022-12"
        case "amounts":
            return f"{metric.vocabulary[0]}：100万元"
        case "contact":
            return "姓名：张三、电话：0349-0000000"
        case _:
            return example_value(metric)
