"""Which files a run may be about: those named, and those found in folders, by their names alone.

Nothing is opened here. A folder may hold any number of files: they are found as they are asked
for, in the order of their paths, and none is kept.
"""

import os
from collections.abc import Iterable, Iterator
from itertools import pairwise

from etown_check.config import Config, Configurations
from etown_check.endings import DATA_ENDINGS, OFFICE_LOCK
from etown_check.records import Record
from etown_check.settings import Options, Settings, settings_of
from etown_check.yamltree import STDIN


class Candidate(Record):
    """A file that may be a data file.

    One that `is_named` is taken for a data file whatever it holds. With `is_end` this is no file:
    it stands behind those that were found below the folder at `path`.
    """

    path: str
    is_named: bool = False
    is_end: bool = False


class Listing:
    """The candidates among and below the paths that `options` name, in order, each once.

    With `only_found` nothing is taken for a data file because it was named, as where the paths
    are but those to look at for changes. May be gone through more than once. Going through it
    raises `ConfigurationError` for a configuration that cannot be used.
    """

    def __init__(
        self, options: Options, configurations: Configurations, *, only_found: bool = False
    ) -> None:
        self.options = options
        self.configurations = configurations
        self.only_found = only_found
        self.paths = tuple(dict.fromkeys(options.paths))
        self._last: dict[str, tuple[Config, Settings]] = {}

    def __iter__(self) -> Iterator[Candidate]:
        return self._found() if self.only_found else self._asked_for()

    def _asked_for(self) -> Iterator[Candidate]:
        named = {path for path in self.paths if _is_file(path)}
        # What can occur but once need not be remembered.
        begins = (path if path in named else _shown(os.path.join(path, "")) for path in self.paths)
        seen: set[str] | None = set() if _overlap(begins) else None
        for path in self.paths:
            files = (path,) if path in named else self._files_in(path)
            for file in files:
                if seen is not None:
                    if file in seen:
                        continue
                    seen.add(file)
                yield Candidate(file, is_named=file in named)
            if path not in named:
                yield Candidate(path, is_end=True)

    def _found(self) -> Iterator[Candidate]:
        seen: set[str] | None = set() if len(self.paths) > 1 else None
        for path in self.paths:
            for file in self._files_in(path) if os.path.isdir(path) else self._alone(path):
                if seen is not None:
                    place = os.path.abspath(file)
                    if place in seen:
                        continue
                    seen.add(place)
                yield Candidate(file)

    def _alone(self, path: str) -> Iterator[str]:
        may_be = path.lower().endswith(DATA_ENDINGS) and os.path.lexists(path)
        if may_be and self._is_included(path):
            yield os.path.normpath(path)

    def _files_in(self, folder: str) -> Iterator[str]:
        """Yield the files of `folder` that may be data files, by their names and the globs."""
        found = map(_shown, _data_files(folder))
        return (path for path in found if self._is_included(path))

    def _is_included(self, path: str) -> bool:
        config, settings = self._in_force(os.path.dirname(path))
        if _is_same(path, settings.waivers) or _is_same(path, settings.reference):
            return False
        if not settings.include and not settings.exclude:
            return True
        from etown_check.globs import matches  # few configurations have any

        own = _relative(path, config.folder or ".")
        included = not settings.include or matches(own, settings.include)
        return included and not matches(own, settings.exclude)

    def _in_force(self, folder: str) -> tuple[Config, Settings]:
        """Return what holds in `folder`, which is that of the file before, as a rule."""
        if folder not in self._last:
            config = self.configurations.of_folder(os.path.abspath(folder))
            self._last = {folder: (config, settings_of(self.options, config))}
        return self._last[folder]


def _is_file(path: str) -> bool:
    """Tell whether a path that was named is taken for a file: whatever is no folder."""
    return path == STDIN or not os.path.isdir(path)


def _overlap(begins: Iterable[str]) -> bool:
    """Tell whether a path can begin with two of these."""
    return any(later.startswith(one) for one, later in pairwise(sorted(begins)))


_HERE = os.path.join(".", "")


def _shown(path: str) -> str:
    """Return the path of what was found; that in the current folder is as one would name it."""
    return path.removeprefix(_HERE)


def _relative(path: str, folder: str) -> str:
    """Return `path` from `folder` on, with slashes, as globs are written."""
    try:
        return os.path.relpath(path, folder).replace(os.sep, "/")
    except ValueError:  # on another drive of Windows
        return os.path.abspath(path).replace(os.sep, "/")


def _is_same(path: str, other: str | None) -> bool:
    return other is not None and os.path.abspath(path) == os.path.abspath(other)


def _data_files(folder: str) -> Iterator[str]:
    """Yield the files below `folder` that may be data files by their names, sorted by path."""
    inner = [_sorted_in(folder)]
    while inner:
        path = next(inner[-1], None)
        if path is None:
            inner.pop()
        elif path.endswith(os.sep):
            inner.append(_sorted_in(path))
        else:
            yield path


def _sorted_in(folder: str) -> Iterator[str]:
    """Return the paths to look at in `folder`, none where it may not be looked into.

    Those of folders end with the separator, as the paths of all that they hold go on.
    """
    try:
        with os.scandir(folder) as entries:
            names = sorted(_names(entries))
    except OSError:
        names = []
    return (os.path.join(folder, name) for name in names)


def _names(entries: Iterable["os.DirEntry[str]"]) -> Iterator[str]:
    for entry in entries:
        name = entry.name
        if name.startswith("."):
            continue
        if _is_folder(entry):
            if not entry.is_symlink():  # which might lead back here
                yield os.path.join(name, "")
        elif name.lower().endswith(DATA_ENDINGS) and not name.startswith(OFFICE_LOCK):
            yield name


def _is_folder(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads in a circle
        return False
