"""Uploads: a multipart body is read part by part, each file straight into the object store.

Nothing is kept in memory or in temporary files; the store hashes what passes through.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import IO

from werkzeug.datastructures import Headers
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.sansio.multipart import Data, Event, Field, File, MultipartDecoder, NeedData, Preamble, State

from intake.api.filenames import file_name, header_text
from intake.api.problems import ProblemError, size_words
from storage.objects import ObjectStore
from storage.submissions import HandedIn

_CHUNK_BYTES = 64 * 1024
_BUFFER_BYTES = 4 * _CHUNK_BYTES
"""Most that waits for a boundary or the end of a part's headers."""

_FIELD_BYTES = 8 * 1024
_MOST_FIELDS = 40
"""Most parts beside the files: far more than there are fields."""

_SHOWN_NAME = 100
"""Most characters of a field's name that an answer repeats."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a form may have.

    Attributes:
        files: names of the fields that are files.
        texts: names of the fields that are text, each at most once.
        max_files: most files.
        max_file_bytes: of one file.
    """

    files: Sequence[str]
    texts: Sequence[str]
    max_files: int
    max_file_bytes: int

    @property
    def known(self) -> str:
        """All fields, for people."""
        return "、".join([*self.files, *self.texts])


@dataclass(slots=True)
class Form:
    """What a form had: its texts, and its files in their order, durable in the store."""

    texts: dict[str, str] = field(default_factory=dict)
    files: list[tuple[str, HandedIn]] = field(default_factory=list)


def receive(body: IO[bytes], boundary: str, store: ObjectStore, wanted: Wanted) -> Form:
    """Read a whole form.

    Args:
        body: of the request.
        boundary: of its Content-Type.
        store: where the files go.
        wanted: what the form may have.

    Raises:
        ProblemError: the form is not as it should be.
        StoreUnavailableError: the store does not take a file.
    """
    form = Form()
    parts = _Parts(body, boundary, wanted.max_files)
    while part := parts.next():
        match part:
            case File():
                _take_file(part, parts, form, store, wanted)
            case Field():
                _take_text(part, parts, form, wanted)
    return form


def _take_file(part: File, parts: _Parts, form: Form, store: ObjectStore, wanted: Wanted) -> None:
    if part.name in wanted.texts:
        raise ProblemError("not-a-text", field=part.name)
    if part.name not in wanted.files:
        raise ProblemError("unknown-field", field=_shown(part), known=wanted.known)
    if len(form.files) == wanted.max_files:
        raise ProblemError("too-many-files", limit=wanted.max_files)
    name = file_name(part.headers["Content-Disposition"])
    content = io.BufferedReader(_Content(parts.data(), name, wanted.max_file_bytes), _CHUNK_BYTES)
    if not name:
        # What a browser sends for a file field in which nobody chose a file.
        if content.read(1):
            raise ProblemError("not-a-file", field=part.name)
        return
    if not content.peek(1):
        raise ProblemError("empty-file", name=name)
    form.files.append((part.name, HandedIn(name, store.put(content))))


def _shown(part: File | Field) -> str:
    name = part.name or ""
    return name if len(name) <= _SHOWN_NAME else f"{name[:_SHOWN_NAME]}…"


def _take_text(part: Field, parts: _Parts, form: Form, wanted: Wanted) -> None:
    if part.name in wanted.files:
        raise ProblemError("not-a-file", field=part.name)
    if part.name not in wanted.texts:
        raise ProblemError("unknown-field", field=_shown(part), known=wanted.known)
    if part.name in form.texts:
        raise ProblemError("repeated-field", field=part.name)
    value = b""
    for data in parts.data():
        value += data
        if len(value) > _FIELD_BYTES:
            raise ProblemError("invalid-field", field=part.name, why="太长。", why_en="too long.")
    form.texts[part.name] = header_text(value).strip()


class _Decoder(MultipartDecoder):
    """werkzeug's decoder, which takes every header for UTF-8, and so refuses names in GBK."""

    def _parse_headers(self, data: bytes | bytearray) -> Headers:
        return super()._parse_headers(
            b"\n".join(header_text(line).encode() for line in bytes(data).splitlines())
        )


class _Parts:
    """The parts of a multipart body, one after another."""

    def __init__(self, body: IO[bytes], boundary: str, max_files: int) -> None:
        self._body = body
        self._most = max_files + _MOST_FIELDS
        self._decoder = _Decoder(boundary.encode("latin-1", "replace"), _BUFFER_BYTES, max_parts=None)
        self._count = 0

    def next(self) -> File | Field | None:
        """The next part, None after the last; the data of the one before must have been read."""
        while True:
            event = self._event()
            if isinstance(event, File | Field):
                self._count += 1
                if self._count > self._most:
                    raise ProblemError("too-many-files", limit=self._most - _MOST_FIELDS)
                return event
            if not isinstance(event, Preamble):
                return None

    def data(self) -> Iterator[bytes]:
        """The data of the present part."""
        while True:
            event = self._event()
            if not isinstance(event, Data):
                raise ProblemError("malformed-request")
            if event.data:
                yield event.data
            if not event.more_data:
                return

    def _event(self) -> Event:
        """The next event that says something; an empty Data event after the last part."""
        # What follows the last boundary means nothing and is not even read.
        while self._decoder.state is not State.EPILOGUE:
            try:
                event = self._decoder.next_event()
            except ValueError as error:
                raise ProblemError("malformed-request") from error
            if not isinstance(event, NeedData):
                return event
            self._feed(self._read())
        return Data(b"", more_data=False)

    def _read(self) -> bytes:
        try:
            return self._body.read(_CHUNK_BYTES)
        except OSError as error:
            # The client went away; the store, through which this passes, is not to blame.
            raise ProblemError("malformed-request") from error

    def _feed(self, data: bytes) -> None:
        try:
            self._decoder.receive_data(data or None)
        except RequestEntityTooLarge as error:
            # No boundary in so many bytes: no form.
            raise ProblemError("malformed-request") from error


class _Content(io.RawIOBase):
    """The data of a file part as a stream, at most ``limit`` bytes of it."""

    def __init__(self, data: Iterator[bytes], name: str, limit: int) -> None:
        self._data = data
        self._name = name
        self._left = limit
        self._limit = limit
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if not self._rest:
            self._rest = memoryview(next(self._data, b""))
            self._left -= len(self._rest)
            if self._left < 0:
                raise ProblemError("file-too-large", name=self._name, limit=size_words(self._limit))
        count = min(len(buffer), len(self._rest))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count
