"""Bearer tokens of an OIDC issuer, beside the service's own keys."""

from __future__ import annotations

import json
import logging
import urllib.request
from functools import cached_property
from urllib.error import URLError

import jwt

from intake.api.problems import unavailable
from storage.accounts import Identity
from storage.models import Role
from storage.settings import Settings

_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
"""Signatures by a private key alone: with a shared secret, whoever may check a token could make one."""

_LEEWAY_SECONDS = 30
_TIMEOUT_SECONDS = 5
_LONGEST_SUBJECT = 150
_log = logging.getLogger("yushen.api")


class Issuer:
    """Who signs tokens; its keys are fetched when first needed and when an unknown one appears."""

    def __init__(self, url: str, audience: str, role_claim: str, unit_claim: str) -> None:
        self._url = url
        self._audience = audience
        self._role_claim = role_claim
        self._unit_claim = unit_claim

    def identify(self, token: str) -> Identity | None:
        """Whose token it is; None where it is not valid here.

        Raises:
            ProblemError: the issuer's keys cannot be had now.
        """
        try:
            key = self._keys.get_signing_key_from_jwt(token)
            claims = jwt.decode(
                token,
                key,
                algorithms=_ALGORITHMS,
                audience=self._audience,
                issuer=self._url,
                leeway=_LEEWAY_SECONDS,
                options={"require": ["exp", "sub", "iss", "aud"]},
            )
        except (jwt.PyJWKClientConnectionError, URLError, TimeoutError, json.JSONDecodeError) as error:
            _log.error("keys of the OIDC issuer cannot be had", exc_info=error)
            raise unavailable("登录服务", "identity provider") from error
        except jwt.PyJWTError:
            return None
        return self._of(claims)

    @cached_property
    def _keys(self) -> jwt.PyJWKClient:
        address = f"{self._url.rstrip('/')}/.well-known/openid-configuration"
        # The address is the operator's own setting, never a caller's.
        with urllib.request.urlopen(address, timeout=_TIMEOUT_SECONDS) as response:
            return jwt.PyJWKClient(json.load(response)["jwks_uri"], timeout=_TIMEOUT_SECONDS)

    def _of(self, claims: dict[str, object]) -> Identity | None:
        role, unit = (claims.get(name) or "" for name in (self._role_claim, self._unit_claim))
        subject = claims["sub"]
        if not (isinstance(role, str) and isinstance(unit, str) and isinstance(subject, str)):
            return None
        if role not in set(Role) or (role == Role.UNIT and not unit) or len(subject) > _LONGEST_SUBJECT:
            return None
        return Identity(f"oidc:{subject}", Role(role), unit)


def open_issuer(settings: Settings) -> Issuer | None:
    """The issuer that the settings name, None for none."""
    if not settings.oidc_issuer:
        return None
    audience = settings.oidc_audience or "yushen"
    return Issuer(settings.oidc_issuer, audience, settings.oidc_role_claim, settings.oidc_unit_claim)
