"""The closed lists of a ledger's form: sources of funds, and categories of expense."""

from collections.abc import Iterable

from etown_check.limits import MAX_SUGGESTIONS
from etown_check.problems import closest
from etown_check.standard import Category, FundSource
from etown_check.text import fold
from etown_check.words import Text, Words


class ClosedList:
    """The words that a column may hold, under all of the names that each of them goes by."""

    def __init__(self, column: Text, words: Iterable[Category | FundSource]) -> None:
        self._column = column
        self._suggested = 0
        self._known: list[Text] = []
        self._names: dict[str, str] = {}
        self._spelled: dict[str, str] = {}
        for word in words:
            self._known.append(word.name)
            for name in (*word.name, *word.also):
                self._names.setdefault(_folded(name), word.name.zh)
                self._spelled.setdefault(name, word.name.zh)

    def of(self, text: str) -> str | None:
        """Return the Chinese name of the word that `text` is, `None` where it is none of these."""
        return self._names.get(_folded(text))

    def unknown(self, text: str) -> tuple[dict[str, Words], tuple[str, ...]]:
        """Return what is to be said of `text`, which is no word of the list, and what may be meant.

        Looking for that takes time, and is given up after many such words.
        """
        self._suggested += 1
        near = closest(text, self._spelled) if self._suggested <= MAX_SUGGESTIONS else ()
        close = tuple(dict.fromkeys(self._spelled[it] for it in near))
        return {"name": self._column, "text": text, "known": tuple(self._known)}, close


def _folded(text: str) -> str:
    return fold(text).lower()
