"""How answers are made: JSON, stored bytes, pages of lists; and what OpenAPI says of them."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterator, Mapping
from http import HTTPStatus
from typing import IO, Any
from urllib.parse import quote

from flask import Response, request
from pydantic import BaseModel

from intake.api.problems import MEDIA_TYPE, PROBLEMS, TYPE_PREFIX, ProblemError
from intake.api.services import services
from storage.objects import ObjectMissingError

_CHUNK_BYTES = 256 * 1024
_EVERYWHERE = (
    "key-missing",
    "key-invalid",
    "rate-limited",
    "malformed-request",
    "too-slow",
    "internal",
    "unavailable",
)
_ALWAYS_PRIVATE = "private, no-cache"
"""Who asks again with the ETag gets 304, but asks: a key may have been revoked meanwhile."""

SECURITY = [{"key": list[str]()}]


def json_answer(model: BaseModel, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A model as JSON."""
    return Response(
        model.model_dump_json().encode("utf-8") + b"\n",
        status,
        {"Cache-Control": "no-store", **(headers or {})},
        content_type="application/json",
    )


def stored_answer(
    sha256: str,
    size: int,
    media_type: str,
    *,
    name: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Bytes out of the object store, with their digest as ETag.

    Args:
        sha256: of the bytes.
        size: of the bytes.
        media_type: as the Content-Type says it.
        name: to save them under; None to show them.
        headers: more of them.

    Raises:
        StoreUnavailableError: the store does not give them.
    """
    response = _private(sha256, media_type, name, headers)
    if request.method != "HEAD" and not is_fresh(sha256):
        response.response = _chunks(opened(sha256))
        response.direct_passthrough = True
    response.headers["Content-Length"] = str(size)
    response.make_conditional(request)
    return response


def made_answer(
    make: Callable[[], bytes],
    etag: str,
    media_type: str,
    *,
    name: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Bytes that are made for this answer, unless the caller has them already.

    Args:
        make: makes them.
        etag: the same for the same bytes.
        media_type, name, headers: as of ``stored_answer``.
    """
    response = _private(etag, media_type, name, headers)
    if not is_fresh(etag):
        response.set_data(make())
    response.make_conditional(request)
    return response


def _private(etag: str, media_type: str, name: str | None, headers: Mapping[str, str] | None) -> Response:
    """An answer that belongs to its caller alone, still without its bytes."""
    response = Response(content_type=media_type)
    response.headers.update(headers or {})
    response.headers["Cache-Control"] = _ALWAYS_PRIVATE
    if name:
        response.headers["Content-Disposition"] = attachment(name)
    response.set_etag(etag)
    return response


def is_fresh(etag: str) -> bool:
    """Whether the caller has it already."""
    return request.if_none_match.contains_weak(etag)


def opened(sha256: str) -> IO[bytes]:
    """Bytes that a row refers to.

    Raises:
        StoreUnavailableError: the store does not give them.
    """
    try:
        return services().store.open(sha256)
    except ObjectMissingError as error:
        raise RuntimeError(f"bytes {sha256} are not in the store") from error


def _chunks(stream: IO[bytes]) -> Iterator[bytes]:
    with stream:
        while chunk := stream.read(_CHUNK_BYTES):
            yield chunk


def attachment(name: str) -> str:
    """A Content-Disposition that saves under ``name``, whatever its characters (RFC 6266)."""
    plain = "".join(c if c.isascii() and c.isprintable() and c not in '"\\' else "_" for c in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def cursor_after(last_id: str | int) -> str:
    """The cursor of the page after the item of this id."""
    return base64.urlsafe_b64encode(str(last_id).encode()).decode().rstrip("=")


def id_of_cursor(cursor: str | None) -> str | None:
    """The id in a cursor, None for the first page.

    Raises:
        ProblemError: it is none of ours.
    """
    if cursor is None:
        return None
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode(
            "ascii"
        )
    except (binascii.Error, ValueError):
        text = ""
    if not text.isprintable() or not text or cursor_after(text) != cursor:
        raise bad_cursor()
    return text


def bad_cursor() -> ProblemError:
    """The problem of a cursor that is none of ours."""
    return ProblemError("no-such-page")


def answers(
    success: Mapping[int, type[BaseModel] | dict[str, Any] | None], *slugs: str
) -> dict[str | int | HTTPStatus, Any]:
    """What OpenAPI says of an operation's answers.

    Args:
        success: status -> model of the JSON, or a response object, or None for no body.
        slugs: problems it may answer with, beside those that every call may.
    """
    by_status: dict[int, list[str]] = {}
    for slug in dict.fromkeys((*slugs, *_EVERYWHERE)):
        by_status.setdefault(PROBLEMS[slug].status, []).append(slug)
    stated: dict[str | int | HTTPStatus, Any] = {str(status): model for status, model in success.items()}
    stated.update((str(status), _problem(named)) for status, named in sorted(by_status.items()))
    return stated


def _problem(slugs: list[str]) -> dict[str, Any]:
    described = "; ".join(f"`{TYPE_PREFIX}{slug}` {PROBLEMS[slug].title_en}" for slug in slugs)
    return {
        "description": described,
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


def binary(media_type: str, description: str) -> dict[str, Any]:
    """What OpenAPI says of an answer that is a file."""
    return {
        "description": description,
        "content": {media_type: {"schema": {"type": "string", "format": "binary"}}},
    }
