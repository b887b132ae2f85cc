"""WordprocessingML in pieces.

`Markup` is a type of its own, so that the type checker sees where text would pass for it: text
becomes markup in `run`, `tag` and nowhere else.
"""

from collections.abc import Iterable
from html import escape
from typing import NewType

from etown_check.text import visible

Markup = NewType("Markup", str)

TICKED, UNTICKED = "☑", "☐"

NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
)


def joined(pieces: Iterable[Markup]) -> Markup:
    """Return `pieces` one behind the other."""
    return Markup("".join(pieces))


def tag(name: str, /, *content: Markup, **attributes: str | int) -> Markup:
    """Return an element around `content`; its attributes are of the namespace of `name`."""
    prefix = name.partition(":")[0]
    given = "".join(f' {prefix}:{key}="{_text(str(it))}"' for key, it in attributes.items())
    inner = "".join(content)
    return Markup(f"<{name}{given}>{inner}</{name}>" if inner else f"<{name}{given}/>")


def _text(text: str) -> str:
    """Return `text` for an element or an attribute; what may not or should not be is its code."""
    return escape(visible(text))


def fonts(face: str, latin: str, lang: str) -> Markup:
    """Return the fonts of a run.

    A Chinese text says by `hint` that signs of both scripts, such as quotation marks, are Chinese.
    """
    names = {"ascii": latin, "hAnsi": latin, "eastAsia": face, "cs": latin}
    return tag("w:rFonts", **names, **({} if lang == "en" else {"hint": "eastAsia"}))


def run(text: str, *properties: Markup) -> Markup:
    """Return `text` as a run with `properties`, which are in the schema's order."""
    written = Markup(f'<w:t xml:space="preserve">{_text(text)}</w:t>')
    return tag("w:r", tag("w:rPr", *properties), written)


def field(code: str, shown: Markup) -> Markup:
    """Return the field `code`, such as PAGE, with the run that stands there until it is counted."""
    return tag("w:fldSimple", shown, instr=f" {code} ")


def checkbox(name: str, id: int, sign: Markup, font: str, *, is_ticked: bool) -> Markup:
    """Return a box that can be ticked by a click, around the run of its `sign`."""
    ticked, unticked = (f"{ord(it):04X}" for it in (TICKED, UNTICKED))
    box = tag(
        "w14:checkbox",
        tag("w14:checked", val=int(is_ticked)),
        tag("w14:checkedState", val=ticked, font=font),
        tag("w14:uncheckedState", val=unticked, font=font),
    )
    properties = tag("w:sdtPr", tag("w:alias", val=name), tag("w:id", val=id), box)
    return tag("w:sdt", properties, tag("w:sdtContent", sign))
