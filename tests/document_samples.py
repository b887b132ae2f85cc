"""A document with every kind of block, and a given text in every place that takes one."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from etown_check.documents.model import (
    ALERT,
    MUTED,
    Bar,
    Bars,
    Blank,
    Bullet,
    Choice,
    Column,
    Document,
    Facts,
    Group,
    Heading,
    Lines,
    Listing,
    Paragraph,
    Part,
    Share,
    Signatures,
    Stack,
    Table,
)
from etown_check.report import STATUSES, UNASSURED, WAIVED

TONES = (*STATUSES, UNASSURED, WAIVED, MUTED, ALERT)
HOSTILE = [
    "<script>alert(1)</script>",
    "</script></style></textarea></title><img src=x onerror=alert(1)>",
    "<!-- <b>x</b> --> ]]> <![CDATA[",
    '" onfocus="alert(1)" autofocus x=\'',
    "{{ 7 * 7 }} {% raw %} {# x #} ${7*7} %s %(x)s {0} {page}",
    "&lt;b&gt; &amp; &#65; &nbsp",
    "\\22 } body { display: none } /* \" ' */ url(http://evil.example/x)",
    "a\u202eb\u2066c\u200bd\x1b[31m\x00e\x85f",
    "line\nbreak\r\u2028end",
    "- a | b `c` **d** _e_ [f](javascript:alert(1)) #1 @user",
    "=1+1",
]


def everything(
    text: str = "示例", lang: str = "zh", *, parts: int = 2, is_landscape: bool = True
) -> Document:
    """Return a document of `parts` equal parts; what is to be told apart has a number beside it."""
    return Document(
        title=f"{text} 0",
        lang=lang,
        day=date(2024, 5, 6),
        is_landscape=is_landscape,
        pages="第 {page} 页 共 {pages} 页",
        parts=tuple(_part(f"{text} {number}", text) for number in range(1, parts + 1)),
    )


def _part(title: str, text: str) -> Part:
    return Part(
        title,
        f"{text} 副题",
        (f"{title} 页脚", text),
        (
            Heading(f"{text} 说明", 2),
            *(Paragraph(f"{text} {tone}", tone) for tone in ("", *TONES)),
            Paragraph(text, "fail", is_strong=True),
            Listing((text, text), is_ordered=True),
            Heading(f"{text} 事实"),
            Facts(
                ((text, Lines((text,))), (text, Blank(text)), (text, Choice(text, (text, "乙"))))
            ),
            Heading(f"{text} 表"),
            _table(text),
            Heading(f"{text} 细目", 2),
            Listing((text,)),
            Heading(f"{text} 进度"),
            _bars(text),
            Signatures((text, text), text, text),
        ),
    )


def _table(text: str) -> Table:
    columns = (
        Column(f"{text} 号", 12, is_narrow=True),
        Column(f"{text} 名", 30),
        Column(f"{text} 值", 40),
        Column(f"{text} 查", 30),
        Column(f"{text} 写", 30),
        Column(f"{text} 签", 20),
    )
    groups: list[Group] = []
    for number in range(1, 4):
        lead = (Lines((str(number),)), Lines((text, text), is_strong=True))
        rows = tuple(
            (
                Stack((Lines((text,), TONES[row]), _bullet(text, row))),
                Choice(f"{text} {number}.{row}", (text, "乙", "丙"), (row % 3,), many=row == 1),
                Blank(f"{text} {number}.{row}", text if row else "", rows=1 + row % 2),
            )
            for row in range(number)
        )
        groups += [Group(title=f"{text} 第{number}组"), Group(lead, rows, (Blank(text),))]
    return Table(f"{text} 表", columns, tuple(groups))


def _bullet(text: str, number: int) -> Bullet:
    value = (Fraction(3), Fraction(-1, 3), Fraction(10**9))[number]
    return Bullet(text, value, Fraction(1), None if number else Fraction(4), TONES[number])


def _bars(text: str) -> Bars:
    shares = tuple(Share(tone, f"{text} {tone}", number) for number, tone in enumerate(TONES[:8]))
    return Bars(f"{text} 进度", (Bar(text, shares), Bar(f"{text} 空", ())))


def texts_of(value: object) -> list[str]:
    """Return all texts that a reader must be able to see in a document, part or block, in order."""
    match value:
        case str():
            return [value]
        case Document():
            return texts_of(value.parts)
        case Lines() | Listing():
            return list(value[0])
        case Choice():
            return list(value.options)
        case Blank():
            return [value.text] if value.text else []
        case Bullet():
            return []
        case Heading() | Paragraph():
            return [value.text]
        case Table():
            return [
                *(column.name for column in value.columns),
                *(text for group in value.groups for text in _texts_of_group(group)),
            ]
        case Bars():
            return texts_of(value.bars)
        case Share():
            return [f"{value.name} {value.number}"] if value.number else []
        case Part():
            return texts_of((value.title, value.subtitle, value.blocks, value.footer))
        case Signatures():
            return list(value.people)
        case tuple():
            return [text for it in value for text in texts_of(it)]
    raise TypeError(type(value))


def _texts_of_group(group: Group) -> list[str]:
    if group.title:
        return [group.title]
    first, *others = group.rows
    return texts_of((group.lead, first, group.tail, *others))
