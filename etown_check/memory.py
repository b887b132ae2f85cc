"""What was found before, as much of it as may be held."""

from collections import OrderedDict
from collections.abc import Hashable, Iterator
from contextlib import suppress
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Memory(Generic[Key, Value]):
    """Remembers no more than the `most` last used. Several threads may use it."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._kept: OrderedDict[Key, Value] = OrderedDict()

    def recall(self, key: Key) -> Value | None:
        """Return what is remembered under `key`."""
        found = self._kept.get(key)
        if found is not None:
            with suppress(KeyError):  # another thread may have had it forgotten since
                self._kept.move_to_end(key)
        return found

    def remember(self, key: Key, value: Value) -> None:
        """Remember `value`, and forget what was not used for longest."""
        self._kept[key] = value
        if len(self._kept) > self.most:
            with suppress(KeyError):
                self._kept.popitem(last=False)

    def clear(self) -> None:
        """Forget everything."""
        self._kept.clear()

    def __len__(self) -> int:
        """Tell how much is remembered."""
        return len(self._kept)

    def __iter__(self) -> Iterator[Key]:
        """Go through the keys of what is remembered."""
        return iter(self._kept)
