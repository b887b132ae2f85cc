"""What a check came to is remembered, and found again only where everything it saw is the same."""

from __future__ import annotations

import json
import random
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest

from etown_check import doubts, recalling
from etown_check.engine import evaluate
from etown_check.judging import JudgedCheck
from etown_check.loading import load_submission
from etown_check.outcomes import Case
from etown_check.problems import Position
from etown_check.quantities import Quantity
from etown_check.recalling import Judge, Session
from etown_check.report import Run, Style
from etown_check.reporters import json_report, reporter
from etown_check.submission import Entry, Evidence, Verification
from tests.conftest import EXAMPLES
from tests.test_github import held, waived
from tests.test_plain_yaml import towns

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from etown_check.report import Report
    from etown_check.standard import Standard
    from etown_check.submission import Submission

NAMES = ("huairen", "shanyin", "yingxian", "youyu")


@pytest.fixture
def submissions(standard: Standard, tmp_path: Path) -> list[Submission]:
    """Return the examples, workbooks among them, and data files as the benchmarks make them."""
    paths = [EXAMPLES / f"{name}.yaml" for name in NAMES] + [EXAMPLES / "shanyin.xlsx"]
    for number, text in enumerate(towns(12)):
        paths.append(tmp_path / f"{number}.yaml")
        paths[-1].write_text(text, "utf-8")
    return [load_submission(path, standard) for path in paths]


def afresh(standard: Standard, submission: Submission, **asked: Any) -> Report:
    """Evaluate with nothing remembered."""
    recalling.JUDGES.clear()
    return evaluate(standard, submission, **asked)


def test_what_is_remembered_changes_nothing(
    standard: Standard, submissions: list[Submission]
) -> None:
    for asked in ({}, {"require": "evidenced"}, {"require": "verified", "only": ["33", "37.1"]}):
        expected = [afresh(standard, it, **asked) for it in submissions]
        recalling.JUDGES.clear()
        for _ in range(2):
            found = [evaluate(standard, it, **asked) for it in reversed(submissions)]
            assert found[::-1] == expected


def changed(submission: Submission, key: str, **changes: Any) -> Submission:
    """Return `submission` with something else about one declaration."""
    declared = {
        **submission.declarations,
        key: submission.declarations[key]._replace(**changes),
    }
    return submission._replace(declarations=declared)


def variants(submission: Submission, standard: Standard) -> Iterator[Submission]:
    """Yield submissions of which each differs in one thing that a check may look at."""
    yield submission
    for day in ((2021, 12, 30), (2021, 12, 31), (2022, 7, 30), (2022, 7, 31), (2022, 12, 31)):
        yield submission._replace(as_of=date(*day))
    for day in ((2023, 1, 1), (2023, 6, 30), (2023, 7, 31)):
        yield submission._replace(as_of=date(*day))
    for day in ((2023, 12, 30), (2024, 1, 1), (2024, 12, 31), (2025, 3, 15)):
        yield submission._replace(as_of=date(*day))
    yield submission._replace(acceptance_year=2022)
    yield submission._replace(demonstration=not submission.county.demonstration)
    yield submission._replace(path="a.xlsx")
    yield submission._replace(reference={}, observed={})
    for county in standard.counties:
        yield submission._replace(county=county)
    for key, declaration in submission.declarations.items():
        yield submission._replace(
            declarations={it: found for it, found in submission.declarations.items() if it != key}
        )
        yield changed(submission, key, evidence=(Evidence("a.pdf", exists=True),))
        yield changed(submission, key, evidence=())
        for result in ("confirmed", "adjusted", "rejected"):
            record = Verification(result, dict(declaration.entries), "王五", date(2024, 1, 1))
            yield changed(submission, key, verification=record)
            yield changed(submission, key, verification=record._replace(entries={}))
        for year, entry in declaration.entries.items():
            for other in others(entry):
                entries = {**declaration.entries, year: other}
                yield changed(submission, key, entries=entries)
        yield changed(submission, key, position=Position(999, 7))


def others(entry: Entry) -> Iterator[Entry]:
    """Yield other values that may stand in the place of one."""
    value = entry.value
    if isinstance(value, Quantity):
        yield entry._replace(value=value._replace(amount=value.amount + Fraction(1, 3)))
        yield entry._replace(value=value._replace(amount=Fraction(0)))
        yield entry._replace(names=("甲", "乙"))
    elif isinstance(value, bool):
        yield entry._replace(value=not value)
    elif isinstance(value, date):
        yield entry._replace(value=date(2030, 1, 1))
    elif isinstance(value, tuple) and not hasattr(value, "_fields"):
        yield entry._replace(value=value[:1], names=value[:1])


def test_whatever_a_check_may_look_at_is_seen(standard: Standard) -> None:
    """Judge what differs in one thing each, one after the other, and each alone."""
    submission = load_submission(EXAMPLES / "huairen.yaml", standard)
    recalling.JUDGES.clear()
    judge = Judge(standard)
    checks = [check for item in standard.items for check in item.checks]
    differ = 0
    first = {check.id: Session(judge, submission, "declared").check(check) for check in checks}
    for variant in variants(submission, standard):
        session = Session(judge, variant, "declared")
        for check in checks:
            found = session.check(check)
            alone = JudgedCheck(Case.of(standard, variant), check, "declared").judged()
            assert found == alone
            differ += found != first[check.id]
    assert differ > 1000  # else nothing that was changed mattered


def test_what_changed_since_the_last_one_is_judged_again(standard: Standard) -> None:
    """Report on what differs in one thing each, one after the other, and each alone."""
    submission = load_submission(EXAMPLES / "huairen.yaml", standard)
    some = list(variants(submission, standard))
    some = [*some[:20], *random.Random(5).sample(some, 150)]
    expected = []
    for variant in some:
        doubts._REMEMBERED.clear()
        expected.append(afresh(standard, variant))
    recalling.JUDGES.clear()
    doubts._REMEMBERED.clear()
    scopes: list[dict[str, Any]] = [{}, {}, {"only": ["33"]}, {"parts": ["annex"]}]
    chance = random.Random(6)
    for variant, found in zip(some, expected, strict=True):
        evaluate(standard, variant, **chance.choice(scopes))  # which may narrow what was last
        assert evaluate(standard, variant) == found


def test_nothing_is_taken_over_from_a_file_with_a_ledger(standard: Standard) -> None:
    recalling.JUDGES.clear()
    with_ledger = load_submission(EXAMPLES / "huairen.yaml", standard)
    assert with_ledger.ledgers
    evaluate(standard, with_ledger)
    judge = recalling.JUDGES.of(standard)
    assert not judge.earlier
    assert standard.ledger is not None
    seen = [judge.seen.memory.recall(key) for key in judge.seen.memory]
    held = {found[0].metric for found in seen if found is not None}
    assert held
    assert standard.ledger.metric not in held
    declared = dict(with_ledger.declarations)
    del declared[standard.ledger.metric]
    evaluate(standard, with_ledger._replace(declarations=declared))
    assert len(recalling.JUDGES.of(standard).earlier) == 1


def test_few_are_remembered(
    standard: Standard, submissions: list[Submission], monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = [afresh(standard, it) for it in submissions]
    recalling.JUDGES.clear()
    json_report._JUDGEMENTS["zh"].memory.clear()
    monkeypatch.setattr(recalling, "MOST_REMEMBERED", 20)
    monkeypatch.setattr(json_report._JUDGEMENTS["zh"].memory, "most", 20)
    assert [evaluate(standard, it) for it in submissions] == expected
    judge = recalling.JUDGES.of(standard)
    assert 10 <= len(judge.remembered) <= 20
    for report in expected:
        json_report.report_json(report, "zh", "")
    assert 10 <= len(json_report._JUDGEMENTS["zh"].memory) <= 20


def test_a_ledger_is_not_kept(standard: Standard) -> None:
    recalling.JUDGES.clear()
    evaluate(standard, load_submission(EXAMPLES / "huairen.yaml", standard), parts=["funds"])
    judge = recalling.JUDGES.of(standard)
    assert standard.ledger is not None
    remembered = {key[0] for key in judge.remembered if isinstance(key, tuple)}
    asking = {
        check.id
        for item in standard.items
        for check in item.checks
        if standard.ledger.metric in judge.sight(check).metrics
    }
    assert asking
    assert not remembered & asking


def test_another_standard_is_another_judge(standard: Standard) -> None:
    recalling.JUDGES.clear()
    submission = load_submission(EXAMPLES / "huairen.yaml", standard)
    softer = standard._replace(items=standard.items[:3])
    assert len(evaluate(standard, submission).items) > 3
    assert len(evaluate(softer, submission).items) == 3
    for number in range(9):
        evaluate(standard._replace(id=str(number)), submission)
    assert len(recalling.JUDGES) == recalling.JUDGES.most


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_text_of_a_report_is_that_of_its_data(
    standard: Standard, submissions: list[Submission], lang: str
) -> None:
    reports = [evaluate(standard, it, parts=tuple(standard.parts)) for it in submissions]
    reports += [evaluate(standard, it, only=["33", "36.1"]) for it in submissions[:2]]
    reports.append(evaluate(standard, submissions[0], only=[]))
    reports += [held(waived(one, "4.1", "23.1"), "33.1") for one in reports[:3]]
    run = Run("1", standard, tuple(it.path for it in reports), tuple(reports), (), ())
    for _ in range(2):  # and again, with everything remembered
        text = reporter("json")(run, Style(lang))
        assert text == json_report.dumped(json_report.document(run, lang))
        assert json.loads(text)["reports"][0]["items"]
