"""Who calls, and the keys that say so.

A key is shown once, when it is made; only its SHA-256 is kept.  Its text is 256 random bits, so that a plain
digest is as good as a slow one.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import Session

from storage import rows
from storage.models import Key, Role, new_id, now

KEY_PREFIX = "ysk_"
_KEY_BYTES = 32
SYSTEM = "system"
"""Actor of what the service does by itself, and of who runs commands on its machine."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who calls.

    Attributes:
        actor: a key's id, ``oidc:<subject>`` or ``system``; what the audit trail says.
        role: what it may do.
        unit: whose submissions it sees and hands in; "" for none.
    """

    actor: str
    role: Role
    unit: str = ""


def make_key(
    session: Session,
    name: str,
    role: Role,
    *,
    unit: str | None = None,
    expires_at: datetime | None = None,
    created_by: str = SYSTEM,
    text: str | None = None,
) -> tuple[Key, str]:
    """Add a key.

    Args:
        session: whose transaction it is part of.
        name: for people.
        role: what it may do.
        unit: whose it is; a key of role "unit" must have one.
        expires_at: aware; None for never.
        created_by: actor that makes it.
        text: the key itself; random where None.

    Returns:
        The row, and the text that must be shown now or never.
    """
    text = text or KEY_PREFIX + secrets.token_urlsafe(_KEY_BYTES)
    key = Key(
        id=new_id("key"),
        name=name,
        role=role,
        unit=unit or None,
        digest=digest(text),
        created_by=created_by,
        expires_at=expires_at and expires_at.astimezone(UTC),
    )
    session.add(key)
    session.flush()
    return key, text


def ensure_administrator(session: Session, text: str | None = None) -> str | None:
    """See that there is an administrator's key.

    Args:
        session: whose transaction it is part of.
        text: the key that must be one (``YUSHEN_ADMIN_KEY``); None for any.

    Returns:
        The text of a key that was made up now and must be shown; None where nothing need be shown.
    """
    if text:
        if session.scalar(select(Key).where(Key.digest == digest(text))) is None:
            make_key(session, "第一个管理员", Role.ADMINISTRATOR, text=text)
        return None
    if session.scalar(select(Key.id).where(Key.role == Role.ADMINISTRATOR).limit(1)):
        return None
    _, made = make_key(session, "第一个管理员", Role.ADMINISTRATOR)
    return made


def identify(session: Session, text: str) -> Identity | None:
    """Whose key ``text`` is; None for no key, a revoked or an expired one."""
    session.flush()
    key = session.connection().execute(_WITH_DIGEST, {"its_digest": digest(text)}).first()
    if key is None or not is_valid(key, now()):
        return None
    return Identity(key.id, Role(key.role), key.unit or "")


def may_still(session: Session, who: Identity) -> bool:
    """Whether what let ``who`` in is not revoked or expired since; a token is known to its issuer alone."""
    key = session.connection().execute(_WITH_ID, {"its_id": who.actor}).first()
    return key is None or is_valid(key, now())


def is_valid(key: Key | Row[*tuple[Any, ...]], moment: datetime) -> bool:
    """Whether a key may be used at ``moment``."""
    return key.revoked_at is None and (key.expires_at is None or moment < key.expires_at)


def all_keys(session: Session) -> Sequence[Key]:
    """Every key, revoked and expired ones too, oldest first."""
    return session.scalars(select(Key).order_by(Key.id)).all()


def revoke_key(session: Session, key_id: str) -> Key | None:
    """Revoke a key; who revokes it again changes nothing.

    Returns:
        The key, None if there is none of that id.
    """
    key = session.get(Key, key_id)
    if key and key.revoked_at is None:
        key.revoked_at = now()
    return key


def digest(text: str) -> str:
    """What is kept of a key: the hex SHA-256 of its text."""
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


_KEYS = rows.table_of(Key)
_WITH_DIGEST = select(_KEYS.c.id, _KEYS.c.role, _KEYS.c.unit, _KEYS.c.expires_at, _KEYS.c.revoked_at).where(
    _KEYS.c.digest == bindparam("its_digest")
)
_WITH_ID = select(_KEYS.c.expires_at, _KEYS.c.revoked_at).where(_KEYS.c.id == bindparam("its_id"))
