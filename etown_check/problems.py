"""Problems of input: one record, one shape. What their codes say stands in `kinds`."""

from collections.abc import Iterable, Mapping, Sequence

from etown_check.endings import is_workbook
from etown_check.limits import MAX_ECHOED
from etown_check.records import Record
from etown_check.words import Text, Words, render

TYPE_CHECKING = False
if TYPE_CHECKING:
    from etown_check.kinds import Kind


class Position(Record):
    """A place in a file. Lines and columns count from 1; columns count characters.

    In a workbook it is a cell of `sheet`: `line` is its row, and `column` the number of its column.
    """

    line: int
    column: int
    sheet: str = ""


def cell_name(position: Position) -> str:
    """Return a cell as Excel names it, with its sheet in brackets: `[二、主导产业]D7`."""
    return f"[{position.sheet}]{address(position)}"


def address(position: Position) -> str:
    """Return a cell of a workbook as Excel names it: `D7`."""
    return f"{column_name(position.column)}{position.line}"


def column_name(number: int) -> str:
    """Return the letters of a column of a workbook, of which the first is 1."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


class Problem(Record):
    """One mistake in one place of an input.

    `close` holds what the writer may have meant; it is told before the hint. `end` is the column
    behind the last character that is wrong, and `line` the line of the file (see `located`).
    """

    path: str
    position: Position | None
    code: str
    args: Mapping[str, Words]
    close: tuple[str, ...] = ()
    end: int | None = None
    line: str | None = None

    def message(self, lang: str) -> str:
        """Say what is wrong."""
        return self._render(self._kind.message, lang)

    def hint(self, lang: str) -> str:
        """Say what to write instead."""
        _, text, in_cell = self._kind
        if in_cell is not None and (
            self.position.sheet if self.position else is_workbook(self.path)
        ):
            text = in_cell
        hint = self._render(text, lang)
        return f"{did_you_mean(self.close, lang)}{hint}".strip()

    @property
    def _kind(self) -> "Kind":
        from etown_check.kinds import KINDS  # a table that only a mistake needs

        return KINDS[self.code]

    def _render(self, text: Text, lang: str) -> str:
        args = {
            name: _shortened(arg) if name in _ECHOED and isinstance(arg, str) else render(arg, lang)
            for name, arg in self.args.items()
        }
        return render(text, lang).format(**args)


# Arguments that repeat what the file says, which may be of any length.
_ECHOED = frozenset(("exact", "first", "key", "other", "text", "unit", "word"))


def _shortened(text: str) -> str:
    """Return `text`, or both its ends where it is long."""
    if len(text) <= MAX_ECHOED:
        return text
    return f"{text[: MAX_ECHOED * 2 // 3]}…{text[-MAX_ECHOED // 3 :]}"


def located(problems: Iterable[Problem], lines: Sequence[str]) -> list[Problem]:
    """Return `problems` with the lines that they are about, and where each ends.

    What runs over several lines, or does not say where it ends, ends with its first line.
    """
    return [_located(problem, lines) for problem in problems]


def _located(problem: Problem, lines: Sequence[str]) -> Problem:
    if problem.position is None or problem.line is not None or not lines:
        return problem
    line = lines[problem.position.line - 1] if problem.position.line <= len(lines) else ""
    after = problem.position.column + 1
    end = problem.end or max(after, len(line.rstrip()) + 1)
    return problem._replace(line=line, end=max(after, min(end, len(line) + 1)))


def did_you_mean(close: tuple[str, ...], lang: str) -> str:
    """Offer what may have been meant; nothing where there is nothing to offer."""
    if not close:
        return ""
    if lang == "en":
        return f"Did you mean {' or '.join(f'“{name}”' for name in close)}? "
    return f"是不是想写{'或'.join(f'“{name}”' for name in close)}？"


_NOWHERE = Position(0, 0)


class InputError(Exception):
    """An input cannot be used. `problems` holds all of its mistakes, in the order of its files.

    Those of a workbook stand in the order in which its sheets first occur among them. `warnings`
    are what else there is to say of it.
    """

    def __init__(self, problems: Iterable[Problem], warnings: Iterable[Problem] = ()) -> None:
        told = list(problems)
        files = {path: at for at, path in enumerate(dict.fromkeys(it.path for it in told))}
        places = [it.position or _NOWHERE for it in told]
        sheets = {sheet: at for at, sheet in enumerate(dict.fromkeys(it.sheet for it in places))}
        order = sorted(
            range(len(told)),
            key=lambda at: (files[told[at].path], sheets[places[at].sheet], places[at]),
        )
        self.problems = [told[at] for at in order]
        self.warnings = list(warnings)
        super().__init__("; ".join(f"{p.path}: {p.message('en')}" for p in self.problems))

    def __reduce__(self) -> tuple[type["InputError"], tuple[list[Problem], list[Problem]]]:
        """Let it come whole from another process."""
        return type(self), (self.problems, self.warnings)


class ConfigurationError(InputError):
    """What a run is told to work by cannot be used: a mistake of configuration, not of data."""


class StandardError(ConfigurationError):
    """A standard cannot be used."""


def closest(word: str, choices: Iterable[str], most: int = 2) -> tuple[str, ...]:
    """Return the choices that `word` may have been meant for, the likeliest first."""
    # Slow to import, and needed only for a mistake.
    from difflib import get_close_matches

    from etown_check.traditional import simplified

    known = list(dict.fromkeys(choices))
    word = simplified(word)
    if word in known:
        return (word,)
    within = [choice for choice in known if len(word) > 1 and (word in choice or choice in word)]
    # Of two characters one is half: a lower bound for the short words that Chinese keys are.
    near = get_close_matches(word, known, n=most, cutoff=0.5 if len(word) < 3 else 0.55)
    return tuple(dict.fromkeys([*near, *sorted(within, key=len)]))[:most]
