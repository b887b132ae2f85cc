"""The main job: check data files, write the reports, and answer with an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from etown_check.bulk import parts
from etown_check.output import (
    STDOUT,
    Spool,
    StreamOutlet,
    can_encode,
    is_terminal,
    tell,
    terminal_width,
    write_stream,
)
from etown_check.problems import Problem
from etown_check.rendering import Rendering, problem_text
from etown_check.report import Run, Style
from etown_check.reporters import OVERVIEW, REPORTERS, Format, reporter, streaming
from etown_check.running import Course, Job, exit_code, prepare
from etown_check.settings import Options
from etown_check.text import visible
from etown_check.usage import UsageError, output_exists, unknown_choice
from etown_check.words import Text, render

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO

    from etown_check.files import WholeFile

    Outlet = StreamOutlet | WholeFile

MANY = 20
"""A terminal shows an overview of more files than these, and a whole report of each otherwise."""

STEP_SUMMARY = "GITHUB_STEP_SUMMARY"
"""The variable by which GitHub names the file that a step's summary is added to."""


def validate(options: Options) -> int:
    """Check the data files that `options` name, write the reports, and return the exit code.

    Raises `UsageError` and `ConfigurationError` for what the user has to mend on the command
    line, in a configuration or in a standard, `OutputExists` or `OutputFailed` for an output
    file, and `StreamFailed` for standard output.
    """
    if options.output == STDOUT:
        options = options._replace(output=None)
    _check_outputs(options)
    job = prepare(options if options.scheduler is None else _with_whole_paths(options))
    formats = _formats(job)
    if options.baseline is None and all(format.streams for format in formats):
        return _stream(job, formats)
    run = job.run()
    _write(run, options, job.lang)
    return exit_code(run)


def _with_whole_paths(options: Options) -> Options:
    """Return `options` with paths that other machines understand, which work in other folders."""
    paths = tuple(path if path == STDOUT else os.path.abspath(path) for path in options.paths)
    given = {
        name: path and os.path.abspath(path)
        for name in ("config", "reference", "waivers", "evidence_root", "cache")
        for path in [getattr(options, name)]
    }
    standard = options.standard
    if standard is not None and os.path.exists(standard):
        standard = os.path.abspath(standard)
    return options._replace(paths=paths, standard=standard, **given)


def _formats(job: Job) -> tuple[Format, ...]:
    """Return the formats that are asked for, that of the main report first."""
    name = format_of(job.options)
    is_overview = name == "terminal" and job.has_more_inputs_than(MANY)
    main = OVERVIEW if is_overview else REPORTERS[name]
    return (main, *(REPORTERS[name] for name, _ in job.options.reports))


def _stream(job: Job, formats: tuple[Format, ...]) -> int:
    """Write the reports while files are being checked, and return the exit code."""
    options, lang = job.options, job.lang
    further = [options._replace(output=file) for _, file in options.reports]
    styles = tuple(style_of(one, lang) for one in (options, *further))
    rendering = Rendering(formats, styles, lang, _in_color(sys.stderr))
    named = [one.output for one in (options, *further) if one.output is not None]
    outlets: list[StreamOutlet] = []
    if options.output is None:
        outlets.append(StreamOutlet(sys.stdout, _encoding(is_data=formats[0].data)))
    if named:
        from etown_check.files import whole_files

        with whole_files(named, force=options.force) as files:
            code = _check(job, rendering, [*outlets, *files])
    else:
        code = _check(job, rendering, outlets)
    for outlet in outlets:
        outlet.release()
    return code


def _check(job: Job, rendering: Rendering, outlets: Sequence[Outlet]) -> int:
    """Check the files while their reports are written, each to its outlet; return the exit code."""
    course = Course(job)
    problems, warnings = Spool(), Spool()
    streams = [
        streaming(format).stream(job.nothing, style, outlet.write)
        for format, style, outlet in zip(rendering.formats, rendering.styles, outlets, strict=True)
    ]
    for part in parts(job, course, rendering):
        for stream, piece in zip(streams, part.pieces, strict=True):
            stream.add(piece)
        if not rendering.formats[0].data:
            problems.write(part.problems)
        warnings.write(part.warnings)
    for told in (problems, warnings):
        for lines in told.lines():
            tell(lines.decode())
    for stream in streams:
        stream.end(course.totals)
    return course.code


def _check_outputs(options: Options) -> None:
    """Refuse output files that cannot be meant, or that are there already."""
    files = [file for _, file in options.reports]
    for format, file in options.reports:
        if format not in REPORTERS:
            raise unknown_choice("--report", format, tuple(REPORTERS))
        if not file or file == STDOUT:
            raise UsageError(
                Text(
                    f"--report 要写成 格式=文件，例如 --report {format}=报告.txt；显示出来的格式用 --format。",
                    f"--report takes FORMAT=FILE, such as --report {format}=report.txt; "
                    "--format sets the format on standard output.",
                )
            )
    files += [options.output] if options.output is not None else []
    for file in files:
        if files.count(file) > 1:
            shown = visible(file)
            raise UsageError(
                Text(f"“{shown}”被指定了两次。", f"“{shown}” is named for output twice.")
            )
        if not options.force and os.path.lexists(file):
            raise output_exists(file)


def _write(run: Run, options: Options, lang: str) -> None:
    """Write the report and the further ones, and say what is wrong with inputs."""
    from etown_check.files import append_file, write_file

    name = format_of(options)
    text = reporter(name)(run, style_of(options, lang))
    # In a job of GitHub's every line is read for commands: there the report itself tells all.
    if name != "github":
        if not REPORTERS[name].data:
            tell_problems(run.problems, lang)
        tell_problems(run.warnings, lang)
    for format, file in options.reports:
        further = reporter(format)(run, style_of(options._replace(output=file), lang))
        write_file(file, further, force=options.force)
    put_report(text, options, is_data=REPORTERS[name].data)
    summary = os.environ.get(STEP_SUMMARY)
    if summary and "github" in (name, *(format for format, _ in options.reports)):
        append_file(summary, reporter("markdown")(run, style_of(options, lang)))


def put_report(text: str, options: Options, *, is_data: bool) -> None:
    """Write a report to the file that was asked for, or to standard output.

    One that `is_data` goes to other programs, in UTF-8.
    """
    if options.output is not None:
        from etown_check.files import write_file

        write_file(options.output, text, force=options.force)
    else:
        write_stream(sys.stdout, text, encoding=_encoding(is_data=is_data))


def _encoding(*, is_data: bool) -> str | None:
    """Return the encoding of what goes to standard output, `None` for its own.

    Whoever looks at a terminal wants to read it, whatever its encoding.
    """
    return "utf-8" if is_data and not is_terminal(sys.stdout) else None


def format_of(options: Options) -> str:
    """Return the format that was asked for, or else the one for where the report goes."""
    return options.format or ("terminal" if _to_terminal(options) else "plain")


def _to_terminal(options: Options) -> bool:
    return options.output is None and is_terminal(sys.stdout)


def style_of(options: Options, lang: str) -> Style:
    """Return how a report is to look, by what was asked for and where it goes."""
    to_terminal = _to_terminal(options)
    encoding = "utf-8" if options.output else getattr(sys.stdout, "encoding", None) or "utf-8"
    folder = os.getcwd()
    return Style(
        lang=lang,
        quiet=options.quiet,
        verbose=options.verbose,
        width=terminal_width(),
        color=to_terminal and _in_color(sys.stdout),
        is_unicode=can_encode("─╭", encoding),
        folder=folder,
        root=_repository(folder),
        with_passes=options.sarif_passes,
    )


def _repository(folder: str) -> str:
    """Return the top of the repository that `folder` lies in, or `folder` itself."""
    top = folder
    while not os.path.lexists(os.path.join(top, ".git")):
        above = os.path.dirname(top)
        if above == top:
            return folder
        top = above
    return top


def _in_color(stream: TextIO | None) -> bool:
    is_terminal_ = stream is not None and is_terminal(stream)
    return is_terminal_ and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"


def tell_written(path: str, lang: str) -> None:
    """Say on standard error which file was written."""
    written = Text(f"已生成 {visible(path)}\n", f"Wrote {visible(path)}\n")
    tell(render(written, lang))


def tell_problems(problems: Sequence[Problem], lang: str) -> None:
    """Say on standard error what is wrong with inputs."""
    text = problem_text(problems, lang, color=_in_color(sys.stderr))
    if text:
        tell(text)
