"""What this worker can do: the seam for kinds of jobs."""

from __future__ import annotations

from storage.models import JobKind
from worker import checking, purging, unpacking, webhooks
from worker.process import Handler

HANDLERS: dict[JobKind, Handler] = {
    JobKind.CHECK: checking.HANDLER,
    JobKind.UNPACK: unpacking.HANDLER,
    JobKind.DELIVER: webhooks.HANDLER,
    JobKind.PURGE: purging.HANDLER,
}
"""Kind of job -> how it is done; a kind that is not here is not claimed."""
