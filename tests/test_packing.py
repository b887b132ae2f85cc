"""Files that are zip archives: the same bytes each time, with no other date than theirs."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, date, datetime

import pytest

from etown_check.packing import repack, stamp

CORE = (
    b'<dcterms:created xsi:type="dcterms:W3CDTF">2026-01-02T03:04:05Z</dcterms:created>'
    b'<dcterms:modified xsi:type="dcterms:W3CDTF">2026-01-02T03:04:06Z</dcterms:modified>'
)
DAY = datetime(2023, 12, 31, tzinfo=UTC)


def archive(when: tuple[int, int, int, int, int, int], method: int = zipfile.ZIP_STORED) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as file:
        for name, content in (("b.xml", b"<b/>"), ("docProps/core.xml", CORE), ("a.xml", b"<a/>")):
            file.writestr(zipfile.ZipInfo(name, when), content, method)
    return packed.getvalue()


def test_when_it_was_made_leaves_no_trace() -> None:
    first = archive((2026, 1, 2, 3, 4, 6))
    later = archive((2030, 5, 6, 7, 8, 10), zipfile.ZIP_DEFLATED)
    assert repack(first, DAY) == repack(later, DAY)
    assert repack(repack(first, DAY), DAY) == repack(first, DAY)
    assert repack(first, DAY) != repack(first, datetime(2024, 1, 1, tzinfo=UTC))


def test_what_is_in_it_is_kept() -> None:
    with zipfile.ZipFile(io.BytesIO(repack(archive((2026, 1, 2, 3, 4, 6)), DAY))) as file:
        assert file.namelist() == ["b.xml", "docProps/core.xml", "a.xml"]
        assert file.read("b.xml") == b"<b/>"
        core = file.read("docProps/core.xml").decode()
        assert {entry.date_time for entry in file.infolist()} == {(2023, 12, 31, 0, 0, 0)}
    assert core.count("2023-12-31T00:00:00Z") == 2
    assert "2026" not in core


def test_before_archives_had_dates() -> None:
    packed = repack(archive((2026, 1, 2, 3, 4, 6)), datetime(1970, 1, 1, tzinfo=UTC))
    with zipfile.ZipFile(io.BytesIO(packed)) as file:
        assert {entry.date_time for entry in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"1970-01-01T00:00:00Z" in file.read("docProps/core.xml")


@pytest.mark.parametrize(
    ("given", "moment"),
    [
        (None, DAY),
        ("", DAY),
        ("86400", datetime(1970, 1, 2, tzinfo=UTC)),
        ("-1", DAY),
        ("yesterday", DAY),
        ("9" * 30, DAY),
        ("１２", DAY),
    ],
)
def test_the_moment(monkeypatch: pytest.MonkeyPatch, given: str | None, moment: datetime) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    if given is not None:
        monkeypatch.setenv("SOURCE_DATE_EPOCH", given)
    assert stamp(date(2023, 12, 31)) == moment
