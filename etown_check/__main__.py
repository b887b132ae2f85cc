"""The command `etown-check`, also as `python -m etown_check`."""

import sys


def main() -> int:
    """Run the command with the arguments of this process and return its exit code."""
    from etown_check.cli import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
