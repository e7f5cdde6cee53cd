"""OFD files: read as the same pages in a PDF are."""

from __future__ import annotations

import io
import json
import re
from datetime import date
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from lxml import etree
from ofd_files import NS, attachment, of_pdf, ofd, stamp, text

from extractors.document import Limits, Paragraph, Picture, Table
from extractors.formats import extract
from extractors.ofd.objects import Drawn, draw
from schemas.errors import UnreadableDocumentError, UnreadableReason
from worker.pipeline import Source, check

CORPUS = Path(__file__).parent / "corpus"


def paragraphs(data: bytes) -> list[str]:
    return [block.text for block in extract(data, "a.ofd").blocks if isinstance(block, Paragraph)]


@pytest.mark.parametrize(
    "slug",
    ["pdf-lo-1", "pdf-lo-4-lost", "pdf-lo-6-lost", "pdf-table-breaks-off", "pdf-form-lost", "pdf-spaced"],
)
def test_the_verdict_is_that_of_the_same_pdf(slug: str) -> None:
    expected = json.loads((CORPUS / slug / "expected.json").read_text("utf-8"))
    options = expected["options"]
    filed = date.fromisoformat(options[options.index("--filed-on") + 1]) if options else None
    data = (CORPUS / slug / expected["paths"][0]).read_bytes()
    as_pdf = check([Source("方案.pdf", data)], filed_on=filed).to_dict()
    as_ofd = check([Source("方案.ofd", of_pdf(data))], filed_on=filed).to_dict()
    assert [(f["code"], f["requirement"]) for f in as_ofd["findings"]] == [
        (f["code"], f["requirement"]) for f in as_pdf["findings"]
    ]
    assert as_ofd["conclusion"] == as_pdf["conclusion"] == expected["conclusion"]
    assert as_ofd["record"] == as_pdf["record"]
    assert as_ofd["documents"][0]["media_type"] == "application/ofd"
    assert as_ofd["documents"][0]["pages"] == as_pdf["documents"][0]["pages"]


def test_distances_between_characters_part_words_and_lines() -> None:
    spaced = (
        f'<ofd:TextObject {NS} Boundary="20 20 150 30" Font="1" Size="5"><ofd:TextCode X="0" Y="5" '
        'DeltaX="g 3 5 -15 g 3 5" DeltaY="g 3 0 8 g 3 0">建设依据建设目标</ofd:TextCode></ofd:TextObject>'
    )
    assert paragraphs(ofd([spaced])) == ["建设依据", "建设目标"]


def test_attachments_are_listed_and_a_stamp_is_a_picture() -> None:
    entry, parts = attachment("预算表.xlsx")
    page = text("关于项目的批复", 100, 100, 16) + text("同意。", 100, 140, 12)
    document = extract(ofd([page], {**parts, **stamp(1, 120, 60, 40, 40)}, entry), "a.ofd")
    assert [(a.kind, a.detail) for a in document.active] == [("embedded-file", "预算表.xlsx")]
    assert [type(block) for block in document.blocks] == [Paragraph, Paragraph, Picture]


def test_a_template_is_drawn_beneath_its_page() -> None:
    def drawing(content: str, before: str = "") -> str:
        layer = f"<ofd:Content><ofd:Layer>{content}</ofd:Layer></ofd:Content>"
        return f"<ofd:Page {NS}>{before}{layer}</ofd:Page>"

    template = drawing(text("建设依据", 80, 90, 14))
    page = drawing(text("正文", 80, 120, 12), "<ofd:Template TemplateID='7'/>")
    body = (
        f"<ofd:Document {NS}><ofd:CommonData><ofd:TemplatePage ID='7' BaseLoc='T.xml'/></ofd:CommonData>"
        "<ofd:Pages><ofd:Page ID='1' BaseLoc='Pages/Page_1/Content.xml'/></ofd:Pages></ofd:Document>"
    )
    parts = {"Doc_0/T.xml": template, "Doc_0/Document.xml": body, "Doc_0/Pages/Page_1/Content.xml": page}
    assert paragraphs(ofd([""], parts)) == ["建设依据", "正文"]


IMAGE = '<ofd:ImageObject Boundary="0 0 210 297" ResourceID="9"/>'


def test_a_page_that_is_a_picture_is_recognised() -> None:
    scan = pdfium.PdfDocument(CORPUS / "hand-scan-form-lost" / "扫描件.pdf")
    buffer = io.BytesIO()
    scan[0].render(scale=150 / 72).to_pil().convert("RGB").save(buffer, "JPEG", quality=80)
    document = extract(ofd([IMAGE], {"Doc_0/Res/page.jpg": buffer.getvalue()}), "a.ofd")
    assert document.recognised_pages == (1,)
    assert any(isinstance(block, Table) for block in document.blocks)


def reason(data: bytes, limits: Limits | None = None) -> UnreadableReason:
    with pytest.raises(UnreadableDocumentError) as caught:
        extract(data, "a.ofd", limits)
    return caught.value.reason


def test_what_cannot_be_read_says_why() -> None:
    page = text("建设依据", 80, 90, 14)
    assert reason(ofd([""])) is UnreadableReason.NO_CONTENT
    assert reason(ofd([IMAGE])) is UnreadableReason.NO_TEXT_LAYER
    assert reason(ofd([page] * 3), Limits(max_pages=2)) is UnreadableReason.TOO_MANY_PAGES
    assert reason(ofd([page], {"OFD.xml": "<ofd:OFD"})) is UnreadableReason.DAMAGED
    assert reason(ofd([page], {"OFD.xml": "<x/>"})) is UnreadableReason.NO_CONTENT
    assert reason(ofd([page])[:-300]) is UnreadableReason.DAMAGED


@pytest.mark.parametrize("number", ["NaN", "1e309", "-1e309", "1e300"])
def test_numbers_that_no_page_has_take_only_their_object_with_them(number: str) -> None:
    sound = text("建设依据", 80, 90, 14)
    beside = re.sub(r'Size="[^"]+"', f'Size="{number}"', text("正文", 160, 90, 14))
    path = (
        '<ofd:PathObject Boundary="0 0 90 90"><ofd:AbbreviatedData>'
        f"M 0 {number} L 50 {number} L {number} 0</ofd:AbbreviatedData></ofd:PathObject>"
    )
    assert paragraphs(ofd([beside + sound + path])) == ["建设依据"]


def test_parts_that_lead_nowhere_and_numbers_that_are_none_leave_the_rest() -> None:
    odd = text("建设依据", 80, 90, 14).replace('Font="1"', 'Font="99" CTM="a b"') + (
        '<ofd:CompositeObject ResourceID="404"/><ofd:PathObject Boundary="x"><ofd:AbbreviatedData>M 1 L Q 9'
        "</ofd:AbbreviatedData></ofd:PathObject>"
        '<ofd:TextObject Size="4"><ofd:TextCode X="9" Y="90" DeltaX="g 999999999 1">正文</ofd:TextCode>'
        "</ofd:TextObject>"
    )
    assert paragraphs(ofd([odd])) == ["建设依据", "正文"]
    deep = "<ofd:PageBlock>" * 200 + text("底", 80, 90, 14) + "</ofd:PageBlock>" * 200
    assert paragraphs(ofd([deep + text("正文", 80, 120, 12)])) == ["正文"]


def test_every_use_of_a_composite_counts_towards_what_a_page_may_draw() -> None:
    unit = etree.fromstring("<Unit>" + "<Content/>" * 1000 + "</Unit>")
    layer = etree.fromstring('<Layer><CompositeObject ResourceID="5"/></Layer>')
    drawn = Drawn()
    draw(iter([layer]), {}, {"5": unit}, drawn)
    assert Drawn().budget - drawn.budget > 1000


def test_long_texts_count_as_many_objects() -> None:
    layer = etree.fromstring(f"<Layer>{text('长' * 5000, 80, 90, 14)}</Layer>".replace("ofd:", ""))
    drawn = Drawn()
    draw(iter([layer]), {}, {}, drawn)
    assert Drawn().budget - drawn.budget > 500
