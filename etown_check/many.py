"""Checking many data files: in this process, or spread over others by any executor.

What goes to a worker and what comes back is plain data: paths or texts, and reports as the JSON
format has them. Each worker loads a standard once.
"""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from etown_check import __version__
from etown_check.engine import evaluate
from etown_check.loading import Source, load_reference, read_submission, source_of
from etown_check.problems import InputError, Problem
from etown_check.report import Run
from etown_check.reporters.json_report import document
from etown_check.running import (
    check_choices,
    chosen_parts,
    standard_named,
    unknown_standard,
)
from etown_check.settings import Options
from etown_check.standard import Standard
from etown_check.store import list_standards, load_standard
from etown_check.submission import ASSURANCES, DECLARED, Declaration
from etown_check.usage import unknown_choice
from etown_check.words import LANGUAGES
from etown_check.yamltree import read_bytes

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

Input = str | os.PathLike[str] | tuple[str, str | bytes]
"""A data file: its path, or a name for it and what it holds."""

_File = tuple[str, str | bytes | None]
"""A path or a name, and what the file holds where that is given."""

CHUNK = 32
"""Files that go to a worker at a time: enough that the way there is short beside the work."""
_AHEAD = 16
"""Chunks that are under way at a time: enough for as many workers, and no more than can be held."""


class _Task(NamedTuple):
    """What holds for all files: plain data, which any executor can send.

    `call` tells one call from another: a standard may have changed in between.
    """

    call: str
    standard: str | None
    reference: str | None
    parts: tuple[str, ...] | None
    require: str
    lang: str


def evaluate_many(
    inputs: Iterable[Input],
    *,
    executor: "Executor | None" = None,
    standard: str | None = None,
    reference: str | None = None,
    parts: Sequence[str] | None = None,
    require: str = DECLARED,
    lang: str = LANGUAGES[0],
    chunk: int = CHUNK,
) -> Iterator[dict[str, Any]]:
    """Yield the JSON report of each data file, in the order of `inputs`, as plain data.

    `inputs` are paths, which workers must be able to open, or pairs of a name and a text. They are
    taken as they are needed, `chunk` at a time, so that there may be any number of them. `executor`
    is one of `concurrent.futures`, or any that has its `submit`; without one all is done here.
    `standard` is an id or a folder, by default the one that each file names; `reference` a file of
    reference data; `parts`, `require` and `lang` are as for the command `validate`.

    A file that cannot be read has its mistakes under `errors`, and no report. Raises `UsageError`
    for what is asked for and is not there, `ConfigurationError` for a standard that cannot be used,
    `InputError` for such reference data, and whatever the executor raises, as where a worker was
    killed: here, or when the reports are asked for.
    """
    if chunk < 1:
        raise ValueError(f"a chunk holds at least one file, not {chunk}")
    if require not in ASSURANCES:
        raise unknown_choice("require", require, ASSURANCES)
    call = os.urandom(8).hex()
    asked = None if parts is None else tuple(parts)
    task = _Task(call, standard, reference, asked, require, lang)
    chunks = _chunks(inputs, chunk)
    if executor is None:
        checker = _Checker(task)
        return (checker.check(*one) for files in chunks for one in files)
    return _spread(executor.submit, task, chunks)


def _chunks(inputs: Iterable[Input], size: int) -> Iterator[list[_File]]:
    rest = iter(inputs)
    while taken := list(islice(rest, size)):
        yield [it if isinstance(it, tuple) else (os.fspath(it), None) for it in taken]


def _spread(
    submit: "Callable[..., Future[list[dict[str, Any]]]]",
    task: _Task,
    chunks: Iterator[list[_File]],
) -> Iterator[dict[str, Any]]:
    waiting: deque[Future[list[dict[str, Any]]]] = deque()
    try:
        for chunk in chunks:
            waiting.append(submit(_check, task, chunk))
            if len(waiting) == _AHEAD:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()
    finally:  # nobody asks for the rest any more, or one failed
        for future in waiting:
            future.cancel()


def _check(task: _Task, files: list[_File]) -> list[dict[str, Any]]:
    """Check some files, in whatever process this is."""
    checker = _checker_of(task)
    return [checker.check(*one) for one in files]


class _Checker:
    """Checks one file after the other by what it has loaded once."""

    def __init__(self, task: _Task) -> None:
        self.task = task
        self.known = list_standards()
        self.standards: dict[str, Standard] = {}
        self.references: dict[str, dict[str, Declaration]] = {}

    def check(self, path: str, content: str | bytes | None) -> dict[str, Any]:
        return document(self._run(path, content), self.task.lang)

    def _run(self, path: str, content: str | bytes | None) -> Run:
        task = self.task
        try:
            source = _source(path, content)
        except InputError as error:
            return _run(path, self._standard_of(()), error.problems, error.warnings)
        standard = self._standard_of([source])
        unknown = unknown_standard(source, self.known) if task.standard is None else ()
        reference = None if task.reference is None else self._reference(standard)
        try:
            submission = read_submission(source, standard, reference, unknown)
        except InputError as error:
            return _run(path, standard, error.problems, error.warnings)
        parts = None if task.parts is None else chosen_parts(standard, task.parts)
        report = evaluate(standard, submission, parts=parts, require=task.require)
        return _run(path, standard, (), submission.warnings)._replace(reports=(report,))

    def _standard_of(self, sources: Iterable[Source]) -> Standard:
        """Return the standard that was asked for, or else the one that `sources` name."""
        asked = self.task.standard
        name = standard_named(sources, self.known) if asked is None else asked
        if name not in self.standards:
            self.standards[name] = standard = load_standard(name)
            check_choices(Options((), parts=self.task.parts or ()), standard)
        return self.standards[name]

    def _reference(self, standard: Standard) -> dict[str, Declaration]:
        if standard.id not in self.references:
            assert self.task.reference is not None
            self.references[standard.id] = load_reference(self.task.reference, standard)
        return self.references[standard.id]


_checker_of = lru_cache(maxsize=4)(_Checker)
"""The checkers of a worker: what one call needs is loaded once, and dropped after a few others."""


def _source(path: str, content: str | bytes | None) -> Source:
    if content is None:
        content = read_bytes(path)
    return source_of(path, content.encode() if isinstance(content, str) else content)


def _run(
    path: str, standard: Standard, problems: Iterable[Problem], warnings: Iterable[Problem]
) -> Run:
    return Run(__version__, standard, (path,), (), tuple(problems), tuple(warnings))
