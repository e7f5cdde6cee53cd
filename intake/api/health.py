"""Whether the service lives, whether each of its parts answers, and its numbers for Prometheus."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass, field
from typing import Literal

from flask import Flask, Response, current_app
from flask_openapi3 import APIBlueprint, Tag
from kombu.exceptions import KombuError
from prometheus_client import CONTENT_TYPE_LATEST
from pydantic import BaseModel, Field

from intake.api import metrics
from intake.api.access import allow, public
from intake.api.answers import SECURITY, answers, json_answer
from intake.api.services import services
from storage.database import DatabaseOutdatedError, DatabaseUnavailableError
from storage.hints import broker, waiting
from storage.models import Role
from storage.objects import StoreUnavailableError

Word = Literal["ok", "unavailable", "outdated", "none"]

_ANSWER_KEPT_SECONDS = 2.0
"""Anybody may ask, so the parts are not asked more often than this."""

_log = logging.getLogger("yushen.health")

blueprint = APIBlueprint("health", __name__, abp_tags=[Tag(name="operation", description="For operators")])


class Liveness(BaseModel):
    """The process answers."""

    status: Literal["alive"] = "alive"


class Parts(BaseModel):
    """What each part said when it was asked."""

    database: Word = Field(description="`outdated`: run `yushen db upgrade`")
    objects: Word
    queue: Word = Field(description="without it submissions are accepted, and checked when it is back")


class Readiness(BaseModel):
    """Whether calls can be served."""

    status: Literal["ready", "degraded", "not-ready"]
    parts: Parts


@dataclass(slots=True)
class _Last:
    """The last answer, kept for a moment; one call asks and those beside it wait for what it hears."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    at: float = float("-inf")
    answer: Readiness | None = None


EXTENSION = "yushen-readiness"


def install(app: Flask) -> None:
    """Give ``app`` a place for its last answer."""
    app.extensions[EXTENSION] = _Last()


@blueprint.get("/healthz", summary="Whether it lives", responses={"200": Liveness})
@public
def alive() -> Response:
    """Say that this process answers, and nothing else."""
    return json_answer(Liveness())


@blueprint.get("/readyz", summary="Whether it can serve", responses={"200": Readiness, "503": Readiness})
@public
def ready() -> Response:
    """Ask each part.

    503 without the database or the object store. Without the queue the answer is 200 and `degraded`.
    """
    last: _Last = current_app.extensions[EXTENSION]
    with last.lock:
        if last.answer is None or time.monotonic() - last.at > _ANSWER_KEPT_SECONDS:
            last.answer, last.at = _asked(), time.monotonic()
        told = last.answer
    return json_answer(told, 503 if told.status == "not-ready" else 200)


@blueprint.get(
    "/metrics",
    summary="Numbers for Prometheus",
    responses=answers(
        {200: {"description": "Metrics", "content": {"text/plain": {"schema": {"type": "string"}}}}},
        "role-not-allowed",
    ),
    security=SECURITY,
)
@allow(Role.ADMINISTRATOR, Role.REVIEWER)
def numbers() -> Response:
    """Give the numbers of the whole service, the same from every API process."""
    return Response(metrics.exposition(services().database), content_type=CONTENT_TYPE_LATEST)


def _asked() -> Readiness:
    parts = Parts(database=_database(), objects=_objects(), queue=_queue())
    if parts.database != "ok" or parts.objects != "ok":
        return Readiness(status="not-ready", parts=parts)
    return Readiness(status="ready" if parts.queue in ("ok", "none") else "degraded", parts=parts)


def _database() -> Word:
    try:
        services().database.check()
    except DatabaseUnavailableError as error:
        _log.warning("database unavailable", extra={"error": str(error)})
        return "unavailable"
    except DatabaseOutdatedError:
        return "outdated"
    return "ok"


def _objects() -> Word:
    try:
        services().store.check()
    except StoreUnavailableError as error:
        _log.warning("object store unavailable", extra={"error": str(error)})
        return "unavailable"
    return "ok"


def _queue() -> Word:
    url = services().settings.broker_url
    if url is None:
        return "none"
    app = broker(url)
    try:
        waiting(app)
    except (KombuError, OSError, *app.connection().connection_errors) as error:
        _log.warning("queue unavailable", extra={"error": type(error).__name__})
        return "unavailable"
    return "ok"
