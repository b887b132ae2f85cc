"""What a ledger comes to, as tables: exact, in one unit, and no wider than there is room for."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etown_check.engine import evaluate
from etown_check.report import LedgerTable, Report, Run, Style
from etown_check.reporters import reporter
from etown_check.reporters.ledger_table import Grid, LedgerText, ledger_text
from etown_check.standard import SpendsNothingOn
from etown_check.text import columns
from etown_check.words import render
from tests.conftest import submit
from tests.ledger_samples import ledger, row, with_funds

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from etown_check.ledger import LedgerRow
    from etown_check.standard import Standard

SCALES = {
    "金额单位：元": 1,
    "金额单位：万元": 10_000,
    "in CNY": 1,
    "in thousands of CNY": 1000,
}


def report_of(
    standard: Standard, rows: Sequence[LedgerRow], received: Mapping[str, Fraction] | None = None
) -> Report:
    """Return a report on a ledger of `rows`."""
    form = standard.ledger
    assert form is not None
    made = ledger(standard, rows)
    table = LedgerTable(
        made.path,
        made.sha256,
        made.rows,
        tuple(source.name for source in form.sources),
        form.categories,
        made.sums,
        received or {},
    )
    return evaluate(standard, submit(standard))._replace(ledger=table)


def text_of(
    standard: Standard,
    rows: Sequence[LedgerRow],
    received: Mapping[str, Fraction] | None = None,
    lang: str = "zh",
) -> LedgerText:
    found = ledger_text(report_of(standard, rows, received), standard, lang)
    assert found is not None
    return found


def amount(cell: str, text: LedgerText) -> Fraction:
    """Return how many 元 a cell says."""
    unit = text.facts.split(" · ")[-1]
    return Fraction(cell.replace(",", "")) * SCALES[unit]


def under(grid: Grid, name: str, lines: Sequence[tuple[str, ...]]) -> list[str]:
    return [line[grid.header.index(name)] for line in lines]


def test_without_a_ledger_there_is_no_table(standard: Standard) -> None:
    assert ledger_text(evaluate(standard, submit(standard)), standard, "zh") is None


# Amounts


@pytest.mark.parametrize(
    ("amounts", "zh", "en"),
    [
        (["12500", "30000"], ["1.25", "3.00"], ["12.5", "30.0"]),
        (["20000", "30000"], ["2", "3"], ["20", "30"]),
        (["12345.6", "30000"], ["12,345.6", "30,000.0"], ["12,345.6", "30,000.0"]),
        (["1234567.89", "-0.01"], ["1,234,567.89", "-0.01"], ["1,234,567.89", "-0.01"]),
        (["123456000000", "100"], ["12,345,600.00", "0.01"], ["123,456,000.0", "0.1"]),
        (["0", "0"], ["0", "0"], ["0", "0"]),
        (["0.000001", "1"], ["0.000001", "1.000000"], ["0.000001", "1.000000"]),
    ],
)
def test_all_amounts_are_exact_and_in_one_unit(
    standard: Standard, amounts: list[str], zh: list[str], en: list[str]
) -> None:
    categories = ("主导产业", "物流配送")
    rows = [
        row(2 + at, it, "省", category)
        for at, (it, category) in enumerate(zip(amounts, categories, strict=True))
    ]
    for lang, cells in (("zh", zh), ("en", en)):
        text = text_of(standard, rows, lang=lang)
        source = "省" if lang == "zh" else text.wide.header[1]
        assert under(text.wide, source, text.wide.rows) == cells
        assert [amount(it, text) for it in cells] == [Fraction(it) for it in amounts]


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["中央", "省", "市", "县", "社会", ""]),
        st.sampled_from(["主导产业", "公共服务体系", "物流配送", "购买流量", "罚款"]),
        st.decimals(-(10**9), 10**12, places=2, allow_nan=False),
    ),
    max_size=25,
)


@settings(max_examples=60)
@given(
    rows=ROWS,
    received=st.dictionaries(
        st.sampled_from(["中央", "省", "县"]), st.decimals(0, 10**12, places=2)
    ),
    lang=st.sampled_from(["zh", "en"]),
)
def test_no_amount_gets_lost_or_rounded(
    standard: Standard, rows: list[tuple[str, str, object]], received: dict[str, object], lang: str
) -> None:
    made = [
        row(2 + at, str(much), source, category) for at, (source, category, much) in enumerate(rows)
    ]
    text = text_of(standard, made, {key: Fraction(str(it)) for key, it in received.items()}, lang)
    whole = sum((it.amount.amount for it in made), Fraction(0))
    *_, total, number = text.wide.totals[0]
    assert (amount(total, text), int(number)) == (whole, len(made))
    cells = [cell for line in text.wide.rows for cell in line[1:-2] if cell]
    assert sum((amount(it, text) for it in cells), Fraction(0)) == whole
    subtotals = [line for line in text.long.rows if line[1] != text.wide.header[-2]]
    assert sorted(line[2] for line in subtotals) == sorted(cells)
    assert sum(int(line[3]) for line in subtotals) == len(made)
    assert standard.ledger is not None
    sources = {render(it.name, lang): it.name.zh for it in standard.ledger.sources}
    for name, *cells_of, spent_rows in text.by_source.rows:
        key = sources.get(name, "")
        spent = sum((it.amount.amount for it in made if it.source == key), Fraction(0))
        assert int(spent_rows) == sum(it.source == key for it in made)
        if not received:
            assert [amount(it, text) for it in cells_of] == [spent]
        elif key in received:
            came = Fraction(str(received[key]))
            assert [amount(it, text) for it in cells_of] == [came, spent, came - spent]
        else:
            assert (amount(cells_of[1], text), cells_of[2]) == (spent, "")
    for grid in (text.wide, text.long, text.by_source):
        assert {len(line) for line in (*grid.rows, *grid.totals)} == {len(grid.header)}


# What is shown


def test_only_what_occurs_is_shown_and_in_the_order_of_the_form(standard: Standard) -> None:
    rows = [
        row(2, "1000", "", "物流配送"),
        row(3, "1000", "县", "购买流量"),
        row(4, "1000", "中央", "主导产业"),
    ]
    text = text_of(standard, rows, {"市": Fraction(500)})
    assert text.wide.header == ("支出类别", "中央", "市", "县", "未注明", "合计", "行数")
    assert [line[0] for line in text.wide.rows] == ["主导产业", "物流配送", "购买流量（受限）"]
    assert [line[0] for line in text.by_source.rows] == ["中央", "市", "县", "未注明"]
    assert text.facts == "examples/台账/山阴.csv · 3 行 · 金额单位：万元"


def test_what_is_restricted_is_explained_in_the_plans_own_terms(standard: Standard) -> None:
    text = text_of(standard, [row(2, "1000", "县", "购买流量")])
    assert text.notes == ("标“受限”的支出，方案五（一）规定不得使用中央、省、市资金。",)
    assert text_of(standard, [row(2, "1000", "县", "物流配送")]).notes == ()
    unlimited = standard._replace(
        items=tuple(
            item
            for item in standard.items
            if not any(isinstance(it.constraint, SpendsNothingOn) for it in item.checks)
        )
    )
    made = ledger_text(report_of(standard, [row(2, "1000", "县", "购买流量")]), unlimited, "zh")
    assert made is not None
    assert made.notes == ()


def test_sources_with_and_without_what_was_received(standard: Standard) -> None:
    rows = [
        row(2, "100", "中央", "主导产业"),
        row(3, "50", "县", "主导产业"),
        row(4, "7", "", "主导产业"),
    ]
    known = text_of(standard, rows, {"中央": Fraction(90), "县": Fraction(60)})
    assert known.by_source == Grid(
        ("资金来源", "到位", "支出", "结余", "行数"),
        (
            ("中央", "90", "100", "-10", "1"),
            ("县", "60", "50", "10", "1"),
            ("未注明", "", "7", "", "1"),
        ),
        (("合计", "150", "157", "-7", "3"),),
    )
    partly = text_of(standard, rows, {"中央": Fraction(90)})
    assert partly.by_source.rows[1] == ("县", "未申报", "50", "", "1")
    assert partly.by_source.totals == (("合计", "", "157", "", "3"),)
    nothing = text_of(standard, rows)
    assert nothing.by_source.header == ("资金来源", "支出", "行数")
    assert nothing.by_source.totals == (("合计", "157", "3"),)


def test_an_empty_ledger_has_tables_of_nothing(standard: Standard) -> None:
    text = text_of(standard, [])
    assert text.wide == Grid(("支出类别", "合计", "行数"), (), (("合计", "0", "0"),))
    assert text.long.totals == (("合计", "", "0", "0"),)


# In the reports


def run_of(standard: Standard) -> Run:
    report = evaluate(standard, with_funds(standard, submit(standard)))
    return Run("0.0.0", standard, (report.path,), (report,), (), ())


@pytest.mark.parametrize("is_unicode", [True, False])
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("width", [60, 72, 80, 90, 100, 120, 160])
def test_on_a_terminal_the_tables_keep_its_width_and_lose_no_number(
    standard: Standard, width: int, lang: str, is_unicode: bool
) -> None:
    style = Style(lang=lang, width=width, is_unicode=is_unicode)
    run = run_of(standard)
    lines = reporter("terminal")(run, style).splitlines()
    assert max(map(columns, lines)) <= width
    text = ledger_text(run.reports[0], standard, lang)
    assert text is not None
    start = lines.index(text.title)
    shown = "\n".join(lines[start:])
    numbers = {
        cell for line in (*text.wide.rows, *text.by_source.rows) for cell in line[1:] if cell
    }
    assert numbers
    assert all(number in shown for number in numbers)
    assert "…" not in shown.split("\n\n需要" if lang == "zh" else "\n\nWhat")[0]


@pytest.mark.parametrize("name", ["terminal", "plain", "markdown"])
def test_a_quiet_report_has_no_tables(standard: Standard, name: str) -> None:
    run = run_of(standard)
    shown = [reporter(name)(run, Style(quiet=quiet, width=120)) for quiet in (False, True)]
    assert ["金额单位" in it for it in shown] == [True, False]


def test_json_holds_the_sums_exactly(standard: Standard) -> None:
    rows = [
        row(2, "1234567.891234", "中央", "主导产业"),
        row(3, "-0.000001", "", "购买流量"),
    ]
    report = report_of(standard, rows, {"中央": Fraction(2 * 10**6), "县": Fraction(5)})
    run = Run("0.0.0", standard, (report.path,), (report,), (), ())
    found = json.loads(reporter("json")(run, Style()))["reports"][0]["ledger"]
    assert found["sums"] == [
        {
            "source": "中央",
            "category": "主导产业",
            "forbidden": False,
            "rows": 1,
            "amount": "1234567.891234元",
        },
        {
            "source": None,
            "category": "购买流量",
            "forbidden": True,
            "rows": 1,
            "amount": "-0.000001元",
        },
    ]
    assert found["sources"] == [
        {
            "source": "中央",
            "rows": 1,
            "received": "2000000元",
            "spent": "1234567.891234元",
            "balance": "765432.108766元",
        },
        {"source": "县", "rows": 0, "received": "5元", "spent": "0元", "balance": "5元"},
        {"source": None, "rows": 1, "received": None, "spent": "-0.000001元", "balance": None},
    ]
