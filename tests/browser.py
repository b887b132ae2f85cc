"""A real browser for the pages that we write, and axe-core, which judges whether all can use them.

Both are used where they are at hand: Chromium by playwright, axe-core as installed by npm into the
folder that `ETOWN_CHECK_NODE_MODULES` names.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).parent.parent
AXE = Path(
    os.environ.get("ETOWN_CHECK_NODE_MODULES", ROOT / "node_modules"), "axe-core", "axe.min.js"
)
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), "")  # fmt: skip

_LACKING = [
    name
    for name, is_there in (
        ("playwright", importlib.util.find_spec("playwright") is not None),
        ("Chromium", bool(CHROMIUM)),
        ("axe-core", AXE.exists()),
    )
    if not is_there
]

needs_browser = [
    pytest.mark.browser,
    pytest.mark.skipif(bool(_LACKING), reason=f"not on this machine: {', '.join(_LACKING)}"),
]
"""Marks a test that opens a page in a browser."""

# The browser must not ask the network for anything of its own accord.
_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


class Screen(NamedTuple):
    """What a page is seen on; a screen with `touch` is a phone or a tablet."""

    width: int
    scheme: str = "light"
    touch: bool = False


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Yield a browser that is closed behind the last test of a module."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as program:
        started = program.chromium.launch(executable_path=CHROMIUM, args=[*_ARGUMENTS])
        yield started
        started.close()


@contextmanager
def opened(browser: Browser, path: Path, screen: Screen, *, script: bool = True) -> Iterator[Page]:
    """Yield the page at `path`, and see that it says, asks for and throws up nothing unbidden."""
    context = browser.new_context(
        viewport={"width": screen.width, "height": 900},
        color_scheme="dark" if screen.scheme == "dark" else "light",
        has_touch=screen.touch,
        is_mobile=screen.touch,
        java_script_enabled=script,
        locale="zh-CN",
    )
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: said.append(request.url))
    page.goto(path.as_uri())
    yield page
    context.close()
    assert set(said) <= {path.as_uri()}


def faults(page: Page, *rules: str) -> list[str]:
    """Return what axe-core finds wrong with a page, "rule: markup" each; of `rules` if given."""
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    if rules:
        options["runOnly"] = {"type": "rule", "values": list(rules)}
    # Past the page's security policy, by the debugger's door.
    page.evaluate(AXE.read_text("utf-8"))
    result = page.evaluate("options => axe.run(document, options)", options)
    assert rules or len(result["passes"]) > 10, "axe-core looked at hardly anything"
    return [
        f"{found['id']}: {node['html']}"
        for found in result["violations"]
        for node in found["nodes"]
    ]
