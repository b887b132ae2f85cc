"""What was found before, as much of it as may be held."""

from __future__ import annotations

from itertools import compress
from operator import ne

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Sequence
    from typing import Generic, TypeVar

    Key = TypeVar("Key", bound=Hashable)
    Value = TypeVar("Value")
    Made = TypeVar("Made")
else:

    class Generic:
        """Stands for that of `typing`, which a run need not import."""

        def __class_getitem__(cls, _: object) -> type:
            return cls


def differing(now: Sequence[Value], before: Sequence[Value]) -> list[int]:
    """Return where one thing differs from the other, which has as many parts."""
    return list(compress(range(len(now)), map(ne, now, before)))


class Memory(Generic["Key", "Value"]):
    """Remembers no more than `most`, and the last used half of that in any case.

    What is remembered is in two halves. Whatever is used goes to the new one; when that is full it
    becomes the old one, and what was there and was not used since is forgotten. That costs little
    more than a dictionary, and several threads may use it.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self._new: dict[Key, Value] = {}
        self._old: dict[Key, Value] = {}

    def recall(self, key: Key) -> Value | None:
        """Return what is remembered under `key`."""
        found = self._new.get(key)
        if found is None:
            found = self._old.get(key)
            if found is not None:
                self.remember(key, found)
        return found

    def unknown(self, keys: Sequence[Key]) -> list[int]:
        """Return where among `keys` those stand under which nothing is remembered."""
        new = self._new
        return [at for at, key in enumerate(keys) if key not in new and self.recall(key) is None]

    def remember(self, key: Key, value: Value) -> None:
        """Remember `value`, and forget what was not used for long."""
        if len(self._new) >= self.most // 2:
            self._old, self._new = self._new, {}
        self._new[key] = value

    def clear(self) -> None:
        """Forget everything."""
        self._old, self._new = {}, {}

    def __len__(self) -> int:
        """Tell how much is remembered."""
        return len(self._keys())

    def __iter__(self) -> Iterator[Key]:
        """Go through the keys of what is remembered."""
        return iter(self._keys())

    def _keys(self) -> dict[Key, Value]:
        return {**self._old, **self._new}


MOST_RECENT = 8
"""Files that are known again as wholes: several towns may report a month each before the next."""


class Recent(Generic["Value"]):
    """The few things that were used last, the very last of them first. Several threads may use it."""

    def __init__(self, most: int = MOST_RECENT) -> None:
        self.most = most
        self._kept: tuple[Value, ...] = ()

    def keep(self, value: Value, instead_of: Value | None = None) -> None:
        """Keep `value` as what was used last, and another thing no longer that it stands for now."""
        others = [it for it in self._kept if it is not value and it is not instead_of]
        self._kept = (value, *others[: self.most - 1])

    def clear(self) -> None:
        """Forget everything."""
        self._kept = ()

    def __iter__(self) -> Iterator[Value]:
        """Go through what is kept."""
        return iter(self._kept)

    def __len__(self) -> int:
        """Tell how much is kept."""
        return len(self._kept)


class Known(Generic["Made", "Value"]):
    """Remembers what was made of objects, by their identities.

    An object is held with what was made of it, so that nothing else can have its identity.
    """

    def __init__(self, most: int) -> None:
        self.memory: Memory[int, tuple[Made, Value]] = Memory(most)

    def recall(self, of: Made) -> Value | None:
        """Return what was made of an object."""
        found = self.memory.recall(id(of))
        return None if found is None else found[1]

    def remember(self, of: Made, value: Value) -> Value:
        """Remember `value`, which was made of an object, and return it."""
        self.memory.remember(id(of), (of, value))
        return value


class Once(Generic["Made", "Value"]):
    """What is made `of` an object once, for as long as few others are asked about.

    Objects are told apart by their identity, whatever they hold.
    """

    def __init__(self, make: Callable[[Made], Value], most: int = 3) -> None:
        self.make = make
        self.most = most
        self._made: list[tuple[Made, Value]] = []

    def of(self, key: Made) -> Value:
        """Return what is made of `key`."""
        for one, value in self._made:
            if one is key:
                return value
        value = self.make(key)
        self._made.insert(0, (key, value))
        del self._made[self.most :]
        return value

    def clear(self) -> None:
        """Forget everything."""
        self._made.clear()

    def __len__(self) -> int:
        """Tell how much is kept."""
        return len(self._made)
