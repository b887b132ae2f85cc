"""Outside judges of the reports: schemas and a program that others wrote.

What no package of the development extra brings is fetched by `.ci/run`: the SARIF multitool into
the folder that `ETOWN_CHECK_NODE_MODULES` names, the schemas of SARIF and JUnit into the one that
`ETOWN_CHECK_SCHEMAS` names. A judge that is not at hand answers `None`.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from jsonschema import Draft202012Validator
from lxml import etree

ROOT = Path(__file__).parent.parent
DATA = ROOT / "tests" / "data"

# Rules of the multitool that our reports break on purpose.
DISABLED = {
    "SARIF2002.ProvideMessageArguments": "GitHub takes whole sentences only (GH1015)",
    "SARIF2003.ProvideVersionControlProvenance": "data files need not lie in a repository",
    "SARIF2006.UrisShouldBeReachable": "asks the network",
    "SARIF2009.ConsiderConventionalIdentifierValues": "a rule's id is the plan's number",
    "SARIF2010.ProvideCodeSnippets": "the data stays in its file",
    "SARIF2011.ProvideContextRegion": "the data stays in its file",
    "SARIF2013.ProvideEmbeddedFileContent": "the data stays in its file",
}
# The one complaint of SARIF2012 that does not count: rules have Chinese names.
NAMING = "is not a Pascal-case identifier"
CANARY = {"tool": {"driver": {"name": "canary"}}}


def sarif_schema() -> dict[str, Any] | None:
    """Return the SARIF 2.1.0 schema as OASIS published it."""
    path = _schema("sarif-schema-2.1.0.json")
    if not path.exists():
        return None
    schema: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return schema


def multitool_findings(path: Path) -> list[str] | None:
    """Return what the SARIF multitool says of a log, by its own rules and GitHub's.

    It passes a log that it cannot read without a word. So it is given one more run that breaks
    its rules: where it has nothing to say of that, it has not looked at ours either.
    """
    folder = os.environ.get("ETOWN_CHECK_NODE_MODULES", ROOT / "node_modules")
    program = Path(folder, "@microsoft", f"sarif-multitool-{sys.platform}", "Sarif.Multitool")
    if not program.exists():
        return None
    content = json.loads(path.read_text("utf-8"))
    canary = f"runs[{len(content['runs'])}]"
    content["runs"].append(CANARY)
    found = _run_multitool(program, content)
    if not any(canary in line for line in found):
        found.append("MULTITOOL: the rules were not run")
    return [line for line in found if canary not in line and NAMING not in line]


def junit_errors(text: str) -> list[str] | None:
    """Return where a JUnit report departs from the schema that Jenkins takes it by."""
    path = _schema("junit-10.xsd")
    if not path.exists():
        return None
    schema = etree.XMLSchema(etree.parse(path))
    try:
        report = etree.fromstring(text.encode())
    except etree.XMLSyntaxError as error:
        return [str(error)]
    schema.validate(report)
    return [f"line {error.line}: {error.message}" for error in schema.error_log]


def gitlab_errors(text: str) -> list[str]:
    """Return where a Code Quality report departs from what GitLab asks for.

    GitLab takes findings of the same fingerprint for one and the same.
    """
    try:
        report = json.loads(text)
    except json.JSONDecodeError as error:  # a byte order mark is one, for GitLab as for Python
        return [str(error)]
    schema = json.loads((DATA / "gitlab-code-quality.schema.json").read_text("utf-8"))
    errors = [
        f"{error.json_path}: {error.message}"
        for error in Draft202012Validator(schema).iter_errors(report)
    ]
    if errors:
        return errors
    counts = Counter(finding["fingerprint"] for finding in report)
    return [f"fingerprint {it} stands {count} times" for it, count in counts.items() if count > 1]


def _schema(name: str) -> Path:
    return Path(os.environ.get("ETOWN_CHECK_SCHEMAS", DATA), name)


def _run_multitool(program: Path, content: Any) -> list[str]:
    """Run the multitool. Its exit code does not tell what it found; the log it writes does."""
    settings = {f"{rule}.Options": {"RuleEnabled": "Disabled"} for rule in DISABLED}
    with TemporaryDirectory() as folder:
        judged, output, config = (Path(folder, it) for it in ("in.sarif", "out.sarif", "c.json"))
        judged.write_text(json.dumps(content), "utf-8")
        config.write_text(json.dumps(settings), "utf-8")
        # Not by its node wrapper, which hands the semicolons to a shell.
        subprocess.run(
            [
                *(program, "validate", judged, "--output", output, "--config", config, "--quiet"),
                *("--rule-kind", "Sarif;Ghas", "--level", "Error;Warning;Note"),
            ],
            check=True,
            capture_output=True,
            env={**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"},
        )
        run = json.loads(output.read_text("utf-8-sig"))["runs"][0]
    rules = {rule["id"]: rule for rule in run["tool"]["driver"].get("rules", ())}
    return [_line(result, rules) for result in run["results"]]


def _line(result: Any, rules: dict[str, Any]) -> str:
    """Return a result of the multitool as "RULE: message"; its messages stand with the rules."""
    message = result["message"]
    text = rules[result["ruleId"]]["messageStrings"][message["id"]]["text"]
    said = re.sub(r"\{(\d+)\}", lambda it: message["arguments"][int(it[1])], text)
    return f"{result['ruleId']}: {said}"
