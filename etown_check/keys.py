"""The keys of a data file: their English names, which the code uses, and their Chinese ones."""

FILE_KEYS = {
    "standard": "标准",
    "county": "县",
    "town": "乡村e镇",
    "as_of": "数据截止日期",
    "acceptance_year": "验收年度",
    "demonstration_county": "综合示范县",
    "contact": "信息联络员",
    "fund_ledger": "资金台账",
    "reference": "参考数据",
    "metrics": "指标",
}
REQUIRED_KEYS = ("standard", "county", "town", "as_of")
CONTACT_KEYS = {"name": "姓名", "phone": "电话"}
DETAIL_KEYS = {"value": "值", "evidence": "佐证", "note": "备注", "verified": "核查"}
DOCUMENT_KEYS = {"title": "名称", "number": "文号", "date": "日期", "file": "文件"}
WAIVER_FILE_KEYS = {"waivers": "豁免"}
WAIVER_KEYS = {
    "item": "项目",
    "town": "乡村e镇",
    "reason": "理由",
    "approver": "批准人",
    "document": "文号",
    "approved_on": "批准日期",
    "expires_on": "到期日期",
}
VERIFIED_KEYS = {
    "result": "结果",
    "value": "核定值",
    "by": "核查人",
    "date": "日期",
    "opinion": "意见",
}
