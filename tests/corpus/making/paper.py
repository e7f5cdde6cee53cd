"""Writes a parsed document as PDF: by reportlab in layouts of its own, or from a .docx by LibreOffice."""

from __future__ import annotations

import io
import re
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.enums import TA_CENTER, TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import (
    BaseDocTemplate,
    Frame,
    Image,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)
from reportlab.rl_config import defaultPageSize  # noqa: F401  (forces reportlab's settings to load first)

from making.markup import Block, Counter, parse, sections
from making.word import png

_FACES = {
    "hei": "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "ming": "/usr/share/fonts/truetype/arphic/uming.ttc",
}
_TAG = re.compile(r"\*\*(.+?)\*\*|\[\[(\w+):(.*?)\]\]")


@dataclass(frozen=True)
class Sheet:
    """How a reportlab PDF looks.

    Attributes:
        face: body face; headings use it too unless ``heading_face``.
        heading_size: by level; the body's size where headings differ in nothing but their number.
        form: none | two (a ruled form table).
        bottom: text of the running footer, ``{page}`` its number.
    """

    face: str = "hei"
    heading_face: str = ""
    size: float = 12
    heading_sizes: tuple[float, ...] = (16, 14, 12.5, 12)
    numbers: tuple[str, ...] = ("一、", "（一）", "1.", "（1）")
    header: str = ""
    bottom: str = "- {page} -"
    watermark: str = ""
    columns: int = 1
    form: str = "none"
    spaced: bool = False
    indent: bool = True
    ruled: bool = True
    start_low: bool = False
    toc_dots: bool = True


def pdf(source: str, sheet: Sheet = Sheet()) -> bytes:
    """The marked-up text as a PDF made by reportlab."""
    for name, path in _FACES.items():
        if name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(name, path, subfontIndex=0))
    out = io.BytesIO()
    width, height = A4
    margin, gap = 70, 20
    column = (width - 2 * margin - gap * (sheet.columns - 1)) / sheet.columns
    frames = [
        Frame(margin + i * (column + gap), margin, column, height - 2 * margin, 0, 0, 0, 0)
        for i in range(sheet.columns)
    ]

    def decorate(canvas, doc) -> None:
        canvas.setFont(sheet.face, 9)
        if sheet.header:
            canvas.drawCentredString(width / 2, height - 45, sheet.header)
        if sheet.bottom:
            canvas.drawCentredString(width / 2, 40, sheet.bottom.format(page=doc.page))
        if sheet.watermark:
            canvas.saveState()
            canvas.setFillColor(colors.Color(0.85, 0.85, 0.85))
            canvas.setFont(sheet.face, 60)
            canvas.translate(width / 2, height / 2)
            canvas.rotate(45)
            canvas.drawCentredString(0, 0, sheet.watermark)
            canvas.restoreState()

    doc = BaseDocTemplate(out, pagesize=A4, invariant=1, title="", author="")
    doc.addPageTemplates(PageTemplate(frames=frames, onPage=decorate))
    doc.build(_Story(sheet, column).all(parse(source)))
    return out.getvalue()


class _Story:
    def __init__(self, sheet: Sheet, width: float) -> None:
        self.sheet = sheet
        self.width = width
        self.counter = Counter(sheet.numbers)

    def style(self, size: float, face: str = "", **kw) -> ParagraphStyle:
        return ParagraphStyle(
            "x", fontName=face or self.sheet.face, fontSize=size, leading=size * 1.6, wordWrap="CJK", **kw
        )

    def all(self, blocks: list[Block]) -> list:
        if self.sheet.form != "none":
            return self.form(blocks)
        out = []
        for block in blocks:
            out += self.toc(blocks) if block.kind == "toc" else self.block(block)
        return out

    def text(self, text: str) -> str:
        return escape(_TAG.sub(lambda m: m[1] or m[3], text))

    def block(self, block: Block) -> list:
        sheet = self.sheet
        match block.kind:
            case "title":
                return [
                    Paragraph(
                        self.text(block.text),
                        self.style(20, sheet.heading_face, alignment=TA_CENTER, spaceAfter=14),
                    )
                ]
            case "subtitle":
                return [Paragraph(self.text(block.text), self.style(14, alignment=TA_CENTER))]
            case "heading":
                size = sheet.heading_sizes[min(block.level, len(sheet.heading_sizes)) - 1]
                shown = " ".join(block.text) if sheet.spaced and block.level == 1 else block.text
                indent = sheet.size * 2 if sheet.indent else 0
                heading = Paragraph(
                    self.text(self.counter.next(block.level) + shown),
                    self.style(size, sheet.heading_face, firstLineIndent=indent),
                )
                return [heading]
            case "right":
                return [Paragraph(self.text(block.text), self.style(sheet.size, alignment=TA_RIGHT))]
            case "table":
                return [self.table(block.rows), Spacer(1, 8)]
            case "page":
                return [PageBreak()]
            case "pic":
                return [Image(io.BytesIO(png(120, 60)), 240, 120)]
            case _:
                return [
                    Paragraph(
                        self.text(block.text),
                        self.style(sheet.size, firstLineIndent=sheet.size * 2 if sheet.indent else 0),
                    )
                ]

    def table(self, rows: tuple[tuple[str, ...], ...]) -> Table:
        style = self.style(min(self.sheet.size, 10.5))
        spans, cells = [], []
        for r, row in enumerate(rows):
            cells.append(
                [
                    Paragraph("<br/>".join(map(self.text, c.split("⏎"))), style)
                    if c not in ("<", "^")
                    else ""
                    for c in row
                ]
            )
            for c, value in enumerate(row):
                if c + 1 < len(row) and row[c + 1] == "<" and value != "<":
                    end = c + 1
                    while end + 1 < len(row) and row[end + 1] == "<":
                        end += 1
                    spans.append(("SPAN", (c, r), (end, r)))
                if r + 1 < len(rows) and c < len(rows[r + 1]) and rows[r + 1][c] == "^" and value != "^":
                    end = r + 1
                    while end + 1 < len(rows) and rows[end + 1][c] == "^":
                        end += 1
                    spans.append(("SPAN", (c, r), (c, end)))
        columns = max(map(len, rows))
        lines = [("GRID", (0, 0), (-1, -1), 0.5, colors.black)] if self.sheet.ruled else []
        return Table(
            cells,
            colWidths=[self.width / columns] * columns,
            repeatRows=1,
            style=TableStyle([*lines, ("VALIGN", (0, 0), (-1, -1), "MIDDLE"), *spans]),
        )

    def toc(self, blocks: list[Block]) -> list:
        counter = Counter(self.sheet.numbers)
        style = self.style(self.sheet.size)
        out = [Paragraph("目　　录", self.style(16, alignment=TA_CENTER))]
        for n, block in enumerate(b for b in blocks if b.kind == "heading"):
            text = counter.next(block.level) + block.text
            dots = "." * 60 if self.sheet.toc_dots else "　　"
            room = (
                int(
                    (self.width - pdfmetrics.stringWidth(text, self.sheet.face, self.sheet.size))
                    / pdfmetrics.stringWidth(".", self.sheet.face, self.sheet.size)
                )
                - 8
            )
            out.append(
                Paragraph(
                    escape(f"{text}{dots[: max(room, 3)] if self.sheet.toc_dots else dots}{n // 3 + 2}"),
                    style,
                )
            )
        return [*out, PageBreak()]

    def form(self, blocks: list[Block]) -> list:
        front, found = sections(blocks)
        tail = []
        while found and found[-1].blocks and found[-1].blocks[-1].kind == "right":
            tail.insert(0, found[-1].blocks.pop())
        rows = []
        small = self.style(10.5)
        for section in found:
            value: list = []
            for block in section.blocks:
                if block.kind == "table":
                    value.append(_Story(self.sheet, self.width * 0.72).table(block.rows))
                else:
                    value.append(Paragraph(self.text(block.text), small))
            rows.append([Paragraph(self.text(self.counter.next(1) + section.heading), small), value or ""])
        table = Table(
            rows,
            colWidths=[self.width * 0.24, self.width * 0.76],
            style=TableStyle(
                [("GRID", (0, 0), (-1, -1), 0.5, colors.black), ("VALIGN", (0, 0), (-1, -1), "MIDDLE")]
            ),
        )
        return (
            [x for b in front for x in self.block(b)]
            + [table, Spacer(1, 20)]
            + [x for b in tail for x in self.block(b)]
        )


def low(lines: int) -> str:
    """Filler so that the next heading falls at the foot of the page."""
    return "\n".join(
        f"经现场踏勘，第{n}处点位已具备供电和网络接入条件，现场照片和勘察记录已归档备查。"
        for n in range(1, lines + 1)
    )


def convert(data: bytes, target: str, suffix: str = "docx") -> bytes:
    """The file as LibreOffice writes it in another format."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / f"in.{suffix}"
        source.write_bytes(data)
        subprocess.run(
            [
                "soffice",
                "--headless",
                f"-env:UserInstallation=file://{tempfile.gettempdir()}/corpus-profile",
                "--convert-to",
                target,
                "--outdir",
                f"{folder}/out",
                str(source),
            ],
            check=True,
            capture_output=True,
            timeout=120,
        )
        return next(Path(folder, "out").iterdir()).read_bytes()
