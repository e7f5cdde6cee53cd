"""What a file really is, told by its content alone, without loading a document library."""

from __future__ import annotations

import re
import zipfile
import zlib
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from extractors.compound import CompoundFileError, root_streams

if TYPE_CHECKING:
    from collections.abc import Callable

_HEADER_REACH = 1024
"""Readers accept a PDF header anywhere in the first KiB (ISO 32000-1, annex H, note 13)."""

_CONTENT_TYPES_LIMIT = 1024 * 1024
_TEXT_PROBE = 64 * 1024
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file.

    Attributes:
        media_type: e.g. "application/pdf".
        title: what a clerk calls it, in Chinese, for messages.
        suffixes: the endings that a file name of this kind ordinarily has, lower case, the usual one first.
    """

    media_type: str
    title: str
    suffixes: tuple[str, ...] = ()


EMPTY = Kind("application/x-empty", "空文件")
UNKNOWN = Kind("application/octet-stream", "无法识别的数据")

DOCX = Kind(f"{_WORD}.document", "Word 文档（.docx）", (".docx",))
DOTX = Kind(f"{_WORD}.template", "Word 模板（.dotx）", (".dotx",))
DOCM = Kind("application/vnd.ms-word.document.macroenabled.12", "带宏的 Word 文档（.docm）", (".docm",))
DOTM = Kind("application/vnd.ms-word.template.macroenabled.12", "带宏的 Word 模板（.dotm）", (".dotm",))
PDF = Kind("application/pdf", "PDF 文件", (".pdf",))
ENCRYPTED_OFFICE = Kind(
    "application/x-ole-encrypted-package", "设有打开密码的 Office 文档", (".docx", ".xlsx", ".pptx")
)

DOC = Kind("application/msword", "旧版 Word 97-2003 文档（.doc）", (".doc", ".dot", ".wps"))
WPS = Kind("application/vnd.kingsoft.wps", "WPS 文字文档（.wps）", (".wps",))
WORKS = Kind("application/vnd.ms-works", "Microsoft Works 文档（.wps）", (".wps",))
XLS = Kind("application/vnd.ms-excel", "旧版 Excel 表格（.xls）", (".xls", ".et"))
PPT = Kind("application/vnd.ms-powerpoint", "旧版 PowerPoint 演示文稿（.ppt）", (".ppt", ".dps"))
MSG = Kind("application/vnd.ms-outlook", "Outlook 邮件（.msg）", (".msg",))
VSD = Kind("application/vnd.visio", "Visio 图（.vsd）", (".vsd",))
HWP = Kind("application/x-hwp", "HWP 文档（.hwp）", (".hwp",))
MSI = Kind("application/x-msi", "Windows 安装包（.msi）", (".msi",))
OLE = Kind("application/x-ole-storage", "OLE 复合文件")

_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
XLSX = Kind(_SHEET, "Excel 表格（.xlsx）", (".xlsx", ".xlsm", ".xltx", ".xlsb"))
PPTX = Kind(_SLIDES, "PowerPoint 演示文稿（.pptx）", (".pptx", ".pptm", ".ppsx", ".potx"))
VSDX = Kind("application/vnd.ms-visio.drawing", "Visio 图（.vsdx）", (".vsdx",))
XPS = Kind("application/vnd.ms-package.xps-fixeddocument", "XPS 文档（.xps）", (".xps", ".oxps"))
OPC = Kind("application/x-opc-package", "Office 打包文件（不含 Word 正文）")
TORN_OFFICE = Kind(
    "application/x-opc-package-torn",
    "没有传完整的 Office 文档",
    (".docx", ".xlsx", ".pptx", ".docm", ".dotx"),
)
ODT = Kind("application/vnd.oasis.opendocument.text", "OpenDocument 文本（.odt）", (".odt",))
ODF = Kind("application/vnd.oasis.opendocument", "OpenDocument 文件（.ods、.odp 等）", (".ods", ".odp"))
EPUB = Kind("application/epub+zip", "EPUB 电子书", (".epub",))
OFD = Kind("application/ofd", "OFD 版式文件（.ofd）", (".ofd",))
PAGES = Kind("application/vnd.apple.pages", "苹果 iWork 文档（.pages 等）", (".pages", ".numbers", ".key"))
JAR = Kind("application/java-archive", "Java 程序包（.jar）", (".jar", ".war", ".apk"))
ZIP = Kind("application/zip", "ZIP 压缩包", (".zip",))

RTF = Kind("application/rtf", "RTF 文档（.rtf）", (".rtf",))
HTML = Kind("text/html", "网页（HTML）", (".html", ".htm"))
MHTML = Kind("multipart/related", "单个文件网页（MHTML）", (".mht", ".mhtml"))
WORD_XML = Kind("application/vnd.ms-word.xml", "Word 的 XML 文档（.xml）", (".xml",))
SVG = Kind("image/svg+xml", "SVG 图形", (".svg",))
XML = Kind("application/xml", "XML 文件", (".xml",))
TEXT = Kind("text/plain", "纯文本", (".txt",))
POSTSCRIPT = Kind("application/postscript", "PostScript 文件", (".ps", ".eps"))
CEB = Kind("application/x-ceb", "方正 CEB 版式文件（.ceb）", (".ceb", ".cebx"))
CAJ = Kind("application/x-caj", "CAJ 文献（.caj）", (".caj",))
CHM = Kind("application/vnd.ms-htmlhelp", "CHM 帮助文件", (".chm",))
DJVU = Kind("image/vnd.djvu", "DjVu 扫描文档", (".djvu",))

JPEG = Kind("image/jpeg", "JPEG 图片", (".jpg", ".jpeg"))
PNG = Kind("image/png", "PNG 图片", (".png",))
GIF = Kind("image/gif", "GIF 图片", (".gif",))
BMP = Kind("image/bmp", "BMP 图片", (".bmp",))
TIFF = Kind("image/tiff", "TIFF 图片", (".tif", ".tiff"))
WEBP = Kind("image/webp", "WebP 图片", (".webp",))
HEIC = Kind("image/heic", "HEIC 图片（苹果手机照片）", (".heic", ".heif", ".avif"))
JP2 = Kind("image/jp2", "JPEG 2000 图片", (".jp2", ".j2k"))
WMF = Kind("image/wmf", "Windows 图元文件（.wmf、.emf）", (".wmf", ".emf"))
PSD = Kind("image/vnd.adobe.photoshop", "Photoshop 图片", (".psd",))
MEDIA = Kind("application/x-media", "音频或视频文件", (".mp4", ".mov", ".mp3", ".wav", ".avi"))

SEVEN_ZIP = Kind("application/x-7z-compressed", "7z 压缩包", (".7z",))
RAR = Kind("application/vnd.rar", "RAR 压缩包", (".rar",))
TAR = Kind("application/x-tar", "TAR 归档", (".tar",))
GZIP = Kind("application/gzip", "GZIP 压缩文件", (".gz", ".tgz"))
BZIP2 = Kind("application/x-bzip2", "BZIP2 压缩文件", (".bz2", ".tbz2"))
XZ = Kind("application/x-xz", "XZ 压缩文件", (".xz", ".txz"))
PACKED = Kind("application/x-compressed", "压缩文件", (".zst", ".lz4", ".lz", ".lzh", ".cab", ".z", ".arj"))
ARCHIVE = Kind("application/x-archive", "归档或安装包", (".ar", ".deb", ".rpm", ".cpio", ".iso"))
PROGRAM = Kind("application/x-executable", "可执行程序", (".exe", ".dll", ".com", ".sh", ".bat"))

DOCUMENT_SUFFIXES = frozenset(
    suffix for kind in (DOCX, DOTX, DOCM, DOTM, PDF, DOC, WPS, RTF, ODT, OFD) for suffix in kind.suffixes
)
"""Endings of files that whoever names them so means to be one document, whatever is in them."""

_OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP_MAGIC = (b"PK\x03\x04", b"PK\x05\x06", b"PK00PK\x03\x04", b"PK\x07\x08PK\x03\x04")
_UTF8_BOM = b"\xef\xbb\xbf"

_MAGIC: tuple[tuple[bytes, Kind], ...] = (
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
    (b"II*\0", TIFF),
    (b"MM\0*", TIFF),
    (b"II+\0", TIFF),
    (b"MM\0+", TIFF),
    (b"\0\0\0\x0cjP  \r\n", JP2),
    (b"\xff\x4f\xff\x51\xff\x52", JP2),
    (b"\xd7\xcd\xc6\x9a", WMF),
    (b"8BPS", PSD),
    (b"\xdb\xa5-\0", DOC),
    (b"\x31\xbe\0\0", DOC),
    (b"7z\xbc\xaf\x27\x1c", SEVEN_ZIP),
    (b"Rar!\x1a\x07", RAR),
    (b"RE~^", RAR),
    (b"\x1f\x8b", GZIP),
    (b"BZh", BZIP2),
    (b"\xfd7zXZ\0", XZ),
    (b"\x28\xb5\x2f\xfd", PACKED),
    (b"\x04\x22\x4d\x18", PACKED),
    (b"LZIP", PACKED),
    (b"LRZI", PACKED),
    (b"MSCF\0\0\0\0", PACKED),
    (b"\x1f\x9d", PACKED),
    (b"\x1f\xa0", PACKED),
    (b"\x60\xea", PACKED),
    (b"!<arch>\n", ARCHIVE),
    (b"\xed\xab\xee\xdb", ARCHIVE),
    (b"070701", ARCHIVE),
    (b"070702", ARCHIVE),
    (b"070707", ARCHIVE),
    (b"xar!", ARCHIVE),
    (b"\x7fELF", PROGRAM),
    (b"\xca\xfe\xba\xbe", PROGRAM),
    (b"\xcf\xfa\xed\xfe", PROGRAM),
    (b"\xce\xfa\xed\xfe", PROGRAM),
    (b"#!", PROGRAM),
    (b"%!PS", POSTSCRIPT),
    (b"\xc5\xd0\xd3\xc6", POSTSCRIPT),
    (b"Founder CEB", CEB),
    (b"FOUNDER CEB", CEB),
    (b"CAJ\0", CAJ),
    (b"ITSF", CHM),
    (b"AT&TFORM", DJVU),
    (b"ID3", MEDIA),
    (b"OggS", MEDIA),
    (b"\x1aE\xdf\xa3", MEDIA),
)


def sniff(data: bytes, name: str = "") -> Kind:
    """The kind of file that ``data`` is, as the program that opens such files would see it.

    What stands at the very start decides; a PDF header behind junk and a zip behind foreign bytes come
    after.  ``name`` never decides: it only tells a Kingsoft .wps, whose bytes are those of a .doc, apart.
    """
    if not data:
        return EMPTY
    for probe in _PROBES:
        if kind := probe(data):
            return WPS if kind is DOC and name.lower().endswith(".wps") else kind
    return UNKNOWN


def _zip_at_start(data: bytes) -> Kind | None:
    return _zip_kind(data) if data.startswith(_ZIP_MAGIC) else None


def _pdf_at_start(data: bytes) -> Kind | None:
    start = data[: _HEADER_REACH + 16].lstrip(b"\xef\xbb\xbf\0\t\n\x0c\r ")
    return PDF if start.startswith(b"%PDF-") else None


def _ole(data: bytes) -> Kind | None:
    if not data.startswith(_OLE_MAGIC):
        return None
    try:
        streams = root_streams(data)
    except CompoundFileError:
        # Its directory is gone; Word's own stream name still tells what it was.
        return DOC if "WordDocument".encode("utf-16-le") in data else OLE
    return next((kind for stream, kind in _OLE_STREAMS if stream in streams), None) or (
        MSG if any(stream.startswith("__substg1.0_") for stream in streams) else _installer(streams)
    )


_OLE_STREAMS = (
    ("EncryptedPackage", ENCRYPTED_OFFICE),
    ("WordDocument", DOC),
    ("Workbook", XLS),
    ("Book", XLS),
    ("PowerPoint Document", PPT),
    ("VisioDocument", VSD),
    ("MatOST", WORKS),
    ("SPELLING", WORKS),
    ("HwpSummaryInformation", HWP),
    ("\x05HwpSummaryInformation", HWP),
    ("__properties_version1.0", MSG),
)


def _installer(streams: frozenset[str]) -> Kind:
    """Windows Installer packs its table names into the code points from U+3800 to U+4840."""
    return MSI if any(stream[:1] == "\u4840" for stream in streams) else OLE


def _by_magic(data: bytes) -> Kind | None:
    return next((kind for magic, kind in _MAGIC if data.startswith(magic)), None)


def _by_structure(data: bytes) -> Kind | None:
    if data[:2] == b"MZ" and len(data) > 64:
        return PROGRAM
    if data[:2] == b"BM" and data[6:10] == b"\0\0\0\0" and len(data) > 26:
        return BMP
    if data[:4] == b"RIFF":
        return WEBP if data[8:12] == b"WEBP" else MEDIA
    if data[4:8] == b"ftyp":
        return HEIC if data[8:12] in (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif") else MEDIA
    if data[:4] == b"\x01\0\0\0" and data[40:44] == b" EMF":
        return WMF
    if data[2:5] == b"-lh" and data[6:7] == b"-":
        return PACKED
    if data[32769:32774] == b"CD001":
        return ARCHIVE
    return TAR if _is_tar(data) else None


def _is_tar(data: bytes) -> bool:
    """A header block whose checksum (all bytes, its own field as blanks) is right, or the POSIX magic."""
    block = data[:512]
    if len(block) < 512:
        return False
    if block[257:262] == b"ustar":
        return True
    field = block[148:156].strip(b"\0 ")
    if not re.fullmatch(rb"[0-7]{1,7}", field) or block[0] == 0:
        return False
    return int(field, 8) == sum(block[:148]) + 8 * 0x20 + sum(block[156:])


def _markup(data: bytes) -> Kind | None:
    head = _opening_text(data).lstrip()
    low = head[:4096].lower()
    if low.startswith("{\\rt"):
        return RTF
    if low.startswith("<?xml"):
        return _xml_kind(low)
    if re.match(r"(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|meta|title|table|div)\b", low, re.S):
        return HTML
    if low.startswith("<svg"):
        return SVG
    if re.match(r"<(?:w:worddocument|pkg:package)\b", low):
        return WORD_XML
    if "mime-version:" in low and "multipart/related" in low:
        return MHTML
    return None


def _xml_kind(low: str) -> Kind:
    if 'progid="word.document"' in low or "<w:worddocument" in low or "<pkg:package" in low:
        return WORD_XML
    if re.search(r"<(?:!doctype\s+)?html\b", low):
        return HTML
    return SVG if re.search(r"<(?:\w+:)?svg\b", low) else XML


def _opening_text(data: bytes) -> str:
    head = data[: _TEXT_PROBE // 4]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head[: len(head) // 2 * 2].decode("utf-16", "replace").lstrip("\ufeff")
    return head.removeprefix(_UTF8_BOM).decode("latin-1")


def _pdf_behind_junk(data: bytes) -> Kind | None:
    """Anything may stand before the header, so ask for the body of a PDF too: a text may quote ``%PDF-``."""
    if not re.search(rb"%PDF-\d", data[: _HEADER_REACH + 8]):
        return None
    return PDF if b"startxref" in data or re.search(rb"\d+ \d+ obj\b", data) else None


def _zip_behind_junk(data: bytes) -> Kind | None:
    try:
        return _zip_kind(data) if zipfile.is_zipfile(BytesIO(data)) else None
    except zipfile.BadZipFile:
        # The end of one of several volumes.
        return None


def _headless_pdf(data: bytes) -> Kind | None:
    """A PDF that lost its header: readers rebuild it from its objects."""
    return PDF if b"%%EOF" in data[-2048:] and re.search(rb"\d+ \d+ obj\b", data[:65536]) else None


def _text(data: bytes) -> Kind | None:
    """Text in UTF-16 with a mark, UTF-8 or GB18030 without control characters."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return TEXT
    head = data[:_TEXT_PROBE]
    if re.search(rb"[\0-\x08\x0e-\x1a\x1c-\x1f\x7f]", head):
        return None
    return TEXT if any(_decodes(head, encoding) for encoding in ("utf-8", "gb18030")) else None


def _decodes(head: bytes, encoding: str) -> bool:
    """Whether ``head`` is text of that encoding, a last character that was cut in two forgiven."""
    try:
        head.decode(encoding)
    except UnicodeDecodeError as error:
        return len(head) == _TEXT_PROBE and error.start >= len(head) - 4
    return True


_PROBES: tuple[Callable[[bytes], Kind | None], ...] = (
    _zip_at_start,
    _pdf_at_start,
    _ole,
    _by_magic,
    _by_structure,
    _markup,
    _pdf_behind_junk,
    _zip_behind_junk,
    _headless_pdf,
    _text,
)

_MAIN_PARTS: tuple[tuple[bytes, Kind], ...] = (
    (b"wordprocessingml.document.main+xml", DOCX),
    (b"ms-word.document.macroenabled.main+xml", DOCM),
    (b"wordprocessingml.template.main+xml", DOTX),
    (b"ms-word.template.macroenabledtemplate.main+xml", DOTM),
    (b"spreadsheetml.sheet.main+xml", XLSX),
    (b"spreadsheetml.template.main+xml", XLSX),
    (b"ms-excel.", XLSX),
    (b"presentationml.presentation.main+xml", PPTX),
    (b"presentationml.slideshow.main+xml", PPTX),
    (b"presentationml.template.main+xml", PPTX),
    (b"ms-powerpoint.", PPTX),
    (b"ms-visio.drawing.main+xml", VSDX),
    (b"xps-fixeddocument", XPS),
)


def _zip_kind(data: bytes) -> Kind:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            return _package_kind(archive)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return _torn_zip_kind(data)


def _package_kind(archive: zipfile.ZipFile) -> Kind:
    names = {name.replace("\\", "/").lstrip("/").lower() for name in archive.namelist()}
    if "ofd.xml" in names:
        return OFD
    if "mimetype" in names and (kind := _declared_kind(_member(archive, "mimetype", 256))):
        return kind
    if "[content_types].xml" in names:
        types = _member(archive, "[Content_Types].xml", _CONTENT_TYPES_LIMIT).lower()
        if kind := next((kind for main, kind in _MAIN_PARTS if main in types), None):
            return kind
    if "word/document.xml" in names:
        return DOCX
    if "[content_types].xml" in names:
        return OPC
    if any(name.endswith(".iwa") or name == "index.zip" for name in names):
        return PAGES
    return JAR if names & {"meta-inf/manifest.mf", "androidmanifest.xml"} else ZIP


def _declared_kind(mimetype: bytes) -> Kind | None:
    """What OpenDocument and EPUB say in their first member."""
    if mimetype.startswith(b"application/vnd.oasis.opendocument.text"):
        return ODT
    if mimetype.startswith(b"application/vnd.oasis.opendocument"):
        return ODF
    return EPUB if mimetype.startswith(b"application/epub") else None


def _member(archive: zipfile.ZipFile, name: str, limit: int) -> bytes:
    """The first ``limit`` bytes of a member, its name compared loosely; b"" where it cannot be read."""
    found = next(
        i for i in archive.infolist() if i.filename.replace("\\", "/").lstrip("/").lower() == name.lower()
    )
    try:
        with archive.open(found) as stream:
            return stream.read(limit)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, RuntimeError, OSError):
        return b""


def _torn_zip_kind(data: bytes) -> Kind:
    """A zip without a readable directory: the names in its local headers tell what it was."""
    names = {name.lower() for name in _local_names(data)}
    if any(name.startswith(b"word/") for name in names):
        return DOCX
    if any(name.startswith(b"xl/") for name in names):
        return XLSX
    if any(name.startswith(b"ppt/") for name in names):
        return PPTX
    if b"ofd.xml" in names:
        return OFD
    return TORN_OFFICE if b"[content_types].xml" in names else ZIP


def _local_names(data: bytes) -> list[bytes]:
    starts = re.finditer(rb"PK\x03\x04", data)
    return [
        data[m.start() + 30 : m.start() + 30 + data[m.start() + 26]]
        for m in starts
        if m.start() + 30 < len(data)
    ]
