"""How files are told what they are: by how their names end, and by how they begin."""

YAML_ENDINGS = (".yaml", ".yml")
WORKBOOK_ENDINGS = (".xlsx", ".xlsm")
DATA_ENDINGS = YAML_ENDINGS + WORKBOOK_ENDINGS
"""Of files that may be data files, where one looks for them in folders."""

OFFICE_LOCK = "~$"
"""How the names of the files begin that Excel keeps beside those that are open."""

OTHER_ENDINGS = (".xls", ".et", ".xlsb", ".ods", ".csv", ".doc", ".docx", ".wps")
"""Of files that are named by mistake where the workbook beside them was meant."""

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
"""The first bytes of what Excel, WPS and their like write: a zip archive, or older files."""


def is_workbook(path: str) -> bool:
    """Tell by its name whether `path` is a workbook."""
    return path.lower().endswith(WORKBOOK_ENDINGS)
