"""The names of a workbook's sheets and columns, by which it is written and read."""

from etown_check.words import Text

GUIDE = Text("填写说明", "Instructions")
FACTS = Text("基本信息", "Facts")
REFERENCE = Text("参考数据", "Reference data")
"""Sheets beside those of the plan's sections."""

FACT_NAME = Text("项目", "Fact")
FACT_VALUE = Text("填写", "Entry")
FACT_HELP = Text("说明", "How to write it")
"""The columns of the sheet of facts."""

CONTACT = {
    "name": Text("信息联络员姓名", "Contact's name"),
    "phone": Text("信息联络员电话", "Contact's phone"),
}
"""How the facts of the contact are called, by their keys in a data file."""

COLUMNS = {
    "id": Text("序号", "No."),
    "metric": Text("指标", "Metric"),
    "required": Text("要求", "Required"),
    "value": Text("填写值", "Value"),
    "unit": Text("单位", "Unit"),
    "number": Text("文号", "Document no."),
    "issued_on": Text("成文日期", "Issued on"),
    "evidence": Text("佐证材料", "Evidence"),
    "note": Text("备注", "Note"),
    "result": Text("核查结果", "Verified"),
    "verified": Text("核定值", "Verified value"),
    "by": Text("核查人", "Verified by"),
    "on": Text("核查日期", "Verified on"),
    "opinion": Text("核查意见", "Opinion"),
}
"""The columns of a section's sheet. Those of the years stand behind `value`."""

VERIFICATION = ("result", "verified", "by", "on", "opinion")
"""The columns that an expert fills in."""
DETAILS = ("evidence", "note", *VERIFICATION)
"""The columns that every metric has, behind those of its value."""


def year_name(year: int) -> Text:
    """Return the name of a year's column."""
    return Text(f"{year}年", str(year))
