"""Records: named tuples that are quick to define.

A run defines more than a hundred kinds of them before it reads a data file. For each kind
`typing.NamedTuple` compiles a constructor, all of which takes longer than to judge the file. But
constructors of as many fields differ in the names of the fields alone: here one is compiled for
each number of fields, and copied under other names.

A `Record` is written as a `NamedTuple` is, is one to a type checker, and behaves as one.
"""

from __future__ import annotations

import sys
from operator import itemgetter
from types import FunctionType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any
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


def _make(cls: Any, values: Iterable[Any]) -> Any:
    made = tuple.__new__(cls, values)
    if len(made) != len(cls._fields):
        raise TypeError(f"Expected {len(cls._fields)} arguments, got {len(made)}")
    return made


def _replace(self: Any, /, **changes: Any) -> Any:
    made = self._make(map(changes.pop, self._fields, self))
    if changes:
        raise ValueError(f"Got unexpected field names: {list(changes)!r}")
    return made


def _asdict(self: Any) -> dict[str, Any]:
    return dict(zip(self._fields, self, strict=True))


def _repr(self: Any) -> str:
    values = (f"{name}={value!r}" for name, value in zip(self._fields, self, strict=True))
    return f"{type(self).__name__}({', '.join(values)})"


def _getnewargs(self: Any) -> tuple[Any, ...]:
    return tuple(self)


# In the names of each kind, not in a base of all: a class of one built-in base is quicker to make.
_METHODS = {
    "__slots__": (),
    "_make": classmethod(_make),
    "_replace": _replace,
    "__replace__": _replace,
    "_asdict": _asdict,
    "__repr__": _repr,
    "__getnewargs__": _getnewargs,
}


def _define(name: str, names: dict[str, Any]) -> type:
    """Return the kind of records that a class statement with these `names` defines."""
    fields = tuple(_annotations(names))
    defaults = {field: names[field] for field in fields if field in names}
    if tuple(defaults) != fields[len(fields) - len(defaults) :]:
        raise TypeError(f"a field of {name} without a default follows one with a default")
    while len(_getters) < len(fields):
        _getters.append(_tuplegetter(len(_getters), None))
    own = {
        "_fields": fields,
        "_field_defaults": defaults,
        "__match_args__": fields,
        "__new__": _constructor(name, fields, tuple(defaults.values())),
    }
    getters = dict(zip(fields, _getters, strict=False))
    return type(name, (tuple,), {**_METHODS, **names, **own, **getters})


def _annotations(names: dict[str, Any]) -> Iterable[str]:
    """Return the annotated names of a class statement, in their order."""
    if sys.version_info >= (3, 14) and "__annotations__" not in names:
        # There they are evaluated when they are asked for.
        from annotationlib import Format, call_annotate_function, get_annotate_from_class_namespace

        annotate = get_annotate_from_class_namespace(names)
        return call_annotate_function(annotate, Format.FORWARDREF) if annotate else ()
    found: dict[str, Any] = names.get("__annotations__", {})
    return found


def _constructor(name: str, fields: tuple[str, ...], defaults: tuple[Any, ...]) -> Any:
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
