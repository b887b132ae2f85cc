"""Documents as pages: what stands in them, and what a browser, a reader and a printer make of it."""

from __future__ import annotations

import base64
import hashlib
import io
import re
import subprocess
import sys
import unicodedata
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Literal, get_args

import pytest
from lxml import html
from pypdf import PdfReader

from etown_check.documents.acceptance import acceptance
from etown_check.documents.charts import bar_segments, bullet_marks
from etown_check.documents.checklist import blank_checklist, checklist
from etown_check.documents.checklist_document import checklist_document
from etown_check.documents.html import WORDS, render
from etown_check.documents.model import (
    Bar,
    Blank,
    Bullet,
    Choice,
    Column,
    Group,
    Heading,
    Lines,
    Paragraph,
    Part,
    Share,
    Table,
)
from etown_check.documents.outline import outlined
from etown_check.documents.overview import overview
from etown_check.engine import evaluate
from etown_check.running import prepare
from etown_check.settings import Options
from etown_check.text import visible
from tests.browser import Screen, browser, faults, needs_browser, opened
from tests.conftest import EXAMPLES, ROOT, submit
from tests.document_samples import HOSTILE, TONES, everything, texts_of

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from etown_check.documents.model import Document
    from etown_check.standard import Standard

__all__ = ["browser"]

WIDE, PHONE = Screen(1280), Screen(390, touch=True)
Role = Literal["table", "rowgroup", "row", "columnheader", "rowheader", "cell"]
NAMES = ("checklist", "blank", "overview", "acceptance", "everything", "portrait")


@pytest.fixture(scope="module")
def documents(standard: Standard) -> dict[str, Document]:
    run = prepare(Options(paths=(str(EXAMPLES / "shanyin.yaml"),))).run(keep=True)
    lists = [checklist(standard, *both) for both in zip(run.reports, run.submissions, strict=True)]
    county = standard.counties[0]
    return {
        "checklist": checklist_document(lists, "zh"),
        "blank": checklist_document([blank_checklist(standard, county)], "en"),
        "overview": overview(run, "zh"),
        "acceptance": acceptance(run, "en"),
        "everything": everything(),
        "portrait": everything("Sample", "en", parts=1, is_landscape=False),
    }


def tree_of(page: bytes) -> html.HtmlElement:
    return html.document_fromstring(page.decode(), parser=html.HTMLParser(encoding="utf-8"))


# A PDF may name a glyph by a radical that looks the same, and has no normal form.
_RADICALS = str.maketrans(
    "⺟⺠⻁⻄⻅⻆⻉⻋⻓⻔⻘⻚⻛⻢⻥⻦⻩⻬⻰", "母民虎西见角贝车长门青页风马鱼鸟黄齐龙"
)


def folded(text: str) -> str:
    """Return `text` without white space, and as the same text where it looks the same."""
    return "".join(unicodedata.normalize("NFKC", text).split()).translate(_RADICALS)


# Charts and headings


@pytest.mark.parametrize(
    ("value", "low", "high", "start", "end", "room", "limits", "is_beyond"),
    [
        # The chart is an eighth longer than what it must hold.
        ("4", "5", None, "0", "32/45", ("8/9", "1"), ["8/9"], False),
        ("0", "5", None, "0", "0", ("8/9", "1"), ["8/9"], False),
        ("2", "1", "3", "0", "16/27", ("8/27", "8/9"), ["8/27", "8/9"], False),
        ("320", "100", "300", "0", "8/9", ("5/18", "5/6"), ["5/18", "5/6"], False),
        ("0", "0", "0", "0", "0", ("0", "0"), ["0", "0"], False),
        ("7", "0", "0", "0", "8/9", ("0", "0"), ["0", "0"], False),
        ("1/3", None, "1", "0", "8/27", ("0", "8/9"), ["8/9"], False),
        # Far beyond, the bar reaches the edge and the limit stays where it can be seen.
        ("1000000", "1", None, "0", "1", ("16/45", "1"), ["16/45"], True),
        # A growth below zero runs to the left of zero.
        ("-5", "10", None, "0", "8/27", ("8/9", "1"), ["8/9"], False),
        ("-1000", "10", None, "0", "40/63", ("8/9", "1"), ["8/9"], True),
    ],
)
def test_where_the_marks_of_a_bullet_chart_stand(
    value: str,
    low: str | None,
    high: str | None,
    start: str,
    end: str,
    room: tuple[str, str],
    limits: list[str],
    is_beyond: bool,
) -> None:
    least, most = (None if it is None else Fraction(it) for it in (low, high))
    marks = bullet_marks(Bullet("", Fraction(value), least, most, "pass"))
    assert (marks.start, marks.end) == (Fraction(start), Fraction(end))
    assert (marks.low, marks.high) == tuple(map(Fraction, room))
    assert list(marks.limits) == list(map(Fraction, limits))
    assert marks.is_beyond is is_beyond


def test_the_shares_of_a_bar_fill_it() -> None:
    shares = tuple(Share(name, name, number) for name, number in (("a", 1), ("b", 0), ("c", 2)))
    found = list(bar_segments(Bar("x", shares)))
    third = Fraction(1, 3)
    assert [(it.name, start, end) for it, start, end in found] == [
        ("a", Fraction(0), third),
        ("c", third, Fraction(1)),
    ]
    assert list(bar_segments(Bar("x", ()))) == []


def test_positions_are_written_exactly() -> None:
    document = everything()
    page = render(document).decode()
    # 3 between 1 and 4 of 9/2; a hundred millionfold, broken off; below zero.
    assert '<rect class="bar pass" x="0.00%" width="66.67%"' in page
    assert '<rect class="bar missing" x="0.00%" width="100.00%"' in page
    assert '<rect class="bar fail" x="0.00%" width="22.22%"' in page
    assert not re.search(r"\d\.\d{3,}%|\de-\d", page)


def test_headings_leave_out_no_level() -> None:
    blocks = (Heading("a", 2), Paragraph("x"), Heading("b", 1), Heading("c", 2), Heading("d", 1))
    assert [depth for _, depth in outlined(blocks, 1)] == [2, 0, 2, 3, 2]
    assert [depth for _, depth in outlined(blocks, 2)] == [3, 0, 3, 4, 3]


# The page by itself


@pytest.mark.parametrize("name", NAMES)
def test_everything_is_said_in_order(documents: dict[str, Document], name: str) -> None:
    document = documents[name]
    (body,) = tree_of(render(document)).xpath("/html/body/main")
    for unseen in body.xpath("//legend[@class='unseen'] | //caption | //nav"):
        unseen.getparent().remove(unseen)
    said = folded(" ".join(body.itertext()))
    place = 0
    for text in texts_of(document):
        place = said.find(folded(text), place)
        assert place >= 0, text
        place += len(folded(text))


@pytest.mark.parametrize("name", NAMES)
def test_structure(documents: dict[str, Document], name: str) -> None:
    tree = tree_of(render(documents[name]))
    levels = [int(it.tag[1]) for it in tree.xpath("//h1 | //h2 | //h3 | //h4 | //h5 | //h6")]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    names = [it.get("name") for it in tree.xpath("//textarea | //input[@type='text']")]
    names += [
        it.xpath("string(.//input/@name)") for it in tree.xpath("//fieldset[@class='choice']")
    ]
    assert len(set(names)) == len(names)
    for fieldset in tree.xpath("//fieldset"):
        assert fieldset[0].tag == "legend"
        assert fieldset[0].text.strip()
    for field in tree.xpath("//textarea"):
        assert field.get("aria-label").strip()
    ids = tree.xpath("//@id")
    assert len(set(ids)) == len(ids)
    assert {it[1:] for it in tree.xpath("//@href")} <= set(ids)


@pytest.mark.parametrize("name", NAMES)
def test_cells_fill_their_tables(documents: dict[str, Document], name: str) -> None:
    document = documents[name]
    found = tree_of(render(document)).xpath("//table")
    tables = [it for part in document.parts for it in part.blocks if isinstance(it, Table)]
    assert len(found) == len(tables)
    for element, table in zip(found, tables, strict=True):
        assert len(element.xpath("colgroup/col")) == len(table.columns)
        assert [it.text for it in element.xpath("thead/tr/th")] == [it.name for it in table.columns]
        for body in element.xpath("tbody[not(@class='title')]"):
            spanned = sum(int(it.get("rowspan", "1")) for it in body.xpath("tr/*"))
            assert spanned == len(body) * len(table.columns)
        for cell in element.xpath("tbody[not(@class='title')]/tr/*"):
            assert cell.get("data-label") in [it.name for it in table.columns]


def test_cells_are_named_by_their_own_columns() -> None:
    (table,) = tree_of(render(everything(parts=1))).xpath("//table")
    first, second, third = table.xpath("tbody[not(@class='title')]")[2]
    labels = [[it.get("data-label") for it in row] for row in (first, second, third)]
    names = [f"示例 {it}" for it in "号名值查写签"]
    assert labels == [names, names[2:5], names[2:5]]
    assert [it.get("rowspan") for it in first] == ["3", "3", None, None, None, "3"]
    assert (first[0].tag, first[0].get("scope")) == ("th", "rowgroup")


def test_no_column_is_too_narrow_for_its_words() -> None:
    columns = (
        Column("No.", 10, is_narrow=True),
        Column("Signature", 10),
        Column("x" * 500, 10),
        Column("y", 10),
        Column("z", 150),
        Column("z", 90),
    )
    long = Lines(("z" * 500,))
    choice = Choice("", ("yes, right", "no"))
    row = (Lines(("expected", "1")), long, long, choice, Blank(""), long)
    part = Part("x", "", (), (Table("x", columns, (Group(rows=(row,)),)),))
    style = tree_of(render(everything()._replace(parts=(part,)))).findtext("head/style") or ""
    found = re.findall(r"nth-child\(\d\){width:(\d+)\.(\d\d)%}", style)
    shares = [int(whole + hundredths) for whole, hundredths in found]
    # Words of eight letters, nine, twelve at most, and of five beside a box; the whole is as wide
    # as it was, and the wide columns gave in proportion to what they could spare.
    needed = [25 + 8 * 19, 25 + 9 * 19, 25 + 12 * 19, 50 + 25 + 5 * 19]
    lacking = Fraction(sum(needed) - 400)
    spare = [1500 - 25 - 19, 900 - 25 - 19]
    widths: list[Fraction] = [
        *map(Fraction, needed),
        *(25 + 19 + it - lacking * it / sum(spare) for it in spare),
    ]
    assert shares == [round(it * 10_000 / 2800) for it in widths]


def test_numbers_are_set_apart_and_never_broken() -> None:
    columns = (Column("x", 100), Column("y", 1, is_number=True))
    row = (Lines(("z" * 300,)), Lines(("1,234,567.8",)))
    part = Part("x", "", (), (Table("x", columns, (Group(rows=(row,)),)),))
    tree = tree_of(render(everything()._replace(parts=(part,))))
    assert [it.get("class") for it in tree.xpath("//thead//th")] == [None, "number"]
    assert [it.get("class") for it in tree.xpath("//td")] == ["row begins", "row number"]
    style = tree.findtext("head/style") or ""
    (share,) = re.findall(r"nth-child\(2\){width:([\d.]+)%}", style)
    assert share == f"{(25 + 11 * 19) / 1010:.2%}".removesuffix("%")


def test_where_all_columns_are_too_narrow_each_gets_what_it_needs() -> None:
    columns = (Column("Signature", 1), Column("No", 1))
    part = Part("x", "", (), (Table("x", columns, ()),))
    page = render(everything()._replace(parts=(part,))).decode()
    assert re.findall(r"width:([\d.]+)%}", page) == ["75.68", "24.32"]  # 196 and 63


def test_it_asks_for_nothing_and_allows_only_its_own_style_and_script() -> None:
    page = render(everything()).decode()
    tree = tree_of(page.encode())
    (policy,) = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    digests = [
        base64.b64encode(hashlib.sha256(it.text.encode()).digest()).decode()
        for it in tree.xpath("//style | //script")
    ]
    assert len(digests) == 2
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digests[0]}'; script-src 'sha256-{digests[1]}'; "
        "base-uri 'none'; form-action 'none'"
    )
    assert tree.xpath("//@src | //link | //img | //iframe | //form | //@style") == []
    assert not [it for it in tree.xpath("//@*") if it.attrname.startswith("on")]
    assert "http://" not in page
    assert "https://" not in page


@pytest.mark.parametrize(("lang", "tag"), [("zh", "zh-CN"), ("en", "en")])
def test_language(lang: str, tag: str) -> None:
    tree = tree_of(render(everything("x", lang)))
    assert tree.get("lang") == tag
    said = "".join(tree.itertext())
    other = {"zh": "en", "en": "zh"}[lang]
    assert getattr(WORDS["skip"], lang) in said
    assert getattr(WORDS["skip"], other) not in said


def test_one_town_gives_its_page_its_name(documents: dict[str, Document]) -> None:
    (part,) = documents["checklist"].parts
    title = tree_of(render(documents["checklist"])).findtext("head/title")
    assert title == f"{part.title} {part.subtitle}"
    assert tree_of(render(everything())).findtext("head/title") == "示例 0"


def test_every_tone_has_a_sign_of_its_own() -> None:
    tree = tree_of(render(everything(parts=1)))
    signs = {it.removeprefix("sign-") for it in tree.xpath("//symbol/@id")}
    assert {it.removeprefix("#sign-") for it in tree.xpath("//use/@href")} == signs
    assert signs == {*TONES} - {"muted"}
    drawn = [html.tostring(it[0]) for it in tree.xpath("//symbol")]
    assert len(set(drawn)) == len(signs)


def test_charts_say_their_text() -> None:
    tree = tree_of(render(everything("某值")))
    charts = tree.xpath("//svg[@class='bullet']")
    assert len(charts) == 2 * (1 + 2 + 3)
    assert {(it.get("role"), it.get("aria-label")) for it in charts} == {("img", "某值")}


def test_what_is_filled_in_belongs_to_what_the_page_says() -> None:
    def digest(document: Document) -> str:
        (found,) = tree_of(render(document)).xpath("/html/body/@data-digest")
        return str(found)

    assert digest(everything()) == digest(everything())
    assert len({digest(everything(it)) for it in "甲乙"}) == 2


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_text(text: str) -> None:
    page = render(everything(text))
    plain, attacked = (tree_of(it) for it in (render(everything("x")), page))
    for tree in (plain, attacked):
        assert len(tree.xpath("//script")) == len(tree.xpath("//style")) == 1

    def shape(tree: html.HtmlElement) -> list[tuple[str, list[str]]]:
        return [(str(it.tag), sorted(it.attrib)) for it in tree.iter()]

    assert shape(attacked) == shape(plain)
    assert not re.search(
        "[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u2028\u202a-\u202e\u2066]", page.decode()
    )
    wanted = visible(text).strip()
    assert sum(wanted in it for it in attacked.xpath("//main//p/text()")) > 10
    assert attacked.xpath("//textarea/@aria-label")[0] == visible(text)
    # In the style, strings apart, nothing but the plain page's rules.
    styles = [it.findtext("head/style") or "" for it in (attacked, plain)]
    styles = [re.sub(r"{width:\d+\.\d\d%}", "", it) for it in styles]  # longer words need more
    bare = [re.sub(r'"(?:[^"\\\n]|\\[0-9a-f]+ )*"', '""', it) for it in styles]
    assert bare[0] == bare[1]


def test_the_same_bytes_each_time(tmp_path: Path) -> None:
    code = (
        "import sys; from tests.document_samples import everything; "
        "from etown_check.documents.html import render; "
        "sys.stdout.buffer.write(render(everything()))"
    )
    made = {
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={"PYTHONHASHSEED": seed, "TZ": zone, "PYTHONPATH": str(ROOT)},
            check=True,
            capture_output=True,
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Asia/Shanghai"))
    }
    assert made == {render(everything())}


# In a browser


def write(folder: Path, document: Document) -> Path:
    path = folder / "page.html"
    path.write_bytes(render(document))
    return path


def printed(page: Page) -> PdfReader:
    return PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))


class TestInABrowser:
    pytestmark = needs_browser

    @pytest.mark.parametrize("name", NAMES)
    def test_axe_finds_nothing(
        self, browser: Browser, documents: dict[str, Document], tmp_path: Path, name: str
    ) -> None:
        path = write(tmp_path, documents[name])
        for screen in (WIDE, PHONE):
            with opened(browser, path, screen) as page:
                assert faults(page) == []
            with opened(browser, path, screen._replace(scheme="dark")) as page:
                assert faults(page, "color-contrast") == []

    @pytest.mark.parametrize(
        ("before", "after", "rule"),
        [
            (r' aria-label="[^"]*"', "", "label"),
            (r'<html lang="[^"]*"', "<html", "html-has-lang"),
            (r'role="rowheader"', 'role="listitem"', "aria-required-parent"),
        ],
    )
    def test_axe_finds_faults(
        self, browser: Browser, tmp_path: Path, before: str, after: str, rule: str
    ) -> None:
        path = write(tmp_path, everything(parts=1))
        text, number = re.subn(before, after, path.read_text("utf-8"))
        assert number
        path.write_text(text, "utf-8")
        for screen in (WIDE, PHONE):
            with opened(browser, path, screen) as page:
                assert rule in {it.split(":")[0] for it in faults(page)}

    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_axe_finds_pale_text(self, browser: Browser, tmp_path: Path, scheme: str) -> None:
        with opened(
            browser, write(tmp_path, everything(parts=1)), WIDE._replace(scheme=scheme)
        ) as page:
            page.evaluate("document.documentElement.style.setProperty('--muted', 'gray')")
            assert faults(page, "color-contrast")

    @pytest.mark.parametrize("name", NAMES)
    @pytest.mark.parametrize("width", [320, 390, 820, 1024, 1280])
    def test_nothing_scrolls_sideways(
        self,
        browser: Browser,
        documents: dict[str, Document],
        tmp_path: Path,
        name: str,
        width: int,
    ) -> None:
        with opened(browser, write(tmp_path, documents[name]), Screen(width)) as page:
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            # Nor is anything cut within a cell. Of a closing bracket at the end of a line the right
            # half is blank, and some browsers let it hang over.
            cut = """[...document.querySelectorAll("main :not(.unseen)")].filter(
                it => it.scrollWidth
                    > it.clientWidth + 1 + parseFloat(getComputedStyle(it).fontSize) / 2
                && it.clientWidth
                && getComputedStyle(it).display !== "inline" && !it.closest("thead, svg")
            ).map(it => it.outerHTML.slice(0, 200))"""
            assert page.evaluate(cut) == []

    @pytest.mark.parametrize("screen", [WIDE, PHONE])
    def test_a_word_without_end_is_broken(
        self, browser: Browser, tmp_path: Path, screen: Screen
    ) -> None:
        path = write(tmp_path, everything("Donaudampfschifffahrt" * 40, parts=1))
        with opened(browser, path, screen) as page:
            assert page.evaluate("document.documentElement.scrollWidth") <= screen.width

    @pytest.mark.parametrize("text", HOSTILE)
    def test_hostile_text_does_nothing(self, browser: Browser, tmp_path: Path, text: str) -> None:
        with opened(browser, write(tmp_path, everything(text)), WIDE) as page:
            met: list[str] = []
            page.on("dialog", lambda dialog: met.append(dialog.message))
            page.locator("textarea").first.focus()
            assert met == []
            assert page.locator("main img, main script, main b").count() == 0
            shown = page.locator(".part .told").first.text_content() or ""
            assert shown.strip() == visible(text).strip()
            assert page.locator(".part").first.is_visible()
            assert folded(visible(f"{text} 1 页脚")) in folded(
                printed(page).pages[0].extract_text()
            )

    def test_tables_become_cards_and_stay_tables(self, browser: Browser, tmp_path: Path) -> None:
        path = write(tmp_path, everything(parts=1))
        counts = []
        for screen, display in ((WIDE, "table"), (PHONE, "block")):
            with opened(browser, path, screen) as page:
                style = "it => getComputedStyle(it).display"
                assert page.locator("table").evaluate(style) == display
                counts.append([page.get_by_role(role).count() for role in get_args(Role)])
                label = page.locator("td.tail").first.evaluate(
                    "it => getComputedStyle(it, '::before').content"
                )
                assert ("attr(data-label)" in label or "示例 签" in label) is (screen == PHONE)
        assert counts[0] == counts[1]
        assert counts[0] == [1, 7, 1 + 3 + 6, 6, 6, 3 * 2 + 6 * 3]

    def test_a_card_ends_with_what_stands_beside_all_of_its_rows(
        self, browser: Browser, tmp_path: Path
    ) -> None:
        with opened(browser, write(tmp_path, everything(parts=1)), PHONE) as page:
            card = page.locator("tbody:not(.title)").last
            tops = card.locator("textarea").evaluate_all(
                "all => all.map(it => [it.getBoundingClientRect().top, it.name])"
            )
            last = [name for _, name in sorted(tops)][-1]
            assert last == card.locator(".tail textarea").get_attribute("name")
            assert last != tops[-1][1]  # in the markup it stands in the first row

    def test_fingers_find_what_they_tick(
        self, browser: Browser, documents: dict[str, Document], tmp_path: Path
    ) -> None:
        for screen in (PHONE, Screen(1280, touch=True)):
            with opened(browser, write(tmp_path, documents["checklist"]), screen) as page:
                small = page.locator(
                    "main .choice label, main textarea, main a, main input[type=text]"
                ).evaluate_all(
                    """all => all.map(it => it.getBoundingClientRect())
                        .filter(it => it.height < 44 || it.width < 44).length"""
                )
                assert small == 0

    def test_keyboard(self, browser: Browser, tmp_path: Path) -> None:
        with opened(browser, write(tmp_path, everything(parts=1)), WIDE) as page:
            page.keyboard.press("Tab")
            assert page.evaluate("document.activeElement.className") == "skip"
            page.keyboard.press("Enter")
            assert page.evaluate("document.activeElement.id") == "main"
            blank, choice = page.locator("textarea").first, page.locator(".facts .choice input")
            while not blank.evaluate("it => it === document.activeElement"):
                page.keyboard.press("Tab")
            page.keyboard.type("2023-12-31")
            assert blank.input_value() == "2023-12-31"
            page.keyboard.press("Tab")
            page.keyboard.press("Space")
            assert [it.is_checked() for it in choice.all()] == [True, False]
            page.keyboard.press("ArrowDown")
            assert [it.is_checked() for it in choice.all()] == [False, True]
            page.keyboard.press("Space")
            assert [it.is_checked() for it in choice.all()] == [False, False]
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline == "solid"

    def test_what_is_filled_in_outlasts_a_reload_until_it_is_cleared(
        self, browser: Browser, tmp_path: Path
    ) -> None:
        path = write(tmp_path, everything(parts=1))

        def state(page: Page) -> list[object]:
            return list(
                page.locator("main input, main textarea").evaluate_all(
                    "all => all.map(it => it.matches('[type=radio], [type=checkbox]')"
                    " ? it.checked : it.value)"
                )
            )

        with opened(browser, path, WIDE) as page:
            told = page.locator("#kept")
            before = state(page)
            assert told.is_hidden()
            page.locator("textarea").first.fill("现场\n核实")
            page.locator("textarea").filter(has_text="示例").first.fill("")
            page.locator("tbody .choice").first.get_by_label("乙").check()
            page.locator("tbody .choice").last.locator("input:checked").click()  # untick it
            page.locator("input[type=checkbox]").first.check()
            page.locator(".signatures input").first.fill("张三")
            filled = state(page)
            assert sum(a != b for a, b in zip(before, filled, strict=True)) == 7
            assert told.is_visible()
            page.reload()
            assert state(page) == filled
            assert (told.text_content() or "").split() == [WORDS["kept"].zh, WORDS["clear"].zh]

            page.once("dialog", lambda dialog: dialog.dismiss())
            told.get_by_role("button").click()
            assert state(page) == filled
            page.once("dialog", lambda dialog: dialog.accept())
            told.get_by_role("button").click()
            assert state(page) == before
            assert told.is_hidden()
            page.reload()
            assert state(page) == before

            # Back as it was printed, there is nothing to keep.
            page.locator("textarea").first.fill("x")
            page.locator("textarea").first.fill("")
            assert told.is_hidden()
            assert page.evaluate("localStorage.length") == 0

    def test_another_page_does_not_show_it(self, browser: Browser, tmp_path: Path) -> None:
        with opened(browser, write(tmp_path, everything("甲")), WIDE) as page:
            page.locator("textarea").first.fill("x")
            write(tmp_path, everything("乙"))
            page.reload()
            assert page.locator("textarea").first.input_value() == ""
            write(tmp_path, everything("甲"))
            page.reload()
            assert page.locator("textarea").first.input_value() == "x"

    def test_nonsense_in_the_store_is_left_alone(self, browser: Browser, tmp_path: Path) -> None:
        with opened(browser, write(tmp_path, everything()), WIDE) as page:
            for nonsense in ("{", "null", "3", '{"f1": {"a": 1}, "f999": true}'):
                page.evaluate(
                    "it => localStorage.setItem('etown-check:' + document.body.dataset.digest, it)",
                    nonsense,
                )
                page.reload()
                page.locator("textarea").nth(1).fill("y")
                assert page.locator("#kept").is_visible()

    def test_a_browser_that_keeps_nothing_says_so(self, browser: Browser, tmp_path: Path) -> None:
        with opened(browser, write(tmp_path, everything()), WIDE) as page:
            page.evaluate("() => { Storage.prototype.setItem = () => { throw new Error('full') } }")
            page.locator("textarea").first.fill("x")
            assert (page.locator("#kept p").text_content() or "") == WORDS["not_kept"].zh
            assert page.locator("#kept button").is_hidden()

    @pytest.mark.parametrize("name", ["checklist", "overview", "everything", "portrait"])
    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_printed(
        self,
        browser: Browser,
        documents: dict[str, Document],
        tmp_path: Path,
        name: str,
        scheme: str,
    ) -> None:
        document = documents[name]
        with opened(browser, write(tmp_path, document), WIDE._replace(scheme=scheme)) as page:
            pdf = printed(page)
            page.emulate_media(media="print")
            ground = page.locator("body").evaluate("it => getComputedStyle(it).color")
            assert ground == "rgb(26, 35, 48)"  # dark on white, whatever the screen
        size = (842, 595) if document.is_landscape else (595, 842)
        texts = [folded(it.extract_text()) for it in pdf.pages]
        assert len(texts) > 1
        for number, (sheet, text) in enumerate(zip(pdf.pages, texts, strict=True), 1):
            box = sheet.mediabox
            assert (round(float(box.width)), round(float(box.height))) == size
            pages = document.pages.format(page=number, pages=len(texts))
            assert folded(pages) in text
        # Every part begins on a page of its own, and each of its pages has its foot.
        starts = [
            next(
                place for place, it in enumerate(texts) if folded(part.title + part.subtitle) in it
            )
            for part in document.parts
        ]
        assert len(set(starts)) == len(document.parts)
        for part, start, end in zip(document.parts, starts, [*starts[1:], len(texts)], strict=True):
            assert all(folded(line) in it for it in texts[start:end] for line in part.footer)
        # Nothing is cut, and all stands in order.
        whole, place = "".join(texts), 0
        for text in texts_of(document):
            place = whole.find(folded(text), place)
            assert place >= 0, text
            place += len(folded(text))
        # No row is broken.
        for table in (it for part in document.parts for it in part.blocks if isinstance(it, Table)):
            for row in (row for group in table.groups for row in group.rows):
                assert any(folded("".join(texts_of(row))) in it for it in texts)

    def test_the_header_of_a_table_is_repeated(
        self, browser: Browser, documents: dict[str, Document], tmp_path: Path
    ) -> None:
        document = documents["checklist"]
        with opened(browser, write(tmp_path, document), WIDE) as page:
            texts = [folded(it.extract_text()) for it in printed(page).pages]
        tables = [it for it in document.parts[0].blocks if isinstance(it, Table)]
        table = max(tables, key=lambda it: len(it.groups))
        header = "".join(column.name for column in table.columns)
        titles = [group.title for group in table.groups if group.title]
        holding = [it for it in texts if any(folded(title) in it for title in titles)]
        assert len(holding) > 3
        assert all(folded(header) in it for it in holding)
        # No header stands alone at the end of a page.
        for text in texts:
            behind = text.split(folded(header))[1:]
            assert all(len(it) > 60 for it in behind)

    def test_printed_without_script_it_shows_what_was_filled_in(
        self, browser: Browser, tmp_path: Path
    ) -> None:
        path = write(tmp_path, everything(parts=1))
        long = "核减后为2.3亿元，依据统计局出具的证明材料，详见附件。" * 3
        with opened(browser, path, WIDE, script=False) as page:
            assert page.locator("#kept").is_hidden()
            page.locator("tbody textarea").first.fill(long)
            page.locator(".signatures input").first.fill("张三")
            page.locator("tbody .choice").first.get_by_label("丙").check()
            text = folded("".join(it.extract_text() for it in printed(page).pages))
        assert folded(long) in text
        assert "张三" in text


def test_real_records_are_filled_in(standard: Standard) -> None:
    record = {"结果": "核减", "核定值": "2亿元", "核查人": "王五", "日期": "2024-03-01"}
    submission = submit(standard, {"total_investment": {"值": "2.3亿元", "核查": record}})
    lists = [checklist(standard, evaluate(standard, submission), submission)]
    tree = tree_of(render(checklist_document(lists, "zh")))
    (ticked,) = tree.xpath("//input[@checked]/following-sibling::span/text()")
    assert ticked == "核减"
    assert "2亿元" in tree.xpath("//textarea/text()")
