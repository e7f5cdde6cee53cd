"""The audit trail, for administrators."""

from __future__ import annotations

from flask import Response
from flask_openapi3 import APIBlueprint, Tag

from intake.api.access import allow
from intake.api.answers import SECURITY, answers, bad_cursor, cursor_after, id_of_cursor, json_answer
from intake.api.services import services
from intake.api.shapes import AuditItem, AuditList, AuditQuery
from storage.models import Role
from storage.queries import audit_rows

blueprint = APIBlueprint(
    "audit",
    __name__,
    url_prefix="/v1/audit",
    abp_tags=[Tag(name="audit", description="Who did what")],
    abp_security=SECURITY,
)


@blueprint.get(
    "",
    summary="Who did what",
    responses=answers({200: AuditList}, "invalid-parameters", "no-such-page", "role-not-allowed"),
)
@allow(Role.ADMINISTRATOR)
def list_all(query: AuditQuery) -> Response:
    """List the audit trail, newest first, a page at a time."""
    before = id_of_cursor(query.cursor)
    if before and not (before.isdecimal() and len(before) < 19):
        raise bad_cursor()
    with services().database.read() as session:
        rows = audit_rows(
            session,
            query.limit + 1,
            before=int(before) if before else None,
            target=query.target,
            actor=query.actor,
        )
    items = [
        AuditItem(
            id=row.id,
            at=row.at,
            actor=row.actor,
            unit=row.unit,
            action=row.action,
            target=row.target,
            request_id=row.request_id,
            detail=row.detail,
        )
        for row in rows[: query.limit]
    ]
    more = cursor_after(items[-1].id) if len(rows) > query.limit else None
    return json_answer(AuditList(items=items, next=more))
