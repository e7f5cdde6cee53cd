"""Batches: many submissions in one request, their progress, items and summary."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

from flask import Response, request
from flask_openapi3 import APIBlueprint, Tag
from sqlalchemy.orm import Session

from intake.api.access import admit_still, allow, uploads
from intake.api.answers import (
    SECURITY,
    answers,
    attachment,
    bad_cursor,
    cursor_after,
    id_of_cursor,
    json_answer,
)
from intake.api.handing_in import FILE, form_schema, handed_in
from intake.api.options import BATCH_FIELDS, EACH
from intake.api.problems import ProblemError, not_found, request_id
from intake.api.services import caller, identity, services
from intake.api.shapes import (
    BatchItem,
    BatchList,
    BatchPath,
    BatchSummary,
    PageQuery,
    SubmissionList,
    SubmitHeader,
    SummaryLine,
    batch_item,
    submission_item,
)
from intake.api.submissions import FORM_PROBLEMS, is_operator
from storage import audit
from storage.models import Batch, BatchStatus, Role, Submission, SubmissionStatus
from storage.queries import batch_items, batch_progress, find_batch, finding_counts, is_over, list_batches
from storage.removal import cancel_batch
from storage.submissions import IdempotencyConflictError, accept_batch, again

blueprint = APIBlueprint(
    "batches",
    __name__,
    url_prefix="/v1/batches",
    abp_tags=[Tag(name="batches", description="Many submissions in one request")],
    abp_security=SECURITY,
)

_FIELDS = {
    "archive": {
        **FILE,
        "description": "zip, 7z, rar or tar: each sub-folder is one submission, each loose file one",
    },
    "files": {
        "type": "array",
        "minItems": 1,
        "items": FILE,
        "description": "instead: each file is one submission",
    },
    "each": {
        "type": "string",
        "enum": [*EACH, ""],
        "description": "what of an archive is one submission instead: each `file`, or all of it (`folder`)",
    },
}
_EITHER = [
    {"not": {"required": ["archive", "files"]}},
    {"not": {"properties": {"archive": {"not": {}}, "files": {"not": {}}}}},
]
"""The one or the other, in words that tools which make up requests take rightly; ``oneOf`` they do not."""

_SUMMARY = {
    "description": "What came of each submission",
    "content": {
        "application/json": {"schema": {"$ref": "#/components/schemas/BatchSummary"}},
        "text/csv": {"schema": {"type": "string"}},
    },
}


@blueprint.post(
    "",
    summary="Hand in a batch",
    responses=answers({202: BatchItem}, *FORM_PROBLEMS),
    openapi_extensions=form_schema(_FIELDS, allOf=_EITHER),
)
@allow(Role.UNIT, Role.ADMINISTRATOR)
@uploads
def submit(header: SubmitHeader) -> Response:
    """Hand in many submissions: one `archive`, or several `files` of which each is a submission."""
    form, options, idempotency = handed_in(("archive", "files"), BATCH_FIELDS)
    files = [file for _, file in form.files]
    if len(files) > 1 and any(field == "archive" for field, _ in form.files):
        raise ProblemError(
            "invalid-field",
            field="archive",
            why="一次只能给一个压缩包，且不能同时给 files。多个压缩包请分几次提交。",
            why_en="give one archive and no other files.",
        )
    services_ = services()
    try:
        with services_.database.write() as session:
            admit_still(session)
            accepted = accept_batch(
                session, services_.store, files, options, caller(), idempotency=idempotency
            )
    except IdempotencyConflictError as error:
        raise ProblemError("idempotency-mismatch") from error
    headers = {"Location": f"/v1/batches/{accepted.id}"}
    if accepted.repeated:
        headers["Idempotent-Replayed"] = "true"
    else:
        services_.hint()
    with services_.database.read() as session:
        row = find_batch(session, identity(), accepted.id)
        if row is None:
            raise ProblemError("deleted")
        item = _told(session, row)
    return json_answer(item, 202, headers)


@blueprint.get(
    "", summary="List batches", responses=answers({200: BatchList}, "invalid-parameters", "no-such-page")
)
def list_all(query: PageQuery) -> Response:
    """List the batches that the key may see, newest first, a page at a time."""
    before = id_of_cursor(query.cursor)
    if before and not before.startswith("bat_"):
        raise bad_cursor()
    with services().database.read() as session:
        rows = list_batches(session, identity(), query.limit + 1, before)
        page = rows[: query.limit]
        progress = batch_progress(session, [row.id for row in page])
        items = [batch_item(row, progress[row.id], for_operator=is_operator()) for row in page]
    more = cursor_after(items[-1].id) if len(rows) > query.limit else None
    return json_answer(BatchList(items=items, next=more))


@blueprint.get("/<id>", summary="How far a batch is", responses=answers({200: BatchItem}, "not-found"))
def status(path: BatchPath) -> Response:
    """Say how far a batch is."""
    with services().database.read() as session:
        item = _told(session, _found(session, path))
    return json_answer(item)


@blueprint.get(
    "/<id>/items",
    summary="The submissions of a batch",
    responses=answers({200: SubmissionList}, "not-found", "invalid-parameters", "no-such-page"),
)
def items(path: BatchPath, query: PageQuery) -> Response:
    """List the submissions of a batch in its order, a page at a time."""
    after = id_of_cursor(query.cursor)
    if after is not None and not (after.isdecimal() and len(after) < 10):
        raise bad_cursor()
    with services().database.read() as session:
        _found(session, path)
        rows = batch_items(session, path.id, query.limit + 1, int(after) if after else -1)
        page = rows[: query.limit]
        told = [submission_item(row, row.documents, for_operator=is_operator()) for row in page]
    more = cursor_after(page[-1].batch_position or 0) if len(rows) > query.limit else None
    return json_answer(SubmissionList(items=told, next=more))


@blueprint.get(
    "/<id>/summary",
    summary="What came of a batch",
    responses=answers({200: _SUMMARY}, "not-found", "not-acceptable"),
)
def summary(path: BatchPath) -> Response:
    """Say what came of each submission, as JSON or, by `Accept: text/csv`, as a table for a spreadsheet."""
    form = "application/json"
    if request.accept_mimetypes:
        form = request.accept_mimetypes.best_match(["application/json", "text/csv"]) or ""
    if not form:
        raise ProblemError("not-acceptable", available="application/json、text/csv")
    with services().database.read() as session:
        row = _found(session, path)
        told = _told(session, row)
        rows = batch_items(session, path.id)
        counts = finding_counts(session, path.id)
    lines = [_line(item, counts.get(item.id, {})) for item in rows]
    if form == "text/csv":
        return _csv(path.id, lines)
    answer = json_answer(BatchSummary(id=path.id, status=told.status, counts=told.counts, items=lines))
    answer.vary.add("Accept")
    return answer


@blueprint.post(
    "/<id>/cancel",
    summary="Cancel a batch",
    responses=answers({200: BatchItem}, "not-found", "batch-over", "role-not-allowed"),
)
@allow(Role.UNIT, Role.ADMINISTRATOR)
def cancel(path: BatchPath) -> Response:
    """Check nothing more of a batch: what is not begun is withdrawn, what is begun comes to its end."""
    with services().database.write() as session:
        row = _found(session, path)
        if is_over(row):
            raise ProblemError("batch-over", status=str(row.status), action="取消")
        withdrawn = cancel_batch(session, row)
        audit.note(session, identity(), "batch.cancelled", path.id, request_id(), withdrawn=withdrawn)
        item = _told(session, row)
    return json_answer(item)


@blueprint.post(
    "/<id>/retry",
    summary="Check the failed submissions of a batch again",
    responses=answers({202: BatchItem}, "not-found", "batch-over", "role-not-allowed"),
)
@allow(Role.UNIT, Role.ADMINISTRATOR)
def retry(path: BatchPath) -> Response:
    """Check again those submissions of a batch on which the program failed."""
    with services().database.write() as session:
        row = _found(session, path)
        if row.status == BatchStatus.CANCELLED:
            raise ProblemError("batch-over", status=str(row.status), action="重试")
        failed = [s for s in batch_items(session, path.id) if s.status == SubmissionStatus.FAILED]
        for submission in failed:
            again(session, submission)
        audit.note(session, identity(), "batch.retried", path.id, request_id(), failed=len(failed))
        session.flush()
        item = _told(session, row)
    if failed:
        services().hint()
    return json_answer(item, 202)


def _found(session: Session, path: BatchPath) -> Batch:
    row = find_batch(session, identity(), path.id)
    if row is None:
        raise not_found(path.id)
    return row


def _told(session: Session, row: Batch) -> BatchItem:
    return batch_item(row, batch_progress(session, [row.id])[row.id], for_operator=is_operator())


def _line(row: Submission, counts: dict[str, int]) -> SummaryLine:
    return SummaryLine(
        position=(row.batch_position or 0) + 1,
        id=row.id,
        title=row.title,
        status=SubmissionStatus(row.status),
        conclusion=row.conclusion,  # type: ignore[arg-type]  # validated here
        document_class=row.document_class or row.class_given,
        errors=counts.get("error", 0),
        warnings=counts.get("warning", 0),
    )


def _csv(batch_id: str, lines: Sequence[SummaryLine]) -> Response:
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(SummaryLine.model_json_schema(mode="serialization")["properties"])
    for line in lines:
        table.writerow(_harmless(value) for value in line.model_dump(mode="json", by_alias=True).values())
    # With a byte order mark, without which spreadsheets take UTF-8 for the system's character set.
    response = Response(text.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = attachment(f"{batch_id}.csv")
    response.vary.add("Accept")
    return response


def _harmless(value: Any) -> Any:
    """A title may not begin like a formula: a spreadsheet would run it."""
    return (
        f"'{value}"
        if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r"))
        else value
    )
