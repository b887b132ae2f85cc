"""Documents for people: checklists to carry to the site, reports to look at, acceptance reports.

What stands in one is decided once, in the modules named for them (`checklist`, `overview`,
`acceptance`), as the blocks of `model`. A format is a module with a function `render` and one
line in `FORMATS`; it lays out any blocks and knows nothing of what they say.
"""

from collections.abc import Callable
from importlib import import_module

from etown_check.documents.model import Document

Renderer = Callable[[Document], bytes]

FORMATS = {
    "docx": "docx",
    "pdf": "pdf",
    "html": "html",
    "markdown": "markdown",
}
"""The formats by name, and the module that lays each of them out."""

ENDINGS = {"docx": ".docx", "pdf": ".pdf", "html": ".html", "markdown": ".md", "xlsx": ".xlsx"}
"""How files of each format end."""


def renderer(format: str) -> Renderer:
    """Return the function that lays a document out in `format`."""
    module = import_module(f"{__name__}.{FORMATS[format]}")
    render: Renderer = module.render
    return render
