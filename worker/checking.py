"""The job CHECK: one submission, from its bytes in the store to its report."""

from __future__ import annotations

import io
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reports.data import json_bytes
from schemas.errors import PackError, UnreadableReason, UsageError
from storage import submissions
from storage.submissions import Original, Outcome, ToCheck
from worker.gathering.submissions import Submission as Gathered
from worker.gathering.submissions import submissions as gather
from worker.originals import fetched, named
from worker.process import Handler, HopelessError, Job, Process
from worker.sandbox import CheckDocument, CheckRequest, CheckResult

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from storage.jobs import Claim


class CheckFailedError(Exception):
    """The program failed on a check; another try may do better."""


_LIGHT_BYTES = 8 * 1024 * 1024
"""So much is fetched and, if it is an archive, unpacked while another submission waits for it."""


def _look(session: Session, held: Claim) -> ToCheck | None:
    return submissions.look(session, held.subject_id)


def _is_light(submission: ToCheck) -> bool:
    return sum(original.size for original in submission.documents) <= _LIGHT_BYTES


def _run(process: Process, job: Job) -> Iterator[Future[CheckResult]]:
    submission: ToCheck = job.subject
    with tempfile.TemporaryDirectory(dir=process.workspace) as folder:
        read = [
            (original, tuple(_read(process, original, Path(folder)))) for original in submission.documents
        ]
        infected = dict(filter(None, (_infection(original, documents) for original, documents in read)))
        for digest in infected:
            process.store.quarantine(digest)
        answer = process.pool.submit(_request(submission, tuple(d for _, each in read for d in each)))
        yield answer
        result = _judged(answer)
    if result.report is None:
        raise CheckFailedError(result.failure)
    outcome = _stored(process, result.report)

    def complete(session: Session) -> None:
        submissions.mark_infected(session, submission, infected)
        submissions.complete(session, process.store, job.held, outcome)

    process.patiently(complete)


def _infection(original: Original, documents: Sequence[CheckDocument]) -> tuple[str, str] | None:
    """Digest of a file that is infected or holds one that is, and with what; None if it is clean."""
    found = next((d.detail for d in documents if d.failure is UnreadableReason.INFECTED), None)
    return None if found is None or original.sha256 is None else (original.sha256, found)


def _request(submission: ToCheck, documents: tuple[CheckDocument, ...]) -> CheckRequest:
    return CheckRequest(
        documents=documents,
        pack_id=submission.pack,
        class_id=submission.class_given,
        filed_on=submission.filed_on,
    )


def _read(process: Process, original: Original, folder: Path) -> Iterator[CheckDocument]:
    """What one file gives: itself, or what is in it if it is an archive, as with ``check --together``."""
    path = fetched(process.store, original, folder) if original.sha256 else None
    if path is None or original.failure:
        failure = UnreadableReason(original.failure) if original.failure else None
        yield CheckDocument(original.name, path, failure, original.detail)
        return
    for item in gather([path], folder, together=True, screen=process.screen):
        if isinstance(item, Gathered):
            yield from map(CheckDocument.of, named(item, path, original.name).files)


def _judged(answer: Future[CheckResult]) -> CheckResult:
    try:
        return answer.result()
    except (UsageError, PackError) as error:
        raise HopelessError(f"规则包或种类已不可用：{error}") from error


def _stored(process: Process, report: dict[str, Any]) -> Outcome:
    return Outcome(
        conclusion=report["conclusion"],
        document_class=report["document_class"],
        report=process.store.put(io.BytesIO(json_bytes(report, indent=2) + b"\n")),
        found=Counter((finding["code"], finding["severity"]) for finding in report["findings"]),
        media_types={d["sha256"]: d["media_type"] for d in report["documents"] if d["media_type"]},
    )


HANDLER = Handler(_look, _run, submissions.fail, submissions.begin, overlaps=True, light=_is_light)
