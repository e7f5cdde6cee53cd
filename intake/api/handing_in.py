"""What handing in a submission and a batch have in common."""

from __future__ import annotations

from typing import Any

from flask import request

from intake.api.multipart import Form, Wanted, receive
from intake.api.options import FIELDS, LONGEST_PROJECT, LONGEST_URL, URL, idempotency, options
from intake.api.problems import ProblemError
from intake.api.services import services
from intake.api.uploads import FIELD as UPLOADS
from intake.api.uploads import claimed
from schemas import available_packs, load_pack
from storage.submissions import Idempotency, Options

MULTIPART = "multipart/form-data"
FILE = {"type": "string", "format": "binary", "minLength": 1}
"""What OpenAPI says of a file."""

_LINE = r"[^\x00-\x1f\x7f-\x9f\u2028\u2029]+"
_DATE = (
    r"(?!0000)[0-9]{4}-((0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])|(0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31)"
    r"|[0-9]{2}(0[48]|[2468][048]|[13579][26])-02-29"
)
"""A date as a pattern, because the field may also be empty; the one word ``format`` cannot say both."""


def handed_in(
    file_fields: tuple[str, ...], more_fields: tuple[str, ...] = ()
) -> tuple[Form, Options, Idempotency | None]:
    """Read the present request's form, its files into the store.

    Args:
        file_fields: names of the fields that are files.
        more_fields: names of the fields that are texts, beside ``FIELDS``.

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
    wanted = Wanted(
        file_fields, (*FIELDS, *more_fields, UPLOADS), settings.max_files, settings.max_file_bytes
    )
    form = receive(request.stream, boundary, services().store, wanted)
    form.files += [(UPLOADS, file) for file in claimed(form.texts.pop(UPLOADS, ""))]
    if not form.files:
        raise ProblemError("no-files", field=file_fields[0])
    if len(form.files) > settings.max_files:
        raise ProblemError("too-many-files", limit=settings.max_files)
    asked = options(form.texts, settings.pack)
    return form, asked, idempotency(request.headers.get("Idempotency-Key"), asked, form.files)


def form_schema(files: dict[str, Any], **more: Any) -> dict[str, Any]:
    """What OpenAPI says of the form.

    Args:
        files: schema of each field that is files.
        more: what else the form's schema says, as which fields are required.
    """
    packs = [load_pack(pack) for pack in available_packs()]
    classes = sorted({class_id for pack in packs for class_id in pack.classes})
    texts = {
        "class": _choice(classes, "document class; found out if absent or empty"),
        "pack": _choice([pack.id for pack in packs], "rule pack; the deployment's own if absent or empty"),
        "filed_on": _text("filing date, for statutory periods", _DATE),
        "project": _text("your own name or number of the project", _LINE, maxLength=LONGEST_PROJECT),
        UPLOADS: {
            "type": "string",
            "maxLength": 8000,
            "pattern": r"^upl_[0-9a-f]{32}(,upl_[0-9a-f]{32})*$",
            "description": "ids of files that were uploaded directly, joined by commas",
        },
        "callback_url": _text("where a webhook goes when it is done", URL, maxLength=LONGEST_URL),
    }
    schema = {"type": "object", "properties": {**files, **texts}, "additionalProperties": False, **more}
    return {"requestBody": {"required": True, "content": {MULTIPART: {"schema": schema}}}}


def _choice(values: list[str], description: str) -> dict[str, Any]:
    return {"type": "string", "enum": [*values, ""], "description": description}


def _text(description: str, pattern: str, **rules: Any) -> dict[str, Any]:
    return {"type": "string", "description": description, "pattern": f"^({pattern})?$", **rules}
