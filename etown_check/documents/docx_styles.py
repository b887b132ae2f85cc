"""How Word documents look: paper, fonts and styles, after GB/T 9704—2012 where it says something.

Lengths are in millimetres for the paper and in twentieths of a point (twips) elsewhere; sizes of
type are in half points, as Word counts them.
"""

from etown_check.documents.docx_markup import NAMESPACES, Markup, fonts, joined, tag
from etown_check.documents.model import ALERT, MUTED
from etown_check.records import Record
from etown_check.report import (
    FAIL,
    MISSING,
    NOT_APPLICABLE,
    NOT_DUE,
    PASS,
    REVIEW,
    UNASSURED,
    WAIVED,
)

LATIN = "Times New Roman"
SIGNS = "Segoe UI Symbol"
"""The font of boxes to tick: on every Windows since 7."""

_TITLE, _BLACK, _KAI, _SONG, _FANG = "方正小标宋简体", "黑体", "楷体", "宋体", "仿宋"

_OTHER_NAMES = {
    _TITLE: "方正小标宋_GBK,FZXiaoBiaoSong-B05S,FZXiaoBiaoSong-B05,华文中宋,STZhongsong,宋体,SimSun",
    _BLACK: "SimHei,方正黑体_GBK,方正黑体简体,华文黑体,STHeiti,Noto Sans CJK SC",
    _KAI: "KaiTi,楷体_GB2312,KaiTi_GB2312,方正楷体_GBK,华文楷体,STKaiti",
    _SONG: "SimSun,方正书宋_GBK,华文宋体,STSong,Songti SC,Noto Serif CJK SC",
    _FANG: "FangSong,仿宋_GB2312,FangSong_GB2312,方正仿宋_GBK,华文仿宋,STFangsong,宋体",
    LATIN: "Liberation Serif,Tinos",
    SIGNS: "MS Gothic,Apple Symbols,DejaVu Sans,Noto Sans Symbols2",
}
"""The fonts, each with what may stand in for it, best first.

The first name of each is on every Chinese Windows, the title's excepted, which offices have.
"""

# Dark enough for white paper, and told apart in grey: what is wrong is bold, too.
_COLOURS = {
    PASS: "1B5E20",
    FAIL: "B00020",
    MISSING: "9C3D00",
    REVIEW: "5B2A86",
    NOT_DUE: "37546B",
    NOT_APPLICABLE: "5F5F5F",
    UNASSURED: "7A5200",
    WAIVED: "37546B",
    MUTED: "595959",
    ALERT: "B00020",
}
_BOLD = (FAIL, MISSING, ALERT)

HEADER_SHADE, GROUP_SHADE = "EDEFF2", "DCE3EA"


class Style(Record):
    """A style of paragraphs. `line` is exact, so that another font does not move the pages.

    `indent` is of the first line, in hundredths of a character; `outline` is the level at which
    the navigation pane shows the text, from 0.
    """

    id: str
    name: str
    face: str
    size: int
    line: int
    align: str = "left"
    before: int = 0
    after: int = 0
    indent: int = 0
    outline: int | None = None
    keeps_next: bool = False
    is_bold: bool = False


class Styles(Record):
    """The styles of a document."""

    body: Style
    title: Style
    subtitle: Style
    heading: Style
    subheading: Style
    listing: Style
    cell: Style
    narrow: Style
    number: Style
    header: Style
    group: Style
    signature: Style
    footer: Style
    page: Style
    gap: Style


class Look(Record):
    """Paper and styles of a document in `lang`."""

    lang: str
    width: int
    height: int
    top: int
    bottom: int
    left: int
    right: int
    foot: int
    styles: Styles

    @property
    def text_width(self) -> int:
        """The width between the margins, in twips."""
        return twips(self.width - self.left - self.right)


def twips(millimetres: int) -> int:
    """Return a length in twentieths of a point."""
    return millimetres * 14400 // 254


def look(lang: str, *, is_landscape: bool) -> Look:
    """Return the look of a document.

    An upright page has the standard's margins and type. One on its side is a form: what counts is
    that its tables fit.
    """
    if is_landscape:
        return Look(lang, 297, 210, 14, 22, 12, 12, 7, _styles(lang, body=24, line=360, cell=20))
    return Look(lang, 210, 297, 37, 35, 28, 26, 14, _styles(lang, body=32, line=560, cell=21))


def _styles(lang: str, *, body: int, line: int, cell: int) -> Styles:
    """Return styles around the size and leading of running text, and the size in tables."""
    # Chinese headings differ by their typeface; a Latin one has but weight.
    weighty = lang == "en"
    tight = cell * 25 // 2  # a leading of 1.25
    room = line // 2
    return Styles(
        body=Style(
            "Normal",
            "Normal",
            _FANG,
            body,
            line,
            align="both",
            after=line // 8,
            indent=0 if lang == "en" else 200,
        ),
        title=Style(
            *("Title", "Title", _TITLE, 44, 640),
            align="center",
            after=80,
            keeps_next=True,
            is_bold=weighty,
        ),
        subtitle=Style(
            *("Subtitle", "Subtitle", _KAI, body + 4 if body < 32 else body, line + 80),
            align="center",
            after=room,
            outline=0,
            keeps_next=True,
        ),
        heading=Style(
            *("Heading1", "heading 1", _BLACK, min(body + 4, 32), line),
            before=room,
            after=room // 2,
            outline=0,
            keeps_next=True,
            is_bold=weighty,
        ),
        subheading=Style(
            *("Heading2", "heading 2", _KAI, body, line),
            before=room // 2,
            after=room // 4,
            outline=1,
            keeps_next=True,
            is_bold=True,
        ),
        listing=Style("ListParagraph", "List Paragraph", _FANG, body, line, after=line // 8),
        cell=Style("TableText", "Table Text", _SONG, cell, tight),
        narrow=Style("TableNarrow", "Table Narrow", _SONG, cell, tight, align="center"),
        number=Style("TableNumber", "Table Number", _SONG, cell, tight, align="right"),
        header=Style(
            *("TableHeader", "Table Header", _BLACK, cell, tight),
            align="center",
            keeps_next=True,
            is_bold=weighty,
        ),
        group=Style(
            *("TableGroup", "Table Group", _BLACK, cell + 1, tight + 40),
            outline=1,
            keeps_next=True,
            is_bold=weighty,
        ),
        signature=Style("TableSignature", "Table Signature", _SONG, 24, 360),
        footer=Style("Footer", "footer", _SONG, 15, 190, align="center"),
        page=Style("FooterPage", "Footer Page", _SONG, 21, 280, align="center"),
        gap=Style("TableEnd", "Table End", _SONG, 4, 100),
    )


# The parts of the file


def styles_part(look: Look) -> Markup:
    """Return the contents of the part with the styles."""
    normal = look.styles.body._replace(indent=0, align="left")
    plain = tag(
        "w:docDefaults",
        tag("w:rPrDefault", tag("w:rPr", *_run_properties(normal, look.lang), _language(look))),
        tag("w:pPrDefault"),
    )
    paragraphs = [_paragraph_style(style, look) for style in look.styles]
    characters = [_tone_style(tone) for tone in _COLOURS]
    return joined([plain, *paragraphs, *characters, _STRONG, *_TABLES])


def _language(look: Look) -> Markup:
    latin = "en-GB" if look.lang == "en" else "en-US"
    return tag("w:lang", val=latin, eastAsia="zh-CN", bidi="ar-SA")


def _run_properties(style: Style, lang: str) -> list[Markup]:
    bold = [tag("w:b"), tag("w:bCs")] if style.is_bold else []
    sizes = [tag("w:sz", val=style.size), tag("w:szCs", val=style.size)]
    return [fonts(style.face, LATIN, lang), *bold, *sizes]


def _paragraph_style(style: Style, look: Look) -> Markup:
    is_normal = style == look.styles.body
    based = [] if is_normal else [tag("w:basedOn", val=look.styles.body.id)]
    outline = [] if style.outline is None else [tag("w:outlineLvl", val=style.outline)]
    # In characters for whoever changes the size, in twips for programs that do not know them.
    indent = {"firstLineChars": style.indent, "firstLine": style.indent * style.size // 10}
    return tag(
        "w:style",
        tag("w:name", val=style.name),
        *based,
        tag("w:qFormat"),
        tag(
            "w:pPr",
            *([tag("w:keepNext")] if style.keeps_next else [tag("w:keepNext", val=0)]),
            tag("w:widowControl", val=1),
            # A comma beyond the edge of its line would stand on the rule of a table.
            tag("w:overflowPunct", val=0),
            tag("w:snapToGrid", val=0),
            tag(
                "w:spacing",
                before=style.before,
                after=style.after,
                line=style.line,
                lineRule="exact",
            ),
            tag("w:ind", **indent),
            tag("w:jc", val=style.align),
            *outline,
        ),
        tag("w:rPr", *_run_properties(style, look.lang)),
        default=int(is_normal),
        type="paragraph",
        styleId=style.id,
    )


def tone_id(tone: str) -> str:
    """Return the id of the character style of a tone."""
    return f"Tone_{tone}"


def _tone_style(tone: str) -> Markup:
    bold = [tag("w:b"), tag("w:bCs")] if tone in _BOLD else []
    return tag(
        "w:style",
        tag("w:name", val=f"Tone {tone.replace('_', ' ')}"),
        tag("w:rPr", *bold, tag("w:color", val=_COLOURS[tone])),
        type="character",
        customStyle=1,
        styleId=tone_id(tone),
    )


_STRONG = tag(
    "w:style",
    tag("w:name", val="Strong"),
    tag("w:qFormat"),
    tag("w:rPr", tag("w:b"), tag("w:bCs")),
    type="character",
    styleId="Strong",
)

CELL_MARGIN = 45
"""Twips at the sides of each cell."""


def _borders(*sides: str) -> Markup:
    return tag(
        "w:tblBorders",
        *(tag(f"w:{side}", val="single", sz=4, space=0, color="404040") for side in sides),
    )


def _margins() -> Markup:
    sizes = {"top": 25, "left": CELL_MARGIN, "bottom": 25, "right": CELL_MARGIN}
    return tag("w:tblCellMar", *(tag(f"w:{at}", w=it, type="dxa") for at, it in sizes.items()))


def _table_style(id: str, name: str, *borders: Markup, **attributes: int) -> Markup:
    based = [] if attributes else [tag("w:basedOn", val="TableNormal")]
    properties = tag("w:tblPr", tag("w:tblInd", w=0, type="dxa"), *borders, _margins())
    return tag(
        "w:style",
        tag("w:name", val=name),
        *based,
        properties,
        **attributes,
        type="table",
        styleId=id,
    )


_TABLES = (
    _table_style("TableNormal", "Normal Table", default=1),
    _table_style(
        "TableGrid",
        "Table Grid",
        _borders("top", "left", "bottom", "right", "insideH", "insideV"),
    ),
)


def numbering_part(look: Look, ordered: int) -> Markup:
    """Return the contents of the part with the lists: one of bullets, and `ordered` with numbers.

    Numbering 1 is of bullets; those from 2 on each count from one.
    """
    kinds = (("bullet", "•", LATIN), ("decimal", "%1.", look.styles.listing.face))
    hanging = look.styles.listing.size * 15
    abstract = [
        tag(
            "w:abstractNum",
            tag("w:multiLevelType", val="singleLevel"),
            tag(
                "w:lvl",
                tag("w:start", val=1),
                tag("w:numFmt", val=kind),
                tag("w:lvlText", val=sign),
                tag("w:lvlJc", val="left"),
                tag("w:pPr", tag("w:ind", left=hanging, hanging=hanging)),
                tag("w:rPr", fonts(face, LATIN, "en")),
                ilvl=0,
            ),
            abstractNumId=number,
        )
        for number, (kind, sign, face) in enumerate(kinds)
    ]
    bullets = tag("w:num", tag("w:abstractNumId", val=0), numId=1)
    restart = tag("w:lvlOverride", tag("w:startOverride", val=1), ilvl=0)
    lists = [
        tag("w:num", tag("w:abstractNumId", val=1), restart, numId=number)
        for number in range(2, ordered + 2)
    ]
    return joined([*abstract, bullets, *lists])


def settings_part() -> Markup:
    """Return the contents of the part with the settings.

    Without the mode, Word would open the file as one of an older version, with what that lacks.
    Names and digests are no words that a spelling checker knows.
    """
    return joined(
        (
            tag("w:hideSpellingErrors"),
            tag("w:hideGrammaticalErrors"),
            tag("w:defaultTabStop", val=420),
            tag("w:characterSpacingControl", val="compressPunctuation"),
            tag(
                "w:compat",
                tag("w:useFELayout"),
                tag(
                    "w:compatSetting",
                    name="compatibilityMode",
                    uri="http://schemas.microsoft.com/office/word",
                    val=15,
                ),
            ),
            tag("w:themeFontLang", val="en-US", eastAsia="zh-CN"),
            tag("w:decimalSymbol", val="."),
            tag("w:listSeparator", val=","),
        )
    )


def fonts_part() -> bytes:
    """Return the part with the fonts, and by which other names each may be found."""
    fonts = [
        tag(
            "w:font",
            tag("w:altName", val=others),
            tag("w:charset", val="00" if name in (LATIN, SIGNS) else "86"),
            tag("w:family", val="roman" if name in (_SONG, _TITLE, LATIN) else "auto"),
            tag("w:pitch", val="variable"),
            name=name,
        )
        for name, others in _OTHER_NAMES.items()
    ]
    whole = f"<w:fonts {NAMESPACES}>{joined(fonts)}</w:fonts>"
    return b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' + whole.encode()
