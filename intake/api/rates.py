"""How often a key may call."""

from __future__ import annotations

import logging
import math
import threading
import time
from collections import deque

from limits import RateLimitItem, parse
from limits.errors import StorageError
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter

from intake.api.problems import ProblemError
from storage.settings import Settings, SettingsError

_log = logging.getLogger("yushen.api")


class _Here:
    """Counts in this process, by a clock that nobody can set."""

    def __init__(self, limit: RateLimitItem) -> None:
        self._most = limit.amount
        self._seconds = limit.get_expiry()
        self._lock = threading.Lock()
        self._calls: dict[str, deque[float]] = {}
        """Actor -> when each of the calls was that still count, the oldest first."""
        self._cleared = time.monotonic()

    def hit(self, actor: str) -> float:
        """Count a call; the seconds until it may be made, 0 for now."""
        with self._lock:
            moment = time.monotonic()
            self._clear(moment)
            calls = self._calls.setdefault(actor, deque())
            while calls and calls[0] <= moment - self._seconds:
                calls.popleft()
            if len(calls) >= self._most:
                return calls[0] + self._seconds - moment
            calls.append(moment)
            return 0.0

    def _clear(self, moment: float) -> None:
        """Forget who has not called for long."""
        if self._cleared > moment - self._seconds:
            return
        self._cleared = moment
        gone = [a for a, calls in self._calls.items() if not calls or calls[-1] <= moment - self._seconds]
        for actor in gone:
            del self._calls[actor]


class _Elsewhere:
    """Counts in a Redis that several processes share."""

    def __init__(self, limit: RateLimitItem, url: str) -> None:
        self._limit = limit
        self._limiter = MovingWindowRateLimiter(storage_from_string(url, wrap_exceptions=True))

    def hit(self, actor: str) -> float:
        """Count a call; the seconds until it may be made, 0 for now."""
        try:
            if self._limiter.hit(self._limit, actor):
                return 0.0
            reset = self._limiter.get_window_stats(self._limit, actor).reset_time
        except StorageError as error:
            # Better to serve too often than not at all.
            _log.warning("rate limits cannot be counted", exc_info=error)
            return 0.0
        return min(max(reset - time.time(), 1.0), self._limit.get_expiry())


class Rates:
    """Counts the calls of each actor, in this process or in a Redis that several share."""

    def __init__(self, limit: RateLimitItem, url: str | None) -> None:
        self._most, self._window = limit.amount, limit.get_expiry()
        self._calls = _Elsewhere(limit, url) if url else _Here(limit)

    def admit(self, actor: str) -> None:
        """Count a call.

        Raises:
            ProblemError: it is one too many; says when the next may come.
        """
        if wait := self._calls.hit(actor):
            seconds = math.ceil(wait)
            raise ProblemError(
                "rate-limited",
                most=self._most,
                window=self._window,
                seconds=seconds,
                headers={"Retry-After": str(seconds)},
            )


def open_rates(settings: Settings) -> Rates | None:
    """The rates that the settings ask for, None for no limit.

    Raises:
        SettingsError: they are none.
    """
    if not settings.rate_limit:
        return None
    try:
        return Rates(parse(settings.rate_limit), settings.rate_limit_url)
    except ValueError as error:
        raise SettingsError(f"设置 rate_limit 有误：{error}。请写成 600/minute 这样的形式。") from error
