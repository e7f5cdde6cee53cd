"""The file around a Word document: damage, limits, strict and unusual packages."""

import io
import struct
import zipfile

import docx
import pytest
from docx_files import W, p, part, read, read_texts, relationships, tbl, tc, tr, word_file, zipped

from extractors.document import Limits, paragraphs
from extractors.docx import extract
from schemas.errors import UnreadableDocumentError, UnreadableReason


def reason(data: bytes, limits: Limits | None = None) -> UnreadableReason:
    with pytest.raises(UnreadableDocumentError) as caught:
        extract(data, "a.docx", limits or Limits())
    return caught.value.reason


def texts(data: bytes) -> list[str]:
    return [f.text for f in paragraphs(extract(data, "a.docx", Limits()).blocks)]


WHOLE = word_file(p("甲"))
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", UnreadableReason.EMPTY_FILE),
        (b"no zip at all", UnreadableReason.DAMAGED),
        (WHOLE[: len(WHOLE) // 2], UnreadableReason.DAMAGED),
        (COMPOUND + "EncryptedPackage".encode("utf-16-le"), UnreadableReason.ENCRYPTED),
        (zipped({"a.txt": "甲"}), UnreadableReason.UNSUPPORTED),
        (word_file(parts={"word/document.xml": part("styles", "")}), UnreadableReason.UNSUPPORTED),
        (word_file(parts={"word/document.xml": "<w:document>"}), UnreadableReason.DAMAGED),
        (word_file(parts={"word/document.xml": ""}), UnreadableReason.DAMAGED),
        (word_file(p("甲"), styles="<w:style>"), UnreadableReason.DAMAGED),
        (word_file(p()), UnreadableReason.NO_CONTENT),
        (word_file(tbl(tr(tc(p())))), UnreadableReason.NO_CONTENT),
        (word_file(p(), links=[("image", "media/a.png", False)]), UnreadableReason.NO_TEXT_LAYER),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_why(data: bytes, expected: UnreadableReason) -> None:
    assert reason(data) is expected


def test_text_in_a_header_alone_is_no_content() -> None:
    header = {"word/header1.xml": part("hdr", p("页眉"))}
    assert reason(word_file(p(), parts=header, links=[("header", "header1.xml", False)])) is (
        UnreadableReason.NO_CONTENT
    )


def test_a_document_type_declaration_is_refused() -> None:
    bomb = '<!DOCTYPE w [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>' + part("document", "&b;")
    assert reason(word_file(parts={"word/document.xml": bomb})) is UnreadableReason.DAMAGED


def test_limits_hold() -> None:
    assert reason(WHOLE, Limits(max_bytes=10)) is UnreadableReason.TOO_LARGE
    assert reason(WHOLE, Limits(max_parts=2)) is UnreadableReason.TOO_MANY_FILES
    assert reason(WHOLE, Limits(max_unpacked_bytes=500)) is UnreadableReason.UNPACKS_TOO_LARGE


def test_a_member_that_lies_about_its_size_is_not_believed() -> None:
    data = bytearray(word_file(p("甲" * 5000)))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        size = archive.getinfo("word/document.xml").file_size
    at = data.rindex(struct.pack("<L", size))
    data[at : at + 4] = struct.pack("<L", 100)
    assert reason(bytes(data)) is UnreadableReason.DAMAGED


def test_an_encrypted_member_is_encrypted() -> None:
    data = bytearray(word_file(p("甲")))
    at = data.index(b"PK\x01\x02", 0)
    while at >= 0:
        data[at + 8] |= 1
        at = data.find(b"PK\x01\x02", at + 1)
    assert reason(bytes(data)) is UnreadableReason.ENCRYPTED


def test_a_strict_document_is_read() -> None:
    strict = "http://purl.oclc.org/ooxml/wordprocessingml/main"
    rels = relationships(("officeDocument", "word/document.xml", False)).replace(
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        "http://purl.oclc.org/ooxml/officeDocument/relationships",
    )
    main = part("document", f"<w:body>{p('严格')}</w:body>").replace(W, strict)
    assert read_texts("", parts={"_rels/.rels": rels, "word/document.xml": main}) == ["严格"]


def test_links_that_lead_nowhere_and_names_in_other_case_are_harmless() -> None:
    data = zipped(
        {
            "_rels/.rels": relationships(("officeDocument", "/WORD/Document.xml", False)),
            "word\\document.xml": part("document", f"<w:body>{p('甲')}</w:body>"),
            "word/_rels/Document.xml.rels": relationships(
                ("styles", "gone.xml", False), ("image", "NULL", False), ("numbering", "", False)
            ),
        }
    )
    assert texts(data) == ["甲"]


def test_a_document_without_relationships_is_found_by_its_usual_name() -> None:
    assert texts(zipped({"word/document.xml": part("document", f"<w:body>{p('甲')}</w:body>")})) == ["甲"]


def test_the_title_is_read_and_broken_properties_are_ignored() -> None:
    core = '<c xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title> 方案 </dc:title></c>'
    assert read(p("甲"), parts={"docProps/core.xml": core}).title == "方案"
    assert read(p("甲"), parts={"docProps/core.xml": "<c"}).title == ""


def test_what_a_word_processor_library_writes_is_read() -> None:
    document = docx.Document()
    document.add_heading("一、建设依据", level=1)
    document.add_paragraph("依据有关规定。").runs[0].bold = True
    table = document.add_table(rows=2, cols=3)
    table.cell(0, 0).text = "项目名称"
    table.cell(0, 1).merge(table.cell(1, 2)).text = "智慧图书馆"
    buffer = io.BytesIO()
    document.save(buffer)
    found = list(paragraphs(extract(buffer.getvalue(), "a.docx", Limits()).blocks))
    assert [(f.text, f.level, f.bold) for f in found] == [
        ("一、建设依据", 1, True),
        ("依据有关规定。", None, True),
        ("项目名称", None, False),
        ("智慧图书馆", None, False),
    ]
