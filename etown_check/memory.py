"""What was found before, as much of it as may be held."""

from collections.abc import Hashable, Iterator
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Memory(Generic[Key, Value]):
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

    def remember(self, key: Key, value: Value) -> None:
        """Remember `value`, and forget what was not used for long."""
        if 2 * len(self._new) >= self.most:
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
