"""Submissions: handing in, how far they are, lists, deletion, events."""

from __future__ import annotations

from flask import Response
from flask_openapi3 import APIBlueprint, Tag

from intake.api import waiting
from intake.api.access import admit_still, allow, uploads
from intake.api.answers import SECURITY, answers, bad_cursor, cursor_after, id_of_cursor, json_answer
from intake.api.handing_in import FILE, form_schema, handed_in
from intake.api.problems import ProblemError, not_found, request_id
from intake.api.services import caller, identity, services
from intake.api.shapes import (
    EventItem,
    EventList,
    SubmissionItem,
    SubmissionList,
    SubmissionPath,
    SubmissionQuery,
    SubmitHeader,
    submission_item,
)
from storage import audit
from storage.models import ReviewState, Role, Submission, SubmissionStatus
from storage.queries import Filters, events_of, find_submission, list_submissions, tell_submission
from storage.removal import remove_submission
from storage.submissions import IdempotencyConflictError, accept

blueprint = APIBlueprint(
    "submissions",
    __name__,
    url_prefix="/v1/submissions",
    abp_tags=[Tag(name="submissions", description="What is judged together")],
    abp_security=SECURITY,
)

_IN_REVIEW = (ReviewState.SUBMITTED, ReviewState.TAKEN, ReviewState.ACCEPTED)
_FILES = {
    "files": {
        "type": "array",
        "minItems": 1,
        "items": FILE,
        "description": "the document and its attachments",
    }
}
FORM_PROBLEMS = (
    "not-found",
    "no-files",
    "not-a-file",
    "not-a-text",
    "empty-file",
    "unknown-field",
    "repeated-field",
    "invalid-field",
    "unknown-pack",
    "unknown-class",
    "invalid-parameters",
    "idempotency-mismatch",
    "deleted",
    "request-too-large",
    "file-too-large",
    "too-many-files",
    "upload-missing",
    "unsupported-media-type",
    "role-not-allowed",
)


@blueprint.post(
    "",
    summary="Hand in a submission",
    responses=answers({200: SubmissionItem, 202: SubmissionItem}, *FORM_PROBLEMS),
    openapi_extensions=form_schema(_FILES, anyOf=[{"required": ["files"]}, {"required": ["uploads"]}]),
)
@allow(Role.UNIT, Role.ADMINISTRATOR)
@uploads
def submit(header: SubmitHeader) -> Response:
    """Hand in one submission: a document, or a document with its attachments, in the form field `files`.

    The answer is 202 once the bytes are durable. With `Prefer: wait=SECONDS` it is 200 if the check was over
    in that time. A call with an `Idempotency-Key` may be repeated: it gives the submission of the first.
    """
    form, options, idempotency = handed_in(("files",))
    files = [file for _, file in form.files]
    services_ = services()
    try:
        with services_.database.write() as session:
            admit_still(session)
            accepted = accept(session, services_.store, files, options, caller(), idempotency=idempotency)
    except IdempotencyConflictError as error:
        raise ProblemError("idempotency-mismatch") from error
    if not accepted.repeated:
        services_.hint()
    seconds = waiting.wished(header.prefer)
    headers = {"Location": f"/v1/submissions/{accepted.id}"}
    if seconds is not None and waiting.wait(accepted.id, seconds):
        headers["Preference-Applied"] = f"wait={seconds}"
    if accepted.repeated:
        headers["Idempotent-Replayed"] = "true"
    return _told(accepted.id, headers, waited=seconds is not None)


def _told(submission_id: str, headers: dict[str, str], *, waited: bool) -> Response:
    with services().database.read() as session:
        known = tell_submission(session, identity(), submission_id)
    if known is None:
        raise ProblemError("deleted")
    item = submission_item(known.submission, known.documents, for_operator=is_operator())
    over = item.status in (SubmissionStatus.DONE, SubmissionStatus.FAILED)
    return json_answer(item, 200 if waited and over else 202, headers)


@blueprint.get(
    "",
    summary="List submissions",
    responses=answers({200: SubmissionList}, "invalid-parameters", "no-such-page"),
)
def list_all(query: SubmissionQuery) -> Response:
    """List the submissions that the key may see, newest first, a page at a time."""
    before = id_of_cursor(query.cursor)
    if before and not before.startswith("sub_"):
        raise bad_cursor()
    filters = Filters(
        query.status, query.conclusion, query.document_class, query.unit, query.project, query.batch
    )
    with services().database.read() as session:
        rows = list_submissions(session, identity(), filters, query.limit + 1, before)
        shown = rows[: query.limit]
        items = [submission_item(row, row.documents, for_operator=is_operator()) for row in shown]
    more = cursor_after(items[-1].id) if len(rows) > query.limit else None
    return json_answer(SubmissionList(items=items, next=more))


@blueprint.get(
    "/<id>",
    summary="How far a submission is",
    responses=answers({200: SubmissionItem}, "not-found"),
)
def status(path: SubmissionPath) -> Response:
    """Say how far a submission is."""
    with services().database.read() as session:
        known = tell_submission(session, identity(), path.id)
    if known is None:
        raise not_found(path.id)
    return json_answer(submission_item(known.submission, known.documents, for_operator=is_operator()))


@blueprint.get(
    "/<id>/events",
    summary="What happened to a submission",
    responses=answers({200: EventList}, "not-found"),
)
def events(path: SubmissionPath) -> Response:
    """List what happened to a submission, in order."""
    with services().database.read() as session:
        found(find_submission(session, identity(), path.id), path.id)
        items = [EventItem(at=e.at, kind=e.kind, data=e.data) for e in events_of(session, path.id)]
    return json_answer(EventList(items=items))


@blueprint.delete(
    "/<id>",
    summary="Delete a submission",
    responses=answers({204: None}, "not-found", "in-review", "role-not-allowed"),
)
@allow(Role.UNIT, Role.ADMINISTRATOR)
def delete(path: SubmissionPath) -> Response:
    """Delete a submission with its originals and report; one that is being checked is given up.

    A unit cannot delete what is in review or was accepted.
    """
    with services().database.write() as session:
        row = found(find_submission(session, identity(), path.id), path.id)
        if identity().role is Role.UNIT and row.review in _IN_REVIEW:
            raise ProblemError("in-review", review=str(row.review))
        remove_submission(session, row)
        audit.note(session, identity(), "submission.deleted", path.id, request_id())
    return Response(status=204)


def found(row: Submission | None, submission_id: str) -> Submission:
    """``row``, where there is one.

    Raises:
        ProblemError: there is none.
    """
    if row is None:
        raise not_found(submission_id)
    return row


def is_operator() -> bool:
    """Whether the caller may know why the program failed."""
    return identity().role is Role.ADMINISTRATOR
