"""The Flask application: what every call goes through, and the list of blueprints."""

from __future__ import annotations

import logging
import time
from typing import Any

from flask import Flask, Response, g, request
from flask_openapi3 import APIBlueprint, Info, OpenAPI

from intake.api import (
    access,
    audit,
    batches,
    cors,
    health,
    keys,
    metrics,
    packs,
    problems,
    quarantine,
    reference,
    reports,
    review,
    submissions,
    uploads,
    webhooks,
)
from intake.api.oidc import open_issuer
from intake.api.rates import open_rates
from intake.api.services import EXTENSION, Services
from schemas.version import VERSION

BLUEPRINTS: list[APIBlueprint] = [
    submissions.blueprint,
    reports.blueprint,
    batches.blueprint,
    packs.blueprint,
    keys.blueprint,
    quarantine.blueprint,
    audit.blueprint,
    review.blueprint,
    webhooks.blueprint,
    uploads.blueprint,
    health.blueprint,
    reference.blueprint,
]

_DESCRIPTION = """\
Checks the documents of government IT projects against the regulation, before formal review.
Every call carries `Authorization: Bearer KEY`. Errors are RFC 9457 problems with a stable `type`; `detail` is
Chinese, English by `Accept-Language: en`. What belongs to another unit is 404."""

_log = logging.getLogger("yushen.api")


def create_app(services: Services) -> OpenAPI:
    """The application around ``services``; made in the process that serves it.

    Raises:
        SettingsError: a setting is wrong.
    """
    app = OpenAPI(
        "yushen",
        info=Info(title="预审 Yushen", version=VERSION, description=_DESCRIPTION),
        security_schemes={"key": {"type": "http", "scheme": "bearer"}},
        doc_ui=False,
        validation_error_status=422,
        validation_error_model=problems.Problem,
        validation_error_callback=_refuse,
        static_folder=None,
    )
    app.extensions[EXTENSION] = services
    app.url_map.strict_slashes = False
    problems.install(app)
    access.install(app, open_issuer(services.settings), open_rates(services.settings))
    _install_headers(app)
    metrics.install(app)
    health.install(app)
    cors.install(app, services.settings.cors_origins)
    for blueprint in BLUEPRINTS:
        app.register_api(blueprint)
    return app


def _refuse(error: Any) -> Response:
    raise problems.from_validation(error)


def _install_headers(app: Flask) -> None:
    @app.before_request
    def _begin() -> None:
        g.begun = time.monotonic()

    @app.after_request
    def _end(response: Response) -> Response:
        response.headers["X-Request-ID"] = problems.request_id()
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "no-referrer")
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault(
            "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; sandbox"
        )
        _log.info(
            "request",
            extra={
                "request_id": problems.request_id(),
                "method": request.method,
                # The rule and not the path: a path may hold what a person typed.
                "route": request.url_rule.rule if request.url_rule else None,
                "status": response.status_code,
                "seconds": round(time.monotonic() - g.get("begun", time.monotonic()), 4),
                "actor": g.identity.actor if "identity" in g else None,
            },
        )
        return response
