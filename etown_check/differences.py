"""What changed between two states of data: files, JSON reports, or a git revision and now."""

import os
import tempfile
from collections.abc import Iterable

from etown_check import git
from etown_check.comparing import Difference, Snapshot, compare, pairs, snapshot
from etown_check.problems import ConfigurationError, Problem
from etown_check.records import Record
from etown_check.report_file import is_report, load_report
from etown_check.running import prepare
from etown_check.settings import Options
from etown_check.text import visible
from etown_check.usage import FAILED, INVALID, OK, UsageError
from etown_check.words import LANGUAGES, Text


class Compared(Record):
    """All that a comparison found.

    `problems` are mistakes of inputs that keep it from being whole; what is wrong with the files
    of an old revision is only told (`old_problems`), for nobody can mend it any more.
    """

    differences: tuple[Difference, ...]
    problems: tuple[Problem, ...]
    old_problems: tuple[Problem, ...]
    lang: str

    @property
    def exit_code(self) -> int:
        """The exit code: worse is what a binding item is, not an expected one."""
        if self.problems:
            return INVALID
        return FAILED if any(it.is_worse for it in self.differences) else OK


class _State(Record):
    snapshots: tuple[Snapshot, ...]
    problems: tuple[Problem, ...]
    lang: str | None


def compare_files(old: str, new: str, options: Options) -> Compared:
    """Compare two data files, folders of them or JSON reports, in any combination.

    Raises `InputError` for a JSON report that cannot be read, `ConfigurationError` and
    `UsageError`.
    """
    before, after = _state(old, options), _state(new, options)
    if len(before.snapshots) == len(after.snapshots) == 1:
        _refuse_two_towns(before.snapshots[0], after.snapshots[0])
    problems = (*before.problems, *after.problems)
    lang = options.lang or after.lang or before.lang or LANGUAGES[0]
    return Compared(_compared(before.snapshots, after.snapshots), problems, (), lang)


def _refuse_two_towns(old: Snapshot, new: Snapshot) -> None:
    if old.town != new.town:
        raise UsageError(
            Text(
                f"两边不是同一个镇：{old.town}、{new.town}。",
                f"These are two towns: {old.town}, {new.town}.",
            )
        )


def compare_since(revision: str, options: Options) -> Compared:
    """Compare the data files that `options` name with what they were at a git revision.

    Raises as `compare_files`.
    """
    folder = os.getcwd()
    now = _judged(options)
    top = git.repository(folder)
    with tempfile.TemporaryDirectory() as folder_then:
        place = os.path.realpath(folder_then)
        git.lay_out(top, revision, place)
        then = [os.path.join(place, _relative(path, top)) for path in options.paths]
        there = tuple(path for path in then if os.path.exists(path))
        before = _judged_then(options._replace(paths=there)) if there else _State((), (), None)

    def path_now(path: str) -> str:
        return os.path.relpath(os.path.join(top, os.path.relpath(path, place)), folder)

    old = [it._replace(path=path_now(it.path)) for it in before.snapshots]
    old_problems = tuple(
        it._replace(path=f"{visible(revision)}:{path_now(it.path)}")
        for it in before.problems
        if it.code != "E108"  # a folder that had no data yet
    )
    lang = options.lang or now.lang or LANGUAGES[0]
    return Compared(_compared(old, now.snapshots), now.problems, old_problems, lang)


def _relative(path: str, top: str) -> str:
    """Return `path` relative to the repository. Raises `UsageError` for one outside of it."""
    relative = os.path.relpath(os.path.realpath(path), top)
    if relative.split(os.sep)[0] == os.pardir:
        shown = visible(path)
        raise UsageError(
            Text(f"“{shown}”不在这个 git 仓库中。", f"“{shown}” is not in this git repository.")
        )
    return relative


def _state(path: str, options: Options) -> _State:
    if is_report(path):
        return _State(load_report(path), (), None)
    return _judged(options._replace(paths=(path,)))


def _judged(options: Options) -> _State:
    job = prepare(options)
    run = job.run()
    return _State(tuple(map(snapshot, run.reports)), run.problems, job.lang)


def _judged_then(options: Options) -> _State:
    """Judge what a revision held. Where it went by a broken configuration, that is only told."""
    try:
        return _judged(options)
    except ConfigurationError as error:
        return _State((), tuple(error.problems), None)


def _compared(old: Iterable[Snapshot], new: Iterable[Snapshot]) -> tuple[Difference, ...]:
    normal = [_with_normal_path(it) for it in old], [_with_normal_path(it) for it in new]
    return tuple(compare(before, after) for before, after in pairs(*normal))


def _with_normal_path(one: Snapshot) -> Snapshot:
    return one._replace(path=os.path.normpath(one.path))
