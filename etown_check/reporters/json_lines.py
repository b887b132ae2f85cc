"""JSON reports in lines: one for each data file, so that none need be held to read another.

Each line is a whole JSON report of one file, by the same schema. What is wrong elsewhere, such as in
a file of reference data, stands in a last line, and so does the number of files that were left out
because nothing about them has changed.
"""

from collections.abc import Collection, Iterable, Mapping

from etown_check.output import Spool
from etown_check.problems import Problem
from etown_check.report import Run, Style, Totals
from etown_check.reporters.json_report import document, mistakes, report_json
from etown_check.reporters.json_text import on_one_line
from etown_check.reporters.streams import Piece, Write, encoded


def piece(run: Run, style: Style) -> Piece:
    """Return the lines of the files of `run`, and the records of mistakes that are in none."""
    lang = style.lang
    reports = {one.path: one for one in run.reports}
    inputs = set(run.inputs)
    problems, warnings = _by_path(inputs, run.problems), _by_path(inputs, run.warnings)
    lines = []
    for path in run.inputs:
        own = run._replace(problems=problems.get(path, ()), warnings=warnings.get(path, ()))
        nothing = document(own._replace(reports=(), unchanged=None), lang)
        begin, _, end = on_one_line(nothing).partition(_NO_REPORTS)
        report = reports.get(path)
        found = b"" if report is None else report_json(report, lang, None)
        lines += [encoded(f'{begin}"reports": ['), found, encoded(f"]{end}\n")]
    elsewhere = run._replace(problems=problems.get("", ()), warnings=warnings.get("", ()))
    records = (map(on_one_line, it) for it in mistakes(elsewhere, lang).values())
    return (b"".join(lines), *(encoded(_BETWEEN.join(it)) for it in records))


def stream(run: Run, style: Style, write: Write) -> "_Lines":
    """Begin the lines of the files of what `run` is a part of."""
    return _Lines(run, style, write)


_BETWEEN = ", "
# No text of a document can hold it: quotation marks in a text have a backslash before them.
_NO_REPORTS = '"reports": []'


class _Lines:
    def __init__(self, run: Run, style: Style, write: Write) -> None:
        nothing = run._replace(reports=(), problems=(), warnings=(), unchanged=None)
        self._last = document(nothing, style.lang)
        self._write = write
        self._elsewhere = Spool(encoded(_BETWEEN)), Spool(encoded(_BETWEEN))

    def add(self, piece: Piece) -> None:
        """Write the lines of some files."""
        lines, *records = piece
        self._write(lines)
        for spool, found in zip(self._elsewhere, records, strict=True):
            spool.write(found)

    def end(self, totals: Totals) -> None:
        """Write the last line, if it has something to say."""
        errors, warnings = self._elsewhere
        if not errors and not warnings and totals.inputs and totals.unchanged is None:
            return
        line = on_one_line({**self._last, "unchanged": totals.unchanged})
        for key, spool in (("errors", errors), ("warnings", warnings)):
            begun, line = line.split(f'"{key}": [', 1)
            self._write(encoded(f'{begun}"{key}": ['))
            for part in spool.parts():
                self._write(part)
        self._write(encoded(f"{line}\n"))


def _by_path(
    inputs: Collection[str], problems: Iterable[Problem]
) -> Mapping[str, tuple[Problem, ...]]:
    """Return `problems` by the data file that they are in, under "" those that are in none."""
    found: dict[str, list[Problem]] = {}
    for problem in problems:
        found.setdefault(problem.path if problem.path in inputs else "", []).append(problem)
    return {path: tuple(of_it) for path, of_it in found.items()}
