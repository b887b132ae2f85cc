"""Writing data files: a whole one from a submission, and changes to one that exists.

What is written is read again before it is handed out: it says what it was to say, or nothing is.
"""

import os
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator

from etown_check.asking import heading, wanted, wanted_for_reference
from etown_check.declared import (
    details_of,
    fact_metrics,
    fact_name,
    facts_of,
    is_same,
    metric_name,
    named,
    names_under,
    whole,
)
from etown_check.decoding import decode
from etown_check.loading import read_submission, source_of
from etown_check.standard import Metric, Standard
from etown_check.submission import Declaration, Submission
from etown_check.updating import updated_once, with_keys_in, without_wrapping
from etown_check.words import Text, render
from etown_check.yaml_text import STEP, entry

_WORDS = {
    "head": Text(
        "{town}数据文件（{county}，{tier}）\n依据：{number}",
        "Data file of {town} ({county}, {tier})\nStandard: {number}",
    ),
}


class NotWritten(Exception):
    """What was written would not be read as what it was to say: a mistake of this program."""


def written(
    standard: Standard, submission: Submission, lang: str = "zh", evidence_root: str | None = None
) -> str:
    """Return a data file that says what `submission` does, with its keys in `lang`.

    Metrics stand in the plan's order below remarks that name its sections. Raises `InputError`
    where that is more than a data file may hold (see `limits`). `evidence_root` is the folder in
    which the submission's evidence may lie beside its own.
    """
    text = "\n".join(_lines(standard, submission, lang)) + "\n"
    return checked(text, standard, submission, evidence_root)


def updated(
    text: str,
    standard: Standard,
    before: Submission,
    after: Submission,
    lang: str | None = None,
    evidence_root: str | None = None,
) -> str:
    """Return the `text` of a data file, which says what `before` does, made to say what `after` does.

    Only what differs is changed: all else stays as it was typed, its order and remarks too.
    Remarks within what is replaced or taken out stand above it then. New keys are in `lang`, by
    default that of the file. Neither submission may hold data of a reference file, which outranks
    the file's own. Raises `InputError` where the result is more than a data file may hold.
    """
    first = without_wrapping(before, after)
    for one, other in ((before, first), (first, after)):
        if not is_same(one, other):
            text = updated_once(text, standard, one, other, lang)
    return checked(text, standard, after._replace(path=before.path), evidence_root)


def updated_content(
    content: bytes,
    standard: Standard,
    before: Submission,
    after: Submission,
    lang: str | None = None,
    evidence_root: str | None = None,
) -> bytes:
    """Do what `updated` does with the bytes of a file; its encoding stays.

    A file whose encoding had to be guessed (GB18030) is written in UTF-8.
    """
    text = decode(before.path, content).text
    new = updated(text, standard, before, after, lang, evidence_root)
    return content if new == text else encoded_like(content, new)


def translated(
    text: str,
    standard: Standard,
    submission: Submission,
    lang: str,
    evidence_root: str | None = None,
) -> str:
    """Return the `text` of a data file, which says what `submission` does, with its keys in `lang`.

    All else stays as it was typed. A key that holds a unit stays too.
    """
    return checked(with_keys_in(text, standard, lang), standard, submission, evidence_root)


def encoded_like(content: bytes, text: str) -> bytes:
    """Return `text` in the encoding that `content` names by its first bytes, else in UTF-8."""
    for mark, encoding in _MARKS.items():
        if content.startswith(mark):
            return mark + text.encode(encoding)
    return text.encode()


_MARKS = {BOM_UTF8: "utf-8", BOM_UTF16_LE: "utf-16-le", BOM_UTF16_BE: "utf-16-be"}


def checked(
    text: str, standard: Standard, submission: Submission, evidence_root: str | None
) -> str:
    """Return `text` if it is read as `submission`. Raises `NotWritten`."""
    path = f"{os.path.splitext(submission.path)[0]}.yaml"  # it may be read from a workbook
    source = source_of(path, text.encode())
    ledgers = submission.ledgers  # which need not lie beside a file that is written elsewhere
    read = read_submission(source, standard, evidence_root=evidence_root, ledgers=ledgers)
    if not is_same(read, submission):
        raise NotWritten
    return text


def _lines(standard: Standard, submission: Submission, lang: str) -> Iterator[str]:
    county = submission.county
    head = render(_WORDS["head"], lang).format(
        town=county.town,
        county=county.name if lang != "en" else county.name_en,
        tier=render(standard.tiers[county.tier].name, lang),
        number=standard.facts.number,
    )
    yield from (f"# {line}" for line in head.split("\n"))
    yield ""
    for key, tree in facts_of(submission, lang).items():
        if tree is not None:
            yield from entry(fact_name(key, lang), named(tree, lang, names_under(key)), 0)
    if submission.reference:
        yield ""
        yield f"{fact_name('reference', lang)}:"
        for it in wanted_for_reference(standard):
            yield from _declared(it.metric, submission.reference.get(it.metric.key), lang)
    yield ""
    yield f"{fact_name('metrics', lang)}:"
    above = ""
    facts = fact_metrics(standard)
    for it in (it for it in wanted(standard) if it.metric.key not in facts):
        declaration = submission.declarations.get(it.metric.key)
        head = heading(standard, it, lang)
        if declaration is not None and head != above:
            if above:
                yield ""
            above = head
            yield f"{' ' * STEP}# ── {head} ──"
        yield from _declared(it.metric, declaration, lang)


def _declared(metric: Metric, declaration: Declaration | None, lang: str) -> Iterator[str]:
    if declaration is not None:
        tree = named(whole(details_of(declaration, lang)), lang)
        yield from entry(metric_name(metric, lang), tree, STEP)
