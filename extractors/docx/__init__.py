"""Word documents: .docx, .docm, .dotx and .dotm, transitional and strict."""

from __future__ import annotations

from extractors.document import Block, Document, Limits, Role, paragraphs
from extractors.docx.active import active_content
from extractors.docx.contents import mark_typed
from extractors.docx.imported import Imports
from extractors.docx.package import Package
from extractors.docx.parts import main_part, main_root, reader_of
from extractors.docx.pictures import Scanned
from extractors.docx.story import Reader, Tally
from schemas.errors import UnreadableDocumentError, UnreadableReason

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
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
    main = main_part(package)
    body = main_root(package, main)
    tally = Tally()
    imports = Imports(limits, tally)
    reader = reader_of(package, main, tally, imports.blocks)
    content = mark_typed(reader.read(body, Role.BODY, main), tally.leaders)
    content += _stories(package, main, reader, _NOTES, Role.NOTE)
    margins = _stories(package, main, reader, _MARGINS, Role.MARGIN)
    read = _with_pictures(content + margins, tally, limits)
    if not _has_content(read.blocks):
        raise _empty(package, main, imports.unread)
    return Document(
        name=name,
        media_type=MEDIA_TYPE,
        pages=None,
        blocks=read.blocks,
        title=_title(package),
        active=tuple(dict.fromkeys((*active_content(package, tally.fetching), *imports.active))),
        unread_imports=tuple(imports.unread),
        unread_pictures=read.unread,
        recognised_pictures=read.recognised,
        recognised_paragraphs=read.paragraphs,
    )


def _stories(
    package: Package, main: str, reader: Reader, kinds: tuple[str, ...], role: Role
) -> tuple[Block, ...]:
    blocks: tuple[Block, ...] = ()
    for kind in kinds:
        for part in sorted(package.related(main, kind)):
            root = package.xml(part)
            if root is not None:
                blocks += reader.read(root, role, part)
    return blocks


def _with_pictures(blocks: tuple[Block, ...], tally: Tally, limits: Limits) -> Scanned:
    """The blocks with what is on the pictures that are pages; what reads them is loaded when needed."""
    if not tally.pictures:
        return Scanned(blocks)
    from extractors.docx.scanned import with_scans

    return with_scans(blocks, limits)


def _has_content(blocks: tuple[Block, ...]) -> bool:
    return any(paragraph.role is not Role.MARGIN for paragraph in paragraphs(blocks))


def _empty(package: Package, main: str, unread: list[str]) -> UnreadableDocumentError:
    if unread:
        return UnreadableDocumentError(
            UnreadableReason.UNSUPPORTED, f"正文是打开时才导入的内容（{'、'.join(dict.fromkeys(unread))}）。"
        )
    images = any(r.kind == "image" for r in package.relationships(main))
    return UnreadableDocumentError(UnreadableReason.NO_TEXT_LAYER if images else UnreadableReason.NO_CONTENT)


def _title(package: Package) -> str:
    """The title in the file's properties; that they cannot be read is no reason to refuse a document."""
    try:
        root = package.xml(_CORE)
    except UnreadableDocumentError:
        return ""
    title = None if root is None else root.find("{http://purl.org/dc/elements/1.1/}title")
    return (title.text or "").strip() if title is not None else ""
