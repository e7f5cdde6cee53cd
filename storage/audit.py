"""The audit trail: who did what to what, append-only.  No document text, no file names."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from storage.accounts import Identity
from storage.models import Audit


def note(
    session: Session,
    who: Identity,
    action: str,
    target: str | None = None,
    request_id: str | None = None,
    **detail: Any,
) -> None:
    """Say in the audit trail, in the same transaction as the deed, that ``who`` did ``action`` to ``target``.

    Args:
        session: whose transaction it is part of.
        who: did it.
        action: what, as "report.read"; docs/api.md lists all.
        target: id of what it was done to.
        request_id: of the call, as the logs have it.
        detail: more, without names or text of documents.
    """
    session.add(
        Audit(
            actor=who.actor,
            unit=who.unit or None,
            action=action,
            target=target,
            request_id=request_id,
            detail=detail,
        )
    )
