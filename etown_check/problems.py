"""Problems of input: one table of codes, one record, one shape."""

from collections.abc import Iterable, Mapping, Sequence

from etown_check.endings import is_workbook
from etown_check.limits import MAX_ECHOED
from etown_check.records import Record
from etown_check.words import Text, Words, render


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


class Kind(Record):
    """What a code says: the message tells what is wrong, the hint what to write instead.

    `in_cell` is the hint for workbooks, where the other speaks of lines of text.
    """

    message: Text
    hint: Text
    in_cell: Text | None = None


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
        return self._render(KINDS[self.code].message, lang)

    def hint(self, lang: str) -> str:
        """Say what to write instead."""
        _, text, in_cell = KINDS[self.code]
        if in_cell is not None and (
            self.position.sheet if self.position else is_workbook(self.path)
        ):
            text = in_cell
        hint = self._render(text, lang)
        return f"{did_you_mean(self.close, lang)}{hint}".strip()

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


def _kind(
    zh: str, zh_hint: str, en: str, en_hint: str, zh_cell: str = "", en_cell: str = ""
) -> Kind:
    in_cell = Text(zh_cell, en_cell) if zh_cell else None
    return Kind(Text(zh, en), Text(zh_hint, en_hint), in_cell)


KINDS: dict[str, Kind] = {
    # E1 the file
    "E101": _kind(
        "找不到文件或文件夹。",
        "请检查路径和文件名。",
        "No such file or folder.",
        "Check the path and the name.",
    ),
    "E102": _kind(
        "不是普通文件。",
        "请检查路径和文件名。",
        "Not a regular file.",
        "Check the path and the name.",
    ),
    "E103": _kind(
        "无法读取：没有权限，或文件被占用。",
        "请检查权限，并关闭打开它的程序。",
        "Cannot be read: no permission, or in use.",
        "Check the permissions and close programs that use it.",
    ),
    "E104": _kind(
        "文件超过 {limit}，未读取。",
        "数据文件通常只有几十 KB，请检查是否选错了文件。",
        "Larger than {limit}; not read.",
        "A data file is some tens of KB; check that this is the right one.",
    ),
    "E105": _kind(
        "不是 UTF-8 编码的文本，从此处起无法读懂。",
        "请用记事本打开原文件，另存为，编码选 UTF-8。",
        "Not text in UTF-8: cannot be read from here.",
        "Open the original in an editor and save it as UTF-8.",
    ),
    "E106": _kind(
        "文件是空的。",
        "用 etown-check init 县名 可以生成一份待填写的文件。",
        "The file is empty.",
        "etown-check init COUNTY writes one to fill in.",
    ),
    "E107": _kind(
        "含有不允许的控制字符（{character}）。",
        "请删除该字符；如果到处都有，文件可能不是文本或编码不对，请另存为 UTF-8。",
        "Holds a control character that is not allowed ({character}).",
        "Delete it; if there are many, the file may be no text, or not in UTF-8.",
    ),
    "E108": _kind(
        "文件夹中没有数据文件。",
        "数据文件以 .yaml 或 .yml 结尾，并含有“标准”一行。",
        "No data file in the folder.",
        "A data file ends in .yaml or .yml and has a line 标准 (standard).",
    ),
    "E109": _kind(
        "“{text}”像是 GBK 编码的“{word}”，按 UTF-8 读成了别的字。",
        "请用记事本打开，另存为，编码选 UTF-8，再核对文字。",
        "“{text}” looks like “{word}” in GBK, read as UTF-8.",
        "Save the file as UTF-8 in an editor, and check its words.",
    ),
    "E110": _kind(
        "没有指定要检查的文件。",
        "例如：etown-check validate 怀仁.yaml",
        "Nothing was given to check.",
        "For example: etown-check validate huairen.yaml",
    ),
    "E111": _kind(
        "链接绕成了圈，找不到文件。",
        "请直接指定文件。",
        "The links lead round in a circle.",
        "Name the file itself.",
    ),
    # E2 the form of the YAML
    "E201": _kind(
        "格式有误，此处无法读懂。",
        "每行写成“名称: 数值”，冒号用半角，后面空一格。",
        "Malformed: cannot be read from here.",
        'Write "name: value" on each line, with a half-width colon and a space.',
    ),
    "E202": _kind(
        "用了制表符（Tab）缩进。",
        "请改用空格缩进。",
        "Indented with a tab.",
        "Indent with spaces.",
    ),
    "E203": _kind(
        "引号没有成对，或引号后面还有文字。",
        "请补上右引号，或去掉引号。",
        "A quotation mark is not closed, or text stands behind it.",
        "Close it, or leave the marks out.",
    ),
    "E204": _kind(
        "括号没有成对，或括号内缺逗号。",
        "请补上右括号；各项之间用半角逗号隔开。",
        "A bracket is not closed, or a comma is lacking in it.",
        "Close it; separate entries by half-width commas.",
    ),
    "E205": _kind(
        "缺少冒号，或冒号后没有空格。",
        "请写成“名称: 数值”，冒号用半角，后面空一格。",
        "A colon is lacking, or the space behind it.",
        'Write "name: value", with a half-width colon and a space.',
    ),
    "E206": _kind(
        "不支持锚点（&）和引用（*）。",
        "请把内容直接写出来；以 & 或 * 开头的文字请加引号。",
        "Anchors (&) and aliases (*) are not supported.",
        "Write the content out; quote text that begins with & or *.",
    ),
    "E207": _kind(
        "不支持标签（!）。",
        "请删除以 ! 开头的标签；以 ! 开头的文字请加引号。",
        "Tags (!) are not supported.",
        "Delete the tag; quote text that begins with !.",
    ),
    "E208": _kind(
        "一个文件里有多份文档（---）。",
        "每个乡村e镇用一个文件，请拆分。",
        "Several documents (---) in one file.",
        "One file per e-town: split it.",
    ),
    "E209": _kind(
        "嵌套超过 {limit} 层。",
        "请检查缩进和括号。",
        "Nested more than {limit} deep.",
        "Check the indentation and the brackets.",
    ),
    "E210": _kind(
        "缩进与上面各行对不齐。",
        "同一层的各行，行首空格数要相同。",
        "The indentation fits none of the lines above.",
        "Lines of one level begin with the same number of spaces.",
    ),
    "E211": _kind(
        "双引号内的反斜杠（\\）有误。",
        "请改用单引号或不用引号；路径请用正斜杠（/）。",
        "A backslash within double quotes is not understood.",
        "Use single quotes or none; write paths with forward slashes.",
    ),
    "E212": _kind(
        "一行里有两个冒号加空格。",
        "数值里有冒号的，请给整个数值加引号；两项请分两行写。",
        "A second colon and space in one line.",
        "Quote a value that holds one; write two entries in two lines.",
    ),
    "E213": _kind(
        "文字不能以“{character}”开头。",
        "请给文字加引号；清单写成 [甲, 乙]。",
        "Text cannot begin with “{character}”.",
        "Quote the text; write a list as [甲, 乙].",
    ),
    "E214": _kind(
        "文件超过 {limit} {what}，未读取。",
        "数据文件通常只有几百行，请检查是否选错了文件。",
        "More than {limit} {what}; not read.",
        "A data file has some hundred lines; check that this is the right one.",
    ),
    "E215": _kind(
        "一行或一个值超过 {limit} 字。",
        "请缩短；长的说明请写在佐证文件里。",
        "A line or a value has more than {limit} characters.",
        "Shorten it; put long explanations into an evidence file.",
    ),
    "E216": _kind(
        "错误太多，只列出前 {limit} 处。",
        "请先更正以上各处，再重新校验。",
        "Too many mistakes; the first {limit} are told.",
        "Correct these, then check again.",
    ),
    "E221": _kind(
        "冒号是全角的（{character}）。",
        "请改成半角冒号加空格：{corrected}",
        "The colon is a full-width one ({character}).",
        "Write a half-width colon and a space: {corrected}",
    ),
    "E222": _kind(
        "冒号后面没有空格。",
        "请在冒号后面空一格：{corrected}",
        "There is no space behind the colon.",
        "Put a space behind it: {corrected}",
    ),
    "E223": _kind(
        "清单前的短横后面没有空格，或短横是全角的。",
        "请改成半角短横加空格：{corrected}",
        "The dash of a list entry lacks its space, or is a full-width one.",
        "Write a half-width dash and a space: {corrected}",
    ),
    "E224": _kind(
        "括号内的“{character}”不能隔开各项。",
        "名称里本来就有的，请给整个名称加半角引号；否则请改成半角逗号：{corrected}",
        "“{character}” within brackets does not separate entries.",
        "Quote a name that holds one; else write a half-width comma: {corrected}",
    ),
    "E225": _kind(
        "括号是全角的（{character}）。",
        "请改成半角括号：{corrected}",
        "The bracket is a full-width one ({character}).",
        "Write a half-width bracket: {corrected}",
    ),
    "E226": _kind(
        "引号是中文引号（{character}）。",
        "请去掉引号，或改成半角引号：{corrected}",
        "The quotation mark is a Chinese one ({character}).",
        "Leave it out, or write a half-width one: {corrected}",
    ),
    "E227": _kind(
        "井号是全角的（{character}）。",
        "请改成半角井号：{corrected}",
        "The number sign is a full-width one ({character}).",
        "Write a half-width one: {corrected}",
    ),
    "E228": _kind(
        "此处的空格是特殊空格（{character}）。",
        "请改成普通空格：{corrected}",
        "The space here is a special one ({character}).",
        "Write an ordinary space: {corrected}",
    ),
    "E229": _kind(
        "含有看不见的字符（{character}）。",
        "请删除它，必要时把这一行重新打一遍：{corrected}",
        "Holds an invisible character ({character}).",
        "Delete it, or type the line anew: {corrected}",
    ),
    # E3 keys and structure
    "E301": _kind(
        "不认识“{key}”。",
        "{where}可以写：{known}。",
        "Unknown key “{key}”.",
        "Known in {where}: {known}.",
        "请更正名称；{where}可以写：{known}。",
        "Correct the name; known in {where}: {known}.",
    ),
    "E302": _kind(
        "“{key}”重复，{line}已经写过“{first}”。",
        "只保留一处。",
        "“{key}” is a duplicate of “{first}” in {line}.",
        "Keep one of them.",
    ),
    "E303": _kind(
        "缺少“{key}”。",
        "请加上一行：{example}",
        "“{key}” is lacking.",
        "Add a line: {example}",
        "请补填“{key}”。",
        "Fill in “{key}”.",
    ),
    "E304": _kind(
        "此处应是一个名称。",
        "请写成“名称: 数值”。",
        "A name is expected here.",
        'Write "name: value".',
    ),
    "E305": _kind(
        "“{key}”下面应是若干行“名称: 数值”。",
        "写法：{example}",
        "“{key}” takes lines of the form name: value.",
        "For example: {example}",
        "请分行填写“信息联络员姓名”和“信息联络员电话”。",
        "Fill in the rows “Contact's name” and “Contact's phone”.",
    ),
    "E306": _kind(
        "“{key}”应是一个值。",
        "写法：{example}",
        "“{key}” takes a single value.",
        "For example: {example}",
    ),
    "E307": _kind(
        "“{key}”应是一个清单。",
        "写法：{example}",
        "“{key}” takes a list.",
        "For example: {example}",
    ),
    "E308": _kind(
        "整个文件应由“名称: 数值”组成。",
        "冒号用半角，后面空一格；用 etown-check init 县名 可以生成一份待填写的文件。",
        "The file must consist of name: value lines.",
        "With a half-width colon and a space; etown-check init COUNTY writes one to fill in.",
    ),
    "E309": _kind(
        "“{key}”没有填写。",
        "写法：{example}",
        "“{key}” is empty.",
        "For example: {example}",
        "请在“填写”一列填写。",
        "Fill in the column “Entry” (填写).",
    ),
    "E310": _kind(
        "“{name}”是指标，不能写在这里。",
        "请写在“指标”下面，行首缩进两格：{example}",
        "“{name}” is a metric and does not belong here.",
        "Write it under 指标 (metrics), indented by two spaces: {example}",
        "请填在它所属部分的工作表里。",
        "Fill it in on the sheet of its section.",
    ),
    "E311": _kind(
        "“{name}”不是指标，不能写在这里。",
        "请写在文件最外层，行首不要空格：{example}",
        "“{name}” is no metric and does not belong here.",
        "Write it at the outermost level, without indentation: {example}",
        "请填在“基本信息”工作表里。",
        "Fill it in on the sheet “Facts” (基本信息).",
    ),
    "E312": _kind(
        "“{key}”不是指标，像是一个小标题。",
        "指标直接写在“指标”下面；小标题请改成注释：# {key}",
        "“{key}” is no metric but looks like a heading.",
        "Metrics stand directly under 指标 (metrics); make a heading a comment: # {key}",
    ),
    "E313": _kind(
        "有 {number} 个指标不在“指标”下面。",
        "请写在“指标:”一行下面（没有这一行的先加上），各缩进两格。",
        "{number} metrics do not stand under 指标 (metrics).",
        "Write them under a line 指标: (add it if it is lacking), indented by two spaces.",
        "请填在它们所属部分的工作表里。",
        "Fill them in on the sheets of their sections.",
    ),
    # E4 facts of the submission
    "E401": _kind(
        "没有标准“{text}”。", "可用的标准：{known}。", "No standard “{text}”.", "Known: {known}."
    ),
    "E402": _kind(
        "本标准没有“{text}”这个县（市）。",
        "可以写：{known}。",
        "The standard has no county “{text}”.",
        "It has: {known}.",
    ),
    "E403": _kind(
        "“{text}”不是{county}的乡村e镇。",
        "{county}的乡村e镇是“{town}”。",
        "“{text}” is not the e-town of {county}.",
        "The e-town of {county} is “{town}”.",
    ),
    "E404": _kind(
        "“{text}”不是日期。",
        "写成 2023-12-31 这样的年-月-日。",
        "“{text}” is not a date.",
        "Write year-month-day, such as 2023-12-31.",
    ),
    "E405": _kind(
        "验收年度“{text}”不在 {first} 至 {last} 年之间。",
        "请写 {first} 至 {last} 中的一年。",
        "The acceptance year “{text}” is not one of {first} to {last}.",
        "Write a year from {first} to {last}.",
    ),
    "E406": _kind(
        "“{text}”不是“是”或“否”。",
        "请写“是”或“否”。",
        "“{text}” is neither 是 nor 否.",
        "Write 是 (yes) or 否 (no).",
    ),
    "E407": _kind(
        "本文件按“{text}”填报，但现在用的标准是“{standard}”。",
        "去掉 --standard，或更正“标准”一行。",
        "The file declares for “{text}” but is checked against “{standard}”.",
        "Leave out --standard, or correct the line 标准 (standard).",
        "去掉 --standard，或更正“标准”一行。",
        "Leave out --standard, or correct the row 标准 (standard).",
    ),
    "E408": _kind(
        "数据截止日期的年份 {year} 不能作验收年度。",
        "请加上一行：验收年度: {last}（{first} 至 {last} 中的一年）。",
        "The data date's year {year} cannot be the acceptance year.",
        "Add a line 验收年度: {last} (a year from {first} to {last}).",
        "请在“验收年度”一行填写 {last}（{first} 至 {last} 中的一年）。",
        "Write {last} in the row 验收年度 (acceptance_year): a year from {first} to {last}.",
    ),
    "E409": _kind(
        "“{text}”不在本方案范围内。",
        "本方案只包括：{known}。",
        "The plan does not cover “{text}”.",
        "It covers: {known}.",
    ),
    # E5 metrics
    "E501": _kind(
        "不认识指标“{key}”。",
        "用 etown-check init 县名 可以看到全部指标的写法。",
        "Unknown metric “{key}”.",
        "etown-check init COUNTY shows how every metric is written.",
        "用 etown-check workbook 县名 可以生成一份有全部指标的填报表。",
        "etown-check workbook COUNTY writes a workbook with every metric.",
    ),
    "E502": _kind(
        "“{text}”不是一个确切的数值。",
        "只写一个数字和单位，例如：{example}；还不清楚就留空。",
        "“{text}” is not one exact number.",
        "Write one number and its unit, such as {example}; leave it empty if it is unknown.",
    ),
    "E503": _kind(
        "“{text}”没有单位。",
        "请写明单位（{units}），例如：{example}",
        "“{text}” has no unit.",
        "Give the unit ({units}), such as {example}",
        "请在“单位”一列写明单位（{units}），或写成 {example} 这样。",
        "Give the unit ({units}) in its column, or write it behind the number, such as {example}",
    ),
    "E504": _kind(
        "“{name}”不能用单位“{unit}”。",
        "可用的单位：{units}。例如：{example}",
        "“{name}” does not take the unit “{unit}”.",
        "Units: {units}. For example: {example}",
    ),
    "E505": _kind(
        "“{text}”是负数。",
        "该指标不能为负。",
        "“{text}” is negative.",
        "This metric cannot be negative.",
    ),
    "E506": _kind(
        "“{text}”不是整数。",
        "数量须为整数，例如：{example}",
        "“{text}” is not a whole number.",
        "A count is a whole number, such as {example}",
    ),
    "E507": _kind(
        "“{text}”的千位分隔不对。",
        "请去掉逗号，例如：{example}",
        "The thousands separators of “{text}” are misplaced.",
        "Leave them out, such as {example}",
    ),
    "E508": _kind(
        "“{text}”不是“是”或“否”。",
        "请写“是”或“否”（也可写“有”或“无”）。",
        "“{text}” is neither 是 nor 否.",
        "Write 是 or 否 (or 有, 无, true, false).",
    ),
    "E509": _kind(
        "“{name}”没有“{text}”这一项。",
        "可以写：{known}。",
        "“{name}” has no “{text}”.",
        "It takes: {known}.",
    ),
    "E510": _kind(
        "“{text}”不是年份。",
        "“{name}”按年填写：{example}",
        "“{text}” is not a year.",
        "“{name}” is declared by year: {example}",
    ),
    "E511": _kind(
        "年份 {year} 不在 {first} 至 {last} 之间。",
        "请更正年份。",
        "The year {year} is not one of {first} to {last}.",
        "Correct the year.",
    ),
    "E512": _kind(
        "“{name}”要按年填写。",
        "写法：{example}",
        "“{name}” is declared by year.",
        "For example: {example}",
        "“填写值”请留空，数值填在各年份的列里；核定值每年写一行，例如 2023: 5。",
        "Leave the column of the value empty and use those of the years; a verified value has a line for each year, such as 2023: 5.",
    ),
    "E513": _kind(
        "“{name}”不按年填写。",
        "只写一个值：{example}",
        "“{name}” is not declared by year.",
        "Give one value: {example}",
        "请填在“填写值”一列，年份列留空。",
        "Fill in the column of the value (填写值); leave those of the years empty.",
    ),
    "E514": _kind(
        "“{text}”不是文件名称，看不出文件有没有。",
        "有就写文件名称和文号（或“有”），没有就写“无”，还不清楚就留空。",
        "“{text}” is no title and does not say whether the document exists.",
        "Write its title (or 有), 无 if there is none, or leave it empty.",
    ),
    "E515": _kind(
        "名单里有空的一项。",
        "请填写名称，或删除这一项。",
        "The list has an empty entry.",
        "Fill it in, or delete it.",
    ),
    "E516": _kind(
        "数字超过 {digits} 位。",
        "请检查是否多打了数字。",
        "The number has more than {digits} digits.",
        "Check for surplus digits.",
    ),
    "E517": _kind(
        "“{text}”不是核查结果。",
        "核查结果写“属实”“核减”或“不实”。",
        "“{text}” is not a result of verification.",
        "Write 属实 (confirmed), 核减 (adjusted) or 不实 (rejected).",
    ),
    "E518": _kind(
        "核查结果为“核减”，但没有“核定值”。",
        "请加上“核定值”，例如：核定值: {example}",
        "The result is 核减 (adjusted), but there is no 核定值 (value).",
        "Add it: 核定值: {example}",
        "请在“核定值”一列写核定后的数值。",
        "Write the value that holds instead in the column 核定值 (Verified value).",
    ),
    "E519": _kind(
        "“{name}”没有“值”。",
        "请加上一行“值: …”，例如：值: {example}",
        "“{name}” has no 值 (value).",
        "Add a line 值: {example}",
    ),
    "E520": _kind(
        "{year}年“{metric}”（{value}）大于“{limit}”（{limit_value}）。",
        "前者是后者的一部分，请核对两个数。",
        "{year}: “{metric}” ({value}) is above “{limit}” ({limit_value}).",
        "The former is part of the latter; check both numbers.",
    ),
    "E521": _kind(
        "不能使用这个路径：“{text}”。",
        "文件要放在数据文件所在的文件夹内，写相对路径，例如：佐证/平面图.pdf",
        "This path cannot be used: “{text}”.",
        "Keep the file in the data file's folder and give its relative path, such as evidence/plan.pdf",
    ),
    "E522": _kind(
        "“{name}”是参考数据，不是县里申报的指标。",
        "请写在“参考数据”下面。",
        "“{name}” is reference data, not a metric of the county.",
        "Write it under 参考数据 (reference).",
        "请填在“参考数据”工作表里。",
        "Fill it in on the sheet “Reference data” (参考数据).",
    ),
    "E523": _kind(
        "“{name}”不是参考数据。",
        "请写在“指标”下面。",
        "“{name}” is not reference data.",
        "Write it under 指标 (metrics).",
        "请填在它所属部分的工作表里。",
        "Fill it in on the sheet of its section.",
    ),
    "E524": _kind(
        "“{key}”与“{other}”不能同时写。",
        "只保留一处。",
        "“{key}” and “{other}” cannot both be given.",
        "Keep one of them.",
    ),
    "E525": _kind(
        "“{text}”不能与年份写在同一层。",
        "请把各年的数值写在“值”下面：值: {example}",
        "“{text}” cannot stand beside years.",
        "Write the years under 值 (value): {example}",
    ),
    "E526": _kind(
        "清单中的每一项应是一个名称。",
        "写法：{example}",
        "Each entry of a list is a single name.",
        "For example: {example}",
    ),
    "E527": _kind(
        "清单中的“{text}”不是名称。",
        "只填数量的，不要加方括号，例如：{example}；没有的写 0。",
        "“{text}” in the list is not a name.",
        "Give a number without brackets, such as {example}, and 0 for none.",
        "只填数量的，整格只写一个数，例如：{example}；名称每行写一个；没有的写 0。",
        "Give a number alone, such as {example}, or names, one to a line; write 0 for none.",
    ),
    "E528": _kind(
        "“{text}”不是确切的数值：有“{word}”。",
        "请写核实后的数值，例如：{example}",
        "“{text}” is no exact number: it says “{word}”.",
        "Write the number as verified, such as {example}",
    ),
    "E529": _kind(
        "“{text}”是一个范围，不是一个数值。",
        "只写一个核实后的数值，例如：{example}",
        "“{text}” is a range, not a number.",
        "Write one verified number, such as {example}",
    ),
    "E530": _kind(
        "名称里的单位是“{unit}”，数值“{text}”的单位却是“{other}”。",
        "只在一处写单位，例如：{example}",
        "The key says “{unit}”, but the value “{text}” says “{other}”.",
        "Give the unit in one place, such as {example}",
    ),
    "E531": _kind(
        "“{key}”是标准 {standard} 的指标，本标准没有。",
        "请检查“标准”一行，或删除这一项。",
        "“{key}” is a metric of the standard {standard}, not of this one.",
        "Check the line 标准 (standard), or delete the entry.",
    ),
    "E532": _kind(
        "“{text}”的单位后面有多余的文字：“{rest}”。",
        "只写数字和单位：{exact}；说明请写在“备注”里，或写成 # 注释（# 前面空一格）。",
        "Text stands behind the unit of “{text}”: “{rest}”.",
        "Write number and unit only: {exact}; explain in a note, or in a # comment with a space before #.",
        "只写数字和单位：{exact}；说明请写在“备注”一列。",
        "Write number and unit only: {exact}; explain in the column of notes.",
    ),
    "E533": _kind(
        "“{text}”不是数量。",
        "只填数量，例如：{example}；或写成名单，用方括号和半角逗号：{names}；还不清楚就留空。",
        "“{text}” is not a number of things.",
        "Give a number, such as {example}, or a list in brackets: {names}; leave it empty if it is unknown.",
        "只填数量，例如：{example}；或写名称，每行一个（Alt+Enter 换行）；还不清楚就留空。",
        "Give a number, such as {example}, or names, one to a line (Alt+Enter); leave it empty if it is unknown.",
    ),
    "E534": _kind(
        "{metric}（{value}）不晚于{after}（{after_value}）。",
        "请核对这两个日期，{metric}必须晚于{after}。",
        "{metric} ({value}) is not later than {after} ({after_value}).",
        "Check both dates: {metric} must be later than {after}.",
    ),
    "E535": _kind(
        "“{text}”不是月份，也不是数据文件所在文件夹内的文件夹。",
        "写成 {example}，或写存放月报的文件夹，例如：月报/",
        "“{text}” is neither a month nor a folder inside the data file's own.",
        "Write {example}, or the folder of the monthly reports, such as reports/",
        "月份写成 2023-06，每行一个；或写存放月报的文件夹。",
        "Write months like 2023-06, one to a line, or the folder of the monthly reports.",
    ),
    "E536": _kind(
        "“{name}”中 {month} 写了两次。",
        "每个月份只写一次，请核对是否漏写了别的月份。",
        "{month} stands twice in “{name}”.",
        "Write each month once; check whether another one was meant.",
    ),
    "E537": _kind(
        "{month} 晚于数据截止日期所在的月份 {last}。",
        "还没有到的月份不能填报；日期有误的，请更正“数据截止日期”。",
        "{month} is after {last}, the month of the data date.",
        "A month to come cannot be reported; if the date is wrong, correct 数据截止日期 (as_of).",
    ),
    "E538": _kind(
        "“{text}”不是月份。",
        "写成 2023-06 这样的年-月。",
        "“{text}” is not a month.",
        "Write year-month, such as 2023-06.",
    ),
    "E539": _kind(
        "“{name}”要分项填写。",
        "写法：{example}",
        "“{name}” is declared by its parts.",
        "For example: {example}",
        "每项一行，例如：{line}",
        "One part to a line, such as {line}",
    ),
    "E540": _kind(
        "“{text}”不能与“{name}”的各项写在同一层。",
        "请把各项写在“值”下面：值: {example}",
        "“{text}” cannot stand beside the parts of “{name}”.",
        "Write the parts under 值 (value): {example}",
    ),
    "E541": _kind(
        "资金台账应写台账的文件名，不能写“{text}”。",
        "写文件名，例如：台账.csv；没有台账的，这一行留空。",
        "The fund ledger takes the name of a file, not “{text}”.",
        "Name the file, such as: 台账.csv; without a ledger leave the line empty.",
    ),
    "E542": _kind(
        "找不到台账文件“{text}”。",
        "请把台账放在数据文件所在的文件夹内，或更正文件名；没有台账的，这一行留空。",
        "There is no ledger file “{text}”.",
        "Put the ledger into the data file's folder, or correct its name; without one leave the line empty.",
    ),
    "E543": _kind(
        "“{name}”写了两处。",
        "只留一处：写在数据文件最外层，不写在“指标”下面。",
        "“{name}” stands in two places.",
        "Keep one: at the outermost level of the data file, not under 指标 (metrics).",
        "只在“基本信息”工作表填写。",
        "Fill it in on the sheet of facts alone.",
    ),
    "E544": _kind(
        "“{text}”不是{name}。",
        "没有的写“无”，还不清楚就留空。",
        "“{text}” is no {name}.",
        "Write 无 (none) where there is none, and leave it empty if it is unknown.",
    ),
    # E6 standards
    "E601": _kind(
        "不认识“{key}”。", "请删除或更正。", "Unknown key “{key}”.", "Delete or correct it."
    ),
    "E602": _kind("缺少“{key}”。", "请补上。", "“{key}” is lacking.", "Add it."),
    "E603": _kind(
        "“{key}”的值“{text}”不符合要求。",
        "{expected}",
        "The value “{text}” of “{key}” does not fit.",
        "{expected}",
    ),
    "E604": _kind(
        "{what}“{text}”没有定义。",
        "请更正，或先定义它。",
        "{what} “{text}” is not defined.",
        "Correct it, or define it.",
    ),
    "E605": _kind(
        "{what}“{text}”重复。",
        "请改为不同的名称，或只保留一处。",
        "{what} “{text}” is a duplicate.",
        "Give it another name, or keep one of them.",
    ),
    "E606": _kind(
        "“{key}”至少要有一项。",
        "请补上，或删除整条。",
        "“{key}” needs at least one entry.",
        "Add one, or delete the whole.",
    ),
    "E607": _kind(
        "检查 {check} 的类型“{type}”不能用于“{metric}”（{kind}）。",
        "可用的数据类型：{kinds}。",
        "Check {check}: “{type}” does not apply to “{metric}” ({kind}).",
        "It applies to: {kinds}.",
    ),
    "E608": _kind(
        "检查 {check}（{metric}）的标准值“{text}”单位不对。",
        "可用的单位：{units}。",
        "Check {check} ({metric}): the unit of the threshold “{text}” does not fit.",
        "Units: {units}.",
    ),
    "E609": _kind(
        "检查 {check} 按年检查“{metric}”，但二者的 years 与 yearly 不一致。",
        "按年申报的指标要写 years；不按年的不要写。",
        "Check {check}: years and the metric “{metric}” being yearly do not agree.",
        "A yearly metric needs years; another must not have it.",
    ),
    "E610": _kind(
        "检查 {check} 没有给出各类县（{lacking}）的标准值或原文。",
        "每类县各写一项。",
        "Check {check} lacks the threshold or words of a tier ({lacking}).",
        "Give one for each tier.",
    ),
    "E611": _kind(
        "没有标准“{text}”。",
        "可用的标准：{known}；也可以指定标准文件的路径。",
        "No standard “{text}”.",
        "Known: {known}; or name a standard's file.",
    ),
    "E612": _kind(
        "“{key}”写得不对。",
        "{expected}",
        "“{key}” is not as it should be.",
        "{expected}",
    ),
    # E7 configuration, waivers, baselines
    "E701": _kind(
        "配置文件的格式有误，此处无法读懂。",
        '每行写成 名称 = "值"，文字加半角双引号，清单写成 ["甲", "乙"]。',
        "Malformed configuration: cannot be read from here.",
        'Write name = "value", with half-width double quotes; a list as ["a", "b"].',
    ),
    "E702": _kind(
        "“{key}”的值不对：{text}。",
        "{expected}",
        "The value of “{key}” does not fit: {text}.",
        "{expected}",
    ),
    "E703": _kind(
        "找不到“{key}”所指的“{text}”。",
        "路径从配置文件所在的文件夹算起，请检查。",
        "“{text}”, which “{key}” names, is not there.",
        "Paths are relative to the configuration's own folder; check it.",
    ),
    "E704": _kind(
        "这里的“{key}”是“{text}”，另一份配置 {other} 却是“{first}”。",
        "一次检查只能用一个：请分开检查，或在命令中写明 --{key}。",
        "“{key}” is “{text}” here but “{first}” in another configuration, {other}.",
        "One run takes one: check the files apart, or give --{key}.",
    ),
    "E711": _kind(
        "没有序号为“{text}”的项目或检查。",
        "写项目序号（4）或检查编号（23.1）。",
        "No item or check “{text}”.",
        "Write the number of an item (4) or of a check (23.1).",
    ),
    "E712": _kind(
        "{item}（{name}）是约束性的，不能豁免。",
        "可以豁免的只有期望性项目，以及方案自己放宽的检查：{known}。",
        "{item} ({name}) is binding and cannot be waived.",
        "Only expected items may be waived, and the checks that the plan itself softens: {known}.",
    ),
    "E713": _kind(
        "本标准没有“{text}”这个镇。",
        "可以写：{known}。",
        "The standard has no town “{text}”.",
        "It has: {known}.",
    ),
    "E714": _kind(
        "到期日期 {expires} 早于批准日期 {approved}。",
        "请核对两个日期。",
        "It expires on {expires}, before it was approved on {approved}.",
        "Check both dates.",
    ),
    "E721": _kind(
        "不是 etown-check 的 JSON 报告。",
        "请指定用 --format json 生成的报告。",
        "Not a JSON report of etown-check.",
        "Name a report that was made by --format json.",
    ),
    "E722": _kind(
        "报告的格式版本是“{text}”，本程序只认识“{known}”。",
        "请用同一版本的程序重新生成。",
        "The report is of version “{text}”; this program knows “{known}”.",
        "Make it again with this version of the program.",
    ),
    # E8 workbooks
    "E801": _kind(
        "不是 Excel 工作簿（.xlsx）。",
        "请用 Excel 或 WPS 打开原文件，另存为 .xlsx；只改文件名没有用。",
        "Not a workbook of Excel (.xlsx).",
        "Open the original in Excel or WPS and save it as .xlsx; a new name alone does not help.",
    ),
    "E802": _kind(
        "{what} 格式的工作簿无法读取。",
        "请用 Excel 或 WPS 打开，另存为 .xlsx。",
        "A workbook in the format {what} cannot be read.",
        "Open it in Excel or WPS and save it as .xlsx.",
    ),
    "E803": _kind(
        "文件有密码，无法读取。",
        "请用 Excel 或 WPS 打开，去掉打开密码，再保存。",
        "The file is protected by a password and cannot be read.",
        "Open it in Excel or WPS, take the password off, and save it.",
    ),
    "E804": _kind(
        "文件类型不对：{what}，不是填报表（.xlsx）。",
        "请指定填报表；数据在这个文件里的，请填进填报表。",
        "This is {what}, not a workbook to fill in (.xlsx).",
        "Name the workbook; what is only in this file has to be filled in there.",
    ),
    "E805": _kind(
        "这是 Excel 打开文件时留下的临时文件。",
        "请指定原文件（名称中没有 ~$）；先保存并关闭它。",
        "This is what Excel keeps beside a file that is open.",
        "Name the file itself, without ~$; save and close it first.",
    ),
    "E806": _kind(
        "文件不完整或已损坏（{part}）。",
        "请用 Excel 或 WPS 打开，按提示修复后另存为 .xlsx；打不开的，请重新取得文件。",
        "The file is incomplete or damaged ({part}).",
        "Open it in Excel or WPS, have it repaired and save it as .xlsx; else get the file anew.",
    ),
    "E807": _kind(
        "工作簿超过 {limit} {what}，未读取。",
        "填报表远没有这么大，请检查是否选错了文件；没有选错的，请删除多余的内容。",
        "The workbook has more than {limit} {what}; not read.",
        "No form is as large: check that this is the right file, and delete what does not belong in it.",
    ),
    "E808": _kind(
        "没有“{name}”工作表，或其中没有“{first}”和“{second}”两列。",
        "用 etown-check workbook 县名 可以生成一份待填写的填报表。",
        "No sheet “{name}” with the columns “{first}” and “{second}”.",
        "etown-check workbook COUNTY writes a workbook to fill in.",
    ),
    "E809": _kind(
        "表头缺少“{key}”一列。",
        "请把该列的名称改回“{key}”；列的先后不限。",
        "The header lacks the column “{key}”.",
        "Name the column “{key}” again; the order of columns does not matter.",
    ),
    "E810": _kind(
        "“{text}”有两列，{other} 已经是。",
        "只保留一列。",
        "There are two columns “{text}”; {other} is one already.",
        "Keep one of them.",
    ),
    "E811": _kind(
        "公式还没有计算结果。",
        "请用 Excel 或 WPS 打开，保存一次；或直接填写数值。",
        "The formula has no result yet.",
        "Open the file in Excel or WPS and save it once; or type the value.",
    ),
    "E812": _kind(
        "公式出错：{text}。",
        "请更正公式，或直接填写数值。",
        "The formula failed: {text}.",
        "Correct the formula, or type the value.",
    ),
    "E813": _kind(
        "{text} 合并成一格，跨了 {number} 个指标。",
        "请取消合并，每个指标各填一格。",
        "{text} is one merged cell over {number} metrics.",
        "Unmerge it, and fill in each metric by itself.",
    ),
    "E814": _kind(
        "“{text}”是“{first}”的副本，两张工作表都填了内容。",
        "只保留一张。",
        "“{text}” is a copy of “{first}”, and both are filled in.",
        "Keep one of the sheets.",
    ),
    "E815": _kind(
        "“填写值”（{text}）和年份列（{other}）不能都填。",
        "按年填写的只填年份列，其他的只填“填写值”。",
        "The value ({text}) and the column of a year ({other}) cannot both be filled in.",
        "A yearly metric takes the columns of years alone, any other the value alone.",
    ),
    "E816": _kind(
        "填了“{text}”，这一行却没有“{key}”。",
        "请补上名称，或清空这一格。",
        "“{text}” stands in a row without a “{key}”.",
        "Give the name, or clear the cell.",
    ),
    "E817": _kind(
        "“单位”一列是“{unit}”，填的“{text}”单位却是“{other}”。",
        "只保留一处：数字后面不写单位，或清空“单位”。",
        "The column of units says “{unit}”, but “{text}” says “{other}”.",
        "Keep one of them: write the number alone, or clear the unit.",
    ),
    "E818": _kind(
        "这一格是日期（{text}），不是数值。",
        "Excel 会把 5-6、1/2 之类变成日期：请把单元格格式改为“文本”或“常规”，再填一次。",
        "The cell holds a date ({text}), not a number.",
        "Excel makes dates of 5-6 and 1/2: set the cell's format to Text or General, and type it again.",
    ),
    "E819": _kind(
        "单元格格式把数字缩小显示，存的是 {text}，看到的是另一个数。",
        "请把单元格格式改为“常规”，再核对数值和单位。",
        "The cell's format shows the number smaller than it is: {text} is stored.",
        "Set the format to General, then check number and unit.",
    ),
    "E820": _kind(
        "“{name}”不是文件，不填文号和成文日期。",
        "请清空这一格；佐证文件写在“佐证材料”一列。",
        "“{name}” is no document and has neither number nor date.",
        "Clear the cell; evidence has a column of its own.",
    ),
    # Checklists that were filled in
    "E831": _kind(
        "不是核查清单。",
        "请指定用 etown-check checklist --format xlsx 生成、由核查人员填好的文件。",
        "Not a checklist.",
        "Name the file that etown-check checklist --format xlsx made and the experts filled in.",
    ),
    "E832": _kind(
        "清单里没有{county}，只有：{known}。",
        "请核对数据文件和清单是不是同一个县（市）的。",
        "The checklist has no sheet of {county}, only of: {known}.",
        "Check that data file and checklist are of the same county.",
    ),
    "E833": _kind(
        "清单按标准“{text}”生成，数据文件按“{standard}”填报。",
        "请用按“{standard}”生成的清单。",
        "The checklist was made by the standard “{text}”; the data file declares for “{standard}”.",
        "Use a checklist that was made by “{standard}”.",
    ),
    "E834": _kind(
        "工作表“{sheet}”没有表头“{key}”。",
        "请把表头改回原样，或在原来的清单上重填。",
        "The sheet “{sheet}” lacks the header “{key}”.",
        "Write it as it was, or use the checklist as it was made.",
    ),
    "E835": _kind(
        "填有“{text}”，但看不出这一行是哪个指标：隐藏列中的标识没有了或改动过。",
        "写着“见第几项”的行不用填，请清空；其他的请填到原来的清单上。",
        "“{text}” is filled in, but the row does not say of which metric: its hidden key is gone or changed.",
        "Clear it in a row that refers to another item; else fill it in on the checklist as it was made.",
    ),
    "E836": _kind(
        "填有核定值“{text}”，没有选核查结果。",
        "请选核查结果（数值不符的选“核减”），或清空核定值。",
        "There is a verified value “{text}”, but no finding.",
        "Choose a finding (核减, adjusted, where the value differs), or clear the value.",
    ),
    "E837": _kind(
        "“{name}”选了核查结果，没有写{key}。",
        "请写在这一行，或在第 4 行“全表共用”写一次。",
        "“{name}” has a finding, but “{key}” is empty.",
        "Write it in the row, or once in row 4, for all rows.",
    ),
    "E838": _kind(
        "“{name}”填了两次，不一样：这里是“{text}”，{cell} 是“{other}”。",
        "请核对，改成一样的，或清空其中一处。",
        "“{name}” is filled in twice and differs: “{text}” here, “{other}” in {cell}.",
        "Check both; make them the same, or clear one.",
    ),
    "E839": _kind(
        "“{name}”没有申报，只选“{text}”没有可核查的值。",
        "核查时确有的，选“核减”并写核定值；没有的，请清空核查结果。",
        "“{name}” is undeclared: “{text}” alone verifies nothing.",
        "Choose 核减 (adjusted) and give the value that you found; otherwise clear the finding.",
    ),
    "E840": _kind(
        "“{name}”的申报值在清单生成之后改过：清单上是“{other}”，现在是“{text}”。",
        "请按现在的申报值核查；确认核查结果仍然成立的，加 --allow-changed。",
        "“{name}” was changed since the checklist was made: “{other}” there, “{text}” now.",
        "Verify it as it is declared now; if the finding still holds, give --allow-changed.",
    ),
    "E841": _kind(
        "“{name}”已有核查记录，和清单不一样：数据文件是“{other}”，清单是“{text}”。",
        "请核对；以清单为准的，加 --replace。",
        "“{name}” has another record already: “{other}” in the data file, “{text}” in the checklist.",
        "Check both; give --replace if the checklist is to hold.",
    ),
    "E842": _kind(
        "“{text}”不是认定结果。",
        "请选：{known}。",
        "“{text}” is no decision.",
        "Choose one of: {known}.",
    ),
    "E843": _kind(
        "“{name}”的核定值只写了{text}，没有写申报过的{other}。",
        "核定值代替整个申报值：没有变化的也请写上，确实没有的写 0元。",
        "The verified value of “{name}” has {text} alone, and lacks {other}, which is declared.",
        "It holds in place of all that was declared: write what is unchanged, too, and 0元 for none.",
    ),
    "E844": _kind(
        "“{text}”不能作为“{name}”的核定值。",
        "{expected}",
        "“{text}” cannot be the verified value of “{name}”.",
        "{expected}",
    ),
    # Fund ledgers
    "E851": _kind(
        "台账超过 {limit} {what}，未读取。",
        "请检查是否选错了文件；没有选错的，请删除与支出无关的内容。",
        "The ledger has more than {limit} {what}; not read.",
        "Check that this is the right file, and delete what has nothing to do with payments.",
    ),
    "E852": _kind(
        "台账是空的。",
        "还没有支出的，保留表头；用 etown-check ledger --template 可以生成一份空台账。",
        "The ledger is empty.",
        "Keep the header where nothing was paid yet; etown-check ledger --template writes one.",
    ),
    "E853": _kind(
        "找不到台账的表头。",
        "请加上一行表头：{example}",
        "No header of a ledger was found.",
        "Add a row that names the columns: {example}",
    ),
    "E854": _kind(
        "表头缺少：{known}。",
        "请加上这几列，列的先后不限；没有内容的列可以空着，但支出类别、日期和金额要填。",
        "The header lacks: {known}.",
        "Add them, in any order. A column may be empty, but for category, date and amount.",
    ),
    "E855": _kind(
        "缺少“{name}”一列，“{text}”可能就是。",
        "是的，请把“{text}”改成“{name}”；不是的，请另加一列。",
        "There is no column “{name}”; “{text}” may be meant for it.",
        "If so, name “{text}” “{name}”; else add the column.",
    ),
    "E856": _kind(
        "金额的单位写了两个：“{text}”和“{other}”。",
        "请核对，只保留对的一个。",
        "There are two units of amounts: “{text}” and “{other}”.",
        "Keep the one that is right.",
    ),
    "E857": _kind(
        "有 {number} 行的金额没有单位。",
        "请把表头“{name}”改成“{name}（元）”或“{name}（万元）”。",
        "There is no unit to {number} of the amounts.",
        "Name the column “{name}(元)” or “{name}(万元)” instead of “{name}”.",
    ),
    "E858": _kind(
        "引号没有成对：从这里到{line}都成了同一格。",
        "请补上右引号，或删去这个引号；文字里本来有半角引号的，请用 Excel 或 WPS 保存。",
        "A quotation mark is not closed: from here to {line} all is one cell.",
        "Close or delete it; have Excel or WPS save the file if the text itself holds such marks.",
    ),
    "E859": _kind(
        "这一行有 {number} 格，表头只有 {width} 列：多出“{text}”。",
        "金额或文字里有半角逗号的，请用 Excel 或 WPS 保存，或给这一格加半角引号。",
        "The row has {number} cells, the header {width} columns: “{text}” is left over.",
        "Quote a cell that holds a half-width comma, or have Excel or WPS save the file.",
    ),
    "E860": _kind(
        "文件类型不对：{what}，不是台账（.csv 或 .xlsx）。",
        "请指定台账；内容在这个文件里的，请填进台账。用 etown-check ledger --template 可以生成一份空台账。",
        "This is {what}, not a ledger (.csv or .xlsx).",
        "Name the ledger, or fill in an empty one: etown-check ledger --template writes it.",
    ),
    "E861": _kind(
        "“{name}”没有“{text}”这一项{rows}。",
        "可以写：{known}。",
        "“{name}” has no “{text}”{rows}.",
        "It takes: {known}.",
    ),
    "E862": _kind(
        "没有填写{name}{rows}。",
        "请补填；不是支出的行，请删除。",
        "“{name}” is empty{rows}.",
        "Fill it in, or delete a row that is no payment.",
    ),
    "E863": _kind(
        "“{text}”不是金额。",
        "只写一个确切的数，例如：{example}；退款写负数。",
        "“{text}” is not an amount.",
        "Write one exact number, such as {example}; a refund is negative.",
    ),
    "E864": _kind(
        "表头的单位是“{unit}”，“{text}”的单位却是“{other}”。",
        "请换算成“{unit}”，只写数字。",
        "The header's unit is “{unit}”, but “{text}” says “{other}”.",
        "Convert it to “{unit}” and write the number alone.",
    ),
    "E865": _kind(
        "台账行数较多，检查时要写临时文件，却写不了：磁盘已满，或没有可写的临时文件夹。",
        "请清理磁盘，或把环境变量 TMPDIR 设为有空间、可写的文件夹。",
        "A ledger of so many rows needs a temporary file: the disk is full, or no folder is writable.",
        "Free some space, or set TMPDIR to a folder that can be written to.",
    ),
    # W warnings: told, and the run goes on
    "W101": _kind(
        "没有“标准”一行，不是数据文件，已跳过。",
        "若是数据文件，请加上“标准: {standard}”。",
        "No line 标准 (standard): not a data file; left out.",
        "If it is one, add 标准: {standard}.",
        "若是填报表，请在“基本信息”工作表里加上“标准”一行：{standard}。",
        "If it is one of ours, add a row 标准 (standard) to the sheet of facts: {standard}.",
    ),
    "W102": _kind(
        "佐证文件不存在：“{text}”。",
        "请放入该文件，或更正文件名。",
        "No such evidence file: “{text}”.",
        "Put the file there, or correct its name.",
    ),
    "W103": _kind(
        "“{text}”按一项计数。",
        "若是几项，请用半角逗号隔开，例如：[甲, 乙]",
        "“{text}” is counted as one.",
        "If these are several, separate them by half-width commas, such as [甲, 乙].",
        "若是几项，请每行写一项（Alt+Enter 换行）。",
        "If these are several, write one to a line (Alt+Enter).",
    ),
    "W104": _kind(
        "文件不是 UTF-8 编码，已按 GB18030（中文 Windows 的 ANSI）读取。",
        "请核对文字；最好用记事本打开，另存为，编码选 UTF-8。",
        "Not in UTF-8; read as GB18030 (ANSI of Chinese Windows).",
        "Check the words; better save the file as UTF-8 in an editor.",
    ),
    "W105": _kind(
        "名称“{text}”里有全角字母，已按“{word}”读取。",
        "请改成半角字母：{corrected}",
        "The key “{text}” has full-width letters; read as “{word}”.",
        "Write half-width letters: {corrected}",
    ),
    "W106": _kind(
        "含有改变文字方向的字符（{character}），报告中显示为代码。",
        "请删除它。",
        "Holds a character that changes the direction of text ({character}); reports show its code.",
        "Delete it.",
    ),
    "W107": _kind(
        "“{text}”像是 GBK 编码的“{word}”，按 UTF-8 读成了别的字。",
        "请核对；若是乱码，请重新打一遍，并另存为 UTF-8。",
        "“{text}” looks like “{word}” in GBK, read as UTF-8.",
        "Check it; if it is garbled, type it anew and save as UTF-8.",
    ),
    "W201": _kind(
        "{town} {item} 的豁免已于 {expires} 到期，不再起作用。",
        "需要的，请重新报批；不需要的，请删除。",
        "The waiver of {item} for {town} expired on {expires} and has no effect.",
        "Have it renewed, or delete it.",
    ),
    "W202": _kind(
        "{town} {item} 的豁免自 {approved} 起生效，现在还不起作用。",
        "请核对批准日期。",
        "The waiver of {item} for {town} takes effect on {approved}, not yet.",
        "Check the date of approval.",
    ),
    "W203": _kind(
        "{town} {item} 不需要豁免。",
        "请核对项目和镇名；已经达标的，可以删除这一条。",
        "{town} needs no waiver of {item}.",
        "Check item and town; delete the entry if the item passes by now.",
    ),
    "W301": _kind(
        "工作表“{text}”没有“{first}”“{second}”这样的表头，未读取。",
        "若有要填报的数据，请填在原来的工作表里。",
        "The sheet “{text}” has no header with “{first}” and “{second}”; not read.",
        "Data to declare belongs on the sheets of the form.",
    ),
    "W302": _kind(
        "不认识“{text}”这一列，未读取。",
        "若有要填报的数据，请填在原来的列里。",
        "The column “{text}” is unknown; not read.",
        "Data to declare belongs in the columns of the form.",
    ),
    "W303": _kind(
        "{what}是隐藏的，其中的内容已照常读取。",
        "请取消隐藏并核对；不该填报的，请清空。",
        "Hidden, but read like the rest: {what}.",
        "Show and check it; clear what is not to be declared.",
    ),
    "W304": _kind(
        "“{text}”是“{first}”的副本，没有填内容，未读取。",
        "可以删除。",
        "“{text}” is a copy of “{first}” with nothing filled in; not read.",
        "It may be deleted.",
    ),
    "W305": _kind(
        "文字里有看不见的字符（{character}），已去掉。",
        "请核对这一格的文字。",
        "Invisible characters ({character}) were taken out of the text.",
        "Check the text of the cell.",
    ),
    "W306": _kind(
        "{town}有两份数据文件，另一份是“{other}”，两份都检查了。",
        "请只保留一份，以免改了一份、忘了另一份。",
        "There are two data files of {town}, the other being “{other}”; both are checked.",
        "Keep one, lest a change be made in one of them alone.",
    ),
    "W307": _kind(
        "打不开（{code}），不知道是不是填报表，已跳过。",
        "若是填报表，请单独指定它，按提示处理。",
        "Cannot be opened ({code}), and may or may not be a form; left out.",
        "If it is one, check it by its name and do as is said.",
    ),
    "W308": _kind(
        "“{text}”不是指标，这一行没有填值，未读取。",
        "若是指标，请更正名称。",
        "“{text}” is no metric, and the row has no value; not read.",
        "If it is one, correct its name.",
    ),
    "W309": _kind(
        "“{name}”没有填值，写在旁边的“{text}”未读取。",
        "要保留的，请填上值；确实没有的，写“无”“否”或 0。",
        "“{name}” has no value; “{text}” beside it was not read.",
        "To keep it, give the value: 无, 否 or 0 where there is none.",
    ),
    "W331": _kind(
        "清单是按标准“{text}”的另一个版本生成的。",
        "请核对标准有哪些改动，是否影响核查结果。",
        "The checklist was made by another edition of the standard “{text}”.",
        "Check what changed in the standard, and whether it bears on the findings.",
    ),
    "W332": _kind(
        "这是空白清单，上面没有申报值，无法核对核查的是不是现在的申报值。",
        "请核对选“属实”的各行。",
        "A blank checklist without declared values: it cannot be told whether these were verified.",
        "Check the rows that say 属实 (confirmed).",
    ),
    "W333": _kind(
        "清单生成之后数据文件改过；有核查结果的各行已逐一比对申报值。",
        "申报值改过的，另外列出。",
        "The data file was changed since the checklist was made; the rows with a finding were compared.",
        "Those whose declared value differs are told.",
    ),
    "W334": _kind(
        "“{name}”的核查记录已换成“{text}”，原来是“{other}”。",
        "不该换的，请改回来。",
        "The record of “{name}” is now “{text}”; it was “{other}”.",
        "Put it back if that was not meant.",
    ),
    "W335": _kind(
        "“{name}”的申报值在清单生成之后改过，照样读入了核查结果：清单上是“{other}”，现在是“{text}”。",
        "请确认核查结果仍然成立。",
        "“{name}” was changed since the checklist was made, and its finding taken over: "
        "“{other}” there, “{text}” now.",
        "Make sure that the finding still holds.",
    ),
    "W336": _kind(
        "“{text}”没有读入：{why}。",
        "要保留的，请选上核查结果，或另行记录。",
        "“{text}” was not taken over: {why}.",
        "To keep it, choose a finding, or record it elsewhere.",
    ),
    "W337": _kind(
        "“{key}”填了 {number} 处，没有读入：数据文件没有这一项。",
        "要保留的，请保存好这份清单。",
        "“{key}” is filled in {number} times and was not taken over: a data file has no place for it.",
        "Keep the checklist, which says it.",
    ),
    "W351": _kind(
        "工作表“{text}”也有台账的表头，没有读取；只读了“{first}”。",
        "其中有支出的，请并到“{first}”里。",
        "The sheet “{text}” has the header of a ledger, too, and was not read; “{first}” was.",
        "Move its payments to “{first}”.",
    ),
    "W352": _kind(
        "“{text}”一行没有金额、资金来源和支出类别，当作说明，没有计入。",
        "是支出的，请补填。",
        "“{text}”: a row without amount, source and category was taken for a remark.",
        "Fill it in if it is a payment.",
    ),
}
