"""A data repository to try things on: the shipped example in a git repository of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.conftest import EXAMPLES

if TYPE_CHECKING:
    from pathlib import Path

HUAIREN = "data/怀仁市/陶瓷e镇.yaml"
SHANYIN = "data/山阴县/古城乡村e镇.yaml"
YINGXIAN = "data/应县/木塔鲜生乡村e镇.yaml"
YOUYU = "data/右玉县/西口e镇.yaml"
TODAY = "2025-06-30"
"""A day on which one waiver of the example is in force and the other has expired."""

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


def git(folder: Path, *args: str) -> str:
    """Run git in `folder` and return what it prints."""
    env = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    who = ["-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"]
    done = subprocess.run(
        ["git", *who, *args], cwd=folder, env=env, capture_output=True, text=True, check=True
    )
    return done.stdout


def data_repository(folder: Path) -> Path:
    """Copy the example to a new folder below `folder`."""
    place = folder / "数据仓库"
    shutil.copytree(EXAMPLES / "data-repo", place)
    return place


def committed(place: Path, message: str = "state") -> Path:
    """Commit all that is in `place`, which becomes a repository if it is none."""
    if not (place / ".git").exists():
        git(place, "init", "-q", "-b", "main")
    git(place, "add", "-A")
    git(place, "commit", "-q", "--allow-empty", "-m", message)
    return place


def change(path: Path, old: str, new: str) -> None:
    """Replace `old`, which must be there, in the file at `path`."""
    text = path.read_text("utf-8")
    assert old in text, old
    path.write_text(text.replace(old, new, 1), "utf-8")
