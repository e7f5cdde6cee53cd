"""The job PURGE: deletes what is past its time, and owes the next purge."""

from __future__ import annotations

import dataclasses
import logging
from typing import TYPE_CHECKING

from storage import jobs, purge
from storage.models import now
from worker.process import Handler, Job, Process

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from storage.jobs import Claim

LOOKS_THROUGH_AT = 19
"""Hour of the day, UTC, in which a purge looks through the whole store: at night in China."""

_log = logging.getLogger("yushen.purge")


def _begin(session: Session, held: Claim) -> Claim:
    return held


def _run(process: Process, job: Job) -> None:
    purged = purge.purge(
        process.database,
        process.store,
        process.settings,
        job.lost.is_set,
        look_through=now().hour == LOOKS_THROUGH_AT,
    )

    def settle(session: Session) -> None:
        jobs.finish(session, job.held)
        session.flush()
        purge.schedule(session, after=purge.EVERY)

    process.patiently(settle)
    if any(dataclasses.astuple(purged)):
        _log.info("purged", extra=dataclasses.asdict(purged))


def _fail(session: Session, subject: str, reason: str) -> None:
    """Nobody waits for it: the sweeper owes another, and the job says why."""


HANDLER = Handler(_begin, _run, _fail)
