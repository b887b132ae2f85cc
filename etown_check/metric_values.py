"""Reading what is declared of a metric: values by kind and year, evidence, verification."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from etown_check.fields import NO, YES, FieldReader, aliases, both, line_of, naming, text_of, yes_no
from etown_check.howto import example, example_value
from etown_check.keys import (
    CONTACT_KEYS,
    DETAIL_KEYS,
    DOCUMENT_KEYS,
    FILE_KEYS,
    VERIFIED_KEYS,
)
from etown_check.ledger import Ledger
from etown_check.month_files import read_month
from etown_check.patterns import pattern
from etown_check.problems import InputError, Problem, closest
from etown_check.quantities import (
    KINDS,
    UNITS,
    Fault,
    Quantity,
    begins_as_number,
    read_quantity,
    unit_named,
)
from etown_check.standard import LedgerForm, Metric, Standard
from etown_check.submission import (
    ADJUSTED,
    CONFIRMED,
    REJECTED,
    Amounts,
    Contact,
    Declaration,
    Document,
    Entry,
    Evidence,
    Value,
    Verification,
)
from etown_check.surroundings import Surroundings
from etown_check.text import fold, without_hidden
from etown_check.tree import (
    CELL,
    PLAIN,
    Cell,
    MappingNode,
    Node,
    ScalarNode,
    SequenceNode,
    WordNode,
    end_column,
    is_blank,
    position,
)
from etown_check.words import Text, Words
from etown_check.yamltree import STDIN, entries

RESULTS = {"属实": CONFIRMED, "核减": ADJUSTED, "不实": REJECTED}

# What an error shows as the way to write each: the examples of metrics are the standard's.
_DOCUMENT_EXAMPLES = {
    "title": "某镇培育方案",
    "number": "某政发〔2022〕15号",
    "date": "2022-11-08",
    "file": "佐证/培育方案.pdf",
}
_VERIFIED_EXAMPLES = {
    "result": "属实",
    "by": "李四",
    "date": "2024-03-01",
    "opinion": "与平面图一致",
}
_VERIFIED_EXAMPLE = Text(
    "{结果: 属实, 核查人: 李四, 日期: 2024-03-01}",
    "{result: confirmed, by: Li Si, date: 2024-03-01}",
)
COLUMN_NAMES = {
    "title": Text("填写值", "Value"),
    "number": Text("文号", "Document no."),
    "date": Text("成文日期", "Issued on"),
    "result": Text("核查结果", "Verified"),
}
"""What a workbook calls the columns of what has another name in a data file."""
CONTACT_EXAMPLE = Text("{姓名: 张三, 电话: 0349-0000000}", "{name: Zhang San, phone: 0349-0000000}")
_CONTACT_EXAMPLES = {"name": "张三", "phone": "0349-0000000"}
_EVIDENCE_EXAMPLE = Text("[佐证/平面图.pdf]", "[evidence/plan.pdf]")

# What people write where they have no title or name to give. None of it says whether there is one.
_PLACEHOLDERS = frozenset(
    (
        *("暂有", "没有", "未有", "暂无", "未见", "未定", "未知", "不详", "不明"),
        *(
            f"{a}{b}"
            for a in "待未"
            for b in ["定", "补", "补充", "完善", "办", "制定", "印发", "出台"]
        ),
        *(f"{it}中" for it in ("制定", "拟定", "起草", "印发")),
        *(f"已{it}" for it in ("制定", "印发", "出台", "有", "有的")),
        *("有", "有的", "是的", "齐全", "见附件", "详见附件", "附后", "同上", "略", "空", "空白"),
        *("不适用", "不涉及", "yes", "no", "none", "null", "nil", "na", "nan", "tbd", "todo"),
    )
)
_NOT_YET = ("尚未", "暂未", "暂无", "还没", "还未", "没有", "正在", "即将")
_IN_PARENTHESES = pattern(r"[（(][^（()）]*[)）]")
_SEPARATING = "、，；;"
_SEPARATORS = pattern(f"[{_SEPARATING}]")
YEAR = pattern(r"(\d{4})年?", re.ASCII)
_YEARS = {str(year): year for year in range(1990, 2100)}
_NUMBERS = frozenset("零〇一二两三四五六七八九十百千万亿几数多")
_A_YEAR, _AN_AMOUNT = 2023, "100万元"  # for examples
_NOT_WORDS = pattern(r"[\W_]+")
_SCALE = frozenset("十百千万亿")
_DETAIL_ALIASES = aliases(DETAIL_KEYS)
_OWN_KEYS = {"document": DOCUMENT_KEYS, "contact": CONTACT_KEYS}
"""What may be written out among the details of a metric, by its kind."""


class ValueReader(FieldReader):
    """Reads what one file declares of metrics.

    `years` are those that values may be of.
    """

    def __init__(
        self,
        path: str,
        standard: Standard,
        years: Sequence[int],
        also: Iterable[Problem] = (),
        evidence_root: str | None = None,
        ledgers: Mapping[str, Ledger] | None = None,
    ) -> None:
        super().__init__(path, also)
        self.standard = standard
        self.years = years
        folder = os.path.dirname(path) if path != STDIN else ""
        self.roots = [folder or "."]
        if evidence_root is not None:
            self.roots.append(evidence_root)
        self.around = Surroundings(folder, self.roots)
        self._key_unit = ""  # of the metric that is being read, where its key holds one
        # Months that were declared, to be held against the date of the data.
        self.months: list[tuple[Node, str]] = []
        # Ledgers that were read, by what names them; `None` is one that has mistakes.
        self.ledgers: dict[str, Ledger | None] = dict(ledgers or {})
        # What is wrong with a ledger stands in the ledger, not in this file.
        self.ledgers_not_read = 0  # how many times one was named
        self.ledger_problems: list[Problem] = []
        self.ledger_warnings: list[Problem] = []

    def declaration(self, metric: Metric, key: ScalarNode, node: Node) -> Declaration | None:
        """Read one metric; `None` where nothing is declared of it."""
        if isinstance(node, ScalarNode):  # as most are: nothing stands beside the value
            values = self._values(metric, node)
            return Declaration(metric.key, position(key), values, (), "", None) if values else None
        found = self._number_of_problems()
        details: dict[str, Node] = {}
        own: Node | None = node
        if isinstance(node, MappingNode) and self._is_detailed(metric, node):
            own, details = self._details(metric, node)
        values = {} if own is None else self._values(metric, own)
        evidence = self._evidence(details.get("evidence"))
        if own is not None and metric.kind == "document":
            evidence = (*self._document_files(own), *evidence)
        note = ""
        if "note" in details:
            note = self.scalar(details["note"], both(DETAIL_KEYS, "note"), "…")
        verification = self._verification(metric, details.get("verified"))
        if not values and not (verification and verification.entries):
            if self._number_of_problems() == found:
                self._tell_unread(metric, details)
            return None
        return Declaration(metric.key, position(key), values, evidence, note, verification)

    def _number_of_problems(self) -> int:
        return len(self.problems) + self.ledgers_not_read

    def _tell_unread(self, metric: Metric, details: Mapping[str, Node]) -> None:
        """Tell of what is said beside a value that is blank: without one there is no declaration."""
        said = (it for node in details.values() for it in _texts(node) if it.value.strip())
        first = next(said, None)
        if first is not None:
            self.warn(first, "W309", name=metric.name, text=first.value.strip())

    def _is_detailed(self, metric: Metric, node: MappingNode) -> bool:
        """Tell a mapping with 值, 佐证, 备注 or 核查 from one that is itself the value."""
        keys = [fold(key.value) for key, _ in node.value if isinstance(key, ScalarNode)]
        if _has_years(node) and (metric.kind != "document" or node.tag == CELL):
            return False
        if metric.kind in _OWN_KEYS:
            return True
        if metric.kind == "amounts":
            words = _words(metric.vocabulary)
            return not words.keys() & set(keys) and any(key in _DETAIL_ALIASES for key in keys)
        return not metric.yearly or any(key in _DETAIL_ALIASES for key in keys)

    def _details(self, metric: Metric, node: MappingNode) -> tuple[Node | None, dict[str, Node]]:
        """Split a metric's mapping into the node of its value and its other details.

        A document may be written out in the same mapping (名称, 文号, 日期, 文件), and so may a
        contact (姓名, 电话).
        """
        is_document = metric.kind == "document"
        in_cells = node.tag == CELL
        own_keys = _OWN_KEYS.get(metric.kind, {})
        keys = DETAIL_KEYS | own_keys | (DOCUMENT_KEYS if in_cells else {})
        given = {
            name: (key, value) for name, key, value in self.known_entries(node, keys, metric.name)
        }
        if in_cells and not is_document:
            for name in DOCUMENT_KEYS.keys() & given.keys():
                self.problem(given.pop(name)[1], "E820", name=metric.name)
        details = {name: value for name, (_, value) in given.items() if name in DETAIL_KEYS}
        parts = [name for name in given if name in own_keys]
        own = details.pop("value", None)
        if is_document and parts and isinstance(own, Cell):
            # In a workbook the title stands where other metrics have their value.
            given["title"] = (Cell(DOCUMENT_KEYS["title"], own.start_mark), own)
            parts.append("title")
            own = None
        if parts and own is not None:
            key = given[parts[0]][0]
            self.problem(key, "E524", key=key.value, other=given["value"][0].value)
        elif parts:
            own = MappingNode(
                node.tag, [given[name] for name in parts], node.start_mark, node.end_mark
            )
        elif own is None and given and not all(is_blank(value) for _, value in given.values()):
            self.problem(node, "E519", name=metric.name, example=example(metric))
        return own, details

    def _values(self, metric: Metric, node: Node) -> dict[int | None, Entry]:
        """Read the value or the yearly values of `metric`."""
        if is_blank(node) or _is_empty_list(node):
            return {}
        if not metric.yearly:
            if _has_years(node):
                self.problem(node, "E513", name=metric.name, example=example(metric))
                return {}
            entry = self._entry(metric, node)
            return {None: entry} if entry else {}
        if not isinstance(node, MappingNode):
            own = isinstance(node, ScalarNode) and f"{{{_A_YEAR}: {node.value.strip()}}}"
            self.problem(node, "E512", name=metric.name, example=own or example(metric))
            return {}
        return self._by_year(metric, node)

    def _by_year(self, metric: Metric, mapping: MappingNode) -> dict[int | None, Entry]:
        found: dict[int | None, Entry] = {}
        years = self.years
        for name, key, node in entries(self.path, mapping, _year_named, self.problems):
            year = _YEARS.get(name) or _unusual_year(name)
            if year is None:
                code = "E525" if name in _DETAIL_ALIASES else "E510"
                text, how = key.value.strip(), example(metric)
                self.problem(key, code, text=text, name=metric.name, example=how)
                continue
            if year not in years:
                self.problem(key, "E511", year=str(year), first=str(years[0]), last=str(years[-1]))
            elif not is_blank(node) and not _is_empty_list(node):
                entry = self._entry(metric, node)
                if entry:
                    found[year] = entry
        return found

    def _entry(self, metric: Metric, node: Node) -> Entry | None:
        """Read one value of `metric` by its kind."""
        plain = _plain_quantity(node, metric.kind, metric.units)
        if plain is not None and not self._key_unit:
            return _entry_at(node, plain)
        if isinstance(node, Cell):
            node = self._as_list(metric, node)
        match metric.kind:
            case "count" if isinstance(node, SequenceNode):
                names = self._count_names(metric, node)
                distinct = {without_hidden(fold(name)) for name in names}
                quantity = read_quantity(str(len(distinct)), "count", metric.units)
                assert isinstance(quantity, Quantity)
                return _entry_at(node, quantity, names) if names else None
            case "names":
                return self._vocabulary_entry(metric, node)
            case "months":
                return self._months_entry(metric, node)
            case "amounts":
                return self._amounts_entry(metric, node)
            case "contact":
                contact = self.contact(node, Text(metric.name.zh, metric.key))
                return _entry_at(node, contact) if contact else None
            case "document" if isinstance(node, MappingNode):
                return self._document_entry(metric, node)
        if isinstance(node, ScalarNode):
            text = text_of(node)
        else:
            text = self.scalar(node, Text(metric.name.zh, metric.key), example(metric))
        return self._scalar_entry(metric, node, text) if text else None

    def _as_list(self, metric: Metric, node: Cell) -> Node:
        """Return a cell that holds names as their list, and any other as it is."""
        names = names_in_cell(metric, node.value)
        if not names:
            return node
        mark = node.start_mark
        return SequenceNode(CELL, [Cell(name, mark) for name in names], mark, mark)

    def _scalar_entry(self, metric: Metric, node: Node, text: str) -> Entry | None:
        value: Value | None
        match metric.kind:
            case "yes_no":
                value = yes_no(text)
                if value is None:
                    self.problem(node, "E508", text=text)
            case "choice":
                value = self._word(metric, node, text)
            case "document":
                value = self._document(node, text)
            case "date":
                value = self.day(node, text)
            case "ledger":
                value = self._ledger(node, text)
            case _:
                value = self._quantity(metric, node, text)
        # A ledger is known by the name that it was given, wherever its file may lie.
        names = (text,) if isinstance(value, Ledger) else ()
        return None if value is None else _entry_at(node, value, names)

    def _quantity(self, metric: Metric, node: Node, text: str) -> Quantity | None:
        if metric.kind == "count" and fold(text) == "无":
            text = "0"
        if isinstance(node, Cell) and node.is_date:
            self.problem(node, "E818", text=text)
            return None
        if isinstance(node, Cell) and node.unit is not None:
            return self._with_unit(metric, node, node.unit, text)
        quantity = _number(metric, text)
        unit = self._key_unit
        if unit and isinstance(quantity, Fault) and quantity.code == "E503":
            quantity = read_quantity(f"{text}{unit}", metric.kind, metric.units)
        if isinstance(quantity, Fault):
            self._report_fault(metric, node, quantity)
            return None
        if unit and quantity.unit != unit and metric.kind != "count":
            other = quantity.unit
            self.problem(node, "E530", text=text, unit=unit, other=other, example=text)
            return None
        return quantity

    def _with_unit(self, metric: Metric, node: Cell, unit: Cell, text: str) -> Quantity | None:
        """Read a number whose unit stands in a cell of its own; text may have its own."""
        named = unit.value.strip()
        own = _number(metric, text)
        is_twice = bool(_MYRIADS & set(text) and _MYRIADS & set(named))  # 5万 beside 亿元
        if _BARE.fullmatch(fold(text)) and not is_twice:
            whole = _number(metric, f"{text}{named}")
            if isinstance(whole, Quantity):
                return whole
            is_number = isinstance(own, Quantity) or own.code == "E503"
            is_unit = is_number and whole.code not in _OF_NUMBERS
            self._report_fault(metric, unit if is_unit else node, whole)
            return None
        if isinstance(own, Fault):
            self._report_fault(metric, node, own)
            return None
        if own.unit != unit_named(fold(named)) and metric.kind != "count" and not node.may_differ:
            self.problem(node, "E817", text=text, unit=named, other=own.unit)
            return None
        return own

    def _report_fault(self, metric: Metric, node: Node, fault: Fault) -> None:
        close = _unit_meant(metric, fault.args["unit"]) if fault.code == "E504" else fault.close
        args: dict[str, Words] = {
            "name": metric.name,
            "example": fault.args.get("exact") or example_value(metric),
            **fault.args,
            "units": tuple(fault.args.get("units", "").split("、")),
        }
        text = fault.args.get("text", "")
        is_list = _separates(text) or not _counts(text)
        if fault.code == "E502" and metric.kind == "count" and is_list:
            number = f"5{metric.units[0]}"
            self.problem(node, "E533", text=text, example=number, names=_as_list(text))
            return
        self.problem(node, fault.code, close, **args)

    def _names(self, node: SequenceNode, example: Words) -> list[tuple[Node, str]]:
        """Return the entries of a list with their nodes; report those that are no text."""
        names: list[tuple[Node, str]] = []
        for child in node.value:
            if not isinstance(child, ScalarNode):
                self.problem(child, "E526", example=example)
            elif is_blank(child):
                self.problem(child, "E515")
            elif _swallows_an_entry(child):
                self.problem(child, "E210")
            else:
                names.append((child, child.value.strip()))
        return names

    def _count_names(self, metric: Metric, node: SequenceNode) -> tuple[str, ...]:
        """Return the names that are counted: `[无]` and `[5家]` are none."""
        names = []
        for child, name in self._names(node, "[甲, 乙]"):
            is_number = begins_as_number(name) and isinstance(_number(metric, name), Quantity)
            if node.tag == CELL:
                is_number = is_number or _says_how_many(metric, name)
            if is_number or yes_no(name) is not None or _says_nothing(name):
                self.problem(child, "E527", text=name, example=f"5{metric.units[0]}")
                continue
            if _separates(name) and _separates(_IN_PARENTHESES.sub("", name)):
                self.warn(child, "W103", text=name)
            names.append(name)
        return tuple(names)

    def _vocabulary_entry(self, metric: Metric, node: Node) -> Entry | None:
        if isinstance(node, ScalarNode) and fold(node.value) == "无":
            return _entry_at(node, ())
        if not isinstance(node, SequenceNode):
            own = _as_list(node.value) if isinstance(node, ScalarNode) else example(metric)
            self.problem(node, "E307", key=metric.name, example=own)
            return None
        names = self._names(node, example(metric))
        words = [self._word(metric, child, name) for child, name in names]
        distinct = tuple(dict.fromkeys(word for word in words if word))
        return _entry_at(node, distinct, tuple(name for _, name in names))

    def _word(self, metric: Metric, node: Node, text: str) -> str | None:
        word = _words(metric.vocabulary).get(fold(text))
        if word is not None:
            return word
        close = self.suggest(text, metric.vocabulary)
        self.problem(node, "E509", close, name=metric.name, text=text, known=metric.vocabulary)
        return None

    # Months, amounts, contacts, ledgers

    def _months_entry(self, metric: Metric, node: Node) -> Entry | None:
        """Read a list of months, or the folder whose files are named after them."""
        if isinstance(node, ScalarNode):
            text = node.value.strip()
            if yes_no(text) is False:
                return _entry_at(node, ())
            if read_month(text) is None:
                return self._folder_entry(metric, node, text)
            listed: list[tuple[Node, str]] = [(node, text)]
        elif isinstance(node, SequenceNode):
            listed = self._names(node, example(metric))
        else:
            self.problem(node, "E307", key=metric.name, example=example(metric))
            return None
        months: dict[str, None] = {}
        for child, text in listed:
            month = read_month(text)
            if month is None:
                self.problem(child, "E538", text=text)
            elif month in months:
                self.problem(child, "E536", name=metric.name, month=month)
            else:
                months[month] = None
                self.months.append((child, month))
        ordered = tuple(sorted(months))
        return _entry_at(node, ordered, ordered) if months else None

    def _folder_entry(self, metric: Metric, node: ScalarNode, text: str) -> Entry | None:
        is_ours = self.around.is_inside(text)
        months = self.around.months(self.around.path(text)) if is_ours else None
        if months is None:
            self.problem(node, "E535", text=text, example=example(metric))
            return None
        self.months += [(node, month) for month in months]
        return _entry_at(node, months, months)

    def report_months_after(self, month: str) -> None:
        """Report the months that were declared and lie after `month`, the data's own."""
        for node, declared in self.months:
            if declared > month:
                self.problem(node, "E537", month=declared, last=month)

    def _amounts_entry(self, metric: Metric, node: Node) -> Entry | None:
        """Read money by the words of a closed vocabulary."""
        if isinstance(node, Cell):
            node = _mapping_in_cell(node) or node
        if not isinstance(node, MappingNode):
            line = f"{metric.vocabulary[0]}：{_AN_AMOUNT}"
            self.problem(node, "E539", name=metric.name, example=example(metric), line=line)
            return None
        words = _words(metric.vocabulary)
        amounts: list[tuple[str, Quantity]] = []
        for name, key, value in entries(self.path, node, naming(words), self.problems):
            text = key.value.strip()
            if name in _DETAIL_ALIASES:
                self.problem(key, "E540", text=text, name=metric.name, example=example(metric))
            elif name not in words.values():
                self._word(metric, key, text)
            elif not is_blank(value):
                quantity = _plain_quantity(value, "money") or self._amount(metric, name, value)
                if quantity is not None:
                    amounts.append((name, quantity))
        in_order = sorted(amounts, key=lambda it: metric.vocabulary.index(it[0]))
        return _entry_at(node, Amounts(tuple(in_order))) if amounts else None

    def _amount(self, metric: Metric, word: str, node: Node) -> Quantity | None:
        """Read the amount beside a word: what is wrong with it is said of the word."""
        money = metric._replace(kind="money", key=word, name=Text(word, word))
        entry = self._entry(money, node)
        return None if entry is None else entry.quantity

    def contact(self, node: Node, key: Text) -> Contact | None:
        """Read whom to ask: a name and a phone, or 无; `None` where nothing is said."""
        if isinstance(node, ScalarNode) and yes_no(node.value.strip()) is False:
            return Contact("", "", is_denied=True)
        if not isinstance(node, MappingNode):
            self.problem(node, "E305", key=key, example=CONTACT_EXAMPLE)
            return None
        where = both(FILE_KEYS, "contact")
        texts = {
            name: (value, self.scalar(value, both(CONTACT_KEYS, name), _CONTACT_EXAMPLES[name]))
            for name, _, value in self.known_entries(node, CONTACT_KEYS, where)
        }
        given = {name: it for name, it in texts.items() if it[1]}
        said = {name: text for name, (_, text) in given.items() if yes_no(text) is not False}
        for name in said:
            child, text = given[name]
            if _says_nothing(text) and not (name == "phone" and _counts(text)):
                self.problem(child, "E544", text=text, name=both(CONTACT_KEYS, name))
        contact = Contact(said.get("name", ""), said.get("phone", ""), len(said) < len(given))
        return contact if given else None

    def _ledger(self, node: Node, text: str) -> Ledger | None:
        """Read the ledger that `text` names; what is wrong with it is gathered apart."""
        form = self.standard.ledger
        if yes_no(text) is not None:
            self.problem(node, "E541", text=text)
        elif form is None or not self.around.is_inside(text):
            self.problem(node, "E521", text=text)
        else:
            return self._ledger_named(node, text, form)
        return None

    def _ledger_named(self, node: Node, text: str, form: LedgerForm) -> Ledger | None:
        if text not in self.ledgers and not self.around.has_file(text):
            self.problem(node, "E542", text=text)
            return None
        if text not in self.ledgers:
            self.ledgers[text] = self._read_ledger(self.around.path(text), form)
        ledger = self.ledgers[text]
        self.ledgers_not_read += ledger is None
        return ledger

    def _read_ledger(self, path: str, form: LedgerForm) -> Ledger | None:
        from etown_check.ledgers.reading import read_ledger  # few data files name one

        try:
            read = read_ledger(path, form)
        except InputError as error:
            self.ledger_problems += error.problems
            self.ledger_warnings += error.warnings
            return None
        self.ledger_warnings += read.warnings
        self.around.has_read(path, read.ledger.sha256)
        return read.ledger

    # Documents, evidence, verification

    def _document(self, node: Node, text: str) -> Document | None:
        answer = yes_no(text)
        if answer is not None:
            return Document(answer, "")
        if _says_nothing(text) or text.startswith(_NOT_YET) or len(text) == 1:
            self.problem(node, "E514", text=text)
            return None
        return Document(True, text)

    def _document_entry(self, metric: Metric, node: MappingNode) -> Entry | None:
        """Read a document that is written out. A title 无 admits nothing that would name one."""
        given = {
            name: (key, value)
            for name, key, value in self.known_entries(node, DOCUMENT_KEYS, metric.name)
            if not is_blank(value)
        }
        texts = {
            name: self.scalar(value, both(DOCUMENT_KEYS, name), _DOCUMENT_EXAMPLES[name])
            for name, (_, value) in given.items()
        }
        issued_on = self.day(given["date"][1], texts["date"]) if texts.get("date") else None
        title, number = texts.get("title", ""), texts.get("number", "")
        if yes_no(number) is not None or (not title and _says_nothing(number)):
            number = ""
        if title:
            document = self._document(given["title"][1], title)
        elif number or texts.get("file"):
            document = Document(True, number)
        else:
            if given and all(texts.values()):
                in_cells = node.tag == CELL
                name = COLUMN_NAMES["title"] if in_cells else both(DOCUMENT_KEYS, "title")
                self.problem(
                    node, "E303", key=name, example=line_of(name, _DOCUMENT_EXAMPLES["title"])
                )
            return None
        if document is None:
            return None
        if not document.exists:
            self._report_contradiction(given)
        whole = document._replace(number=number, issued_on=issued_on)
        return _entry_at(node, whole)

    def _report_contradiction(self, given: Mapping[str, tuple[ScalarNode, Node]]) -> None:
        """Report what names a document beside a title that says there is none."""
        key, value = given["title"]
        in_cells, title = key.tag == CELL, value.value.strip()
        other: Words = f"{key.value.strip()}: {title}"
        if in_cells:
            other = line_of(COLUMN_NAMES["title"], title)
        for name, (node, _) in given.items():
            if name != "title":
                own = COLUMN_NAMES[name] if in_cells else node.value.strip()
                self.problem(node, "E524", key=own, other=other)

    def _document_files(self, node: Node) -> tuple[Evidence, ...]:
        if not isinstance(node, MappingNode):
            return ()
        for name, _, value in entries(self.path, node, naming(aliases(DOCUMENT_KEYS)), []):
            if name == "file" and isinstance(value, ScalarNode) and not is_blank(value):
                return self._files([value])
        return ()

    def _evidence(self, node: Node | None) -> tuple[Evidence, ...]:
        if node is None or is_blank(node):
            return ()
        if isinstance(node, Cell):
            from etown_check.cells import files_in  # only workbooks have cells

            return self._files([Cell(file, node.start_mark) for file in files_in(node.value)])
        if isinstance(node, ScalarNode):
            return self._files([node])
        if not isinstance(node, SequenceNode):
            key = both(DETAIL_KEYS, "evidence")
            self.problem(node, "E307", key=key, example=_EVIDENCE_EXAMPLE)
            return ()
        return self._files([child for child, _ in self._names(node, _EVIDENCE_EXAMPLE)])

    def _files(self, nodes: list[Node]) -> tuple[Evidence, ...]:
        found = []
        for node in nodes:
            file = node.value.strip()
            if not self.around.is_inside(file):
                self.problem(node, "E521", text=file)
                continue
            exists = self.around.has_file(file)
            found.append(Evidence(file, exists))
            if not exists:
                self.warn(node, "W102", text=file)
        return tuple(found)

    def _verification(self, metric: Metric, node: Node | None) -> Verification | None:
        if node is None or is_blank(node):
            return None
        if not isinstance(node, MappingNode):
            key = both(DETAIL_KEYS, "verified")
            self.problem(node, "E305", key=key, example=_VERIFIED_EXAMPLE)
            return None
        where = both(DETAIL_KEYS, "verified")
        given = {
            name: value
            for name, _, value in self.known_entries(node, VERIFIED_KEYS, where)
            if not is_blank(value)
        }
        if not given:
            return None
        result = self._result(node, given)
        before = self._number_of_problems()
        values = self._values(metric, given["value"]) if "value" in given else {}
        if result == ADJUSTED and not values and self._number_of_problems() == before:
            self.problem(given["result"], "E518", example=example(metric))
        by = self._verified_text(given, "by")
        on = self._verified_text(given, "date")
        day = self.day(given["date"], on) if on else None
        opinion = self._verified_text(given, "opinion")
        return Verification(result or CONFIRMED, values, by, day, opinion)

    def _verified_text(self, given: dict[str, Node], key: str) -> str:
        if key not in given:
            return ""
        return self.scalar(given[key], both(VERIFIED_KEYS, key), _VERIFIED_EXAMPLES[key])

    def _result(self, node: Node, given: dict[str, Node]) -> str | None:
        if "result" not in given:
            in_cells = node.tag == CELL
            key = COLUMN_NAMES["result"] if in_cells else both(VERIFIED_KEYS, "result")
            self.problem(node, "E303", key=key, example=line_of(key, _VERIFIED_EXAMPLES["result"]))
            return None
        text = self._verified_text(given, "result")
        result = RESULTS.get(fold(text)) or (fold(text) if fold(text) in RESULTS.values() else None)
        if text and result is None:
            self.problem(given["result"], "E517", text=text)
        return result


# A number without a unit, in a cell beside which its unit stands.
_BARE = pattern(r"[-+−]?[\d.,]*[\d.零〇一二两三四五六七八九十百千万亿]+", re.ASCII)
_MYRIADS = frozenset("万亿")
_OF_NUMBERS = frozenset(("E505", "E506", "E507", "E516"))
"""Codes that blame a number, whatever its unit."""
_HOW_MANY = pattern(
    "(?:现有|已有|共计|合计|总共|累计|其中|新增|引进|培育|设立|[共计约有已达近超])*"
    r"(?:[\d.,]+|[零〇一二两三四五六七八九十百千万几数多]+)(?:余|多)?(.*?)(?:以上|以下|左右|上下|多)?"
)
# A text that stands where a number or names belong, and is a remark.
_REMARK = pattern(
    "尚未|暂未|暂无|还没|还未|没有|正在|即将|若干|一些|许多|很多|较多|不少|众多|详?见|.*中$"
)


def names_in_cell(metric: Metric, text: str) -> list[str]:
    """Return the names that a cell lists of `metric`, none where its text is no list."""
    from etown_check.cells import names_in, parts_in  # only workbooks have cells

    if metric.kind == "months":
        names = parts_in(text)
        return names if all(map(read_month, names)) or len(names) > 1 else []
    names = names_in(text)
    if metric.kind == "names":
        return [] if fold(text) == "无" else names
    return names if metric.kind == "count" and _are_counted(metric, text, names) else []


def _are_counted(metric: Metric, text: str, names: list[str]) -> bool:
    """Tell names that are counted from a number of things, or from what is meant for one."""
    number = _number(metric, text)
    if isinstance(number, Quantity) or yes_no(text) is not None:
        return False
    if "\n" in text:
        return bool(names)
    if _mentions_number(metric, text) or any(_says_how_many(metric, it) for it in names):
        return False
    # One name alone may as well be a remark: what says nothing, or not how many, is.
    is_word = number.code == "E502" and not _says_nothing(text) and not _REMARK.match(text)
    return len(names) > 1 or is_word


def _number(metric: Metric, text: str) -> Quantity | Fault:
    return read_quantity(text, metric.kind, metric.units)


def _plain_quantity(node: Node, kind: str, units: tuple[str, ...] = ()) -> Quantity | None:
    """Return the quantity that a word says where there is no more to it, as with most."""
    if kind not in KINDS or not isinstance(node, WordNode):
        return None
    quantity = read_quantity(node.value.strip(), kind, units)
    return quantity if isinstance(quantity, Quantity) else None


@lru_cache(maxsize=64)
def _words(vocabulary: tuple[str, ...]) -> Mapping[str, str]:
    """Map the folded forms of words to them."""
    return {fold(word): word for word in reversed(vocabulary)}


def _says_how_many(metric: Metric, text: str) -> bool:
    """Tell whether `text` is a number of things, however vague, and no name: `约5家`, `共三家`."""
    match = _HOW_MANY.fullmatch(fold(text))
    return match is not None and match.group(1) in ("", *metric.units)


def _mentions_number(metric: Metric, text: str) -> bool:
    """Tell whether `text` says somewhere how many there are: `5家，其中新增1家`."""
    units = "|".join(map(re.escape, metric.units))
    return re.search(rf"\d(?:余|多)?(?:{units})", fold(text)) is not None


def _mapping_in_cell(cell: Cell) -> MappingNode | None:
    """Return the words and amounts that a cell holds as a mapping, `None` where it has no words."""
    from etown_check.cells import amounts_in  # only workbooks have cells

    mark = cell.start_mark
    pairs = [(Cell(word, mark), Cell(amount, mark)) for word, amount in amounts_in(cell.value)]
    return MappingNode(CELL, pairs, mark, mark) if all(word.value for word, _ in pairs) else None


def _as_list(text: str) -> str:
    """Return names that stand in a text as they would be typed in a list, some of them."""
    names = [name.strip("()（） ") for name in _SEPARATORS.split(text)]
    known = [name[:20] for name in names if not _says_nothing(name)]
    return f"[{', '.join(known[:3]) or '甲, 乙'}]"


def _entry_at(node: Node, value: Value, names: tuple[str, ...] = ()) -> Entry:
    return Entry(value, position(node), names, end_column(node))


def _texts(node: Node) -> Iterator[ScalarNode]:
    """Yield the texts that `node` holds, but for the keys of mappings."""
    if isinstance(node, ScalarNode):
        yield node
    elif isinstance(node, MappingNode):
        for _, value in node.value:
            yield from _texts(value)
    else:
        for child in node.value:
            yield from _texts(child)


def _counts(text: str) -> bool:
    """Tell whether a text holds a digit, of whatever script, or a word of number."""
    return any(char.isdecimal() or char in _NUMBERS for char in text)


def _separates(text: str) -> bool:
    """Tell whether a text holds what stands between names."""
    return any(sign in text for sign in _SEPARATING)


def _says_nothing(text: str) -> bool:
    """Tell whether `text` names nothing: a placeholder, a bare number, or no word at all."""
    words = _NOT_WORDS.sub("", fold(text).lower())
    return not words or words.isdecimal() or words in YES | NO or words in _PLACEHOLDERS


def _swallows_an_entry(node: ScalarNode) -> bool:
    """Tell whether an entry of a list has taken in the next line, indented deeper, with its dash."""
    if node.tag != PLAIN or " - " not in node.value:
        return False
    return node.end_mark.line > node.start_mark.line


def _has_years(node: Node) -> bool:
    """Tell whether `node` is a mapping with a year among its keys."""
    return isinstance(node, MappingNode) and any(
        isinstance(key, ScalarNode) and YEAR.fullmatch(fold(key.value)) for key, _ in node.value
    )


def _year_named(folded: str) -> str:
    """Return a year without the word for it, 2022 of 2022年, and anything else as it is."""
    year = folded[:-1]
    return year if year in _YEARS and folded[-1] == "年" else folded


def _unusual_year(text: str) -> int | None:
    """Return the year that a text names, however far it lies off."""
    match = YEAR.fullmatch(text)
    return int(match.group(1)) if match else None


def _unit_meant(metric: Metric, unit: str) -> tuple[str, ...]:
    """Return the unit that may have been meant, but never one of another magnitude or currency."""
    if unit in UNITS[metric.kind] or re.search("[A-Za-z]|.元$", unit):
        return ()
    known = UNITS[metric.kind] or metric.units
    return closest(unit, [it for it in known if _SCALE & set(it) == _SCALE & set(unit)], most=1)


def _is_empty_list(node: Node) -> bool:
    return isinstance(node, SequenceNode) and not node.value
