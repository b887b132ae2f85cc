"""Where the marks of a chart stand, as exact shares of its length."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import accumulate

from etown_check.documents.model import Bar, Bullet, Share
from etown_check.records import Record

_FARTHEST = Fraction(5, 2)
"""So many times its farthest limit a chart reaches at most."""

_HEADROOM = Fraction(9, 8)
"""So much longer than what it must hold a chart is, so that no limit stands at its very end."""


class BulletMarks(Record):
    """Shares of the length of a bullet chart, from 0 on its left to 1 on its right.

    The bar stands from `start` to `end`; what is required from `low` to `high`, with a mark at each
    of `limits`. `is_beyond` tells that the value is farther off than the chart reaches, so that its
    bar is broken off: on the right, or, where the value is negative, on the left.
    """

    start: Fraction
    end: Fraction
    zero: Fraction
    low: Fraction
    high: Fraction
    limits: tuple[Fraction, ...]
    is_beyond: bool


def bullet_marks(bullet: Bullet) -> BulletMarks:
    """Return where the marks of `bullet` stand.

    The chart holds zero, the limits and the value. But a value far beyond its limits must not
    shrink them to nothing.
    """
    limits = [limit for limit in (bullet.low, bullet.high) if limit is not None]
    reach = (
        _FARTHEST * max(map(abs, limits), default=Fraction(0)) or abs(bullet.value) or Fraction(1)
    )
    value = max(-reach, min(bullet.value, reach))
    left = min(Fraction(0), value, *limits)
    length = (max(Fraction(0), value, *limits) - left) * _HEADROOM or Fraction(1)

    def place(at: Fraction) -> Fraction:
        return (at - left) / length

    is_beyond = value != bullet.value
    end = Fraction(1) if is_beyond and value > 0 else place(value)
    zero = place(Fraction(0))
    return BulletMarks(
        min(zero, end),
        max(zero, end),
        zero,
        Fraction(0) if bullet.low is None else place(bullet.low),
        Fraction(1) if bullet.high is None else place(bullet.high),
        tuple(map(place, limits)),
        is_beyond,
    )


def bar_segments(bar: Bar) -> Iterator[tuple[Share, Fraction, Fraction]]:
    """Yield the shares of `bar` that are not nothing, and where each starts and ends."""
    shown = [share for share in bar.shares if share.number]
    ends = list(accumulate(share.number for share in shown))
    for share, end in zip(shown, ends, strict=True):
        yield share, Fraction(end - share.number, ends[-1]), Fraction(end, ends[-1])
