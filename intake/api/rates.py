"""How often a key may call."""

from __future__ import annotations

import logging
import math
import time

from limits import RateLimitItem, parse
from limits.errors import StorageError
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter

from intake.api.problems import ProblemError
from storage.settings import Settings, SettingsError

_log = logging.getLogger("yushen.api")


class Rates:
    """Counts the calls of each actor, in this process or in a Redis that several share."""

    def __init__(self, limit: RateLimitItem, url: str) -> None:
        self._limit = limit
        self._limiter = MovingWindowRateLimiter(storage_from_string(url, wrap_exceptions=True))

    def admit(self, actor: str) -> None:
        """Count a call.

        Raises:
            ProblemError: it is one too many; says when the next may come.
        """
        try:
            if self._limiter.hit(self._limit, actor):
                return
            reset = self._limiter.get_window_stats(self._limit, actor).reset_time
        except StorageError as error:
            # Better to serve too often than not at all.
            _log.warning("rate limits cannot be counted", exc_info=error)
            return
        seconds = max(1, math.ceil(reset - time.time()))
        raise ProblemError(
            "rate-limited", limit=str(self._limit), seconds=seconds, headers={"Retry-After": str(seconds)}
        )


def open_rates(settings: Settings) -> Rates | None:
    """The rates that the settings ask for, None for no limit.

    Raises:
        SettingsError: they are none.
    """
    if not settings.rate_limit:
        return None
    try:
        return Rates(parse(settings.rate_limit), settings.rate_limit_url or "memory://")
    except ValueError as error:
        raise SettingsError(f"设置 rate_limit 有误：{error}。请写成 600/minute 这样的形式。") from error
