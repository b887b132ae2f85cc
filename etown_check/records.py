"""Records: named tuples that are quick to define.

A run defines more than a hundred kinds of them before it reads a data file. For each kind
`typing.NamedTuple` compiles a constructor, all of which takes longer than to judge the file. But
constructors of as many fields differ in the names of the fields alone: here one is compiled for
each number of fields, and copied under other names.

A `Record` is written as a `NamedTuple` is, is one to a type checker, and behaves as one.
"""

from __future__ import annotations

from operator import itemgetter
from types import FunctionType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any, Self
    from typing import NamedTuple as Record

__all__ = ["Record"]

try:
    from _collections import _tuplegetter  # type: ignore[import-not-found]
except ImportError:  # as in `collections`: not every Python has the quicker one

    def _tuplegetter(index: int, doc: str | None) -> property:
        return property(itemgetter(index), doc=doc)


_getters: list[Any] = []
"""What takes each field out of a record: kinds share them."""

_constructors: dict[int, Any] = {}
"""A constructor of records of so many fields, under other names than theirs."""


class _Values(tuple["Any", ...]):
    """What all kinds of records can do."""

    __slots__ = ()
    _fields: tuple[str, ...]
    _field_defaults: dict[str, Any]

    @classmethod
    def _make(cls, values: Iterable[Any]) -> Self:
        made = tuple.__new__(cls, values)
        if len(made) != len(cls._fields):
            raise TypeError(f"Expected {len(cls._fields)} arguments, got {len(made)}")
        return made

    def _replace(self, /, **changes: Any) -> Self:
        made = self._make(map(changes.pop, self._fields, self))
        if changes:
            raise ValueError(f"Got unexpected field names: {list(changes)!r}")
        return made

    __replace__ = _replace

    def _asdict(self) -> dict[str, Any]:
        return dict(zip(self._fields, self, strict=True))

    def __repr__(self) -> str:
        values = (f"{name}={value!r}" for name, value in zip(self._fields, self, strict=True))
        return f"{type(self).__name__}({', '.join(values)})"

    def __getnewargs__(self) -> tuple[Any, ...]:
        return tuple(self)


def _define(name: str, names: dict[str, Any]) -> type[_Values]:
    """Return the kind of records that a class statement with these `names` defines."""
    kind = type(name, (_Values,), {**names, "__slots__": ()})
    fields = tuple(kind.__annotations__)
    defaults = {field: names[field] for field in fields if field in names}
    if tuple(defaults) != fields[len(fields) - len(defaults) :]:
        raise TypeError(f"a field of {name} without a default follows one with a default")
    while len(_getters) < len(fields):
        _getters.append(_tuplegetter(len(_getters), None))
    own = {
        "_fields": fields,
        "_field_defaults": defaults,
        "__match_args__": fields,
        "__new__": staticmethod(_constructor(name, fields, tuple(defaults.values()))),
        **dict(zip(fields, _getters, strict=False)),
    }
    for key, value in own.items():
        setattr(kind, key, value)
    return kind


def _constructor(
    name: str, fields: tuple[str, ...], defaults: tuple[Any, ...]
) -> Callable[..., Any]:
    size = len(fields)
    if size not in _constructors:
        values = ", ".join(map("_{}".format, range(size)))
        source = f"lambda _cls, {values}: _new(_cls, ({values}{',' * (size == 1)}))"
        _constructors[size] = eval(source, {"_new": tuple.__new__})  # noqa: S307 - our own text
    model = _constructors[size]
    code = model.__code__.replace(co_varnames=("_cls", *fields))
    made = FunctionType(code, model.__globals__, "__new__", defaults or None)
    made.__qualname__ = f"{name}.__new__"
    return made


class _Kind(type):
    """Makes of a class statement a plain class of tuples, which is quicker to ask about."""

    def __new__(cls, name: str, bases: tuple[type, ...], names: dict[str, Any]) -> Any:
        return _define(name, names) if bases else super().__new__(cls, name, bases, names)


if not TYPE_CHECKING:

    class Record(metaclass=_Kind):
        """The base that a class statement names to define a kind of records."""
