"""The table of checks, laid out for comparison with the one that was transcribed by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from etown_check.constraints import requirement
from etown_check.standard import (
    AllDeclared,
    AnyOf,
    AtLeast,
    EveryMonth,
    HoldsAll,
    HoldsAny,
    OnOrBefore,
    RowsBear,
    SpendsNothingOn,
    metrics_of,
)
from etown_check.words import render

if TYPE_CHECKING:
    from collections.abc import Iterator

    from etown_check.standard import Check, Constraint, Item, Metric, Standard


def lines(standard: Standard) -> Iterator[str]:
    """Yield the table: a line for each item, and one for each of its checks."""
    for item in standard.items:
        yield f"# {item.id} {item.level}"
        for check in item.checks:
            yield _line(standard, item, check)


def _line(standard: Standard, item: Item, check: Check) -> str:
    constraint = check.constraint
    simple = constraint.of if isinstance(constraint, AnyOf) else (constraint,)
    type_name = "+".join(type(one).__name__ for one in simple)
    if isinstance(constraint, AnyOf):
        type_name = f"AnyOf {type_name}"
    softened = [
        f"{name} → {ruling.status}"
        for one in simple
        for name in ("shortfall", "exactly")
        if (ruling := getattr(one, name, None)) is not None
    ]
    if isinstance(constraint, OnOrBefore) and constraint.pending:
        softened.append("undeclared → not_due")
    cells = (
        check.id,
        item.level,
        type_name,
        "; ".join(_metric(standard.metrics[key]) for key in metrics_of(constraint)),
        " / ".join(_required(standard, constraint)) + _lent(constraint),
        check.period or "",
        check.only or "",
        "; ".join(softened),
    )
    return " | ".join(cells).rstrip()


def _required(standard: Standard, constraint: Constraint) -> Iterator[str]:
    """Yield what is asked for, per tier where the tiers differ."""
    match constraint:
        case HoldsAll(members=members):
            yield "、".join(members)
        case HoldsAny(members=members):
            yield f"{'、'.join(members)} 至少一项"
        case OnOrBefore(deadline=deadline):
            yield f"≤ {deadline}"
        case EveryMonth(first=first):
            yield f"{first} → as_of"
        case AllDeclared():
            yield "declared"
        case SpendsNothingOn(category=category, sources=sources):
            yield f"{category} ({'、'.join(sources)}) 无"
        case RowsBear(column=column):
            yield f"each row: {column}"
        case _:
            yield from dict.fromkeys(_of_tiers(standard, constraint))


def _lent(constraint: Constraint) -> str:
    """Return whose threshold it is, where it is another check's."""
    lender = constraint.as_in if isinstance(constraint, AtLeast) else None
    return f" (as in {lender})" if lender else ""


def _of_tiers(standard: Standard, constraint: Constraint) -> Iterator[str]:
    return (render(requirement(constraint, standard, tier), "zh") for tier in standard.tiers)


def _metric(metric: Metric) -> str:
    kind = " ".join(filter(None, (metric.kind, "/".join(metric.units or metric.vocabulary))))
    marks = [name for name in ("yearly", "reference") if getattr(metric, name)]
    return f"{metric.key} {metric.name.zh} ({', '.join([kind, *marks])})"
