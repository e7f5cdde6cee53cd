"""Packets (送审包): what a reviewer is handed, as a BagIt bag (RFC 8493) in a streamed zip.

``sub_…/data`` holds the originals, the record, the report in JSON and HTML, what was said about the
submission, and its extract of the audit trail; every file is in the manifest with its SHA-256.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from zipstream import ZipStream

from storage.models import INFECTED, Audit, Submission, now
from storage.objects import ObjectMissingError, ObjectStore
from storage.submissions import REPORT

FORMS = {"html": "report.html", "record": "record.json"}
"""Form that is made of the report -> its file in the packet."""

InForm = Callable[[str, str], bytes]
"""The digest of a report's JSON, and a form -> the report in that form."""

_PIECE = 256 * 1024
_LONGEST_NAME = 150
"""Bytes; most file systems take 255, and a counter and folders must fit in too."""
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff<>:"|?*]')
"""What some file system refuses, and what ends a line for some reader of manifests."""
_EDGES = re.compile(r"\A[\s.]+|[\s.]+\Z")
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")


class PacketIncompleteError(Exception):
    """There is no packet: the submission has no report yet."""


@dataclass(frozen=True, slots=True)
class Packet:
    """A packet on its way.

    Attributes:
        file_name: to save it under.
        size: of the zip, in bytes.
        pieces: the zip; reads the store while it goes.
    """

    file_name: str
    size: int
    pieces: Iterator[bytes]


@dataclass(frozen=True, slots=True)
class _Content:
    """A file of the payload: bytes, or an object of the store."""

    sha256: str
    size: int
    data: bytes | None = None


def make_packet(session: Session, store: ObjectStore, submission: Submission, in_form: InForm) -> Packet:
    """The packet of a finished submission.

    Args:
        session: to read in.
        store: where the originals and the report are.
        submission: whose packet it is.
        in_form: makes the forms of ``FORMS``.

    Raises:
        PacketIncompleteError: it is not finished.
        ObjectMissingError: bytes that belong into it are gone.
        StoreUnavailableError: the store cannot be asked.
    """
    payload = _payload(session, submission, in_form)
    for content in payload.values():
        if content.data is None and not store.has(content.sha256):
            raise ObjectMissingError(content.sha256)
    stream = ZipStream(sized=True)
    for path, content in (_tags(submission, payload) | payload).items():
        data = _read(store, content.sha256) if content.data is None else [content.data]
        stream.add(data, f"{submission.id}/{path}", size=content.size)
    return Packet(f"{submission.id}.zip", len(stream), iter(stream))


def _payload(session: Session, submission: Submission, in_form: InForm) -> dict[str, _Content]:
    report = next((result for result in submission.results if result.form == REPORT), None)
    if report is None:
        raise PacketIncompleteError(submission.id)
    taken: set[str] = set()
    names = [_unique(safe_name(document.name), taken) for document in submission.documents]
    payload = {
        f"data/originals/{name}": _Content(document.sha256, document.size)
        for name, document in zip(names, submission.documents, strict=True)
        if document.sha256 and document.failure != INFECTED
    }
    payload["data/report.json"] = _Content(report.sha256, report.size)
    for form, name in FORMS.items():
        payload[f"data/{name}"] = _bytes(in_form(report.sha256, form))
    payload["data/submission.json"] = _json(_described(submission, names))
    payload["data/audit.json"] = _json(_audit(session, submission.id))
    return payload


def _tags(submission: Submission, payload: Mapping[str, _Content]) -> dict[str, _Content]:
    """The files that make a bag of it (RFC 8493, section 2)."""
    info = {
        "Source-Organization": " ".join(submission.unit.split()) or "-",
        "External-Identifier": submission.id,
        "Bagging-Date": now().date().isoformat(),
        "Payload-Oxum": f"{sum(c.size for c in payload.values())}.{len(payload)}",
    }
    tags = {
        "bagit.txt": _text("BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"),
        "bag-info.txt": _text("".join(f"{label}: {value}\n" for label, value in info.items())),
        "manifest-sha256.txt": _manifest(payload),
    }
    return {**tags, "tagmanifest-sha256.txt": _manifest(tags)}


def _manifest(files: Mapping[str, _Content]) -> _Content:
    return _text("".join(f"{content.sha256}  {path}\n" for path, content in files.items()))


def _text(text: str) -> _Content:
    return _bytes(text.encode())


def _bytes(data: bytes) -> _Content:
    return _Content(hashlib.sha256(data).hexdigest(), len(data), data)


def _json(value: Any) -> _Content:
    return _text(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def _read(store: ObjectStore, sha256: str) -> Iterator[bytes]:
    with store.open(sha256) as stream:
        while piece := stream.read(_PIECE):
            yield piece


def _described(submission: Submission, names: list[str]) -> dict[str, Any]:
    """What was handed in, and how; files without bytes too, with the reason."""
    return {
        "id": submission.id,
        "unit": submission.unit,
        "created_at": submission.created_at.isoformat(),
        "conclusion": submission.conclusion,
        "document_class": submission.document_class,
        "pack": submission.pack,
        "filed_on": submission.filed_on.isoformat() if submission.filed_on else None,
        "project": submission.project,
        "review": {"state": str(submission.review), "note": submission.review_note},
        "documents": [
            {
                "name": document.name,
                "file": f"originals/{name}" if document.sha256 and document.failure != INFECTED else None,
                "sha256": document.sha256,
                "size": document.size,
                "media_type": document.media_type,
                "failure": document.failure,
            }
            for name, document in zip(names, submission.documents, strict=True)
        ],
    }


def _audit(session: Session, submission_id: str) -> list[dict[str, Any]]:
    rows = session.scalars(select(Audit).where(Audit.target == submission_id).order_by(Audit.id))
    return [
        {
            "at": row.at.isoformat(),
            "actor": row.actor,
            "action": row.action,
            "request_id": row.request_id,
            "detail": row.detail,
        }
        for row in rows
    ]


def safe_name(name: str) -> str:
    """A file name for any file system, from what a client or an archive called the file.

    ``%`` becomes ``％``: RFC 8493 escapes it in manifests, which the tools in use do not undo.
    """
    last = next((part for part in reversed(re.split(r"[/\\]", name)) if _EDGES.sub("", part)), "文件")
    plain = _EDGES.sub("", _FORBIDDEN.sub("_", last).replace("%", "％"))
    stem, suffix = PurePosixPath(plain).stem, PurePosixPath(plain).suffix[:20]
    room = _LONGEST_NAME - len(suffix.encode())
    short = _EDGES.sub("", stem.encode()[:room].decode("utf-8", "ignore") + suffix)
    return f"_{short}" if _RESERVED.fullmatch(short) else short


def _unique(name: str, taken: set[str]) -> str:
    """``name``, or with a counter if it is taken in any spelling of upper and lower case."""
    path, unique, count = PurePosixPath(name), name, 1
    while unique.casefold() in taken:
        count += 1
        unique = f"{path.stem}（{count}）{path.suffix}"
    taken.add(unique.casefold())
    return unique
