"""Writes OFD files: what a PDF shows, said in the other format."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from xml.sax.saxutils import escape, quoteattr

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from extractors.pdf.binding import TextLayer
from extractors.pdf.glyphs import read_pieces
from extractors.pdf.page import Piece, Rule, frame_of
from extractors.pdf.ruling import read_drawing

NS = 'xmlns:ofd="http://www.ofdspec.org/2016"'
MM = 25.4 / 72


def ofd(pages: Sequence[str], parts: Mapping[str, str | bytes] | None = None, document: str = "") -> bytes:
    """A file of pages, each given by its objects; ``parts`` and ``document`` add to the package."""
    listing = "".join(
        f'<ofd:Page ID="{n}" BaseLoc="Pages/Page_{n}/Content.xml"/>' for n in range(1, len(pages) + 1)
    )
    body = (
        f"<ofd:Document {NS}><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox>"
        "</ofd:PageArea><ofd:PublicRes>PublicRes.xml</ofd:PublicRes></ofd:CommonData>"
        f"<ofd:Pages>{listing}</ofd:Pages>{document}</ofd:Document>"
    )
    members: dict[str, str | bytes] = {
        "OFD.xml": f"<ofd:OFD {NS}><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot>"
        "<ofd:Signatures>/Doc_0/Signs/Signatures.xml</ofd:Signatures></ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": body,
        "Doc_0/PublicRes.xml": f'<ofd:Res {NS} BaseLoc="Res"><ofd:Fonts><ofd:Font ID="1" FontName="宋体"/>'
        '<ofd:Font ID="2" FontName="黑体" Bold="true"/></ofd:Fonts><ofd:MultiMedias><ofd:MultiMedia ID="9" '
        'Type="Image"><ofd:MediaFile>page.jpg</ofd:MediaFile></ofd:MultiMedia></ofd:MultiMedias></ofd:Res>',
        **{
            f"Doc_0/Pages/Page_{n}/Content.xml": f"<ofd:Page {NS}><ofd:Content><ofd:Layer ID='{n}00'>{page}"
            "</ofd:Layer></ofd:Content></ofd:Page>"
            for n, page in enumerate(pages, 1)
        },
        **(parts or {}),
    }
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def text(content: str, x: float, y: float, size: float, width: float = 0.0, bold: bool = False) -> str:
    """A text object; places in points, y its baseline."""
    step = width / len(content) if width else size
    delta = f' DeltaX="g {len(content) - 1} {step * MM}"' if len(content) > 1 else ""
    return (
        f'<ofd:TextObject Boundary="{x * MM} {(y - size) * MM} 200 20" Font="{2 if bold else 1}" '
        f'Size="{size * MM}"><ofd:TextCode X="0" Y="{size * MM}"{delta}>{escape(content)}</ofd:TextCode>'
        "</ofd:TextObject>"
    )


def lines(across: Iterable[Rule], down: Iterable[Rule]) -> str:
    """Ruling lines, each a path."""
    strokes = [(r.start, r.at, r.end, r.at) for r in across] + [(r.at, r.start, r.at, r.end) for r in down]
    return "".join(
        f'<ofd:PathObject Boundary="{x0 * MM} {y0 * MM} {(x1 - x0) * MM + 0.1} {(y1 - y0) * MM + 0.1}">'
        f"<ofd:AbbreviatedData>M 0 0 L {(x1 - x0) * MM} {(y1 - y0) * MM} </ofd:AbbreviatedData>"
        "</ofd:PathObject>"
        for x0, y0, x1, y1 in strokes
    )


def of_pdf(data: bytes) -> bytes:
    """The same pages as OFD."""
    document = pdfium.PdfDocument(data)
    pages = [_page(document, index) for index in range(len(document))]
    document.close()
    return ofd(pages)


def _page(document: pdfium.PdfDocument, index: int) -> str:
    page = raw.FPDF_LoadPage(document.raw, index)
    layer = TextLayer(page)
    pieces, frame = read_pieces(layer, frame_of(page))
    drawing = read_drawing(page, frame)
    layer.close()
    raw.FPDF_ClosePage(page)
    return "".join(map(_object, pieces)) + lines(drawing.across, drawing.down)


def _object(piece: Piece) -> str:
    return text(piece.text, piece.x0, piece.y, piece.size, piece.x1 - piece.x0, piece.bold)


def attachment(name: str) -> tuple[str, dict[str, str | bytes]]:
    """For ``ofd``: what the document says of an attachment, and the parts that hold it."""
    listing = f"<ofd:Attachments {NS}><ofd:Attachment ID='1' Name={quoteattr(name)}/></ofd:Attachments>"
    return "<ofd:Attachments>Attachs/Attachments.xml</ofd:Attachments>", {
        "Doc_0/Attachs/Attachments.xml": listing
    }


def stamp(page: int, x: float, y: float, wide: float, high: float) -> dict[str, str | bytes]:
    """For ``ofd``: the parts of a signature with a stamp; places in millimetres."""
    return {
        "Doc_0/Signs/Signatures.xml": f"<ofd:Signatures {NS}><ofd:Signature ID='1' "
        "BaseLoc='Sign_0/Signature.xml'/></ofd:Signatures>",
        "Doc_0/Signs/Sign_0/Signature.xml": f"<ofd:Signature {NS}><ofd:SignedInfo><ofd:StampAnnot ID='1' "
        f"PageRef='{page}' Boundary='{x} {y} {wide} {high}'/></ofd:SignedInfo></ofd:Signature>",
    }
