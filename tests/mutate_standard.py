"""Does the suite notice every change to the standard? Run me: `python tests/mutate_standard.py`.

Each mutant changes one thing of the standard's data: a threshold by one step, a level, a
comparison, a word of a vocabulary or of the ledger's lists, a deadline by one day, a month, a
year, a tier. The tests that judge the standard are run on
it in a copy of the checkout; a mutant that they pass has survived. Prints the score, and exits
with 1 unless it is 100%.

Options: `--behaviour` leaves out tests/test_contract.py, which compares data with data;
`--jobs N`; and words, of which a mutant's name must hold one.
"""

from __future__ import annotations

import argparse
import copy
import os
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from queue import Queue
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
STANDARD = Path("standards") / "shuozhou-2022"
FILES = [
    "standard.yaml",
    "metrics.yaml",
    "ledger.yaml",
    "annex.yaml",
    "body.yaml",
    "plan.yaml",
    "management.yaml",
    "funds.yaml",
    "reporting.yaml",
    "doubts.yaml",
]
SUITE = [
    "tests/test_contract.py",
    "tests/test_ledger_list.py",
    "tests/test_cases.py",
    "tests/test_doubts.py",
    "tests/test_engine.py",
    "tests/test_examples.py",
    "tests/test_verify.py",
    "tests/test_reporters.py",
]

Steps = tuple[str | int, ...]


class Mutant(NamedTuple):
    file: str
    path: Steps
    change: str
    content: Any

    @property
    def name(self) -> str:
        return f"{self.file}:{'.'.join(map(str, self.path))}: {self.change}"


THRESHOLDS = ("threshold", "value", "low", "high", "margin", "tolerance", "to")
TYPES = {
    "at_least": ["above", "equals"],
    "above": ["at_least"],
    "equals": ["at_least"],
    "exists": ["is_yes"],
    "is_yes": ["exists"],
    "between": ["at_least"],
    "holds_all": ["one_of", "holds_any"],
    "holds_any": ["holds_all"],
    "one_of": ["holds_all"],
    "spends_nothing_on": ["rows_bear"],
    "exceeds": ["growth_differs"],
    "voucher_repeated": ["row_repeated"],
    "row_repeated": ["voucher_repeated"],
    "rows_speak_of": ["row_outside"],
    "row_outside": ["total_differs"],
    "total_differs": ["rows_speak_of"],
    "future_year": ["date_ahead"],
    "date_ahead": ["future_year"],
}
OTHERS: dict[str, list[str]] = {
    "level": ["binding", "expected"],
    "years": ["construction", "operation", "acceptance", "reporting"],
    "only": ["demonstration", "other"],
    "tier": ["pioneer", "overall", "assisted"],
    "status": ["review", "pass", "fail"],
    "severity": ["error", "warning"],
    "part": ["annex", "body", "plan", "management", "funds", "reporting"],
    "as_in": ["33.1", "35.1", "36.1"],
    "column": ["description", "source", "payee", "voucher"],
}
USES = [
    "楼堂馆所建设",
    "征地拆迁",
    "购买流量",
    "罚款",
    "捐款",
    "赞助",
    "偿还债务",
    "财政补助单位人员经费",
    "财政补助单位工作经费",
]
NEXT_KIND = {
    "count": "money",
    "money": "area",
    "area": "money",
    "ratio": "area",
    "yes_no": "document",
    "document": "yes_no",
    "names": "choice",
    "choice": "names",
    "date": "document",
    "months": "date",
    "amounts": "names",
    "contact": "document",
    "ledger": "document",
}
LISTS = (
    "vocabulary",
    "members",
    "accepted",
    "units",
    "readings",
    "settled_by",
    "of",
    "checks",
    "doubts",
    "years",
    "metrics",
    "parts",
    "sources",
    "columns",
    "categories",
    "forbidden",
    "words",
    "exceptions",
    "also",
)
RENAMED = ("vocabulary", "members", "accepted", "units", "because")
FLAGS = ("yearly", "reference", "demonstration", "chosen", "default", "pending", "gathered")
REFERENCES = (
    "metric",
    "other",
    "growth",
    "reference",
    "whole",
    "limit",
    "by",
    "ledger",
    "after",
    "use",
    "reading",
    "town",
    "name",
    "key",
    "code",
)
OPTIONAL = (
    "waivable",
    "shortfall",
    "one_fails",
    "short",
    "only",
    "years",
    "yearly",
    "settled_by",
    "to",
    "severity",
    "elsewhere",
    "pending",
    "gathered",
    "exceptions",
    "ledger",
)


def mutants() -> Iterator[Mutant]:
    """Yield every mutant, file by file in the standard's order."""
    for name in FILES:
        text = (ROOT / STANDARD / name).read_text("utf-8")
        data = yaml.load(text, Loader=yaml.BaseLoader)
        for path, change, value in _changes(data, ()):
            content = copy.deepcopy(data)
            _put(content, path, value)
            yield Mutant(name, path, change, content)


_GONE = object()


def _put(content: Any, path: Steps, value: Any) -> None:
    *steps, last = path
    for step in steps:
        content = content[step]
    if value is _GONE:
        del content[last]
    else:
        content[last] = value


def _changes(node: Any, path: Steps) -> Iterator[tuple[Steps, str, Any]]:
    """Yield what can be changed at and below `node`."""
    if isinstance(node, dict):
        for key, value in node.items():
            at = (*path, key)
            if key in ("document", "basis", "quote", "evidence", "files", "levels"):
                continue
            if key == "also" and isinstance(value[0], dict):
                continue  # quotes, not other names
            yield from _of_key(key, value, at, node)
            yield from _changes(value, at)
    elif isinstance(node, list):
        for index, value in enumerate(node):
            if path and path[-1] in LISTS and len(node) > 1:
                yield (*path, index), f"without {str(value)[:40]}", _GONE
            if path and path[-1] in RENAMED:
                yield (*path, index), f"{value} → {value}x", f"{value}x"
            if path and path[-1] == "years":
                for year in (int(value) - 1, int(value) + 1):
                    yield (*path, index), f"{value} → {year}", str(year)
            yield from _changes(value, (*path, index))


def _of_key(
    key: str, value: Any, at: Steps, owner: dict[str, Any]
) -> Iterator[tuple[Steps, str, Any]]:
    if key in THRESHOLDS or (key == "limit" and str(value).isdecimal()) or key == "factor":
        amounts = value.items() if isinstance(value, dict) else [(None, value)]
        for tier, amount in amounts:
            for other in _beside(amount):
                yield (at if tier is None else (*at, tier)), f"{amount} → {other}", other
    elif key == "type":
        for other in TYPES.get(value, []) if "as_in" not in owner else []:
            yield from _retyped(other, at, owner)
    elif key in FLAGS and isinstance(value, str) and value in ("是", "否"):
        other = "否" if value == "是" else "是"
        yield at, f"{value} → {other}", other
    elif key in OTHERS and isinstance(value, str):
        for other in OTHERS[key]:
            if other != value:
                yield at, f"{value} → {other}", other
    elif key in REFERENCES and isinstance(value, str):
        yield at, f"{value} → {value}x", f"{value}x"
    elif key in ("deadline", "first"):
        for other in _a_step_from(value):
            yield at, f"{value} → {other}", other
    elif key == "category":
        other = USES[USES.index(value) - 1]
        yield at, f"{value} → {other}", other
    elif key == "kind":
        yield at, f"{value} → {NEXT_KIND[value]}", NEXT_KIND[value]
    if key in OPTIONAL:
        yield at, "left out", _GONE


def _beside(amount: str) -> Iterator[str]:
    """Yield the amount one step up and one down, in its own unit."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)(.*)", amount)
    assert match is not None, amount
    number, unit = Decimal(match[1]), match[2]
    step = (
        Decimal(1) if unit in ("", "个", "家", "款", "次", "人", "起", "人次") else Decimal("0.01")
    )
    for other in (number + step, number - step):
        if other >= 0:
            yield f"{other}{unit}"


def _a_step_from(day: str) -> Iterator[str]:
    """Yield the day before and the day after, or the months of `2022-11`."""
    if len(day) == len("2022-11"):
        before = date.fromisoformat(f"{day}-01") - timedelta(days=1)
        yield before.isoformat()[:7]
        yield (before + timedelta(days=40)).isoformat()[:7]
        return
    for days in (-1, 1):
        yield (date.fromisoformat(day) + timedelta(days=days)).isoformat()


def _retyped(type_name: str, at: Steps, owner: dict[str, Any]) -> Iterator[tuple[Steps, str, Any]]:
    """Yield the check with another comparison, its keys renamed so that it still reads."""
    changed = {**owner, "type": type_name}
    names = {
        ("at_least", "equals"): ("threshold", "value"),
        ("equals", "at_least"): ("value", "threshold"),
        ("between", "at_least"): ("low", "threshold"),
        ("holds_all", "one_of"): ("members", "accepted"),
        ("one_of", "holds_all"): ("accepted", "members"),
    }
    old, new = names.get((owner["type"], type_name), ("", ""))
    if old:
        changed[new] = changed.pop(old)
    changed.pop("high", None)
    if type_name == "rows_bear":
        del changed["category"], changed["sources"]
        changed["column"] = "source"
    if type_name == "holds_any":
        changed.pop("shortfall", None)
    yield at[:-1], f"{owner['type']} → {type_name}", changed


def laid_out(folder: Path) -> Path:
    """Lay out a copy of what the suite needs."""
    for name in ("etown_check", "standards"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("tests", "examples", "docs", "pyproject.toml"):
        (folder / name).symlink_to(ROOT / name)
    return folder


def survives(mutant: Mutant, place: Path, suite: list[str]) -> bool:
    """Tell whether the suite passes on `mutant`; the standard in `place` is left as it was."""
    path = place / STANDARD / mutant.file
    before = path.read_text("utf-8")
    text = yaml.safe_dump(mutant.content, allow_unicode=True, sort_keys=False, width=10**6)
    path.write_text(text, "utf-8")
    try:
        return passes(place, suite)
    finally:
        path.write_text(before, "utf-8")


def passes(place: Path, suite: list[str]) -> bool:
    """Tell whether the suite passes on the standard in `place`."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-x",
        "-q",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:hypothesispytest",
        *suite,
    ]
    # Byte code is kept, beside the copy: to compile all of it takes longer than most runs.
    env = {**os.environ, "PYTHONPATH": str(place), "PYTHONPYCACHEPREFIX": str(place / "pycache")}
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    done = subprocess.run(
        command, cwd=place, env=env, capture_output=True, check=False, timeout=300
    )
    return done.returncode == 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--behaviour", action="store_true")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("words", nargs="*")
    asked = parser.parse_args()
    suite = [name for name in SUITE if not (asked.behaviour and "contract" in name)]
    chosen = [
        it for it in mutants() if not asked.words or any(word in it.name for word in asked.words)
    ]
    survivors: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        places: Queue[Path] = Queue()
        for number in range(asked.jobs):
            places.put(laid_out(Path(folder) / str(number)))
        if not passes(Path(folder) / "0", suite):
            print("the suite fails on the standard as it is")
            return 1

        def judge(mutant: Mutant) -> bool:
            place = places.get()
            try:
                return survives(mutant, place, suite)
            finally:
                places.put(place)

        with ThreadPoolExecutor(asked.jobs) as pool:
            for mutant, survived in zip(chosen, pool.map(judge, chosen), strict=True):
                if survived:
                    survivors.append(mutant.name)
                    print(f"survived: {mutant.name}", flush=True)
    killed = len(chosen) - len(survivors)
    score = 100 * killed / len(chosen) if chosen else 0
    print(f"{killed} of {len(chosen)} mutants killed: {score:.1f}%")
    return 0 if chosen and not survivors else 1


if __name__ == "__main__":
    sys.exit(main())
