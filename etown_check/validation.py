"""The main job: check data files, write the reports, and answer with an exit code."""

import os
import sys
from collections.abc import Sequence

from etown_check.output import (
    STDOUT,
    append_file,
    can_encode,
    is_terminal,
    tell,
    terminal_width,
    write_file,
    write_stream,
)
from etown_check.problems import Problem
from etown_check.report import Run, Style
from etown_check.reporters import REPORTERS, reporter
from etown_check.reporters.texts import problem_lines
from etown_check.running import exit_code, prepare
from etown_check.settings import Options
from etown_check.text import visible
from etown_check.usage import UsageError, output_exists, unknown_choice
from etown_check.words import Text, render

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
    job = prepare(options)
    run = job.run()
    _write(run, options, job.lang)
    return exit_code(run)


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
        write_file(options.output, text, force=options.force)
    else:
        # Whoever looks at a terminal wants to read it, whatever its encoding.
        is_file = is_data and not is_terminal(sys.stdout)
        write_stream(sys.stdout, text, encoding="utf-8" if is_file else None)


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
        color=to_terminal and _may_color(),
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


def _may_color() -> bool:
    return "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"


def tell_written(path: str, lang: str) -> None:
    """Say on standard error which file was written."""
    written = Text(f"已生成 {visible(path)}\n", f"Wrote {visible(path)}\n")
    tell(render(written, lang))


def tell_problems(problems: Sequence[Problem], lang: str) -> None:
    """Say on standard error what is wrong with inputs."""
    color = is_terminal(sys.stderr) and _may_color()
    lines = [line for problem in problems for line in problem_lines(problem, lang, color=color)]
    if lines:
        tell("\n".join(lines) + "\n")
