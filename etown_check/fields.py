"""Reading the fields of a mapping: scalars, dates, known keys, and what is wrong with them."""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache

from etown_check.limits import MAX_SUGGESTIONS
from etown_check.patterns import pattern
from etown_check.problems import Problem, closest
from etown_check.text import fold, is_number
from etown_check.tree import MappingNode, Node, ScalarNode, end_column, is_blank, position
from etown_check.words import Text, Words
from etown_check.yamltree import entries

YES = frozenset(("是", "有", "true"))
NO = frozenset(("否", "无", "false"))
_DATE = pattern(r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?", re.ASCII)


class FieldReader(ABC):
    """Reads the fields of one file and gathers its mistakes (`problems`) and `warnings`."""

    def __init__(self, path: str, also: Iterable[Problem] = ()) -> None:
        self.path = path
        self.problems: list[Problem] = list(also)
        self.warnings: list[Problem] = []
        self._suggested = 0

    def problem(self, node: Node, code: str, close: tuple[str, ...] = (), **args: Words) -> None:
        """Gather a mistake at `node`."""
        self.problems.append(self._at(node, code, args, close))

    def warn(self, node: Node, code: str, **args: Words) -> None:
        """Gather a warning at `node`."""
        self.warnings.append(self._at(node, code, args))

    def _at(
        self, node: Node, code: str, args: dict[str, Words], close: tuple[str, ...] = ()
    ) -> Problem:
        return Problem(self.path, position(node), code, args, close, end_column(node))

    def suggest(self, word: str, choices: Iterable[str], most: int = 2) -> tuple[str, ...]:
        """Return the choices that `word` may have been meant for, in a file of few mistakes."""
        self._suggested += 1
        return closest(word.strip(), choices, most) if self._suggested <= MAX_SUGGESTIONS else ()

    def known_entries(
        self, mapping: MappingNode, keys: dict[str, str], where: Text
    ) -> Iterator[tuple[str, ScalarNode, Node]]:
        """Yield the entries of `mapping` under the English names of `keys`; report the others."""
        for name, key, value in entries(self.path, mapping, naming(aliases(keys)), self.problems):
            if name in keys:
                yield name, key, value
            elif not self.misplaced(name, key):
                close = self.suggest(key.value, (*keys.values(), *keys))
                known = tuple(both(keys, name) for name in keys)
                self.problem(key, "E301", close, key=key.value.strip(), where=where, known=known)

    @abstractmethod
    def misplaced(self, name: str, key: ScalarNode) -> bool:
        """Report a key that is right elsewhere, and tell whether it is one."""

    def scalar(self, node: Node, key: Text, example: str) -> str:
        """Return the text of a scalar, "" where it is blank or no scalar (which is reported)."""
        if not isinstance(node, ScalarNode):
            self.problem(node, "E306", key=key, example=line_of(key, example))
            return ""
        return text_of(node)

    def day(self, node: Node, text: str) -> date | None:
        """Return the date that `text` says, however its parts are set apart; report any other."""
        day = read_day(text)
        if day is None:
            self.problem(node, "E404", text=text)
        return day


def read_day(text: str) -> date | None:
    """Return the date that `text` says, `None` where it says none, as 2023-02-30 does."""
    if len(text) == 10 and text[4] == text[7] == "-" and is_number(text.replace("-", "")):
        try:
            return date.fromisoformat(text)  # as most are written
        except ValueError:
            return None
    match = _DATE.fullmatch(fold(text))
    try:
        return date(*map(int, match.groups())) if match else None
    except ValueError:
        return None


def text_of(node: ScalarNode) -> str:
    """Return the text of a scalar, "" where it is blank."""
    return "" if is_blank(node) else node.value.strip()


def aliases(keys: Mapping[str, str]) -> Mapping[str, str]:
    """Map the folded forms of both names of each key to its English one."""
    return _aliases(tuple(keys.items()))


@lru_cache(maxsize=64)
def _aliases(keys: tuple[tuple[str, str], ...]) -> Mapping[str, str]:
    return {fold(name): key for key, chinese in keys for name in (chinese, key)}


def naming(names: Mapping[str, str]) -> Callable[[str], str]:
    """Return what `entries` takes: the name of each folded form, or the form itself."""

    def name_of(folded: str) -> str:
        return names.get(folded, folded)

    return name_of


def both(keys: Mapping[str, str], key: str) -> Text:
    """Return a key's name in both languages."""
    return Text(keys[key], key)


def line_of(key: Text, value: str) -> Text:
    """Return a line of a data file in both languages of its key."""
    return Text(f"{key.zh}: {value}", f"{key.en}: {value}")


def yes_no(text: str) -> bool | None:
    """Return the answer that `text` gives, `None` for neither."""
    word = fold(text).lower()
    return True if word in YES else False if word in NO else None
