"""What a reader of a PDF sees and its text layer does not say, and the other way round."""

from __future__ import annotations

import io

import pytest
from hostile_files import one_page_pdf, pdf, stream
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from extractors.document import Document, Limits, paragraphs
from extractors.pdf import extract
from schemas.errors import UnreadableDocumentError, UnreadableReason
from worker.pipeline import Source, check

FONT = "STSong-Light"
pdfmetrics.registerFont(UnicodeCIDFont(FONT))
WITHOUT_RECOGNITION = Limits(max_scanned_pages=0)


def read(data: bytes) -> Document:
    return extract(data, "a.pdf", WITHOUT_RECOGNITION)


def texts(document: Document) -> list[str]:
    return [paragraph.text for paragraph in paragraphs(document.blocks)]


LAYERED = stream(
    b"BT /F1 12 Tf 72 700 Td (1. Seen text) Tj ET"
    b" /OC /L BDC BT /F1 12 Tf 72 600 Td (2. Hidden text) Tj ET EMC"
)


def layered(default: bytes) -> bytes:
    resources = b"/Font << /F1 5 0 R >> /Properties << /L 6 0 R >>"
    return pdf(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R /OCProperties << /OCGs [6 0 R] /D << %b >> >> >>" % default,
            2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
            b" /Resources << %b >> >>" % resources,
            4: LAYERED,
            5: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            6: b"<< /Type /OCG /Name (draft) >>",
        }
    )


@pytest.mark.parametrize(
    ("default", "seen"),
    [
        (b"/ON [6 0 R]", ["1. Seen text", "2. Hidden text"]),
        (b"/OFF []", ["1. Seen text", "2. Hidden text"]),
        (b"/OFF [6 0 R]", ["1. Seen text"]),
        (b"/BaseState /OFF", ["1. Seen text"]),
    ],
)
def test_layer_that_is_switched_off_is_not_read(default, seen):
    assert texts(read(layered(default))) == seen


CURVES = b"".join(
    b"%d %d m %d %d %d %d %d %d c 3 w S " % (x, y, x + 9, y + 9, x, y + 20, x + 14, y + 4)
    for x in range(90, 500, 18)
    for y in range(200, 700, 40)
)


def test_page_whose_words_are_drawn_as_curves_is_not_empty():
    with pytest.raises(UnreadableDocumentError) as caught:
        read(one_page_pdf(stream(CURVES)))
    assert caught.value.reason is UnreadableReason.NO_TEXT_LAYER


def test_blank_page_between_others_is_no_page_that_was_not_read():
    with io.BytesIO() as out:
        canvas = Canvas(out, pagesize=A4)
        for number in (1, 2, 3):
            canvas.setFont(FONT, 10)
            canvas.drawCentredString(297, 40, f"第 {number} 页")
            canvas.line(60, 790, 535, 790)
            if number != 2:
                canvas.drawString(72, 700, "一、建设依据")
            canvas.showPage()
        canvas.save()
        assert read(out.getvalue()).unread_pages == ()


def garbled(heading: bytes) -> bytes:
    """A page of text with a heading in a font that maps its glyphs to characters of no meaning."""
    cmap = b"1 begincodespacerange <00> <FF> endcodespacerange 1 beginbfrange <41> <5A> <E041> endbfrange"
    lines = b"".join(
        b"BT /F1 11 Tf 72 %d Td (Body text of a page as it is written %d) Tj ET " % (y, y)
        for y in range(400, 700, 20)
    )
    return pdf(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R >>",
            2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
            b" /Resources << /Font << /F1 5 0 R /F2 6 0 R >> >> >>",
            4: stream(b"BT /F2 16 Tf 72 740 Td (%b) Tj ET " % heading + lines),
            5: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            6: b"<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman /ToUnicode 7 0 R >>",
            7: stream(b"begincmap " + cmap + b" endcmap"),
        }
    )


@pytest.mark.parametrize(
    ("heading", "unread"),
    [(b"HEADING", (1,)), (b"AAAAAAAA", ()), (b"AB", ())],
)
def test_page_with_a_word_that_cannot_be_read_is_not_held_to_be_read(heading, unread):
    document = read(garbled(heading))
    assert document.unread_pages == document.garbled_pages == unread
    assert any("Body text" in text for text in texts(document))


def test_heading_that_cannot_be_read_is_not_missing():
    sources = [Source("a.pdf", garbled(b"HEADING"))]
    report = check(sources, document_class="decommission-notice", limits=WITHOUT_RECOGNITION)
    assert report.conclusion == "deficient"
    assert not [f for f in report.findings if f.code == "section-missing"]
    [unread] = [f for f in report.findings if f.code == "document-unreadable"]
    assert "第1页的文字全部或部分是乱码" in unread.message
    assert unread.found == UnreadableReason.GARBLED_TEXT


@pytest.mark.parametrize("name", [b"/JavaScript", b"/J#61vaScript", b"/#4AavaScript"])
def test_name_of_a_script_is_known_however_it_is_written(name):
    shown = stream(b"BT /F1 12 Tf 72 720 Td (text) Tj ET")
    data = one_page_pdf(shown, catalog=b"/OpenAction << /S %b /JS (x) >>" % name)
    assert [active.kind for active in read(data).active] == ["script"]
