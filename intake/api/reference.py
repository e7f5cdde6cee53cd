"""The OpenAPI document, and a page that shows it with nothing from any other host."""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.resources import files
from typing import Any, cast

from flask import Response, current_app
from flask_openapi3 import APIBlueprint, OpenAPI
from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode

from intake.api.access import for_browsers, public, reference
from intake.api.shapes import BatchSummary, KeyBody

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


NAMED_MODELS: dict[type[BaseModel], JsonSchemaMode] = {BatchSummary: "serialization", KeyBody: "validation"}
"""Models that the generator does not know, or not whole: it drops ``if`` and ``then``."""


@blueprint.get("/openapi.json")
@for_browsers
@reference
def openapi() -> Response:
    """Give the OpenAPI document."""
    return Response(_document(), content_type="application/json")


@blueprint.get("/docs")
@for_browsers
@reference
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
    return json.dumps(document(app), ensure_ascii=False)


def document(app: OpenAPI) -> dict[str, Any]:
    """The OpenAPI document of ``app``, without what its generator puts in that says nothing."""
    whole = json.loads(json.dumps(app.api_doc))
    for model, mode in NAMED_MODELS.items():
        schema = model.model_json_schema(mode=mode, ref_template="#/components/schemas/{model}")
        whole["components"]["schemas"] |= {**schema.pop("$defs", {}), model.__name__: schema}
    for operation in (o for path in whole["paths"].values() for o in path.values()):
        operation["description"] = operation["description"].replace("<br/>", "\n")
        for parameter in operation.get("parameters", ()):
            parameter["schema"] = _not_null(parameter["schema"])
    return cast("dict[str, Any]", whole)


def _not_null(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema of a parameter, which can be left out but never be null."""
    choices = [choice for choice in schema.get("anyOf", ()) if choice != {"type": "null"}]
    if len(choices) != 1:
        return schema
    rest = {key: value for key, value in schema.items() if key not in ("anyOf", "default")}
    return {**rest, **choices[0]}


def _attribute(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;")


@lru_cache(maxsize=1)
def _script() -> bytes:
    return (files("flask_openapi3_scalar") / "templates/scalar/js/scalar.standalone.js").read_bytes()
