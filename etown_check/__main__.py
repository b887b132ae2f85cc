"""The command `etown-check`, also as `python -m etown_check`."""

import gc
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
    # The process ends: to look through all that it made for circles would take as long as to
    # judge a file.
    gc.freeze()
    return code


if __name__ == "__main__":
    sys.exit(main())
