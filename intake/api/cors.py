"""Calls from pages of other origins: none, but from those that the operator names."""

from __future__ import annotations

from flask import Flask, Response, request

_METHODS = "GET, HEAD, POST, PUT, DELETE"
_HEADERS = "Authorization, Content-Type, Idempotency-Key, If-None-Match, Prefer, X-Request-ID"
_EXPOSED = "Content-Disposition, ETag, Location, Preference-Applied, Retry-After, X-Request-ID"
_KEPT_SECONDS = "600"


def install(app: Flask, origins: str) -> None:
    """Let pages of these origins call ``app``.

    Args:
        app: the application.
        origins: such as ``https://portal.example``, divided by commas; "" for none.
    """
    allowed = frozenset(filter(None, (origin.strip() for origin in origins.split(","))))
    if not allowed:
        return

    @app.after_request
    def _permit(response: Response) -> Response:
        response.vary.add("Origin")
        if request.origin in allowed:
            response.headers["Access-Control-Allow-Origin"] = request.origin
            response.headers["Access-Control-Expose-Headers"] = _EXPOSED
            if request.method == "OPTIONS":
                response.headers["Access-Control-Allow-Methods"] = _METHODS
                response.headers["Access-Control-Allow-Headers"] = _HEADERS
                response.headers["Access-Control-Max-Age"] = _KEPT_SECONDS
        return response
