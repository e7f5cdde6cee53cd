"""The job UNPACK: a batch, told apart into submissions as ``yushen check`` tells its paths apart."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from storage import jobs, submissions
from storage.models import Batch
from storage.submissions import HandedIn
from worker.gathering.submissions import File, Notice, Submission, discard
from worker.gathering.submissions import submissions as gather
from worker.originals import fetched, named
from worker.process import Handler, Job, Process

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from storage.jobs import Claim

_AT_ONCE = 20
"""Submissions promised in one transaction: few enough that others need not wait for the database."""


def _begin(session: Session, held: Claim) -> Batch | None:
    batch = session.get(Batch, held.subject_id)
    return batch if batch and batch.gathered_at is None and batch.finished_at is None else None


def _run(process: Process, job: Job) -> None:
    """Promise every submission of the batch; what an earlier attempt promised is found by its position."""
    batch: Batch = job.subject
    notes: list[str] = []
    waiting: list[tuple[int, Submission]] = []
    position = 0
    with tempfile.TemporaryDirectory(dir=process.workspace) as folder:
        for item in _items(process, batch, Path(folder)):
            if isinstance(item, Notice):
                notes.append(item.text)
                continue
            waiting.append((position, item))
            position += 1
            if len(waiting) == _AT_ONCE:
                _promise(process, job, waiting, Path(folder))
                waiting.clear()
        _promise(process, job, waiting, Path(folder))

    def end(session: Session) -> None:
        jobs.finish(session, job.held)
        if kept := session.get(Batch, batch.id):
            submissions.gathered(session, kept, notes)

    process.patiently(end)


def _items(process: Process, batch: Batch, folder: Path) -> Iterator[Submission | Notice]:
    """Submissions and notices of all files, under the names that these were handed in with."""
    workspace = folder / "unpacked"
    workspace.mkdir()
    each = submissions.options_of(batch).each
    for file in batch.files:
        path = fetched(process.store, file, folder)
        for item in gather(
            [path], workspace, together=each == "folder", apart=each == "file", screen=process.screen
        ):
            match item:
                case Submission():
                    yield named(item, path, file.name)
                case Notice():
                    yield item


def _promise(process: Process, job: Job, found: Sequence[tuple[int, Submission]], folder: Path) -> None:
    """Make the bytes durable, then the promise; the lease is held to the end of it."""
    handed = [(position, one.title, [_handed(process, f) for f in one.files]) for position, one in found]
    with process.database.write() as session:
        jobs.heartbeat(session, job.held, process.settings.lease)
        batch = session.get_one(Batch, job.held.subject_id)
        for position, title, files in handed:
            submissions.add_to_batch(session, process.store, batch, position, title, files)
    for _, submission in found:
        discard(submission, folder / "unpacked")
    process.hint()


def _handed(process: Process, file: File) -> HandedIn:
    if file.path is None:
        return HandedIn(file.name, None, file.failure, file.detail)
    with file.path.open("rb") as stream:
        return HandedIn(file.name, process.store.put(stream), file.failure, file.detail)


HANDLER = Handler(_begin, _run, submissions.fail_batch)
