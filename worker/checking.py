"""The job CHECK: one submission, from its bytes in the store to its report in all forms."""

from __future__ import annotations

import io
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reports.data import json_bytes
from schemas.errors import PackError, UnreadableReason, UsageError
from storage import submissions
from storage.models import Submission, SubmittedDocument
from storage.submissions import Outcome
from worker.process import Handler, HopelessError, Job, Process
from worker.sandbox import CheckDocument, CheckRequest, CheckResult, Rendering

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from storage.jobs import Claim

RENDERINGS = (Rendering("html"), Rendering("text"), Rendering("docx"))
"""Forms beside JSON and the record, made while the report is at hand."""


class CheckFailedError(Exception):
    """The program failed on a check; another try may do better."""


def _begin(session: Session, held: Claim) -> Submission | None:
    return submissions.begin(session, held.subject_id)


def _run(process: Process, job: Job) -> None:
    submission: Submission = job.subject
    with tempfile.TemporaryDirectory(dir=process.workspace) as folder:
        result = _judged(process, _request(process, submission, Path(folder)))
    if result.report is None:
        raise CheckFailedError(result.failure)
    outcome = _stored(process, result.report, result.rendered)
    process.patiently(lambda session: submissions.complete(session, process.store, job.held, outcome))


def _request(process: Process, submission: Submission, folder: Path) -> CheckRequest:
    return CheckRequest(
        documents=tuple(_document(process, d, folder) for d in submission.documents),
        pack_id=submission.pack,
        class_id=submission.class_given,
        filed_on=submission.filed_on,
        renderings=RENDERINGS,
    )


def _document(process: Process, document: SubmittedDocument, folder: Path) -> CheckDocument:
    path = None
    if document.sha256 is not None:
        path = folder / f"{document.position:06d}"
        process.store.fetch(document.sha256, path)
    failure = UnreadableReason(document.failure) if document.failure else None
    return CheckDocument(document.name, path, failure, document.detail)


def _judged(process: Process, request: CheckRequest) -> CheckResult:
    try:
        [result] = process.pool.map([request])
    except (UsageError, PackError) as error:
        raise HopelessError(f"规则包或种类已不可用：{error}") from error
    return result


def _stored(process: Process, report: dict[str, Any], rendered: tuple[bytes, ...]) -> Outcome:
    forms = {
        "json": json_bytes(report, indent=2) + b"\n",
        "record": json_bytes(report["record"], indent=2) + b"\n",
        **{rendering.form: document for rendering, document in zip(RENDERINGS, rendered, strict=True)},
    }
    return Outcome(
        conclusion=report["conclusion"],
        document_class=report["document_class"],
        forms={form: process.store.put(io.BytesIO(data)) for form, data in forms.items()},
        found=Counter((finding["code"], finding["severity"]) for finding in report["findings"]),
        media_types=[document["media_type"] for document in report["documents"]],
    )


HANDLER = Handler(_begin, _run, submissions.fail)
