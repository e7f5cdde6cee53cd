"""The reference page in a browser: it renders, and asks no other host for anything."""

import json
import threading

import browser
import pytest
from api_service import Service
from werkzeug.serving import WSGIRequestHandler, make_server

if not browser.program():
    pytest.skip(
        "left out: how the API's reference looks in a browser (needs Chromium: apt-get install chromium)",
        allow_module_level=True,
    )


class Quiet(WSGIRequestHandler):
    def log_request(self, *_):
        pass


@pytest.fixture
def service(tmp_path):
    folder = tmp_path / "service"
    folder.mkdir()
    return Service(folder)


@pytest.fixture
def address(service):
    """Where the service listens for a browser in which somebody gave the key as a password."""
    key = service.key()

    def with_key(environ, start_response):
        return service.app({**environ, "HTTP_AUTHORIZATION": f"Bearer {key}"}, start_response)

    server = make_server("127.0.0.1", 0, with_key, threaded=True, request_handler=Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()


@pytest.fixture
def chromium(tmp_path):
    with browser.Browser(str(browser.program()), tmp_path / "profile") as running:
        yield running


def test_the_page_renders_and_asks_no_other_host(chromium, address):
    chromium.show(f"{address}/docs")
    assert chromium.tell("document.title") == "预审 API"
    for summary in ("Hand in a submission", "What happened to a submission"):
        assert chromium.tell(appears(summary))
    assert chromium.requests[:2] == [f"{address}/docs", f"{address}/docs/reference.js"]
    assert [url for url in chromium.requests if not url.startswith((address, "data:", "blob:"))] == []
    # What the page's policy stopped would be a complaint: it does not even try.
    assert [text for text in chromium.complaints if "Content Security Policy" in text] == []


def appears(text):
    """An expression that is true once the text is to be seen on the page."""
    return f"""new Promise((seen) => {{
        const there = () => document.body.innerText.includes({json.dumps(text)});
        const look = () => there() ? seen(true) : setTimeout(look, 50);
        look();
    }})"""


def test_the_page_carries_the_document_and_no_address_of_others(service):
    answer = service.client().get("/docs")
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "connect-src 'self'" in answer.headers["Content-Security-Policy"]
    before, _, rest = answer.text.partition('<script id="api-reference"')
    text = rest.partition(">")[2].partition("</script>")[0]
    assert json.loads(text) == service.client().get("/openapi.json").json
    page = before + rest.partition("</script>")[2]
    assert "http" not in page


def test_the_script_comes_from_the_service_itself(service):
    answer = service.nobody().get("/docs/reference.js")
    assert answer.status_code == 200
    assert len(answer.data) > 1_000_000
    assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
