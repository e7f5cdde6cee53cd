"""What came of a submission, and its originals; every read of them is audited."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from flask import Response, request
from flask_openapi3 import APIBlueprint, Tag

from intake.api.answers import SECURITY, answers, binary, is_fresh, made_answer, stored_answer
from intake.api.forms import RECORD, in_form
from intake.api.problems import ProblemError, not_found, request_id
from intake.api.services import identity, services
from intake.api.shapes import DocumentPath, SubmissionPath
from intake.api.submissions import found
from schemas.version import VERSION
from storage import audit
from storage.models import INFECTED, Result, Submission, SubmissionStatus
from storage.queries import find_submission
from storage.submissions import REPORT

RETRY_SECONDS = 2
"""What a caller is told to wait for a report that is not there yet."""

blueprint = APIBlueprint(
    "reports",
    __name__,
    url_prefix="/v1/submissions",
    abp_tags=[Tag(name="reports", description="What came of a submission")],
    abp_security=SECURITY,
)


@dataclass(frozen=True, slots=True)
class _Form:
    """A form of the report: its name, its media type, the suffix of a saved file."""

    name: str
    media_type: str
    suffix: str = ""


_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_FORMS = {
    "application/json": _Form("json", "application/json"),
    "text/html": _Form("html", "text/html; charset=utf-8"),
    "text/plain": _Form("text", "text/plain; charset=utf-8"),
    _DOCX: _Form("docx", _DOCX, "docx"),
}
_HTML_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'; sandbox"
)
"""A report quotes what strangers wrote: were there ever a script in it, it would not run."""

_JSON_OBJECT: dict[str, Any] = {"content": {"application/json": {"schema": {"type": "object"}}}}
_REPORT_ANSWER = {
    "description": "The report; its JSON is that of `yushen check --format json`",
    "content": {
        "application/json": {"schema": {"type": "object"}},
        "text/html": {"schema": {"type": "string"}},
        "text/plain": {"schema": {"type": "string"}},
        _DOCX: {"schema": {"type": "string", "format": "binary"}},
    },
}
_NOT_MODIFIED = {"description": "The caller has it already (`If-None-Match`)"}


@blueprint.get(
    "/<id>/report",
    summary="The report",
    responses=answers(
        {200: _REPORT_ANSWER, 304: _NOT_MODIFIED},
        "not-found",
        "not-finished",
        "check-failed",
        "not-acceptable",
    ),
)
def report(path: SubmissionPath) -> Response:
    """Give the report in the form that `Accept` asks for: JSON, HTML, plain text or Word (补正告知书)."""
    form = _wanted()
    with services().database.write() as session:
        row = found(find_submission(session, identity(), path.id), path.id)
        kept = _report(row)
        tag = _tag(kept, form.name)
        if not is_fresh(tag):
            audit.note(session, identity(), "report.read", path.id, request_id(), form=form.name)
    headers = {"Vary": "Accept"}
    if form.name == "html":
        headers["Content-Security-Policy"] = _HTML_POLICY
    name = f"{path.id}.{form.suffix}" if form.suffix else None
    if form.name == REPORT:
        return stored_answer(kept.sha256, kept.size, form.media_type, name=name, headers=headers)
    return made_answer(
        lambda: in_form(kept.sha256, form.name), tag, form.media_type, name=name, headers=headers
    )


@blueprint.get(
    "/<id>/record",
    summary="The record",
    responses=answers(
        {200: {"description": "The facts that were read", **_JSON_OBJECT}, 304: _NOT_MODIFIED},
        "not-found",
        "not-finished",
        "check-failed",
    ),
)
def record(path: SubmissionPath) -> Response:
    """Give the record: the facts that were read from the documents, without judgement."""
    with services().database.write() as session:
        row = found(find_submission(session, identity(), path.id), path.id)
        kept = _report(row)
        tag = _tag(kept, RECORD)
        if not is_fresh(tag):
            audit.note(session, identity(), "record.read", path.id, request_id())
    return made_answer(lambda: in_form(kept.sha256, RECORD), tag, "application/json")


@blueprint.get(
    "/<id>/documents/<sha256>",
    summary="An original",
    responses=answers(
        {200: binary("application/octet-stream", "The file, byte by byte as it came"), 304: _NOT_MODIFIED},
        "not-found",
        "not-finished",
    ),
)
def document(path: DocumentPath) -> Response:
    """Give an original, byte by byte as it was handed in: once it was scanned, and no infected one."""
    with services().database.write() as session:
        row = found(find_submission(session, identity(), path.id), path.id)
        original = next((d for d in row.documents if d.sha256 == path.sha256), None)
        if original is None or original.failure == INFECTED:
            raise not_found(path.sha256)
        if services().settings.clamav and row.finished_at is None:
            # Nobody has looked yet whether it is infected.
            raise ProblemError(
                "not-finished", status=str(row.status), headers={"Retry-After": str(RETRY_SECONDS)}
            )
        if not is_fresh(path.sha256):
            audit.note(session, identity(), "document.read", path.id, request_id(), sha256=path.sha256)
    # Always as bytes to be saved: a browser must not open what a stranger sent under our address.
    return stored_answer(path.sha256, original.size, "application/octet-stream", name=original.name)


def _wanted() -> _Form:
    if not request.accept_mimetypes:
        return _FORMS["application/json"]
    best = request.accept_mimetypes.best_match(_FORMS)
    if best is None:
        raise ProblemError("not-acceptable", available="、".join(_FORMS))
    return _FORMS[best]


def _tag(kept: Result, form: str) -> str:
    """The ETag of a form: other versions of this program may make other bytes of the same report."""
    if form == REPORT:
        return kept.sha256
    return hashlib.sha256(f"{kept.sha256} {form} {VERSION}".encode()).hexdigest()


def _report(row: Submission) -> Result:
    """The report of a submission, as it is kept.

    Raises:
        ProblemError: there is none yet, or there will be none.
    """
    if row.status == SubmissionStatus.FAILED:
        raise ProblemError("check-failed")
    if row.status != SubmissionStatus.DONE:
        raise ProblemError(
            "not-finished", status=str(row.status), headers={"Retry-After": str(RETRY_SECONDS)}
        )
    return next(result for result in row.results if result.form == REPORT)
