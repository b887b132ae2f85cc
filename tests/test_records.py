"""Records beside the named tuples of the standard library, which they stand for."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
from typing import Any, NamedTuple

import pytest

import etown_check.records
from etown_check.records import Record


class Point(Record):
    """A place."""

    x: int
    y: int = 2
    label: str | None = None

    @property
    def total(self) -> int:
        return self.x + self.y

    def is_point(self, other: object) -> bool:
        return isinstance(other, __class__)  # type: ignore[name-defined]

    def moved(self, by: int) -> Point:
        return self._replace(x=self.x + by)


class Model(NamedTuple):
    x: int
    y: int = 2
    label: str | None = None


class One(Record):
    value: list[int]


class Nothing(Record):
    pass


WAYS: tuple[tuple[tuple[Any, ...], dict[str, Any]], ...] = (
    ((1,), {}),
    ((1, 5), {}),
    ((1, 5, "a"), {}),
    ((), {"x": 1}),
    ((), {"label": "a", "x": 3}),
    ((1,), {"label": "b"}),
)


@pytest.mark.parametrize(("values", "named"), WAYS)
def test_a_record_is_what_a_named_tuple_is(values: Any, named: Any) -> None:
    record: Any = Point(*values, **named)
    model = Model(*values, **named)
    assert record == model
    assert tuple(record) == tuple(model)
    assert hash(record) == hash(model)
    assert repr(record) == repr(model).replace("Model", "Point")
    assert record._asdict() == model._asdict()
    assert record._replace(y=7) == model._replace(y=7)
    assert (record.x, record.y, record.label) == (model.x, model.y, model.label)
    assert (record < (2,), record[1:], len(record)) == (model < (2,), model[1:], len(model))
    assert type(copy.copy(record)) is type(copy.deepcopy(record)) is Point
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        again = pickle.loads(pickle.dumps(record, protocol))
        assert type(again) is Point
        assert again == record


@pytest.mark.parametrize(
    ("values", "named"), [((), {}), ((1, 2, "a", 4), {}), ((1,), {"x": 1}), ((1,), {"z": 1})]
)
def test_a_wrong_call_says_the_same(values: Any, named: Any) -> None:
    with pytest.raises(TypeError) as expected:
        Model(*values, **named)
    with pytest.raises(TypeError) as raised:
        Point(*values, **named)
    assert str(raised.value) == str(expected.value).replace("Model", "Point")


def test_what_a_kind_of_records_says_of_itself() -> None:
    kind: Any = Point
    model: Any = Model
    for name in ("_fields", "_field_defaults", "__match_args__"):
        assert getattr(kind, name) == getattr(model, name)
    assert Point.__name__ == Point.__qualname__ == "Point"
    assert Point.__module__ == __name__
    assert Point.__doc__ == "A place."
    assert type(Point) is type  # plain, so that asking for it in a `match` is quick
    assert issubclass(Point, tuple)


def test_a_method_may_name_its_own_class() -> None:
    assert Point(1).is_point(Point(2))
    assert not Point(1).is_point(One([1]))


def test_nothing_can_be_put_on_a_record() -> None:
    point: Any = Point(1)
    with pytest.raises(AttributeError):
        point.x = 2
    with pytest.raises(AttributeError):
        point.other = 2
    assert not hasattr(point, "__dict__")


def test_methods_see_the_fields() -> None:
    assert Point(1).total == 3
    assert Point(1).moved(4) == (5, 2, None)


def test_replacing_what_is_not_there() -> None:
    with pytest.raises(ValueError, match=r"Got unexpected field names: \['z'\]"):
        Point(1)._replace(z=1)  # type: ignore[call-arg]


def test_making_one_of_values() -> None:
    assert Point._make([1, 2, "a"]) == Point(1, 2, "a")
    with pytest.raises(TypeError, match="Expected 3 arguments, got 2"):
        Point._make([1, 2])


def test_records_in_patterns() -> None:
    match Point(1, 2, "a"):
        case Point(x, y, label="a"):
            assert (x, y) == (1, 2)
        case _:
            pytest.fail("no such record")


def test_records_of_one_field_and_of_none() -> None:
    assert One([1]) == ([1],)
    assert One(value=[1]).value == [1]
    assert repr(One([1])) == "One(value=[1])"
    assert Nothing() == ()
    assert repr(Nothing()) == "Nothing()"


def test_a_field_without_a_default_after_one_with_it() -> None:
    with pytest.raises(TypeError, match="a field of Wrong without a default"):

        class Wrong(Record):
            x: int = 1
            y: int  # type: ignore[misc]


def test_evaluated_annotations_and_a_python_without_quick_getters() -> None:
    code = """
import sys
import _collections
del _collections._tuplegetter
from etown_check.records import Record
class Pair(Record):
    first: int
    second: "tuple[int, ...]" = ()
assert Pair(1).second == () and Pair(1, (2,)).second == (2,)
assert type(Pair.first) is property
print(Pair(3))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "Pair(first=3, second=())\n"


def test_as_many_fields_as_one_likes() -> None:
    names = [f"f{number}" for number in range(60)]
    kind: Any = etown_check.records._define("Wide", {"__annotations__": dict.fromkeys(names, int)})
    wide = kind(*range(60))
    assert wide == tuple(range(60))
    assert [getattr(wide, name) for name in names] == list(range(60))
