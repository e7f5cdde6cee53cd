"""Direct uploads: a large file goes straight into the object store, and is then handed in by its id."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from flask import Response, request
from flask_openapi3 import APIBlueprint, Tag
from pydantic import BaseModel, ConfigDict, Field

from intake.api.access import admit_still, allow, uploads
from intake.api.answers import SECURITY, answers, json_answer
from intake.api.problems import ProblemError, not_found, size_words
from intake.api.services import identity, services
from intake.api.shapes import Line
from storage import uploads as direct
from storage.models import Role, Upload
from storage.submissions import HandedIn

FIELD = "uploads"
"""The form field that names uploads, joined by commas."""

_MOST = 200

blueprint = APIBlueprint(
    "uploads",
    __name__,
    url_prefix="/v1/uploads",
    abp_tags=[Tag(name="uploads", description="Large files")],
    abp_security=SECURITY,
)


class UploadBody(BaseModel):
    """A file that will be uploaded."""

    model_config = ConfigDict(extra="forbid")

    name: Line = Field(description="of the file, for people and for the report")
    size: int = Field(ge=1, le=2**53, description="bytes")


class UploadItem(BaseModel):
    """Where to upload a file."""

    id: str = Field(description="for the form field `uploads` when it is handed in")
    url: str = Field(description="where to send the bytes; a path of this service needs the key, too")
    method: Literal["PUT"] = "PUT"
    expires_at: datetime


class UploadPath(BaseModel):
    """Names an upload."""

    id: str = Field(pattern=r"^upl_[0-9a-f]{32}$", description="id of the upload")


@blueprint.post(
    "",
    summary="Announce a large file",
    responses=answers(
        {201: UploadItem},
        "file-too-large",
        "invalid-parameters",
        "unsupported-media-type",
        "request-too-large",
        "role-not-allowed",
    ),
)
@allow(Role.UNIT, Role.ADMINISTRATOR)
def announce(body: UploadBody) -> Response:
    """Say which file will be uploaded, and learn where to.

    With an S3 store the address is the store's own, and the bytes do not pass through this service.
    """
    limit = services().settings.max_file_bytes
    if body.size > limit:
        raise ProblemError("file-too-large", name=body.name, limit=size_words(limit))
    with services().database.write() as session:
        row = direct.announce(session, identity(), body.name, body.size)
    url = services().store.presigned_upload(row.id, direct.LIFETIME) or f"/v1/uploads/{row.id}"
    return json_answer(UploadItem(id=row.id, url=url, expires_at=row.expires_at), 201)


@blueprint.put(
    "/<id>",
    summary="Upload the bytes",
    responses=answers({204: None}, "not-found", "upload-missing", "request-too-large", "role-not-allowed"),
)
@allow(Role.UNIT, Role.ADMINISTRATOR)
@uploads
def put(path: UploadPath) -> Response:
    """Take the bytes of an announced file, where the object store has no address of its own."""
    row = _found(path.id)
    content = io.BufferedReader(_Limited(row.size))
    stored = services().store.put(content)
    with services().database.read() as session:
        admit_still(session)
    try:
        direct.receive(services().database, services().store, row, stored)
    except direct.UploadMissingError as error:
        raise ProblemError("upload-missing", name=row.name) from error
    return Response(status=204)


class _Limited(io.RawIOBase):
    """The body of the present request, and one byte more than was announced at most: that tells it apart."""

    def __init__(self, size: int) -> None:
        self._left = size + 1
        self._body = request.stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._body.read(min(len(buffer), self._left))
        self._left -= len(data)
        buffer[: len(data)] = data
        return len(data)


def claimed(ids: str) -> Sequence[HandedIn]:
    """The files of uploads that a form names, in their order.

    Args:
        ids: joined by commas.

    Raises:
        ProblemError: one of them is none of the caller's, or was not uploaded.
    """
    names = [part.strip() for part in ids.split(",") if part.strip()]
    if len(names) > _MOST:
        raise ProblemError("too-many-files", limit=_MOST)
    return [_claimed(name) for name in names]


def _claimed(upload_id: str) -> HandedIn:
    row = _found(upload_id)
    try:
        return HandedIn(row.name, direct.claim(services().database, services().store, row))
    except direct.UploadMissingError as error:
        raise ProblemError("upload-missing", name=row.name) from error


def _found(upload_id: str) -> Upload:
    with services().database.read() as session:
        row = direct.find(session, identity(), upload_id)
    if row is None:
        raise not_found(upload_id)
    return row
