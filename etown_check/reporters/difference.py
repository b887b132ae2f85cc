"""What a comparison found, as text, as JSON, and as Markdown for a merge request."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from etown_check import __version__
from etown_check.comparing import Change, Difference, Snapshot, ValueChange
from etown_check.problems import Problem
from etown_check.reporters import texts
from etown_check.reporters.json_report import dumped, problem_record
from etown_check.reporters.markdown import escaped, table
from etown_check.standard import BINDING
from etown_check.text import visible
from etown_check.words import Text, render, say

SCHEMA_VERSION = "1"

WORDS = {
    "title": Text("数据变化", "Changes"),
    "worse": Text("变差", "worse"),
    "better": Text("好转", "better"),
    "value": Text("数值", "value"),
    "doubt": Text("疑点", "doubt"),
    "new_town": Text("新增的镇，没有可比的旧数据。", "A new town: nothing to compare it with."),
    "added": Text(
        "以前没有检查、现在检查的 {number} 项，没有比较：{ids}",
        "Checked now and not before, not compared ({number}): {ids}",
    ),
    "dropped": Text(
        "以前检查、现在没有检查的 {number} 项，没有比较：{ids}",
        "Checked before and not now, not compared ({number}): {ids}",
    ),
    "gone": Text("数据文件没有了：{path}", "The data file is gone: {path}"),
    "same": Text("没有变化。", "Nothing changed."),
    "same_towns": Text("没有变化：{towns}", "Nothing changed: {towns}"),
    "undeclared": Text("未申报", "undeclared"),
    "total": Text(
        "合计：变差 {worse}（约束性 {binding}）、好转 {better}、数值变化 {values}、新疑点 {doubts}",
        "Total: worse {worse} (binding {binding}), better {better}, values changed {values}, "
        "new doubts {doubts}",
    ),
    "kind": Text("变化", "Change"),
    "before": Text("原来", "Before"),
    "after": Text("现在", "Now"),
}

Reporter = Callable[[Sequence[Difference], Sequence[Problem], str], str]


def _word(key: str, lang: str, **args: str | int) -> str:
    return render(WORDS[key], lang).format(**args)


def plain(differences: Sequence[Difference], problems: Sequence[Problem], lang: str) -> str:
    """Return the comparison as text; mistakes of inputs are told elsewhere."""
    blocks = [
        [_heading(one), *(f"  {line}" for line in _lines(one, lang))]
        for one in differences
        if not one.is_empty
    ]
    same = _same(differences, lang)
    if same and not (problems and not differences):
        blocks.append([same])
    if len(differences) > 1 and not all(one.is_empty for one in differences):
        blocks.append([_total(differences, lang)])
    return "\n".join("".join(f"{line.rstrip()}\n" for line in block) for block in blocks)


def _same(differences: Sequence[Difference], lang: str) -> str:
    """Name the towns of which nothing changed; where there are no others, that says it all."""
    towns = [visible(one.town) for one in differences if one.is_empty]
    if len(towns) == len(differences):
        return _word("same", lang)
    return _word("same_towns", lang, towns=texts.sentence(*towns, lang=lang)) if towns else ""


def _heading(one: Difference) -> str:
    snapshot = one.new or one.old
    assert snapshot is not None
    return f"{visible(one.town)}  {visible(snapshot.path)}"


def _lines(one: Difference, lang: str) -> Iterator[str]:
    yield from _notes(one, lang)
    for kind, id, name, before, after in _rows(one, lang):
        change = f"{before} → {after}" if before or after else ""
        yield "  ".join(part for part in (kind, f"{id} {name}".strip(), change) if part)


def _notes(one: Difference, lang: str) -> Iterator[str]:
    """Yield what there is to say of what was not compared."""
    if one.old is None:
        yield _word("new_town", lang)
    elif one.new is None:
        yield _word("gone", lang, path=visible(one.old.path))
    for key, ids in (("added", one.added), ("dropped", one.dropped)):
        if ids:
            listed = texts.sentence(*map(visible, ids), lang=lang)
            yield _word(key, lang, number=len(ids), ids=listed)


def _rows(one: Difference, lang: str) -> Iterator[tuple[str, str, str, str, str]]:
    """Yield what changed: of which kind, the item's or check's id and name, before and after."""
    for key, changes in (("worse", one.worse), ("better", one.better)):
        for change in changes:
            level = texts.word(f"{change.level}_short", lang)
            name = f"{visible(render(change.name, lang))} [{level}]"
            before, after = (render(say(it), lang) for it in (change.before, change.after))
            yield _word(key, lang), change.id, name, before, after
    for value in one.values:
        before, after = (
            visible(it) if it is not None else _word("undeclared", lang)
            for it in (value.before, value.after)
        )
        yield _word("value", lang), value.id, visible(render(value.name, lang)), before, after
    for doubt in one.doubts:
        message = visible(render(doubt.message, lang))
        yield _word("doubt", lang), visible(doubt.code), message, "", ""


def _total(differences: Sequence[Difference], lang: str) -> str:
    worse = [change for one in differences for change in one.worse]
    return _word(
        "total",
        lang,
        worse=len(worse),
        binding=sum(change.level == BINDING for change in worse),
        better=sum(len(one.better) for one in differences),
        values=sum(len(one.values) for one in differences),
        doubts=sum(len(one.doubts) for one in differences),
    )


def markdown(differences: Sequence[Difference], problems: Sequence[Problem], lang: str) -> str:
    """Return the comparison for a merge request."""
    lines = [f"## {_word('title', lang)}", "", escaped(_total(differences, lang))]
    for problem in problems:
        lines += [f"- {escaped(line)}" for line in texts.problem_lines(problem, lang)[:1]]
    header = (_word("kind", lang), "", _word("before", lang), _word("after", lang))
    for one in differences:
        if one.is_empty:
            continue
        lines += ["", f"### {escaped(_heading(one))}", ""]
        for note in _notes(one, lang):
            lines += [escaped(note), ""]
        rows = [
            (kind, f"{id} {name}", before, after)
            for kind, id, name, before, after in _rows(one, lang)
        ]
        lines += table(header, rows) if rows else []
    same = _same(differences, lang)
    lines += ["", escaped(same)] if same else []
    return "".join(f"{line.rstrip()}\n" for line in lines)


def json(differences: Sequence[Difference], problems: Sequence[Problem], lang: str) -> str:
    """Return the comparison as JSON, version 1."""
    return dumped(
        {
            "schema_version": SCHEMA_VERSION,
            "tool": {"name": "etown-check", "version": __version__},
            "is_worse": any(one.is_worse for one in differences),
            "differences": [_difference(one, lang) for one in differences],
            "errors": [problem_record(problem, lang) for problem in problems],
        }
    )


def _difference(one: Difference, lang: str) -> dict[str, Any]:
    return {
        "town": one.town,
        "old": _snapshot(one.old),
        "new": _snapshot(one.new),
        "is_worse": one.is_worse,
        "worse": [_change(change, lang) for change in one.worse],
        "better": [_change(change, lang) for change in one.better],
        "values": [_change(change, lang) for change in one.values],
        "doubts": [
            {
                "code": doubt.code,
                "metrics": list(doubt.metrics),
                "message": render(doubt.message, lang),
            }
            for doubt in one.doubts
        ],
        "added": list(one.added),
        "dropped": list(one.dropped),
    }


def _snapshot(one: Snapshot | None) -> dict[str, str] | None:
    return one and {"path": visible(one.path), "as_of": one.as_of.isoformat()}


def _change(change: Change | ValueChange, lang: str) -> dict[str, Any]:
    level = {"level": change.level} if isinstance(change, Change) else {}
    return {
        "id": change.id,
        "name": render(change.name, lang),
        **level,
        "before": change.before,
        "after": change.after,
    }


REPORTERS: dict[str, Reporter] = {"plain": plain, "json": json, "markdown": markdown}
"""The formats by name. The command's choices are these names."""
