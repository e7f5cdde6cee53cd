"""What handing in a submission and a batch have in common."""

from __future__ import annotations

from typing import Any

from flask import request

from intake.api.multipart import Form, Wanted, receive
from intake.api.options import FIELDS, idempotency, options
from intake.api.problems import ProblemError
from intake.api.services import services
from storage.submissions import Idempotency, Options

MULTIPART = "multipart/form-data"


def handed_in(file_fields: tuple[str, ...]) -> tuple[Form, Options, Idempotency | None]:
    """Read the present request's form, its files into the store.

    Args:
        file_fields: names of the fields that are files.

    Raises:
        ProblemError: the request is not as it should be.
        StoreUnavailableError: the store does not take the files.
    """
    boundary = request.mimetype_params.get("boundary", "")
    if request.mimetype != MULTIPART:
        raise ProblemError(
            "unsupported-media-type", expected=MULTIPART, received=request.mimetype or "（没有）"
        )
    if not boundary:
        raise ProblemError("malformed-request")
    settings = services().settings
    wanted = Wanted(file_fields, FIELDS, settings.max_files, settings.max_file_bytes)
    form = receive(request.stream, boundary, services().store, wanted)
    asked = options(form.texts, settings.pack)
    return form, asked, idempotency(request.headers.get("Idempotency-Key"), asked, form.files)


def form_schema(files: dict[str, Any], required: list[str]) -> dict[str, Any]:
    """What OpenAPI says of the form.

    Args:
        files: schema of each field that is files.
        required: names of those that must be given.
    """
    texts = {
        "class": {
            "type": "string",
            "description": "document class, e.g. proposal-maintenance; found out if absent",
        },
        "pack": {"type": "string", "description": "rule pack; the deployment's own if absent"},
        "filed_on": {"type": "string", "format": "date", "description": "filing date, for statutory periods"},
        "project": {
            "type": "string",
            "maxLength": 200,
            "description": "your own name or number of the project",
        },
        "callback_url": {
            "type": "string",
            "format": "uri",
            "description": "where a webhook goes when it is done",
        },
    }
    schema = {"type": "object", "properties": {**files, **texts}, "additionalProperties": False}
    if required:
        schema["required"] = required
    return {"requestBody": {"required": True, "content": {MULTIPART: {"schema": schema}}}}
