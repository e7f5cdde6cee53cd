import gzip
import tarfile

import pytest
from hostile_files import compound_file, docx, one_page_pdf, package, paragraph, stream, tarred, zipped

from extractors import formats, sniff
from extractors.document import Document, Limits
from schemas.errors import UnreadableDocumentError, UnreadableReason

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
PAGE = one_page_pdf(stream(b"BT /F1 12 Tf (text) Tj ET"))
DOCX = docx(paragraph("正文"))


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", sniff.EMPTY),
        (DOCX, sniff.DOCX),
        (package({"word/document.xml": ""}, f"{WORD}.template.main+xml"), sniff.DOTX),
        (
            package({"word/document.xml": ""}, "application/vnd.ms-word.document.macroEnabled.main+xml"),
            sniff.DOCM,
        ),
        (
            package(
                {"word/document.xml": ""}, "application/vnd.ms-word.template.macroEnabledTemplate.main+xml"
            ),
            sniff.DOTM,
        ),
        (package({"strange/place.xml": ""}, f"{WORD}.document.main+xml", "strange/place.xml"), sniff.DOCX),
        (zipped({"word/document.xml": "<x/>"}), sniff.DOCX),
        (zipped({"word\\document.xml": "<x/>"}), sniff.DOCX),
        (package({"xl/workbook.xml": ""}, "…spreadsheetml.sheet.main+xml", "xl/workbook.xml"), sniff.XLSX),
        (package({"ppt/p.xml": ""}, "…presentationml.presentation.main+xml", "ppt/p.xml"), sniff.PPTX),
        (zipped({"[Content_Types].xml": "<Types/>"}), sniff.OPC),
        (zipped({"mimetype": "application/vnd.oasis.opendocument.text"}), sniff.ODT),
        (zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}), sniff.ODF),
        (zipped({"mimetype": "application/epub+zip"}), sniff.EPUB),
        (zipped({"OFD.xml": "<OFD/>"}), sniff.OFD),
        (zipped({"Index/Document.iwa": ""}), sniff.PAGES),
        (zipped({"方案.docx": DOCX}), sniff.ZIP),
        (PAGE, sniff.PDF),
        (b"\xef\xbb\xbf" + PAGE, sniff.PDF),
        (b"\r\nHTTP/1.1 200 OK\r\n\r\n" + PAGE, sniff.PDF),
        (PAGE[9:], sniff.PDF),
        (PAGE + DOCX, sniff.PDF),
        (compound_file("WordDocument", "1Table"), sniff.DOC),
        (compound_file("\x05SummaryInformation", "Data", "WordDocument"), sniff.DOC),
        (compound_file("EncryptionInfo", "EncryptedPackage"), sniff.ENCRYPTED_OFFICE),
        (compound_file("Workbook"), sniff.XLS),
        (compound_file("PowerPoint Document"), sniff.PPT),
        (compound_file("__substg1.0_0037001F"), sniff.MSG),
        (compound_file("\u4840\u3f3f"), sniff.MSI),
        (compound_file("something"), sniff.OLE),
        (compound_file("WordDocument")[:300] + "WordDocument".encode("utf-16-le"), sniff.DOC),
        (b"{\\rtf1\\ansi }", sniff.RTF),
        (b"\n  {\\rtf1}", sniff.RTF),
        (b"<!DOCTYPE HTML><p>x", sniff.HTML),
        (b"\xef\xbb\xbf\n<html xmlns:o='urn:schemas-microsoft-com:office:office'>", sniff.HTML),
        ("<html>预算".encode("utf-16"), sniff.HTML),
        (b"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'>", sniff.HTML),
        (b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n", sniff.MHTML),
        (b'<?xml version="1.0"?><?mso-application progid="Word.Document"?><w:wordDocument>', sniff.WORD_XML),
        (b'<?xml version="1.0"?><pkg:package xmlns:pkg="x">', sniff.WORD_XML),
        (b'<?xml version="1.0"?><svg>', sniff.SVG),
        (b'<?xml version="1.0"?><project>', sniff.XML),
        ("建设依据".encode(), sniff.TEXT),
        ("建设依据".encode("gb18030"), sniff.TEXT),
        ("建设依据".encode("utf-16"), sniff.TEXT),
        (("依" * 40_000).encode(), sniff.TEXT),
        (b"A file that begins with %PDF-1.4 is a PDF, says this text.", sniff.TEXT),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", sniff.JPEG),
        (b"\x89PNG\r\n\x1a\n", sniff.PNG),
        (b"GIF89a" + DOCX, sniff.GIF),
        (b"II*\0", sniff.TIFF),
        (b"BM\x36\0\0\0\0\0\0\0" + bytes(40), sniff.BMP),
        (b"RIFF\0\0\0\0WEBPVP8 ", sniff.WEBP),
        (b"RIFF\0\0\0\0WAVEfmt ", sniff.MEDIA),
        (b"\0\0\0\x18ftypheic", sniff.HEIC),
        (b"\0\0\0\x18ftypmp42", sniff.MEDIA),
        (b"7z\xbc\xaf\x27\x1c", sniff.SEVEN_ZIP),
        (b"Rar!\x1a\x07\x01\0", sniff.RAR),
        (gzip.compress(b"x", mtime=0), sniff.GZIP),
        (tarred((tarfile.TarInfo("a.docx"), DOCX)), sniff.TAR),
        (b"MZ" + bytes(100), sniff.PROGRAM),
        (b"MZ" + bytes(100) + zipped({"a": "b"}), sniff.PROGRAM),
        (b"junk" + DOCX, sniff.DOCX),
        (b"\x7fELF\x02", sniff.PROGRAM),
        (bytes(4000), sniff.UNKNOWN),
        (b"\x01\x02\x03", sniff.UNKNOWN),
    ],
)
def test_content_tells_the_kind(data, kind):
    assert sniff.sniff(data, "无关的名字.xyz") is kind


def test_name_never_decides():
    assert {sniff.sniff(PAGE, name) for name in ("a.docx", "a", "a.exe")} == {sniff.PDF}


def test_name_only_tells_wps_from_doc():
    assert sniff.sniff(compound_file("WordDocument"), "方案.WPS") is sniff.WPS


@pytest.mark.parametrize("share", range(5, 100, 5))
def test_torn_word_file_is_known_for_what_it_was(share):
    whole = docx("".join(map(paragraph, "送审文件")), parts={"word/media/image1.png": bytes(range(256)) * 8})
    torn = whole[: max(40, len(whole) * share // 100)]
    assert sniff.sniff(torn) in (sniff.DOCX, sniff.TORN_OFFICE, sniff.ZIP)


def test_archive_method_that_is_not_supported_still_tells_its_kind():
    data = bytearray(DOCX)
    central = data.index(b"PK\x01\x02")
    data[central + 10 : central + 12] = (99).to_bytes(2, "little")
    assert sniff.sniff(bytes(data)) is sniff.DOCX


def test_compound_file_whose_chains_bite_their_tails_is_told_in_finite_time():
    data = bytearray(compound_file(*(f"stream {n}" for n in range(40))))
    data[512:1024] = (1).to_bytes(4, "little") * 128
    data[68:72] = (0).to_bytes(4, "little")
    assert sniff.sniff(bytes(data)) is sniff.OLE


def reasons(data: bytes, name: str) -> tuple[UnreadableReason, str]:
    with pytest.raises(UnreadableDocumentError) as caught:
        formats.extract(data, name, Limits(max_bytes=100_000))
    return caught.value.reason, caught.value.detail


@pytest.mark.parametrize(
    ("data", "name", "reason", "words"),
    [
        (b"", "方案.docx", "empty-file", ""),
        (bytes(100_001), "方案.docx", "too-large", "0.1 MB"),
        (compound_file("EncryptedPackage"), "方案.docx", "encrypted", ""),
        (compound_file("Workbook"), "清单.xls", "unsupported", "旧版 Excel 表格"),
        (compound_file("Workbook"), "方案.docx", "misnamed", "旧版 Excel 表格"),
        (b"GIF89a", "盖章页.gif", "unsupported", "GIF 图片"),
        (b"GIF89a", "盖章页.pdf", "misnamed", ".pdf 结尾"),
        (bytes(100), "方案.docx", "damaged", "不是有效的 .docx"),
        (bytes(100), "方案.dat", "unsupported", "无法识别"),
        (DOCX[:200], "方案.docx", "damaged", "后半部分缺失"),
    ],
)
def test_what_cannot_be_read_says_what_it_is(data, name, reason, words):
    given, detail = reasons(data, name)
    assert given == reason
    assert words in detail


def test_extractor_is_chosen_by_content_and_loaded_by_name(monkeypatch, tmp_path):
    (tmp_path / "shouting.py").write_text("def extract(data, name, limits): return name.upper()")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setitem(formats.EXTRACTORS, sniff.TEXT.media_type, "shouting")
    assert formats.extract(b"text", "name.docx") == "NAME.DOCX"


def test_every_readable_kind_has_its_extractor():
    document = formats.extract(DOCX, "方案.doc")
    assert isinstance(document, Document)
    assert document.name == "方案.doc"


def test_zip_that_claims_a_huge_content_list_is_read_within_bounds():
    huge = package({"[Content_Types].xml": b" " * (64 << 20), "word/document.xml": "<x/>"})
    assert len(huge) < 1 << 20
    assert sniff.sniff(huge) is sniff.DOCX
