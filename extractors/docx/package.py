"""The zip package around a document: its parts and the relationships between them.

Read by hand and not through python-docx: its ``open`` unpacks and parses every part before any limit can be
kept, gives up on a relationship that leads nowhere, and its element classes double the cost of the walk.
"""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
import zlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from lxml import etree

from schemas.errors import UnreadableDocumentError, UnreadableReason

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Element

    from extractors.document import Limits

_CFB_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_ENCRYPTED_FLAG = 0x1
_BROKEN_ZIP = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OSError,
    OverflowError,
    ValueError,
)
"""All that ``zipfile`` raises about an archive that is not in order, unknown compression included."""

_STRICT = b"http://purl.oclc.org/ooxml/"
_STRICT_NAMES = (
    (b"wordprocessingml/main", b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"),
    (
        b"officeDocument/relationships",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    ),
    (b"officeDocument/math", b"http://schemas.openxmlformats.org/officeDocument/2006/math"),
    (b"drawingml/chart", b"http://schemas.openxmlformats.org/drawingml/2006/chart"),
    (b"drawingml/diagram", b"http://schemas.openxmlformats.org/drawingml/2006/diagram"),
    (b"drawingml/main", b"http://schemas.openxmlformats.org/drawingml/2006/main"),
)

_PARSER = etree.XMLParser(
    resolve_entities=False,
    no_network=True,
    load_dtd=False,
    remove_comments=True,
    remove_pis=True,
    huge_tree=False,
    collect_ids=False,
)


@dataclass(frozen=True, slots=True)
class Relationship:
    """A link from one part to another part or to an address outside.

    Attributes:
        id: how the source refers to it.
        kind: last segment of the relationship's type, e.g. "styles" (the same in strict documents).
        target: name of the part, or the address as written where ``external``.
        external: it leads out of the package.
    """

    id: str
    kind: str
    target: str
    external: bool


@dataclass(slots=True)
class Allowance:
    """How many bytes may still be unpacked, of a document and all that is packed inside it."""

    left: int


class Package:
    """The parts of one document file.  Part names are compared without regard to case.

    Args:
        data: the file.
        limits: bounds to keep.
        allowance: how many bytes may be unpacked, where the file is a part of another; else the limit.

    Attributes:
        allowance: how many bytes may still be unpacked.

    Raises:
        UnreadableDocumentError: on opening, a file that is empty, encrypted, damaged or over a limit.
    """

    def __init__(self, data: bytes, limits: Limits, allowance: Allowance | None = None) -> None:
        _refuse_what_is_no_package(data, limits)
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
        except _BROKEN_ZIP as error:
            raise _damaged("压缩包结构损坏") from error
        members = self._archive.infolist()
        if len(members) > limits.max_parts:
            raise UnreadableDocumentError(
                UnreadableReason.TOO_MANY_FILES, f"内含 {len(members)} 个部件，上限 {limits.max_parts} 个"
            )
        self._limit = limits.max_unpacked_bytes
        self.allowance = allowance or Allowance(self._limit)
        if sum(member.file_size for member in members) > self.allowance.left:
            raise self._unpacks_too_large()
        self._relationships: dict[str, tuple[Relationship, ...]] = {}
        self._targets: dict[tuple[str, str], dict[str, str]] = {}
        self._members = {_plain_name(member.filename).lower(): member for member in members}

    @property
    def names(self) -> Iterator[str]:
        """Names of all parts, as the archive spells them."""
        return (_plain_name(member.filename) for member in self._members.values())

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._members

    def read(self, name: str) -> bytes:
        """The bytes of a part, never more than the limit on unpacked bytes leaves.

        Raises:
            KeyError: there is no such part.
            UnreadableDocumentError: it is encrypted, damaged or over the limit.
        """
        member = self._members[name.lower()]
        if member.flag_bits & _ENCRYPTED_FLAG:
            raise UnreadableDocumentError(UnreadableReason.ENCRYPTED)
        try:
            with self._archive.open(member) as stream:
                data = stream.read(self.allowance.left + 1)
        except _BROKEN_ZIP as error:
            raise _damaged(f"部件 {name} 无法解压") from error
        self.allowance.left -= len(data)
        if self.allowance.left < 0:
            # What was read beyond the limit is thrown away; what comes after must fail in the same way.
            self.allowance.left = 0
            raise self._unpacks_too_large()
        return data

    def xml(self, name: str) -> Element | None:
        """The root of an XML part, strict names made transitional; None where there is no such part.

        Raises:
            UnreadableDocumentError: it is not well-formed, or carries a document type declaration.
        """
        if name not in self:
            return None
        try:
            root = etree.fromstring(_transitional(self.read(name)), _PARSER)
        except (etree.XMLSyntaxError, ValueError) as error:
            raise _damaged(f"部件 {name} 不是完好的 XML") from error
        if root is None or root.getroottree().docinfo.internalDTD is not None:
            raise _damaged(f"部件 {name} 不是完好的 XML")
        return root

    def relationships(self, source: str = "") -> tuple[Relationship, ...]:
        """What ``source`` (the package itself by default) links to; links that lead nowhere included."""
        if source not in self._relationships:
            self._relationships[source] = self._read_relationships(source)
        return self._relationships[source]

    def _read_relationships(self, source: str) -> tuple[Relationship, ...]:
        folder, file = posixpath.split(source)
        root = self.xml(posixpath.join(folder, "_rels", f"{file}.rels"))
        if root is None:
            return ()
        return tuple(
            Relationship(
                id=element.get("Id", ""),
                kind=element.get("Type", "").rsplit("/", 1)[-1],
                target=target if external else _resolved(folder, target),
                external=external,
            )
            for element in root.iterchildren("{*}Relationship")
            for target in (element.get("Target", ""),)
            for external in (element.get("TargetMode", "").lower() == "external",)
        )

    def related(self, source: str, kind: str) -> list[str]:
        """Names of the parts of that kind that ``source`` links to and that are there, each once."""
        targets = (r.target for r in self.relationships(source) if r.kind == kind and not r.external)
        return list(dict.fromkeys(target for target in targets if target in self))

    def target(self, source: str, kind: str, link: str) -> str | None:
        """The part that the relationship of that kind and id leads to; None where there is no such part."""
        targets = self._targets.get((source, kind))
        if targets is None:
            found = (r for r in self.relationships(source) if r.kind == kind and not r.external)
            targets = self._targets[source, kind] = {r.id: r.target for r in found}
        part = targets.get(link)
        return part if part is not None and part in self else None

    def content_type(self, name: str) -> str:
        """The media type that the package declares for a part, "" where it declares none."""
        overrides, defaults = self._content_types
        extension = name.rsplit(".", 1)[-1].lower()
        return overrides.get(name.lower()) or defaults.get(extension, "")

    @cached_property
    def _content_types(self) -> tuple[dict[str, str], dict[str, str]]:
        root = self.xml("[Content_Types].xml")
        if root is None:
            return {}, {}
        overrides = {
            _plain_name(e.get("PartName", "")).lower(): e.get("ContentType", "")
            for e in root.iterchildren("{*}Override")
        }
        defaults = {
            e.get("Extension", "").lower(): e.get("ContentType", "") for e in root.iterchildren("{*}Default")
        }
        return overrides, defaults

    def _unpacks_too_large(self) -> UnreadableDocumentError:
        return UnreadableDocumentError(
            UnreadableReason.UNPACKS_TOO_LARGE, f"解压后超过 {self._limit // 1024**2} MiB"
        )


class Source(NamedTuple):
    """A part that is read, and the package that links in it lead into."""

    package: Package
    part: str


def _refuse_what_is_no_package(data: bytes, limits: Limits) -> None:
    if not data:
        raise UnreadableDocumentError(UnreadableReason.EMPTY_FILE)
    if len(data) > limits.max_bytes:
        size, limit = len(data) // 1024**2, limits.max_bytes // 1024**2
        raise UnreadableDocumentError(UnreadableReason.TOO_LARGE, f"{size} MiB，上限 {limit} MiB")
    if data.startswith(_CFB_MAGIC) and _ENCRYPTED_STREAM in data:
        raise UnreadableDocumentError(UnreadableReason.ENCRYPTED)


def _plain_name(name: str) -> str:
    return name.replace("\\", "/").lstrip("/")


def _resolved(folder: str, target: str) -> str:
    path = unquote(target.split("#", 1)[0]).replace("\\", "/")
    return posixpath.normpath(posixpath.join("/", folder, path)).lstrip("/")


def _transitional(xml: bytes) -> bytes:
    if _STRICT in xml[:8192]:
        for strict, name in _STRICT_NAMES:
            xml = xml.replace(_STRICT + strict, name)
    return xml


def _damaged(detail: str) -> UnreadableDocumentError:
    return UnreadableDocumentError(UnreadableReason.DAMAGED, detail)
