"""Pictures, OFD files, archives, mail, text and polyglots that attack, and names that do."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator

from hostile_files import Hostile, compound_file, docx, inflating, inflating_member, paragraph, tarred, zipped
from ofd_files import NS, ofd, text

_OVER_A_BILLION = 65_000


def hostile_other_files() -> Iterator[Hostile]:
    yield from _pictures()
    yield from _fixed_layout()
    yield from _archives()
    yield from _texts()
    yield from _compounds()


def _pictures() -> Iterator[Hostile]:
    side = _OVER_A_BILLION
    yield Hostile("亿万像素.png", _png(side, side), ("too-large",))
    yield Hostile("无限像素.png", _png(0x7FFFFFFF, 0x7FFFFFFF), ("too-large", "damaged"))
    yield Hostile("零像素.png", _png(0, 0), ("damaged", "no-text-layer"))
    yield Hostile("像素没有写完.png", _png(500, 500)[:-30], ("damaged", "no-text-layer"))
    note = zlib.compress(b"x" * (64 << 20))
    yield Hostile(
        "注释炸弹.png",
        _png(9, 9, _chunk(b"zTXt", b"k\0\0" + note)),
        ("damaged", "no-text-layer", "too-large"),
    )
    frame = struct.pack(">BHHB", 8, side, side, 3) + b"\1\x11\0\2\x11\1\3\x11\1"
    yield Hostile(
        "亿万像素.jpg",
        b"\xff\xd8\xff\xc0" + struct.pack(">H", len(frame) + 2) + frame + b"\xff\xd9",
        ("too-large", "damaged"),
    )
    yield Hostile("只有头.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF\0", ("damaged",))
    yield Hostile(
        "亿万像素.bmp",
        struct.pack("<2sIIIIiiHHIIiiII", b"BM", 99, 0, 54, 40, side, side, 1, 24, 0, 0, 0, 0, 0, 0),
        ("too-large", "damaged"),
    )
    yield Hostile("亿万像素.tif", _tiff((side, side)), ("too-large", "damaged"))
    yield Hostile("目录成环.tif", _tiff((9, 9), loop=True))
    yield Hostile("一万页.tif", _tiff(*[(9, 9)] * 10_000), ("too-many-pages", "damaged"))
    yield Hostile("苹果照片.heic", b"\0\0\0\x18ftypheic" + bytes(100), ("unsupported",))
    yield Hostile("动图.gif", b"GIF89a\xff\xff\xff\xff\0\0\0;", ("unsupported",))


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def _png(width: int, height: int, more: bytes = b"") -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = _chunk(b"IDAT", zlib.compress(b"\xff" * 1000))
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + more + pixels + _chunk(b"IEND", b"")


def _tiff(*sizes: tuple[int, int], loop: bool = False) -> bytes:
    out = bytearray(b"II*\0\x08\0\0\0")
    for index, (width, height) in enumerate(sizes):
        entries = [
            (256, width),
            (257, height),
            (258, 8),
            (259, 1),
            (262, 1),
            (273, 8),
            (277, 1),
            (278, height),
            (279, 81),
        ]
        out += struct.pack("<H", len(entries))
        out += b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in entries)
        following = 8 if loop else len(out) + 4 if index + 1 < len(sizes) else 0
        out += struct.pack("<I", following)
    return bytes(out)


def _fixed_layout() -> Iterator[Hostile]:
    composite = '<ofd:CompositeObject ResourceID="5" Boundary="0 0 9 9"/>'
    unit = (
        f'<ofd:Res {NS}><ofd:CompositeGraphicUnits><ofd:CompositeGraphicUnit ID="5"><ofd:Content>'
        f"{composite * 20}</ofd:Content></ofd:CompositeGraphicUnit></ofd:CompositeGraphicUnits></ofd:Res>"
    )
    shown = text("建设依据", 72, 100, 14)
    yield Hostile("图元自套.ofd", ofd([shown + composite], {"Doc_0/PublicRes.xml": unit}))
    yield Hostile("块套千层.ofd", ofd([shown + "<ofd:PageBlock>" * 200 + shown + "</ofd:PageBlock>" * 200]))
    yield Hostile("块套十万层.ofd", ofd(["<ofd:PageBlock>" * 100_000 + "</ofd:PageBlock>" * 100_000]))
    yield Hostile("十万个字.ofd", ofd([text("一", 72, 100, 14) * 100_000]))
    steps = shown.replace("DeltaX=", 'DeltaY="g 999999999 1" DeltaX=').replace("g 3", "g 999999999")
    yield Hostile("步长炸弹.ofd", ofd([steps]))
    yield Hostile("非数坐标.ofd", ofd([shown.replace('Boundary="', 'Boundary="NaN inf -inf 1e999 ')]))
    yield Hostile("非数矩阵.ofd", ofd([shown.replace("Font=", 'CTM="NaN inf 1e999 0 -1e999 1" Font=')]))
    page = '<ofd:Page ID="1" BaseLoc="Pages/Page_1/Content.xml"/>'
    root = f"<ofd:Document {NS}><ofd:Pages>{page * 3500}</ofd:Pages></ofd:Document>"
    yield Hostile("页数太多.ofd", ofd([shown], {"Doc_0/Document.xml": root}), ("too-many-pages",))
    body = "<ofd:DocBody><ofd:DocRoot>OFD.xml</ofd:DocRoot></ofd:DocBody>"
    yield Hostile("正文是目录.ofd", ofd([shown], {"OFD.xml": f"<ofd:OFD {NS}>{body * 1000}</ofd:OFD>"}))
    outside = (
        f"<ofd:OFD {NS}><ofd:DocBody><ofd:DocRoot>../../../etc/passwd</ofd:DocRoot></ofd:DocBody></ofd:OFD>"
    )
    yield Hostile("正文在外.ofd", ofd([shown], {"OFD.xml": outside}))
    image = '<ofd:ImageObject ResourceID="9" Boundary="0 0 210 297"/>'
    bomb = {"Doc_0/Res/page.jpg": _png(_OVER_A_BILLION, _OVER_A_BILLION)}
    yield Hostile("图片炸弹.ofd", ofd([image], bomb))
    laughs = '<!DOCTYPE x [<!ENTITY a "哈"><!ENTITY b "&a;&a;&a;&a;&a;">]>'
    yield Hostile("实体.ofd", ofd([shown], {"OFD.xml": f"{laughs}<ofd:OFD {NS}>&b;</ofd:OFD>"}), ("damaged",))


def _archives() -> Iterator[Hostile]:
    stored = zipped({"炸弹.docx": inflating(1100)}, zipfile.ZIP_STORED)
    yield Hostile("比例.zip", inflating_member(stored, "炸弹.docx", 1100), ("unpacks-too-large",))
    yield Hostile("文件太多.zip", zipped({f"{n}.docx": "" for n in range(20_001)}), ("too-many-files",))
    nested = docx(paragraph("一"))
    for depth in range(6):
        nested = zipped({f"{depth}.zip" if depth else "方案.docx": nested})
    yield Hostile("套六层.zip", nested, ("unsupported",))
    bomb = zipped({"a": b"\0" * (1 << 20)})
    for _ in range(3):
        bomb = zipped({f"{n}.zip": bomb for n in range(16)})
    yield Hostile("套娃炸弹.zip", bomb, ("unsupported", "unpacks-too-large", "too-many-files"))
    yield Hostile("重叠.zip", _overlapping(), ("unpacks-too-large", "damaged", "too-many-files"))
    yield Hostile("炸弹.tar.gz", gzip.compress(b"\0" * (80 << 20)))
    hole = tarfile.TarInfo("炸弹.docx")
    with io.BytesIO() as out:
        with tarfile.open(fileobj=out, mode="w") as archive:
            hole.size = 80 << 20
            archive.addfile(hole, io.BytesIO(bytes(80 << 20)))
        packed = out.getvalue()
    yield Hostile("炸弹.tar.bz2", bz2.compress(packed), ("unpacks-too-large",))
    yield Hostile("炸弹.tar.xz", lzma.compress(packed, preset=1), ("unpacks-too-large",))
    yield Hostile("只有链接.tar", tarred(*[(_link(f"{n}"), b"") for n in range(3)]))
    size = tarfile.TarInfo("a.docx")
    header = bytearray(tarred((size, b"x")))
    header[124:136] = b"\x80" + b"\xff" * 11
    yield Hostile("大小为负.tar", bytes(header), ("damaged", "unsupported"))
    yield Hostile("只有头.7z", b"7z\xbc\xaf\x27\x1c\0\4" + b"\xff" * 24, ("damaged",))
    yield Hostile("只有头.rar", b"Rar!\x1a\x07\0" + b"\xff" * 60, ("damaged",))
    yield Hostile("只有头.rar5", b"Rar!\x1a\x07\1\0" + b"\xff" * 60, ("damaged",))


def _link(name: str) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
    return info


def _overlapping() -> bytes:
    """After D. Fifield, "A better zip bomb": all names share one compressed kernel."""
    one = zipped({"00000000.docx": b"\0" * (8 << 20)})
    start, end = one.rindex(b"PK\x01\x02"), one.rindex(b"PK\x05\x06")
    entries = b"".join(one[start:end].replace(b"00000000", b"%08d" % n) for n in range(1000))
    tail = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 1000, 1000, len(entries), start, 0)
    return one[:start] + entries + tail


def _texts() -> Iterator[Hostile]:
    for name in ("一个字节.docx", "一个字节.pdf", "一个字节.ofd", "一个字节.zip"):
        yield Hostile(name, b"x", ("misnamed", "damaged", "unsupported"))
    yield Hostile("空白.docx", b" \r\n\t" * 3000, ("misnamed", "damaged"))
    yield Hostile("空白.txt", b" " * 3000, ("unsupported",))
    for encoding in ("utf-16", "utf-8-sig", "gb18030"):
        yield Hostile(f"文字 {encoding}.docx", "建设依据\r\n".encode(encoding) * 50, ("misnamed",))
    mail = b"From: a@example.com\r\nSubject: =?utf-8?B?5L2g?=\r\nMIME-Version: 1.0\r\n\r\nx\r\n"
    yield Hostile("邮件.eml", mail, ("unsupported",))
    yield Hostile("邮件.docx", mail, ("misnamed",))
    yield Hostile(
        "网页打包没有网页.mht",
        mail.replace(b"\r\n\r\n", b"\r\nContent-Type: multipart/related; boundary=x\r\n\r\n"),
    )
    yield Hostile("程序.pdf", b"\x7fELF" + bytes(500), ("misnamed",))
    yield Hostile("快捷方式.docx", b"L\0\0\0\1\x14\2\0" + bytes(100), ("misnamed", "damaged"))
    yield Hostile("脚本.doc", b"#!/bin/sh\nrm -rf /\n", ("misnamed",))


def _compounds() -> Iterator[Hostile]:
    names = ("WordDocument", "Macros")
    sound = compound_file(*names)
    yield Hostile("目录成环.doc", sound[:76] + struct.pack("<I", 1) + sound[80:])
    loop = bytearray(sound)
    loop[512:] = struct.pack("<I", 0) * ((len(sound) - 512) // 4)
    yield Hostile("分区表成环.doc", bytes(loop))
    difat = bytearray(sound)
    struct.pack_into("<I", difat, 68, 0)
    yield Hostile("扩展表成环.doc", bytes(difat))
    huge = bytearray(sound)
    struct.pack_into("<H", huge, 30, 31)
    yield Hostile("扇区两吉.doc", bytes(huge))
    yield Hostile("只有头.doc", sound[:512])
    yield Hostile("邮件.msg", compound_file("__properties_version1.0"), ("unsupported",))
    yield Hostile("表格.xls", compound_file("Workbook"), ("unsupported",))


NAMES = (
    "方案\x01\x1b[31m\x07.docx",
    "方案\n第二行\r\n.docx",
    "方案\u202efdp.docx",
    "方案\u2066\u200b\ufeff.docx",
    "\udcff\udcfe方案.docx",
    "CON",
    "NUL.docx",
    "aux.pdf.docx",
    "方案.docx.",
    "方案.docx   ",
    " 方案.docx",
    "-rf.docx",
    "--help.docx",
    "$(touch x).docx",
    "'; DROP TABLE.docx",
    "<script>alert(1)</script>.docx".replace("/", "∕"),
    "%s%n{0}.docx",
    "…" * 80 + ".docx",
    "方" * 82 + ".docx",
    "ﬁ①㊀.docx",
    "e\u0301.docx",
    "😀.docx",
    ".docx",
    "...docx",
)
"""Names that a file system takes, and that hurt whoever shows them or calls programs with them."""
