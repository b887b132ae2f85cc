"""Rows of totals: how they are known, and whether they say what the rows above them come to."""

import re
from fractions import Fraction

from etown_check.records import Record
from etown_check.text import fold

_SUM = "合计|总计|共计|累计|小计"
_LABEL = re.compile(
    rf"(?:本[年月季页周期次]|上[年月季页]|\d{{4}}年度?|\d{{1,2}}月份?|第?[一二三四1-4]季度)?"
    rf"(?:{_SUM})(?:金额|数)?(?:\(.*\))?",
    re.ASCII,
)
_ENGLISH = frozenset(("total", "totals", "grandtotal", "sum", "subtotal"))
_GRAND = frozenset(("total", "totals", "grandtotal", "sum"))
_OF_ALL = re.compile(r"(?:合计|总计|共计|(?:本年)?累计)(?:金额|数)?(?:\(.*\))?")
_NUMBER = re.compile(r"\d|[一二三四]", re.ASCII)
_OTHER = re.compile(rf".{{1,30}}(?:{_SUM})")


class Label(Record):
    """What a row of totals is called, and whether it sums up all rows, or those of a section.

    Sections of one `level` follow one another, as months do: 3月合计 begins behind 2月合计.
    """

    level: str
    is_grand: bool


def label_of(text: str) -> Label | None:
    """Return the label that `text` is, `None` for any other text, such as the name of a payee."""
    name = fold(text).lower().strip(":")
    if _LABEL.fullmatch(name):
        return Label(_NUMBER.sub("", name), _OF_ALL.fullmatch(name) is not None)
    return Label(name, name in _GRAND) if name in _ENGLISH else None


def is_like_label(text: str) -> bool:
    """Tell whether `text` may be the label of a total over rows that it alone knows: 省级资金合计."""
    return _OTHER.fullmatch(fold(text).strip(":")) is not None


class Totals:
    """The rows of totals so far, by what all rows above each came to (in shares of 1元).

    A row of totals over all rows may also start from an earlier one of its kind, as those of a
    new year do. A subtotal starts from the last one of its level, or from the last row of totals.
    """

    def __init__(self) -> None:
        self._grand: set[int | Fraction] = {0}
        self._by_level: dict[str, int | Fraction] = {}
        self._last: int | Fraction = 0

    def expected(
        self, label: Label, said: int | Fraction, above: int | Fraction
    ) -> int | Fraction | None:
        """Return what a row of totals should say that says `said`, `None` where it is right.

        `above` is what all rows above it come to.
        """
        start = 0 if label.is_grand else self._by_level.get(label.level, 0)
        starts = self._grand if label.is_grand else {start, self._last}
        is_right = above - said in starts
        if label.is_grand:
            self._grand.add(above)
        self._by_level[label.level] = self._last = above
        return None if is_right else above - start
