"""What an office program makes of the files that we write: LibreOffice, and the tools of poppler."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING, Any, TypeVar

import pytest
import typst

from etown_check.documents.pdf import FAMILIES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Test = TypeVar("Test", bound="Callable[..., Any] | type")

PROGRAMS = ("soffice", "pdftotext", "pdfinfo", "pdftoppm")

_LACKING = [name for name in PROGRAMS if shutil.which(name) is None]

_skips = pytest.mark.skipif(bool(_LACKING), reason=f"not on this machine: {', '.join(_LACKING)}")


def needs_office(test: Test) -> Test:
    """Mark a test that opens a file with an office program; without one it is skipped."""
    marked: Test = pytest.mark.office(_skips(test))
    return marked


needs_chinese_font = pytest.mark.skipif(
    not {*FAMILIES["heading"], *FAMILIES["body"]} & set(typst.Fonts().families()),
    reason="no Chinese font on this machine",
)
"""For tests that set pages in Chinese, which no PDF can do without a font for it."""


def to_pdf(path: Path, folder: Path) -> Path:
    """Return the PDF that LibreOffice makes of the document at `path`, in `folder`."""
    _convert(path, folder, "pdf")
    pdf = folder / f"{path.stem}.pdf"
    assert pdf.exists(), f"LibreOffice did not open {path}"
    return pdf


def text_of(pdf: Path) -> str:
    """Return the text of a PDF, laid out as on its pages, each of which ends with a form feed."""
    return _run("pdftotext", "-layout", str(pdf), "-")


def stream_of(pdf: Path) -> list[str]:
    """Return the text of each page of a PDF in the order in which it was drawn, without white space.

    The lines of a cell follow each other there, whatever stands beside them on the page.
    """
    pages = _run("pdftotext", "-raw", str(pdf), "-").split("\f")[:-1]
    return ["".join(page.split()) for page in pages]


def pages_of(pdf: Path) -> int:
    """Return how many pages a PDF has."""
    lines = _run("pdfinfo", str(pdf)).splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pages:"))


def pictures_of(pdf: Path, folder: Path, dots: int = 70) -> list[Path]:
    """Return a PNG of each page of a PDF, in their order, with `dots` to the inch."""
    folder.mkdir(parents=True, exist_ok=True)
    _run("pdftoppm", "-png", "-r", str(dots), str(pdf), str(folder / pdf.stem))
    return sorted(folder.glob(f"{pdf.stem}-*.png"))


def tables_of(path: Path, folder: Path) -> dict[str, str]:
    """Return the sheets of a workbook as LibreOffice reads them: CSV by the sheet's name."""
    # Commas, double quotes, UTF-8, from line 1, cells as they are shown, every sheet (-1).
    options = "44,34,76,1,,0,false,true,false,false,false,-1"
    _convert(path, folder, f"csv:Text - txt - csv (StarCalc):{options}")
    tables = sorted(folder.glob(f"{path.stem}-*.csv"))
    assert tables, f"LibreOffice did not open {path}"
    return {it.stem.removeprefix(f"{path.stem}-"): it.read_text("utf-8") for it in tables}


def _convert(path: Path, folder: Path, kind: str) -> None:
    """Convert `path` into `folder` by LibreOffice.

    It gets a profile of its own there: runs that share one wait for each other, or fail.
    """
    folder.mkdir(parents=True, exist_ok=True)
    profile = f"-env:UserInstallation={(folder / 'profile').resolve().as_uri()}"
    _run(
        *("soffice", profile, "--headless", "--norestore"),
        *("--convert-to", kind, "--outdir", str(folder), str(path)),
    )


def _run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    return done.stdout.decode()
