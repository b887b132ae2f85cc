"""Time `validate` as whole processes, beside the start of Python and beside other validators.

Usage: python benchmarks/validate.py [--rounds N] [--peers]

One file, as multiples of `python -c pass`: a town's file of some 170 lines, most of which passes,
and a shipped example with its ledger. `--peers` sets up yamale, check-jsonschema and jsonschema-rs
in a virtual environment of their own, and ajv-cli where there is npm, which needs the package
registries, and lets them check the same file by our schema or a simpler one. For many files see
bulk.py.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from timing import CODES, COMMAND, START, Run, in_turn
from towns import EXAMPLE, write

from etown_check.usage import USAGE

ROOT = Path(__file__).parent.parent
SCHEMA = ROOT / "examples" / "schema.zh.json"
ROUNDS = 9
PEERS = ("check-jsonschema", "jsonschema-rs", "yamale", "pyyaml")
RS = """
import json, sys
from jsonschema_rs import validator_for
from yaml import CBaseLoader, load
with open(sys.argv[1], encoding="utf-8") as schema, open(sys.argv[2], "rb") as data:
    list(validator_for(json.load(schema)).iter_errors(load(data, CBaseLoader)))
"""
YAMALE = """\
标准: str()
县: str()
乡村e镇: str()
数据截止日期: any()
验收年度: int()
综合示范县: any()
信息联络员: map()
资金台账: str()
参考数据: map()
指标: map(any(), key=str())
"""


def cold(folder: Path) -> dict[str, Sequence[str]]:
    """Return what is timed on one file, which is written to `folder`."""
    write(1, folder)
    (path,) = folder.rglob("*.yaml")
    town, example = str(path), str(EXAMPLE)
    return {
        "validate, json": (COMMAND, "validate", town, "--format", "json"),
        "validate, plain": (COMMAND, "validate", town, "--format", "plain"),
        "validate, json, with a ledger": (COMMAND, "validate", example, "--format", "json"),
        "validate, terminal": (COMMAND, "validate", town, "--format", "terminal"),
        "--help": (COMMAND, "--help"),
        "a usage error": (COMMAND, "validate", town, "--nonsense"),
    }


def peers(folder: Path) -> dict[str, Sequence[str]]:
    """Set up other validators in `folder` and return how they check the same file."""
    home = folder / "venv"
    subprocess.run([sys.executable, "-m", "venv", home], check=True)
    scripts = home / ("Scripts" if sys.platform == "win32" else "bin")
    python = str(scripts / "python")
    subprocess.run([python, "-m", "pip", "install", "--quiet", *PEERS], check=True)
    subprocess.run([python, "-m", "compileall", "-q", home], check=False, capture_output=True)
    others: dict[str, Sequence[str]] = {}
    npm = shutil.which("npm")
    if npm is not None:
        node = folder / "node"
        install = (npm, "install", "--silent", "--prefix", str(node), "ajv-cli")
        subprocess.run(install, check=True)
        ajv = str(node / "node_modules" / ".bin" / "ajv")
        how = ("--spec=draft2020", "--strict=false", "-s", str(SCHEMA), "-d", str(EXAMPLE))
        others = {"node, nothing": ("node", "-e", "0"), "ajv-cli": (ajv, "validate", *how)}
    simple = folder / "yamale.yaml"
    simple.write_text(YAMALE, "utf-8")
    schema, data = str(SCHEMA), str(EXAMPLE)
    return {
        "jsonschema-rs, a loader": (python, "-c", RS, schema, data),
        "yamale": (str(scripts / "yamale"), "--schema", str(simple), data),
        "check-jsonschema": (str(scripts / "check-jsonschema"), "--schemafile", schema, data),
        **others,
    }


def show(taken: Mapping[str, Run]) -> None:
    """Print what processes took, as multiples of the first one."""
    start = next(iter(taken.values())).seconds
    print(f"{'one file':30} {'seconds':>8} {'× start':>8} {'MiB':>6}")
    for name, (seconds, memory) in taken.items():
        print(f"{name:30} {seconds:8.3f} {seconds / start:8.1f} {memory:6.1f}")


def main() -> None:
    """Time everything, and print it."""
    parser = argparse.ArgumentParser(description="Time `etown-check validate`.")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--peers", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        commands = cold(Path(home) / "towns") | (peers(Path(home)) if asked.peers else {})
        show(in_turn({"python -c pass": START, **commands}, asked.rounds, codes=(*CODES, USAGE)))


if __name__ == "__main__":
    main()
