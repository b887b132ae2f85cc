"""A run: the data files it is about, what each is judged by, and all that comes of it.

Nothing here imports pydantic, typer or rich, so that a check in CI starts at once.
"""

import os
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from etown_check import __version__
from etown_check.config import NONE, Config, Configurations
from etown_check.engine import evaluate, verdict_of
from etown_check.gathering import Found, gather
from etown_check.loading import Source, declared_standard, load_reference, read_submission
from etown_check.output import is_terminal, tell
from etown_check.problems import ConfigurationError, InputError, Problem, closest
from etown_check.report import COMPLIANT, LEVELS, NON_COMPLIANT, Report, Run, Waiver
from etown_check.settings import DEFAULT, Options, Settings, origins_of, settings_of
from etown_check.standard import BINDING, EXPECTED, Standard
from etown_check.store import find_standard, list_standards, load_standard
from etown_check.submission import Declaration, Submission
from etown_check.text import fold, visible
from etown_check.usage import (
    FAILED,
    INCOMPLETE,
    INVALID,
    OK,
    PRECEDENCE,
    UsageError,
    exclusive,
    unknown_choice,
)
from etown_check.words import LANGUAGES, Text, Words
from etown_check.yamltree import STDIN, end_column, position

if TYPE_CHECKING:
    from etown_check.comparing import Snapshot


def check(options: Options) -> Run:
    """Read and judge the data files that `options` name."""
    return prepare(options).run()


def prepare(options: Options) -> "Job":
    """Find the data files, and what they are to be judged by.

    Raises `UsageError` and `ConfigurationError`.
    """
    _check_evidence_root(options.evidence_root)
    day = _day(options.today)
    configurations = Configurations(options.config, use=not options.no_config)
    paths, changed = _changed(options)
    found = gather(options._replace(paths=paths), configurations, changed)
    configs = {path: configurations.of(path) for path in found.inputs or (STDIN,)}
    asked = _agreed("standard", options, configs)
    known = list_standards()
    standard = load_standard(standard_named(found.sources, known) if asked is None else asked)
    check_choices(options, standard)
    lang = _agreed("lang", options, configs) or LANGUAGES[0]
    return Job(options, found, configs, known, asked is not None, standard, lang, day)


def _changed(options: Options) -> tuple[tuple[str, ...], Iterable[str] | None]:
    """Return the paths to look at, and those that changed; `None` where that is not asked."""
    if options.changed and options.changed_since is not None:
        raise exclusive("--changed", "--changed-since")
    if options.changed:
        return (".", *options.paths), options.paths
    if options.changed_since is None:
        return options.paths, None
    from etown_check import git  # starts other programs

    top = git.repository(os.getcwd())
    return options.paths or (".",), git.changed_since(top, options.changed_since)


def _day(text: str | None) -> date | None:
    """Return the day by which waivers are to run, `None` for the present one."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        shown = visible(text)
        raise UsageError(
            Text(
                f"--today 要写成 2024-06-30 这样的日期，不是“{shown}”。",
                f"--today takes a date such as 2024-06-30, not “{shown}”.",
            )
        ) from None


def _agreed(key: str, options: Options, configs: Mapping[str, Config]) -> str | None:
    """Return what holds of `key` for the whole run: all configurations must say the same."""
    if origins_of(options, NONE)[key].layer != DEFAULT:
        asked: str = getattr(settings_of(options, NONE), key)
        return asked
    said = [config for config in configs.values() if key in config.values]
    for config in said[1:]:
        first, other = said[0], config.values[key]
        if other != first.values[key]:
            args: dict[str, Words] = {
                "key": key,
                "text": other,
                "other": first.path,
                "first": first.values[key],
            }
            raise ConfigurationError([Problem(config.path, config.places[key], "E704", args)])
    return said[0].values[key] if said else None


class Job(NamedTuple):
    """A run that is ready to begin: data files, the configuration of each, and the standard."""

    options: Options
    found: Found
    configs: Mapping[str, Config]
    known: Sequence[str]
    is_standard_asked: bool
    standard: Standard
    lang: str
    day: date | None

    def run(self, *, keep: bool = False) -> Run:
        """Read and judge the data files; `keep` the submissions. Raises `ConfigurationError`."""
        found, options = self.found, self.options
        baseline: tuple[Snapshot, ...] | None = None
        if options.baseline is not None:
            from etown_check.report_file import load_report

            baseline = load_report(options.baseline)
        judge = _Judge(self, keep=keep)
        progress = _Progress(len(found.sources), self.lang)
        for number, source in enumerate(found.sources):
            progress.show(number)
            judge.judge(source)
        progress.end()
        reports = judge.reports
        told = judge.doubtful_waivers()
        if baseline is not None:
            from etown_check.comparing import held_against

            reports = held_against(reports, baseline)
        return Run(
            __version__,
            self.standard,
            tuple(found.inputs),
            tuple(reports),
            (*found.problems, *judge.problems),
            (*found.warnings, *judge.warnings, *told),
            found.unchanged if options.changed or options.changed_since is not None else None,
            options.baseline or "",
            tuple(judge.submissions),
        )


class _Judge:
    """Judges data files, each by what holds for it, and gathers what comes of it."""

    def __init__(self, job: Job, *, keep: bool) -> None:
        self.job = job
        self.keep = keep
        self.standard = job.standard
        self.reports: list[Report] = []
        self.submissions: list[Submission] = []
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []
        self.references: dict[str, dict[str, Declaration] | None] = {}
        self.waivers: dict[str, tuple[Waiver, ...]] = {}
        self.elsewhere = _Elsewhere(job.standard, job.known)

    @cached_property
    def day(self) -> date:
        """The day by which waivers run."""
        from etown_check.waivers import today

        return self.job.day or today(time.time())

    def doubtful_waivers(self) -> list[Problem]:
        """Return what is to be told of the waivers."""
        if not self.waivers:
            return []
        from etown_check.waivers import doubtful

        waivers = (waiver for read in self.waivers.values() for waiver in read)
        return doubtful(waivers, self.reports, self.day)

    def judge(self, source: Source) -> None:
        """Read and judge one data file."""
        config = self.job.configs[source.path]
        settings = settings_of(self.job.options, config)
        parts = self._parts(settings, config)
        waivers = self._waivers(settings.waivers)
        reference = self._reference(settings.reference)
        if reference is None:
            return  # without it nothing can be judged rightly, and that was told
        # Asked for by name, a standard need not be one of those that come with the tool.
        is_asked = self.job.is_standard_asked
        unknown = () if is_asked else unknown_standard(source, self.job.known)
        try:
            submission = read_submission(
                source,
                self.standard,
                reference,
                unknown,
                evidence_root=settings.evidence_root,
                elsewhere=self.elsewhere,
            )
        except InputError as error:
            self.problems += error.problems
            self.warnings += error.warnings
            return
        self.warnings += submission.warnings
        options = self.job.options
        report = evaluate(
            self.standard,
            submission,
            parts=parts,
            only=options.only or None,
            level=options.level,
            require=settings.require,
        )._replace(fail_on=settings.fail_on)
        if waivers:
            from etown_check.waivers import excused

            report = excused(report, waivers, self.day)
        self.reports.append(report)
        if self.keep:
            self.submissions.append(submission)

    def _parts(self, settings: Settings, config: Config) -> tuple[str, ...] | None:
        if not settings.parts:
            return None
        known = (*self.standard.parts, "all")
        for part in settings.parts:
            if part not in known:  # those of the command line were checked before
                zh, en = "、".join(known), ", ".join(known)
                expected = Text(f"可以写：{zh}。", f"It takes: {en}.")
                args: dict[str, Words] = {"key": "parts", "text": part, "expected": expected}
                close = closest(part, known)
                place = config.places["parts"]
                raise ConfigurationError([Problem(config.path, place, "E702", args, close)])
        return chosen_parts(self.standard, settings.parts)

    def _reference(self, path: str | None) -> dict[str, Declaration] | None:
        """Return the reference data of a file, `None` where it cannot be used."""
        if path is None:
            return {}
        if path not in self.references:
            try:
                self.references[path] = load_reference(path, self.standard)
            except InputError as error:
                self.problems += error.problems
                self.warnings += error.warnings
                self.references[path] = None
        return self.references[path]

    def _waivers(self, path: str | None) -> tuple[Waiver, ...]:
        if path is None:
            return ()
        if path not in self.waivers:
            from etown_check.waivers import load_waivers

            self.waivers[path] = load_waivers(path, self.standard)
        return self.waivers[path]


def chosen_parts(standard: Standard, names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the parts that `names` mean, "all" among them."""
    return tuple(standard.parts) if "all" in names else names


def exit_code(run: Run) -> int:
    """Return the exit code of `run`; the contract publishes the table.

    What is no worse than in the baseline does not count.
    """
    is_empty = not run.inputs and run.unchanged is None
    codes = {INVALID} if run.problems or is_empty else set()
    for report in run.reports:
        levels = LEVELS if report.fail_on == EXPECTED else (BINDING,)
        found = verdict_of(item.counted for item in report.items if item.level in levels)
        code = {COMPLIANT: OK, NON_COMPLIANT: FAILED}.get(found, INCOMPLETE)
        codes.add(OK if report.fail_on == "never" else code)
    return next(code for code in PRECEDENCE if code in codes or code == OK)


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


def unknown_standard(source: Source, known: Sequence[str]) -> Iterator[Problem]:
    """Yield what is wrong with a data file that names a standard which is none of the `known`."""
    node = declared_standard(source)
    if node is not None and fold(node.value) not in known:
        text = node.value.strip()
        args = {"text": text, "known": "、".join(known)}
        close = closest(text, known)
        yield Problem(source.path, position(node), "E401", args, close, end_column(node))


def standard_named(sources: Iterable[Source], known: Sequence[str]) -> str:
    """Return the id of the standard that the first data file names, of the `known` ones."""
    for source in sources:
        node = declared_standard(source)
        if node is not None and fold(node.value) in known:
            return fold(node.value)
    if not known:
        find_standard("")  # raises
    return known[0]


def check_choices(options: Options, standard: Standard) -> None:
    """Refuse parts, items and checks that `standard` does not have. Raises `UsageError`."""
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
