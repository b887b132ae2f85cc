"""The shipped examples: what they show, and what editors say of them."""

from __future__ import annotations

import json
import re
import shutil
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from etown_check.data_file import written
from etown_check.engine import evaluate
from etown_check.loading import load_submission
from etown_check.schema import data_file_schema
from etown_check.store import load_standard
from tests.command import run
from tests.conftest import EXAMPLES, ROOT, document, read
from tests.example_workbooks import CHECKLIST, FORM, cells, made
from tests.submissions import STANDARD, beside_ledgers, data_files, equal

if TYPE_CHECKING:
    from pathlib import Path

    from etown_check.standard import Standard

FILES = sorted(EXAMPLES.glob("*.yaml"))


def editor_view(text: str) -> Any:
    """Read YAML as an editor does (YAML 1.2): whole numbers and true/false are not text."""

    def typed(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: typed(it) for key, it in value.items()}
        if isinstance(value, list):
            return [typed(it) for it in value]
        if value in ("", "~", "null"):
            return None
        if value in ("true", "false"):
            return value == "true"
        return int(value) if re.fullmatch(r"[-+]?[0-9]+", value) else value

    return typed(yaml.load(text, Loader=yaml.BaseLoader))


def schema_of(path: Path) -> Path:
    modeline = path.read_text("utf-8").splitlines()[0]
    prefix = "# yaml-language-server: $schema="
    assert modeline.startswith(prefix)
    return path.parent / modeline.removeprefix(prefix)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_example_satisfies_the_schema_it_names(path: Path) -> None:
    schema = json.loads(schema_of(path).read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(
        editor_view(path.read_text("utf-8")), schema, cls=jsonschema.Draft202012Validator
    )


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_shipped_schema_is_fresh(standard: Standard, lang: str) -> None:
    shipped = json.loads((EXAMPLES / f"schema.{lang}.json").read_text("utf-8"))
    assert shipped == data_file_schema(standard, lang)


@pytest.mark.parametrize(
    ("key", "value", "fits"),
    [
        ("own_brands", 5, True),
        ("own_brands", "5个", True),
        ("own_brands", ["甲", "乙"], True),
        ("own_brands", "5家", False),
        ("own_brands", -1, False),
        ("own_brands", "约5个", False),
        ("total_investment", "2.3亿元", True),
        ("total_investment", "5,200万元", True),
        ("total_investment", 23, False),
        ("total_investment", "2.3亿", False),
        ("total_output", {"2023": "2.3亿元"}, True),
        ("total_output", {"2023年": "2.3亿元"}, True),
        ("total_output", {"2019": "2.3亿元"}, False),
        ("total_output", "2.3亿元", False),
        ("planned_land_area", "930亩", True),
        ("planned_land_area", "930㎡", True),
        ("big_data_center", "是", True),
        ("big_data_center", True, True),
        ("big_data_center", "yes", False),
        ("exhibition_zones", ["体验品鉴"], True),
        ("exhibition_zones", ["体验"], False),
        ("leading_group_head", "其他", True),
        ("leading_group_head", "副县长", False),
        ("brand_rules", {"title": "办法", "file": "佐证/a.pdf", "note": "…"}, True),
        ("brand_rules", {"name": "办法"}, False),
        ("own_brands", {"value": 5, "verified": {"result": "核减", "value": 4}}, True),
        ("own_brands", {"value": 5, "verified": {"value": 4}}, False),
        ("online_retail_growth", {"2023": "-3%"}, True),
        ("online_retail_growth", {"2023": "3个百分点"}, False),
        ("online_retail_growth", {"2023": "−3%"}, True),
        ("online_retail_growth", {"2023": "百分之十二"}, True),
        ("own_brands", "十二个", True),
        ("total_investment", "1.5亿元整", True),
        ("total_investment", "五千万元", True),
        ("total_investment", "5千万元", True),
        ("planned_land_area", "一千亩", True),
        ("started_on", "2022-11-15", True),
        ("started_on", "2022年11月15日", True),
        ("started_on", {"value": "2022-11-15", "note": "开工令"}, True),
        ("started_on", None, True),
        ("started_on", "2022-11", False),
        ("started_on", {"date": "2022-11-15"}, False),
        ("monthly_reports", ["2022-11", "2022年12月", 202301, 2023.02, "２０２３－０３"], True),
        ("monthly_reports", "月报/", True),
        ("monthly_reports", "无", True),
        ("monthly_reports", {"value": ["2022-11"], "evidence": "月报/2022-11.docx"}, True),
        ("monthly_reports", ["每月"], False),
        ("monthly_reports", {"2022": ["2022-11"]}, False),
        ("funds_received", {"中央": "300万元", "省": None}, True),
        ("funds_received", {"value": {"中央": "300万元"}, "note": "…"}, True),
        ("funds_received", None, True),
        ("funds_received", "800万元", False),
        ("funds_received", {"中央": 300}, False),
        ("funds_received", {"国家": "300万元"}, False),
        ("funds_received", {"中央": "300万元", "note": "…"}, False),
        ("fund_ledger", "台账.csv", True),
        ("contact", {"name": "张三"}, False),
        ("own_brnads", 5, False),
        ("own_brands", None, True),
    ],
)
def test_schema_knows_each_kind(standard: Standard, key: str, value: Any, fits: bool) -> None:
    schema = data_file_schema(standard, "en")
    content = editor_view(document(standard))
    content["metrics"][key] = value
    errors = list(jsonschema.Draft202012Validator(schema).iter_errors(content))
    assert (errors == []) is fits


@pytest.mark.parametrize(
    ("key", "value", "fits"),
    [
        ("contact", {"name": "张三", "phone": 13800000000}, True),
        ("contact", {"name": "张三", "note": "…", "verified": {"result": "属实"}}, True),
        ("contact", {"value": {"name": "张三"}, "note": "…"}, True),
        ("contact", "无", True),
        ("contact", None, True),
        ("contact", "张三", False),
        ("contact", {"姓名": "张三", "手机": "1"}, False),
        ("fund_ledger", "台账.csv", True),
        ("fund_ledger", {"value": "台账.csv", "verified": {"result": "属实"}}, True),
        ("fund_ledger", {"file": "台账.csv"}, False),
        ("fund_ledger", ["台账.csv"], False),
    ],
)
def test_schema_knows_the_facts_that_are_metrics(
    standard: Standard, key: str, value: Any, fits: bool
) -> None:
    content = editor_view(document(standard))
    content[key] = value
    validator = jsonschema.Draft202012Validator(data_file_schema(standard, "en"))
    assert validator.is_valid(content) is fits


@pytest.mark.parametrize("name", ["tiny", "parts"])
def test_schema_knows_what_a_standard_has(name: str) -> None:
    schema = data_file_schema(load_standard(str(ROOT / "tests" / "data" / f"{name}.yaml")), "zh")
    jsonschema.Draft202012Validator.check_schema(schema)
    facts = schema["properties"]
    assert ("资金台账" in facts) is (name == "parts")
    assert ("联络员" in facts["指标"]["properties"]) is False
    validator = jsonschema.Draft202012Validator(facts["信息联络员"] | {"$defs": schema["$defs"]})
    for fitting in ({"姓名": "张三"}, "无", None):
        assert validator.is_valid(fitting)
    assert not validator.is_valid("张三")


VALIDATORS = {
    lang: jsonschema.Draft202012Validator(data_file_schema(STANDARD, lang)) for lang in ("zh", "en")
}


@settings(max_examples=20)
@given(data_files(ledgers=True), st.sampled_from(["zh", "en"]))
def test_what_is_accepted_fits_the_schema(text: str, lang: str) -> None:
    again = written(STANDARD, read(STANDARD, text, beside_ledgers()), lang)
    assert list(VALIDATORS[lang].iter_errors(editor_view(again))) == []


@pytest.mark.parametrize(
    ("name", "verdict", "has"),
    [
        ("huairen", "compliant", {"fail", "missing", "review"}),
        ("shanyin", "non_compliant", {"fail", "review"}),
        ("yingxian", "incomplete", {"missing", "review"}),
        ("youyu", "non_compliant", {"not_due"}),
    ],
)
def test_what_each_example_shows(
    standard: Standard, name: str, verdict: str, has: set[str]
) -> None:
    report = evaluate(standard, load_submission(EXAMPLES / f"{name}.yaml", standard))
    assert report.verdict == verdict
    assert has <= {item.status for item in report.items}


def test_huairen_passes_every_binding_item(standard: Standard) -> None:
    report = evaluate(standard, load_submission(EXAMPLES / "huairen.yaml", standard))
    binding = {item.status for item in report.items if item.level == "binding"}
    assert binding == {"pass", "not_due"}
    expected = {item.status for item in report.items if item.level == "expected"}
    assert expected == {"pass", "fail", "missing", "review"}


def test_shanyin_fails_the_threshold_of_its_own_tier(standard: Standard) -> None:
    report = evaluate(standard, load_submission(EXAMPLES / "shanyin.yaml", standard))
    item = next(item for item in report.items if item.id == "33")
    assert item.checks[0].status == "fail"


def test_english_keys_say_the_same(standard: Standard) -> None:
    chinese = evaluate(standard, load_submission(EXAMPLES / "huairen.yaml", standard))
    english = evaluate(standard, load_submission(EXAMPLES / "huairen.en.yaml", standard))
    assert english.items == chinese.items  # even on the same lines
    assert [(it.code, it.metrics) for it in english.doubts] == [
        (it.code, it.metrics) for it in chinese.doubts
    ]
    assert (english.verdict, english.counts) == (chinese.verdict, chinese.counts)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_named_evidence_exists_and_is_small(standard: Standard, path: Path) -> None:
    submission = load_submission(path, standard)
    assert submission.warnings == ()
    for declaration in submission.declarations.values():
        for evidence in declaration.evidence:
            assert 0 < (EXAMPLES / evidence.file).stat().st_size < 10_000


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_examples_are_plainly_marked(path: Path) -> None:
    text = path.read_text("utf-8")
    assert "示意" in text
    assert "illustrative" in text


def test_example_workbooks_are_fresh(standard: Standard) -> None:
    """`python -m tests.example_workbooks` makes them anew."""
    for name, content in made(standard).items():
        assert cells((EXAMPLES / name).read_bytes()) == cells(content), name


def test_the_example_form_says_what_its_yaml_says(standard: Standard) -> None:
    form, data = (load_submission(EXAMPLES / name, standard) for name in (FORM, "shanyin.yaml"))
    assert equal(form, data)


def test_the_example_checklist_goes_back_into_the_data(tmp_path: Path, standard: Standard) -> None:
    shutil.copytree(EXAMPLES / "台账", tmp_path / "台账")
    verified = tmp_path / "verified.yaml"
    ran = run("verify", EXAMPLES / "shanyin.yaml", EXAMPLES / CHECKLIST, "--output", verified)
    assert ran.code == 0
    assert "属实 10、核减 1、不实 1" in ran.err
    records = {
        key: it.verification.result
        for key, it in load_submission(verified, standard).declarations.items()
        if it.verification is not None
    }
    assert len(records) == 12
    assert records["total_investment"] == "adjusted"
    assert records["big_data_center"] == "rejected"
