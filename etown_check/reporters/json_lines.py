"""JSON reports in lines: one for each data file, so that none need be held to read another.

Each line is a whole JSON report of one file, by the same schema.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping

from etown_check.problems import Problem
from etown_check.report import Report, Run, Style
from etown_check.reporters.json_report import document, on_one_line


def report(run: Run, style: Style) -> str:
    """Return a line for each data file of `run`, in their order.

    What is wrong elsewhere, such as in a file of reference data, stands in a last line.
    """
    return "".join(f"{on_one_line(document(one, style.lang))}\n" for one in by_file(run))


def by_file(run: Run) -> Iterator[Run]:
    """Yield a run for each data file, and one for what is of none of them."""
    reports = {one.path: one for one in run.reports}
    inputs = set(run.inputs)
    problems, warnings = _by_path(inputs, run.problems), _by_path(inputs, run.warnings)
    for path in run.inputs:
        found: tuple[Report, ...] = (reports[path],) if path in reports else ()
        yield run._replace(
            inputs=(path,),
            reports=found,
            problems=problems.get(path, ()),
            warnings=warnings.get(path, ()),
        )
    if "" in problems or "" in warnings or not run.inputs:
        yield run._replace(
            inputs=(), reports=(), problems=problems.get("", ()), warnings=warnings.get("", ())
        )


def _by_path(
    inputs: Collection[str], problems: Iterable[Problem]
) -> Mapping[str, tuple[Problem, ...]]:
    """Return `problems` by the data file that they are in, under "" those that are in none."""
    found: dict[str, list[Problem]] = {}
    for problem in problems:
        found.setdefault(problem.path if problem.path in inputs else "", []).append(problem)
    return {path: tuple(of_it) for path, of_it in found.items()}
