"""The paper that goes back to the unit: a 补正告知书 in the form of official documents (GB/T 9704-2012)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import docx
from docx.document import Document
from docx.enum.section import WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.opc.oxml import serialize_part_xml
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.section import _Footer
from docx.shared import Length, Mm, Pt
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph

from reports.case import PROJECT, UNIT, Case, Remark, tell
from reports.quantity import ordinal
from reports.style import Style
from reports.words import Words
from validators.report import Conclusion, Report

_FINE = "预审结果告知书"
_TO_MEND = "项目申报材料补正告知书"

_SECOND_SIZE = Pt(22)
_THIRD_SIZE = Pt(16)
_FOURTH_SIZE = Pt(14)

_TITLE_FONT = "方正小标宋简体"
_BODY_FONT = "仿宋_GB2312"
_HEADING_FONT = "黑体"
_LATIN_FONT = "Times New Roman"

_TITLE = "公文标题"
_ADDRESSEE = "公文主送"
_BODY = "公文正文"
_HEADING = "公文层次"
_SIGNATURE = "公文落款"
_PAGE_NUMBER = "公文页码"

_NO_CLOCK = datetime(2000, 1, 1)
"""Date of everything in the file that must have one: equal reports, equal bytes."""

_SUBSTITUTES = {_TITLE_FONT: "宋体", _BODY_FONT: "仿宋", _HEADING_FONT: "SimHei"}
"""What to use where a font of the standard is not installed."""

_BALLAST = ("/stylesWithEffects", "/thumbnail", "/customXml")
_MAIN_PART = "word/document.xml"

_LINE = Pt(28)
_TITLE_LINE = Pt(36)


def render(reports: Sequence[Report], words: Words | None, style: Style) -> bytes:
    """One notice for each report, each beginning on a new page with page number 1."""
    form = _form()
    # Its own body over the form's styles and footers, which are read and never written.
    document = Document(deepcopy(form.document.element), form.document.part)
    for case in tell(reports, words):
        if case.number > 1:
            document.add_section(WD_SECTION.NEW_PAGE)
        _write(document, case)
    _number_from_one(document)
    return _packed({**form.files, _MAIN_PART: serialize_part_xml(document.element)})


def _write(document: Document, case: Case) -> None:
    conclusion = case.report.conclusion
    _add(document, _FINE if conclusion is Conclusion.PASS else _TO_MEND, _TITLE)
    _add(document, f"{case.stated(UNIT) or '项目申报单位'}：", _ADDRESSEE)
    _add(document, _opening(case), _BODY)
    for number, remark in enumerate(case.errors, 1):
        _add(document, f"{ordinal(number)}、{_subject(remark)}", _HEADING)
        for line in _details(remark):
            _add(document, line, _BODY)
    if case.hints:
        _add(document, _hint_opening(case), _BODY)
    for number, remark in enumerate(case.hints, 1):
        _add(document, f"{number}. {_hint(remark)}", _BODY)
    _add(document, _closing(case), _BODY)
    _sign(document)


def _add(document: Document, text: str, style: str) -> Paragraph:
    """Append a paragraph; the library would search all styles for the name each time."""
    paragraph = document.add_paragraph(text)
    paragraph.paragraph_format.element.style = _form().style_ids[style]
    return paragraph


def _opening(case: Case) -> str:
    project = case.stated(PROJECT)
    of_project = f"“{project}”项目的" if project and not project.endswith("项目") else f"“{project}”的"
    what = f"{case.class_title}（{case.name}）" if case.report.document_class else f"材料（{case.name}）"
    submitted = f"你单位报送的{of_project if project else ''}{what}收悉。"
    match case.report.conclusion:
        case Conclusion.PASS:
            return f"{submitted}经预审检查，对照{case.regulation}，没有发现需要补正的内容。"
        case Conclusion.DEFICIENT:
            return f"{submitted}经预审检查，对照{case.regulation}，有以下{len(case.errors)}项内容需要补正："
        case Conclusion.UNREADABLE:
            return f"{submitted}因下列原因，未能对照{case.regulation}进行审查："


def _subject(remark: Remark) -> str:
    requirement = remark.finding.requirement
    return f"{requirement}（{remark.title}）" if requirement else remark.title


def _details(remark: Remark) -> Iterator[str]:
    finding = remark.finding
    yield f"存在问题：{finding.message}"
    if finding.clause:
        yield f"依据：{finding.clause}。"
    where = _where(remark)
    if where:
        yield f"位置：{where}。"
    if finding.advice:
        yield f"补正要求：{finding.advice}"


def _where(remark: Remark) -> str:
    return "；".join(
        place.words + (f"（原文：“{place.quote}”）" if place.quote else "") for place in remark.places
    )


def _hint_opening(case: Case) -> str:
    return f"{'另有' if case.errors else '有'}以下{len(case.hints)}项提示，请一并核对："


def _hint(remark: Remark) -> str:
    where = _where(remark)
    clause = f"依据：{remark.finding.clause}。" if remark.finding.clause else ""
    return f"{remark.finding.message}{f'位置：{where}。' if where else ''}{clause}{remark.finding.advice}"


def _closing(case: Case) -> str:
    checked = "以上内容由计算机程序预先检查得出，请经办人员核对后送达。"
    if case.report.conclusion is Conclusion.PASS:
        return f"{checked}本告知书不代替正式审查意见。"
    return f"请按上述要求补正后重新报送。{checked}本告知书不代替正式审查意见。"


def _sign(document: Document) -> None:
    """Lines for the seal and the date, both left blank: who signs, and when, is not the program's to say."""
    _add(document, "", _BODY).paragraph_format.keep_with_next = True
    seal = _add(document, "受理单位（盖章）：　　　　　　　　", _SIGNATURE)
    seal.paragraph_format.keep_with_next = True
    _add(document, "　　　　年　　月　　日", _SIGNATURE)


@dataclass(frozen=True, slots=True)
class _Form:
    """An empty official paper, made once: making it takes several times as long as filling it in.

    Attributes:
        document: without content.
        style_ids: name of a style -> its id in the file.
        files: the parts of the saved document, in their order.
    """

    document: Document
    style_ids: dict[str, str]
    files: dict[str, bytes]


@cache
def _form() -> _Form:
    document = _blank()
    saved = BytesIO()
    document.save(saved)
    with ZipFile(saved) as source:
        files = {name: source.read(name) for name in source.namelist()}
    ids = {style.name: style.style_id for style in document.styles if style.name}
    return _Form(document, ids, {**files, "word/fontTable.xml": _font_table()})


def _blank() -> Document:
    """An empty A4 document with the styles of an official paper."""
    document = docx.Document()
    _describe(document)
    _drop_styles(document)
    _drop_ballast(document)
    _add_style(document, _TITLE, _TITLE_FONT, _SECOND_SIZE, line=_TITLE_LINE, align=WD_ALIGN_PARAGRAPH.CENTER)
    document.styles[_TITLE].paragraph_format.space_after = _LINE
    _add_style(document, _ADDRESSEE, _BODY_FONT, _THIRD_SIZE)
    _add_style(document, _BODY, _BODY_FONT, _THIRD_SIZE, indented=True)
    _add_style(document, _HEADING, _HEADING_FONT, _THIRD_SIZE, indented=True, outline=1)
    document.styles[_HEADING].paragraph_format.keep_with_next = True
    _add_style(document, _SIGNATURE, _BODY_FONT, _THIRD_SIZE, align=WD_ALIGN_PARAGRAPH.RIGHT)
    _add_style(document, _PAGE_NUMBER, "宋体", _FOURTH_SIZE, line=None)
    _set_page(document)
    return document


def _describe(document: Document) -> None:
    properties = document.core_properties
    properties.title = _TO_MEND
    properties.author = properties.last_modified_by = properties.comments = ""
    properties.created = properties.modified = _NO_CLOCK
    properties.language = "zh-CN"


def _drop_styles(document: Document) -> None:
    """Leave only what the format asks for: the library's 160 styles help no clerk and slow each paragraph."""
    for style in list(document.styles):
        if style.element.get(qn("w:default")) is None:
            style.delete()


def _drop_ballast(document: Document) -> None:
    """Leave out what the library's template brings and nobody reads: its styles once more, and a picture."""
    for relations in (document.part.rels, document.part.package.rels):
        for name in [name for name, r in relations.items() if r.reltype.endswith(_BALLAST)]:
            del relations[name]


def _add_style(
    document: Document,
    name: str,
    font: str,
    size: Length,
    *,
    line: Length | None = _LINE,
    align: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.LEFT,
    indented: bool = False,
    outline: int | None = None,
) -> None:
    style: ParagraphStyle = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.font.size = size
    _set_fonts(style, font)
    paragraph = style.paragraph_format
    paragraph.alignment = align
    paragraph.space_before = paragraph.space_after = Pt(0)
    if line is not None:
        paragraph.line_spacing_rule = WD_LINE_SPACING.EXACTLY
        paragraph.line_spacing = line
    if indented:
        paragraph.first_line_indent = size * 2
        # Counted in characters, so that the indent follows when a clerk changes the size.
        paragraph.element.pPr.ind.set(qn("w:firstLineChars"), "200")
    if outline is not None:
        level = parse_xml(f'<w:outlineLvl {nsdecls("w")} w:val="{outline - 1}"/>')
        paragraph.element.get_or_add_pPr().append(level)


def _set_fonts(style: ParagraphStyle, font: str) -> None:
    """Chinese in ``font``, quotation marks too, which Word would else set as Latin ones."""
    style.font.name = _LATIN_FONT
    fonts = style.element.rPr.rFonts
    fonts.set(qn("w:eastAsia"), font)
    fonts.set(qn("w:cs"), _LATIN_FONT)
    fonts.set(qn("w:hint"), "eastAsia")
    style.element.rPr.append(parse_xml(f'<w:lang {nsdecls("w")} w:val="en-US" w:eastAsia="zh-CN"/>'))


def _set_page(document: Document) -> None:
    """A4 with the standard's type area of 156 mm by 225 mm; page numbers outside, odd right and even left."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(25)
    document.settings.odd_and_even_pages_header_footer = True
    _add_page_number(section.footer, WD_ALIGN_PARAGRAPH.RIGHT)
    _add_page_number(section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT)


def _add_page_number(footer: _Footer, side: WD_ALIGN_PARAGRAPH) -> None:
    paragraph = footer.paragraphs[0]
    paragraph.style = _PAGE_NUMBER
    paragraph.alignment = side
    paragraph.add_run("— ")
    field = f'<w:fldSimple {nsdecls("w")} w:instr="PAGE"><w:r><w:t>1</w:t></w:r></w:fldSimple>'
    footer.part.element.find(qn("w:p")).append(parse_xml(field))
    paragraph.add_run(" —")


def _number_from_one(document: Document) -> None:
    """Let every section, which is a notice of its own, begin with page 1."""
    for margins in document.element.body.iter(qn("w:pgMar")):
        margins.addnext(parse_xml(f'<w:pgNumType {nsdecls("w")} w:start="1"/>'))


def _packed(files: Mapping[str, bytes]) -> bytes:
    """The file's bytes, with nothing in them that depends on when and where it was written."""
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as target:
        for name, content in files.items():
            target.writestr(_undated(name), content, ZIP_DEFLATED)
    return packed.getvalue()


def _font_table() -> bytes:
    fonts = "".join(
        f'<w:font w:name="{font}"><w:altName w:val="{substitute}"/><w:charset w:val="86"/></w:font>'
        for font, substitute in _SUBSTITUTES.items()
    )
    return f"<w:fonts {nsdecls('w')}>{fonts}</w:fonts>".encode()


def _undated(name: str) -> ZipInfo:
    info = ZipInfo(name, date_time=_NO_CLOCK.timetuple()[:6])
    info.create_system = 0
    info.external_attr = 0
    return info
