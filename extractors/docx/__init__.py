"""Word documents: .docx, .docm, .dotx and .dotm, transitional and strict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extractors.document import Block, Document, Limits, Role, paragraphs
from extractors.docx.active import active_content
from extractors.docx.contents import mark_typed
from extractors.docx.names import W_NS, w
from extractors.docx.numbering import Counters, Numbering
from extractors.docx.package import Package
from extractors.docx.pictures import Scanned
from extractors.docx.story import Reader
from extractors.docx.styles import Styles
from schemas.errors import UnreadableDocumentError, UnreadableReason

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_USUAL_MAIN = "word/document.xml"
_NOTES = ("footnotes", "endnotes")
_MARGINS = ("header", "footer")
_CORE = "docProps/core.xml"


def extract(data: bytes, name: str, limits: Limits) -> Document:
    """Read a Word document.

    Args:
        data: the file.
        name: its name as it was given.
        limits: bounds on size, unpacked size and number of parts.

    Raises:
        UnreadableDocumentError: it is empty, encrypted, damaged, no Word document, over a limit, or there is
            nothing in it to read.
    """
    package = Package(data, limits)
    main = _main_part(package)
    body = _main_root(package, main)
    styles = Styles(_related_root(package, main, "styles"))
    reader = Reader(styles, Counters(Numbering(_related_root(package, main, "numbering"), styles)))
    content = mark_typed(reader.read(body, Role.BODY), reader.leaders)
    content += _stories(package, main, reader, _NOTES, Role.NOTE)
    margins = _stories(package, main, reader, _MARGINS, Role.MARGIN)
    read = _with_pictures(content + margins, reader, package, limits)
    if not _has_content(read.blocks):
        raise UnreadableDocumentError(_why_empty(package, main))
    return Document(
        name=name,
        media_type=MEDIA_TYPE,
        pages=None,
        blocks=read.blocks,
        title=_title(package),
        active=active_content(package, reader.fetching),
        unread_pictures=read.unread,
        recognised_pictures=read.recognised,
        recognised_paragraphs=read.paragraphs,
    )


def _main_part(package: Package) -> str:
    found = package.related("", "officeDocument")
    if found:
        return found[0]
    if _USUAL_MAIN in package:
        return _USUAL_MAIN
    raise UnreadableDocumentError(UnreadableReason.UNSUPPORTED, "压缩包里没有 Word 文档正文")


def _main_root(package: Package, main: str) -> Element:
    root = package.xml(main)
    if root is None or root.tag != w("document"):
        raise UnreadableDocumentError(UnreadableReason.UNSUPPORTED, "压缩包里没有 Word 文档正文")
    return root


def _related_root(package: Package, main: str, kind: str) -> Element | None:
    """The root of the first part of that kind; None where there is none or it is something else."""
    for part in package.related(main, kind):
        root = package.xml(part)
        if root is not None and root.tag.startswith(f"{{{W_NS}}}"):
            return root
    return None


def _stories(
    package: Package, main: str, reader: Reader, kinds: tuple[str, ...], role: Role
) -> tuple[Block, ...]:
    blocks: tuple[Block, ...] = ()
    for kind in kinds:
        for part in sorted(package.related(main, kind)):
            root = package.xml(part)
            if root is not None:
                blocks += reader.read(root, role)
    return blocks


def _with_pictures(blocks: tuple[Block, ...], reader: Reader, package: Package, limits: Limits) -> Scanned:
    """The blocks with what is on the pictures that are pages; what reads them is loaded when needed."""
    if not reader.pictures:
        return Scanned(blocks)
    from extractors.docx.scanned import with_scans

    return with_scans(blocks, package, _main_part(package), limits)


def _has_content(blocks: tuple[Block, ...]) -> bool:
    return any(paragraph.role is not Role.MARGIN for paragraph in paragraphs(blocks))


def _why_empty(package: Package, main: str) -> UnreadableReason:
    images = any(r.kind == "image" for r in package.relationships(main))
    return UnreadableReason.NO_TEXT_LAYER if images else UnreadableReason.NO_CONTENT


def _title(package: Package) -> str:
    """The title in the file's properties; that they cannot be read is no reason to refuse a document."""
    try:
        root = package.xml(_CORE)
    except UnreadableDocumentError:
        return ""
    title = None if root is None else root.find("{http://purl.org/dc/elements/1.1/}title")
    return (title.text or "").strip() if title is not None else ""
