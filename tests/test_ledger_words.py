"""The search for words that speak of a forbidden use: how it finds them, whatever the list."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etown_check.ledgers.words import Speech
from etown_check.standard import WordList
from tests.ledger_files import FORM

LISTS = (
    WordList("购买流量", ("流量", "DOU+", "投流", "购买流量包"), ("流量计", "车流量", "投流程")),
    WordList("罚款", ("罚款", "罚", "滞纳金"), ("处罚法",)),
    WordList("赞助", ("赞助(冠名)", "冠名"), ()),
)
SPEECH = Speech(FORM._replace(words=LISTS))
TRAFFIC, FINE, SPONSOR = (it.use for it in LISTS)


@pytest.mark.parametrize(
    ("description", "said"),
    [
        ("", None),
        ("直播间设备", None),
        ("直播间流量推广", (TRAFFIC, "流量")),
        ("流 量", (TRAFFIC, "流量")),
        ("流\n量", (TRAFFIC, "流量")),
        ("流\u200b量\u202e", (TRAFFIC, "流量")),
        ("dou+投放", (TRAFFIC, "DOU+")),
        ("Ｄｏｕ＋（推广）", (TRAFFIC, "DOU+")),
        # The longest of those that begin at one place, the first of several.
        ("购买流量包", (TRAFFIC, "购买流量包")),
        ("交罚款", (FINE, "罚款")),
        ("投流、流量", (TRAFFIC, "投流")),
        # The first list that has one decides.
        ("罚款及流量", (TRAFFIC, "流量")),
        # Exceptions are taken out, each from the search of its own list.
        ("安装流量计", None),
        ("流量计及流量", (TRAFFIC, "流量")),
        ("车流量统计、投流程图", None),
        ("流量计罚款", (FINE, "罚款")),
        ("处罚法宣传", None),
        ("处罚法罚", (FINE, "罚")),
        # What stands on both sides of an exception is never joined.
        ("流车流量量", None),
        # Brackets of either width.
        ("赞助（冠名）", (SPONSOR, "赞助(冠名)")),
        ("赞助(冠名)", (SPONSOR, "赞助(冠名)")),
    ],
)
def test_what_a_description_speaks_of(description: str, said: tuple[str, str] | None) -> None:
    assert SPEECH.of(description) == said


def test_no_words_find_nothing() -> None:
    assert Speech(FORM._replace(words=())).of("流量") is None
    assert Speech(FORM._replace(words=(WordList("x", (), ("流量",)),))).of("流量") is None


def test_a_word_is_named_as_it_is_listed_first() -> None:
    lists = (WordList("x", ("dou+", "DOU+"), ()), WordList("y", ("Dou+",), ()))
    assert Speech(FORM._replace(words=lists)).of("DOU+") == ("x", "dou+")


_CHARACTERS = "流量计车投程购买包罚款处法冠名赞助（）()，：DOUdou+＋Ｄ \u3000\u200b\n甲一1"


@given(st.text(_CHARACTERS, max_size=15))
def test_the_short_cut_finds_what_the_long_way_finds(description: str) -> None:
    with_brackets = Speech(FORM._replace(words=LISTS))
    without = Speech(FORM._replace(words=LISTS[:2]))
    assert without._may_skip
    assert not with_brackets._may_skip
    found = without.of(description)
    without._may_skip = False
    assert without.of(description) == found
    if found is not None:
        assert with_brackets.of(description) == found


@given(st.text(_CHARACTERS, max_size=15), st.text("甲乙 （）", max_size=4))
def test_what_stands_around_a_word_changes_nothing(description: str, around: str) -> None:
    assert SPEECH.of(f"{around}{description}{around}") == SPEECH.of(description)
