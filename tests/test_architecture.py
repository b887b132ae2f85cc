"""The import arrows, and what the hot path must not import."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT, alone

PACKAGE = ROOT / "etown_check"

GROUND = {
    "kinds",
    "text",
    "quantities",
    "numerals",
    "words",
    "problems",
    "limits",
    "keys",
    "endings",
}
STANDARD = GROUND | {"standard", "howto"}
SUBMISSION = STANDARD | {"ledger", "submission"}
REPORT = SUBMISSION | {"report"}
JUDGING = REPORT | {"memory", "constraints", "months", "outcomes", "spending"}
ENGINE = JUDGING | {"doubts", "engine", "judging", "recalling"}
READING = {
    "surroundings",
    "decoding",
    "mending",
    "plain_yaml",
    "prescan",
    "rereading",
    "tree",
    "yamltree",
    "evidence",
    "cells",
    "month_files",
}
LOADING = SUBMISSION | READING | {"loading", "declarations", "fields", "metric_values"}
# A data file's text, put together and taken apart.
WRITING = {"asking", "data_file", "declared", "editing", "updating", "yaml_text"}
RUNNING = {
    "",
    "checking",
    "comparing",
    "config",
    "gathering",
    "git",
    "files",
    "output",
    "report_file",
    "reporters",
    "settings",
    "store",
    "usage",
    "waivers",
}

EVERYWHERE = {"records"}

# Who may import whom: each module, or package, and all that it may reach for.
ALLOWED = {
    "patterns": set(),
    "records": set(),
    "text": {"patterns"},
    "limits": set(),
    "endings": set(),
    "cells": {"patterns", "keys"},
    "packing": set(),
    "scratch": set(),
    "keys": set(),
    "traditional": set(),
    "evidence": {"patterns"},
    "numerals": {"patterns"},
    "quantities": {"patterns", "limits", "numerals", "text"},
    "words": {"quantities"},
    "kinds": {"words"},
    "problems": {"endings", "kinds", "limits", "traditional", "words"},
    "decoding": {"patterns", "problems"},
    "mending": {"patterns", "problems", "text", "words"},
    "prescan": {"keys", "limits", "memory", "mending", "patterns", "problems", "text"},
    "standard": {"quantities", "text", "words"},
    "howto": {"keys", "standard"},
    "ledger": {"problems", "quantities"},
    "submission": {"ledger", "problems", "quantities", "standard"},
    "report": {"ledger", "problems", "standard", "submission", "words"},
    "months": {"words"},
    "outcomes": SUBMISSION,
    "spending": REPORT | {"outcomes"},
    "digests": set(),
    "memory": set(),
    "surroundings": {"evidence", "month_files"},
    "tree": {"problems"},
    "plain_yaml": {"limits", "memory", "patterns", "tree"},
    "rereading": {"decoding", "memory", "plain_yaml", "prescan", "tree"},
    "parsing": {"patterns", "decoding", "limits", "problems", "tree", "words"},
    "yamltree": {"patterns", "decoding", "endings", "limits", "parsing", "plain_yaml", "problems", "text", "tree", "words"},
    "xlsx": {"endings", "limits", "scratch", "text", "words"},
    "ledgers": STANDARD | {"decoding", "ledger", "scratch", "xlsx", "yamltree"},
    "fields": {"patterns", "limits", "problems", "text", "tree", "words", "yamltree"},
    "metric_values": LOADING - {"loading", "declarations", "metric_values"} | {"ledgers", "patterns"},
    "declarations": LOADING - {"loading", "declarations"} | {"memory", "patterns"},
    "month_files": {"patterns", "endings", "text"},
    "loading": LOADING - {"loading"} | {"digests", "memory", "months", "workbooks"},
    "constraints": JUDGING - {"constraints"},
    "doubts": JUDGING,
    "judging": JUDGING - {"memory"} | {"doubts"},
    "recalling": JUDGING | {"doubts", "judging"},
    "engine": ENGINE - {"engine"},
    "comparing": GROUND | {"report", "standard"},
    "reporters": GROUND | {"", "comparing", "explain", "ledger", "memory", "output", "report", "reporters", "spending", "standard"},
    "report_file": GROUND | {"comparing", "report", "reporters"},
    "authoring": STANDARD | {"decoding", "tree", "yamltree", "authoring"},
    "store": GROUND | {"", "digests", "files", "standard", "yamltree", "authoring"},
    "output": {"scratch", "text"},
    "files": {"output"},
    "asking": {"constraints", "standard", "words"},
    "template": LOADING | {"asking", "constraints"},
    "yaml_text": {"text"},
    "declared": SUBMISSION | {"metric_values", "yaml_text"},
    "editing": {"text", "tree", "yaml_text"},
    "updating": LOADING | WRITING - {"data_file", "updating"},
    "data_file": LOADING | WRITING - {"data_file"},
    "workbooks": SUBMISSION | READING | {"asking", "documents", "metric_values", "packing", "report", "reporters", "usage", "xlsx"},
    "documents": ENGINE | {"months", "packing", "reporters", "usage"},
    "schema": LOADING | {"constraints"},
    "explain": STANDARD | {"constraints"},
    "mistakes": GROUND | {"authoring", "config", "explain", "ledgers", "running", "settings", "store", "workbooks"},
    "globs": set(),
    "git": {"endings", "limits", "text", "usage", "words"},
    "config": GROUND | {"decoding", "patterns", "standard", "submission", "usage", "yamltree"},
    "settings": GROUND | {"config", "standard", "submission"},
    "gathering": {"config", "endings", "globs", "settings", "yamltree"},
    "changes": {"config", "endings", "loading", "month_files", "settings"},
    "checking": ENGINE | LOADING | {"", "changes", "config", "gathering", "settings", "store", "usage", "waivers", "workbooks"},
    "spreading": set(),
    "cluster": {"", "spreading", "text", "usage", "words"},
    "result_cache": {"", "digests", "surroundings"},
    "cached_checks": {"checking", "digests", "gathering", "loading", "problems", "rendering", "report", "result_cache", "surroundings", "yamltree"},
    "rendering": {"checking", "problems", "report", "reporters", "result_cache"},
    "trays": {"rendering", "scratch"},
    "bulk": {"cached_checks", "checking", "cluster", "gathering", "output", "rendering", "result_cache", "running", "scratch", "spreading", "trays", "yamltree"},
    "waivers": ENGINE | LOADING,
    "usage": GROUND,
    "running": ENGINE | LOADING | RUNNING,
    "many": {"", "checking", "loading", "problems", "report", "reporters", "settings", "spreading", "submission", "usage", "words", "yamltree"},
    "validation": GROUND | {"bulk", "files", "output", "rendering", "report", "reporters", "running", "settings", "usage"},
    "differences": GROUND | {"comparing", "git", "report_file", "running", "settings", "usage"},
    "paperwork": GROUND | {"checking", "documents", "files", "output", "report", "running", "settings", "standard", "usage", "validation", "workbooks"},
    "converting": LOADING | RUNNING | WRITING | {"running", "workbooks"},
    "verifying": ENGINE | LOADING | RUNNING | WRITING | {"converting", "running", "workbooks"},
    "ledger_check": ENGINE | {"", "ledgers", "usage"},
    "cli": ENGINE | LOADING | RUNNING | {"running", "validation", "cli", "ledger_check", "authoring", "template", "schema", "explain", "mistakes", "differences", "paperwork", "converting", "verifying", "workbooks"},
    "__main__": {"cli"},
    "": {"engine", "loading", "many", "problems", "report", "standard", "store", "submission"},
}  # fmt: skip


def owner(module: str) -> str:
    """Return the part of the package that a dotted module belongs to."""
    parts = module.split(".")[1:]
    return parts[0] if parts else ""


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            # `from etown_check import words` imports a module; `from etown_check import
            # __version__` imports the package itself.
            if node.module == "etown_check":
                known = {it.stem for it in PACKAGE.iterdir()}
                found |= {it if it.split(".")[1] in known else "etown_check" for it in names}
            else:
                found.add(node.module)
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return {owner(name) for name in found if name.split(".")[0] == "etown_check"}


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: path.name)
def test_imports_run_one_way(path: Path) -> None:
    relative = path.relative_to(PACKAGE).with_suffix("")
    name = "" if relative.parts == ("__init__",) else relative.parts[0]
    assert imports(path) - {name} <= ALLOWED[name] | EVERYWHERE | ({""} if name == "cli" else set())


def test_no_circle() -> None:
    reach = {name: set(targets) - {name, ""} for name, targets in ALLOWED.items() if name}
    modules = {
        name: {it for it in _actual(name) if it and it != name} & set(reach) for name in reach
    }
    while modules:
        leaves = {name for name, targets in modules.items() if not targets}
        assert leaves, f"imports in a circle among {sorted(modules)}"
        modules = {
            name: targets - leaves for name, targets in modules.items() if name not in leaves
        }


def _actual(name: str) -> set[str]:
    path = PACKAGE / f"{name}.py"
    files = [path] if path.exists() else list((PACKAGE / name).rglob("*.py"))
    return {target for file in files for target in imports(file)}


HEAVY = (
    "pydantic",
    "typer",
    "rich",
    "jinja2",
    "openpyxl",
    "docx",
    "importlib.metadata",
    "dataclasses",
    "inspect",
    "yaml",
    "concurrent",
    "multiprocessing",
)
ONLY_FOR_LEDGERS = ("json", "csv", "tempfile")


@pytest.mark.parametrize("format", ["json", "plain"])
@pytest.mark.parametrize("has_ledger", [True, False])
def test_hot_path_imports_nothing_heavy(tmp_path: Path, format: str, has_ledger: bool) -> None:
    path = ROOT / "examples" / "huairen.yaml"
    names: tuple[str, ...] = HEAVY
    if not has_ledger:
        path = tmp_path / "huairen.yaml"
        path.write_text(alone("huairen"), "utf-8")
        names += ONLY_FOR_LEDGERS
    code = f"""
import sys
from etown_check.settings import Options
from etown_check.validation import validate
options = Options(paths=({str(path)!r},), format={format!r})
validate(options)
validate(options)
print([name for name in {names!r} if name in sys.modules], file=sys.stderr)
"""
    # The first run may compile the standard, with pydantic; the second finds it compiled.
    # Measuring coverage imports such modules itself.
    env = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env=env,
            capture_output=True,
            text=True,
            check=True,
        )
    assert done.stderr.splitlines()[-1] == "[]"


def test_importing_the_library_is_cheap() -> None:
    code = "import sys, etown_check; print([it for it in sys.modules if it.startswith('etown_check.')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_library_is_what_the_readme_says() -> None:
    import etown_check

    for name in etown_check.__all__:
        assert getattr(etown_check, name) is not None
    with pytest.raises(AttributeError):
        _ = etown_check.nonsense


def test_the_engine_reads_no_files_and_no_clock() -> None:
    for name in ("engine", "recalling", "judging", "constraints", "doubts"):
        tree = ast.parse((PACKAGE / f"{name}.py").read_text("utf-8"))
        names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        calls = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        assert not names & {"open", "print", "os", "sys", "time", "float"}
        assert not calls & {"today", "now", "read_text"}


def test_no_quantity_is_ever_a_float() -> None:
    for name in (
        "quantities",
        "constraints",
        "doubts",
        "judging",
        "recalling",
        "engine",
        "loading",
        "declarations",
        "metric_values",
        "standard",
    ):
        tree = ast.parse((PACKAGE / f"{name}.py").read_text("utf-8"))
        floats = [
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, float)
        ]
        assert floats == []
