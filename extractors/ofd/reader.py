"""From the bytes of an OFD file to a ``Document``."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from extractors.document import ActiveContent, Document, Limits
from extractors.docx.package import Package
from extractors.ocr.available import is_available
from extractors.ofd.objects import POINTS, Drawn, children, draw, local, numbers
from extractors.pdf.binding import IDENTITY
from extractors.pdf.page import Frame
from extractors.pdf.paper import Paper, blocks_of, laid_out, mark_roles
from extractors.pdf.readable import is_gibberish
from extractors.pdf.ruling import Drawing
from schemas.errors import UnreadableDocumentError, UnreadableReason

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_A4 = (0.0, 0.0, 210.0, 297.0)
_LARGEST = 5000.0
"""Millimetres of a page's side beyond which its size is not believed."""
_SCANNED = 0.3
"""Share of a page without text that a picture must cover for the page to be a scan."""

_Box = tuple[float, float, float, float]


@dataclass(slots=True)
class _Body:
    """What the pages of one document in the file share.

    Attributes:
        folder: where its parts are looked for.
        box: size of a page that does not tell its own, in millimetres.
        fonts: id of a font -> whether it is bold.
        units: composite graphics by id.
        templates: id -> part.
        media: id of a picture -> part.
        stamps: id of a page -> rectangles of its stamps, in millimetres.
    """

    folder: str
    box: tuple[float, ...]
    fonts: dict[str, bool] = field(default_factory=dict)
    units: dict[str, Element] = field(default_factory=dict)
    templates: dict[str, str] = field(default_factory=dict)
    media: dict[str, str] = field(default_factory=dict)
    stamps: dict[str, list[tuple[float, ...]]] = field(default_factory=dict)


def extract(data: bytes, name: str, limits: Limits) -> Document:
    """Read an OFD file, its pages that are pictures by text recognition.

    Args:
        data: the file.
        name: its name as it was given.
        limits: bounds on parts, unpacked size and pages.

    Raises:
        UnreadableDocumentError: damaged, over a limit, garbled or without text.
    """
    return _Reader(Package(data, limits), limits).document(name)


class _Reader:
    """Reads one file, part by part."""

    def __init__(self, package: Package, limits: Limits) -> None:
        self._package = package
        self._limits = limits
        self._active: list[ActiveContent] = []
        self._scans = 0
        self._unread: list[int] = []
        self._recognised: list[int] = []

    def document(self, name: str) -> Document:
        root = self._package.xml("OFD.xml")
        if root is None:
            raise UnreadableDocumentError(UnreadableReason.DAMAGED, "缺少 OFD.xml")
        papers: list[Paper] = []
        title = ""
        for body in children(root, "DocBody"):
            title = title or _title(body)
            place = self._place("", _text(body, "DocRoot"))
            shared, pages = self._body(place, self._part("", body, "Signatures"))
            if len(papers) + len(pages) > self._limits.max_pages:
                raise UnreadableDocumentError(
                    UnreadableReason.TOO_MANY_PAGES, f"上限 {self._limits.max_pages} 页"
                )
            for page in pages:
                papers.append(self._page(page, shared, len(papers) + 1, papers[-1] if papers else None))
        mark_roles(papers)
        if not any(paper.has_text for paper in papers):
            scanned = self._unread or self._recognised
            raise UnreadableDocumentError(
                UnreadableReason.NO_TEXT_LAYER if scanned else UnreadableReason.NO_CONTENT
            )
        return Document(
            name=name,
            media_type="application/ofd",
            pages=len(papers),
            blocks=blocks_of(papers),
            title=title,
            active=tuple(self._active),
            unread_pages=tuple(self._unread),
            recognised_pages=tuple(self._recognised),
        )

    def _body(self, place: str, signatures: tuple[str, Element] | None) -> tuple[_Body, list[Element]]:
        root = self._package.xml(place) if place else None
        if root is None:
            return _Body("", _A4), []
        folder = posixpath.dirname(place)
        common = next(children(root, "CommonData"), None)
        area = next(children(common, "PageArea"), None)
        body = _Body(folder, _box(area) or _A4)
        for part in children(common, "TemplatePage"):
            body.templates[part.get("ID") or ""] = self._place(folder, part.get("BaseLoc"))
        for kind in ("PublicRes", "DocumentRes"):
            for part in children(common, kind):
                self._resources(self._place(folder, part.text), body)
        for found in filter(None, (self._part(folder, root, "Attachments"),)):
            for item in children(found[1], "Attachment"):
                self._active.append(ActiveContent("embedded-file", item.get("Name") or item.get("ID") or ""))
        if signatures is not None:
            self._signatures(*signatures, body)
        pages = [page for listing in children(root, "Pages") for page in children(listing, "Page")]
        return body, pages

    def _resources(self, place: str, body: _Body) -> None:
        root = self._package.xml(place) if place else None
        if root is None:
            return
        folder = self._place(posixpath.dirname(place), root.get("BaseLoc")) or posixpath.dirname(place)
        for group in root:
            for item in group:
                key = item.get("ID") or ""
                match local(item):
                    case "Font":
                        body.fonts[key] = _is_bold(item)
                    case "CompositeGraphicUnit":
                        body.units[key] = item
                    case "MultiMedia":
                        body.media[key] = self._place(folder, _text(item, "MediaFile"))

    def _signatures(self, place: str, root: Element, body: _Body) -> None:
        """Where stamps stand; whether a signature holds is not looked at."""
        folder = posixpath.dirname(place)
        for entry in children(root, "Signature"):
            signature = self._package.xml(self._place(folder, entry.get("BaseLoc")))
            for info in children(signature, "SignedInfo"):
                for stamp in children(info, "StampAnnot"):
                    box = tuple(numbers(stamp.get("Boundary")))
                    if len(box) == 4:
                        body.stamps.setdefault(stamp.get("PageRef") or "", []).append(box)

    def _page(self, entry: Element, body: _Body, number: int, before: Paper | None) -> Paper:
        place = self._place(body.folder, entry.get("BaseLoc"))
        root = self._package.xml(place) if place else None
        box = _box(next(children(root, "Area"), None)) or body.box
        frame = Frame(box[2] * POINTS, box[3] * POINTS, IDENTITY)
        drawn = Drawn()
        if root is not None:
            for part in children(root, "PageRes"):
                self._resources(self._place(posixpath.dirname(place), part.text), body)
            for used in children(root, "Template"):
                template = body.templates.get(used.get("TemplateID") or "")
                background = self._package.xml(template) if template else None
                draw(_layers(background), body.fonts, body.units, drawn)
            draw(_layers(root), body.fonts, body.units, drawn)
        if not drawn.pieces and (picture := _scan_of(drawn, frame, body)):
            return self._scanned(picture, frame, number)
        if is_gibberish("".join(piece.text for piece in drawn.pieces)):
            raise UnreadableDocumentError(UnreadableReason.GARBLED_TEXT)
        stamps = tuple(_points(stamp) for stamp in body.stamps.get(entry.get("ID") or "", ()))
        pictures = tuple(box for box, _ in drawn.pictures)
        drawing = Drawing(tuple(drawn.across), tuple(drawn.down), 0.0, pictures, seals=stamps)
        return laid_out(drawn.pieces, drawing, frame, number, before)

    def _scanned(self, part: str, frame: Frame, number: int) -> Paper:
        """A page that is a picture."""
        data = self._package.read(part) if part in self._package else b""
        if not data or not is_available() or self._scans >= self._limits.max_scanned_pages:
            self._unread.append(number)
            return laid_out([], Drawing((), (), 0.0, ()), frame, number)
        from extractors.image import picture_of
        from extractors.ocr.scan import paper_of, read_scan

        self._scans += 1
        self._limits.before_scan()
        scan = read_scan(picture_of(data), frame.width, frame.height)
        (self._recognised if scan.legible else self._unread).append(number)
        return paper_of(scan, number)

    def _part(self, folder: str, root: Element, name: str) -> tuple[str, Element] | None:
        """The part that a child element of that name points to."""
        place = self._place(folder, _text(root, name))
        part = self._package.xml(place) if place else None
        return None if part is None else (place, part)

    def _place(self, folder: str, target: str | None) -> str:
        """Name of the part that a location means: from the folder, or from the root if there is none."""
        target = (target or "").strip().replace("\\", "/")
        if not target:
            return ""
        near = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
        far = posixpath.normpath(posixpath.join("/", target)).lstrip("/")
        return near if near in self._package or far not in self._package else far


def _layers(root: Element | None) -> Iterator[Element]:
    for content in children(root, "Content"):
        yield from children(content, "Layer")


def _text(element: Element, name: str) -> str:
    return next(((child.text or "").strip() for child in children(element, name)), "")


def _title(body: Element) -> str:
    return next((_text(info, "Title") for info in children(body, "DocInfo")), "")


def _is_bold(font: Element) -> bool:
    return (font.get("Bold") or "").lower() == "true" or "bold" in (font.get("FontName") or "").lower()


def _box(area: Element | None) -> tuple[float, ...] | None:
    """The page's box in millimetres: corner, width, height."""
    for kind in ("PhysicalBox", "ApplicationBox"):
        for found in children(area, kind):
            box = tuple(numbers(found.text))
            if len(box) == 4 and 0 < box[2] < _LARGEST and 0 < box[3] < _LARGEST:
                return box
    return None


def _points(box: tuple[float, ...]) -> _Box:
    x, y, wide, high = (value * POINTS for value in box)
    return x, y, x + wide, y + high


def _scan_of(drawn: Drawn, frame: Frame, body: _Body) -> str:
    """The part with the picture that a page without text consists of, "" if there is none so large."""
    best, found = _SCANNED * frame.width * frame.height, ""
    for (x0, y0, x1, y1), resource in drawn.pictures:
        if (x1 - x0) * (y1 - y0) >= best and body.media.get(resource):
            best, found = (x1 - x0) * (y1 - y0), body.media[resource]
    return found
