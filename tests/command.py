"""Running the installed command as a user would, in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any, NamedTuple

from tests.conftest import ROOT

COMMAND = str(Path(sysconfig.get_path("scripts")) / "etown-check")


class Ran(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def run(
    *args: str | Path,
    cwd: Path = ROOT,
    stdin: bytes = b"",
    encoding: str = "utf-8",
    **env: str,
) -> Ran:
    """Run `etown-check` with `args`; `env` is added to a clean environment."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name in ("PATH", "XDG_CACHE_HOME", "SYSTEMROOT", "TEMP", "LOCALAPPDATA")
        or name.startswith(("COVERAGE", "COV_CORE"))
    }
    done = subprocess.run(
        [COMMAND, *map(str, args)],
        cwd=cwd,
        input=stdin,
        capture_output=True,
        env={**kept, "HOME": str(cwd), "PYTHONUTF8": "1", **env},
        timeout=60,
        check=False,
    )
    out, err = done.stdout.decode(encoding), done.stderr.decode(encoding)
    assert "Traceback" not in err, err
    return Ran(done.returncode, out, err)


def in_terminal(*args: str | Path, columns: int = 80, **env: str) -> str:
    """Run the command on a pseudo-terminal of `columns` and return what it shows."""
    import fcntl
    import pty
    import struct
    import termios

    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "XDG_CACHE_HOME")}
    process = subprocess.Popen(
        [COMMAND, *map(str, args)],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=follower,
        stderr=subprocess.PIPE,
        env={**kept, "HOME": str(ROOT), "PYTHONUTF8": "1", "TERM": "xterm-256color", **env},
    )
    os.close(follower)
    shown = b""
    while True:
        try:
            chunk = os.read(leader, 65536)
        except OSError:  # the other end is closed
            break
        if not chunk:
            break
        shown += chunk
    assert process.stderr is not None
    error = process.stderr.read().decode()
    process.stderr.close()
    process.wait(timeout=60)
    os.close(leader)
    assert "Traceback" not in error, error
    return shown.decode().replace("\r\n", "\n")


if __name__ == "__main__":
    sys.exit("the tests import this module")
