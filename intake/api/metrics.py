"""The numbers of the whole service, in the format of Prometheus.

They are read from the database, so that one address gives them all, whichever process answers.  Each API
process adds what it served now and then.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import timedelta

from flask import Flask, Response, g, request
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.registry import Collector

from intake.api.services import services
from schemas.version import VERSION
from storage import tallies
from storage.database import Database, DatabaseUnavailableError
from storage.numbers import Moment, moment

_ADDED_EVERY_SECONDS = 10.0

COUNTERS = {
    "submissions": ("yushen_submissions", "submissions that are over, by outcome", ("status", "conclusion")),
    "findings": ("yushen_findings", "findings of reports, by code", ("code", "severity")),
    "webhook_attempts": ("yushen_webhook_attempts", "attempts to send a webhook", ("outcome",)),
}
"""Name of the tally -> name, help and labels of the counter."""

HISTOGRAMS = {
    "stage_seconds": ("yushen_stage_seconds", "seconds of a submission in each stage", ("stage",)),
    "http_seconds": ("yushen_http_request_seconds", "seconds of an answer", ("method", "route", "code")),
}

GAUGES = {
    "yushen_jobs": "jobs that are owed or held",
    "yushen_oldest_job_seconds": "for how long the oldest job has been due and not begun",
    "yushen_webhooks_dead": "webhooks that were given up",
    "yushen_reviews_waiting": "submissions that wait for a reviewer",
    "yushen_build_info": "1, with the version",
}

_log = logging.getLogger("yushen.metrics")


class Served:
    """What this process served and has not added to the database yet."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[tallies.Key] = Counter()
        self._added = time.monotonic()

    def note(self, method: str, route: str, code: int, seconds: float) -> None:
        """Count one answer."""
        counts = tallies.timing(
            "http_seconds", timedelta(seconds=seconds), method=method, route=route, code=str(code)
        )
        with self._lock:
            self._counts.update(counts)

    def add(self, database: Database, *, at_once: bool = False) -> None:
        """Add it to the database, if that is due; what cannot be added now is kept."""
        with self._lock:
            if not at_once and time.monotonic() - self._added < _ADDED_EVERY_SECONDS:
                return
            counts, self._counts, self._added = self._counts, Counter(), time.monotonic()
        try:
            with database.write() as session:
                tallies.add(session, counts)
        except DatabaseUnavailableError:
            with self._lock:
                self._counts.update(counts)


def install(app: Flask) -> None:
    """Count what ``app`` serves."""
    served = Served()
    app.extensions["yushen-served"] = served

    @app.after_request
    def _count(response: Response) -> Response:
        route = request.url_rule.rule if request.url_rule else "none"
        served.note(request.method, route, response.status_code, _seconds())
        served.add(services().database, at_once=route == "/metrics")
        return response


def _seconds() -> float:
    """How long the present call has taken; nothing of a call that was refused before it began."""
    begun: float | None = g.get("begun")
    return 0.0 if begun is None else time.monotonic() - begun


def exposition(database: Database) -> bytes:
    """All numbers as text.

    Raises:
        DatabaseUnavailableError: see there.
    """
    with database.read() as session:
        counts, present = tallies.all_counts(session), moment(session)
    registry = CollectorRegistry()
    registry.register(_Numbers(counts, present))
    return generate_latest(registry)


class _Numbers(Collector):
    def __init__(self, counts: dict[tallies.Key, float], present: Moment) -> None:
        self._counts = counts
        self._present = present

    def collect(self) -> Iterator[CounterMetricFamily | GaugeMetricFamily | HistogramMetricFamily]:
        yield from self._gauges()
        for tally, (name, about, labels) in COUNTERS.items():
            family = CounterMetricFamily(name, about, labels=labels)
            for (counted, stored), value in sorted(self._counts.items()):
                if counted == tally:
                    family.add_metric([_parsed(stored).get(label, "") for label in labels], value)
            yield family
        for tally, (name, about, labels) in HISTOGRAMS.items():
            yield self._histogram(tally, name, about, labels)

    def _gauges(self) -> Iterator[GaugeMetricFamily]:
        jobs = _gauge("yushen_jobs", "kind", "state")
        for (kind, state), count in sorted(self._present.jobs.items()):
            jobs.add_metric([kind, state], count)
        oldest = _gauge("yushen_oldest_job_seconds", "kind")
        for kind, seconds in sorted(self._present.oldest_seconds.items()):
            oldest.add_metric([kind], seconds)
        yield from (jobs, oldest)
        for name, value, labels in (
            ("yushen_webhooks_dead", self._present.dead_webhooks, {}),
            ("yushen_reviews_waiting", self._present.waiting_reviews, {}),
            ("yushen_build_info", 1, {"version": VERSION}),
        ):
            family = _gauge(name, *labels)
            family.add_metric(list(labels.values()), value)
            yield family

    def _histogram(self, tally: str, name: str, about: str, labels: tuple[str, ...]) -> HistogramMetricFamily:
        buckets: dict[tuple[str, ...], dict[str, float]] = defaultdict(dict)
        sums: dict[tuple[str, ...], float] = {}
        for (counted, stored), value in self._counts.items():
            said = _parsed(stored)
            series = tuple(said.get(label, "") for label in labels)
            if counted == tally:
                buckets[series][said["le"]] = value
            elif counted == f"{tally}_sum":
                sums[series] = value
        family = HistogramMetricFamily(name, about, labels=labels)
        for series, counts in sorted(buckets.items()):
            family.add_metric(list(series), _cumulative(counts), sums.get(series, 0.0))
        return family


def _gauge(name: str, *labels: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, GAUGES[name], labels=labels)


def _cumulative(counts: dict[str, float]) -> list[tuple[str, float]]:
    """Buckets as Prometheus wants them: each counts all that is not above its bound."""
    total, buckets = 0.0, []
    for bound in tallies.BUCKETS:
        total += counts.get(f"{bound:g}", 0.0)
        buckets.append((str(float(bound)), total))
    return [*buckets, ("+Inf", total + counts.get(tallies.OVER, 0.0))]


def _parsed(labels: str) -> dict[str, str]:
    return dict(part.split("=", 1) for part in labels.split(",") if part)
