"""One line of a data file, what is wrong with it, and how it is mended in memory.

A mended line is read on in place of the one in the file, so it knows for each of its characters
where in the file that stands: whatever else is wrong with it is told there.
"""

from collections.abc import Iterator, Sequence

from etown_check.patterns import pattern
from etown_check.problems import Position, Problem
from etown_check.text import code_of
from etown_check.words import Text, Words

_INVISIBLE = pattern("[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]")
_DIRECTION = pattern("[\u061c\u202a-\u202e\u2066-\u2069]")
COMMENT = pattern(r"(?:^|(?<=\s))#")
_MOST_CORRECTED = 60
"""Characters of a corrected line that a hint shows."""


class Line:
    """One line. `written` is the file's, `found` what is wrong with it by its code.

    `text` lacks the invisible characters of the file's line; `origin` maps its characters to
    those of the file. An edit is a place, how many characters to take out, and what to put there.
    """

    def __init__(self, written: str) -> None:
        self.written = written
        self.text = written
        self.origin: Sequence[int] = range(len(written) + 1)
        self.edits: list[tuple[int, int, str]] = []
        self.found: dict[str, tuple[int, int, dict[str, Words]]] = {}
        self._look_for_hidden()

    def _look_for_hidden(self) -> None:
        if self.written.isprintable():  # nothing that hides is, and this is quickly asked
            return
        hidden = _INVISIBLE.search(self.written)
        turning = _DIRECTION.search(self.written)
        if not hidden and not turning:
            return
        comment = COMMENT.search(self.written)
        end = comment.start() if comment else len(self.written)
        if turning and turning.start() < end:
            self.report("W106", turning.start(), character=code_of(turning.group()))
        if hidden and hidden.start() < end:
            self.report("E229", hidden.start(), character=code_of(hidden.group()))
            kept = [at for at, it in enumerate(self.written) if not _INVISIBLE.match(it)]
            self.text = "".join(self.written[at] for at in kept)
            self.origin = [*kept, len(self.written)]

    def report(self, code: str, start: int, length: int = 1, **args: Words) -> None:
        """Note what is wrong at `start`; once a line for each code is enough."""
        begin, end = self.origin[start], self.origin[min(start + length, len(self.text))]
        self.found.setdefault(code, (begin, max(begin + 1, end), args))

    def edit(self, start: int, length: int, new: str) -> None:
        """Note how to mend the line."""
        self.edits.append((start, length, new))

    @property
    def is_mended(self) -> bool:
        """Whether anything is to be changed."""
        return bool(self.edits) or self.text is not self.written

    def mended(self) -> str:
        """Return the line as it was meant."""
        return "".join(
            self.text[start:end] if new is None else new for start, end, new in self._pieces()
        )

    def columns(self) -> list[int]:
        """Return the column in the file of each mended character, and of what stands behind."""
        found: list[int] = []
        for start, end, new in self._pieces():
            kept = range(start, end) if new is None else [start] * len(new)
            found += [self.origin[at] + 1 for at in kept]
        return [*found, len(self.written) + 1]

    def _pieces(self) -> Iterator[tuple[int, int, str | None]]:
        """Yield the parts of the line: where each begins and ends, and what stands for it now."""
        at = 0
        for start, length, new in sorted(self.edits):
            yield at, start, None
            yield start, start + length, new
            at = max(at, start + length)
        yield at, len(self.text), None

    def problems(self, path: str, number: int) -> Iterator[Problem]:
        """Yield what is wrong with the line, which has this number in the file at `path`."""
        corrected = self._corrected() if self.found else ""
        for code, (start, end, args) in self.found.items():
            place = Position(number, start + 1)
            said = {"corrected": corrected, **args}
            yield Problem(path, place, code, said, end=end + 1, line=self.written)

    def _corrected(self) -> Words:
        """Return the mended line, as much of it as a hint has room for."""
        mended = self.mended()
        if not mended.strip():
            return Text("（空行）", "(an empty line)")
        first = min((start for start, _, _ in self.edits), default=0)
        if len(mended.strip()) <= _MOST_CORRECTED:
            return mended.strip()
        begin = max(0, first - _MOST_CORRECTED // 2)
        shown = mended[begin : begin + _MOST_CORRECTED].strip()
        return f"{'…' if begin else ''}{shown}…"
