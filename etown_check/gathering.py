"""Which data files a run is about: those named, those found in folders, those that changed."""

import os
from collections.abc import Iterable, Iterator, Sequence

from etown_check.config import FILE_NAME, WAIVERS_NAME, Config, Configurations
from etown_check.endings import DATA_ENDINGS, OFFICE_LOCK, is_workbook
from etown_check.globs import matches
from etown_check.loading import Source, has_standard_key, open_source
from etown_check.month_files import named_after
from etown_check.problems import InputError, Problem
from etown_check.settings import Options, Settings, settings_of
from etown_check.store import list_standards
from etown_check.words import Words
from etown_check.yamltree import STDIN


class Found:
    """Data files that could be opened, and what is to be said of the others.

    `unchanged` counts those that were left out because nothing about them has changed.
    """

    def __init__(self) -> None:
        self.inputs: dict[str, None] = {}  # in their order, and quick to search
        self.sources: list[Source] = []
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []
        self.unchanged = 0


def gather(
    options: Options, configurations: Configurations, changed: Iterable[str] | None = None
) -> Found:
    """Find and open the data files that `options` name; of `changed` paths only what they touch.

    Raises `ConfigurationError` for a configuration that cannot be used.
    """
    gatherer = _Gatherer(options, configurations)
    paths = tuple(dict.fromkeys(options.paths))
    if changed is not None:
        gatherer.gather_changed(paths, {os.path.abspath(path) for path in changed})
    elif not paths:
        gatherer.found.problems.append(Problem("", None, "E110", {}))
    else:
        gatherer.gather(paths)
    gatherer.tell_twins()
    return gatherer.found


class _Gatherer:
    def __init__(self, options: Options, configurations: Configurations) -> None:
        self.options = options
        self.configurations = configurations
        self.found = Found()

    def gather(self, paths: Sequence[str]) -> None:
        for path in paths:
            if path == STDIN or not os.path.isdir(path):
                self.open(path, is_named=True)
                continue
            before = len(self.found.inputs)
            for file in self.files_in(path):
                if file not in self.found.inputs:
                    self.open(file, is_named=False)
            if len(self.found.inputs) == before:
                self.found.inputs[path] = None
                self.found.problems.append(Problem(path, None, "E108", {}))

    def gather_changed(self, paths: Sequence[str], changed: set[str]) -> None:
        """Open the data files among and below `paths` that something in `changed` bears on."""
        found = self.found
        by_place: dict[str, str] = {}
        for path in self._candidates(paths):
            by_place.setdefault(os.path.abspath(path), path)
        for place, path in by_place.items():
            is_changed = place in changed
            if self._is_foreign(path, tell=is_changed):
                continue
            try:
                source = open_source(path)
            except InputError as error:
                if is_changed:
                    found.inputs[path] = None
                    found.problems += error.problems
                    found.warnings += error.warnings
                continue
            if not has_standard_key(source):
                continue
            if is_changed or self._is_touched(source, changed):
                found.inputs[path] = None
                found.sources.append(source)
            else:
                found.unchanged += 1

    def _candidates(self, paths: Sequence[str]) -> Iterator[str]:
        for path in paths:
            if os.path.isdir(path):
                yield from self.files_in(path)
            elif (
                path.lower().endswith(DATA_ENDINGS)
                and os.path.lexists(path)
                and self._is_included(path)
            ):
                yield os.path.normpath(path)

    def files_in(self, folder: str) -> list[str]:
        """Return the files of `folder` that may be data files, by their names and the globs."""
        return sorted(path for path in _data_files(folder) if self._is_included(path))

    def _is_included(self, path: str) -> bool:
        config = self.configurations.of(path)
        settings = settings_of(self.options, config)
        if _is_same(path, settings.waivers) or _is_same(path, settings.reference):
            return False
        if not settings.include and not settings.exclude:
            return True
        own = _relative(path, config.folder or ".")
        included = not settings.include or matches(own, settings.include)
        return included and not matches(own, settings.exclude)

    def open(self, path: str, *, is_named: bool) -> None:
        found = self.found
        if not is_named and self._is_foreign(path, tell=True):
            return
        try:
            source = open_source(path)
        except InputError as error:
            if not is_named and is_workbook(path) and _is_no_form(error):
                return
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

    def _is_foreign(self, path: str, *, tell: bool) -> bool:
        """Tell whether a workbook that was found is none of ours: evidence and ledgers are such.

        One that cannot be opened may be anything, and is left out with a warning.
        """
        if not is_workbook(path):
            return False
        from etown_check.workbooks.reading import may_be_form  # YAML has no need of it

        try:
            return not may_be_form(path)
        except InputError as error:
            if tell:
                args = {"code": error.problems[0].code}
                self.found.warnings.append(Problem(path, None, "W307", args))
            return True

    def tell_twins(self) -> None:
        """Warn of a workbook beside a YAML file of the same town."""
        texts = {
            (os.path.dirname(it.path), it.town): it.path
            for it in self.found.sources
            if not it.sheets
        }
        for source in self.found.sources:
            other = texts.get((os.path.dirname(source.path), source.town))
            if source.sheets and source.town and other is not None:
                args: dict[str, Words] = {"town": source.town, "other": os.path.basename(other)}
                self.found.warnings.append(Problem(source.path, None, "W306", args))

    def _is_touched(self, source: Source, changed: set[str]) -> bool:
        """Tell whether something beside the data file itself changed that it is judged by."""
        config = self.configurations.of(source.path)
        settings = settings_of(self.options, config)
        folder = os.path.dirname(os.path.abspath(source.path))
        roots = [folder]
        if settings.evidence_root is not None:
            roots.append(os.path.abspath(settings.evidence_root))
        return any(
            _bears_on(path, folder, config, settings)
            or _is_named(path, roots, source)
            or _shows_month(path, folder, source)
            for path in changed
        )


def _bears_on(path: str, folder: str, config: Config, settings: Settings) -> bool:
    """Tell whether the changed `path` is a configuration, waivers, reference data or a standard."""
    above, name = os.path.split(path)
    if name == FILE_NAME and _lies_in(folder, above):  # one that is gone, too
        return True
    if name == WAIVERS_NAME and above == os.path.abspath(config.folder or "."):
        return True
    files = (config.path or None, settings.reference, settings.waivers, settings.standard)
    return any(file is not None and _lies_in(path, os.path.abspath(file)) for file in files)


def _is_named(path: str, roots: Iterable[str], source: Source) -> bool:
    """Tell whether the data file names the changed `path` somewhere: evidence, or its ledger.

    So it does with the folder of monthly reports, each of which is named after its month.
    """
    above, name = os.path.split(path)
    names = [name, *([os.path.basename(above)] if named_after(name) else [])]
    return any(_lies_in(path, root) for root in roots) and any(map(source.mentions, names))


def _shows_month(path: str, folder: str, source: Source) -> bool:
    """Tell whether the changed `path` is a data file beside, and its name a month that counts."""
    above, name = os.path.split(path)
    month = named_after(name, DATA_ENDINGS) if above == folder else None
    is_series = named_after(os.path.basename(source.path), DATA_ENDINGS) is not None
    return month is not None and is_series and month <= (source.month or month)


def _relative(path: str, folder: str) -> str:
    """Return `path` from `folder` on, with slashes, as globs are written."""
    try:
        return os.path.relpath(path, folder).replace(os.sep, "/")
    except ValueError:  # on another drive of Windows
        return os.path.abspath(path).replace(os.sep, "/")


def _lies_in(path: str, folder: str) -> bool:
    return path == folder or path.startswith(os.path.join(folder, ""))


def _is_same(path: str, other: str | None) -> bool:
    return other is not None and os.path.abspath(path) == os.path.abspath(other)


def _is_no_form(error: InputError) -> bool:
    """Tell of a workbook with a sheet called like ours that it holds no facts all the same."""
    from etown_check.workbooks.reading import NOT_OURS

    return [problem.code for problem in error.problems] == [NOT_OURS]


def _data_files(folder: str) -> Iterator[str]:
    """Yield the files below `folder` that may be data files by their names."""
    for root, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in files:
            if name.lower().endswith(DATA_ENDINGS) and not name.startswith((".", OFFICE_LOCK)):
                # What is found in the current folder is shown as one would name it.
                yield os.path.join(root, name).removeprefix(os.path.join(".", ""))
