"""Review: a unit submits, reviewers take, return and accept; and the packet that they are handed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Literal

from flask import Response
from flask_openapi3 import APIBlueprint, Tag
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from intake.api.access import allow
from intake.api.answers import (
    SECURITY,
    answers,
    attachment,
    bad_cursor,
    binary,
    cursor_after,
    id_of_cursor,
    json_answer,
)
from intake.api.forms import in_form
from intake.api.problems import ProblemError, not_found, request_id
from intake.api.services import identity, services
from intake.api.shapes import PageQuery, SubmissionItem, SubmissionList, SubmissionPath, submission_item
from storage import audit
from storage import review as workflow
from storage.accounts import Identity
from storage.models import ReviewState, Role, Submission, SubmissionStatus
from storage.packets import PacketIncompleteError, make_packet
from storage.queries import find_submission

_SEPARATOR = "|"

_DECIDED = answers(
    {200: SubmissionItem},
    "not-found",
    "not-in-queue",
    "taken-by-another",
    "invalid-parameters",
    "unsupported-media-type",
    "request-too-large",
    "role-not-allowed",
)
"""What a reviewer's decision may be answered with, whichever it is."""

blueprint = APIBlueprint(
    "review",
    __name__,
    url_prefix="/v1",
    abp_tags=[Tag(name="review", description="From the unit to the reviewer and back")],
    abp_security=SECURITY,
)


class SubmitQuery(BaseModel):
    """How it is submitted."""

    model_config = ConfigDict(extra="forbid")

    acknowledge_findings: bool = Field(
        False, description="the unit knows that the submission did not pass, and submits it nevertheless"
    )


class QueueQuery(PageQuery):
    """Which part of the queue."""

    state: Literal["submitted", "taken", "returned", "accepted"] = Field(
        "submitted", description="`submitted` is what waits for a reviewer"
    )


class DecisionBody(BaseModel):
    """What the reviewer tells the unit."""

    model_config = ConfigDict(extra="forbid")

    note: str | None = Field(None, max_length=workflow.LONGEST_NOTE)


class ReturnBody(DecisionBody):
    """Why it is returned."""

    note: str = Field(min_length=1, max_length=workflow.LONGEST_NOTE)


@blueprint.post(
    "/submissions/<id>/review",
    summary="Submit for review",
    responses=answers(
        {200: SubmissionItem},
        "not-found",
        "not-finished",
        "check-failed",
        "has-findings",
        "already-in-review",
        "invalid-parameters",
        "role-not-allowed",
    ),
)
@allow(Role.UNIT, Role.ADMINISTRATOR)
def submit(path: SubmissionPath, query: SubmitQuery) -> Response:
    """Submit what passed, or knowingly what did not, to the reviewers."""
    return _changed(
        path.id,
        lambda session, row, who: workflow.submit(
            session, row, who, acknowledge_findings=query.acknowledge_findings, request_id=request_id()
        ),
    )


@blueprint.get(
    "/review",
    summary="The reviewers' queue",
    responses=answers({200: SubmissionList}, "invalid-parameters", "no-such-page", "role-not-allowed"),
)
@allow(Role.REVIEWER, Role.ADMINISTRATOR)
def queue(query: QueueQuery) -> Response:
    """List what is in review, longest waiting first, a page at a time."""
    after = _place(id_of_cursor(query.cursor))
    with services().database.read() as session:
        rows = workflow.queue(session, [ReviewState(query.state)], limit=query.limit + 1, after=after)
        items = [submission_item(row, row.documents, for_operator=False) for row in rows[: query.limit]]
    more = None
    if len(rows) > query.limit:
        last = rows[query.limit - 1]
        at = last.submitted_at.isoformat() if last.submitted_at else ""
        more = cursor_after(f"{at}{_SEPARATOR}{last.id}")
    return json_answer(SubmissionList(items=items, next=more))


@blueprint.post(
    "/review/<id>/take",
    summary="Take one",
    responses=answers({200: SubmissionItem}, "not-found", "not-in-queue", "role-not-allowed"),
)
@allow(Role.REVIEWER, Role.ADMINISTRATOR)
def take(path: SubmissionPath) -> Response:
    """Take a submission from the queue: the others see that somebody has it."""
    return _changed(path.id, lambda session, row, who: workflow.take(session, row, who, request_id()))


@blueprint.post(
    "/review/<id>/return",
    summary="Return it",
    responses=_DECIDED,
)
@allow(Role.REVIEWER, Role.ADMINISTRATOR)
def send_back(path: SubmissionPath, body: ReturnBody) -> Response:
    """Return a submission that was taken to its unit, and say why; the unit may submit it again."""
    return _decided(path.id, ReviewState.RETURNED, body.note)


@blueprint.post(
    "/review/<id>/accept",
    summary="Accept it",
    responses=_DECIDED,
)
@allow(Role.REVIEWER, Role.ADMINISTRATOR)
def accept(path: SubmissionPath, body: DecisionBody) -> Response:
    """Accept a submission that was taken."""
    return _decided(path.id, ReviewState.ACCEPTED, body.note)


@blueprint.get(
    "/submissions/<id>/packet",
    summary="The packet",
    responses=answers(
        {200: binary("application/zip", "A BagIt bag (RFC 8493) in a zip")},
        "not-found",
        "not-finished",
        "check-failed",
    ),
)
def packet(path: SubmissionPath) -> Response:
    """Give the packet: originals, record, report and audit extract, with a manifest of SHA-256 digests."""
    services_ = services()
    with services_.database.write() as session:
        row = _found(find_submission(session, identity(), path.id), path.id)
        try:
            made = make_packet(session, services_.store, row, in_form)
        except PacketIncompleteError as error:
            raise _unfinished(row) from error
        audit.note(session, identity(), "packet.read", path.id, request_id())
    response = Response(made.pieces, content_type="application/zip", direct_passthrough=True)
    response.headers["Content-Length"] = str(made.size)
    response.headers["Content-Disposition"] = attachment(made.file_name)
    return response


def _decided(submission_id: str, decision: ReviewState, note: str | None) -> Response:
    return _changed(
        submission_id,
        lambda session, row, who: workflow.decide(
            session, row, who, decision, note_text=note, request_id=request_id()
        ),
    )


def _changed(submission_id: str, change: Callable[[Session, Submission, Identity], None]) -> Response:
    who = identity()
    with services().database.write() as session:
        _found(find_submission(session, who, submission_id), submission_id)
        row = _found(workflow.locked(session, submission_id), submission_id)
        try:
            change(session, row, who)
        except workflow.NotFinishedError as error:
            raise _unfinished(row) from error
        except workflow.ReviewError as error:
            raise ProblemError(error.slug, review=str(row.review)) from error
        session.flush()
        item = submission_item(row, row.documents, for_operator=False)
    return json_answer(item)


def _found(row: Submission | None, submission_id: str) -> Submission:
    if row is None:
        raise not_found(submission_id)
    return row


def _unfinished(row: Submission) -> ProblemError:
    if row.status == SubmissionStatus.FAILED:
        return ProblemError("check-failed")
    return ProblemError("not-finished", status=str(row.status))


def _place(cursor: str | None) -> tuple[str, str] | None:
    """Where the page before ended.

    Raises:
        ProblemError: the cursor is none of ours.
    """
    if cursor is None:
        return None
    at, _, last = cursor.partition(_SEPARATOR)
    try:
        if datetime.fromisoformat(at).tzinfo is not None and last.startswith("sub_"):
            return at, last
    except ValueError:
        pass
    raise bad_cursor()
