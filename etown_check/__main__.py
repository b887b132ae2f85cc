"""The command `etown-check`, also as `python -m etown_check`."""

import gc
import os
import sys


def main() -> int:
    """Run the command with the arguments of this process and return its exit code."""
    # Records of many files are made and kept, and hardly any of them in a circle: to look for
    # circles as often as Python does by itself would take a quarter of the time.
    gc.set_threshold(100_000, 20, 50)
    try:
        from etown_check.cli import run

        code = run(sys.argv[1:])
    except ImportError as error:
        # PyYAML built without its C parser, above all; its own message says which part lacks.
        name = error.name or "?"
        sys.stderr.write(
            f"安装不完整，缺少 {name}，请重新安装。Incomplete installation: {name} is lacking; install again.\n"
        )
        return 70
    except KeyboardInterrupt:  # before anything had begun
        return 130
    _leave(code)
    return code


def _leave(code: int) -> None:
    """End the process at once, unless something is to be done at its end.

    To take apart all that it made would take longer than to judge a file.
    """
    gc.freeze()  # what is left to Python need not be looked through for circles, either
    # Whoever looks for faults, or for what takes time, may have run this within another program.
    if os.environ.get("ETOWN_CHECK_DEBUG") or not sys.modules.keys().isdisjoint(_HEED_THE_END):
        return
    try:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
    except (OSError, ValueError):  # which Python tells in its own way
        return
    os._exit(code)


_HEED_THE_END = ("atexit", "threading")
"""Without these modules nothing can have asked to be called at the end, or still be under way."""


if __name__ == "__main__":
    sys.exit(main())
