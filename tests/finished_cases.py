"""Submissions that are finished, without a worker having checked them."""

import io
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy.orm import selectinload

from storage import jobs, submissions
from storage.database import Database
from storage.models import JobKind, Submission
from storage.objects import ObjectStore
from storage.submissions import Caller, HandedIn, Options, Outcome


def accepted(
    database: Database,
    store: ObjectStore,
    files: Sequence[tuple[str, bytes]] = (("方案.docx", b"original"),),
    *,
    unit: str = "区教育局",
    callback_url: str | None = None,
) -> str:
    """The id of a submission that is owed."""
    handed = [HandedIn(name, store.put(io.BytesIO(data))) for name, data in files]
    options = Options("jinjiang-2023", callback_url=callback_url)
    with database.write() as session:
        return submissions.accept(session, store, handed, options, Caller("key_unit", unit, "req-1")).id


def complete(
    database: Database,
    store: ObjectStore,
    submission_id: str,
    conclusion: str = "pass",
    report: bytes = b"{}",
) -> None:
    """Finish the submission, which must be the only one that is owed."""
    with database.write() as session:
        held = jobs.claim(session, f"lease-{submission_id[-20:]}", timedelta(minutes=1), [JobKind.CHECK])
        assert held is not None
        assert held.subject_id == submission_id
        submissions.begin(session, held)
    outcome = Outcome(
        conclusion, "contract-filing", store.put(io.BytesIO(report)), {("section-missing", "error"): 2}
    )
    with database.write() as session:
        submissions.complete(session, store, held, outcome)


def finished(database: Database, store: ObjectStore, *args, conclusion: str = "pass", **options) -> str:
    """The id of a finished submission."""
    submission_id = accepted(database, store, *args, **options)
    complete(database, store, submission_id, conclusion, submission_id.encode())
    return submission_id


def read(database: Database, submission_id: str) -> Submission:
    with database.read() as session:
        loaded = [selectinload(Submission.results)]
        return session.get_one(Submission, submission_id, options=loaded)
