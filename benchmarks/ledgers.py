"""Time the reading of fund ledgers as whole processes, each in turn with `python -c pass`.

Usage: python benchmarks/ledgers.py [--rows N …] [--rounds N] [--keep FOLDER]

Makes ledgers of N rows as CSV and as Excel saves it, and prints for each way to read one: median
seconds, the same as multiples of starting Python and of a bare loop of `csv.reader` over the same
file, rows per second, and the most memory that the process held; at the end how much more time and
memory the last ledger took than the first. Alternating runs keep a busy machine from favouring any.
"""

import argparse
import contextlib
import csv
import multiprocessing
import os
import random
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from xml.sax.saxutils import escape

from timing import COMMAND, START, Run, in_turn

from etown_check.standard import LedgerForm
from etown_check.store import load_standard

BARE = (
    "import csv,sys; [0 for _ in csv.reader(open(sys.argv[1], encoding='utf-8-sig', newline=''))]"
)
READ = """
import sys
from etown_check.ledgers.reading import read_ledger
from etown_check.store import load_standard
read_ledger(sys.argv[1], load_standard("shuozhou-2022").ledger)
"""
ROWS, ROUNDS = 100_000, 7

HEADER = (
    "序号",
    "日期",
    "摘要",
    "金额（元）",
    "资金来源",
    "支出类别",
    "收款单位",
    "凭证号",
    "备注",
)
_WHAT = (
    "直播间设备购置",
    "快递分拣线改造",
    "区域公用品牌设计",
    "电商培训讲师费",
    "冷链仓储库房建设",
    "网货包装打样",
)
_STAGE = ("首付款", "进度款", "尾款", "质保金", "第二期款")
_PAYEE = ("数码科技", "建筑装饰", "物流", "品牌设计", "文化传媒", "农业开发", "电子商务")
_PLACE = ("怀仁市", "山阴县", "应县", "右玉县", "朔州市", "太原市")


def rows_of(form: LedgerForm, number: int) -> Iterator[tuple[str, ...]]:
    """Yield as many rows as a bookkeeper would have written; some are odd in one way or another."""
    chance = random.Random(2022)  # noqa: S311 - the same ledger each time
    sources = [it.name.zh for it in form.sources]
    allowed = [it.name.zh for it in form.categories if not it.is_forbidden]
    forbidden = [it.name.zh for it in form.categories if it.is_forbidden]
    days = (date(form.years[1], 12, 31) - date(form.years[0], 1, 1)).days
    for at in range(1, number + 1):
        on = date(form.years[0], 1, 1) + timedelta(days * at // number)
        odd = chance.random()
        shares = chance.randrange(10_000, 90_000_000)
        yield (
            str(at),
            on.isoformat(),
            f"{chance.choice(_WHAT)}（合同{at // 3:05}号）{chance.choice(_STAGE)}",
            f"{'-' if odd > 0.99 else ''}{shares // 100}.{shares % 100:02}",
            "" if odd < 0.0005 else chance.choice(sources),
            chance.choice(forbidden if odd < 0.001 else allowed),
            f"{chance.choice(_PLACE)}第{at % 700}{chance.choice(_PAYEE)}有限公司",
            f"记-{on:%Y%m}-{at:06}",
            "已核对" if odd > 0.5 else "",
        )


def write_csv(path: str, rows: Iterator[tuple[str, ...]]) -> None:
    """Write a ledger as CSV."""
    with open(path, "w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows(rows)


def write_xlsx(path: str, rows: Iterator[tuple[str, ...]]) -> None:
    """Write a ledger as Excel does: texts in a table of their own, dates and amounts as numbers."""
    strings: dict[str, int] = {}
    epoch = date(1899, 12, 30)

    def cell(column: int, row: int, text: str) -> str:
        place = f'r="{chr(ord("A") + column)}{row}"'
        if row > 1 and column == 1:
            return f'<c {place} s="1"><v>{(date.fromisoformat(text) - epoch).days}</v></c>'
        if row > 1 and column in (0, 3):
            return f"<c {place}><v>{text.removesuffix('.00')}</v></c>"
        return f'<c {place} t="s"><v>{strings.setdefault(text, len(strings))}</v></c>'

    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write(f"<worksheet {main}><sheetData>".encode())
            for at, row in enumerate([HEADER, *rows], 1):
                cells = "".join(cell(column, at, text) for column, text in enumerate(row) if text)
                sheet.write(f'<row r="{at}">{cells}</row>'.encode())
            sheet.write(b"</sheetData></worksheet>")
        for name, content in {
            "[Content_Types].xml": f'<Types xmlns="{package}/content-types">'
            '<Default Extension="xml" ContentType="application/xml"/></Types>',
            "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="a" '
            f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook {main} xmlns:r="{office}"><sheets>'
            '<sheet name="台账" sheetId="1" r:id="a"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
            f'<Relationship Id="a" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/>'
            f'<Relationship Id="b" Type="{office}/sharedStrings" Target="sharedStrings.xml"/>'
            f'<Relationship Id="c" Type="{office}/styles" Target="styles.xml"/></Relationships>',
            "xl/styles.xml": f'<styleSheet {main}><cellXfs count="2"><xf numFmtId="0"/>'
            '<xf numFmtId="14"/></cellXfs></styleSheet>',
            "xl/sharedStrings.xml": f"<sst {main}>"
            + "".join(f"<si><t>{escape(text)}</t></si>" for text in strings)
            + "</sst>",
        }.items():
            archive.writestr(name, content)


def make(rows: int, text: str, book: str) -> None:
    """Write the same ledger as CSV and as a workbook."""
    form = load_standard("shuozhou-2022").ledger
    assert form is not None
    write_csv(text, rows_of(form, rows))
    write_xlsx(book, rows_of(form, rows))


def measure(rows: int, rounds: int, folder: str) -> dict[str, Run]:
    """Make a ledger, time everything in turn, `rounds` times over, and print the medians."""
    os.makedirs(folder, exist_ok=True)
    text, book = os.path.join(folder, "台账.csv"), os.path.join(folder, "台账.xlsx")
    # In a process of its own: what this one holds would count as held by those that it starts.
    maker = multiprocessing.get_context("spawn").Process(target=make, args=(rows, text, book))
    maker.start()
    maker.join()
    commands: dict[str, Sequence[str]] = {
        "python -c pass": START,
        "bare csv.reader": (sys.executable, "-c", BARE, text),
        "read the CSV": (sys.executable, "-c", READ, text),
        "read the workbook": (sys.executable, "-c", READ, book),
        "etown-check ledger, CSV": (COMMAND, "ledger", text, "--format", "json"),
        "etown-check ledger, xlsx": (COMMAND, "ledger", book, "--format", "json"),
    }
    taken = in_turn(commands, rounds, warm=0)
    start, bare = (taken[name].seconds for name in ("python -c pass", "bare csv.reader"))
    sizes = ", ".join(f"{os.path.getsize(it) / 1024 / 1024:.1f} MiB" for it in (text, book))
    print(f"{rows:,} rows ({sizes}), medians of {rounds}")
    print(f"{'':26} {'seconds':>8} {'× start':>8} {'× bare':>8} {'rows/s':>10} {'MiB':>6}")
    for name, (seconds, memory) in taken.items():
        speed = "" if name == "python -c pass" else f"{rows / seconds:,.0f}"
        print(
            f"{name:26} {seconds:8.3f} {seconds / start:8.1f} {seconds / bare:8.2f} "
            f"{speed:>10} {memory:6.0f}"
        )
    return taken


def main(numbers: Sequence[int], rounds: int, folder: str) -> None:
    """Measure ledgers of so many rows, and compare the last with the first."""
    taken = [measure(rows, rounds, os.path.join(folder, str(rows))) for rows in numbers]
    if len(numbers) > 1:
        print(f"{numbers[-1]:,} rows beside {numbers[0]:,}, start of Python taken off")
        begun = [it.pop("python -c pass").seconds for it in taken]
        for name, last in taken[-1].items():
            first = taken[0][name]
            ratio = (last.seconds - begun[-1]) / (first.seconds - begun[0])
            print(f"{name:26} {ratio:8.1f} × the seconds {last.memory - first.memory:+8.0f} MiB")


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Time the reading of fund ledgers.")
    parser.add_argument("--rows", type=int, nargs="+", default=[ROWS])
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--keep", metavar="FOLDER", help="where the ledgers are left")
    return parser.parse_args()


if __name__ == "__main__":
    options = parse()
    with (
        contextlib.nullcontext(options.keep) if options.keep else tempfile.TemporaryDirectory()
    ) as home:
        main(options.rows, options.rounds, home)
