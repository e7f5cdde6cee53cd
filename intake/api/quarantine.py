"""Infected files, for administrators: listed and deleted, never handed out."""

from __future__ import annotations

from flask import Response
from flask_openapi3 import APIBlueprint, Tag

from intake.api.access import allow
from intake.api.answers import SECURITY, answers, json_answer
from intake.api.problems import not_found, request_id
from intake.api.services import identity, services
from intake.api.shapes import QuarantineItem, QuarantineList, QuarantinePath
from storage import audit
from storage.models import Role
from storage.queries import quarantined

blueprint = APIBlueprint(
    "quarantine",
    __name__,
    url_prefix="/v1/quarantine",
    abp_tags=[Tag(name="quarantine", description="Infected files")],
    abp_security=SECURITY,
)


@blueprint.get(
    "", summary="List the infected files", responses=answers({200: QuarantineList}, "role-not-allowed")
)
@allow(Role.ADMINISTRATOR)
def list_all() -> Response:
    """List all files in quarantine, with what was found in each and where it was handed in."""
    stored = {one.sha256: one.size for one in services().store.quarantined()}
    with services().database.read() as session:
        found = quarantined(session, stored)
    items = [
        QuarantineItem(
            sha256=sha256,
            size=size,
            found=found[sha256].found if sha256 in found else None,
            submissions=found[sha256].submissions if sha256 in found else [],
        )
        for sha256, size in stored.items()
    ]
    return json_answer(QuarantineList(items=items))


@blueprint.delete(
    "/<sha256>",
    summary="Delete an infected file",
    responses=answers({204: None}, "not-found", "role-not-allowed"),
)
@allow(Role.ADMINISTRATOR)
def destroy(path: QuarantinePath) -> Response:
    """Delete the bytes of an infected file; what was reported about it stays."""
    if not services().store.destroy(path.sha256):
        raise not_found(path.sha256)
    with services().database.write() as session:
        audit.note(session, identity(), "quarantine.deleted", path.sha256, request_id())
    return Response(status=204)
