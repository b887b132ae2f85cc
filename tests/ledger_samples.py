"""Fund ledgers made by hand, for what is done with a ledger once it is read."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from etown_check.ledger import (
    Doubtful,
    Ledger,
    LedgerRow,
    Repeated,
    Sum,
    Suspicious,
    WrongTotal,
)
from etown_check.problems import Position
from etown_check.quantities import Quantity, money_of
from etown_check.submission import Amounts, Contact, Declaration, Entry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from etown_check.standard import Standard
    from etown_check.submission import Submission, Value

PATH = "examples/台账/山阴.csv"


def money(amount: str) -> Quantity:
    """Return so many 元, in the unit in which they read well."""
    return money_of(Fraction(amount))


def row(
    line: int,
    amount: str,
    source: str,
    category: str,
    *,
    on: str = "2023-05-08",
    payee: str = "某科技有限公司",
    voucher: str = "",
    description: str = "",
    sheet: str = "",
) -> LedgerRow:
    """Return a row over so many 元, with a voucher of its own."""
    return LedgerRow(
        Position(line, 1, sheet),
        date.fromisoformat(on),
        description or f"{category}支出",
        money(amount),
        source,
        category,
        payee,
        voucher or f"记-{line:03}",
    )


def ledger(
    standard: Standard,
    rows: Sequence[LedgerRow],
    path: str = PATH,
    doubtful: Doubtful | None = None,
) -> Ledger:
    """Return the ledger of `rows`, as it is read."""
    assert standard.ledger is not None
    sums: dict[tuple[str, str], Sum] = {}
    for one in rows:
        key = (one.source, one.category)
        sums[key] = sums.get(key, Sum()).plus(Sum(one.amount.amount, 1))
    forbidden = {it.name.zh for it in standard.ledger.categories if it.is_forbidden}
    return Ledger(
        path,
        "c" * 64,
        len(rows),
        sums,
        tuple(it for it in rows if it.category in forbidden),
        tuple(it for it in rows if not it.source),
        doubtful or Doubtful(),
    )


def declaring(submission: Submission, **values: Value) -> Submission:
    """Return `submission` with further metrics, by key; each stands on a line of its own."""
    declarations = dict(submission.declarations)
    for line, (key, value) in enumerate(values.items(), 201):
        entry = Entry(value, Position(line, 9))
        declarations[key] = Declaration(key, Position(line, 3), {None: entry}, (), "", None)
    return submission._replace(declarations=declarations)


def sample_rows() -> list[LedgerRow]:
    """Return rows of each kind: permitted and forbidden uses, refunds, and rows without a source."""
    return [
        row(2, "1250000", "中央", "主导产业", on="2023-01-09"),
        row(3, "860000", "省", "公共服务体系", on="2023-01-17"),
        row(4, "860000", "省", "公共服务体系", on="2023-01-17", voucher="记-003"),
        row(5, "305000", "县", "物流配送", on="2023-02-20", description="直播间流量推广"),
        row(6, "-5000", "县", "物流配送", on="2023-02-27", description="退款"),
        row(7, "126000", "社会", "区域公共品牌", on="2026-01-05"),
        *(
            row(8 + day, "25600", "省", "购买流量", on=f"2023-03-{day + 1:02}", payee="某传媒公司")
            for day in range(12)
        ),
        row(20, "80000", "县", "购买流量", on="2023-04-03"),
        row(21, "3000", "市", "罚款", on="2023-04-04", payee="某县税务局"),
        row(22, "350000", "", "财政补助单位人员经费", on="2023-05-10", payee="某中心"),
    ]


def sample_doubts(rows: Sequence[LedgerRow]) -> Doubtful:
    """Return what is doubtful about `sample_rows`."""
    return Doubtful(
        suspicious=(Suspicious(rows[3], "购买流量", "流量"),),
        vouchers=(Repeated(rows[2], rows[1].position),),
        repeated=(Repeated(rows[2], rows[1].position),),
        outside=(rows[5],),
        totals=(WrongTotal(Position(23, 1), "合计", money("4000000"), Fraction(4136200)),),
        counts={"suspicious": 4, "vouchers": 1, "repeated": 1, "outside": 1, "totals": 1},
    )


def with_funds(standard: Standard, submission: Submission, path: str = PATH) -> Submission:
    """Return `submission` with a ledger, and with more that the parts behind the body ask for."""
    rows = sample_rows()
    return declaring(
        submission,
        started_on=date(2023, 1, 12),
        support_modes=(),
        contact=Contact("张三", ""),
        monthly_reports=("2022-11", "2022-12", "2023-04", "2023-05", "2023-06"),
        fund_ledger=ledger(standard, rows, path, sample_doubts(rows)),
        funds_received=Amounts(
            tuple(
                (word, money(it))
                for word, it in (
                    ("中央", "1500000"),
                    ("省", "2000000"),
                    ("市", "0"),
                    ("县", "600000"),
                )
            )
        ),
    )
