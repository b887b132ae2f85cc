"""The commands that make documents for people: from options to a checklist or report in a file."""

import os
import sys
from collections.abc import Sequence

from etown_check.checking import check_choices, chosen_parts
from etown_check.documents import ENDINGS, renderer
from etown_check.documents.acceptance import acceptance
from etown_check.documents.checklist import Checklist, blank_checklist, checklist
from etown_check.documents.checklist_document import checklist_document
from etown_check.documents.model import Document
from etown_check.documents.overview import overview
from etown_check.files import write_bytes
from etown_check.output import STDOUT, is_terminal, write_raw
from etown_check.records import Record
from etown_check.report import Run
from etown_check.running import prepare
from etown_check.settings import Options
from etown_check.standard import County, Standard
from etown_check.text import visible
from etown_check.usage import (
    INVALID,
    OK,
    UsageError,
    is_same_file,
    output_exists,
    replaces_input,
    unknown_choice,
)
from etown_check.validation import tell_problems, tell_written
from etown_check.words import Text, render

XLSX = "xlsx"
CHECKLIST_FORMATS = ("docx", XLSX, "pdf", "html", "markdown")
REPORT_FORMATS = ("html", "docx", "pdf", "markdown")
SELF, ACCEPTANCE = KINDS = ("self", "acceptance")

_NAMES = {
    "checklist": Text("核查清单", "checklist"),
    SELF: Text("自检报告", "report"),
    ACCEPTANCE: Text("验收报告", "acceptance-report"),
}
_BYTES = ("docx", XLSX, "pdf")
"""The formats that are no text."""

_WITHOUT_DATA = Text(
    "--county 用于空白清单，不能同时用数据文件。",
    "--county is for a blank checklist, which takes no data files.",
)
_WITH_DATA = Text(
    "--only-open 要有数据文件，例如：etown-check checklist 怀仁.yaml --only-open",
    "--only-open needs a data file, such as: etown-check checklist huairen.yaml --only-open",
)


class Paper(Record):
    """What is to be made: the `format` and `kind` asked for, and of whom where there is no data.

    `counties` are those of a blank checklist; `only_open` leaves out what is passed.
    """

    format: str | None
    kind: str = "checklist"
    counties: tuple[County, ...] = ()
    only_open: bool = False


def make_checklist(options: Options, paper: Paper, standard: Standard, lang: str) -> int:
    """Write a checklist: of the data files that `options` name, or a blank one without any.

    `standard` and `lang` hold for a blank one. Data files that cannot be read are told, and then
    nothing is written: a checklist must not lack a town. Returns the exit code; raises what
    `validate` raises.
    """
    format = _format(paper.format, options.output, CHECKLIST_FORMATS)
    _check_output(options, format)
    if options.paths and paper.counties:
        raise UsageError(_WITHOUT_DATA)
    if not options.paths:
        if paper.only_open:
            raise UsageError(_WITH_DATA)
        check_choices(options, standard)
        parts = chosen_parts(standard, options.parts) or None
        blanks = [
            blank_checklist(standard, county, parts=parts, only=options.only or None)
            for county in paper.counties or standard.counties
        ]
        return _write(_render(blanks, format, lang), options, paper, format, _towns(blanks), lang)
    job = prepare(options)
    run = job.run(keep=True)
    tell_problems([*run.problems, *run.warnings], job.lang)
    if run.problems:
        return INVALID
    assert run.standard is not None
    lists = [
        checklist(run.standard, report, submission, only_open=paper.only_open)
        for report, submission in zip(run.reports, run.submissions, strict=True)
    ]
    content = _render(lists, format, job.lang)
    return _write(content, options, paper, format, _towns(lists), job.lang)


def make_report(options: Options, paper: Paper) -> int:
    """Write a report of a `kind` on the data files that `options` name.

    Data files that cannot be read stand in the report with what is wrong, and the exit code says
    so; it does not say how the others were judged, for that is what `validate` is for.
    """
    format = _format(paper.format, options.output, REPORT_FORMATS)
    _check_output(options, format)
    job = prepare(options)
    run = job.run(keep=True)
    tell_problems([*run.problems, *run.warnings], job.lang)
    if run.reports:
        content = renderer(format)(_document(run, paper.kind, job.lang))
        towns = [report.county for report in run.reports]
        _write(content, options, paper, format, towns, job.lang)
    return INVALID if run.problems else OK


def _document(run: Run, kind: str, lang: str) -> Document:
    return acceptance(run, lang) if kind == ACCEPTANCE else overview(run, lang)


def _render(lists: Sequence[Checklist], format: str, lang: str) -> bytes:
    if format == XLSX:
        from etown_check.workbooks.checklist import checklist_workbook

        return checklist_workbook(lists, lang)
    return renderer(format)(checklist_document(lists, lang))


def _towns(lists: Sequence[Checklist]) -> list[str]:
    return [one.county.name for one in lists]


def _format(asked: str | None, output: str | None, formats: Sequence[str]) -> str:
    """Return the format: the one asked for, or that of the output's ending, or the first."""
    if asked is not None:
        if asked not in formats:
            raise unknown_choice("--format", asked, formats)
        return asked
    if output is None or output == STDOUT:
        return formats[0]
    ending = os.path.splitext(output)[1].lower()
    for format in formats:
        if ENDINGS[format] == ending:
            return format
    known = "、".join(ENDINGS[format] for format in formats)
    english = ", ".join(ENDINGS[format] for format in formats)
    shown = visible(output)
    raise UsageError(
        Text(
            f"从“{shown}”看不出格式。文件名以 {known} 结尾，或写明 --format。",
            f"“{shown}” does not tell the format. End the name in {english}, or give --format.",
        )
    )


def _check_output(options: Options, format: str) -> None:
    """Refuse an output that cannot be meant before any work is done."""
    if options.output == STDOUT:
        if format in _BYTES and is_terminal(sys.stdout):
            raise UsageError(
                Text(
                    "终端显示不了这种文件，请用 --output 写明文件名。",
                    "A terminal cannot show such a file; name one by --output.",
                )
            )
    elif options.output is not None and os.path.lexists(options.output):
        if not options.force:
            raise output_exists(options.output)
        if any(is_same_file(path, options.output) for path in options.paths):
            raise replaces_input(options.output)


def _write(
    content: bytes, options: Options, paper: Paper, format: str, towns: Sequence[str], lang: str
) -> int:
    """Write the document and say so; to standard output for "-"."""
    if options.output == STDOUT:
        write_raw(sys.stdout, content)
        return OK
    path = options.output or _default_name(paper.kind, format, towns, lang)
    write_bytes(path, content, force=options.force)
    tell_written(path, lang)
    return OK


def _default_name(kind: str, format: str, towns: Sequence[str], lang: str) -> str:
    """Return a file's name by what it is of: one county's carries its name."""
    name = render(_NAMES[kind], lang)
    return f"{towns[0]}-{name}{ENDINGS[format]}" if len(towns) == 1 else f"{name}{ENDINGS[format]}"
