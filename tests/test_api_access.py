"""Who may call what, and how every error looks."""

import base64
import json
import threading
import time
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import jwt
import pytest
from api_service import EDUCATION, Service
from cryptography.hazmat.primitives.asymmetric import rsa
from sqlalchemy import text

from intake.api.problems import PROBLEMS
from storage.models import now
from storage.objects import StoreUnavailableError


@pytest.fixture
def service(tmp_path):
    return Service(tmp_path)


@pytest.fixture
def unit(service):
    return service.client()


def is_problem(answer, status, slug):
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.json["type"] == f"urn:yushen:problem:{slug}"
    assert answer.json["status"] == status
    assert answer.json["title"]
    assert answer.json["detail"]
    assert answer.json["request_id"] == answer.headers["X-Request-ID"]
    return True


# Keys


@pytest.mark.parametrize(
    "authorization", [None, "", "Bearer", "Bearer ", "Basic eDp5", "Token abc", "bearer\tabc"]
)
def test_without_a_key_nothing_is_told(service, authorization):
    headers = {"Authorization": authorization} if authorization is not None else {}
    for path in ("/v1/submissions", "/v1/nothing", "/metrics"):
        answer = service.nobody().get(path, headers=headers)
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].startswith("Bearer ")


@pytest.mark.parametrize(
    "key", ["ysk_wrong", "a.b.c", "密钥".encode().decode("latin-1"), "'; DROP TABLE keys; --"]
)
def test_a_wrong_key_opens_nothing(service, key):
    answer = service.nobody().get("/v1/submissions", headers={"Authorization": f"Bearer {key}"})
    assert is_problem(answer, 401, "key-invalid")


def test_the_scheme_may_be_written_in_any_case(service):
    answer = service.nobody().get("/v1/packs", headers={"Authorization": f"bearer {service.key()}"})
    assert answer.status_code == 200


def test_a_key_that_somebody_chose_may_be_chinese(service):
    key = service.key(text="我的密钥").encode().decode("latin-1")
    assert service.nobody().get("/v1/packs", headers={"Authorization": f"Bearer {key}"}).status_code == 200


def test_an_expired_key_opens_nothing(service):
    key = service.key(expires_at=now() - timedelta(seconds=1))
    answer = service.nobody().get("/v1/packs", headers={"Authorization": f"Bearer {key}"})
    assert is_problem(answer, 401, "key-invalid")


def test_the_reference_is_read_without_a_key(service):
    for path in ("/docs", "/openapi.json"):
        assert service.nobody().get(path).status_code == 200
    assert service.nobody().get("/openapi.json").json["openapi"].startswith("3.1")


def test_where_the_reference_is_closed_a_person_may_give_the_key_as_a_password(tmp_path):
    service = Service(tmp_path, public_docs=False)
    assert is_problem(service.nobody().get("/openapi.json"), 401, "key-missing")
    basic = base64.b64encode(f"anybody:{service.key()}".encode()).decode()
    headers = {"Authorization": f"Basic {basic}"}
    nobody = service.nobody()
    challenges = nobody.get("/docs").headers.getlist("WWW-Authenticate")
    assert [challenge.partition(" ")[0] for challenge in challenges] == ["Bearer", "Basic"]
    assert nobody.get("/docs", headers=headers).status_code == 200
    assert nobody.get("/openapi.json", headers=headers).status_code == 200
    assert nobody.get("/v1/packs", headers=headers).status_code == 401
    assert len(nobody.get("/v1/packs").headers.getlist("WWW-Authenticate")) == 1


def test_an_administrator_makes_lists_and_revokes_keys(service):
    administrator = service.client("administrator")
    made = administrator.post(
        "/v1/keys",
        json={"name": "门户", "role": "unit", "unit": EDUCATION, "expires_at": "2099-01-01T00:00:00+08:00"},
    )
    assert made.status_code == 201
    assert made.headers["Cache-Control"] == "no-store"
    key = made.json["key"]
    assert made.json["expires_at"] == "2098-12-31T16:00:00Z"
    headers = {"Authorization": f"Bearer {key}"}
    assert service.nobody().get("/v1/submissions", headers=headers).status_code == 200
    listed = administrator.get("/v1/keys")
    assert key not in listed.text
    assert made.json["id"] in [item["id"] for item in listed.json["items"]]
    assert administrator.delete(f"/v1/keys/{made.json['id']}").status_code == 204
    assert service.nobody().get("/v1/submissions", headers=headers).status_code == 401
    [row] = [item for item in administrator.get("/v1/keys").json["items"] if item["id"] == made.json["id"]]
    assert row["revoked_at"]
    assert administrator.delete(f"/v1/keys/key_{'0' * 32}").status_code == 404
    audited = administrator.get(f"/v1/audit?target={made.json['id']}").json["items"]
    assert [row["action"] for row in audited] == ["key.revoked", "key.created"]
    assert key not in json.dumps(audited)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": "x", "role": "unit"},
        {"name": "x", "role": "king"},
        {"name": "", "role": "reviewer"},
        {"name": "a\nb", "role": "reviewer"},
        {"name": "\ud800", "role": "reviewer"},
        {"name": "x", "role": "unit", "unit": "  "},
        {"name": "x", "role": "reviewer", "colour": "red"},
        {"name": "x", "role": "reviewer", "expires_at": "2026-01-01T00:00:00"},
        {"name": "x", "role": "reviewer", "expires_at": "soon"},
        {"name": ["x"], "role": "reviewer"},
        [],
        "{}",
        7,
    ],
)
def test_a_key_that_cannot_be_is_refused(service, body):
    answer = service.client("administrator").post("/v1/keys", json=body)
    assert is_problem(answer, 422, "invalid-parameters")


@pytest.mark.parametrize(
    ("body", "chinese", "english"),
    [
        ({"name": "x", "role": "unit"}, "必须给出 unit，即所属单位的名称", "body: a key of role"),
        (
            {"name": "x", "role": "king"},
            "role 应当是 unit、reviewer、administrator 之一",
            "role: Input should",
        ),
        ({"name": "x"}, "role 没有给出，必须给出", "role: Field required"),
        ({"name": "", "role": "reviewer"}, "name 的形式不对：不能为空", "name: String should"),
        (
            {"name": "x", "role": "reviewer", "expires_at": "2099-01-01"},
            "expires_at 应当是带时区的日期和时间，如 2026-12-31T23:59:59+08:00",
            "expires_at: not a date and time",
        ),
        ([], "请求内容 应当是一个 JSON 对象", "body: Input should"),
    ],
)
def test_what_is_wrong_with_a_body_is_said_with_the_remedy(service, body, chinese, english):
    administrator = service.client("administrator")
    detail = administrator.post("/v1/keys", json=body).json["detail"]
    assert chinese in detail
    assert "should" not in detail
    assert detail.count("。") == 1
    told = administrator.post("/v1/keys", json=body, headers={"Accept-Language": "en"}).json
    assert english in told["detail"]
    assert told["detail"].isascii() or "“unit”" in told["detail"]


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("limit=0", "limit 太小，不能小于 1"),
        ("limit=201", "limit 太大，不能大于 200"),
        ("status=over", "status 应当是 queued、checking、done、failed 之一"),
        ("conclusion=good", "conclusion 应当是 pass、deficient、unreadable 之一"),
    ],
)
def test_what_is_wrong_with_a_query_is_said_with_what_would_be_right(service, query, why):
    assert why in service.client().get(f"/v1/submissions?{query}").json["detail"]


def test_a_body_that_is_no_json_is_told_so(service):
    administrator = service.client("administrator")
    sent = {"data": b'{"name": "x"', "headers": {"Content-Type": "application/json"}}
    assert is_problem(administrator.post("/v1/keys", **sent), 400, "malformed-request")
    sent = {"data": b'{"name": "x", "role": "reviewer"}', "headers": {"Content-Type": "text/plain"}}
    assert is_problem(administrator.post("/v1/keys", **sent), 415, "unsupported-media-type")
    assert is_problem(administrator.post("/v1/keys"), 415, "unsupported-media-type")


@pytest.mark.parametrize("role", ["unit", "reviewer"])
def test_keys_and_the_audit_trail_are_the_administrators(service, role):
    caller = service.client(role)
    for method, path in [
        ("GET", "/v1/keys"),
        ("POST", "/v1/keys"),
        ("DELETE", f"/v1/keys/key_{'0' * 32}"),
        ("GET", "/v1/audit"),
    ]:
        assert is_problem(caller.open(method, path), 403, "role-not-allowed")


def test_a_reviewer_hands_nothing_in(service):
    reviewer = service.client("reviewer")
    assert reviewer.submit().status_code == 403
    assert reviewer.submit(to="/v1/batches").status_code == 403


# OIDC


@pytest.fixture(scope="module")
def signing_key():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture
def issuer(signing_key):
    """The URL of an OIDC issuer."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self):
            url = f"http://127.0.0.1:{self.server.server_port}"
            jwk = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(signing_key.public_key()))
            said = (
                {"keys": [{**jwk, "kid": "k1", "use": "sig"}]}
                if self.path == "/jwks"
                else {"issuer": url, "jwks_uri": f"{url}/jwks"}
            )
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps(said).encode())

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def claims(issuer, **changed):
    moment = int(time.time())
    said = {
        "iss": issuer,
        "aud": "yushen",
        "sub": "zhang",
        "exp": moment + 600,
        "yushen_role": "unit",
        "yushen_unit": EDUCATION,
    }
    return {name: value for name, value in {**said, **changed}.items() if value is not None}


def test_a_token_of_the_issuer_opens_what_its_role_opens(tmp_path, issuer, signing_key):
    service = Service(tmp_path, oidc_issuer=issuer)
    token = jwt.encode(claims(issuer), signing_key, "RS256", headers={"kid": "k1"})
    headers = {"Authorization": f"Bearer {token}"}
    assert service.nobody().get("/v1/submissions", headers=headers).status_code == 200
    assert service.nobody().get("/v1/keys", headers=headers).status_code == 403
    assert service.client().submit().status_code == 202
    assert len(service.nobody().get("/v1/submissions", headers=headers).json["items"]) == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "https://elsewhere.example"},
        {"aud": "another"},
        {"exp": 1},
        {"exp": None},
        {"sub": None},
        {"sub": "x" * 200},
        {"yushen_role": None},
        {"yushen_role": "king"},
        {"yushen_role": ["administrator"]},
        {"yushen_unit": None},
        {"yushen_unit": {"a": 1}},
        {"nbf": 9999999999},
    ],
)
def test_a_token_that_says_something_else_opens_nothing(tmp_path, issuer, signing_key, changed):
    service = Service(tmp_path, oidc_issuer=issuer)
    token = jwt.encode(claims(issuer, **changed), signing_key, "RS256", headers={"kid": "k1"})
    answer = service.nobody().get("/v1/packs", headers={"Authorization": f"Bearer {token}"})
    assert is_problem(answer, 401, "key-invalid")


def test_a_token_that_another_signed_opens_nothing(tmp_path, issuer, signing_key):
    service = Service(tmp_path, oidc_issuer=issuer)
    another = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    forged = [
        jwt.encode(claims(issuer), another, "RS256", headers={"kid": "k1"}),
        jwt.encode(claims(issuer), another, "RS256", headers={"kid": "k2"}),
        jwt.encode(claims(issuer), "x" * 32, "HS256", headers={"kid": "k1"}),
        jwt.encode(claims(issuer), None, "none", headers={"kid": "k1"}),
    ]
    for token in forged:
        answer = service.nobody().get("/v1/packs", headers={"Authorization": f"Bearer {token}"})
        assert is_problem(answer, 401, "key-invalid")


def test_an_issuer_that_cannot_be_reached_is_no_verdict_on_the_token(tmp_path, signing_key):
    service = Service(tmp_path, oidc_issuer="http://127.0.0.1:9")
    token = jwt.encode(claims("http://127.0.0.1:9"), signing_key, "RS256", headers={"kid": "k1"})
    answer = service.nobody().get("/v1/packs", headers={"Authorization": f"Bearer {token}"})
    assert is_problem(answer, 503, "unavailable")
    assert service.client().get("/v1/packs").status_code == 200


# Rates


def test_a_key_that_calls_too_often_is_told_when_it_may_again(tmp_path):
    service = Service(tmp_path, rate_limit="3/minute")
    unit = service.client()
    assert [unit.get("/v1/packs").status_code for _ in range(4)] == [200, 200, 200, 429]
    answer = unit.get("/v1/packs")
    assert is_problem(answer, 429, "rate-limited")
    assert "上限是 60 秒内 3 次" in answer.json["detail"]
    assert 0 < int(answer.headers["Retry-After"]) <= 60
    assert service.client().get("/v1/packs").status_code == 200


def test_rates_are_shared_where_they_are_counted_elsewhere(tmp_path, valkey):
    folders = [tmp_path / "a", tmp_path / "b"]
    for folder in folders:
        folder.mkdir()
    first, second = (Service(f, rate_limit="2/minute", rate_limit_url=valkey.url) for f in folders)
    key = first.key(text="one key")
    second.key(text="one key")
    with first.database.read() as one, second.database.read() as two:
        ids = [s.execute(text("SELECT id FROM keys")).scalar_one() for s in (one, two)]
    with second.database.write() as session:
        session.execute(text("UPDATE keys SET id = :id"), {"id": ids[0]})
    headers = {"Authorization": f"Bearer {key}"}
    answers = [
        s.nobody().get("/v1/packs", headers=headers).status_code for s in (first, second, first, second)
    ]
    assert answers == [200, 200, 429, 429]


def test_where_rates_cannot_be_counted_the_service_serves(tmp_path):
    unit = Service(tmp_path, rate_limit="1/minute", rate_limit_url="redis://127.0.0.1:9/0").client()
    assert [unit.get("/v1/packs").status_code for _ in range(2)] == [200, 200]


# Errors


@pytest.mark.parametrize(
    "path", ["/", "/v1", "/v1/submission", "/v1/submissions/x/y", "/v2/submissions", "/%00"]
)
def test_an_address_that_there_is_not_is_404(unit, path):
    assert unit.get(path).status_code == 404
    assert unit.get(path).headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("name", ["x", "sub_0", f"sub_{'0' * 32}", f"SUB_{'0' * 32}", "%00", "..", "😀"])
def test_an_id_that_there_is_not_is_404(unit, name):
    for part in ("", "/report", "/record", "/events"):
        assert unit.get(f"/v1/submissions/{name}{part}").status_code == 404
    assert unit.get(f"/v1/batches/{name}").status_code == 404


def test_a_method_that_there_is_not_is_405(unit):
    answer = unit.open("PATCH", "/v1/submissions")
    assert is_problem(answer, 405, "method-not-allowed")
    assert {"GET", "POST"} <= set(answer.headers["Allow"].split(", "))
    assert unit.open("TRACE", "/v1/submissions").status_code == 405


@pytest.mark.parametrize(
    ("asked", "language"),
    [
        (None, "zh-CN"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-CN"),
        ("en", "en"),
        ("en-US,en;q=0.9,zh;q=0.1", "en"),
        ("fr", "zh-CN"),
        ("*", "zh-CN"),
    ],
)
def test_details_are_chinese_or_english(unit, asked, language):
    answer = unit.get("/v1/submissions/x", headers={"Accept-Language": asked} if asked else {})
    assert answer.headers["Content-Language"] == language
    assert answer.json["detail"].isascii() is False  # both quote with “ ”
    assert ("There is no" in answer.json["detail"]) is (language == "en")


def test_a_fault_of_the_program_tells_nothing_of_itself(service, unit, monkeypatch, caplog):
    def broken(*_):
        raise RuntimeError("secret at line 7")

    monkeypatch.setattr("intake.api.packs.available_packs", broken)
    answer = unit.get("/v1/packs")
    assert is_problem(answer, 500, "internal")
    assert "secret" not in answer.text
    assert answer.headers["X-Request-ID"] in answer.json["detail"]
    assert "secret at line 7" in caplog.text


def test_a_store_that_is_away_is_503_and_nothing_is_accepted(service, unit, monkeypatch):
    def away(_self, _stream):
        raise StoreUnavailableError("no route")

    monkeypatch.setattr(type(service.store), "put", away)
    answer = unit.submit()
    assert is_problem(answer, 503, "unavailable")
    assert int(answer.headers["Retry-After"]) > 0
    assert unit.get("/v1/submissions").json["items"] == []


def test_a_database_that_is_away_is_503(service, unit):
    service.database.close()
    (service.folder / "state.db").rename(service.folder / "gone.db")
    (service.folder / "state.db").mkdir()
    assert is_problem(unit.get("/v1/packs"), 503, "unavailable")


def test_every_problem_can_be_worded_in_both_languages():
    class Anything(dict):
        def __missing__(self, key):
            return f"<{key}>"

    for slug, kind in PROBLEMS.items():
        assert 400 <= kind.status < 600
        chinese, english = (t.format_map(Anything()) for t in (kind.detail, kind.detail_en))
        assert chinese.endswith(("。", ">")), slug
        assert english.endswith((".", ">")), slug
        assert not kind.title.isascii()
        assert kind.title_en.isascii()


# Other origins


def test_pages_of_other_origins_may_not_call(unit):
    answer = unit.get("/v1/packs", headers={"Origin": "https://portal.example"})
    assert not [name for name, _ in answer.headers if name.startswith("Access-Control")]


def test_pages_of_named_origins_may_call(tmp_path):
    service = Service(tmp_path, cors_origins="https://portal.example, https://other.example")
    unit = service.client()
    answer = unit.get("/v1/packs", headers={"Origin": "https://portal.example"})
    assert answer.headers["Access-Control-Allow-Origin"] == "https://portal.example"
    assert "Origin" in answer.headers["Vary"]
    stranger = unit.get("/v1/packs", headers={"Origin": "https://evil.example"})
    assert "Access-Control-Allow-Origin" not in stranger.headers
    asked = {"Origin": "https://portal.example", "Access-Control-Request-Method": "POST"}
    preflight = service.nobody().options("/v1/submissions", headers=asked)
    assert preflight.status_code == 200
    assert "Idempotency-Key" in preflight.headers["Access-Control-Allow-Headers"]
