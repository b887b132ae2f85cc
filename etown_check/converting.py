"""From a workbook to a data file and back; what cannot be taken over is told."""

import os

from etown_check.config import Configurations
from etown_check.data_file import (
    NotWritten,
    encoded_like,
    translated,
    updated_content,
    written,
)
from etown_check.declared import is_same
from etown_check.decoding import decode
from etown_check.editing import Editor
from etown_check.endings import WORKBOOK_ENDINGS, YAML_ENDINGS
from etown_check.files import write_bytes
from etown_check.loading import read_submission, source_of
from etown_check.output import OutputExists
from etown_check.problems import InputError, Problem
from etown_check.records import Record
from etown_check.running import prepare
from etown_check.settings import Options, settings_of
from etown_check.standard import Standard
from etown_check.submission import Submission
from etown_check.text import visible
from etown_check.updating import language_of
from etown_check.usage import UsageError
from etown_check.words import Text
from etown_check.workbooks.layout import Lost, layout
from etown_check.yamltree import compose, read_bytes

_WORKBOOK_ENDING = ".xlsx"
_YAML, _WORKBOOK = "yaml", "workbook"


class Converted(Record):
    """The file that was written, what else there is to say of its source, and what it lacks."""

    path: str
    warnings: tuple[Problem, ...]
    notes: tuple[Text, ...]


class DataFile(Record):
    """A data file that was read without errors."""

    content: bytes
    standard: Standard
    submission: Submission
    warnings: tuple[Problem, ...]


def convert(
    source: str,
    target: str | None = None,
    *,
    force: bool = False,
    standard: str | None = None,
    lang: str | None = None,
    default_lang: str = "zh",
) -> Converted:
    """Write what the data file `source` says to `target`, as the ending of its name asks.

    By default `target` has the source's name and the other ending. With `force` a file that
    exists is replaced; in a YAML file only what differs is, so that its remarks stay. Keys are in
    `lang`; where that is left open, in the language of the file that has any, else in
    `default_lang`.

    Raises `UsageError` for what cannot be converted, `InputError` for a source with errors or a
    YAML file in the target's place that has some, `OutputExists` and `OutputFailed`.
    """
    kind = _kind(source, WORKBOOK_ENDINGS)
    if target is None:
        target = os.path.splitext(source)[0] + _ENDINGS[_OTHER[kind]]
    wanted = _kind(target, (_WORKBOOK_ENDING,))
    if kind == wanted and (kind == _WORKBOOK or lang is None):
        raise _nothing_to_do(kind)
    if not force and os.path.lexists(target):
        raise OutputExists(target)
    read = read_data_file(source, standard)
    submission = read.submission._replace(path=target)
    notes: list[Text] = []
    if wanted == _WORKBOOK:
        content, notes = _workbook(read, submission, lang)
    elif kind == _YAML:
        content = _in_other_language(read, submission, lang or default_lang)
    elif os.path.lexists(target):
        before = read_data_file(target, read.standard.id if standard is None else standard)
        if before.submission.county != submission.county:
            raise _other_town(target, before.submission, submission)
        root = evidence_root_of(target)
        content = updated_content(
            before.content, read.standard, before.submission, submission, lang, root
        )
    else:
        root = evidence_root_of(target)
        content = written(read.standard, submission, lang or default_lang, root).encode()
    write_bytes(target, content, force=force)
    return Converted(target, read.warnings, (*notes, *evidence_left(source, target, submission)))


_ENDINGS = {_YAML: YAML_ENDINGS[0], _WORKBOOK: _WORKBOOK_ENDING}
_OTHER = {_YAML: _WORKBOOK, _WORKBOOK: _YAML}


def _kind(path: str, workbook_endings: tuple[str, ...]) -> str:
    """Tell by its ending what `path` is. Raises `UsageError` for any other."""
    name = path.lower()
    if name.endswith(YAML_ENDINGS):
        return _YAML
    if name.endswith(workbook_endings):
        return _WORKBOOK
    shown = visible(path)
    known = (*YAML_ENDINGS, *workbook_endings)
    zh, en = "、".join(known), ", ".join(known)
    raise UsageError(
        Text(
            f"“{shown}”不能转换：文件名要以 {zh} 结尾。",
            f"“{shown}” cannot be converted: its name must end in one of {en}.",
        )
    )


def _nothing_to_do(kind: str) -> UsageError:
    if kind == _WORKBOOK:
        return UsageError(
            Text(
                "两个文件都是工作簿，没有可转换的：直接复制即可。",
                "Both files are workbooks, and there is nothing to convert: copy the file.",
            )
        )
    return UsageError(
        Text(
            "两个文件都是 YAML，没有可转换的。要把键名换成另一种语言，请加 --lang zh 或 --lang en。",
            "Both files are YAML, and there is nothing to convert. "
            "Give --lang zh or --lang en to have the keys in that language.",
        )
    )


def _other_town(target: str, before: Submission, after: Submission) -> UsageError:
    shown, own, other = visible(target), before.county.town, after.county.town
    return UsageError(
        Text(
            f"“{shown}”是{own}的数据，不能换成{other}的。请另取文件名。",
            f"“{shown}” is the data of {own} and does not take that of {other}. Give another name.",
        )
    )


def read_data_file(path: str, standard: str | None) -> DataFile:
    """Read the data file at `path` as `validate` does, but for data of other files."""
    content = read_bytes(path)
    settings = settings_of(Options((path,), standard=standard), Configurations(None).of(path))
    options = Options(
        (path,),
        no_config=True,
        standard=settings.standard,
        evidence_root=settings.evidence_root,
    )
    run = prepare(options).run(keep=True)
    if run.problems:
        raise InputError(run.problems, run.warnings)
    assert run.standard is not None  # there is no run without one
    return DataFile(content, run.standard, run.submissions[0], run.warnings)


def evidence_root_of(path: str) -> str | None:
    """Return the folder that a configuration names for evidence, `None` where none does."""
    return settings_of(Options((path,)), Configurations(None).of(path)).evidence_root


def _in_other_language(read: DataFile, submission: Submission, lang: str) -> bytes:
    text = decode(read.submission.path, read.content).text
    root = evidence_root_of(submission.path)
    return encoded_like(read.content, translated(text, read.standard, submission, lang, root))


def _workbook(read: DataFile, submission: Submission, lang: str | None) -> tuple[bytes, list[Text]]:
    """Return a workbook that says what `submission` does, and what of it is lacking there."""
    from etown_check.workbooks import writing  # the library takes long to load

    text = decode(read.submission.path, read.content).text
    root = compose(read.submission.path, text)
    lang = lang or language_of(root)
    form = layout(read.standard, submission.county, lang, submission)
    content = writing.written(read.standard, submission.county, lang, form, submission.as_of)
    notes = [left_out(it) for it in form.lost]
    source = source_of(submission.path, content)
    evidence_root = evidence_root_of(submission.path)
    again = read_submission(
        source, read.standard, evidence_root=evidence_root, ledgers=submission.ledgers
    )
    if not notes and not is_same(again, submission):
        raise NotWritten
    if Editor(text).remarks(root, 0, len(text)):
        notes.append(_NO_REMARKS)
    return content, notes


def left_out(lost: Lost) -> Text:
    """Say what of a data file is not in its workbook."""
    sheet, name, column, what = lost
    place = visible(f"{sheet} · {name} · {column}")
    shown = visible(what)
    return Text(
        f"{place}：“{shown}”不能写进单元格，没有转换。",
        f"{place}: “{shown}” cannot stand in a cell and was left out.",
    )


_NO_REMARKS = Text(
    "YAML 中以 # 开头的说明没有写进工作簿。",
    "The remarks of the YAML file, which begin with #, are not in the workbook.",
)


def evidence_left(source: str, target: str, submission: Submission) -> list[Text]:
    """Tell that the paths of evidence and of the ledger now start from another folder."""
    folders = [os.path.dirname(os.path.abspath(path)) for path in (source, target)]
    given = (*submission.declarations.values(), *submission.reference.values())
    if folders[0] == folders[1]:
        return []
    notes = []
    if any(it.evidence for it in given):
        notes.append(_EVIDENCE_LEFT)
    if submission.ledgers:
        notes.append(_LEDGER_LEFT)
    return notes


_EVIDENCE_LEFT = Text(
    "佐证文件的路径从数据文件所在的文件夹算起；新文件在另一个文件夹，请把佐证文件一并移过去。",
    "Paths of evidence start from the data file's folder. "
    "The new file is in another one: move the evidence along.",
)
_LEDGER_LEFT = Text(
    "资金台账的路径从数据文件所在的文件夹算起；新文件在另一个文件夹，"
    "请把台账一并移过去，否则不能核查。",
    "The path of the fund ledger starts from the data file's folder. "
    "The new file is in another one: move the ledger along, else it cannot be checked.",
)
