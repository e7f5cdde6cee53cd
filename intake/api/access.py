"""Who may call what: keys, OIDC tokens, roles, rates and sizes, all answered before the body is read."""

from __future__ import annotations

import base64
import binascii
import logging
import re
import secrets
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, g, request
from sqlalchemy.orm import Session

from intake.api.oidc import Issuer
from intake.api.problems import ProblemError, too_large
from intake.api.rates import Rates
from intake.api.services import identity, services
from storage.accounts import Identity, identify, may_still
from storage.models import Role

REALM = "yushen"
_REQUEST_ID = re.compile(r"[A-Za-z0-9._:-]{1,64}")
_SMALL_BODY_BYTES = 256 * 1024
"""Largest body of a call that uploads no files."""

_log = logging.getLogger("yushen.api")
View = TypeVar("View", bound=Callable[..., Any])


def allow(*roles: Role) -> Callable[[View], View]:
    """Mark a view as one that these roles alone may call.  Stands below the route."""

    def mark(view: View) -> View:
        view.allowed_roles = frozenset(roles)  # type: ignore[attr-defined]
        return view

    return mark


def public(view: View) -> View:
    """Mark a view as one that needs no key."""
    view.needs_no_key = True  # type: ignore[attr-defined]
    return view


def reference(view: View) -> View:
    """Mark a view as one that tells of the API and of nobody's data: open unless a setting closes it."""
    view.tells_of_the_api = True  # type: ignore[attr-defined]
    return view


def for_browsers(view: View) -> View:
    """Mark a view as one that a person opens in a browser, which asks for the key as a password."""
    view.takes_password = True  # type: ignore[attr-defined]
    return view


def uploads(view: View) -> View:
    """Mark a view as one whose body may be as large as an upload."""
    view.takes_uploads = True  # type: ignore[attr-defined]
    return view


def install(app: Flask, issuer: Issuer | None, rates: Rates | None) -> None:
    """Ask of every call to ``app`` who makes it, before anything else."""

    @app.before_request
    def _admit() -> None:
        given = request.headers.get("X-Request-ID", "")
        g.request_id = given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(12)
        if _is_public() or _is_preflight():
            return
        g.identity = _identity(issuer)
        if rates:
            rates.admit(g.identity.actor)
        _check_role()
        _check_size()


def _view() -> Any:
    return current_app.view_functions.get(request.endpoint or "")


def _is_public() -> bool:
    view = _view()
    open_to_all = services().settings.public_docs and getattr(view, "tells_of_the_api", False)
    return open_to_all or getattr(view, "needs_no_key", False)


def _is_preflight() -> bool:
    """Whether a browser asks what it may ask; it never sends a key with that."""
    return request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers


def _identity(issuer: Issuer | None) -> Identity:
    by_password = getattr(_view(), "takes_password", False)
    credential = _bearer() or (_password() if by_password else None)
    if credential is None:
        raise ProblemError("key-missing", headers=_challenge(by_password))
    if issuer and credential.count(".") == 2:
        who = issuer.identify(credential)
    else:
        with services().database.read() as session:
            who = identify(session, credential)
    if who is None:
        raise ProblemError("key-invalid", headers=_challenge(by_password, invalid=True))
    return who


def admit_still(session: Session) -> None:
    """Once the body is read: it may have taken long, and the key may have been revoked meanwhile.

    Raises:
        ProblemError: it was, or has expired.
    """
    if not may_still(session, identity()):
        raise ProblemError("key-invalid", headers=_challenge(False, invalid=True))


def _bearer() -> str | None:
    scheme, _, credential = request.headers.get("Authorization", "").partition(" ")
    # WSGI hands headers over as Latin-1; a key that somebody chose may be any UTF-8.
    text = credential.strip().encode("latin-1", "replace").decode("utf-8", "replace")
    return text if scheme.lower() == "bearer" and text else None


def _password() -> str | None:
    scheme, _, encoded = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        return base64.b64decode(encoded, validate=True).decode("utf-8", "replace").partition(":")[2] or None
    except (binascii.Error, ValueError):
        return None


def _challenge(by_password: bool, *, invalid: bool = False) -> list[tuple[str, str]]:
    headers = [
        ("WWW-Authenticate", f'Bearer realm="{REALM}"' + (', error="invalid_token"' if invalid else ""))
    ]
    if by_password:
        # In a line of its own: browsers know only the first challenge of a line.
        headers.append(("WWW-Authenticate", f'Basic realm="{REALM}", charset="UTF-8"'))
    if request.content_length or _is_chunked():
        # No body is read from who is not let in, so the connection cannot be used again.
        headers.append(("Connection", "close"))
    return headers


def _is_chunked() -> bool:
    return "chunked" in request.headers.get("Transfer-Encoding", "").lower()


def _check_role() -> None:
    roles: frozenset[Role] | None = getattr(_view(), "allowed_roles", None)
    if roles is not None and identity().role not in roles:
        allowed = "、".join(sorted(roles))
        raise ProblemError("role-not-allowed", role=str(identity().role), allowed=allowed)


def _check_size() -> None:
    limit = _SMALL_BODY_BYTES
    if getattr(_view(), "takes_uploads", False):
        limit = services().settings.max_request_bytes
    request.max_content_length = limit
    if (request.content_length or 0) > limit:
        raise too_large(limit)
