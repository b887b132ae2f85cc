"""The commands `standards list`, `standards show` and `standards verify`."""

import json
import sys
from typing import Annotated

import typer

from etown_check.authoring import verify as verifying
from etown_check.cli import framework
from etown_check.cli.options import FILE, Shared, argument, choice, option, pick
from etown_check.constraints import requirement
from etown_check.decoding import decode
from etown_check.output import write_stream
from etown_check.standard import Standard
from etown_check.store import (
    compile_fresh,
    find_standard,
    list_standards,
    load_standard,
    source_digest,
)
from etown_check.usage import FAILED, OK
from etown_check.words import Text, render
from etown_check.yamltree import read_bytes

_PROVED = Text(
    "核对 {quotes} 处引文、{amounts} 个数值、{items} 个序号与属性：",
    "{quotes} quotes, {amounts} amounts, {items} numbers and marks: ",
)
_ALL_AGREE = Text("全部与原文一致。", "all agree with the source.")
_DISAGREE = Text("{number} 处不一致。", "{number} disagree.")
_SHA256 = Text("标准文件摘要", "sha256")


def add_to(app: typer.Typer, shared: Shared) -> None:
    """Add the group of commands to `app`."""
    lang = shared.default
    id_argument = argument(
        Text("编号", "ID"),
        Text("标准的编号、文件或文件夹。", "The standard's id, file or folder."),
        lang,
    )
    source_option = option(
        ["--source"],
        Text("方案原文（UTF-8 文本）。", "The plan's text (UTF-8)."),
        lang,
        FILE,
    )
    formats = choice(["--format", "-f"], ("plain", "json"), Text("格式。", "Format."), lang)
    group = typer.Typer(
        cls=framework.Group,
        help=pick("列出、显示、核对标准。", "List, show and verify standards.", lang),
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    app.add_typer(group, name="standards")

    @group.callback()
    def root(lang: Annotated[str, shared.lang] = lang) -> None:
        """Take what stands before the command's name."""

    @group.command(
        "list",
        cls=framework.Command,
        help=pick("列出随本工具提供的标准。", "List the standards that come with the tool.", lang),
    )
    def list_all(lang: Annotated[str, shared.lang] = lang) -> int:
        for id in list_standards():
            facts = load_standard(id).facts
            write_stream(sys.stdout, f"{id}  {facts.number}  {render(facts.title, lang)}\n")
        return OK

    @group.command(
        "show",
        cls=framework.Command,
        help=pick("显示一个标准的全部内容。", "Show a whole standard.", lang),
    )
    def show(
        id: Annotated[str, id_argument],
        format: Annotated[str, formats] = "plain",
        lang: Annotated[str, shared.lang] = lang,
    ) -> int:
        if format == "json":
            write_stream(sys.stdout, as_json(id), encoding="utf-8")
        else:
            write_stream(sys.stdout, as_text(load_standard(id), lang))
        return OK

    @group.command(
        "verify",
        cls=framework.Command,
        help=pick(
            "对照方案原文核对一个标准：引文、数值、序号和属性是否一致。",
            "Prove a standard against the plan's text: its quotes, amounts, numbers and marks.",
            lang,
        ),
        epilog=pick(
            "例: etown-check standards verify shuozhou-2022 --source 方案.txt",
            "Example: etown-check standards verify shuozhou-2022 --source plan.txt",
            lang,
        ),
    )
    def verify(
        id: Annotated[str, id_argument],
        source: Annotated[str, source_option],
        lang: Annotated[str, shared.lang] = lang,
    ) -> int:
        result = verifying.verify(load_standard(id), decode(source, read_bytes(source)).text)
        write_stream(sys.stdout, findings_text(result, lang))
        return FAILED if result.findings else OK


def as_json(name: str) -> str:
    """Return the compiled standard as JSON: everything that its YAML says, checked."""
    path = find_standard(name)
    plain = compile_fresh(path, source_digest(path))
    return json.dumps(plain, ensure_ascii=False, indent=1) + "\n"


def as_text(standard: Standard, lang: str) -> str:
    """Return the standard as a page: its facts, counties, and every item with its checks."""
    facts = standard.facts
    lines = [
        f"{standard.id}  {facts.number}  {facts.issued_on.isoformat()}",
        render(facts.title, lang),
        "、".join(facts.issuers),
        f"{render(_SHA256, lang)}  {standard.sha256}",
        "",
    ]
    for county in standard.counties:
        tier = render(standard.tiers[county.tier].name, lang)
        lines.append(f"{county.name}  {county.town}  {tier}")
    section = None
    for item in standard.items:
        if item.section != section:
            section = item.section
            lines += ["", render(section, lang)]
        level = render(standard.levels[item.level], lang)
        lines.append(f"  {item.id}  {render(item.name, lang)}  [{level}]  {item.where}")
        for check in item.checks:
            required = dict.fromkeys(
                render(requirement(check.constraint, standard, tier), lang)
                for tier in standard.tiers
            )
            lines.append(f"    {check.id}  {render(check.name, lang)}  {' / '.join(required)}")
    return "\n".join(lines) + "\n"


def findings_text(result: verifying.Verification, lang: str) -> str:
    """Return what was proved, and each thing that was not."""
    proved = render(_PROVED, lang).format(
        quotes=result.quotes, amounts=result.amounts, items=result.items
    )
    number = len(result.findings)
    said = render(_DISAGREE, lang).format(number=number) if number else render(_ALL_AGREE, lang)
    lines = [f"{finding.where}: {render(finding.text, lang)}" for finding in result.findings]
    return "\n".join([*lines, f"{proved}{said}"]) + "\n"
