"""The OpenAPI document, and the running service held against it by calls that nobody would think of."""

import uuid
from pathlib import Path

import pytest
import schemathesis
from api_service import DOCX, Service
from hypothesis import HealthCheck, given, seed, settings
from jsonschema import Draft202012Validator
from running import part
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import negative_data_rejection
from schemathesis.specs.openapi.definitions import OPENAPI_31
from services import answers, free_port, wait_until

from intake.api.app import create_app
from intake.api.reference import document
from intake.api.services import Services
from storage.database import Database
from storage.objects.local import LocalStore
from storage.settings import Settings

NO_LIMIT = {"max_file_bytes": 2**53}
"""What a limit refuses is another test's business."""


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    folder = tmp_path_factory.mktemp("api") / "data"
    folder.mkdir()
    service = Service(folder, **NO_LIMIT)
    unit = service.client()
    unit.submit(("方案.docx", DOCX))
    service.finish("deficient")
    return service


@pytest.fixture(scope="module")
def api(service, valkey):
    """The API's own processes, over a socket; no sweeper, so that no webhook goes to made-up addresses."""
    port = free_port()
    settings = {name: str(value) for name, value in NO_LIMIT.items()}
    with part("api", service.folder.parent, port=str(port), broker_url=valkey.url, **settings):
        wait_until(lambda: answers(port), "the API")
        yield schemathesis.openapi.from_url(f"http://127.0.0.1:{port}/openapi.json")
    assert "Traceback" not in (service.folder.parent / "api.log").read_text("utf-8")


def stated() -> dict:
    """The document, from an application that nothing stands behind."""
    nowhere = Path("/nonexistent")
    database = Database(f"sqlite:///{nowhere}/state.db")
    services = Services(Settings(data=nowhere, rate_limit=""), database, LocalStore(nowhere), lambda: None)
    return document(create_app(services))


DOCUMENT = stated()
FORMS = {p for p, item in DOCUMENT["paths"].items() if "multipart/form-data" in str(item.get("post"))}
OPERATIONS = [(method, path) for path, item in DOCUMENT["paths"].items() for method in item]
NEED_NO_KEY = {("get", "/healthz"), ("get", "/readyz")}
"""Probes: of these calls nothing can be wrong either."""


CALLS = [(*o, m) for o in OPERATIONS for m in GenerationMode if m.is_positive or o not in NEED_NO_KEY]


@pytest.mark.parametrize(("method", "path", "mode"), CALLS)
def test_every_call_is_answered_as_the_document_says(service, api, method, path, mode):
    headers = {"Authorization": f"Bearer {service.client('administrator').key}"}

    # In a form a number is a text like any other, which the generator of wrong forms does not know.
    excluded = [negative_data_rejection] if path in FORMS else []

    @seed(7)
    @settings(max_examples=20, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(case=api[path][method].as_strategy(generation_mode=mode))
    def holds(case):
        if "Idempotency-Key" in (case.headers or {}):
            # A key that comes up twice is another test's business.
            case.headers["Idempotency-Key"] += uuid.uuid4().hex
        case.call_and_validate(headers=headers, excluded_checks=excluded)

    holds()


def test_the_document_is_openapi():
    assert DOCUMENT["openapi"].startswith("3.1")
    assert not list(Draft202012Validator(OPENAPI_31).iter_errors(DOCUMENT))


def test_every_operation_says_what_it_does_and_how_it_fails():
    for method, path in OPERATIONS:
        operation = DOCUMENT["paths"][path][method]
        assert operation["summary"]
        assert operation["description"].endswith((".", ".\n"))
        if (method, path) in NEED_NO_KEY:
            assert "security" not in operation
            assert "401" not in operation["responses"]
        else:
            assert {"401", "429", "500", "503"} <= operation["responses"].keys()
            assert operation["security"] == [{"key": []}]
