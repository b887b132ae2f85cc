"""Broken, odd and random files: refused in plain words or judged, and never read as another number.

The last part holds the tool against a reader of its own, written here from what a person makes of
a line and from nothing of the code under test.
"""

from __future__ import annotations

import contextlib
import io
import json
import re
import unicodedata
from fractions import Fraction
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from etown_check.engine import evaluate
from etown_check.keys import FILE_KEYS
from etown_check.kinds import KINDS
from etown_check.loading import load_submission
from etown_check.problems import InputError, Problem
from etown_check.quantities import Quantity
from etown_check.report import Run, Style
from etown_check.reporters import REPORTERS, reporter
from etown_check.settings import Options
from etown_check.store import load_standard
from etown_check.validation import validate
from tests.conftest import EXAMPLES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from etown_check.standard import Metric
    from etown_check.submission import Submission

STANDARD = load_standard("shuozhou-2022")
GOOD = {path.name: path.read_text("utf-8") for path in sorted(EXAMPLES.glob("*.yaml"))}
NOT_COMPLIANT = ("shanyin.yaml", "yingxian.yaml", "youyu.yaml")


def at_most(examples: int) -> settings:
    return settings(max_examples=examples)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("mutations") / "f.yaml"


# What holds of every file


def checked(path: Path, format: str = "json") -> tuple[int, str, str]:
    """Run `validate` on a file; return its exit code and what it said."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = validate(Options(paths=(str(path),), format=format))
    return code, out.getvalue(), err.getvalue()


def withstands(path: Path, content: bytes) -> int:
    """Hold the tool's answer to `content` against what must hold of every file; return its code."""
    path.write_bytes(content)
    problems: list[Problem] = []
    try:
        submission = load_submission(path, STANDARD)
    except InputError as error:
        problems = error.problems
        assert problems
    else:
        problems = list(submission.warnings)
        judged(submission)
    for problem in problems:
        is_well_told(problem, str(path), content)
    code, out, err = checked(path)
    assert code in (0, 1, 3, 4)
    assert "Traceback" not in out + err
    told = json.loads(out)["errors"]
    assert (code == 3) == bool(told)
    assert {it["code"] for it in told} <= set(KINDS)
    return code


def judged(submission: Submission) -> None:
    """Judge a file that is accepted, and report it in every format."""
    report = evaluate(STANDARD, submission)
    run = Run("0", STANDARD, (submission.path,), (report,), (), ())
    for name in REPORTERS:
        for lang in ("zh", "en") if name != "terminal" else ("zh",):  # that one takes its time
            assert reporter(name)(run, Style(lang, False, True, 80, False, True))


# What repeats the file may hold any word; what the tool says itself may not hold these.
REPEATED = ("first", "key", "other", "text", "unit", "character", "corrected", "word", "example")
FOREIGN_WORDS = re.compile(
    r"yaml|pydantic|<class|NoneType|Traceback|Exception|\b(block|token|scalar|sequence|stream|codec)\b|"
    r"byte |0x[0-9a-f]|object at|(?-i:None)|expected <",
    re.IGNORECASE,
)
PATTERN = re.compile(r"\\[dDsSwWb]|\(\?[:=!P<]|\[\^|\.\*|[\])][+*]|\\u[0-9a-f]{4}")
FIELD = re.compile(r"\{[a-z_]*\}")


def is_well_told(problem: Problem, path: str, content: bytes) -> None:
    assert problem.code in KINDS
    assert problem.path == path
    if problem.position is not None:
        # Line breaks of any encoding hold one of these bytes.
        lines = content.count(b"\n") + content.count(b"\r") + 1
        assert 1 <= problem.position.line <= lines + 1
        assert 1 <= problem.position.column <= len(content) + 2
    args = {name: "…" if name in REPEATED else it for name, it in problem.args.items()}
    for lang in ("zh", "en"):
        assert problem.message(lang)
        assert problem.hint(lang)
        own = problem._replace(args=args)
        for said in (own.message(lang), own.hint(lang)):
            assert not FOREIGN_WORDS.search(said), said
            assert not PATTERN.search(said), said
            assert not FIELD.search(said), said


@at_most(150)
@given(st.binary(max_size=200))
@example(b"\xff\xfe\x00")
@example("标准: shuozhou-2022\n".encode("utf-16"))
@example("标准: shuozhou-2022\n县: 怀仁市\n".encode("gb18030"))
def test_random_bytes(file: Path, content: bytes) -> None:
    assert withstands(file, content) == 3


ODD = (
    *"\t\r\n \"'#&*!|>%@`?-:,[]{}~<=^.\\/_()+0123456789",
    *"：，。、；！？（）［］｛｝【】〔〕“”‘’「」《》＃％＆＊＠｜～－＋．＝　",
    *"０１２３４５６７８９ａｚＡＺ一二三十百千万亿零〇两半元平方米亩个年",
    *"\x00\x07\x0b\x0c\x1b\x7f\x85\xa0\xad²½①Ⅳé",
    *"\u061c\u180e\u200b\u200d\u200e\u200f\u2028\u2029\u202a\u202e\u2060\u2066\u2069\u3000\ufeff\ufffd\ufffe",
    *"㎡㎢％﹪﹣−٣𝟑🎉",
)  # fmt: skip
WORDS = tuple(name for pair in FILE_KEYS.items() for name in pair) + tuple(
    name for it in STANDARD.metrics.values() for name in (it.key, it.name.zh)
)
SNIPPETS = (
    "标准: shuozhou-2022\n",
    "县: 怀仁市\n",
    "指标:\n  ",
    ": ",
    "\n  ",
    "\n    ",
    "- ",
    "{2022: ",
    "}",
    "1.5亿元",
)


@at_most(300)
@given(st.lists(st.sampled_from((*ODD, *SNIPPETS)) | st.sampled_from(WORDS), max_size=40))
def test_random_text(file: Path, pieces: list[str]) -> None:
    assert withstands(file, "".join(pieces).encode()) == 3


HEAD = {
    "标准": "shuozhou-2022",
    "县": "怀仁市",
    "乡村e镇": "怀仁市陶瓷e镇",
    "数据截止日期": "2023-12-31",
}
DETAILS = (
    "值",
    "佐证",
    "备注",
    "核查",
    "结果",
    "核定值",
    "名称",
    "文号",
    "日期",
    "文件",
    "value",
    "note",
)
VALUES = ("1.5亿元", "6,800万元", "120平方米", "3亩", "6.1%", "5家", "7个", "2次", "0", "是", "否", "有", "无", "属实", "核减", "不实", "2023-12-31", "甲", "政府主要负责同志", "信息共享服务", "佐证/甲.pdf", "../甲", "")  # fmt: skip
words = st.sampled_from(WORDS)
odd = st.text(alphabet=st.sampled_from(ODD), max_size=8)
keys = words | st.sampled_from(DETAILS) | st.integers(2020, 2026).map(str) | odd
scalars = st.sampled_from(VALUES) | odd | st.none() | st.booleans() | st.integers() | st.dates()
structures = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=8,
)
flows = st.sampled_from([None, True, False])


@at_most(200)
@given(st.dictionaries(keys, structures, max_size=6), flows)
def test_random_structures(file: Path, content: dict[str, Any], flow: bool | None) -> None:
    text = yaml.safe_dump(content, allow_unicode=True, default_flow_style=flow)
    assert withstands(file, text.encode("utf-8", "surrogatepass")) == 3


@at_most(200)
@given(
    st.dictionaries(words, structures, max_size=4),
    st.dictionaries(st.sampled_from(sorted(HEAD) + sorted(FILE_KEYS)), structures, max_size=1),
    flows,
)
def test_random_metrics(
    file: Path, metrics: dict[str, Any], facts: dict[str, Any], flow: bool | None
) -> None:
    content = {**HEAD, "指标": metrics, **facts}
    text = yaml.safe_dump(content, allow_unicode=True, default_flow_style=flow, sort_keys=False)
    assert withstands(file, text.encode()) in (1, 3, 4)


# Good files with a few mistakes


def other_width(char: str) -> str:
    """Return the full-width form of a plain character, or the plain one of a full-width one."""
    code = ord(char)
    if 0x21 <= code <= 0x7E:
        return chr(code + 0xFEE0)
    if 0xFF01 <= code <= 0xFF5E:
        return chr(code - 0xFEE0)
    return {" ": "\u3000", "\u3000": " "}.get(char, char)


class Change(NamedTuple):
    """One mistake of typing, at a place that is taken modulo the length of the text."""

    what: str
    place: int
    char: str

    def of(self, text: str) -> str:
        """Return `text` with this mistake in it."""
        at = self.place % len(text) if text else 0
        before, char, behind = text[:at], text[at : at + 1], text[at + 1 :]
        match self.what:
            case "drop":
                return before + behind
            case "double":
                return before + char * 2 + behind
            case "swap":
                return before + behind[:1] + char + behind[1:]
            case "width" if char:
                return before + other_width(char) + behind
            case "replace":
                return before + self.char + behind
            case "double line" | "drop line":
                lines = text.splitlines(keepends=True)
                number = self.place % len(lines) if lines else 0
                times = 2 if self.what == "double line" else 0
                return "".join(
                    [*lines[:number], *lines[number : number + 1] * times, *lines[number + 1 :]]
                )
            case _:
                return before + self.char + char + behind


OF_A_CHARACTER = ("drop", "double", "swap", "width", "replace", "put")
changes = st.builds(
    Change,
    st.sampled_from((*OF_A_CHARACTER, "drop line", "double line")),
    st.integers(0, 10**5),
    st.sampled_from(ODD),
)


@at_most(150)
@given(st.sampled_from(sorted(GOOD)), st.lists(changes, min_size=1, max_size=3))
def test_mistakes_in_a_good_file(file: Path, name: str, made: list[Change]) -> None:
    text = GOOD[name]
    for change in made:
        text = change.of(text)
    withstands(file, text.encode())


@at_most(400)
@given(st.sampled_from(NOT_COMPLIANT), changes)
def test_one_mistake_never_makes_a_town_comply(file: Path, name: str, change: Change) -> None:
    file.write_bytes(change.of(GOOD[name]).encode())
    code, out, err = checked(file)
    assert code in (1, 3, 4)
    assert "Traceback" not in out + err


@pytest.mark.parametrize("name", NOT_COMPLIANT)
def test_those_towns_do_not_comply(name: str) -> None:
    assert checked(EXAMPLES / name)[0] in (1, 4)


# What a person reads


WHITE = re.compile(r"\s+")
PLAIN_FORMS = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
SCALES = {"": 1}
for _small, _ten in (("", 1), ("十", 10), ("百", 100), ("千", 1000)):
    for _large, _myriad in (("", 1), ("万", 10**4), ("亿", 10**8), ("万亿", 10**12)):
        SCALES[_small + _large] = _ten * _myriad
OF_PEOPLE: dict[str, dict[str, Fraction]] = {
    "money": {"元": Fraction(1), "圆": Fraction(1), "元整": Fraction(1), "元正": Fraction(1)},
    "area": {
        **dict.fromkeys(("平方米", "平米", "平方", "m2", "M2"), Fraction(1)),
        **dict.fromkeys(("平方公里", "平方千米", "km2"), Fraction(10**6)),
        **dict.fromkeys(("公顷", "hm2", "ha"), Fraction(10**4)),
        "亩": Fraction(2000, 3),
    },
    "ratio": {"%": Fraction(1, 100), "‰": Fraction(1, 1000), "个百分点": Fraction(1, 100)},
    "count": dict.fromkeys(("", *"个家款人次起", "人次"), Fraction(1)),
}
DIGITS = "零一二三四五六七八九"
SCALES_ALONE = ("十", "百", "千", "万", "亿")
CAPITALS = str.maketrans("〇两壹贰叁肆伍陆柒捌玖拾佰仟萬億", "零二一二三四五六七八九十百千万亿")


def amount_of(text: str, kind: str) -> Fraction | None:
    """Return what a person takes `text` for, in 元, 平方米 or one; `None` where nobody could say."""
    plain = text.translate(PLAIN_FORMS)
    if re.search(r"[\d,.]\s+[\d,.]", plain):
        return None  # two numbers, or one in pieces
    plain = WHITE.sub("", plain)
    if kind == "count" and plain == "无":
        return Fraction(0)
    match = re.fullmatch(r"([-+−]?)(\d[\d,]*(?:\.\d+)?)(.*)", plain, re.ASCII)
    if match is None:
        return _in_chinese(unicodedata.normalize("NFKC", plain), kind)
    sign, number, rest = match.groups()
    whole = number.partition(".")[0]
    if "," in whole and not re.fullmatch(r"\d{1,3}(,\d{3})+", whole):
        return None
    if sign in ("-", "−") and kind != "ratio":
        return None
    value = Fraction(number.replace(",", "")) * (-1 if sign in ("-", "−") else 1)
    rest = unicodedata.normalize("NFKC", rest)
    parts = re.match(r"([十百千万亿]+\d+)+[十百千万亿]*", rest)
    if parts is None or not number.isdecimal():
        return _with_unit(value, rest, kind)
    unit = rest[parts.end() :] or ("元" if kind == "money" else "")
    whole_sum = _in_parts(number + parts.group())
    return (
        None
        if whole_sum is None or (unit in SCALES and unit)
        else _with_unit(whole_sum, unit, kind)
    )


def _with_unit(number: Fraction, unit: str, kind: str) -> Fraction | None:
    """Return `number` in its `unit`, before which 万 or the like may stand."""
    for scale in sorted(SCALES, key=len, reverse=True):
        rest = unit.removeprefix(scale)
        if not unit.startswith(scale) or (scale and kind == "ratio"):
            continue
        # Of money alone nobody needs to be told what there are 1.5亿 of.
        factor = (
            Fraction(1) if kind == "money" and scale and not rest else OF_PEOPLE[kind].get(rest)
        )
        if factor is not None:
            value = number * SCALES[scale] * factor
            return value if kind != "count" or value.denominator == 1 else None
    return None


def _in_parts(text: str) -> Fraction | None:
    """Return what `1亿5000万` comes to; each part must be smaller than one of the part before."""
    pieces = re.findall(r"(\d+)([十百千万亿]*)", text)
    if any(scale not in SCALES for _, scale in pieces) or len("".join(pieces[-1])) < 2:
        return None  # 1万2 may be 10002 or 12000
    parts = [(int(number) * SCALES[scale], SCALES[scale]) for number, scale in pieces]
    is_descending = all(part < scale for (_, scale), (part, _) in pairwise(parts))
    return Fraction(sum(part for part, _ in parts)) if is_descending else None


def _in_chinese(text: str, kind: str) -> Fraction | None:
    """Read a number that is written out, such as 一千二百; units may begin like one (千米)."""
    if kind == "ratio" and text.startswith("百分之"):
        number = _numeral(text.removeprefix("百分之"))
        return None if number is None else number / 100
    for end in range(len(text), 0, -1):
        number = _numeral(text[:end])
        is_whole = "点" in text[:end] or text[end : end + 1] not in SCALES_ALONE
        if number is not None and is_whole:
            value = _with_unit(number, text[end:], kind)
            if value is not None:
                return value
            if kind == "money" and end == len(text) and number >= 10**4:
                return number
    return None


def _numeral(text: str) -> Fraction | None:
    text = text.translate(CAPITALS)
    whole, point, decimals = text.partition("点")
    if point:
        places = "".join(str(DIGITS.find(digit)) for digit in decimals)
        number = _numeral(whole)
        if number is None or not re.fullmatch(r"\d+", places):
            return None
        return number + Fraction(int(places), 10 ** len(places))
    if re.fullmatch(f"[{DIGITS}]+", text):
        return Fraction(int("".join(str(DIGITS.index(digit)) for digit in text)))
    number_of: dict[str, Fraction] = {}
    if re.fullmatch(f"[{DIGITS}十百千万亿]+", text):
        for value in _guesses(text):
            for written in _writings(value):
                number_of.setdefault(written, Fraction(value))
    return number_of.get(text)


def _guesses(text: str) -> Iterator[int]:
    """Yield what a numeral may come to; only a guess that is written like it counts."""
    total = section = digit = 0
    last = 1
    for char in text:
        if char in DIGITS:
            digit = DIGITS.index(char)
        elif char in "十百千":
            last = SCALES[char]
            section, digit = section + (digit or 1) * last, 0
        else:
            last = SCALES[char]
            total, section, digit = (
                (total + section + digit) * last
                if char == "亿"
                else total + (section + digit) * last,
                0,
                0,
            )
    yield total + section + digit
    yield total + section + digit * last // 10  # 一千二


def _writings(number: int) -> Iterator[str]:
    """Yield the ways in which a whole number is written out."""
    full = _written(number)
    for text in (full, re.sub("([万亿])零(.千)", r"\1\2", full)):
        yield text
        yield re.sub("^一十", "十", text)
        short = re.sub(r"(?<=[百千万亿])([一二三四五六七八九])[十百千万]$", r"\1", text)
        if _ends_short(text):
            yield short


def _ends_short(text: str) -> bool:
    """Tell whether the last sign may be left out: that of the place right behind another."""
    return re.search("百.十$|千.百$|万.千$|亿.千万$", text) is not None


def _written(number: int) -> str:
    for scale, sign in ((10**8, "亿"), (10**4, "万")):
        if number >= scale:
            rest = number % scale
            gap = "零" if 0 < rest < scale // 10 else ""
            return _written(number // scale) + sign + gap + (_written(rest) if rest else "")
    text = ""
    for place, sign in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // place % 10
        if digit:
            text += DIGITS[digit] + sign
        elif text and not text.endswith("零") and number % place:
            text += "零"
    return text or "零"


class Read(NamedTuple):
    """What a line says: its key and its value, with or without quotation marks."""

    key: str
    value: str
    is_quoted: bool


# An indentation, a key in quotation marks or without, a colon, and all behind it.
LINE = re.compile(
    r"""( *)("[^"\\]*"|'[^']*'|[^ \t"'#&*!|>%@`,\[\]{}?-].*?|[-?][^\s].*?)\s*:(?=[ \t]|$)(.*)"""
)
QUOTED = re.compile(r"""("(?:[^"\\]|\\ )*"|'[^']*')\s*(?:#.*)?""")
OPEN = re.compile(r""":[ \t]+(\{[^}]*|"[^"]*|'[^']*)$""")


def read_line(text: str, indent: int | None) -> Read | None:
    """Read a line as a person does; `None` where it is not one line of a key and a value."""
    pieces = [it for it in re.split(r"\r\n|\r|\n", text) if it.strip(" \t")]
    pieces = [it for it in pieces if not it.lstrip(" \t").startswith("#")]
    if not pieces:
        return Read("", "", False)
    # What stands in braces or quotation marks may run over lines.
    line = " ".join(pieces) if OPEN.search(pieces[0]) else pieces[0]
    match = LINE.fullmatch(line) if line != pieces[0] or len(pieces) == 1 else None
    if match is None or not _is_indented(match[1], indent) or re.search(r"[ \t]#", match[2]):
        return None
    key, value = match[2], match[3].strip(" \t")
    key = key[1:-1] if key[0] in "\"'" else key
    if value[:1] in ("'", '"'):
        quoted = QUOTED.fullmatch(value)
        return Read(key, quoted[1][1:-1].replace("\\ ", " "), True) if quoted else None
    value = re.sub(r"(^|[ \t]+|(?<=\}))#.*", "", value)
    if re.search(r":([ \t]|$)", value) and not value.startswith("{"):
        return None
    return Read(key, value, False)


def _is_indented(white: str, indent: int | None) -> bool:
    """Tell whether a line stands where it did; the only line of its level may stand anywhere."""
    return len(white) > 0 if indent is None else len(white) == indent


def same(text: str) -> str:
    """Return a key as it is compared: without white space, full-width forms made plain."""
    return WHITE.sub("", unicodedata.normalize("NFKC", text))


NAMED = {same(name): it for it in STANDARD.metrics.values() for name in (it.key, it.name.zh)}
QUANTITIES = ("count", "money", "area", "ratio")
Amounts = dict[tuple[str, int | None], Any]


def person_reads(text: str, row: Row) -> Amounts | None:
    """Return the amounts that a line declares: none, one, or one for each year."""
    read = read_line(text, row.indent)
    if read is None:
        return None
    if not read.key:
        return {}
    if row.parent is not None:
        return _years({read.key: read}, row.parent, "")
    metric, unit = _metric_named(same(read.key))
    if metric is None or metric.kind not in QUANTITIES:
        return None
    value = read.value
    if not read.is_quoted and value.startswith("{"):
        return _years(_in_braces(value), metric, unit)
    if _is_blank(read):
        return {}
    amount = _amount(read, metric, unit)
    return None if amount is None or metric.yearly else {(metric.key, None): amount}


def _metric_named(key: str) -> tuple[Metric | None, str]:
    """Return the metric that a key names, and the unit that may stand in brackets behind it."""
    if key in NAMED:
        return NAMED[key], ""
    match = re.fullmatch(r"(.+)\(([^()]+)\)", key)
    return (NAMED.get(match[1]), match[2]) if match else (None, "")


def _is_blank(read: Read) -> bool:
    return not read.value.strip() or (not read.is_quoted and read.value.lower() in ("~", "null"))


def _amount(read: Read, metric: Metric, unit: str) -> Fraction | None:
    if not read.is_quoted and (
        read.value[0] in "[]{},&*!|>%@`" or re.match(r"[-?]([ \t]|$)", read.value)
    ):
        return None
    value = read.value if read.value.endswith(unit) else f"{read.value}{unit}"
    return amount_of(value, metric.kind)


def _in_braces(text: str) -> dict[str, Read] | None:
    """Return the entries of `{2022: 1亿元, 2023: 2亿元}`, which stands on one line."""
    match = re.fullmatch(r"\{(.*)\}", text)
    if match is None:
        return None
    found: dict[str, Read] = {}
    parts = match[1].split(",")
    for part in parts[:-1] if not parts[-1].strip() else parts:
        # Behind a key in quotation marks the colon needs no space here.
        spaced = re.sub(r"""^("[^"]*"|'[^']*')\s*:""", r"\1: ", part.strip())
        read = read_line(spaced, 0)
        if (
            read is None
            or not read.key
            or same(read.key) in map(same, found)
            or set(read.value) & set("{}[]")
        ):
            return None
        found[read.key] = read
    return found


def _years(parts: Mapping[str, Read] | None, metric: Metric, unit: str) -> Amounts | None:
    if parts is None or not metric.yearly:
        return None
    found: Amounts = {}
    for key, read in parts.items():
        match = re.fullmatch(r"(\d{4})年?", same(key), re.ASCII)
        if match is None:
            return None
        if _is_blank(read):
            continue
        amount = _amount(read, metric, unit)
        if amount is None:
            return None
        found[metric.key, int(match[1])] = amount
    return found


class Row(NamedTuple):
    """A line to make mistakes in: its place, its indentation, and the metric whose years it is of.

    The one line of the reference data may be indented by any number of spaces: `None`.
    """

    number: int
    indent: int | None
    parent: Metric | None


BASE = """\
标准: shuozhou-2022
县: 怀仁市
乡村e镇: 怀仁市陶瓷e镇
数据截止日期: 2023-12-31

参考数据:
  全市总产值增长率: {2022: 5.8%, 2023: 6.1%}

指标:
  发展规划: "某规划"
  小而美自主品牌: 7个
  网货产品: 12 款  # 见附件
  "电商培训人次": 1,860人次
  违法违规事件: 0起
  主直播间: "2"
  聘用专家: ８人
  商业带头人: 无
  local_influencers: '9人'
  电商公共服务中心建筑面积: 1260.5平方米
  物流配送中心建筑面积: "1500 平方米" # 含仓库
  跨境电商基地建筑面积: 1,600㎡
  电商产品展示体验中心建筑面积: 280m2
  电商产业培训孵化中心建筑面积: 3.2亩
  建筑面积: 36万平方米
  规划用地面积 : 0.62平方公里
  总投资规模: 3.4亿元
  招商资金: ６，８００万元
  政府引导资金: '20000000元'
  税收目标:
  总产值:
    2022: 2.1亿元
    2023: 2.35亿元
  网络零售额: {2022: 4600万元, 2023: 5300万元}
  网络零售额增长率: { 2023: -12.5% }
  新增市场主体（法人单位）: {2022: 11个, '2023': "26家"}
  宣传活动:
    '2022': 2
    2023年: 16次
  资金管理办法: 怀财发〔2022〕29号
"""
# Ways of writing that need not be read; where one is, it must be read like this.
PERHAPS = (
    "总投资规模: 5千万元",
    "总投资规模: 三亿四千万元",
    "总投资规模: 1.5亿元整",
    "总投资规模: 1亿5000万元",
    "总投资规模: 两千零五十万元",
    "电商公共服务中心建筑面积: 一千二百平方米",
    "电商公共服务中心建筑面积: 1千平方米",
    "小而美自主品牌: 十二个",
    "总投资规模（亿元）: 3.4",
    "招商资金 (万元): 6,800",
    "规划用地面积（亩）: 930",
    "小而美自主品牌（个）: 7",
    "总产值（亿元）: {2022: 2.1, 2023: 2.35}",
)


def rows_of(text: str) -> list[Row]:
    """Return the lines of a file that declare an amount; their years may stand below a metric."""
    rows: list[Row] = []
    parent = None
    for number, line in enumerate(text.splitlines()):
        indent = len(line) - len(line.lstrip(" "))
        read = read_line(line, indent)
        if indent == 0 or read is None:
            continue
        if indent == 4:
            rows.append(Row(number, indent, parent))
            continue
        parent, _ = _metric_named(same(read.key))
        if parent and parent.kind in QUANTITIES and read.value:
            rows.append(Row(number, None if parent.reference else indent, None))
    return rows


def with_line(text: str, number: int, line: str) -> str:
    lines = text.splitlines(keepends=True)
    lines[number] = line + "\n"
    return "".join(lines)


def tool_reads(file: Path, text: str) -> Amounts | None:
    """Return all that the tool reads, its amounts as numbers; `None` where it refuses."""
    file.write_bytes(text.encode())
    try:
        submission = load_submission(file, STANDARD)
    except InputError:
        return None
    return {
        (key, year): entry.value.amount if isinstance(entry.value, Quantity) else entry.value
        for declarations in (submission.reference, submission.declarations)
        for key, declaration in declarations.items()
        for year, entry in declaration.entries.items()
    }


@cache
def reads_without(file: Path, base: str, number: int) -> Amounts | None:
    """Return what the tool reads where a line is left empty."""
    return tool_reads(file, with_line(base, number, ""))


def agrees(file: Path, base: str, row: Row, line: str) -> bool:
    """Put `line` in the place of `row`: tell whether it is accepted, and then hold it to a person.

    The line must say what a person reads in it, and the others what they said before.
    """
    found = tool_reads(file, with_line(base, row.number, line))
    if found is None:
        return False
    before = base.splitlines()[row.number]
    others = reads_without(file, base, row.number)
    person = person_reads(line, row)
    assert others is not None
    assert person is not None, (before, line, found)
    if row.parent is None:
        assert not {key for key, _ in person} & {key for key, _ in others}, (before, line)
    assert not set(person) & set(others), (before, line)
    assert found == {**others, **person}, (before, line)
    return True


ROWS = rows_of(BASE)
LINES = BASE.splitlines()
TYPED = (*ODD, *"约多余负¥个家oOlLeEm")


def test_the_lines_to_make_mistakes_in(file: Path) -> None:
    assert len(ROWS) == 26
    for row in ROWS:
        assert agrees(file, BASE, row, LINES[row.number])


@pytest.mark.parametrize("row", ROWS, ids=lambda it: str(it.number + 1))
def test_a_slip_of_the_hand_is_refused_or_read_as_a_person_would(file: Path, row: Row) -> None:
    line = LINES[row.number]
    for place in range(len(line)):
        for what in ("drop", "double", "swap", "width"):
            agrees(file, BASE, row, Change(what, place, "").of(line))


@at_most(2000)
@given(
    st.sampled_from(ROWS),
    st.sampled_from(("replace", "put")),
    st.integers(0, 40),
    st.sampled_from(TYPED),
)
def test_any_other_character_too(file: Path, row: Row, what: str, place: int, char: str) -> None:
    agrees(file, BASE, row, Change(what, place, char).of(LINES[row.number]))


@pytest.mark.parametrize(
    ("start", "line"),
    [
        ("  总投资规模", "  总投资规模: 3\u30004亿元"),
        ("  总投资规模", "  总投资规模: 3\xa04亿元"),
        ("  招商资金", "  招商资金: ６\u3000８００万元"),
        ("  网络零售额:", "  网络零售额: {?2022: 4600万元, 2023: 5300万元}"),
        ("  主直播间", "  主直播间: |"),
        ("  主直播间", "  主直播间: >2"),
        ("  总投资规模", "\ufeff 总投资规模: 3.4亿元"),
    ],
)
def test_what_parsers_read_otherwise_than_people(file: Path, start: str, line: str) -> None:
    (row,) = (it for it in ROWS if LINES[it.number].startswith(start))
    agrees(file, BASE, row, line)


@pytest.mark.parametrize("line", PERHAPS)
def test_ways_of_writing_that_need_not_be_read(file: Path, line: str) -> None:
    head = BASE[: BASE.index("  小而美")]
    base = f"{head}  {line}\n  资金管理办法: 有\n"
    row = Row(head.count("\n"), 2, None)
    assert agrees(file, base, row, f"  {line}")
    for place in range(len(line) + 2):
        for what in ("drop", "double", "swap", "width"):
            agrees(file, base, row, Change(what, place, "").of(f"  {line}"))


@pytest.mark.parametrize(
    ("text", "kind", "amount"),
    [
        ("1,860人次", "count", 1860),
        ("无", "count", 0),
        ("十二个", "count", 12),
        ("１２　家", "count", 12),
        ("5千万元", "money", 5 * 10**7),
        ("1.5亿元整", "money", 15 * 10**7),
        ("1.5亿", "money", 15 * 10**7),
        ("1亿5000万元", "money", 15 * 10**7),
        ("1万60元", "money", 10060),
        ("三亿四千万元", "money", 34 * 10**7),
        ("两千零五十万元", "money", 2050 * 10**4),
        ("一点五亿元", "money", 15 * 10**7),
        ("一千二平方米", "area", 1200),
        ("一千零二平方米", "area", 1002),
        ("壹仟贰佰平方米", "area", 1200),
        ("二〇平方米", "area", 20),
        ("36万㎡", "area", 360000),
        ("2平方千米", "area", 2 * 10**6),
        ("3亩", "area", 2000),
        ("-12.5％", "ratio", Fraction(-1, 8)),
        ("百分之六点一", "ratio", Fraction(61, 1000)),
        *((text, kind, None) for kind in QUANTITIES for text in ("", "约5", "5-6", "1 2", "1,2", "1.2.3", "5²", "½", "1e3", "一二百", "千一", "1万2", "x")),
        *((text, "money", None) for text in ("5", "-5元", "5平方米", "5家", "1万2元", "1万20000元", "5元元")),
        *((text, "count", None) for text in ("1.5家", "-1", "5元")),
    ],
)  # fmt: skip
def test_the_person(text: str, kind: str, amount: int | Fraction | None) -> None:
    assert amount_of(text, kind) == amount
