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

# Python would cut its own compiled code short, too, and find it so the next time.
_LIMITED = """
import os, resource, sys
os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), int(sys.argv[1])))
os.execv(sys.argv[2], sys.argv[2:])
"""


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
    done = subprocess.run(
        [COMMAND, *map(str, args)],
        cwd=cwd,
        input=stdin,
        capture_output=True,
        env=environment(cwd, **env),
        timeout=60,
        check=False,
    )
    out, err = done.stdout.decode(encoding), done.stderr.decode(encoding)
    assert "Traceback" not in err, err
    return Ran(done.returncode, out, err)


def environment(home: Path = ROOT, **env: str) -> dict[str, str]:
    """Return a clean environment with `env` added."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name in ("PATH", "XDG_CACHE_HOME", "SYSTEMROOT", "TEMP", "LOCALAPPDATA")
        or name.startswith(("COVERAGE", "COV_CORE"))
    }
    return {**kept, "HOME": str(home), "PYTHONUTF8": "1", **env}


def start(
    *args: str | Path, cwd: Path = ROOT, largest_file: int | None = None, **env: str
) -> subprocess.Popen[bytes]:
    """Start the command and return its process, with pipes for its three streams.

    Writing more than `largest_file` bytes to a file fails, as on a disk that is full. Coverage is
    not measured: that too would write to the disk, and it holds a lock at times, which a signal
    that comes just then leaves closed for good.
    """
    around = {
        name: value for name, value in environment(cwd, **env).items() if not name.startswith("COV")
    }
    command = [COMMAND, *map(str, args)]
    if largest_file is not None:
        command = [sys.executable, "-c", _LIMITED, str(largest_file), *command]
    return subprocess.Popen(
        command,
        cwd=cwd,
        env=around,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def end(process: subprocess.Popen[bytes], stdin: bytes = b"") -> Ran:
    """Wait for a process that was started, and return what it said."""
    try:
        out, err = (said.decode() for said in process.communicate(stdin, timeout=60))
    finally:
        process.kill()
    assert "Traceback" not in err, err
    return Ran(process.returncode, out, err)


def interrupting(folder: Path, call: str, number: int) -> Path:
    """Return a folder for PYTHONPATH with which a process sends itself a signal.

    It comes once a file that is being written is in place: before its content is there (`call` is
    "write"), or when it is about to be renamed ("replace", "link").
    """
    place = folder / "patch"
    place.mkdir()
    lines = [
        "import os",
        "def interrupt(*_, **__): os.kill(os.getpid(), {number})",
        "def opening(*args, real=os.open, **kwargs):",
        "    handle = real(*args, **kwargs)",
        "    if str(args[0]).endswith('.part'): interrupt()",
        "    return handle",
        "os.open = opening" if call == "write" else f"os.{call} = interrupt",
    ]
    (place / "sitecustomize.py").write_text("\n".join(lines).format(number=int(number)), "utf-8")
    return place


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
