"""Writes a parsed document as .docx, as raw WordprocessingML: small files, and every oddity that Word can make."""

# ruff: noqa: E501  (texts and markup are clearer unbroken)
from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass, replace
from xml.sax.saxutils import escape

from making.markup import Block, Counter, parse, sections

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_NS = (
    f'xmlns:w="{W}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


@dataclass(frozen=True)
class Layout:
    """How a document looks.

    Attributes:
        heading: style (Heading N) | localised (标题 N) | inherited (own style, level from its grandparent) |
            outline (level on the paragraph) | bold | plain | black (黑体 face, no bold).
        form: none | two (label, value) | four (two pairs a row) | over (label above value) | side (label
            column merged over a group) | runin (label and text in one paragraph).
        numbers: typed numbers by level (see ``markup.label``); empty where Word numbers.
        auto: 0, or the list of numbering.xml that numbers the headings.
        spaced: level-1 headings letter-spaced by blanks.
        header, footer: running text.
        size: body size in half-points.
        colon: what ends a run-in label.
    """

    heading: str = "style"
    form: str = "none"
    numbers: tuple[str, ...] = ()
    auto: int = 0
    spaced: bool = False
    header: str = ""
    footer: str = ""
    size: int = 32
    colon: str = "："
    bold_label: bool = True
    grid: bool = True
    justify: bool = False
    columns: int = 1
    toc: str = "field"
    watermark: str = ""


# -- runs -------------------------------------------------------------------------------------------------
def run(text: str, *, bold: bool = False, size: int | None = None, extra: str = "") -> str:
    props = ("<w:b/>" if bold else "") + extra + (f'<w:sz w:val="{size}"/>' if size else "")
    rpr = f"<w:rPr>{props}</w:rPr>" if props else ""
    inner = "".join(
        {"⇥": "<w:tab/>", "↵": "<w:br/>"}.get(t) or f'<w:t xml:space="preserve">{escape(t)}</w:t>'
        for t in re.split("([⇥↵])", text)
        if t
    )
    return f"<w:r>{rpr}{inner}</w:r>"


def _ins(text: str) -> str:
    return f'<w:ins w:id="91" w:author="李" w:date="2024-03-01T09:00:00Z">{run(text)}</w:ins>'


def _del(text: str) -> str:
    return (
        '<w:del w:id="92" w:author="李" w:date="2024-03-01T09:00:00Z"><w:r>'
        f'<w:delText xml:space="preserve">{escape(text)}</w:delText></w:r></w:del>'
    )


def _sdt(text: str) -> str:
    return f'<w:sdt><w:sdtPr><w:id w:val="71"/><w:text/></w:sdtPr><w:sdtContent>{run(text)}</w:sdtContent></w:sdt>'


def _prompt(text: str) -> str:
    return (
        '<w:sdt><w:sdtPr><w:id w:val="72"/><w:showingPlcHdr/><w:text/></w:sdtPr><w:sdtContent>'
        f'{run(text, extra="""<w:rStyle w:val="PlaceholderText"/>""")}</w:sdtContent></w:sdt>'
    )


def _hidden(text: str) -> str:
    return run(text, extra="<w:vanish/>")


def _link(text: str) -> str:
    return f'<w:hyperlink w:anchor="_Toc1">{run(text)}</w:hyperlink>'


def _box(text: str) -> str:
    return _box_of("".join(f"<w:p>{run(t)}</w:p>" for t in text.split("⏎")))


def _box_of(inner: str) -> str:
    shape = (
        '<wps:wsp><wps:cNvSpPr txBox="1"/><wps:spPr><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></wps:spPr>'
        f"<wps:txbx><w:txbxContent>{inner}</w:txbxContent></wps:txbx><wps:bodyPr/></wps:wsp>"
    )
    anchor = (
        '<w:drawing><wp:inline><wp:extent cx="5000000" cy="1500000"/><wp:docPr id="5" name="文本框 5"/>'
        '<a:graphic><a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">'
        f"{shape}</a:graphicData></a:graphic></wp:inline></w:drawing>"
    )
    fallback = f'<w:pict><v:shape style="width:400pt;height:100pt"><v:textbox><w:txbxContent>{inner}</w:txbxContent></v:textbox></v:shape></w:pict>'
    return (
        f'<w:r><mc:AlternateContent><mc:Choice Requires="wps">{anchor}</mc:Choice>'
        f"<mc:Fallback>{fallback}</mc:Fallback></mc:AlternateContent></w:r>"
    )


def _picture(_: str = "") -> str:
    return (
        '<w:r><w:drawing><wp:inline><wp:extent cx="3600000" cy="1800000"/><wp:docPr id="9" name="图片 9"/>'
        '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>'
        '<pic:nvPicPr><pic:cNvPr id="9" name="p.png"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill>'
        '<a:blip r:embed="rIdPic"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm>'
        '<a:off x="0" y="0"/><a:ext cx="3600000" cy="1800000"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/>'
        "</a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )


INLINE = {
    "ins": _ins,
    "del": _del,
    "sdt": _sdt,
    "prompt": _prompt,
    "hid": _hidden,
    "link": _link,
    "box": _box,
    "pic": _picture,
    "u": lambda t: run(t, extra='<w:u w:val="single"/>'),
}
_TAG = re.compile(r"\*\*(.+?)\*\*|\[\[(\w+):(.*?)\]\]")


class Notes:
    """Footnotes and comments met on the way."""

    def __init__(self) -> None:
        self.foot: list[str] = []
        self.comments: list[str] = []

    def footnote(self, text: str) -> str:
        self.foot.append(text)
        return f'<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteReference w:id="{len(self.foot)}"/></w:r>'

    def comment(self, text: str) -> str:
        self.comments.append(text)
        n = len(self.comments)
        return f'<w:commentRangeStart w:id="{n}"/><w:commentRangeEnd w:id="{n}"/><w:r><w:commentReference w:id="{n}"/></w:r>'


class Writer:
    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.notes = Notes()
        self.counter = Counter(layout.numbers)
        self.mode = ""

    # -- paragraphs --
    def runs(self, text: str, *, bold: bool = False, size: int | None = None, extra: str = "") -> str:
        out, at = [], 0
        for m in _TAG.finditer(text):
            if m.start() > at:
                out.append(run(text[at : m.start()], bold=bold, size=size, extra=extra))
            at = m.end()
            if m[1]:
                out.append(run(m[1], bold=True, size=size, extra=extra))
            elif m[2] == "fn":
                out.append(self.notes.footnote(m[3]))
            elif m[2] == "cm":
                out.append(self.notes.comment(m[3]))
            else:
                out.append(INLINE[m[2]](m[3]))
        if at < len(text):
            out.append(run(text[at:], bold=bold, size=size, extra=extra))
        return "".join(out)

    def paragraph(self, text: str, ppr: str = "", **kw) -> str:
        if self.mode == "hid":
            kw["extra"] = kw.get("extra", "") + "<w:vanish/>"
        runs = self.runs(text, **kw)
        if self.mode in ("ins", "del"):
            ppr += f'<w:rPr><w:{self.mode} w:id="95" w:author="王" w:date="2024-03-01T09:00:00Z"/></w:rPr>'
            runs = (
                f'<w:{self.mode} w:id="96" w:author="王" w:date="2024-03-01T09:00:00Z">{runs}</w:{self.mode}>'
            )
        if self.mode == "del":
            runs = runs.replace("<w:t ", "<w:delText ").replace("</w:t>", "</w:delText>")
        return f"<w:p>{f'<w:pPr>{ppr}</w:pPr>' if ppr else ''}{runs}</w:p>"

    def text(self, text: str) -> str:
        return self.paragraph(
            text,
            '<w:spacing w:line="560" w:lineRule="exact"/><w:ind w:firstLineChars="200" w:firstLine="640"/>',
            size=self.layout.size,
        )

    def heading(self, block: Block) -> str:
        layout, level = self.layout, min(block.level, 4)
        text = " ".join(block.text) if layout.spaced and level == 1 else block.text
        text = self.counter.next(block.level) + text
        num = (
            f'<w:numPr><w:ilvl w:val="{level - 1}"/><w:numId w:val="{layout.auto}"/></w:numPr>'
            if layout.auto
            else ""
        )
        match layout.heading:
            case "style":
                return self.paragraph(text, f'<w:pStyle w:val="Heading{level}"/>{num}')
            case "localised":
                return self.paragraph(text, f'<w:pStyle w:val="BT{level}"/>{num}')
            case "inherited":
                return self.paragraph(text, f'<w:pStyle w:val="GW{level}"/>{num}')
            case "outline":
                return self.paragraph(
                    text, f'{num}<w:outlineLvl w:val="{level - 1}"/>', bold=True, size=layout.size
                )
            case "bold":
                return self.paragraph(text, num, bold=True, size=layout.size)
            case "black":
                return self.paragraph(
                    text,
                    f'{num}<w:ind w:firstLineChars="200" w:firstLine="640"/>',
                    size=layout.size,
                    extra='<w:rFonts w:eastAsia="黑体"/>',
                )
            case _:
                return self.paragraph(
                    text, num or '<w:ind w:firstLineChars="200" w:firstLine="640"/>', size=layout.size
                )

    def table(self, rows: tuple[tuple[str, ...], ...]) -> str:
        out = []
        for r, row in enumerate(rows):
            cells, c = [], 0
            while c < len(row):
                span = 1
                while c + span < len(row) and row[c + span] == "<":
                    span += 1
                props = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
                if row[c] == "^":
                    cells.append(f"<w:tc><w:tcPr>{props}<w:vMerge/></w:tcPr><w:p/></w:tc>")
                else:
                    below = r + 1 < len(rows) and c < len(rows[r + 1]) and rows[r + 1][c] == "^"
                    props += '<w:vMerge w:val="restart"/>' if below else ""
                    cells.append(f"<w:tc><w:tcPr>{props}</w:tcPr>{self.cell(row[c])}</w:tc>")
                c += span
            head = "<w:trPr><w:tblHeader/></w:trPr>" if r == 0 else ""
            out.append(f"<w:tr>{head}{''.join(cells)}</w:tr>")
        return self.wrap(out, max(map(len, rows)))

    def cell(self, text: str) -> str:
        return "".join(self.paragraph(t, size=24) for t in text.split("⏎"))

    def wrap(self, rows: list[str], columns: int) -> str:
        border = "".join(
            f'<w:{s} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
            for s in ("top", "left", "bottom", "right", "insideH", "insideV")
        )
        borders = f"<w:tblBorders>{border}</w:tblBorders>" if self.layout.grid else ""
        width = 9000 // columns
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for _ in range(columns))
        return f'<w:tbl><w:tblPr><w:tblW w:w="9000" w:type="dxa"/>{borders}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{"".join(rows)}</w:tbl>'

    def block(self, block: Block) -> str:
        match block.kind:
            case "title":
                return self.paragraph(block.text, '<w:jc w:val="center"/>', bold=True, size=44)
            case "subtitle":
                return self.paragraph(block.text, '<w:jc w:val="center"/>', size=32)
            case "heading":
                return self.heading(block)
            case "right":
                return self.paragraph(block.text, '<w:jc w:val="right"/>', size=self.layout.size)
            case "table":
                return self.table(block.rows) + "<w:p/>"
            case "page":
                return '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'
            case "pic":
                return f'<w:p><w:pPr><w:jc w:val="center"/></w:pPr>{_picture()}</w:p>'
            case "raw":
                return block.text
            case _:
                return self.text(block.text)

    # -- whole bodies --
    def flow(self, blocks: list[Block]) -> str:
        out: list[str] = []
        stack: list[tuple[str, int]] = []
        for block in blocks:
            if block.kind in ("sdt", "box", "ins", "del", "hid"):
                stack.append((block.kind, len(out)))
                self.mode = block.kind
            elif block.kind == "end":
                kind, start = stack.pop()
                self.mode = ""
                out[start:] = [self._wrapped(kind, "".join(out[start:]))]
            else:
                out.append(self.toc(blocks) if block.kind == "toc" else self.block(block))
        return "".join(out)

    @staticmethod
    def _wrapped(kind: str, inner: str) -> str:
        if kind == "sdt":
            return f'<w:sdt><w:sdtPr><w:id w:val="73"/><w:richText/></w:sdtPr><w:sdtContent>{inner}</w:sdtContent></w:sdt>'
        return f"<w:p>{_box_of(inner)}</w:p>" if kind == "box" else inner

    def toc(self, blocks: list[Block]) -> str:
        counter = Counter(self.layout.numbers)
        lines = [(b.level, counter.next(b.level) + b.text) for b in blocks if b.kind == "heading"]
        if self.layout.toc == "typed":
            dots = "…" * 12
            return self.paragraph("目 录", '<w:jc w:val="center"/>', bold=True) + "".join(
                self.paragraph(f"{'　' * (level - 1)}{text}{dots}{n // 3 + 1}")
                for n, (level, text) in enumerate(lines)
            )
        out = [self.paragraph("目录", '<w:pStyle w:val="TOCHeading"/>')]
        for n, (level, text) in enumerate(lines):
            begin = (
                '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> TOC \\o "1-3" \\h \\z \\u </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
                if n == 0
                else ""
            )
            end = '<w:r><w:fldChar w:fldCharType="end"/></w:r>' if n == len(lines) - 1 else ""
            tabs = '<w:tabs><w:tab w:val="right" w:leader="dot" w:pos="9000"/></w:tabs>'
            out.append(
                f'<w:p><w:pPr><w:pStyle w:val="TOC{min(level, 3)}"/>{tabs}</w:pPr>{begin}{_link(f"{text}⇥{n // 3 + 1}")}{end}</w:p>'
            )
        return "".join(out)

    def form(self, blocks: list[Block]) -> str:
        front, found = sections(blocks)
        tail: list[Block] = []
        if found:
            while found[-1].blocks and found[-1].blocks[-1].kind in ("right",):
                tail.insert(0, found[-1].blocks.pop())
        table = getattr(self, f"_{self.layout.form}")(found)
        return self.flow(front) + table + "<w:p/>" + self.flow(tail)

    def _value(self, blocks: list[Block]) -> str:
        inner = replace(
            self.layout, form="none", heading="bold", auto=0, numbers=("", "（一）", "1."), size=24
        )
        writer = Writer(inner)
        writer.notes = self.notes
        out = "".join(
            writer.block(b) if b.kind != "text" else writer.paragraph(b.text, size=24) for b in blocks
        )
        return out if out.endswith(("</w:p>", "<w:p/>")) else out + "<w:p/>"

    def _label(self, text: str) -> str:
        shown = " ".join(text) if self.layout.spaced else text
        return self.paragraph(
            self.counter.next(1) + shown, '<w:jc w:val="center"/>', size=24, bold=self.layout.bold_label
        )

    @staticmethod
    def tc(content: str, span: int = 1, merge: str = "") -> str:
        props = (f'<w:gridSpan w:val="{span}"/>' if span > 1 else "") + merge
        return f"<w:tc><w:tcPr>{props}</w:tcPr>{content}</w:tc>"

    def _two(self, found) -> str:
        return self.wrap(
            [
                f"<w:tr>{self.tc(self._label(s.heading))}{self.tc(self._value(s.blocks))}</w:tr>"
                for s in found
            ],
            2,
        )

    def _over(self, found) -> str:
        return self.wrap(
            [
                f"<w:tr>{self.tc(c)}</w:tr>"
                for s in found
                for c in (self._label(s.heading), self._value(s.blocks))
            ],
            1,
        )

    def _four(self, found) -> str:
        rows, pending = [], []
        for s in found:
            short = all(b.kind == "text" for b in s.blocks) and sum(len(b.text) for b in s.blocks) < 90
            pair = (self._label(s.heading), self._value(s.blocks))
            if not short:
                rows += [self._pairs(pending)] if pending else []
                pending = []
                rows.append(f"<w:tr>{self.tc(pair[0])}{self.tc(pair[1], 3)}</w:tr>")
                continue
            pending.append(pair)
            if len(pending) == 2:
                rows.append(self._pairs(pending))
                pending = []
        rows += [self._pairs(pending)] if pending else []
        return self.wrap(rows, 4)

    def _pairs(self, pending) -> str:
        if len(pending) == 1:
            return f"<w:tr>{self.tc(pending[0][0])}{self.tc(pending[0][1], 3)}</w:tr>"
        return "<w:tr>" + "".join(self.tc(a) + self.tc(b) for a, b in pending) + "</w:tr>"

    def _side(self, found) -> str:
        rows, half = [], (len(found) + 1) // 2
        for n, s in enumerate(found):
            group = "基⏎本⏎情⏎况" if n < half else "实⏎施⏎保⏎障"
            first = n in (0, half)
            side = (
                self.tc(self.cell(group), merge='<w:vMerge w:val="restart"/>')
                if first
                else self.tc("<w:p/>", merge="<w:vMerge/>")
            )
            rows.append(
                f"<w:tr>{side}{self.tc(self._label(s.heading))}{self.tc(self._value(s.blocks))}</w:tr>"
            )
        return self.wrap(rows, 3)

    def runin(self, blocks: list[Block]) -> str:
        out, pending = [], None
        for block in blocks:
            if block.kind == "heading" and block.level == 1:
                if pending is not None:
                    out.append(self.paragraph(pending, bold=self.layout.bold_label, size=self.layout.size))
                opening = "【" if self.layout.colon == "】" else "“" if self.layout.colon == "”：" else ""
                pending = self.counter.next(1) + opening + block.text + self.layout.colon
            elif pending is not None and block.kind == "text":
                mark = "**" if self.layout.bold_label else ""
                out.append(self.text(f"{mark}{pending}{mark}{block.text}"))
                pending = None
            else:
                if pending is not None:
                    out.append(self.paragraph(pending, bold=self.layout.bold_label, size=self.layout.size))
                    pending = None
                out.append(self.block(block))
        if pending is not None:
            out.append(self.paragraph(pending, bold=self.layout.bold_label, size=self.layout.size))
        return "".join(out)


# -- package parts ------------------------------------------------------------------------------------------
def _levels(formats: list[tuple[str, str]], suffix: str = "nothing") -> str:
    return "".join(
        f'<w:lvl w:ilvl="{i}"><w:start w:val="1"/><w:numFmt w:val="{fmt}"/><w:suff w:val="{suffix}"/><w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/></w:lvl>'
        for i, (fmt, text) in enumerate(formats)
    )


_LISTS = (
    [("chineseCounting", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3."), ("decimal", "（%4）")],
    [("decimal", "%1"), ("decimal", "%1.%2"), ("decimal", "%1.%2.%3"), ("decimal", "%1.%2.%3.%4")],
    [
        ("chineseCountingThousand", "第%1章"),
        ("chineseCountingThousand", "第%2节"),
        ("decimal", "%3."),
        ("decimal", "(%4)"),
    ],
    [("decimalEnclosedCircle", "%1"), ("lowerLetter", "%2)"), ("none", ""), ("none", "")],
    [("bullet", "•"), ("bullet", "–"), ("bullet", "•"), ("bullet", "•")],
    [("upperRoman", "%1."), ("upperLetter", "%2."), ("decimal", "%3)"), ("decimal", "%4)")],
)


def _numbering() -> str:
    suffix = ("nothing", "space", "space", "nothing", "tab", "tab")
    abstract = "".join(
        f'<w:abstractNum w:abstractNumId="{i}"><w:multiLevelType w:val="multilevel"/>{_levels(f, suffix[i])}</w:abstractNum>'
        for i, f in enumerate(_LISTS)
    )
    nums = "".join(
        f'<w:num w:numId="{i + 1}"><w:abstractNumId w:val="{i}"/></w:num>' for i in range(len(_LISTS))
    )
    return f"{_XML}<w:numbering {_NS}>{abstract}{nums}</w:numbering>"


def _styles(layout: Layout) -> str:
    def style(sid: str, name: str, based: str = "Normal", ppr: str = "", rpr: str = "") -> str:
        base = f'<w:basedOn w:val="{based}"/>' if based else ""
        return f'<w:style w:type="paragraph" w:styleId="{sid}"><w:name w:val="{name}"/>{base}<w:pPr>{ppr}</w:pPr><w:rPr>{rpr}</w:rPr></w:style>'

    out = [
        f'<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:rPr><w:rFonts w:eastAsia="宋体"/><w:sz w:val="{layout.size}"/></w:rPr></w:style>'
    ]
    for n in range(1, 5):
        size = f'<w:b/><w:sz w:val="{38 - 2 * n}"/>'
        out.append(
            style(
                f"Heading{n}", f"heading {n}", ppr=f'<w:keepNext/><w:outlineLvl w:val="{n - 1}"/>', rpr=size
            )
        )
        out.append(
            style(f"BT{n}", f"标题 {n}", rpr=size, ppr=f'<w:outlineLvl w:val="{n - 1}"/>' if n % 2 else "")
        )
        out.append(style(f"GR{n}", f"公文基准{n}", ppr=f'<w:outlineLvl w:val="{n - 1}"/>'))
        out.append(style(f"GM{n}", f"公文中间{n}", based=f"GR{n}", rpr='<w:rFonts w:eastAsia="黑体"/>'))
        out.append(style(f"GW{n}", f"区政府公文{n}级", based=f"GM{n}"))
    for n in range(1, 4):
        out.append(style(f"TOC{n}", f"toc {n}"))
    out.append(style("TOCHeading", "TOC Heading"))
    out.append(
        '<w:style w:type="character" w:styleId="PlaceholderText"><w:name w:val="Placeholder Text"/><w:rPr><w:color w:val="808080"/></w:rPr></w:style>'
    )
    return f"{_XML}<w:styles {_NS}>{''.join(out)}</w:styles>"


def png(width: int = 60, height: int = 30, shade: int = 160) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(
        b"\0" + bytes((shade if (x // 10 + y // 10) % 2 else 255) for x in range(width))
        for y in range(height)
    )
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def _paged(kind: str, text: str, watermark: str = "") -> str:
    page = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> PAGE </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
        if kind == "ftr"
        else ""
    )
    mark = (
        f'<w:r><w:pict><v:shape type="#_x0000_t136" style="position:absolute;width:400pt;height:120pt;rotation:315"><v:textpath string="{escape(watermark)}"/></v:shape></w:pict></w:r>'
        if watermark
        else ""
    )
    return f'{_XML}<w:{kind} {_NS}><w:p><w:pPr><w:jc w:val="center"/></w:pPr>{mark}{run(text) if text else ""}{page}</w:p></w:{kind}>'


def package(
    body: str, layout: Layout, notes: Notes | None = None, extra: dict[str, bytes] | None = None
) -> bytes:
    notes = notes or Notes()
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    section = f'<w:headerReference w:type="default" r:id="rIdH"/><w:footerReference w:type="default" r:id="rIdF"/><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1440" w:right="1440" w:bottom="1440" w:left="1440" w:header="700" w:footer="700" w:gutter="0"/><w:cols w:num="{layout.columns}" w:space="425"/>'
    parts: dict[str, bytes] = {
        "word/document.xml": f"{_XML}<w:document {_NS}><w:body>{body}<w:sectPr>{section}</w:sectPr></w:body></w:document>".encode(),
        "word/styles.xml": _styles(layout).encode(),
        "word/numbering.xml": _numbering().encode(),
        "word/header1.xml": _paged("hdr", layout.header, layout.watermark).encode(),
        "word/footer1.xml": _paged("ftr", layout.footer).encode(),
    }
    links = [
        ("rIdS", "styles", "styles.xml"),
        ("rIdN", "numbering", "numbering.xml"),
        ("rIdH", "header", "header1.xml"),
        ("rIdF", "footer", "footer1.xml"),
    ]
    if "rIdPic" in body:
        parts["word/media/p.png"] = png()
        links.append(("rIdPic", "image", "media/p.png"))
    if notes.foot:
        items = "".join(
            f'<w:footnote w:id="{i}"><w:p>{run(t)}</w:p></w:footnote>' for i, t in enumerate(notes.foot, 1)
        )
        parts["word/footnotes.xml"] = f"{_XML}<w:footnotes {_NS}>{items}</w:footnotes>".encode()
        links.append(("rIdFn", "footnotes", "footnotes.xml"))
    if notes.comments:
        items = "".join(
            f'<w:comment w:id="{i}" w:author="审核"><w:p>{run(t)}</w:p></w:comment>'
            for i, t in enumerate(notes.comments, 1)
        )
        parts["word/comments.xml"] = f"{_XML}<w:comments {_NS}>{items}</w:comments>".encode()
        links.append(("rIdCm", "comments", "comments.xml"))
    kinds = {
        "document": "document.main",
        "styles": "styles",
        "numbering": "numbering",
        "header1": "header",
        "footer1": "footer",
        "footnotes": "footnotes",
        "comments": "comments",
    }
    overrides = "".join(
        f'<Override PartName="/{name}" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.{kinds[name[5:-4]]}+xml"/>'
        for name in parts
        if name.endswith(".xml")
    )
    types = f'{_XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>{overrides}</Types>'
    rels = "".join(f'<Relationship Id="{i}" Type="{rel}/{t}" Target="{target}"/>' for i, t, target in links)
    head = f'{_XML}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    everything = {
        "[Content_Types].xml": types.encode(),
        "_rels/.rels": f'{head}<Relationship Id="rId1" Type="{rel}/officeDocument" Target="word/document.xml"/></Relationships>'.encode(),
        **parts,
        "word/_rels/document.xml.rels": f"{head}{rels}</Relationships>".encode(),
        **(extra or {}),
    }
    return zipped(everything)


def zipped(parts: dict[str, bytes]) -> bytes:
    """A zip with fixed times, so that the same source gives the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED, 9)
    return out.getvalue()


def docx(source: str, layout: Layout = Layout()) -> bytes:
    """The marked-up text as a .docx file."""
    writer = Writer(layout)
    blocks = parse(source)
    if layout.form == "none":
        body = writer.flow(blocks)
    elif layout.form == "runin":
        body = writer.runin(blocks)
    else:
        body = writer.form(blocks)
    return package(body, layout, writer.notes)
