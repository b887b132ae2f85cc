"""Checking one data file after the other, by what is loaded once and holds for all of them.

All that a `Task` says is plain data, so that any process can do its part of a run. What is found
of one file owes nothing to the others.
"""

import os
import time
from _thread import allocate_lock  # that of `threading`, which takes long to import
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property

from etown_check import __version__
from etown_check.config import Config, Configurations
from etown_check.endings import is_workbook
from etown_check.engine import evaluate, verdict_of
from etown_check.gathering import Candidate
from etown_check.loading import (
    Source,
    declared_standard,
    has_standard_key,
    load_reference,
    read_submission,
    source_of,
)
from etown_check.problems import ConfigurationError, InputError, Problem, closest
from etown_check.records import Record
from etown_check.report import COMPLIANT, LEVELS, NON_COMPLIANT, Report, Run, Totals, Waiver
from etown_check.settings import Options, Settings, settings_of
from etown_check.standard import BINDING, EXPECTED, Standard
from etown_check.store import find_standard, list_standards, load_standard
from etown_check.submission import Declaration, Submission
from etown_check.text import fold
from etown_check.tree import end_column, position
from etown_check.usage import FAILED, INCOMPLETE, INVALID, OK, unknown_choice
from etown_check.words import Text, Words
from etown_check.yamltree import read_bytes


class Task(Record):
    """What holds for all files of a run.

    `standard` is the one that all are judged by, `None` for that which each file names. One that
    `is_asked` need not be what a file names, nor one of those that come with the tool. Waivers
    run by `day`, by default the present one. `changed` are the absolute paths of what changed,
    where only what they bear on is to be checked.
    """

    options: Options
    standard: str | None = None
    is_asked: bool = False
    day: date | None = None
    changed: frozenset[str] | None = None


class WaiversMet(Record):
    """The file of waivers that held for a data file, and which of them it met.

    `open` tells by a waiver's number whether something that it is about is open.
    """

    path: str
    open: dict[int, bool]


class Checked(Record):
    """What was found of one candidate.

    One that is no data file is no input. An input has a report, or problems that say why not, or
    lacks the file of reference data at `lacking`, which cannot be used. `code` is the exit code
    that its report calls for. One that `is_unchanged` was left out. `town` is folded.
    """

    path: str
    is_input: bool = True
    report: Report | None = None
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    code: int = OK
    is_unchanged: bool = False
    town: str = ""
    is_workbook: bool = False
    lacking: str = ""
    waivers: WaiversMet | None = None
    submission: Submission | None = None


class Facts(Record):
    """What a run has to know of some of its files beside what is reported of them.

    `codes` are the exit codes that they call for, `towns` their paths, their towns and whether
    they are workbooks; `lacking` and `waivers` are as for each file.
    """

    totals: Totals
    codes: frozenset[int]
    towns: tuple[tuple[str, str, bool], ...]
    lacking: tuple[str, ...]
    waivers: tuple[WaiversMet, ...]


class Batch(Record):
    """Some files of a run in their order: a run over them alone, and its facts."""

    run: Run
    facts: Facts


class Checker:
    """Checks the files of a task. `opened` are those that are open already, by their paths.

    Where several threads have one checker, each holds its `lock` while it uses it.
    """

    def __init__(
        self,
        task: Task,
        configurations: Configurations | None = None,
        opened: Mapping[str, Source | InputError] | None = None,
    ) -> None:
        options = task.options
        self.lock = allocate_lock()
        self.task = task
        self.known = list_standards()
        self.configurations = configurations or Configurations(
            options.config, use=not options.no_config
        )
        self.opened = dict(opened or {})
        self._in_force: dict[int, tuple[Config, Settings]] = {}  # by the identity of the former
        self._standards: dict[str, Standard] = {}
        self._elsewhere: dict[str, _Elsewhere] = {}
        self._references: dict[tuple[str, str], dict[str, Declaration] | InputError] = {}
        self._waivers: dict[tuple[str, str], tuple[Waiver, ...]] = {}

    @cached_property
    def day(self) -> date:
        """The day by which waivers run."""
        from etown_check.waivers import today

        return self.task.day or today(time.time())

    def in_force(self, path: str) -> tuple[Config, Settings]:
        """Return what holds for the data file at `path`. Raises `ConfigurationError`."""
        config = self.configurations.of(path)
        known = self._in_force.get(id(config))
        if known is None:
            known = self._in_force[id(config)] = config, settings_of(self.task.options, config)
        return known

    def check_some(
        self,
        candidates: Iterable[Candidate],
        *,
        keep: bool = False,
        contents: Mapping[str, bytes] | None = None,
    ) -> Batch:
        """Read and judge some files; `keep` the submissions. Raises `ConfigurationError`.

        `contents` are those of files that have been read already, by their paths.
        """
        read = contents or {}
        found = [self.check(candidate, read.get(candidate.path)) for candidate in candidates]
        unchanged = sum(one.is_unchanged for one in found)
        run = Run(
            __version__,
            self.standard_of(),
            tuple(one.path for one in found if one.is_input),
            tuple(one.report for one in found if one.report is not None),
            tuple(problem for one in found for problem in one.problems),
            tuple(warning for one in found for warning in one.warnings),
            None if self.task.changed is None else unchanged,
            submissions=tuple(it.submission for it in found if keep and it.submission is not None),
        )
        facts = Facts(
            run.totals,
            frozenset(
                INVALID if one.problems else one.code
                for one in found
                if one.problems or one.report is not None
            ),
            tuple((one.path, one.town, one.is_workbook) for one in found if one.town),
            tuple(one.lacking for one in found if one.lacking),
            tuple(one.waivers for one in found if one.waivers is not None),
        )
        return Batch(run, facts)

    def open(self, path: str, content: bytes | None = None) -> Source:
        """Open the data file at `path`, once; it may have been read. Raises `InputError`."""
        if path not in self.opened:
            try:
                content = read_bytes(path) if content is None else content
                self.opened[path] = source_of(path, content)
            except InputError as error:
                self.opened[path] = error
        found = self.opened[path]
        if isinstance(found, InputError):
            raise found
        return found

    def check(self, candidate: Candidate, content: bytes | None = None) -> Checked:
        """Read and judge the file that may be a data file. Raises `ConfigurationError`."""
        found = self.look_at(candidate, content)
        self.opened.pop(candidate.path, None)
        return found if isinstance(found, Checked) else self.judge(found)

    def look_at(self, candidate: Candidate, content: bytes | None = None) -> Source | Checked:
        """Open a candidate, or tell what there is to say of one that is not to be judged."""
        path, changed = candidate.path, self.task.changed
        is_silent = changed is not None and os.path.abspath(path) not in changed
        if not candidate.is_named and is_workbook(path):
            foreign = _foreign(path)
            if foreign is not None:
                return foreign._replace(warnings=() if is_silent else foreign.warnings)
        try:
            source = self.open(path, content)
        except InputError as error:
            if is_silent or (not candidate.is_named and is_workbook(path) and _is_no_form(error)):
                return Checked(path, is_input=False)
            return Checked(path, problems=tuple(error.problems), warnings=tuple(error.warnings))
        if not candidate.is_named and not has_standard_key(source):
            args = {"standard": self.known[0] if self.known else "…"}
            warnings = (Problem(path, None, "W101", args),) if changed is None else ()
            return Checked(path, is_input=False, warnings=warnings)
        if changed is not None:
            from etown_check.changes import is_touched

            if not is_touched(source, changed, *self.in_force(path)):
                return Checked(path, is_input=False, is_unchanged=True)
        return source

    def judge(self, source: Source) -> Checked:
        """Read and judge one data file. Raises `ConfigurationError`."""
        found = Checked(source.path, town=source.town, is_workbook=bool(source.sheets))
        config, settings = self.in_force(source.path)
        standard = self.standard_of(source)
        parts = self._parts(standard, settings, config)
        waivers = self.waivers(settings.waivers, standard)
        reference = self.reference(settings.reference, standard)
        if isinstance(reference, InputError):
            # Without it nothing can be judged rightly, and that is told once.
            return found._replace(lacking=settings.reference or "")
        try:
            submission = read_submission(
                source,
                standard,
                reference,
                () if self.task.is_asked else unknown_standard(source, self.known),
                evidence_root=settings.evidence_root,
                elsewhere=self._others(standard),
            )
        except InputError as error:
            problems, warnings = tuple(error.problems), tuple(error.warnings)
            return found._replace(problems=problems, warnings=warnings)
        options = self.task.options
        report = evaluate(
            standard,
            submission,
            parts=parts,
            only=options.only or None,
            level=options.level,
            require=settings.require,
        )._replace(fail_on=settings.fail_on)
        met = None
        if settings.waivers is not None:
            from etown_check.waivers import excused, open_by

            report = excused(report, waivers, self.day)
            met = WaiversMet(settings.waivers, open_by(waivers, report))
        return found._replace(
            report=report,
            warnings=submission.warnings,
            code=code_of(report),
            waivers=met,
            submission=submission,
        )

    def standard_of(self, source: Source | None = None) -> Standard:
        """Return the standard that all are judged by, or else the one that `source` names."""
        name = self.task.standard
        if name is None:
            name = standard_named([source] if source else (), self.known)
        if name not in self._standards:
            standard = load_standard(name)
            check_choices(self.task.options, standard)
            self._standards[name] = standard
        return self._standards[name]

    def _others(self, standard: Standard) -> "_Elsewhere":
        if standard.id not in self._elsewhere:
            self._elsewhere[standard.id] = _Elsewhere(standard, self.known)
        return self._elsewhere[standard.id]

    def _parts(
        self, standard: Standard, settings: Settings, config: Config
    ) -> tuple[str, ...] | None:
        if not settings.parts:
            return None
        known = (*standard.parts, "all")
        for part in settings.parts:
            if part not in known:  # those of the command line were checked before
                zh, en = "、".join(known), ", ".join(known)
                expected = Text(f"可以写：{zh}。", f"It takes: {en}.")
                args: dict[str, Words] = {"key": "parts", "text": part, "expected": expected}
                close = closest(part, known)
                place = config.places["parts"]
                raise ConfigurationError([Problem(config.path, place, "E702", args, close)])
        return chosen_parts(standard, settings.parts)

    def reference(
        self, path: str | None, standard: Standard
    ) -> dict[str, Declaration] | InputError:
        """Return the reference data at `path`, or what is wrong with them."""
        if path is None:
            return {}
        key = path, standard.id
        if key not in self._references:
            try:
                self._references[key] = load_reference(path, standard)
            except InputError as error:
                self._references[key] = error
        return self._references[key]

    def waivers(self, path: str | None, standard: Standard) -> tuple[Waiver, ...]:
        if path is None:
            return ()
        key = path, standard.id
        if key not in self._waivers:
            from etown_check.waivers import load_waivers

            self._waivers[key] = load_waivers(path, standard)
        return self._waivers[key]


def code_of(report: Report) -> int:
    """Return the exit code that `report` calls for; the contract publishes the table.

    What is no worse than in the baseline does not count.
    """
    if report.fail_on == "never":
        return OK
    levels = LEVELS if report.fail_on == EXPECTED else (BINDING,)
    found = verdict_of(item.counted for item in report.items if item.level in levels)
    return {COMPLIANT: OK, NON_COMPLIANT: FAILED}.get(found, INCOMPLETE)


def chosen_parts(standard: Standard, names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the parts that `names` mean, "all" among them."""
    return tuple(standard.parts) if "all" in names else names


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
    if not options.only:
        return
    ids = [id for item in standard.items for id in (item.id, *(it.id for it in item.checks))]
    for id in options.only:
        if id not in ids:
            raise unknown_choice("--only", id, tuple(ids), show_all=False)


def _foreign(path: str) -> Checked | None:
    """Return what to say of a workbook that was found and is none of ours, `None` of one that is.

    Evidence and ledgers are such. One that cannot be opened may be anything, and is left out with
    a warning.
    """
    from etown_check.workbooks.reading import may_be_form  # YAML has no need of it

    try:
        return None if may_be_form(path) else Checked(path, is_input=False)
    except InputError as error:
        args = {"code": error.problems[0].code}
        return Checked(path, is_input=False, warnings=(Problem(path, None, "W307", args),))


def _is_no_form(error: InputError) -> bool:
    """Tell of a workbook with a sheet called like ours that it holds no facts all the same."""
    from etown_check.workbooks.reading import NOT_OURS

    return [problem.code for problem in error.problems] == [NOT_OURS]
