"""What a plan asks for, metric by metric: the order of every form, and the words beside a metric."""

from collections.abc import Iterator

from etown_check.constraints import requirement
from etown_check.records import Record
from etown_check.standard import (
    AllDeclared,
    AnyOf,
    Check,
    Constraint,
    County,
    HoldsAll,
    HoldsAny,
    Item,
    Metric,
    Part,
    Standard,
    growth_of,
    metrics_of,
)
from etown_check.words import Text, render, say

OTHER = Text("其他指标", "Other metrics")
"""The section of metrics that no check needs: a standard may have such, for its doubts."""

WORDS = {
    "expected": Text("（期望性）", " (expected)"),
    "members": Text("{words}：{members}", "{words}: {members}"),
    "chosen": Text("（{period}）", " ({period})"),
    "each": Text("（{years}年每年）", " (each of {years})"),
    "not_applicable": Text("本县不适用", "does not apply to this county"),
    "growth": Text("可不填；填了就以它为准", "optional; used instead of the computed growth"),
    "unasked": Text("可不填", "optional"),
    "heading": Text("{part} · {section}", "{part} · {section}"),
}


class Wanted(Record):
    """A metric, the section where a check first needs it, and every check that does.

    `years` are those in which a yearly metric may be asked for, with the year before for its
    growth; none for another metric. `is_growth` tells one that may declare another's growth.
    """

    metric: Metric
    section: Text
    checks: tuple[tuple[Item, Check], ...]
    years: tuple[int, ...]
    is_growth: bool


class Asked(Record):
    """What one check asks of a county's metric, in words."""

    check: str
    words: str
    applies: bool


def wanted(standard: Standard) -> Iterator[Wanted]:
    """Yield the metrics that a county declares in the plan's order, each once."""
    return _wanted(standard, reference=False)


def wanted_for_reference(standard: Standard) -> Iterator[Wanted]:
    """Yield the reference metrics, in the order in which checks need them."""
    return _wanted(standard, reference=True)


def _wanted(standard: Standard, *, reference: bool) -> Iterator[Wanted]:
    sections: dict[str, Text] = {}
    growths = set()
    for item, check in standard.checks:
        growth = growth_of(check.constraint)
        growths.add(growth)
        for name in (*metrics_of(check.constraint), *([growth] if growth else [])):
            sections.setdefault(name, item.section)
    unasked = (name for name in standard.metrics if name not in sections)
    for name in (*sections, *unasked):
        metric = standard.metrics[name]
        if metric.reference == reference:
            yield Wanted(
                metric,
                sections.get(name, OTHER),
                tuple(
                    (item, check)
                    for item, check in standard.checks
                    if name in metrics_of(check.constraint)
                ),
                _years_of(standard, metric),
                name in growths,
            )


def part_of(standard: Standard, metric: Metric) -> Part | None:
    """Return the part that is judged where `metric` is declared, `None` for one that always is."""
    part = standard.parts.get(standard.owners.get(metric.key, ""))
    return part if part is not None and not part.default else None


def heading(standard: Standard, it: Wanted, lang: str) -> str:
    """Return what to write above the metrics of a section: it, and its part if not by default."""
    section, part = render(it.section, lang), part_of(standard, it.metric)
    if part is None:
        return section
    return render(WORDS["heading"], lang).format(part=render(part.name, lang), section=section)


def asked(standard: Standard, county: County, it: Wanted, lang: str) -> Iterator[Asked]:
    """Yield what each check asks of a metric in `county`: `≥ 2亿元（验收当年）`."""
    for item, check in it.checks:
        if check.only is not None and county.demonstration != (check.only == "demonstration"):
            yield Asked(check.id, render(WORDS["not_applicable"], lang), applies=False)
            continue
        said = _requirement(standard, county, check.constraint, it.metric, lang)
        level = render(WORDS["expected"], lang) if item.level == "expected" else ""
        yield Asked(check.id, f"{said}{_when(standard, check, lang)}{level}", applies=True)


def optional(it: Wanted, lang: str) -> str:
    """Say what becomes of a metric that no check needs."""
    return render(WORDS["growth" if it.is_growth else "unasked"], lang)


def _requirement(
    standard: Standard, county: County, constraint: Constraint, metric: Metric, lang: str
) -> str:
    """Return a requirement with what a list must hold, and of whom it is where not of `metric`."""
    words = requirement(constraint, standard, county.tier)
    if isinstance(constraint, HoldsAll | HoldsAny):
        members = render(constraint.members, lang)
        return render(WORDS["members"], lang).format(words=render(words, lang), members=members)
    subject = metrics_of(constraint)[0]
    if not isinstance(constraint, AnyOf | AllDeclared) and subject != metric.key:
        words = say("labelled", name=standard.metrics[subject].name, value=words)
    return render(words, lang)


def _when(standard: Standard, check: Check, lang: str) -> str:
    """Return the years that a check asks about, "" where it asks about none."""
    if check.period is None:
        return ""
    period = standard.periods[check.period]
    if period.chosen:
        return render(WORDS["chosen"], lang).format(period=render(period.name, lang))
    years = (", " if lang == "en" else "、").join(map(str, period.years))
    return render(WORDS["each"], lang).format(years=years)


def _years_of(standard: Standard, metric: Metric) -> tuple[int, ...]:
    if not metric.yearly:
        return ()
    years: set[int] = set()
    for _, check in standard.checks:
        growth = growth_of(check.constraint)
        if check.period is None or metric.key not in (*metrics_of(check.constraint), growth):
            continue
        asked_for = standard.periods[check.period].years
        years.update(asked_for)
        if growth is not None and metric.key != growth:
            years.update(year - 1 for year in asked_for)
    return tuple(sorted(years)) or standard.years
