"""Checking many data files: in this process, or spread over others by any executor.

What goes to a worker and what comes back is plain data: paths or texts, and reports as the JSON
format has them. Each worker loads a standard once.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any

from etown_check import __version__
from etown_check.checking import Checked, Checker, Task
from etown_check.loading import source_of
from etown_check.problems import InputError
from etown_check.records import Record
from etown_check.report import Run
from etown_check.reporters.json_report import document
from etown_check.settings import Options
from etown_check.spreading import Workers, spread
from etown_check.submission import ASSURANCES, DECLARED
from etown_check.usage import unknown_choice
from etown_check.words import LANGUAGES
from etown_check.yamltree import read_bytes

if TYPE_CHECKING:
    from concurrent.futures import Executor

Input = str | os.PathLike[str] | tuple[str, str | bytes]
"""A data file: its path, or a name for it and what it holds."""

_File = tuple[str, str | bytes | None]
"""A path or a name, and what the file holds where that is given."""

CHUNK = 32
"""Files that go to a worker at a time: enough that the way there is short beside the work."""
AHEAD = 16
"""Chunks that are under way at a time: enough for as many workers, and no more than can be held."""


class _Call(Record):
    """What holds for all files: plain data, which any executor can send.

    `id` tells one call from another: a standard may have changed in between.
    """

    id: str
    task: Task
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
    options = Options((), no_config=True, reference=reference, parts=tuple(parts or ()))
    task = Task(options._replace(require=require), standard, is_asked=standard is not None)
    call = _Call(os.urandom(8).hex(), task, lang)
    chunks = _chunks(inputs, chunk)
    if executor is None:
        checker = Checker(task)
        return (_document(checker, *one, lang) for files in chunks for one in files)
    workers = Workers(executor.submit, AHEAD)
    return (one for found in spread(workers, _check, call, chunks, AHEAD) for one in found)


def _chunks(inputs: Iterable[Input], size: int) -> Iterator[list[_File]]:
    rest = iter(inputs)
    while taken := list(islice(rest, size)):
        yield [it if isinstance(it, tuple) else (os.fspath(it), None) for it in taken]


def _check(call: _Call, files: list[_File]) -> list[dict[str, Any]]:
    """Check some files, in whatever process this is."""
    checker = _checker_of(call.id, call.task)
    with checker.lock:  # an executor may be made of threads
        return [_document(checker, *one, call.lang) for one in files]


@lru_cache(maxsize=4)
def _checker_of(_: str, task: Task) -> Checker:
    """Return the checker of a call: what it needs is loaded once, and dropped after a few others."""
    return Checker(task)


def _document(
    checker: Checker, path: str, content: str | bytes | None, lang: str
) -> dict[str, Any]:
    """Return the JSON report of one file. Raises `InputError` for unusable reference data."""
    try:
        if content is None:
            content = read_bytes(path)
        source = source_of(path, content.encode() if isinstance(content, str) else content)
    except InputError as error:
        problems, warnings = tuple(error.problems), tuple(error.warnings)
        found = Checked(path, problems=problems, warnings=warnings)
        standard = checker.standard_of()
    else:
        standard = checker.standard_of(source)
        found = checker.judge(source)
        unusable = checker.reference(checker.task.options.reference, standard)
        if isinstance(unusable, InputError):
            raise unusable
    reports = () if found.report is None else (found.report,)
    run = Run(__version__, standard, (path,), reports, found.problems, found.warnings)
    return document(run, lang)
