"""Data files that nobody thought of, for round trips: all kinds of metric, and hostile text in each.

The text is laid out here by code of its own, as different clerks would: keys in both languages,
values within braces or over lines, remarks and blank lines between them.
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import assume
from hypothesis import strategies as st

from etown_check.keys import CONTACT_KEYS, DETAIL_KEYS, DOCUMENT_KEYS, FILE_KEYS, VERIFIED_KEYS
from etown_check.problems import InputError, Position
from etown_check.quantities import UNITS
from etown_check.standard import Exceeds, Follows
from etown_check.store import load_standard
from etown_check.text import HIDDEN
from tests.conftest import beside_ledger, ledger_text, read

if TYPE_CHECKING:
    from collections.abc import Mapping

    from etown_check.standard import Metric
    from etown_check.submission import Declaration, Entry, Submission

# What a text may begin with, hold and end with that some format takes for a sign of its own.
_SIGNS = (
    *("=", "+", "-", "@", "'", '"', "#", " #", ": ", "：", ", ", "，", "、", "；", ";", "/", "\\", "%", "&", "*", "!", "|", ">", "?", "`"),
    *("{", "}", "[", "]", "（", "）", "(", ")", "【", "】", "“", "”", "「", "」", "〔", "〕", "<b>", "</td>", "&amp;", "$1", "_x0041_"),
    *(" ", "  ", "\u3000", "\u00a0", "－", "—", "- ", "--- ", "~", "null", "2.5", "１２", "Ａ", "😀", "é", "e\u0301", "𠮷", "ﬁ", "㎡", "，其中"),
)  # fmt: skip
_HIDDEN = ("\t", "\u200b", "\u202e", "\ufeff", "\x00", "\x1b", "\x85", "\u2028", "\ufffe", "\r")
_WORDS = (
    "怀仁陶瓷",
    "某公司",
    "Alpha",
    "管理办法",
    "示范园区",
    "58同城",
    "三只松鼠",
    "约克百货",
    "众多网",
)
_FILES = (
    "佐证/平面图.pdf",
    "佐证/名单（第1版）.xlsx",
    "a b/=甲.pdf",
    "佐证\\照片、一.jpg",
    "图#1.png",
    "-1.pdf",
)
_PLAIN = re.compile(r"[\w（）〔〕]+(?:[-./][\w（）〔〕]+)*%?")
_PLAIN_IN_BLOCK = re.compile(r"[\w（）〔〕][\w（）〔〕、，,.％%—]*")
_ESCAPED = re.compile(f'["\\\\\n\ufffe\uffff]|{HIDDEN.pattern}')

STANDARD = load_standard("shuozhou-2022")

Tree = str | list[str] | dict[str, "Tree"]
"""What a data file says: text, a list of texts, or entries."""


@st.composite
def texts(draw: st.DrawFn, *, hidden: bool = True, breaks: bool = False) -> str:
    """Return text that names something, however hostile.

    With `hidden` it may hold control characters and others that are not seen, with `breaks`
    line breaks.
    """
    signs = [*_SIGNS, *(_HIDDEN if hidden else ()), *(["\n"] if breaks else [])]
    alphabet = st.characters(
        exclude_categories=("C", "Z"), exclude_characters="" if hidden else "\ufffe\uffff"
    )
    around = st.one_of(st.just(""), st.sampled_from(signs), st.text(alphabet, max_size=3))
    before, word, after = draw(around), draw(st.sampled_from(_WORDS)), draw(around)
    return f"{before}{word}{after}{draw(st.sampled_from(_WORDS))}{draw(around)}".strip()


@st.composite
def data_files(draw: st.DrawFn, *, hidden: bool = True, ledgers: bool = False) -> str:
    """Return the text of a whole data file without errors; `hidden` as for `texts`.

    With `ledgers` it stands at `beside_ledgers()` and may name ledgers and a folder of reports
    there, and everything may be said of its contact, for which a workbook has no room.
    """
    writer = _Writer(draw, hidden=hidden, ledgers=ledgers)
    content = writer.content()
    text = writer.laid_out(content)
    try:
        read(STANDARD, text, beside_ledgers() if ledgers else "test.yaml")
    except InputError:
        assume(False)  # a title that says nothing, a number of too many digits
    return text


_REPORTS = "月报（2021年）"
_LEDGERS = ("台账.csv", "账/省 级=1#.csv", "账\\-1.csv", "[甲], 乙.csv")


@cache
def beside_ledgers() -> str:
    """Write the ledgers that data files name, and return the path of one that stands beside."""
    home = Path(beside_ledger([{}]))
    for number, name in enumerate(_LEDGERS, 1):
        file = home.parent / name.replace("\\", "/")
        file.parent.mkdir(exist_ok=True)
        file.write_text(ledger_text([{}] * number), "utf-8")
    reports = home.parent / _REPORTS
    reports.mkdir(exist_ok=True)
    for month in ("2021-11", "2021-12"):
        (reports / f"{month}.docx").touch()
    return str(home)


def bare(submission: Submission) -> Submission:
    """Return `submission` without what depends on where it stands: path, places, files, warnings."""
    return submission._replace(
        path="",
        sha256="",
        demonstration_position=None,
        reference={key: _bare(it) for key, it in submission.reference.items()},
        declarations={key: _bare(it) for key, it in submission.declarations.items()},
        warnings=(),
        surroundings={},
    )


def equal(one: Submission, other: Submission) -> bool:
    """Tell whether two data files declare the same."""
    return bare(one) == bare(other)


_NOWHERE = Position(0, 0)


def _bare(declaration: Declaration) -> Declaration:
    verification = declaration.verification
    return declaration._replace(
        position=_NOWHERE,
        entries=_bare_entries(declaration.entries),
        evidence=tuple(it._replace(exists=False) for it in declaration.evidence),
        verification=verification
        and verification._replace(entries=_bare_entries(verification.entries)),
    )


def _bare_entries(entries: Mapping[int | None, Entry]) -> dict[int | None, Entry]:
    return {year: it._replace(position=_NOWHERE, end=None) for year, it in entries.items()}


class _Writer:
    """Draws what a data file says, and how it is laid out."""

    def __init__(self, draw: st.DrawFn, *, hidden: bool, ledgers: bool) -> None:
        self.draw = draw
        self.hidden = hidden
        self.ledgers = ledgers
        self.remarks = 0

    def chance(self, one_in: int = 2) -> bool:
        return self.draw(st.integers(1, one_in)) == one_in

    def text(self, *, breaks: bool = False) -> str:
        return self.draw(texts(hidden=self.hidden, breaks=breaks))

    def key(self, keys: Mapping[str, str], name: str) -> str:
        return name if self.chance(3) else keys[name]

    # What it says

    def content(self) -> dict[str, Tree]:
        draw = self.draw
        county = draw(st.sampled_from(STANDARD.counties))
        found: dict[str, Tree] = {
            self.key(FILE_KEYS, "standard"): STANDARD.id,
            self.key(FILE_KEYS, "county"): county.name,
            self.key(FILE_KEYS, "town"): county.town,
            self.key(FILE_KEYS, "as_of"): self.day(2022, 2025),
        }
        if self.chance():
            year = str(draw(st.integers(2022, 2025)))
            found[self.key(FILE_KEYS, "acceptance_year")] = year
        if self.chance():
            found[self.key(FILE_KEYS, "demonstration_county")] = self.answer()
        metrics = list(STANDARD.metrics.values())
        facts = {it.kind: it for it in metrics if it.is_fact}
        if self.chance():
            key = self.key(FILE_KEYS, "contact")
            found[key] = self.declared(facts["contact"]) if self.ledgers else self.contact()
        own = [it for it in metrics if not it.reference and not it.is_fact]
        if self.ledgers and self.chance():
            found[self.key(FILE_KEYS, "fund_ledger")] = self.declared(facts["ledger"])
        elif self.ledgers:
            own.append(facts["ledger"])
        chosen = draw(st.lists(st.sampled_from(own), max_size=7, unique=True))
        impossible = {
            rule.metric
            for rule in STANDARD.doubts
            if isinstance(rule, Exceeds | Follows) and rule.is_error
        }
        others = [it for it in metrics if it.reference and self.chance()]
        if others:
            found[self.key(FILE_KEYS, "reference")] = {
                self.name(it): self.declared(it) for it in others
            }
        found[self.key(FILE_KEYS, "metrics")] = {
            self.name(it): self.declared(it) for it in chosen if it.key not in impossible
        }
        return found

    def contact(self) -> Tree:
        if self.chance(6):
            return "无"
        parts: dict[str, Tree] = {
            self.key(CONTACT_KEYS, name): self.text() if self.chance() else ""
            for name in CONTACT_KEYS
        }
        if self.chance(6):
            parts[self.key(CONTACT_KEYS, "phone")] = "无"
        return parts

    def name(self, metric: Metric) -> str:
        return metric.key if self.chance(3) else metric.name.zh

    def day(self, first: int, last: int) -> str:
        day = self.draw(st.dates(date(first, 1, 1), date(last, 12, 31)))
        written = (day.isoformat(), f"{day.year}年{day.month}月{day.day}日", f"{day:%Y/%m/%d}")
        return self.draw(st.sampled_from(written))

    def answer(self) -> str:
        return self.draw(st.sampled_from(["是", "否", "有", "无", "true", "false"]))

    def declared(self, metric: Metric) -> Tree:
        """Return a whole declaration: its value alone, or with its details."""
        value = self.values(metric)
        if not self.chance():
            return "" if self.chance(8) else value
        is_written_out = metric.kind in ("document", "contact") and isinstance(value, dict)
        details: dict[str, Tree] = {}
        if isinstance(value, dict) and is_written_out and self.chance():
            details |= value
        else:
            details[self.key(DETAIL_KEYS, "value")] = value
        if self.chance():
            files = self.draw(st.lists(st.sampled_from(_FILES), max_size=3))
            one = files[0] if len(files) == 1 and self.chance() else files
            details[self.key(DETAIL_KEYS, "evidence")] = one
        if self.chance():
            details[self.key(DETAIL_KEYS, "note")] = self.text(breaks=True)
        if self.chance():
            details[self.key(DETAIL_KEYS, "verified")] = self.verified(metric)
        return details

    def verified(self, metric: Metric) -> Tree:
        words = ["属实", "核减", "不实", "confirmed", "adjusted", "rejected"]
        result = self.draw(st.sampled_from(words))
        found: dict[str, Tree] = {self.key(VERIFIED_KEYS, "result"): result}
        if result in ("核减", "adjusted") or self.chance(3):
            found[self.key(VERIFIED_KEYS, "value")] = self.values(metric)
        if self.chance():
            found[self.key(VERIFIED_KEYS, "by")] = self.text()
        if self.chance():
            found[self.key(VERIFIED_KEYS, "date")] = self.day(2023, 2026)
        if self.chance():
            found[self.key(VERIFIED_KEYS, "opinion")] = self.text(breaks=True)
        return found

    def values(self, metric: Metric) -> Tree:
        if not metric.yearly:
            return self.value(metric)
        years = self.draw(
            st.lists(st.sampled_from(STANDARD.years), min_size=1, max_size=3, unique=True)
        )
        return {f"{year}年" if self.chance(4) else str(year): self.value(metric) for year in years}

    def value(self, metric: Metric) -> Tree:
        match metric.kind:
            case "count":
                return self.count(metric)
            case "yes_no":
                return self.answer()
            case "choice":
                return self.draw(st.sampled_from(metric.vocabulary))
            case "names":
                words = st.lists(st.sampled_from(metric.vocabulary), min_size=1, max_size=4)
                return self.draw(words) if not self.chance(6) else "无"
            case "document":
                return self.document()
            case "date":
                return self.day(2022, 2025)
            case "months":
                if self.ledgers and self.chance(6):
                    return _REPORTS
                months = st.lists(st.integers(1, 12), min_size=1, max_size=4, unique=True)
                written = self.draw(st.sampled_from(["2021-{:02}", "2021年{}月", "2021/{}"]))
                return [written.format(it) for it in self.draw(months)]
            case "contact":
                return self.contact()
            case "ledger":
                return self.draw(st.sampled_from(_LEDGERS))
            case "amounts":
                words = st.lists(st.sampled_from(metric.vocabulary), min_size=1, unique=True)
                return {word: f"{self.number()}万元" for word in self.draw(words)}
            case kind:
                units = {"ratio": ["%", "％"], "area": [*UNITS["area"], "㎡"]}
                unit = self.draw(st.sampled_from(units.get(kind) or list(UNITS[kind])))
                return f"{self.number()}{' ' if self.chance(4) else ''}{unit}"

    def number(self) -> str:
        digits = self.draw(st.one_of(st.integers(0, 9999), st.integers(0, 10**18)))
        number = f"{digits:,}" if self.chance(4) else str(digits)
        if self.chance():
            number += f".{self.draw(st.from_regex('[0-9]{1,4}', fullmatch=True))}"
        wide = str.maketrans("0123456789", "０１２３４５６７８９")
        return number.translate(wide) if self.chance(6) else number

    def count(self, metric: Metric) -> Tree:
        way = self.draw(st.sampled_from(["names", "number", "none", "numeral"]))
        if way == "names":
            return [self.text() for _ in range(self.draw(st.integers(1, 4)))]
        if way == "numeral":
            return self.draw(st.sampled_from(["三", "两百零五", "一万"])) + metric.units[0]
        if way == "none":
            return "无"
        unit = self.draw(st.sampled_from(["", *metric.units]))
        return str(self.draw(st.integers(0, 10**9))) + unit

    def document(self) -> Tree:
        way = self.draw(st.sampled_from(["answer", "title", "parts", "number", "file"]))
        if way == "answer":
            return self.answer()
        if way == "title":
            return self.text()
        found: dict[str, Tree] = {}
        if way == "parts":
            title = "有" if self.chance(3) else self.text()
            found[self.key(DOCUMENT_KEYS, "title")] = title
        if way != "file":
            found[self.key(DOCUMENT_KEYS, "number")] = self.text()
            if self.chance():
                found[self.key(DOCUMENT_KEYS, "date")] = self.day(2021, 2024)
        if way == "file" or self.chance():
            found[self.key(DOCUMENT_KEYS, "file")] = self.draw(st.sampled_from(_FILES))
        return found

    # How it is laid out

    def laid_out(self, content: dict[str, Tree]) -> str:
        head = "# 数据文件\n" if self.chance() else ""
        text = head + "".join(self.entry(key, value, 0) for key, value in content.items())
        if self.chance(4):
            text = text.rstrip("\n")
        return text.replace("\n", "\r\n") if self.chance(4) else text

    def remark(self) -> str:
        self.remarks += 1
        return f"# 注{self.remarks}：甲: 乙, [丙]"

    def between(self, indent: int) -> str:
        """Return what stands above an entry: nothing, a blank line, a remark."""
        way = self.draw(st.integers(0, 7))
        return "\n" if way == 6 else f"{' ' * indent}{self.remark()}\n" if way == 7 else ""

    def behind(self) -> str:
        return f"  {self.remark()}" if self.chance(6) else ""

    def entry(self, key: str, value: Tree, indent: int) -> str:
        lead = f"{self.between(indent)}{' ' * indent}{key}:"
        if value in ("", [], {}):
            return f"{lead}{' []' if value == [] else ''}{self.behind()}\n"
        if isinstance(value, str) and value.isprintable() and self.chance(6):
            return f"{lead} |-{self.behind()}\n{' ' * (indent + 2)}{value}\n"
        if isinstance(value, str) or self.chance():
            return f"{lead} {self.inline(value, in_flow=False, indent=indent)}{self.behind()}\n"
        lead += f"{self.behind()}\n"
        if isinstance(value, list):
            inner = indent if self.chance(4) else indent + 2
            return lead + "".join(
                f"{self.between(inner)}{' ' * inner}- {self.scalar(it, in_flow=True)}{self.behind()}\n"
                for it in value
            )
        inner = indent + self.draw(st.sampled_from([2, 2, 4]))
        return lead + "".join(self.entry(key, it, inner) for key, it in value.items())

    def inline(self, value: Tree, *, in_flow: bool, indent: int) -> str:
        if isinstance(value, str):
            return self.scalar(value, in_flow=in_flow)
        if isinstance(value, list):
            parts = [self.scalar(it, in_flow=True) for it in value]
        else:
            parts = [
                f"{key}: {self.inline(it, in_flow=True, indent=indent)}"
                for key, it in value.items()
            ]
        opened, closed = "[]" if isinstance(value, list) else "{}"
        if not self.chance(4):
            return f"{opened}{', '.join(parts)}{closed}"
        break_ = f"{self.behind()}\n{' ' * (indent + 4)}"
        return f"{opened}{break_}{f',{break_}'.join(parts)}{break_}{closed}"

    def scalar(self, text: str, *, in_flow: bool) -> str:
        plain = _PLAIN if in_flow else _PLAIN_IN_BLOCK
        if text == "":
            return '""'
        if plain.fullmatch(text) and text not in ("null", "~") and not self.chance(4):
            return text
        if text.isprintable() and "'" not in text and self.chance(3):
            return f"'{text}'"
        return f'"{_ESCAPED.sub(_escape, text)}"'


def _escape(match: re.Match[str]) -> str:
    code = ord(match.group())
    if match.group() in '"\\':
        return f"\\{match.group()}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
