"""What the tests share: the real standard, and submissions made of YAML text or of a few changes."""

from __future__ import annotations

import atexit
import csv
import io
import os
import shutil
import signal
import tempfile
from functools import cache as once
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import HealthCheck, settings

from etown_check.loading import read_submission, source_of
from etown_check.problems import InputError, Problem
from etown_check.store import load_standard

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

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


def alone(name: str) -> str:
    """Return an example that needs no other file: its text without the line of its ledger."""
    lines = (EXAMPLES / f"{name}.yaml").read_text("utf-8").splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith("资金台账"))


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
    whole: bool = False,
    **facts: Any,
) -> str:
    """Return a data file: the base with `changes` to its metrics (`~` or None leaves one out).

    It declares what the annex and the body ask for; the `whole` base, what all parts do.
    """
    town = next(it.town for it in standard.counties if it.name == county)
    metrics: dict[str, Any] = {}
    reference = dict(BASE["reference"])
    others = {**BASE["others"], "fund_ledger": LEDGER} if whole else {}
    for key, value in {**BASE["metrics"], **others, **(changes or {})}.items():
        metric = standard.metrics[key]
        target = reference if metric.reference else facts if metric.is_fact else metrics
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
    kept = {key: it for key, it in content.items() if it not in (None, "~")}
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
    whole: bool = False,
    ledger: Iterable[Mapping[str, str]] | None = None,
    **facts: Any,
) -> Submission:
    """Return the submission of `document`, with the ledger of these rows if any are given."""
    if ledger is not None:
        changes = {"fund_ledger": LEDGER, **(changes or {})}
    text = document(standard, changes, county=county, whole=whole, **facts)
    if ledger is None and not whole:
        return read(standard, text)
    return read(standard, text, beside_ledger(BASE["ledger"] if ledger is None else ledger))


# Fund ledgers

LEDGER = "台账.csv"
COLUMNS = {
    "date": "日期",
    "description": "摘要",
    "amount": "金额（元）",
    "source": "资金来源",
    "category": "支出类别",
    "payee": "收款单位",
    "voucher": "凭证号",
}


def ledger_rows(rows: Iterable[Mapping[str, str]]) -> list[dict[str, str]]:
    """Fill up rows of a ledger, such that each is a payment of its own.

    A row that says no more pays 1元 of the province for leading industries.
    """
    return [
        {
            "date": "2023-05-08",
            "description": f"{row.get('category', '主导产业')}支出",
            "amount": "1",
            "source": "省",
            "category": "主导产业",
            "payee": f"收款单位{number}",
            "voucher": f"记-{number:03}",
            **row,
        }
        for number, row in enumerate(rows, 1)
    ]


def ledger_text(rows: Iterable[Mapping[str, str]]) -> str:
    """Return a ledger in CSV; the row at index i of `rows` stands on line i + 2."""
    file = io.StringIO()
    writer = csv.DictWriter(file, list(COLUMNS))
    writer.writerow(COLUMNS)
    writer.writerows(ledger_rows(rows))
    return file.getvalue()


def beside_ledger(rows: Iterable[Mapping[str, str]]) -> str:
    """Write a ledger, and return the path of a data file that would stand beside it."""
    content = ledger_text(rows).encode()
    folder = _ledgers() / sha256(content).hexdigest()
    folder.mkdir(exist_ok=True)
    (folder / LEDGER).write_bytes(content)
    return str(folder / "test.yaml")


@once
def _ledgers() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="etown-check-"))
    atexit.register(shutil.rmtree, folder)
    return folder
