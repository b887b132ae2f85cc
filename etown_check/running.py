"""A run: the data files it is about, what each is judged by, and all that comes of it.

A run is a sequence of small ones, over some files each, so that no more than these need be held.
Nothing here imports pydantic, typer or rich, so that a check in CI starts at once.
"""

import os
import sys
import time
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice

from etown_check import __version__
from etown_check.checking import Checked, Checker, Facts, Task, code_of, standard_named
from etown_check.config import NONE, Config, Configurations
from etown_check.endings import is_workbook
from etown_check.gathering import Candidate, Listing
from etown_check.loading import Source
from etown_check.output import is_terminal, tell
from etown_check.problems import ConfigurationError, InputError, Problem
from etown_check.records import Record
from etown_check.report import Run, Totals
from etown_check.settings import DEFAULT, Options, origins_of, settings_of
from etown_check.standard import Standard
from etown_check.text import visible
from etown_check.usage import INVALID, UsageError, exclusive, first_of
from etown_check.words import LANGUAGES, Text, Words
from etown_check.yamltree import STDIN

CHUNK = 16
"""Files that are checked at a time, where all that is found of them is wanted at once."""


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
    listing = Listing(options._replace(paths=paths), configurations, only_found=changed is not None)
    task = Task(options, day=day, changed=changed)
    scout = _Scout(listing, Checker(task, configurations))
    asked = scout.agreed("standard")
    standard_name = scout.standard() if asked is None else asked
    task = task._replace(standard=standard_name, is_asked=asked is not None)
    checker = Checker(task, configurations, scout.checker.opened)
    standard = checker.standard_of()
    lang = scout.agreed("lang") or LANGUAGES[0]
    return Job(options, listing, checker, standard, lang, scout.total, scout.beside_workbooks)


def _changed(options: Options) -> tuple[tuple[str, ...], frozenset[str] | None]:
    """Return the paths to look at, and the places that changed; `None` where that is not asked."""
    if options.changed and options.changed_since is not None:
        raise exclusive("--changed", "--changed-since")
    if options.changed:
        return (".", *options.paths), frozenset(map(os.path.abspath, options.paths))
    if options.changed_since is None:
        return options.paths, None
    from etown_check import git  # starts other programs

    top = git.repository(os.getcwd())
    changed = git.changed_since(top, options.changed_since)
    return options.paths or (".",), frozenset(map(os.path.abspath, changed))


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


class _Scout:
    """Looks through what there is to check before anything is judged: what holds for all of it.

    `total` is the number of candidates, `beside_workbooks` are the folders in which workbooks
    may lie beside other data files.
    """

    def __init__(self, listing: Listing, checker: Checker) -> None:
        self.listing = listing
        self.checker = checker
        self.options = listing.options
        self.total = 0
        self.beside_workbooks: set[str] = set()
        configs: dict[str, Config] = {}
        folder = None
        for candidate in listing:
            if candidate.is_end:
                continue
            self.total += 1
            above = os.path.dirname(candidate.path)
            if above != folder or candidate.path == STDIN:
                folder = above
                config = checker.configurations.of(candidate.path)
                configs.setdefault(config.path, config)
            if candidate.path == STDIN or is_workbook(candidate.path):
                self.beside_workbooks.add(above)
        self.configs = list(configs.values()) or [checker.configurations.of(STDIN)]

    def agreed(self, key: str) -> str | None:
        """Return what holds of `key` for the whole run: all configurations must say the same."""
        if origins_of(self.options, NONE)[key].layer != DEFAULT:
            asked: str = getattr(settings_of(self.options, NONE), key)
            return asked
        said = [config for config in self.configs if key in config.values]
        if len({config.values[key] for config in said}) > 1:
            # One that holds for no data file does not count.
            said = [config for config in said if any(inputs(self.listing, self.checker, config))]
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

    def standard(self) -> str:
        """Return the standard that the first data file names."""
        found = inputs(self.listing, self.checker)
        return standard_named((it for it in found if isinstance(it, Source)), self.checker.known)


def inputs(
    listing: Listing, checker: Checker, config: Config | None = None
) -> Iterator[Source | Checked]:
    """Yield the data files, or what is wrong with those that cannot be read; of one `config` alone.

    Of what is opened a little stays open, as it will be read next.
    """
    for candidate in listing:
        path = candidate.path
        if candidate.is_end or (config and checker.configurations.of(path) != config):
            continue
        found = checker.look_at(candidate)
        if isinstance(found, Source) or found.is_input:
            yield found
        if len(checker.opened) > CHUNK and path != STDIN:
            del checker.opened[path]


class Job(Record):
    """A run that is ready to begin.

    `total` is the number of files that may be data files.
    """

    options: Options
    listing: Listing
    checker: Checker
    standard: Standard
    lang: str
    total: int
    beside_workbooks: set[str]

    def run(self, *, keep: bool = False) -> Run:
        """Read and judge the data files; `keep` the submissions. Raises `ConfigurationError`."""
        baseline = None
        if self.options.baseline is not None:
            from etown_check.report_file import load_report

            baseline = load_report(self.options.baseline)
        course = Course(self)
        runs = list(self.runs(course, keep=keep))
        reports = [report for run in runs for report in run.reports]
        if baseline is not None:
            from etown_check.comparing import held_against

            reports = held_against(reports, baseline)
        return self.nothing._replace(
            inputs=tuple(path for run in runs for path in run.inputs),
            reports=tuple(reports),
            problems=tuple(problem for run in runs for problem in run.problems),
            warnings=tuple(warning for run in runs for warning in run.warnings),
            unchanged=course.totals.unchanged,
            baseline=self.options.baseline or "",
            submissions=tuple(it for run in runs for it in run.submissions),
        )

    @property
    def nothing(self) -> Run:
        """A run over none of the files."""
        return Run(__version__, self.standard, (), (), (), ())

    def runs(self, course: "Course", *, keep: bool = False) -> Iterator[Run]:
        """Yield runs over some files each, in order, and one for what is to be told of no file.

        `course` follows them. Raises `ConfigurationError`.
        """
        for chunk in self.chunks():
            if chunk[0].is_end:
                yield from course.end_of(chunk[0].path)
            else:
                batch = self.checker.check_some(chunk, keep=keep)
                yield batch.run
                yield from course.follow(batch.facts, len(chunk))
        yield from course.end()

    def has_more_inputs_than(self, number: int) -> bool:
        """Tell whether there are more data files than `number`, whatever else lies there."""
        return self.total > number and any(islice(inputs(self.listing, self.checker), number, None))

    def chunks(self, most: int = CHUNK, workers: int = 1) -> Iterator[list[Candidate]]:
        """Yield the candidates, some at a time; the end of a folder stands alone.

        Where several `workers` share them, there are fewer at a time towards the end: so no
        worker has much to do yet when the others have nothing left.
        """
        chunk: list[Candidate] = []
        left, size = self.total, most
        for candidate in self.listing:
            if chunk and (candidate.is_end or len(chunk) == size):
                yield chunk
                left -= len(chunk)
                chunk = []
            if not chunk and workers > 1:
                size = max(CHUNK, min(most, left // (2 * workers)))
            if candidate.is_end:
                yield [candidate]
            else:
                chunk.append(candidate)
        if chunk:
            yield chunk


class Course:
    """Follows a run from file to file: what it comes to, and what is to be told but once.

    Shows how far it has come, where somebody watches.
    """

    def __init__(self, job: Job) -> None:
        self.job = job
        changed = job.checker.task.changed
        self.totals = Totals(0, {}, None if changed is None else 0)
        self._codes: set[int] = set()
        self._inputs_before = 0
        self._texts: dict[tuple[str, str], str] = {}
        self._workbooks: list[tuple[str, str]] = []
        self._lacking: set[str] = set()
        self._waivers: dict[str, dict[int, bool]] = {}
        self._progress = _Progress(job.total, job.lang)
        self._progress.show(0)

    @property
    def code(self) -> int:
        """The exit code: of several the first by their precedence."""
        is_empty = not self.totals.inputs and self.totals.unchanged is None
        return first_of(self._codes | ({INVALID} if is_empty else set()))

    def follow(self, facts: Facts, candidates: int) -> Iterator[Run]:
        """Take in the facts of so many `candidates`. Yields what is to be told with them."""
        self._progress.add(candidates)
        self.totals = self.totals.plus(facts.totals)
        self._codes |= facts.codes
        for path, town, is_book in facts.towns:
            folder = os.path.dirname(path)
            if is_book:
                self._workbooks.append((path, town))
            elif folder in self.job.beside_workbooks:
                self._texts[folder, town] = path
        for path, is_open in facts.waivers:
            before = self._waivers.setdefault(path, {})
            for number, found in is_open.items():
                before[number] = found or before.get(number, False)
        for path in facts.lacking:
            if path not in self._lacking:
                self._lacking.add(path)
                error = self.job.checker.reference(path, self.job.standard)
                assert isinstance(error, InputError)
                yield from self._told(error.problems, error.warnings)

    def end_of(self, folder: str) -> Iterator[Run]:
        """Tell of a folder in which there were no data files. Such a folder is an input itself."""
        if self.totals.inputs == self._inputs_before:
            run = self.job.nothing._replace(inputs=(folder,))
            self.totals = self.totals.plus(run.totals)
            yield from self._told([Problem(folder, None, "E108", {})], [], run)
        self._inputs_before = self.totals.inputs

    def end(self) -> Iterator[Run]:
        """Tell what can be told when all files are known."""
        self._progress.end()
        if not self.job.listing.paths:
            yield from self._told([Problem("", None, "E110", {})], [])
        yield from self._told([], [*self._twins(), *self._doubtful_waivers()])

    def _told(
        self, problems: Iterable[Problem], warnings: Iterable[Problem], run: Run | None = None
    ) -> Iterator[Run]:
        told = (run or self.job.nothing)._replace(
            problems=tuple(problems), warnings=tuple(warnings)
        )
        if told.problems:
            self._codes.add(INVALID)
        if told.problems or told.warnings:
            yield told

    def _twins(self) -> Iterator[Problem]:
        """Warn of a workbook beside a YAML file of the same town."""
        for path, town in self._workbooks:
            other = self._texts.get((os.path.dirname(path), town))
            if other is not None:
                args: dict[str, Words] = {"town": town, "other": os.path.basename(other)}
                yield Problem(path, None, "W306", args)

    def _doubtful_waivers(self) -> Iterator[Problem]:
        """Warn of waivers that are of no use."""
        checker = self.job.checker
        for path, is_open in self._waivers.items():
            from etown_check.waivers import doubtful

            yield from doubtful(checker.waivers(path, self.job.standard), is_open, checker.day)


def exit_code(run: Run) -> int:
    """Return the exit code of a whole `run`."""
    codes = {code_of(report) for report in run.reports}
    if run.problems or (not run.inputs and run.unchanged is None):
        codes.add(INVALID)
    return first_of(codes)


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
        self.done = 0
        self.next = time.monotonic() + 1
        self.is_shown = False
        self.is_wanted = total > 1 and is_terminal(sys.stderr)

    def add(self, number: int) -> None:
        self.done += number
        self.show(self.done)

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
