"""Which changes bear on a data file: of itself, and of all that it is judged by."""

import os
from collections.abc import Collection, Iterable

from etown_check.config import FILE_NAME, WAIVERS_NAME, Config
from etown_check.endings import DATA_ENDINGS
from etown_check.loading import Source
from etown_check.month_files import named_after
from etown_check.settings import Settings


def is_touched(
    source: Source, changed: Collection[str], config: Config, settings: Settings
) -> bool:
    """Tell whether one of the `changed` absolute paths bears on the data file `source`."""
    place = os.path.abspath(source.path)
    if place in changed:
        return True
    folder = os.path.dirname(place)
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


def _lies_in(path: str, folder: str) -> bool:
    return path == folder or path.startswith(os.path.join(folder, ""))
