"""What is done here, and by whom: the seam for kinds of jobs."""

from __future__ import annotations

from storage.models import JobKind
from worker import checking, purging, unpacking, webhooks
from worker.process import Handler

WORKING: dict[JobKind, Handler] = {
    JobKind.CHECK: checking.HANDLER,
    JobKind.UNPACK: unpacking.HANDLER,
    JobKind.PURGE: purging.HANDLER,
}
"""What worker processes do: kind of job -> how; a kind that is not here is not claimed by them."""

DELIVERING: dict[JobKind, Handler] = {JobKind.DELIVER: webhooks.HANDLER}
"""What couriers do: it waits for strangers, so that no check may wait behind it."""

HANDLERS = {**WORKING, **DELIVERING}
