"""Files that are zip archives (xlsx, docx), made the same each time from the same content."""

import io
import os
import re
import zipfile
from datetime import UTC, date, datetime

VARIABLE = "SOURCE_DATE_EPOCH"
"""The variable by which a build sets the date of all that it makes, in seconds since 1970."""

_STAMPS = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:)")


def stamp(day: date) -> datetime:
    """Return the moment that stands in a file made for `day`: midnight UTC, or the variable's."""
    given = os.environ.get(VARIABLE, "")
    if given.isascii() and given.isdecimal():
        try:
            return datetime.fromtimestamp(int(given), UTC)
        except (OverflowError, OSError, ValueError):
            pass  # beyond what a date can say
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def repack(content: bytes, moment: datetime) -> bytes:
    """Return the zip archive `content` with `moment` as the only time in it.

    Entries keep their order. Libraries write the present time into each entry and into
    docProps/core.xml, so that no two runs give the same bytes.
    """
    packed = io.BytesIO()
    # The time of an entry is in steps of two seconds, and none is before 1980.
    when = max(moment, datetime(1980, 1, 1, tzinfo=UTC)).timetuple()[:6]
    written = moment.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(packed, "w") as after:
        for entry in before.infolist():
            part = before.read(entry)
            if entry.filename == "docProps/core.xml":
                part = _STAMPS.sub(rb"\g<1>" + written + rb"\g<3>", part)
            whole = zipfile.ZipInfo(entry.filename, when)
            whole.compress_type = zipfile.ZIP_DEFLATED
            whole.create_system = 0  # on Windows it would be another than here
            after.writestr(whole, part)
    return packed.getvalue()
