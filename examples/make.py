"""Makes the Word examples of this folder from the texts in ``sources/``.

    python examples/make.py [NAME...]           writes NAME.docx, the same bytes each time
    python examples/make.py --pdf [NAME...]     also NAME.pdf, by LibreOffice (``soffice``)

A source is a head of ``key: value`` lines and, after an empty line, the text:

    # heading, ## sub-heading    | cell | cell |    ^ caption    < flush left    > flush right
    @ label | value | label | value                 a row of a form

``layout`` says how it is typeset: ``outline`` (cover, contents, Word heading styles with automatic numbers),
``official`` (公文: typed numbers, no heading styles) or ``form`` (one large table).
"""

from __future__ import annotations

import argparse
import io
import subprocess
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt

HERE = Path(__file__).resolve().parent
SOURCES = HERE / "sources"
MARKS = {"# ": "heading", "## ": "subheading", "| ": "row", "^ ": "caption"}
MARKS |= {"< ": "left", "> ": "right", "@ ": "pairs"}
DIGITS = "零一二三四五六七八九十"
MADE = datetime(2026, 3, 1, 9, 0)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a source: what it is and its text."""

    kind: str
    text: str

    @property
    def cells(self) -> list[str]:
        """The texts between its bars."""
        return [cell.strip() for cell in self.text.removesuffix("|").split("|")]


@dataclass(frozen=True, slots=True)
class Source:
    """A source's head and lines."""

    head: dict[str, str]
    lines: tuple[Line, ...]


def read(path: Path) -> Source:
    """Read a source file."""
    head, _, body = path.read_text("utf-8").partition("\n\n")
    return Source(
        dict(line.split(": ", 1) for line in head.splitlines()),
        tuple(parsed(line) for line in body.splitlines() if line),
    )


def parsed(line: str) -> Line:
    """The line with its mark taken off."""
    for mark, kind in MARKS.items():
        if line.startswith(mark):
            return Line(kind, line.removeprefix(mark))
    return Line("text", line)


def make(source: Source) -> bytes:
    """The Word document, as bytes that depend on the source alone."""
    document: Any = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin, section.right_margin = Cm(2.8), Cm(2.6)
    section.top_margin, section.bottom_margin = Cm(3.7), Cm(3.5)
    document.core_properties.title = source.head["title"]
    document.core_properties.author = source.head["unit"]
    document.core_properties.created = document.core_properties.modified = MADE
    font(document.styles["Normal"], "仿宋_GB2312", 16)
    page_number(section.footer.paragraphs[0])
    LAYOUTS[source.head["layout"]](document, source)
    buffer = io.BytesIO()
    document.save(buffer)
    return with_fixed_times(buffer.getvalue())


def with_fixed_times(data: bytes) -> bytes:
    """The same zip with one date on all its members."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, MADE.timetuple()[:6]), old.read(name), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def outline(document: Any, source: Source) -> None:
    """Cover, table of contents, then headings with Word's own numbering."""
    document.sections[0].header.paragraphs[0].text = source.head["title"]
    number_headings(document)
    for _ in range(4):
        document.add_paragraph()
    paragraph(document, source.head["title"], size=26, bold=True, align=WD_ALIGN_PARAGRAPH.CENTER)
    paragraph(document, source.head["subtitle"], size=22, align=WD_ALIGN_PARAGRAPH.CENTER)
    for _ in range(6):
        document.add_paragraph()
    for label, value in (
        ("项目名称", source.head["title"]),
        ("建设单位", source.head["unit"]),
        ("编制日期", source.head["date"]),
    ):
        paragraph(document, f"{label}：{value}", size=16, indent=Cm(1))
    break_page(document)
    contents(document, source)
    break_page(document)
    body(document, source.lines, lambda line: document.add_heading(line.text, 1 + (line.kind != "heading")))


def official(document: Any, source: Source) -> None:
    """公文: a centred title, numbers typed by hand, headings known by number and typeface alone."""
    title = paragraph(document, source.head["title"], size=22, align=WD_ALIGN_PARAGRAPH.CENTER)
    title.paragraph_format.space_after = Pt(18)
    numbers = {"heading": 0, "subheading": 0}

    def heading(line: Line) -> None:
        if line.kind == "heading":
            numbers.update(heading=numbers["heading"] + 1, subheading=0)
            label, face = f"{chinese(numbers['heading'])}、", "黑体"
        else:
            numbers["subheading"] += 1
            label, face = f"（{chinese(numbers['subheading'])}）", "楷体_GB2312"
        typeface(paragraph(document, label + line.text, indent=Pt(32)).runs[0], face)

    body(document, source.lines, heading)


def form(document: Any, source: Source) -> None:
    """A title and one table: pairs of label and value, and sections with the label on the left."""
    document.styles["Normal"].font.size = Pt(12)
    paragraph(document, source.head["title"], size=20, bold=True, align=WD_ALIGN_PARAGRAPH.CENTER)
    paragraph(document, f"填报单位：{source.head['unit']}    填报日期：{source.head['date']}", size=12)
    table = document.add_table(rows=0, cols=4, style="Table Grid")
    cell: Any = None
    for kind, group in groupby(source.lines, key=lambda line: line.kind):
        lines = list(group)
        if kind == "pairs":
            for line in lines:
                fill(table.add_row().cells, line.cells)
        elif kind == "heading":
            label, cell, _, last = table.add_row().cells
            cell = cell.merge(last)
            fill([label], [lines[0].text])
        elif kind == "row":
            grid(cell, [line.cells for line in lines])
            cell.add_paragraph()
        else:
            for line in lines:
                paragraph(cell, line.text, size=12)
    for row in table.rows:
        for column, width in zip(row.cells, (Cm(3), Cm(5), Cm(3), Cm(4.6)), strict=True):
            column.width = width
    for content in table.columns[1].cells:
        drop_first_if_empty(content)


LAYOUTS: dict[str, Callable[[Any, Source], None]] = {"outline": outline, "official": official, "form": form}


def body(document: Any, lines: Iterable[Line], heading: Callable[[Line], object]) -> None:
    """Running text, tables and captions; headings are the layout's own business."""
    for kind, group in groupby(lines, key=lambda line: line.kind):
        if kind == "row":
            grid(document, [line.cells for line in group])
            continue
        for line in group:
            if kind in ("heading", "subheading"):
                heading(line)
            elif kind == "caption":
                paragraph(document, line.text, size=14, align=WD_ALIGN_PARAGRAPH.CENTER)
            elif kind == "right":
                paragraph(document, line.text, align=WD_ALIGN_PARAGRAPH.RIGHT)
            else:
                paragraph(document, line.text, indent=None if kind == "left" else Pt(32))


def paragraph(
    parent: Any,
    text: str,
    *,
    size: float | None = None,
    bold: bool = False,
    align: Any = None,
    indent: Any = None,
) -> Any:
    """A paragraph with one run; ``size`` in points."""
    made = parent.add_paragraph()
    made.alignment = align
    made.paragraph_format.space_after = Pt(0)
    made.paragraph_format.line_spacing = 1.5
    made.paragraph_format.first_line_indent = indent
    run = made.add_run(text)
    run.bold = bold or None
    run.font.size = size and Pt(size)
    return made


def grid(parent: Any, rows: Sequence[Sequence[str]]) -> None:
    """A table with lines; short rows (合计) are filled up with empty cells before their last."""
    columns = max(len(row) for row in rows)
    table = parent.add_table(rows=len(rows), cols=columns)
    table.style = "Table Grid"
    for cells, row in zip(table.rows, rows, strict=True):
        fill(cells.cells, [*row[:-1], *[""] * (columns - len(row)), row[-1]], size=12)


def fill(cells: Sequence[Any], texts: Sequence[str], size: float = 12) -> None:
    """Write ``texts`` into ``cells``."""
    for cell, text in zip(cells, texts, strict=True):
        cell.paragraphs[0].add_run(text).font.size = Pt(size)


def drop_first_if_empty(cell: Any) -> None:
    """Remove the empty paragraph that a new cell begins with, where something follows it."""
    first = cell.paragraphs[0]
    if not first.text and len(cell.paragraphs) > 1:
        first._p.getparent().remove(first._p)  # noqa: SLF001


def font(style: Any, face: str, size: float) -> None:
    """Set a style's typeface for both scripts, and its size in points."""
    typeface(style, face)
    style.font.size = Pt(size)


def typeface(holder: Any, face: str) -> None:
    """Set the typeface of a style or a run for Latin and Chinese letters."""
    holder.font.name = face
    holder.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), face)


def number_headings(document: Any) -> None:
    """Tie Heading 1 and 2 to a Word list that shows 一、 and （一）."""
    numbering = document.part.numbering_part.element
    numbering.insert(
        0,
        parse_xml(
            f'<w:abstractNum {nsdecls("w")} w:abstractNumId="90"><w:multiLevelType w:val="multilevel"/>'
            '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/>'
            '<w:pStyle w:val="Heading1"/><w:suff w:val="nothing"/><w:lvlText w:val="%1、"/></w:lvl>'
            '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/>'
            '<w:pStyle w:val="Heading2"/><w:suff w:val="nothing"/><w:lvlText w:val="（%2）"/></w:lvl>'
            "</w:abstractNum>"
        ),
    )
    numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="90"><w:abstractNumId w:val="90"/></w:num>'))
    for level, (face, size) in enumerate((("黑体", 16), ("楷体_GB2312", 16))):
        style = document.styles[f"Heading {level + 1}"]
        font(style, face, size)
        style.font.color.rgb = None
        style.font.bold = level == 0
        properties = style.element.get_or_add_pPr()
        properties.append(
            parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="90"/></w:numPr>')
        )


def contents(document: Any, source: Source) -> None:
    """A table of contents: a TOC field with the lines that Word would have put there."""
    paragraph(document, "目  录", size=18, bold=True, align=WD_ALIGN_PARAGRAPH.CENTER)
    headings = [(at, line) for at, line in enumerate(source.lines) if line.kind == "heading"]
    for number, (at, line) in enumerate(headings, start=1):
        entry = paragraph(document, "", size=14)
        entry.paragraph_format.tab_stops.add_tab_stop(Cm(15), leader=1)
        if number == 1:
            field(entry, "begin", r'TOC \o "1-2" \h \z \u', "separate")
        characters = sum(len(before.text) for before in source.lines[:at])
        entry.add_run(f"{chinese(number)}、{line.text}\t{3 + characters // 550}").font.size = Pt(14)
        if number == len(headings):
            field(entry, "end")


def page_number(footer: Any) -> None:
    """— 3 — in the middle of the footer."""
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    footer.add_run("— ")
    field(footer, "begin", "PAGE", "separate")
    footer.add_run("1")
    field(footer, "end")
    footer.add_run(" —")


def field(holder: Any, *parts: str) -> None:
    """Add a Word field's characters (begin, separate, end) and its instruction to a paragraph."""
    for part in parts:
        if part in ("begin", "separate", "end"):
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), part)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = part
        holder.add_run()._r.append(mark)  # noqa: SLF001


def break_page(document: Any) -> None:
    """Begin a new page."""
    document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)


def chinese(number: int) -> str:
    """1 to 19 as 一 to 十九."""
    return DIGITS[number] if number <= 10 else f"十{DIGITS[number - 10]}"


def to_pdf(path: Path) -> None:
    """Print a Word file as PDF beside it, with LibreOffice."""
    with tempfile.TemporaryDirectory() as profile:
        subprocess.run(
            [
                *("soffice", f"-env:UserInstallation=file://{profile}", "--headless"),
                *("--convert-to", "pdf", "--outdir", str(path.parent), str(path)),
            ],
            check=True,
            capture_output=True,
            timeout=120,
        )


def main() -> None:
    """Make the named examples, or all."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", default=sorted(path.stem for path in SOURCES.glob("*.txt")))
    parser.add_argument("--pdf", action="store_true")
    arguments = parser.parse_args()
    for name in arguments.names:
        target = HERE / f"{name}.docx"
        target.write_bytes(make(read(SOURCES / f"{name}.txt")))
        if arguments.pdf:
            to_pdf(target)


if __name__ == "__main__":
    main()
