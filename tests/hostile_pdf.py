"""PDFs that attack: loops, depth, streams and pictures that unpack to too much, fonts, and what could run."""

from __future__ import annotations

import hashlib
import io
import random
import struct
import zlib
from collections.abc import Iterator, Mapping

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hostile_files import Hostile, docx, inflating, one_page_pdf, paragraph, pdf, stream
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

_CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
_PAGES = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
_PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << %b >> >>"
_SHOWN = stream(b"BT /F1 12 Tf 72 720 Td (text) Tj ET")
_HELVETICA = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"


def hostile_pdf_files() -> Iterator[Hostile]:
    yield from _structure()
    yield from _streams()
    yield from _pictures()
    yield from _fonts()
    yield from _drawings()
    yield from _active()
    yield from _outer()


def _page(objects: Mapping[int, bytes], resources: bytes = b"", content: bytes = _SHOWN) -> bytes:
    resources = resources or b"/Font << /F1 5 0 R >>"
    return pdf({1: _CATALOG, 2: _PAGES, 3: _PAGE % resources, 4: content, 5: _HELVETICA, **objects})


def _structure() -> Iterator[Hostile]:
    deep = {n: b"<< /Type /Pages /Kids [%d 0 R] /Count 1 >>" % (n + 1) for n in range(2, 20_000)}
    yield Hostile(
        "页树两万层.pdf", pdf({1: _CATALOG, **deep, 20_000: b"<< /Type /Page /MediaBox [0 0 9 9] >>"})
    )
    twice = {n: b"<< /Type /Pages /Kids [%d 0 R %d 0 R] /Count 99 >>" % (n + 1, n + 1) for n in range(2, 40)}
    yield Hostile("页树翻倍.pdf", pdf({1: _CATALOG, **twice, 40: b"<< /Type /Page /MediaBox [0 0 9 9] >>"}))
    item = b"<< /Title (x) /Parent 6 0 R /Next 7 0 R /First 6 0 R /Count 9 >>"
    outlined = b"<< /Type /Catalog /Pages 2 0 R /Outlines 6 0 R >>"
    yield Hostile("大纲成环.pdf", _page({1: outlined, 6: item, 7: item}))
    tree = b"<< /Type /Catalog /Pages 2 0 R /StructTreeRoot 6 0 R /MarkInfo << /Marked true >> >>"
    yield Hostile("结构树成环.pdf", _page({1: tree, 6: b"<< /Type /StructTreeRoot /K 6 0 R >>"}))
    names = b"<< /Type /Catalog /Pages 2 0 R /Names << /EmbeddedFiles 6 0 R /JavaScript 6 0 R >> >>"
    yield Hostile("名称树成环.pdf", _page({1: names, 6: b"<< /Kids [6 0 R 6 0 R] >>"}))
    fields = b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [6 0 R] >> >>"
    looped = b"<< /T (a) /FT /Tx /Kids [6 0 R] /Parent 6 0 R /V 6 0 R >>"
    yield Hostile("表单域成环.pdf", _page({1: fields, 6: looped}))
    yield Hostile("长度是自己.pdf", _page({4: b"<< /Length 4 0 R >>\nstream\nBT ET\nendstream"}))
    yield Hostile("引用自己.pdf", _page({4: b"4 0 R"}))
    yield Hostile("数组十万层.pdf", _page({6: b"[" * 100_000 + b"]" * 100_000}))
    yield Hostile("字典十万层.pdf", _page({6: b"<< /A " * 100_000 + b">>" * 100_000}))
    sound = _page({})
    place = sound.rindex(b"startxref")
    yield Hostile("前一张表是自己.pdf", sound.replace(b"/Root", b"/Prev %d /Root" % sound.rindex(b"xref\n0")))
    yield Hostile("表在文件外.pdf", sound[:place] + b"startxref\n99999999999\n%%EOF")
    yield Hostile("没有表.pdf", sound[: sound.index(b"xref\n0")])
    yield Hostile("万亿个对象.pdf", sound.replace(b"/Size 6", b"/Size 999999999999"))
    packed = zlib.compress(b"".join(b"%d %d " % (n, 0) for n in range(10, 9000)) + b"<< >>")
    entries = b"/Type /ObjStm /N 99999999 /First 90000 /Extends 6 0 R /Filter /FlateDecode"
    yield Hostile("对象流.pdf", _page({6: stream(packed, entries)}))
    for title, box in (
        ("零", b"0 0 0 0"),
        ("负", b"0 0 -9 -9"),
        ("非数", b"/a (b) null 1"),
        ("天文", b"-1e30 -1e30 1e30 1e30"),
    ):
        yield Hostile(f"页面尺寸{title}.pdf", one_page_pdf(_SHOWN, b"/MediaBox [%b]" % box))
    kids = b"3 0 R " * 2900
    pages = b"<< /Type /Pages /Kids [%b] /Count 2900 >>" % kids
    yield Hostile("同一页三千次.pdf", _page({2: pages}))


def _streams() -> Iterator[Hostile]:
    data = b"BT /F1 12 Tf (text) Tj ET"
    for _ in range(20):
        data = zlib.compress(data)
    yield Hostile(
        "压缩二十层.pdf", _page({}, content=stream(data, b"/Filter [%b]" % (b"/FlateDecode " * 20)))
    )
    bomb = zlib.compress(zlib.compress(b"\0" * (200 << 20)))
    yield Hostile(
        "压缩两层的炸弹.pdf", _page({}, content=stream(bomb, b"/Filter [/FlateDecode /FlateDecode]"))
    )
    yield Hostile(
        "解不完.pdf", _page({}, content=stream(b"\x78\xda" + inflating(900), b"/Filter /FlateDecode"))
    )
    many = b"/Filter [%b]" % (b"/ASCIIHexDecode " * 5000)
    yield Hostile("过滤器五千.pdf", _page({}, content=stream(b"41", many)))
    for name in (
        "LZWDecode",
        "RunLengthDecode",
        "ASCII85Decode",
        "CCITTFaxDecode",
        "Crypt",
        "JBIG2Decode",
        "X",
    ):
        noise = random.Random(name).randbytes(3000)
        yield Hostile(f"乱流 {name}.pdf", _page({}, content=stream(noise, b"/Filter /%b" % name.encode())))
    predictor = b"/Filter /FlateDecode /DecodeParms << /Predictor 15 /Columns 2147483647 /Colors 32 >>"
    yield Hostile("预测器.pdf", _page({}, content=stream(zlib.compress(b"x" * 999), predictor)))


def _picture(entries: bytes, data: bytes = b"\0" * 100, size: bytes = b"200 0 0 200") -> bytes:
    image = stream(data, b"/Type /XObject /Subtype /Image " + entries)
    return _page({6: image}, b"/XObject << /I 6 0 R >>", stream(b"%b 0 0 cm /I Do" % size))


def _pictures() -> Iterator[Hostile]:
    huge = b"/Width 100000 /Height 100000 /BitsPerComponent 8 /ColorSpace /DeviceRGB "
    yield Hostile("百亿像素.pdf", _picture(huge, size=b"595 0 0 842"))
    yield Hostile("百亿像素压缩.pdf", _picture(huge + b"/Filter /FlateDecode", b"\x78\xda" + inflating(300)))
    yield Hostile(
        "负尺寸图.pdf", _picture(b"/Width -5 /Height 2147483647 /BitsPerComponent 16 /ColorSpace /DeviceGray")
    )
    for name in ("JBIG2Decode", "JPXDecode", "DCTDecode", "CCITTFaxDecode"):
        noise = random.Random(name).randbytes(2000)
        yield Hostile(f"乱图 {name}.pdf", _picture(huge + b"/Filter /%b" % name.encode(), noise))
    segment = struct.pack(">IBBBI", 0, 0x30, 0, 1, 19) + struct.pack(
        ">IIIIBH", 0x7FFFFFFF, 0x7FFFFFFF, 0, 0, 0, 0
    )
    yield Hostile("JBIG2 炸弹.pdf", _picture(huge + b"/Filter /JBIG2Decode", segment))
    size = struct.pack(">HIIIIIIIIH", 0, 1 << 31, 1 << 31, 0, 0, 1 << 31, 1 << 31, 0, 0, 1) + b"\x07\1\1"
    codestream = b"\xff\x4f\xff\x51" + struct.pack(">H", len(size) + 2) + size + b"\xff\x90"
    yield Hostile("JPX 炸弹.pdf", _picture(b"/Filter /JPXDecode /Width 9 /Height 9", codestream))
    masked = b"/Width 9 /Height 9 /BitsPerComponent 8 /ColorSpace /DeviceRGB /SMask 6 0 R /Mask 6 0 R"
    yield Hostile("蒙版是自己.pdf", _picture(masked, b"\0" * 243))
    spaces = b"/Width 9 /Height 9 /BitsPerComponent 8 /ColorSpace 7 0 R"
    looped = {
        7: b"[/Indexed 7 0 R 255 8 0 R]",
        8: b"7 0 R",
        6: stream(b"\0" * 81, b"/Subtype /Image " + spaces),
    }
    drawn = stream(b"/C cs 595 0 0 842 0 0 cm /I Do")
    yield Hostile(
        "颜色空间成环.pdf", _page(looped, b"/XObject << /I 6 0 R >> /ColorSpace << /C 7 0 R >>", drawn)
    )


def _fonts() -> Iterator[Hostile]:
    for kind, key in (("TrueType", "FontFile2"), ("Type1", "FontFile"), ("CIDFontType0", "FontFile3")):
        noise = (b"\0\1\0\0\0\x0a" if kind == "TrueType" else b"%!PS-AdobeFont") + random.Random(
            kind
        ).randbytes(4000)
        font = b"<< /Type /Font /Subtype /%b /BaseFont /X /FontDescriptor 6 0 R >>" % kind.encode()
        descriptor = b"<< /Type /FontDescriptor /FontName /X /Flags 4 /%b 7 0 R >>" % key.encode()
        yield Hostile(
            f"乱字体 {kind}.pdf",
            _page({5: font, 6: descriptor, 7: stream(noise, b"/Subtype /CIDFontType0C")}),
        )
    ranges = b"".join(b"<0000> <FFFF> <0000>\n" for _ in range(20_000))
    cmap = b"begincmap 1 begincodespacerange <0000> <FFFF> endcodespacerange %b beginbfrange\n%bendbfrange"
    font = b"<< /Type /Font /Subtype /Type0 /BaseFont /X /ToUnicode 6 0 R /DescendantFonts [5 0 R] >>"
    yield Hostile("字符映射炸弹.pdf", _page({5: font, 6: stream(cmap % (b"20000", ranges))}))
    type3 = (
        b"<< /Type /Font /Subtype /Type3 /FontBBox [0 0 9 9] /FontMatrix [1 0 0 1 0 0] /FirstChar 97"
        b" /LastChar 122 /Widths [9] /Encoding << /Differences [97 /a] >> /CharProcs << /a 6 0 R >>"
        b" /Resources << /Font << /F1 5 0 R >> >> >>"
    )
    glyph = stream(b"9 0 d0 BT /F1 9 Tf (aa) Tj (aa) Tj ET")
    yield Hostile("字形自套.pdf", _page({5: type3, 6: glyph}, content=stream(b"BT /F1 9 Tf (aaaa) Tj ET")))
    yield Hostile("没有字体.pdf", _page({5: b"null"}))
    differences = b" ".join(b"%d /g%d" % (n % 256, n) for n in range(100_000))
    encoded = (
        b"<< /Type /Font /Subtype /Type1 /BaseFont /X /Encoding << /Differences [%b] >> >>" % differences
    )
    yield Hostile("编码成群.pdf", _page({5: encoded}))


def _drawings() -> Iterator[Hostile]:
    yield Hostile(
        "一页百万字.pdf",
        _page({}, content=stream(b"BT /F1 1 Tf 1 0 0 1 9 9 Tm (" + b"a b" * 300_000 + b") Tj ET")),
    )
    scattered = b"".join(b"1 0 0 1 %d %d Tm (%d) Tj " % (n % 590, n % 840, n) for n in range(60_000))
    yield Hostile("一页六万处.pdf", _page({}, content=stream(b"BT /F1 5 Tf " + scattered + b"ET")))
    lines = b"".join(b"%d 0 m %d 800 l S 0 %d m 590 %d l S " % (n, n, n, n) for n in range(590))
    yield Hostile("网格.pdf", _page({}, content=stream(b"BT /F1 9 Tf 99 99 Td (1.1 text) Tj ET " + lines)))
    paths = b"".join(b"%d %d 3 0 re S " % (n % 590, n * 7 % 840) for n in range(200_000))
    yield Hostile(
        "二十万笔.pdf", _page({}, content=stream(b"BT /F1 9 Tf 99 99 Td (1.1 text) Tj ET " + paths))
    )
    yield Hostile("状态不还.pdf", _page({}, content=stream(b"q " * 500_000 + b"BT /F1 9 Tf (text) Tj ET")))
    yield Hostile(
        "天文坐标.pdf",
        _page({}, content=stream(b"BT /F1 1e30 Tf 1e38 -1e38 Td (a) Tj 1e300 Tc (bc) Tj 0 Tz (d) Tj ET")),
    )
    yield Hostile(
        "非数坐标.pdf",
        _page({}, content=stream(b"1e999 0 0 1e999 0 0 cm BT /F1 9 Tf 0 0 0 0 0 0 Tm (abc) Tj ET")),
    )
    tile = b"/PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 9 9] /XStep 0.0001 /YStep 0.0001"
    own = b" /Resources << /Pattern << /P 6 0 R >> >>"
    filled = stream(b"/Pattern cs /P scn 0 0 595 842 re f")
    yield Hostile(
        "花纹自套.pdf",
        _page(
            {6: stream(b"/Pattern cs /P scn 0 0 9 9 re f", tile + own)}, b"/Pattern << /P 6 0 R >>", filled
        ),
    )
    nested = {
        n: stream(
            b"/X Do", b"/Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X %d 0 R >> >>" % (n + 1)
        )
        for n in range(6, 2000)
    }
    yield Hostile("图套两千层.pdf", _page(nested, b"/XObject << /X 6 0 R >>", stream(b"/X Do")))
    halves = {
        n: stream(
            b"/X Do /X Do",
            b"/Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X %d 0 R >> >>" % (n + 1),
        )
        for n in range(6, 24)
    }
    yield Hostile(
        "图套翻倍.pdf",
        _page(
            {**halves, 24: stream(b"0 0 9 9 re f", b"/Subtype /Form /BBox [0 0 9 9]")},
            b"/XObject << /X 6 0 R >>",
            stream(b"/X Do"),
        ),
    )
    note = b"<< /Subtype /Widget /Parent 3 0 R /AP << /N 3 0 R >> /Rect [0 0 1e20 -1e20] /Popup 3 0 R >>"
    page = (_PAGE % b"/Font << /F1 5 0 R >>").replace(
        b"/Parent", b"/Annots [%b] /Parent" % (b"6 0 R " * 20_000)
    )
    yield Hostile("批注两万.pdf", _page({3: page, 6: note}))


def _active() -> Iterator[Hostile]:
    for title, action, kind in (
        ("脚本", b"/S /JavaScript /JS (app.alert(1))", "script"),
        ("启动程序", b"/S /Launch /F (cmd.exe)", "embedded-program"),
    ):
        catalog = b"<< /Type /Catalog /Pages 2 0 R /OpenAction << %b >> >>" % action
        yield Hostile(f"打开时 {title}.pdf", _page({1: catalog}), notices=(kind,))
        packed = zlib.compress(b"6 0 << %b >>" % action)
        hidden = {1: b"<< /Type /Catalog /Pages 2 0 R /OpenAction 6 0 R >>"}
        yield Hostile(f"藏在对象流里 {title}.pdf", _in_object_stream(hidden, packed), notices=(kind,))
    attached = b"<< /Type /Catalog /Pages 2 0 R /Names << /EmbeddedFiles << /Names [(a.exe) 6 0 R] >> >> >>"
    spec = {
        6: b"<< /Type /Filespec /F (a.exe) /EF << /F 7 0 R >> >>",
        7: stream(b"MZ", b"/Type /EmbeddedFile"),
    }
    yield Hostile("附件.pdf", _page({1: attached, **spec}), notices=("embedded-file",))


def _in_object_stream(objects: Mapping[int, bytes], packed: bytes) -> bytes:
    """A PDF whose object 6 lies in the object stream 7, found through a cross-reference stream."""
    everything = {2: _PAGES, 3: _PAGE % b"/Font << /F1 5 0 R >>", 4: _SHOWN, 5: _HELVETICA, **objects}
    everything[7] = stream(packed, b"/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode")
    out = bytearray(b"%PDF-1.7\n")
    places = {}
    for number, content in sorted(everything.items()):
        places[number] = len(out)
        out += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    places[8] = len(out)
    rows = [(0, 0, 0)] + [(2, 7, 0) if n == 6 else (1, places[n], 0) for n in range(1, 9)]
    table = b"".join(struct.pack(">BIB", *row) for row in rows)
    entries = b"/Type /XRef /Size 9 /W [1 4 1] /Root 1 0 R"
    out += b"8 0 obj\n%b\nendobj\nstartxref\n%d\n%%%%EOF\n" % (stream(table, entries), places[8])
    return bytes(out)


def _outer() -> Iterator[Hostile]:
    sound = _page({})
    yield Hostile("PDF 后有压缩包.pdf", sound + docx(paragraph("建设依据")))
    yield Hostile("PDF 前有网页.pdf", b"<html><script>1</script></html>\n" + sound)
    yield Hostile("PDF 前有图片.pdf", b"GIF89a" + bytes(100) + sound)
    yield Hostile("两个 PDF.pdf", sound + sound)
    for user in ("", "secret"):
        reasons = ("encrypted",) if user else ()
        yield Hostile(f"RC4 {user or '空密码'}.pdf", _encrypted(user), reasons)
        yield Hostile(f"AES-256 {user or '空密码'}.pdf", _locked(user.encode()), reasons)


def _encrypted(user: str) -> bytes:
    with io.BytesIO() as out:
        lock = StandardEncryption(user, ownerPassword="owner", canPrint=0, strength=128)
        canvas = Canvas(out, pagesize=A4, encrypt=lock, invariant=1)
        canvas.drawString(72, 700, "1. text")
        canvas.save()
        return out.getvalue()


def _locked(user: bytes) -> bytes:
    """With AES-256 (revision 5, Adobe supplement to ISO 32000, extension level 3)."""
    key, salt, vector = bytes(range(32)), b"12345678", bytes(16)

    def encrypted(secret: bytes, data: bytes, mode: modes.Mode) -> bytes:
        encryptor = Cipher(algorithms.AES256(secret), mode).encryptor()
        return encryptor.update(data) + encryptor.finalize()

    check = hashlib.sha256(user + salt).digest() + salt + salt
    wrapped = encrypted(hashlib.sha256(user + salt).digest(), key, modes.CBC(vector))
    owner = hashlib.sha256(b"owner" + salt + check).digest()
    permissions = encrypted(key, b"\xff\xff\xff\xff\xff\xff\xff\xffTadb1234", modes.ECB())
    content = b"BT /F1 12 Tf 72 720 Td (text) Tj ET"
    padded = content + bytes([16 - len(content) % 16]) * (16 - len(content) % 16)
    lock = (
        b"<< /Filter /Standard /V 5 /R 5 /Length 256 /P -1 /CF << /StdCF << /CFM /AESV3 /Length 32 >> >>"
        b" /StmF /StdCF /StrF /StdCF /U <%b> /UE <%b> /O <%b> /OE <%b> /Perms <%b> >>"
    ) % tuple(
        part.hex().encode()
        for part in (
            check,
            wrapped,
            owner + salt + salt,
            encrypted(owner, key, modes.CBC(vector)),
            permissions,
        )
    )
    return pdf(
        {
            1: _CATALOG,
            2: _PAGES,
            3: _PAGE % b"/Font << /F1 5 0 R >>",
            4: stream(vector + encrypted(key, padded, modes.CBC(vector))),
            5: _HELVETICA,
            6: lock,
        },
        extra=b"/Encrypt 6 0 R /ID [<00> <00>]",
    )
