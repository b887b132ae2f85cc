"""The main job: gather data files, read and judge each, report, and answer with an exit code.

Nothing here imports pydantic, typer or rich, so that a check in CI starts at once; the terminal
report alone brings rich in.
"""

import os
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from etown_check import __version__
from etown_check.engine import evaluate, verdict
from etown_check.loading import (
    Source,
    declared_standard,
    has_standard_key,
    load_reference,
    open_source,
    read_submission,
)
from etown_check.output import (
    STDOUT,
    can_encode,
    is_terminal,
    tell,
    terminal_width,
    write_file,
    write_stream,
)
from etown_check.problems import InputError, Problem, closest, did_you_mean
from etown_check.report import COMPLIANT, LEVELS, NON_COMPLIANT, Report, Run, Style
from etown_check.reporters import reporter
from etown_check.reporters.texts import problem_lines
from etown_check.standard import BINDING, EXPECTED, Standard
from etown_check.store import find_standard, list_standards, load_standard
from etown_check.submission import DECLARED, Declaration
from etown_check.text import fold, visible
from etown_check.words import Text
from etown_check.yamltree import STDIN, end_column, position

OK, FAILED, USAGE, INVALID, INCOMPLETE, INTERNAL = 0, 1, 2, 3, 4, 70
INTERRUPTED = 130
_PRECEDENCE = (INTERNAL, USAGE, INVALID, FAILED, INCOMPLETE, OK)
"""Of several exit codes, the first of these stands."""

FAIL_ON = (BINDING, EXPECTED, "never")


class Options(NamedTuple):
    """What a user may ask of `validate`; the defaults are those of the command."""

    paths: tuple[str, ...]
    format: str | None = None
    output: str | None = None
    force: bool = False
    standard: str | None = None
    reference: str | None = None
    evidence_root: str | None = None
    parts: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    level: str | None = None
    require: str = DECLARED
    fail_on: str = BINDING
    lang: str = "zh"
    quiet: bool = False
    verbose: bool = False


class UsageError(Exception):
    """The command was asked for something it does not have. Said in both languages."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


def validate(options: Options) -> int:
    """Check the data files that `options` name, write the report, and return the exit code.

    Raises `UsageError` and `StandardError` for what the user has to mend on the command line or
    in a standard, `OutputExists` or `OutputFailed` for the output file, and `StreamFailed` for
    standard output.
    """
    if options.output == STDOUT:
        options = options._replace(output=None)
    if options.output is not None and not options.force and os.path.lexists(options.output):
        raise output_exists(options.output)
    run = check(options)
    name = options.format or ("terminal" if _to_terminal(options) else "plain")
    text = reporter(name)(run, _style(options))
    if name != "json":
        tell_problems(run.problems, options.lang)
    tell_problems(run.warnings, options.lang)
    if options.output is not None:
        write_file(options.output, text, force=options.force)
    else:
        write_stream(sys.stdout, text, encoding="utf-8" if name == "json" else None)
    return exit_code(run, options.fail_on)


def check(options: Options) -> Run:
    """Read and judge the data files that `options` name."""
    _check_evidence_root(options.evidence_root)
    found = _gather(options.paths)
    known = list_standards()
    standard = _standard_for(options, found.sources, known)
    _check_choices(options, standard)
    problems = list(found.problems)
    reference: dict[str, Declaration] = {}
    if options.reference is not None:
        try:
            reference = load_reference(options.reference, standard)
        except InputError as error:
            # Without it nothing can be judged rightly.
            warnings = [*found.warnings, *error.warnings]
            return _run(standard, found.inputs, (), [*problems, *error.problems], warnings)
    reports: list[Report] = []
    warnings = list(found.warnings)
    parts = _parts(options, standard)
    elsewhere = _Elsewhere(standard, known)
    progress = _Progress(len(found.sources), options.lang)
    for number, source in enumerate(found.sources):
        progress.show(number)
        # Asked for by name, a standard need not be one of those that come with the tool.
        unknown = _unknown_standard(source, known) if options.standard is None else ()
        try:
            submission = read_submission(
                source,
                standard,
                reference,
                unknown,
                evidence_root=options.evidence_root,
                elsewhere=elsewhere,
            )
        except InputError as error:
            problems += error.problems
            warnings += error.warnings
            continue
        warnings += submission.warnings
        reports.append(
            evaluate(
                standard,
                submission,
                parts=parts,
                only=options.only or None,
                level=options.level,
                require=options.require,
            )
        )
    progress.end()
    return _run(standard, found.inputs, reports, problems, warnings)


def _run(
    standard: Standard,
    inputs: Iterable[str],
    reports: Sequence[Report],
    problems: Sequence[Problem],
    warnings: Sequence[Problem],
) -> Run:
    return Run(
        __version__,
        standard,
        tuple(inputs),
        tuple(reports),
        tuple(problems),
        tuple(warnings),
    )


def exit_code(run: Run, fail_on: str) -> int:
    """Return the exit code of `run`; the contract publishes the table."""
    codes = {INVALID} if run.problems or not run.inputs else set()
    levels = LEVELS if fail_on == EXPECTED else (BINDING,)
    for report in run.reports:
        found = verdict(report.items, levels)
        code = {COMPLIANT: OK, NON_COMPLIANT: FAILED}.get(found, INCOMPLETE)
        codes.add(OK if fail_on == "never" else code)
    return next(code for code in _PRECEDENCE if code in codes or code == OK)


# Gathering


class _Found:
    """Data files that could be opened, and what is to be said of the others."""

    def __init__(self) -> None:
        self.inputs: dict[str, None] = {}  # in their order, and quick to search
        self.sources: list[Source] = []
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []


def _gather(paths: Sequence[str]) -> _Found:
    found = _Found()
    if not paths:
        found.problems.append(Problem("", None, "E110", {}))
    for path in dict.fromkeys(paths):
        if path != STDIN and os.path.isdir(path):
            _gather_folder(path, found)
        else:
            _open(path, found, is_named=True)
    return found


def _gather_folder(folder: str, found: _Found) -> None:
    before = len(found.inputs)
    for path in sorted(_data_files(folder)):
        if path not in found.inputs:
            _open(path, found, is_named=False)
    if len(found.inputs) == before:
        found.inputs[folder] = None
        found.problems.append(Problem(folder, None, "E108", {}))


def _data_files(folder: str) -> Iterator[str]:
    for root, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in files:
            if name.lower().endswith((".yaml", ".yml")) and not name.startswith("."):
                yield os.path.join(root, name)


def _open(path: str, found: _Found, *, is_named: bool) -> None:
    try:
        source = open_source(path)
    except InputError as error:
        found.inputs[path] = None
        found.problems += error.problems
        found.warnings += error.warnings
        return
    if not is_named and not has_standard_key(source):
        known = list_standards()
        args = {"standard": known[0] if known else "…"}
        found.warnings.append(Problem(path, None, "W101", args))
        return
    found.inputs[path] = None
    found.sources.append(source)


class _Elsewhere:
    """Knows which of the other standards that come with the tool has a metric."""

    def __init__(self, standard: Standard, known: Iterable[str]) -> None:
        self.others = [id for id in known if id != standard.id]
        self.owners: dict[str, str] | None = None  # made when it is first asked for

    def __call__(self, name: str) -> str | None:
        if self.owners is None:
            self.owners = {}
            for id in self.others:
                for metric in load_standard(id).metrics.values():
                    self.owners |= {fold(metric.name.zh): id, metric.key: id}
        return self.owners.get(name)


def _unknown_standard(source: Source, known: Sequence[str]) -> Iterator[Problem]:
    node = declared_standard(source)
    if node is not None and fold(node.value) not in known:
        text = node.value.strip()
        args = {"text": text, "known": "、".join(known)}
        close = closest(text, known)
        yield Problem(source.path, position(node), "E401", args, close, end_column(node))


def _standard_for(options: Options, sources: Sequence[Source], known: Sequence[str]) -> Standard:
    """Load the standard that was asked for, or else the one that the first data file names."""
    if options.standard is not None:
        return load_standard(options.standard)
    for source in sources:
        node = declared_standard(source)
        if node is not None and fold(node.value) in known:
            return load_standard(fold(node.value))
    if not known:
        find_standard("")  # raises
    return load_standard(known[0])


# What may be chosen


def _check_choices(options: Options, standard: Standard) -> None:
    parts = (*standard.parts, "all")
    for part in options.parts:
        if part not in parts:
            raise unknown_choice("--part", part, parts)
    ids = [id for item in standard.items for id in (item.id, *(it.id for it in item.checks))]
    for id in options.only:
        if id not in ids:
            raise unknown_choice("--only", id, tuple(ids), show_all=False)


def _check_evidence_root(root: str | None) -> None:
    if root is not None and not os.path.isdir(root):
        shown = visible(root)
        raise UsageError(
            Text(
                f"--evidence-root 不是文件夹：“{shown}”。",
                f"--evidence-root is not a folder: “{shown}”.",
            )
        )


def unknown_choice(
    option: str, value: str, choices: Sequence[str], *, show_all: bool = True
) -> UsageError:
    """Return the error for a `value` that an option does not have."""
    near = closest(value, choices)
    shown = visible(value)
    zh = f"{option} 没有“{shown}”。{did_you_mean(near, 'zh')}"
    en = f"{option} has no “{shown}”. {did_you_mean(near, 'en')}"
    if show_all:
        zh += f"可以写：{'、'.join(choices)}。"
        en += f"It takes: {', '.join(choices)}."
    return UsageError(Text(zh, en.strip()))


def output_exists(path: str) -> UsageError:
    """Return the error for an output file that is there already."""
    shown = visible(path)
    if os.path.isdir(path):
        return UsageError(
            Text(f"“{shown}”是文件夹，请写文件名。", f"“{shown}” is a folder; name a file.")
        )
    return UsageError(
        Text(
            f"“{shown}”已经存在，没有覆盖。要覆盖请加 --force。",
            f"“{shown}” exists and was not overwritten. Give --force to replace it.",
        )
    )


def _parts(options: Options, standard: Standard) -> tuple[str, ...] | None:
    if not options.parts:
        return None
    return tuple(standard.parts) if "all" in options.parts else options.parts


# Talking


def _to_terminal(options: Options) -> bool:
    return options.output is None and is_terminal(sys.stdout)


def _style(options: Options) -> Style:
    to_terminal = _to_terminal(options)
    encoding = "utf-8" if options.output else getattr(sys.stdout, "encoding", None) or "utf-8"
    return Style(
        lang=options.lang,
        quiet=options.quiet,
        verbose=options.verbose,
        width=terminal_width(),
        color=to_terminal and _may_color(),
        is_unicode=can_encode("─╭", encoding),
    )


def _may_color() -> bool:
    return "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"


def tell_problems(problems: Sequence[Problem], lang: str) -> None:
    """Say on standard error what is wrong with inputs."""
    color = is_terminal(sys.stderr) and _may_color()
    lines = [line for problem in problems for line in problem_lines(problem, lang, color=color)]
    if lines:
        tell("\n".join(lines) + "\n")


class _Progress:
    """Says how far a long run has come, on a terminal's standard error, once a second."""

    def __init__(self, total: int, lang: str) -> None:
        self.total = total
        self.lang = lang
        self.next = time.monotonic() + 1
        self.is_shown = False
        self.is_wanted = total > 1 and is_terminal(sys.stderr)

    def show(self, done: int) -> None:
        if not self.is_wanted or time.monotonic() < self.next:
            return
        self.next = time.monotonic() + 1
        self.is_shown = True
        said = (
            f"checking {done}/{self.total}"
            if self.lang == "en"
            else f"正在校验 {done}/{self.total}"
        )
        tell(f"\r{said}")

    def end(self) -> None:
        if self.is_shown:
            tell("\r\x1b[K")
