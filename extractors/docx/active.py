"""What in the package a program could run or fetch.  It is named, never run, never fetched."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from extractors.document import ActiveContent

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from extractors.docx.package import Package, Relationship

_MACRO_FILE = "vbaproject.bin"
_MACRO_FOLDERS = frozenset({"macrosheets", "dialogsheets"})
_PROGRAM_ENDINGS = {
    "activex": (".xml", ".bin"),
    "embeddings": (
        ".bin", ".exe", ".dll", ".scr", ".js", ".vbs", ".bat", ".cmd", ".ps1", ".hta", ".msi", ".jar", ".lnk",
    ),
}  # fmt: skip
"""By folder, endings of parts that a program could run; an embedded workbook behind a chart is none."""
_TEMPLATE_KIND = "attachedTemplate"
_FETCHED_KINDS = frozenset(
    {"oleObject", "frame", "subDocument", "aFChunk", "externalLink", "package", "image", "video", "audio"}
)
_IMPORTED_KIND = "aFChunk"
_RELATIONSHIPS = "_rels"


def active_content(package: Package, fetching_fields: Iterable[str]) -> tuple[ActiveContent, ...]:
    """Everything active in the package, each once, in a stable order.

    Args:
        package: the document's package.
        fetching_fields: instructions of fields that bring data from other programs or files.
    """
    found = [
        *_embedded(package),
        *_linked(package),
        *(ActiveContent("external-link-data", f"域代码 {instruction}") for instruction in fetching_fields),
    ]
    return tuple(dict.fromkeys(found))


def _embedded(package: Package) -> Iterator[ActiveContent]:
    for name in sorted(package.names):
        path, file = posixpath.split(name.lower())
        folder = posixpath.basename(path)
        if file == _MACRO_FILE or folder in _MACRO_FOLDERS:
            yield ActiveContent("macro", name)
        elif file.endswith(_PROGRAM_ENDINGS.get(folder, ())):
            yield ActiveContent("embedded-program", name)


def _linked(package: Package) -> Iterator[ActiveContent]:
    for source in sorted(_sources(package)):
        for relationship in package.relationships(source):
            if relationship.external:
                yield from _external(relationship)
            elif relationship.kind == _IMPORTED_KIND:
                yield ActiveContent("embedded-document", relationship.target)


def _external(relationship: Relationship) -> Iterator[ActiveContent]:
    if relationship.kind == _TEMPLATE_KIND:
        yield ActiveContent("external-template", relationship.target)
    elif relationship.kind in _FETCHED_KINDS and leads_away(relationship.target):
        yield ActiveContent("external-link-data", relationship.target)


def leads_away(target: str) -> bool:
    """Whether an address is one that a program would go to; "NULL" and empty ones are not."""
    return "://" in target or target.lower().startswith(("\\\\", "file:", "mhtml:", "//")) or ":\\" in target


def _sources(package: Package) -> Iterator[str]:
    """Names of the parts that have relationships; "" is the package itself."""
    for name in package.names:
        folder, file = posixpath.split(name)
        if posixpath.basename(folder).lower() == _RELATIONSHIPS and file.lower().endswith(".rels"):
            yield posixpath.join(posixpath.dirname(folder), file[: -len(".rels")])
