"""Finding descriptions that speak of a forbidden use."""

import re
from collections.abc import Iterable

from etown_check.standard import LedgerForm
from etown_check.text import fold, without_hidden

_APART = "\n"
"""What an exception leaves behind, lest the words beside it become one."""

# Folding takes longer than searching. It changes nothing of most descriptions, but for marks that
# no word holds: these are full-width, and their plain forms follow.
_ALMOST_PLAIN = re.compile("[!-~一-鿿（），。、；：“”《》【】—…·！？]*")
_PLAIN_FORMS = frozenset("(),;:.!?")


class Speech:
    """The words by which descriptions speak of forbidden uses, as a form of ledgers lists them."""

    def __init__(self, form: LedgerForm) -> None:
        self._lists = [
            (it.use, _any_of(it.words), _any_of(it.exceptions) if it.exceptions else None)
            for it in form.words
        ]
        listed = [word for it in form.words for word in it.words]
        self._written = {_plain(word): word for word in reversed(listed)}
        self._any = _any_of(listed)
        self._may_skip = not any(_PLAIN_FORMS & set(word) for word in self._written)

    def of(self, description: str) -> tuple[str, str] | None:
        """Return the use that `description` speaks of and the word that says so.

        The first list that has such a word decides, and of its words the one that stands first; of
        several at one place, the longest. `None` where it speaks of none.
        """
        is_plain = self._may_skip and _ALMOST_PLAIN.fullmatch(description)
        text = description.lower() if is_plain else _plain(description)
        if self._any.search(text) is None:
            return None
        text = _plain(description)
        for use, words, exceptions in self._lists:
            match = words.search(exceptions.sub(_APART, text) if exceptions else text)
            if match:
                return use, self._written[match.group()]
        return None


def _plain(text: str) -> str:
    if not text.isprintable():
        text = without_hidden("".join(text.split()))
    return fold(text).lower()


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    """Return what finds any of `words`, of several at one place the longest; nothing for none."""
    longest_first = sorted({_plain(word) for word in words}, key=lambda it: (-len(it), it))
    return re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")
