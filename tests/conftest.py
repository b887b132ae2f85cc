"""What the tests share: the real standard, and submissions made of YAML text or of a few changes."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import HealthCheck, settings

from etown_check.loading import read_submission, source_of
from etown_check.problems import InputError, Problem
from etown_check.store import load_standard

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from etown_check.standard import Standard
    from etown_check.submission import Submission

# The same inputs each time, and however slow a busy machine makes them.
settings.register_profile(
    "repeatable", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("repeatable")

ROOT = Path(__file__).parent.parent
CASES = ROOT / "tests" / "cases"
EXAMPLES = ROOT / "examples"
GOLDEN = ROOT / "tests" / "golden"


def plain_yaml(path: Path) -> Any:
    """Read YAML with every scalar as text, and nothing of the code under test."""
    return yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader)


BASE: dict[str, Any] = plain_yaml(CASES / "base.yaml")


@pytest.fixture(scope="session", autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Keep compiled standards of the tests apart from the user's."""
    folder = tmp_path_factory.mktemp("cache")
    before = os.environ.get("XDG_CACHE_HOME")
    os.environ["XDG_CACHE_HOME"] = str(folder)
    yield folder
    if before is None:
        del os.environ["XDG_CACHE_HOME"]
    else:
        os.environ["XDG_CACHE_HOME"] = before


@pytest.fixture(scope="session", autouse=True)
def interruptible() -> None:
    """Let Ctrl-C reach the processes of the tests: run in the background, they would ignore it."""
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def standard(cache: Path) -> Standard:
    return load_standard("shuozhou-2022")


def read(standard: Standard, text: str, path: str = "test.yaml") -> Submission:
    """Read YAML text as a data file at `path`."""
    return read_submission(source_of(path, text.encode()), standard)


def problems(standard: Standard, text: str, path: str = "test.yaml") -> list[Problem]:
    """Return the problems of YAML text, which must have some."""
    with pytest.raises(InputError) as caught:
        read(standard, text, path)
    return caught.value.problems


def document(
    standard: Standard,
    changes: Mapping[str, Any] | None = None,
    *,
    county: str = "怀仁市",
    **facts: Any,
) -> str:
    """Return a data file: the base with `changes` to its metrics (`~` or None leaves one out)."""
    town = next(it.town for it in standard.counties if it.name == county)
    metrics = dict(BASE["metrics"])
    reference = dict(BASE["reference"])
    for key, value in (changes or {}).items():
        target = reference if standard.metrics[key].reference else metrics
        target[key] = value
    content = {
        "standard": standard.id,
        "county": county,
        "town": town,
        "as_of": BASE["as_of"],
        "acceptance_year": BASE["acceptance_year"],
        **facts,
        "reference": {key: it for key, it in reference.items() if it not in (None, "~")},
        "metrics": {key: it for key, it in metrics.items() if it not in (None, "~")},
    }
    kept = {key: it for key, it in content.items() if it is not None}
    return yaml.dump(kept, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10**6)


class _Dumper(yaml.SafeDumper):
    """Writes what occurs twice twice: a data file has no aliases."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def submit(
    standard: Standard,
    changes: Mapping[str, Any] | None = None,
    *,
    county: str = "怀仁市",
    **facts: Any,
) -> Submission:
    """Return the submission of `document`."""
    return read(standard, document(standard, changes, county=county, **facts))
