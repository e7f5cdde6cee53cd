"""The OpenAPI document, and a page that shows it with nothing from any other host."""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.resources import files
from typing import Any, cast

from flask import Response, current_app
from flask_openapi3 import APIBlueprint, OpenAPI

from intake.api.access import for_browsers, public

blueprint = APIBlueprint("reference", __name__, doc_ui=False)

_SCRIPT = "/docs/reference.js"
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; img-src 'self' data:; font-src data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""Whatever the reference's script would like to fetch from elsewhere, the browser refuses."""

_CONFIGURATION = {
    "withDefaultFonts": False,
    "hideClientButton": True,
    "hideTestRequestButton": True,
    "telemetry": False,
    "agent": {"disabled": True},
    "mcp": {"disabled": True},
    "showDeveloperTools": "never",
    "documentDownloadType": "direct",
}
_PAGE = """\
<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>预审 API</title>
<link rel="icon" href="data:,">
</head>
<body>
<script id="api-reference" type="application/json" data-configuration="{configuration}">{document}</script>
<script src="{script}"></script>
</body>
</html>
"""


@blueprint.get("/openapi.json")
@for_browsers
def openapi() -> Response:
    """Give the OpenAPI document."""
    return Response(_document(), content_type="application/json")


@blueprint.get("/docs")
@for_browsers
def docs() -> Response:
    """Show the OpenAPI document to people."""
    page = _PAGE.format(
        configuration=_attribute(json.dumps(_CONFIGURATION)),
        # In a script element only "</" could end it early.
        document=_document().replace("</", "<\\/"),
        script=_SCRIPT,
    )
    return Response(
        page, headers={"Content-Security-Policy": _POLICY}, content_type="text/html; charset=utf-8"
    )


@blueprint.get(_SCRIPT)
@public
def script() -> Response:
    """Give the page's script, which comes inside a wheel."""
    response = Response(_script(), content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response


def _document() -> str:
    app = cast("OpenAPI", current_app)
    return json.dumps(_tidy(app.api_doc), ensure_ascii=False)


def _tidy(document: dict[str, Any]) -> dict[str, Any]:
    return document


def _attribute(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;")


@lru_cache(maxsize=1)
def _script() -> bytes:
    return (files("flask_openapi3_scalar") / "templates/scalar/js/scalar.standalone.js").read_bytes()
