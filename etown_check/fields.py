"""Reading the fields of a mapping: scalars, dates, known keys, and what is wrong with them."""

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from datetime import date

from yaml import MappingNode, Node, ScalarNode

from etown_check.problems import InputError, Problem, closest
from etown_check.text import fold
from etown_check.words import Text, Words
from etown_check.yamltree import entries, is_blank, position

YES = frozenset(("是", "有", "true"))
NO = frozenset(("否", "无", "false"))
_DATE = re.compile(r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?", re.ASCII)

_MOST_SUGGESTIONS = 30
"""Looking for what was meant takes time; a file with more unknown words is not a typing mistake."""


class FieldReader:
    """Reads the fields of one file and gathers its mistakes (`problems`) and `warnings`."""

    def __init__(self, path: str, also: Iterable[Problem] = ()) -> None:
        self.path = path
        self.problems: list[Problem] = list(also)
        self.warnings: list[Problem] = []
        self._suggested = 0

    def problem(self, node: Node, code: str, close: tuple[str, ...] = (), **args: Words) -> None:
        """Gather a mistake at `node`."""
        self.problems.append(Problem(self.path, position(node), code, args, close))

    def suggest(self, word: str, choices: Iterable[str], most: int = 2) -> tuple[str, ...]:
        """Return the choices that `word` may have been meant for, in a file of few mistakes."""
        self._suggested += 1
        return closest(word.strip(), choices, most) if self._suggested <= _MOST_SUGGESTIONS else ()

    def finish(self) -> None:
        """Raise what has been gathered, if anything."""
        if self.problems:
            raise InputError(self.problems)

    def known_entries(
        self,
        mapping: MappingNode,
        keys: dict[str, str],
        where: Text,
        misplaced: Container[str] = (),
    ) -> Iterator[tuple[str, ScalarNode, Node]]:
        """Yield the entries of `mapping` under the English names of `keys`; report the others.

        Names that are `misplaced` are right elsewhere: nothing is suggested in their stead.
        """
        for name, key, value in entries(self.path, mapping, aliases(keys), self.problems):
            if name in keys:
                yield name, key, value
                continue
            names = () if name in misplaced else (*keys.values(), *keys)
            close = self.suggest(key.value, names)
            known = tuple(both(keys, name) for name in keys)
            self.problem(key, "E301", close, key=key.value.strip(), where=where, known=known)

    def scalar(self, node: Node, key: Text, example: str) -> str:
        """Return the text of a scalar, "" where it is blank or no scalar (which is reported)."""
        if not isinstance(node, ScalarNode):
            self.problem(node, "E306", key=key, example=line_of(key, example))
            return ""
        return "" if is_blank(node) else node.value.strip()

    def day(self, node: Node, text: str) -> date | None:
        """Return the date that `text` says, however its parts are set apart; report any other."""
        match = _DATE.fullmatch(fold(text))
        try:
            if match:
                return date(*map(int, match.groups()))
        except ValueError:
            pass  # 2023-02-30: told like any other text that is no date
        self.problem(node, "E404", text=text)
        return None


def aliases(keys: Mapping[str, str]) -> dict[str, str]:
    """Map the folded forms of both names of each key to its English one."""
    return {fold(name): key for key, chinese in keys.items() for name in (chinese, key)}


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
