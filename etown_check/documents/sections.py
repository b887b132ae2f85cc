"""What several documents hold in the same form.

A summary over towns, the facts of one, counts, waivers, doubts, readings, and files that could
not be read.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby

from etown_check.documents.checklist import Checklist, Entry, checklist
from etown_check.documents.model import (
    ALERT,
    MUTED,
    Bar,
    Bars,
    Blank,
    Block,
    Bullet,
    Cell,
    Column,
    Document,
    Group,
    Heading,
    Lines,
    Listing,
    Paragraph,
    Part,
    Share,
    Stack,
    Table,
)
from etown_check.documents.wording import footer, term
from etown_check.engine import verdict_of
from etown_check.problems import Problem
from etown_check.records import Record
from etown_check.report import (
    FAIL,
    LEVELS,
    MISSING,
    PASS,
    REVIEW,
    STATUSES,
    UNASSURED,
    WAIVED,
    CheckResult,
    ItemResult,
    Report,
    Run,
)
from etown_check.reporters.texts import (
    doubt_lines,
    file_lines,
    place,
    sentence,
    shown,
    total_line,
    unchanged_lines,
    verdict_text,
    waiver_lines,
)
from etown_check.standard import BINDING, Standard
from etown_check.text import visible
from etown_check.words import Text, Words, render, say

WORDS = {
    "number": Text("依据", "Plan"),
    "county": Text("县（市）", "County"),
    "town": Text("乡村e镇", "E-town"),
    "tier": Text("类别", "Class"),
    "demonstration": Text("电子商务进农村综合示范县", "Demonstration county"),
    "as_of": Text("数据截止日期", "Data of"),
    "acceptance_year": Text("验收年度", "Acceptance year"),
    "contact": Text("信息联络员", "Contact"),
    "narrowed": Text(
        "本报告只包括方案 {all} 项中的 {judged} 项。",
        "This report covers {judged} of the plan's {all} items.",
    ),
    "in_part": Text(
        "其中只判断了部分检查的：{ids}。", "Judged by some of their checks only: {ids}."
    ),
    "narrowed_list": Text(
        "本清单只列出方案 {all} 项中的 {listed} 项。",
        "This checklist holds {listed} of the plan's {all} items.",
    ),
    "listed_in_part": Text(
        "其中只列出部分检查的：{ids}。", "With some of their checks only: {ids}."
    ),
    "unlisted": Text(
        "没有列入的部分：{parts}（要列入请加 --part all）。",
        "Parts that are not in it: {parts} (--part all adds them).",
    ),
    "only_open": Text(
        "已达标和不适用的没有列出。", "What passes and what does not apply is left out."
    ),
    "none_listed": Text(
        "没有需要逐项核查的：所判断的各项都已达标或不适用。",
        "Nothing to verify item by item: all that was judged passes or does not apply.",
    ),
    "reading": Text("{id}  “{about}”：{text}", "{id}  “{about}”: {text}"),
    "applied": Text("{reading}（用于 {ids}）", "{reading} (used by {ids})"),
    "towns": Text("各镇情况", "The towns"),
    "towns_bars": Text("各镇约束性项目", "Binding items by town"),
    "verdict": Text("结论", "Verdict"),
    "binding": Text("约束性项目", "Binding items"),
    "open": Text("尚未解决的约束性项目", "Binding items that are open"),
    "number_of": Text("{number} 项{name}", "{name} {number}"),
    "nothing_judged": Text(
        "没有可以列入本报告的镇。", "There is no town that this report could be about."
    ),
    "level": Text("属性", "Level"),
    "section": Text("{part}  {name}", "{part}: {name}"),
    "total": Text("合计", "Total"),
    "unread": Text(
        "以下内容没有读成，有关的镇不在本报告之内。改正后请重新生成。",
        "These could not be read, and their towns are not in this report. Mend them and make it anew.",
    ),
    "unread_title": Text("没有读成的文件", "Files that could not be read"),
    "warnings": Text("数据文件的提醒", "Warnings about the data"),
    "place": Text("文件和位置", "File and place"),
    "wrong": Text("问题", "What is wrong"),
    "instead": Text("怎样改", "What to write"),
}

_OPEN = (FAIL, MISSING, REVIEW, UNASSURED)
_SHOWN = (PASS, UNASSURED, WAIVED, *(status for status in STATUSES if status != PASS))

_NO_DAY = date(1980, 1, 1)
"""For a document that is about nothing: the earliest day that every format can hold."""


def _word(key: str, lang: str, **args: str | int) -> str:
    return render(WORDS[key], lang).format(**args)


class Scale(Record):
    """How a document counts an item: its standing, and how it calls one of too little assurance."""

    standing: Callable[[ItemResult], str]
    unassured: Words

    def name(self, standing: str, lang: str) -> str:
        """Return `standing` in words."""
        return render(self.unassured if standing == UNASSURED else say(standing), lang)

    def verdict(self, report: Report) -> str:
        """Return the verdict over the binding items."""
        return verdict_of(self.standing(item) for item in report.items if item.level == BINDING)

    def counts(self, items: Iterable[ItemResult]) -> dict[str, int]:
        """Return how many of `items` stand in which way; what does not occur is left out."""
        found = [self.standing(item) for item in items]
        return {standing: found.count(standing) for standing in _SHOWN if standing in found}

    def tone(self, report: Report) -> str:
        """Return the tone of the verdict: the gravest standing among the binding items."""
        found = self.counts(item for item in report.items if item.level == BINDING)
        return next((standing for standing in _OPEN if standing in found), PASS)

    def bar(self, name: str, items: Iterable[ItemResult], lang: str) -> Bar:
        """Return how far `items` have come."""
        counts = self.counts(items)
        return Bar(
            name, tuple(Share(it, self.name(it, lang), number) for it, number in counts.items())
        )


def plain(*texts: str) -> Lines:
    """Return lines of text that may come from a data file, each with its own line breaks."""
    return Lines(tuple(visible(line) for text in texts for line in text.split("\n")))


def stacked(*parts: Lines | Bullet) -> Stack:
    """Return a cell of `parts`, those without a line left out."""
    return Stack(tuple(it for it in parts if isinstance(it, Bullet) or it.lines))


# What a document is about


def judged_towns(run: Run) -> tuple[Checklist, ...]:
    """Return the towns of `run`, which must have kept its submissions."""
    if run.standard is None:
        return ()
    return tuple(
        checklist(run.standard, report, submission)
        for report, submission in zip(run.reports, run.submissions, strict=True)
    )


def day_of(run: Run) -> date:
    """Return the day that a document on `run` bears: that of its latest data."""
    issued = _NO_DAY if run.standard is None else run.standard.facts.issued_on
    return max((report.as_of for report in run.reports), default=issued)


def document_on(
    run: Run,
    title: str,
    scale: Scale,
    blocks: Callable[[Checklist, Sequence[Problem]], Iterable[Block]],
    lang: str,
) -> Document:
    """Return a document on `run`, which must have kept its submissions.

    It has a part for each town, made of the `blocks` for it and for what its file warns of. Where
    there are several inputs, or one that could not be read, a summary stands before them.
    """
    has_summary = len(run.inputs) > 1 or bool(run.problems) or not run.reports
    parts = [_summary_part(run, title, scale, lang)] if has_summary else []
    # Where there is no summary the town's part tells what else there is.
    besides = () if parts else warnings_of(run, "")
    for town in judged_towns(run):
        warnings = (*warnings_of(run, town.report.path), *besides)
        name = term("town", lang, county=town.county.name, town=town.county.town)
        foot = footer(town.standard, town.report, lang)
        parts.append(Part(title, name, foot, tuple(blocks(town, warnings))))
    pages = term("page", lang, page="{page}", pages="{pages}")
    return Document(title, lang, day_of(run), False, pages, tuple(parts))


def _summary_part(run: Run, title: str, scale: Scale, lang: str) -> Part:
    """Return the part about all of `run`: its towns, and what could not be read."""
    footer: tuple[str, ...] = ()
    if run.standard is not None:
        footer = (term("standard", lang, id=run.standard.id, digest=run.standard.sha256),)
    subtitle = total_line(run.totals, lang) if run.inputs else ""
    return Part(title, subtitle, footer, tuple(_summary(run, scale, lang)))


def _summary(run: Run, scale: Scale, lang: str) -> Iterator[Block]:
    yield from unread_blocks(run, lang)
    if run.reports:
        yield Heading(_word("towns", lang))
        yield _towns_table(run, scale, lang)
        bars = (
            scale.bar(report.county, (it for it in report.items if it.level == BINDING), lang)
            for report in run.reports
        )
        yield Bars(_word("towns_bars", lang), tuple(bars))
    else:
        yield Paragraph(_word("nothing_judged", lang), ALERT)
    yield from warning_blocks(warnings_of(run, ""), lang)
    for line in unchanged_lines(run.totals, lang):
        yield Paragraph(line)


def _towns_table(run: Run, scale: Scale, lang: str) -> Table:
    columns = (
        Column(_word("county", lang), 20),
        Column(_word("town", lang), 52),
        Column(_word("verdict", lang), 22),
        Column(_word("binding", lang), 42),
        Column(_word("open", lang), 44),
    )
    by_path = {report.path: report for report in run.reports}
    rows: list[tuple[Cell, ...]] = []
    for path, (where, _, said) in zip(run.inputs, file_lines(run, lang), strict=True):
        if path in by_path:
            rows.append(tuple(_town_row(by_path[path], scale, lang)))
        else:
            unread = Lines((said,), ALERT, is_strong=True)
            rows.append((Lines(()), Lines((where,), MUTED), unread, Lines(()), Lines(())))
    return Table(_word("towns", lang), columns, tuple(Group(rows=(row,)) for row in rows))


def _town_row(report: Report, scale: Scale, lang: str) -> Iterator[Cell]:
    binding = [item for item in report.items if item.level == BINDING]
    yield Lines((report.county,), is_strong=True)
    yield Stack((Lines((report.town,)), Lines((visible(report.path),), MUTED)))
    verdict = verdict_text(scale.verdict(report), lang)
    yield Lines((verdict,), scale.tone(report), is_strong=True)
    yield Lines((counts_text(scale, binding, lang),))
    yield Lines((sentence(*(it.id for it in binding if scale.standing(it) in _OPEN), lang=lang),))


def counts_text(scale: Scale, items: Iterable[ItemResult], lang: str) -> str:
    """Return how many of `items` stand in which way, on one line."""
    parts = (
        _word("number_of", lang, name=scale.name(standing, lang), number=number)
        for standing, number in scale.counts(items).items()
    )
    return sentence(*parts, lang=lang)


def title_facts(town: Checklist, lang: str) -> Iterator[tuple[str, Cell]]:
    """Yield what a title page says of plan, town and data; blanks where there is no data."""
    standard, county, submission = town.standard, town.county, town.submission
    facts = standard.facts
    yield _word("number", lang), plain(f"{render(facts.title, lang)} {facts.number}")
    yield _word("county", lang), plain(county.name)
    yield _word("town", lang), plain(county.town)
    yield _word("tier", lang), plain(render(standard.tiers[county.tier].name, lang))
    answer = render(say("yes" if county.demonstration else "no"), lang)
    yield _word("demonstration", lang), plain(answer)
    if submission is None:
        for key in ("as_of", "acceptance_year"):
            yield _word(key, lang), Blank(_word(key, lang))
        return
    yield _word("as_of", lang), plain(submission.as_of.isoformat())
    yield _word("acceptance_year", lang), plain(str(submission.acceptance_year))
    if submission.contact is not None:
        yield _word("contact", lang), plain(" ".join(submission.contact))


def extent_blocks(standard: Standard, report: Report, lang: str) -> Iterator[Block]:
    """Say what a report was narrowed to; nothing where it holds all of the parts that were judged."""
    everything = _number_of_items(standard, report)
    parts = [item for item in report.items if not item.is_whole]
    if parts or len(report.items) < everything:
        said = [_word("narrowed", lang, all=everything, judged=len(report.items))]
        if parts:
            ids = sentence(*(item.id for item in parts), lang=lang)
            said.append(_word("in_part", lang, ids=ids))
        yield Paragraph(joined(said, lang), ALERT)


def joined(sentences: Iterable[str], lang: str) -> str:
    """Return whole sentences one behind the other."""
    return (" " if lang == "en" else "").join(sentences)


def listed_extent(town: Checklist, lang: str) -> str:
    """Return what a checklist was narrowed to, "" where it holds all of the parts that it is of."""
    everything = _number_of_items(town.standard, town.report)
    parts = [entry.item.id for entry in town.entries if not entry.result.is_whole]
    if not parts and len(town.entries) == everything:
        return ""
    said = [_word("narrowed_list", lang, all=everything, listed=len(town.entries))]
    if parts:
        said.append(_word("listed_in_part", lang, ids=sentence(*parts, lang=lang)))
    if town.only_open:
        said.append(_word("only_open", lang))
    return joined(said, lang)


def unlisted_lines(report: Report, lang: str) -> list[str]:
    """Say which parts of the plan a checklist has nothing of; nothing where it has all of them."""
    if not report.left_out:
        return []
    parts = sentence(*(render(part.name, lang) for part in report.left_out), lang=lang)
    return [_word("unlisted", lang, parts=parts)]


def _number_of_items(standard: Standard, report: Report) -> int:
    """Return how many items the parts have that a report is of."""
    left_out = {part.id for part in report.left_out}
    return sum(item.part not in left_out for item in standard.items)


def counts_table(
    report: Report, name: str, more: Mapping[str, Mapping[str, int]], lang: str
) -> Table:
    """Return how many items of each level have each status.

    `more` are further columns: their names, and a number for each level.
    """
    levels = [level for level in LEVELS if any(report.counts[level].values())]
    names = [render(say(status), lang) for status in STATUSES]
    columns = (
        Column(_word("level", lang), 22),
        Column(_word("total", lang), 16, is_narrow=True),
        *(Column(name, 18, is_narrow=True) for name in (*names, *more)),
    )
    return Table(
        name, columns, tuple(Group(rows=(_counted(report, it, more, lang),)) for it in levels)
    )


def _counted(
    report: Report, level: str, more: Mapping[str, Mapping[str, int]], lang: str
) -> tuple[Cell, ...]:
    counts = report.counts[level]
    return (
        Lines((render(say(level), lang),), is_strong=True),
        Lines((str(sum(counts.values())),)),
        *(_number(counts[status], status) for status in STATUSES),
        *(_number(numbers[level]) for numbers in more.values()),
    )


def _number(number: int, tone: str = "") -> Lines:
    return Lines((str(number),), tone, is_strong=True) if number else Lines(("0",))


def none_listed(lang: str) -> str:
    """Return what a checklist says in place of items where it was narrowed to none."""
    return _word("none_listed", lang)


def entries_by_section(town: Checklist, lang: str) -> Iterator[tuple[str, list[Entry]]]:
    """Yield the sections of the plan with the entries of a checklist."""
    entries = {entry.item.id: entry for entry in town.entries}
    results = (entry.result for entry in town.entries)
    for name, items in by_section(town.standard, results, lang):
        yield name, [entries[item.id] for item in items]


def by_section(
    standard: Standard, items: Iterable[ItemResult], lang: str
) -> Iterator[tuple[str, list[ItemResult]]]:
    """Yield the sections of the plan with their items; those behind the first part name theirs."""
    first = next(iter(standard.parts))
    for (part, section), own in groupby(items, lambda it: (it.part, it.section)):
        name = render(section, lang)
        if part != first:
            name = _word("section", lang, part=render(standard.parts[part].name, lang), name=name)
        yield name, list(own)


# What else there is to say of a town


def reasons_text(check: CheckResult, lang: str) -> str:
    """Return why a check is open, one sentence behind the other."""
    return joined((shown(reason, lang) for reason in check.reasons), lang)


def waiver_blocks(report: Report, lang: str) -> Iterator[Block]:
    """Yield the waivers in force, or say that there are none."""
    yield _listed(waiver_lines(report, lang), lang)


def doubt_blocks(report: Report, warnings: Sequence[Problem], lang: str) -> Iterator[Block]:
    """Yield the doubts about a town's figures, and the warnings about its file."""
    yield _listed(doubt_lines(report, lang), lang)
    yield from warning_blocks(warnings, lang)


def _listed(lines: Sequence[str], lang: str) -> Block:
    return Listing(tuple(lines)) if lines else Paragraph(term("nothing", lang))


def reading_text(standard: Standard, id: str, lang: str) -> str:
    """Return a reading of the plan with the words that it is about."""
    reading = standard.readings[id]
    about, text = render(reading.about, lang), render(reading.text, lang)
    return _word("reading", lang, id=id, about=about, text=text)


def applied_readings(town: Checklist, lang: str) -> Listing:
    """Return the readings that bear on what was judged, each with the checks that cite it."""
    cited: dict[str, list[str]] = {}
    for item in town.report.items:
        for check in item.checks:
            for id in check.readings:
                cited.setdefault(id, []).append(check.id)
    return Listing(
        tuple(_applied(town.standard, id, cited.get(id, ()), lang) for id in town.readings)
    )


def _applied(standard: Standard, id: str, checks: Sequence[str], lang: str) -> str:
    reading = reading_text(standard, id, lang)
    if not checks:
        return reading
    return _word("applied", lang, reading=reading, ids=sentence(*checks, lang=lang))


# Mistakes of inputs


def unread_blocks(run: Run, lang: str) -> Iterator[Block]:
    """Yield what could not be read and why; nothing where all was."""
    if run.problems:
        yield Heading(_word("unread_title", lang))
        yield Paragraph(_word("unread", lang), ALERT, is_strong=True)
        yield _problems(run.problems, _word("unread_title", lang), lang)


def warning_blocks(warnings: Sequence[Problem], lang: str) -> Iterator[Block]:
    """Yield warnings; nothing where there are none."""
    if warnings:
        yield Heading(_word("warnings", lang), 2)
        yield _problems(warnings, _word("warnings", lang), lang)


def warnings_of(run: Run, path: str) -> tuple[Problem, ...]:
    """Return the warnings about the file at `path`; "" for those about no judged data file."""
    judged = {report.path for report in run.reports}
    return tuple(it for it in run.warnings if (it.path if it.path in judged else "") == path)


def _problems(problems: Sequence[Problem], name: str, lang: str) -> Table:
    columns = (
        Column(_word("place", lang), 48),
        Column(_word("wrong", lang), 68),
        Column(_word("instead", lang), 64),
    )
    return Table(name, columns, tuple(Group(rows=(_problem(it, lang),)) for it in problems))


def _problem(problem: Problem, lang: str) -> tuple[Cell, ...]:
    return (
        Lines((place(problem.path, problem.position),)),
        Lines((f"{problem.code}  {visible(problem.message(lang))}",)),
        Lines((visible(problem.hint(lang)),)),
    )
