"""``Prefer: wait=SECONDS``: answers when a submission is over, for who has the patience."""

from __future__ import annotations

import re
import time

from intake.api.services import services
from storage.models import SubmissionStatus
from storage.queries import status_of

_WAIT = re.compile(r"(?i)(?:^|,)\s*wait\s*=\s*\"?(\d{1,9})\"?\s*(?:[;,]|$)")
_FIRST_PAUSE = 0.05
_LONGEST_PAUSE = 0.5


def wished(prefer: str | None) -> int | None:
    """The seconds that a ``Prefer`` header asks to wait, as far as the settings allow; None for none."""
    match = _WAIT.search(prefer or "")
    return min(int(match[1]), services().settings.max_wait_seconds) if match else None


def wait(submission_id: str, seconds: int) -> bool:
    """Wait until a submission is over, or gone, but no longer than ``seconds``.

    Returns:
        False if there was no place to wait in; a wish, not an order, so that is no error.
    """
    if not services().waiters.acquire(blocking=False):
        return False
    try:
        _poll(submission_id, time.monotonic() + seconds)
    finally:
        services().waiters.release()
    return True


def _poll(submission_id: str, deadline: float) -> None:
    pause = _FIRST_PAUSE
    while not _is_over(submission_id) and (left := deadline - time.monotonic()) > 0:
        time.sleep(min(pause, left))
        pause = min(pause * 1.5, _LONGEST_PAUSE)


def _is_over(submission_id: str) -> bool:
    with services().database.read() as session:
        status = status_of(session, submission_id)
    return status in (None, SubmissionStatus.DONE, SubmissionStatus.FAILED)
