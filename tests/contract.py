"""The table of checks, laid out for comparison with the one that was transcribed by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from etown_check.constraints import requirement
from etown_check.standard import AnyOf, HoldsAll, metrics_of
from etown_check.words import render

if TYPE_CHECKING:
    from collections.abc import Iterator

    from etown_check.standard import Check, Item, Metric, Standard


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
    required = dict.fromkeys(
        render(requirement(constraint, standard, tier), "zh") for tier in standard.tiers
    )
    if isinstance(constraint, HoldsAll):
        required = dict.fromkeys(["、".join(constraint.members)])
    softened = [
        f"{name} → {ruling.status}"
        for one in simple
        for name in ("shortfall", "exactly")
        if (ruling := getattr(one, name, None)) is not None
    ]
    cells = (
        check.id,
        item.level,
        type_name,
        "; ".join(_metric(standard.metrics[key]) for key in metrics_of(constraint)),
        " / ".join(required),
        check.period or "",
        check.only or "",
        "; ".join(softened),
    )
    return " | ".join(cells).rstrip()


def _metric(metric: Metric) -> str:
    kind = " ".join(filter(None, (metric.kind, "/".join(metric.units or metric.vocabulary))))
    marks = [name for name in ("yearly", "reference") if getattr(metric, name)]
    return f"{metric.key} {metric.name.zh} ({', '.join([kind, *marks])})"
