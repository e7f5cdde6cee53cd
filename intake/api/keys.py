"""API keys: an administrator makes, lists and revokes them."""

from __future__ import annotations

from flask import Response
from flask_openapi3 import APIBlueprint, Tag

from intake.api.access import allow
from intake.api.answers import SECURITY, answers, json_answer
from intake.api.problems import not_found, request_id
from intake.api.services import identity, services
from intake.api.shapes import KeyBody, KeyList, KeyPath, NewKeyItem, key_item
from storage import audit
from storage.accounts import all_keys, make_key, revoke_key
from storage.models import Role

blueprint = APIBlueprint(
    "keys",
    __name__,
    url_prefix="/v1/keys",
    abp_tags=[Tag(name="keys", description="Who may call")],
    abp_security=SECURITY,
)


@blueprint.post(
    "",
    summary="Make a key",
    responses=answers(
        {201: NewKeyItem},
        "invalid-parameters",
        "unsupported-media-type",
        "request-too-large",
        "role-not-allowed",
    ),
)
@allow(Role.ADMINISTRATOR)
def make(body: KeyBody) -> Response:
    """Make a key. Its text is in this answer and nowhere else."""
    with services().database.write() as session:
        row, text = make_key(
            session,
            body.name,
            body.role,
            unit=body.unit,
            expires_at=body.expires_at,
            created_by=identity().actor,
        )
        audit.note(
            session, identity(), "key.created", row.id, request_id(), role=str(body.role), unit=body.unit
        )
        item = NewKeyItem(key=text, **key_item(row).model_dump())
    return json_answer(item, 201)


@blueprint.get("", summary="List the keys", responses=answers({200: KeyList}, "role-not-allowed"))
@allow(Role.ADMINISTRATOR)
def list_all() -> Response:
    """List all keys without their texts, revoked and expired ones too."""
    with services().database.read() as session:
        return json_answer(KeyList(items=[key_item(row) for row in all_keys(session)]))


@blueprint.delete(
    "/<id>", summary="Revoke a key", responses=answers({204: None}, "not-found", "role-not-allowed")
)
@allow(Role.ADMINISTRATOR)
def revoke(path: KeyPath) -> Response:
    """Revoke a key: from now on it opens nothing."""
    with services().database.write() as session:
        if revoke_key(session, path.id) is None:
            raise not_found(path.id)
        audit.note(session, identity(), "key.revoked", path.id, request_id())
    return Response(status=204)
