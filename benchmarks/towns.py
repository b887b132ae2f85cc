"""Data files as counties would write them, as many as are wanted.

Usage: python benchmarks/towns.py NUMBER FOLDER [MONTHS]

Each starts from a shipped example and says something else: another town, other figures, titles
and names. Some lines are left out and some answers are no, so that all statuses occur. With MONTHS
each town reports for so many months, up to the end of 2023: a tenth of its figures change from one
month to the next.
"""

import random
import re
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

EXAMPLE = Path(__file__).parent.parent / "examples" / "huairen.yaml"
_TOWNS = (
    ("怀仁市", "怀仁市陶瓷e镇"),
    ("山阴县", "山阴县古城乡村e镇"),
    ("应县", "应县木塔鲜生乡村e镇"),
    ("右玉县", "右玉县西口e镇"),
)
_NAMES = ("示例", "云中", "桑干", "紫荆", "洪涛", "西口", "木塔", "陶都", "金沙", "雁门")
_FIGURE = re.compile(r"(?<=[ {])(\d+)((?:\.\d+)?(?:家|个|人次|人|平方米|万元|亿元|次|款|亩|%))")
_ANSWER = re.compile(r": 是$")
_NAME = re.compile("示例")
_REPORTED = re.compile(r"月报: \[(.*)\]")
_BY_YEAR = re.compile(r"^ .*\{(\d{4}: .*)\}\n", re.MULTILINE)
_DAY = re.compile(r"(?<=数据截止日期: )[-\d]+")
CHANGE = 0.1
"""How many of a town's figures change from one month to the next."""
_BESIDE = re.compile(r"^ *(?:资金台账|佐证|文件):")
"""What lies beside the example, and beside none of these."""


def texts(number: int, seed: int = 2022, months: int = 1) -> Iterator[str]:
    """Yield so many data files; the same for the same `seed`."""
    chance = random.Random(seed)  # noqa: S311 - the same files each time
    lines = [it for it in EXAMPLE.read_text("utf-8").splitlines() if not _BESIDE.match(it)]
    text = ""
    for at in range(number):
        month = at % months
        text = _later(text, chance) if month else _text(lines, chance)
        yield _as_of(text, _last_day(months - month))


def _text(lines: list[str], chance: random.Random) -> str:
    county, town = chance.choice(_TOWNS)
    said = []
    for line in lines:
        if line.startswith("  ") and line[2] not in " #" and line[-1] != ":":
            if chance.random() < 0.02:
                continue
            if chance.random() < 0.02:
                line = _ANSWER.sub(": 否", line)  # noqa: PLW2901 - one line, as it becomes
            line = _FIGURE.sub(lambda it: f"{_near(int(it[1]), chance)}{it[2]}", line)  # noqa: PLW2901
        line = _NAME.sub(lambda _: chance.choice(_NAMES), line)  # noqa: PLW2901
        said.append(line.replace("怀仁市陶瓷e镇", town).replace("怀仁市", county))
    return "\n".join([*said, ""])


def _later(text: str, chance: random.Random) -> str:
    """Return what a town says a month later."""

    def grown(found: re.Match[str]) -> str:
        return f"{int(found[1]) + (chance.random() < CHANGE)}{found[2]}"

    lines = text.split("\n")
    # What is new in a year is counted twice, and a part is never more than its whole.
    return "\n".join(line if "新增" in line else _FIGURE.sub(grown, line) for line in lines)


def _as_of(text: str, day: str) -> str:
    """Return what a town says on `day`: nothing of a month or a year that is still to come."""

    def reported(found: re.Match[str]) -> str:
        months = [month for month in found[1].split(", ") if month <= day[:7]]
        return f"月报: [{', '.join(months)}]"

    def by_year(found: re.Match[str]) -> str:
        known = [value for value in found[1].split(", ") if value[:4] <= day[:4]]
        return found[0].replace(found[1], ", ".join(known)) if known else ""

    return _BY_YEAR.sub(by_year, _REPORTED.sub(reported, _DAY.sub(day, text)))


def _last_day(months: int) -> str:
    """Return the last day of the month that is so many months before January 2024."""
    first = date(2024 - (months - 2) // 12 - 1, 12 - (months - 2) % 12, 1)
    return (first - timedelta(days=1)).isoformat()


def _near(figure: int, chance: random.Random) -> int:
    return max(figure + round(figure * chance.uniform(-0.1, 0.4)), 0)


def write(number: int, folder: Path, months: int = 1) -> None:
    """Write so many data files below `folder`, a hundred to a folder."""
    for at, text in enumerate(texts(number, months=months)):
        path = folder / f"{at // 100:04}" / f"{at % 100:02}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


if __name__ == "__main__":
    write(int(sys.argv[1]), Path(sys.argv[2]), *map(int, sys.argv[3:]))
