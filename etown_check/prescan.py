"""What Chinese input methods do to YAML, told before YAML is read: the real line, the real cause.

A full-width colon makes a line of valid YAML that means nothing, and an error on the next line.
So the text is read here as a clerk means it: each slip is told with the corrected line, and
mended in memory, so that the rest of the file can be read and told in the same run. A file with
a slip is never accepted.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from etown_check.keys import CONTACT_KEYS, DETAIL_KEYS, DOCUMENT_KEYS, VERIFIED_KEYS, WAIVER_KEYS
from etown_check.limits import MAX_PROBLEMS
from etown_check.memory import Memory
from etown_check.mending import COMMENT, Line
from etown_check.patterns import pattern
from etown_check.problems import Position, Problem
from etown_check.records import Record
from etown_check.text import code_of, fold

_WIDE_SPACES = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_BLANKS = f" \t{_WIDE_SPACES}"
# What a slip shows itself by. Nothing of it outside of remarks, and there is nothing to look for.
_CHARACTER = (
    f"[：，、；＃［］【】｛｝“”＂‘’＇「」\t\uff21-\uff3a\uff41-\uff5a{_WIDE_SPACES}"
    "\u00ad\u200b-\u200f\u2060-\u2064\ufeff\u061c\u202a-\u202e\u2066-\u2069]"
)
_COLON = r":(?=[^\s/])"
_COMMAS = ", *,"
_DASH = r"^ *(?:-(?=[^\s-])|[－—–−])"
# One after the other is looked for faster than all together.
_SIGNS = tuple(pattern(it, re.MULTILINE) for it in (_CHARACTER, _COLON, _COMMAS, _DASH))
# What a line may open that the next lines belong to.
_OPENING = pattern(r"[\[{\"'|>]")
_LEAD = pattern(rf"[ \t{_WIDE_SPACES}]*")
_ODD_SPACE = pattern(f"[\t{_WIDE_SPACES}]")
_WIDE_SPACE = pattern(f"[{_WIDE_SPACES}]")
_SPACES = pattern("[ \t]*")
_FULL_WIDTH_LETTER = pattern("[\uff21-\uff3a\uff41-\uff5a]")
_BLOCK_SCALAR = pattern(r"[|>][-+\d]*\s*(#.*)?$")
_DASHES = frozenset("－—–−")
_OPENERS = frozenset("［【｛")
_PLAIN_BRACKET = {"［": "[", "【": "[", "｛": "{", "］": "]", "】": "]", "｝": "}"}
_QUOTES = {"“": "”", "‘": "’", "＂": "＂", "＇": "＇", "「": "」", "”": "“"}
_ENDS = frozenset((*"，、；,]}］】｝:：", ""))  # what may stand behind an entry within brackets
_SEPARATOR = pattern("[:：（）()]|(?<=[ \t])[#＃]")
_FLOW = pattern(r"[\[\]{},\"'#:，、；：＃［］【】｛｝（）()“‘＂＇「”]")
_YEAR = pattern(r"\d{4}年?", re.ASCII)
_NEXT_LINE = pattern(rf"([ \t{_WIDE_SPACES}]*)[^\s\[\]{{}},\"'#：:]+[：:]")
_NEXT_KEY = pattern(r"\s*([^\s，,、；：:{}\[\]]{1,24})\s*[:：]")
# The keys that stand within braces: a comma before one of them separates entries.
_INNER_KEYS = frozenset(
    name
    for keys in (DETAIL_KEYS, DOCUMENT_KEYS, VERIFIED_KEYS, CONTACT_KEYS)
    for pair in keys.items()
    for name in pair
)
# A path may hold Chinese commas; only behind the ending of a file does one separate paths.
_PATH = pattern(r"[/\\]|\.[A-Za-z]{2,5}\s*$")
_ENDING = pattern(r"\.[A-Za-z]{2,5}\s*$")
_REST_OF_ENTRY = pattern(r"[^,\[\]{}]*")
_MOST_OF_AN_ENTRY = 200
"""Characters of an entry that are searched for what it is."""
# The entries of no other list have keys: elsewhere a name may hold such a word and a colon.
_WAIVER_KEY = f"({'|'.join([*WAIVER_KEYS, *WAIVER_KEYS.values()])})[ \t]*[:：]"
_KEY_OF_WAIVER = pattern(_WAIVER_KEY)
_ENTRY_KEY = pattern(f"( *- +)(?={_WAIVER_KEY})")
_NOTE = frozenset(("note", DETAIL_KEYS["note"]))


class Scanned(Record):
    """The text with its slips mended, and what is to be said of them.

    `columns` maps the numbers of mended lines to the column in the file of each of their
    characters, and one more for what stands behind the last.
    """

    text: str
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    columns: Mapping[int, Sequence[int]] = {}

    def place(self, position: Position) -> Position:
        """Return where in the file a place of the mended text is."""
        return position._replace(column=self.column(position.line, position.column))

    def column(self, line: int, column: int) -> int:
        """Return the column in the file of a column of the mended text."""
        columns = self.columns.get(line)
        return columns[min(column, len(columns)) - 1] if columns else column


MOST_REMEMBERED = 3_000
"""Lines that are remembered."""

_CLEAN: Memory[str, str] = Memory(MOST_REMEMBERED)
"""Lines that hold no slip where they stand alone."""


def scan(path: str, text: str, lines: Sequence[str], *, is_plain: bool = False) -> Scanned:
    """Find the slips in the text of the file at `path`, which has these `lines`.

    Of a text that `is_plain` (see `plain_yaml`) no line goes on with another one, so that those
    without a sign of a slip need not be read.
    """
    told = _told_alone(path, lines) if is_plain else None
    columns: dict[int, list[int]] = {}
    if told is None:
        told = []
        mended = list(lines)
        for at, line in _read(lines) if _has_signs(text) else ():
            told += line.problems(path, at + 1)
            if line.is_mended:
                columns[at + 1] = line.columns()
                mended[at] = line.mended()
            if len(told) > MAX_PROBLEMS:
                break
        if columns:
            text = "\n".join(mended)
    return Scanned(
        text,
        tuple(problem for problem in told if problem.code[0] == "E"),
        tuple(problem for problem in told if problem.code[0] == "W"),
        columns,
    )


def are_clean(path: str, lines: Sequence[str]) -> bool:
    """Tell whether there is nothing to tell of lines that stand alone, and that each of them does."""
    return _told_alone(path, lines) == []


def _has_signs(text: str) -> bool:
    return any(sign.search(text) for sign in _SIGNS)


def _read(lines: Sequence[str]) -> Iterator[tuple[int, Line]]:
    """Yield the lines that have to be looked at closely, and where they stand in `lines`."""
    scanner = _Scanner()
    for at, written in enumerate(lines):
        line = scanner.line(written)
        if line is not None:
            yield at, line


def _told_alone(path: str, lines: Sequence[str]) -> list[Problem] | None:
    """Return what there is to tell of lines that stand alone, `None` where one does not.

    What is mended may go on with other lines, and so may what a line leaves open.
    """
    unknown = _CLEAN.unknown(lines)
    signed = _signed([lines[at] for at in unknown])
    told: list[Problem] = []
    for number, at in enumerate(unknown):
        written = lines[at]
        if number in signed and not written.lstrip(" ").startswith("#"):
            scanner = _Scanner()
            line = scanner.line(written)
            if scanner.is_within or (line is not None and line.is_mended):
                return None
            found = [] if line is None else line.problems(path, at + 1)
            if found:
                told += found
                if len(told) > MAX_PROBLEMS:
                    break
                continue
        _CLEAN.remember(written, written)
    return told


def _signed(lines: Sequence[str]) -> set[int]:
    """Return which of `lines` hold a sign of a slip."""
    text = "\n".join(lines)
    found: set[int] = set()
    for sign in _SIGNS:
        line = begin = 0
        for match in sign.finditer(text):
            line += text.count("\n", begin, match.start())
            begin = match.start()
            found.add(line)
    return found


class _Scanner:
    """Follows the lines of a file as far as is needed to know what each sign stands for."""

    def __init__(self) -> None:
        self.brackets: list[str] = []  # that are open: "[" or "{"
        self.floor = -1  # indentation of the key or entry that they are the value of
        self.since = 0  # where an entry within brackets begins
        self.is_keyed = False  # whether it has had its colon
        self.depth = 0  # of the brackets that are part of its text
        self.quote = ""  # that is open, over lines
        self.block: int | None = None  # indentation above which lines are a block of text
        self.prose: int | None = None  # indentation above which lines continue a text
        self.indents: set[int] = set()  # of the line before and of those that it is under
        self.opens = False  # whether the last line opens a mapping or a list
        self.now = Line("")

    @property
    def is_within(self) -> bool:
        """Whether a bracket or a quotation mark is open."""
        return bool(self.brackets or self.quote)

    def line(self, written: str) -> Line | None:
        """Read the next line; return it if it had to be looked at closely."""
        if not (self.quote or self.brackets or _needs_reading(written)):
            self._plain_line(written)
            return None
        self.now = Line(written)
        text = self.now.text
        if self.quote:
            at = _closing(text, 0, self.quote)
            if at < 0:
                return self.now
            self.quote = ""
            self._after_quote(at + 1)
        elif self.brackets and not self._is_unclosed(text):
            self._flow(0)
        else:
            self._block_line(text)
        return self.now

    def _is_unclosed(self, text: str) -> bool:
        """Tell whether the brackets were left open above: here the next key begins."""
        match = _NEXT_LINE.match(text)
        if match is None or _indent(match.group(1)) > self.floor:
            return False
        self.brackets.clear()
        return True

    # Lines in block style

    def _plain_line(self, text: str) -> None:
        """Follow a line that is blank, a comment, or a key and a value without anything odd."""
        words = COMMENT.split(text, maxsplit=1)[0].strip()
        indent = len(text) - len(text.lstrip(" "))
        if not words or self._continues(indent):
            return
        self._begin(indent)
        entry = _ENTRY_KEY.match(text)
        if entry:
            indent = self._key_of_entry(entry.end(1))
        self.opens = words[-1] == ":"
        self.prose = None if self.opens and fold(words[:-1]) not in _NOTE else indent

    def _key_of_entry(self, indent: int) -> int:
        """Note that the entry of a list has keys of its own; return their indentation."""
        self.indents.add(indent)
        return indent

    def _continues(self, indent: int) -> bool:
        """Tell whether a line of this indentation belongs to a text above it."""
        return any(it is not None and indent > it for it in (self.block, self.prose))

    def _begin(self, indent: int) -> None:
        """Begin a line that belongs to no text above it."""
        self.block = self.prose = None
        self.indents = {seen for seen in self.indents if seen < indent} | {indent}
        self.opens = False

    def _block_line(self, text: str) -> None:
        begin = len(text) - len(text.lstrip(_BLANKS))
        lead = text[:begin]
        if begin == len(text) or text[begin] == "#":
            if lead.strip(" \t"):
                self._mend_indent(begin, 0)
            return
        indent = _indent(lead)
        if self.block is not None and indent > self.block:
            return
        if lead.strip(" "):
            if self.prose is None or _NEXT_LINE.match(text):
                indent = self._likely(indent)
            self._mend_indent(begin, indent)
        if self._continues(indent):
            return
        self._begin(indent)
        self._content(begin, indent)

    def _likely(self, indent: int) -> int:
        """Return the indentation that is meant, where it looks as wide as `indent`.

        Only a line that opens a mapping or a list is followed by one of a new indentation.
        """
        if self.opens or not self.indents:
            return indent
        return min(self.indents, key=lambda seen: abs(seen - indent))

    def _mend_indent(self, begin: int, indent: int) -> None:
        """Indent the text that stands at `begin` with plain spaces."""
        odd = _ODD_SPACE.search(self.now.text, 0, begin)
        assert odd is not None
        length = begin - odd.start()
        if odd.group() == "\t":
            self.now.report("E202", odd.start(), length)
        else:
            self.now.report("E228", odd.start(), length, character=code_of(odd.group()))
        self.now.edit(0, begin, " " * indent)

    def _content(self, at: int, indent: int) -> None:
        """Read what stands behind the indentation: dashes, then a key and value, or a value."""
        text = self.now.text
        is_entry = False
        while at < len(text):
            behind = self._dash(at)
            if behind is None:
                break
            is_entry, at = True, behind
        if is_entry and not text[at:].strip():
            self.opens = True
            return
        begin = text[at]
        if begin in "\"'":
            end = _closing(text, at + 1, begin)
            if end < 0:
                self.quote = begin
                return
            self._after_quote(end + 1, indent)
        elif begin in "[{":
            self._value(at, indent if is_entry else -1, is_note=False)
        elif begin == "＃":
            self._full_width_hash(at)
        else:
            has_keys = is_entry and _KEY_OF_WAIVER.match(text, at) is not None
            colon = self._colon(at, is_entry and not has_keys)
            if colon is None:
                self._value(at, indent, is_note=False)
            else:
                if has_keys:
                    indent = self._key_of_entry(at)
                self._key(at, colon)
                self._value(colon + 1, indent, is_note=fold(text[at:colon]) in _NOTE)

    def _dash(self, at: int) -> int | None:
        """Return where the entry of a list begins behind the dash at `at`, `None` without one."""
        text = self.now.text
        sign, after = text[at], text[at + 1 : at + 2]
        if sign == "-":
            if after in ("", " ", "\t"):
                return _skip(text, at + 1)
            if _WIDE_SPACE.match(after):
                return self._skip_wide(at + 1)
            if after in "-.0123456789":
                return None  # --- or a negative number
            self.now.report("E223", at)
            self.now.edit(at + 1, 0, " ")
            return at + 1
        if sign not in _DASHES or after in ("", sign):
            return None
        self.now.report("E223", at)
        is_spaced = after == " " or _WIDE_SPACE.match(after)
        self.now.edit(at, 2 if is_spaced else 1, "- ")
        return _skip(text, at + (2 if is_spaced else 1))

    def _skip_wide(self, at: int) -> int:
        """Mend the spaces from `at` on, and return where they end."""
        lead = _LEAD.match(self.now.text, at)
        assert lead is not None
        wide = _WIDE_SPACE.search(self.now.text, at, lead.end())
        if wide:
            character = code_of(wide.group())
            self.now.report("E228", wide.start(), lead.end() - wide.start(), character=character)
            self.now.edit(at, lead.end() - at, " ")
        return lead.end()

    def _colon(self, begin: int, is_entry: bool) -> int | None:
        """Return the place of the colon that ends a key, mended if need be.

        In an entry of a list only a proper colon does: names hold others.
        """
        text = self.now.text
        if text[begin] in "%&*!":
            return None  # of YAML's own, and refused by its parser
        depth = 0
        for match in _SEPARATOR.finditer(text, begin):
            sign, at = match.group(), match.start()
            after = text[at + 1 : at + 2]
            if sign in "（(":
                depth += 1
            elif sign in "）)":
                depth = max(0, depth - 1)
            elif sign in "#＃":
                return None
            elif sign == ":" and after in ("", " ", "\t"):
                return at
            elif depth or at == begin:
                continue
            elif sign == ":" and _WIDE_SPACE.match(after):
                return at
            elif is_entry or (sign == ":" and after == "/"):
                continue
            elif sign == "：":
                self._full_width_colon(at)
                return at
            else:
                self._colon_without_space(at)
                return at
        return None

    def _full_width_colon(self, at: int) -> None:
        after = self.now.text[at + 1 : at + 2]
        self.now.report("E221", at, character=self.now.text[at])
        is_spaced = after in ("", " ", "\t") or _WIDE_SPACE.match(after)
        self.now.edit(at, 1, ":" if is_spaced else ": ")

    def _colon_without_space(self, at: int) -> None:
        self.now.report("E222", at)
        self.now.edit(at + 1, 0, " ")

    def _key(self, begin: int, end: int) -> None:
        key = self.now.text[begin:end]
        letter = _FULL_WIDTH_LETTER.search(key)
        if letter:
            args = {"text": key.strip(), "word": fold(key)}
            plain = fold(key) + self.now.text[end:]
            self.now.report("W105", begin, len(key.rstrip()), corrected=plain.strip(), **args)
        if self._is_wrapped(begin, end):
            self._mend_quotes(begin, begin + len(key.rstrip()) - 1)

    def _value(self, begin: int, indent: int, *, is_note: bool) -> None:
        """Read what stands behind a colon or a dash, or alone."""
        text = self.now.text
        at = _skip(text, begin)
        wide = _LEAD.match(text, begin)
        assert wide is not None
        if wide.end() > at and (begin == at or text[wide.end() : wide.end() + 1] in "[{\"'#|>"):
            at = self._skip_wide(begin)
        if at >= len(text) or text[at] == "#":
            self.opens = not is_note
            self.prose = indent if is_note else None
            return
        sign = text[at]
        if sign in "|>" and _BLOCK_SCALAR.match(text, at):
            self.block = indent
        elif sign in "\"'":
            end = _closing(text, at + 1, sign)
            if end < 0:
                self.quote = sign
            else:
                self._tail(end + 1)
        elif sign in "[{":
            self._open(sign, at)
            self.floor = indent
            self._flow(at + 1)
        elif sign in _OPENERS and self._ends_with_bracket(at):
            self._full_width_bracket(at)
            self._open(sign, at)
            self.floor = indent
            self._flow(at + 1)
        else:
            self.prose = indent
            end = len(text) if is_note else self._tail(at)
            if not is_note and self._is_wrapped(at, end):
                self._mend_quotes(at, at + len(text[at:end].rstrip()) - 1)

    def _tail(self, begin: int) -> int:
        """Look for a comment from `begin` on, and return where it starts or the line ends."""
        text = self.now.text
        for at in range(begin, len(text)):
            if text[at] not in "#＃" or not text[at - 1].isspace():
                continue
            if text[at] == "＃":
                self._full_width_hash(at)
            elif _WIDE_SPACE.match(text[at - 1]):
                self._skip_wide(at - 1)
            return at
        return len(text)

    def _full_width_hash(self, at: int) -> None:
        self.now.report("E227", at, character=self.now.text[at])
        self.now.edit(at, 1, "#")
        if at and _WIDE_SPACE.match(self.now.text[at - 1]):
            self.now.edit(at - 1, 1, " ")

    def _ends_with_bracket(self, begin: int) -> bool:
        comment = COMMENT.search(self.now.text, begin)
        value = self.now.text[begin : comment.start() if comment else None].rstrip()
        return value[-1] in "］】｝]}"

    def _full_width_bracket(self, at: int, plain: str = "") -> None:
        sign = self.now.text[at]
        self.now.report("E225", at, character=sign)
        self.now.edit(at, 1, plain or _PLAIN_BRACKET[sign])

    def _is_wrapped(self, begin: int, end: int) -> bool:
        """Tell whether the text between two places stands as a whole in Chinese quotation marks."""
        words = self.now.text[begin:end].strip()
        closer = _QUOTES.get(words[:1], "")
        return len(words) > 2 and closer != "" and words.find(closer, 1) == len(words) - 1

    def _mend_quotes(self, first: int, last: int) -> None:
        self.now.report("E226", first, last - first + 1, character=self.now.text[first])
        mark = "'" if '"' in self.now.text[first:last] else '"'
        self.now.edit(first, 1, mark)
        self.now.edit(last, 1, mark)

    def _after_quote(self, at: int, indent: int = 0) -> None:
        """Read on behind a closing quotation mark: a colon where it was a key, or the end."""
        if self.brackets:
            self._flow(at)
            return
        text = self.now.text
        at = _skip(text, at)
        sign, after = text[at : at + 1], text[at + 1 : at + 2]
        if sign == "：":
            self._full_width_colon(at)
        elif sign == ":" and after not in ("", " ", "\t") and not _WIDE_SPACE.match(after):
            self._colon_without_space(at)
        elif sign != ":":
            self._tail(at)
            return
        self._value(at + 1, indent, is_note=False)

    # Lists and mappings within brackets

    def _open(self, sign: str, at: int) -> None:
        """Enter the brackets that begin at `at`."""
        self.brackets.append("{" if sign in "{｛" else "[")
        self._next_entry(at + 1, is_keyed=False)

    def _next_entry(self, since: int, *, is_keyed: bool) -> None:
        self.since, self.is_keyed, self.depth = since, is_keyed, 0

    def _flow(self, begin: int) -> None:
        """Read on within brackets, from `begin` to the end of the line or of the brackets."""
        self.since, self.depth = begin, 0
        at: int | None = begin
        while at is not None:
            match = _FLOW.search(self.now.text, at)
            at = self._flow_sign(match.start(), match.group()) if match else None

    def _flow_sign(self, at: int, sign: str) -> int | None:
        """Read one sign within brackets; return where to go on, `None` at the end."""
        text = self.now.text
        match sign:
            case "[" | "{":
                self._open(sign, at)
            case "［" | "｛" if self._is_first(at):
                self._full_width_bracket(at)
                self._open(sign, at)
            case "(" | "（" | "【" | "［" | "｛":
                self.depth += 1
            case ")" | "）":
                self.depth = max(0, self.depth - 1)
            case "】" | "］" | "｝" if self.depth:
                self.depth -= 1
            case "]" | "}" | "】" | "］" | "｝":
                return self._close(at, sign)
            case ",":
                if self._is_hole(at):
                    self.now.report("E515", at)
                    self.now.edit(at, 1, "")
                self._next_entry(at + 1, is_keyed=False)
            case '"' | "'" if self._is_first(at):
                return self._flow_quoted(at, sign)
            case "#" | "＃" if at == 0 or text[at - 1].isspace():
                if sign == "＃":
                    self._full_width_hash(at)
                return None
            case ":" | "：" if self._flow_colon(at):
                self._next_entry(at + 1, is_keyed=True)
            case "，" | "、" | "；" if self._separates(at):
                self._full_width_comma(at)
                self._next_entry(at + 1, is_keyed=False)
            case "“" | "‘" | "＂" | "＇" | "「" if self._is_first(at):
                return self._flow_quote(at)
        return at + 1

    def _is_first(self, at: int) -> bool:
        """Tell whether nothing of an entry stands before `at`."""
        lead = _LEAD.match(self.now.text, self.since)
        return lead is not None and lead.end() >= at

    def _is_hole(self, at: int) -> bool:
        """Tell whether the comma at `at` follows another: the list lacks an entry there."""
        before = self.now.text[self.since - 1 : self.since]
        return before == "," and self.brackets[-1] == "[" and self._is_first(at)

    def _close(self, at: int, sign: str) -> int | None:
        """Leave the brackets that end at `at`."""
        opened = self.brackets.pop()
        if sign not in "]}":
            self._full_width_bracket(at, "]" if opened == "[" else "}")
        if not self.brackets:
            self._tail(at + 1)
            return None
        self._next_entry(at + 1, is_keyed=True)
        return at + 1

    def _flow_quoted(self, at: int, quote: str) -> int | None:
        """Pass over a quoted entry or key."""
        text = self.now.text
        end = _closing(text, at + 1, quote)
        if end < 0:
            self.quote = quote
            return None
        self._next_entry(end + 1, is_keyed=text[end + 1 : end + 2] == ":" or self.is_keyed)
        return end + 1

    def _flow_colon(self, at: int) -> bool:
        """Tell whether the colon at `at` ends a key within braces; mend it if need be."""
        text = self.now.text
        after = text[at + 1 : at + 2]
        if text[at] == ":" and after in ("", " ", "\t", ",", "]", "}"):
            return True
        is_key = self.brackets[-1] == "{" and not self.is_keyed and not self.depth
        if not is_key or self._is_first(at):
            return False
        if text[at] == "：":
            self._full_width_colon(at)
            if _WIDE_SPACE.match(after):
                self._skip_wide(at + 1)
        elif _WIDE_SPACE.match(after):
            self._skip_wide(at + 1)
        elif after == "/":
            return False
        else:
            self._colon_without_space(at)
        return True

    def _separates(self, at: int) -> bool:
        """Tell whether a Chinese comma is meant to separate entries, not to be part of one."""
        text = self.now.text
        if self.depth:
            return False
        if self.brackets[-1] == "[":
            before = text[max(self.since, at - _MOST_OF_AN_ENTRY) : at]
            rest = _REST_OF_ENTRY.match(text[at : at + _MOST_OF_AN_ENTRY])
            is_path = _PATH.search(before + (rest.group() if rest else ""))
            return not is_path or _ENDING.search(before) is not None
        key = _NEXT_KEY.match(text, at + 1)
        if text[at] == "、" or key is None:
            return False
        name = fold(key.group(1))
        return name in _INNER_KEYS or _YEAR.fullmatch(name) is not None

    def _full_width_comma(self, at: int) -> None:
        text = self.now.text
        self.now.report("E224", at, character=text[at])
        after = text[at + 1 : at + 2]
        self.now.edit(at, 1, "," if after.isspace() or after in "]}］】｝" else ", ")

    def _flow_quote(self, at: int) -> int:
        """Mend Chinese quotation marks around a whole entry; return where to go on."""
        text = self.now.text
        end = text.find(_QUOTES[text[at]], at + 1, at + _MOST_OF_AN_ENTRY)
        behind = _LEAD.match(text, end + 1)
        assert behind is not None
        if end <= at + 1 or text[behind.end() : behind.end() + 1] not in _ENDS:
            return at + 1
        self._mend_quotes(at, end)
        return end + 1


def _needs_reading(line: str) -> bool:
    """Tell whether `line` may hold a slip, or opens what it does not close."""
    if line.lstrip(" ").startswith("#"):
        return False
    if any(sign.search(line) for sign in _SIGNS):
        return True
    if not _OPENING.search(line):
        return False
    is_simple = not any(sign in line for sign in "\"'|>#")
    return not (
        is_simple and line.count("[") == line.count("]") and line.count("{") == line.count("}")
    )


def _closing(text: str, at: int, quote: str) -> int:
    """Return where a quoted text ends that is open at `at`, -1 where it runs on."""
    while True:
        at = text.find(quote, at)
        if at < 0:
            return -1
        if quote == "'" and text[at + 1 : at + 2] == "'":
            at += 2
        elif quote == '"' and _is_escaped(text, at):
            at += 1
        else:
            return at


def _is_escaped(text: str, at: int) -> bool:
    first = at
    while first and text[first - 1] == "\\":
        first -= 1
    return (at - first) % 2 == 1


def _skip(text: str, at: int) -> int:
    match = _SPACES.match(text, at)
    return match.end() if match else at


def _indent(lead: str) -> int:
    return sum(map(_width, lead))


def _width(character: str) -> int:
    """Return how many plain spaces a space stands for, as it looks."""
    return 2 if character in "\t\u3000" else 1
