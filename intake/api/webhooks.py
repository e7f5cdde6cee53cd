"""Webhooks: the secret that signs them, and what became of each."""

from __future__ import annotations

from datetime import datetime

from flask import Response
from flask_openapi3 import APIBlueprint, Tag
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from intake.api.access import allow
from intake.api.answers import SECURITY, answers, bad_cursor, cursor_after, id_of_cursor, json_answer
from intake.api.problems import not_found, request_id
from intake.api.services import identity, services
from intake.api.shapes import PageQuery
from storage import audit, webhooks
from storage.models import Delivery, DeliveryState, Role, WebhookSecret

blueprint = APIBlueprint(
    "webhooks",
    __name__,
    url_prefix="/v1/webhooks",
    abp_tags=[Tag(name="webhooks", description="Being told when a submission is done")],
    abp_security=SECURITY,
)


class SecretItem(BaseModel):
    """What the unit's webhooks are signed with, as the Standard Webhooks specification says."""

    secret: str = Field(examples=["whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"])
    created_at: datetime
    previous_until: datetime | None = Field(description="until then the secret before signs too")


class DeliveryItem(BaseModel):
    """A webhook, and what became of it."""

    id: str = Field(description="also the header `webhook-id`, the same in every attempt")
    kind: str = Field(examples=["submission.done"])
    subject: str = Field(description="id of the submission or batch that it is about")
    url: str
    state: DeliveryState = Field(description="`dead`: given up until it is asked for again")
    attempts: int
    last_status: int | None = Field(description="HTTP status of the last attempt's answer")
    last_error: str | None
    created_at: datetime
    finished_at: datetime | None


class DeliveryList(BaseModel):
    """One page of webhooks, newest first."""

    items: list[DeliveryItem]
    next: str | None


class DeliveryQuery(PageQuery):
    """Which webhooks."""

    state: DeliveryState | None = None


class DeliveryPath(BaseModel):
    """Names a webhook."""

    id: str = Field(pattern=r"^msg_[0-9a-f]{32}$", description="id of the webhook")


@blueprint.get("/secret", summary="The secret", responses=answers({200: SecretItem}, "role-not-allowed"))
@allow(Role.UNIT, Role.ADMINISTRATOR)
def secret() -> Response:
    """Give the secret that signs the unit's webhooks; it is made when it is first asked for."""
    with services().database.write() as session:
        row = webhooks.secret_of(session, identity().unit)
        audit.note(session, identity(), "webhook-secret.read", None, request_id())
        item = _secret(row)
    return json_answer(item)


@blueprint.post(
    "/secret", summary="Replace the secret", responses=answers({200: SecretItem}, "role-not-allowed")
)
@allow(Role.UNIT, Role.ADMINISTRATOR)
def replace() -> Response:
    """Give the unit a new secret. For 24 hours webhooks are signed with the one before, too."""
    with services().database.write() as session:
        row = webhooks.replace_secret(session, identity().unit)
        audit.note(session, identity(), "webhook-secret.replaced", None, request_id())
        item = _secret(row)
    return json_answer(item)


@blueprint.get(
    "/deliveries",
    summary="List webhooks",
    responses=answers({200: DeliveryList}, "invalid-parameters", "no-such-page", "role-not-allowed"),
)
@allow(Role.UNIT, Role.ADMINISTRATOR)
def deliveries(query: DeliveryQuery) -> Response:
    """List the unit's webhooks, newest first; `state=dead` is the list of dead letters."""
    before = id_of_cursor(query.cursor)
    if before and not before.startswith("msg_"):
        raise bad_cursor()
    with services().database.read() as session:
        rows = webhooks.list_deliveries(
            session, _whose(), limit=query.limit + 1, state=query.state, before=before
        )
    items = [_item(row) for row in rows[: query.limit]]
    more = cursor_after(items[-1].id) if len(rows) > query.limit else None
    return json_answer(DeliveryList(items=items, next=more))


@blueprint.post(
    "/deliveries/<id>/redeliver",
    summary="Send it again",
    responses=answers({202: DeliveryItem}, "not-found", "role-not-allowed"),
)
@allow(Role.UNIT, Role.ADMINISTRATOR)
def redeliver(path: DeliveryPath) -> Response:
    """Send a webhook again, whether it was delivered, given up or waits for its next attempt."""
    with services().database.write() as session:
        row = _own(session, path.id)
        webhooks.again(session, row)
        audit.note(session, identity(), "webhook.redelivered", path.id, request_id())
        item = _item(row)
    services().hint()
    return json_answer(item, 202)


def _whose() -> str | None:
    return None if identity().role is Role.ADMINISTRATOR else identity().unit


def _own(session: Session, delivery_id: str) -> Delivery:
    row = session.get(Delivery, delivery_id, with_for_update=True)
    if row is None or _whose() not in (None, row.unit):
        raise not_found(delivery_id)
    return row


def _secret(row: WebhookSecret) -> SecretItem:
    return SecretItem(secret=row.secret, created_at=row.created_at, previous_until=row.previous_until)


def _item(row: Delivery) -> DeliveryItem:
    return DeliveryItem(
        id=row.id,
        kind=row.kind,
        subject=row.subject_id,
        url=row.url,
        state=DeliveryState(row.state),
        attempts=row.attempts,
        last_status=row.last_status,
        last_error=row.last_error,
        created_at=row.created_at,
        finished_at=row.finished_at,
    )
