"""The parts of a package that make a Word document, and the reader for its stories."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extractors.docx.names import W_NS, w
from extractors.docx.numbering import Counters, Numbering
from extractors.docx.story import Reader
from extractors.docx.styles import Styles
from schemas.errors import UnreadableDocumentError, UnreadableReason

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from extractors.docx.package import Package
    from extractors.docx.story import Importer, Tally

_USUAL_MAIN = "word/document.xml"


def main_part(package: Package) -> str:
    """Name of the part that holds the body.

    Raises:
        UnreadableDocumentError: there is none.
    """
    found = package.related("", "officeDocument")
    if found:
        return found[0]
    if _USUAL_MAIN in package:
        return _USUAL_MAIN
    raise UnreadableDocumentError(UnreadableReason.UNSUPPORTED, "压缩包里没有 Word 文档正文")


def main_root(package: Package, main: str) -> Element:
    """The root of the main part.

    Raises:
        UnreadableDocumentError: it is no Word document, or damaged.
    """
    root = package.xml(main)
    if root is None or root.tag != w("document"):
        raise UnreadableDocumentError(UnreadableReason.UNSUPPORTED, "压缩包里没有 Word 文档正文")
    return root


def reader_of(package: Package, main: str, tally: Tally, importer: Importer, depth: int = 0) -> Reader:
    """A reader for the stories of a package, with its styles and automatic numbers.

    Args:
        package: which.
        main: its main part.
        tally: of the document that it is, or is a part of.
        importer: reads what a story takes in.
        depth: how many tables and text boxes are open around all that is read.
    """
    styles = Styles(_related_root(package, main, "styles"))
    counters = Counters(Numbering(_related_root(package, main, "numbering"), styles))
    return Reader(package, styles, counters, tally, importer, depth)


def _related_root(package: Package, main: str, kind: str) -> Element | None:
    """The root of the first part of that kind; None where there is none or it is something else."""
    for part in package.related(main, kind):
        root = package.xml(part)
        if root is not None and root.tag.startswith(f"{{{W_NS}}}"):
            return root
    return None
