"""Every address with every role's key on another unit's objects: nothing is seen, nothing is changed."""

import hashlib

import pytest
from api_service import DOCX, EDUCATION, FORMS, HEALTH, KINDS, made
from sqlalchemy import inspect, select

from storage.models import Audit, Base, Delivery, Key

SHARED = {
    "/healthz",
    "/readyz",
    "/metrics",
    "/openapi.json",
    "/docs",
    "/docs/reference.js",
    "/v1/packs",
    "/v1/packs/<pack>",
}
SHARED |= {"/v1/packs/<pack>/classes/<document_class>"}
"""What belongs to nobody."""


@pytest.fixture(params=KINDS)
def service(request, tmp_path):
    yield from made(request, tmp_path)


@pytest.fixture
def places(service):
    """Name of a placeholder under an address -> an object of another unit."""
    owner = service.client(unit=HEALTH)
    submission = owner.submit(
        ("卫生.docx", DOCX), project="卫生项目", callback_url="https://example.org/"
    ).json["id"]
    service.finish("deficient", section_missing=2)
    batch = owner.submit(("批.zip", b"PK"), to="/v1/batches").json["id"]
    service.unpack("卫生一", "卫生二")
    with service.database.read() as session:
        delivery = session.scalars(select(Delivery.id)).one()
    upload = owner.post("/v1/uploads", json={"name": "卫生.pdf", "size": 3}).json["id"]
    key = service.client("administrator").get("/v1/keys").json["items"][0]["id"]
    return {
        "/v1/submissions/<id>": submission,
        "/v1/batches/<id>": batch,
        "/v1/review/<id>": submission,
        "/v1/webhooks/deliveries/<id>": delivery,
        "/v1/uploads/<id>": upload,
        "/v1/keys/<id>": key,
        "<sha256>": hashlib.sha256(DOCX).hexdigest(),
    }


def calls(service, places):
    """(method, address, rule) of every route that could touch what belongs to somebody."""
    for rule in service.app.url_map.iter_rules():
        if rule.rule in SHARED or "static" in rule.endpoint:
            continue
        path = at(rule.rule, places)
        for method in sorted(rule.methods - {"OPTIONS"}):
            yield method, path, rule.rule


def at(rule, places):
    """The address of a rule at which the other unit's object is."""
    path = rule
    for beginning, value in places.items():
        if beginning.startswith("<"):
            path = path.replace(beginning, value)
        elif path.startswith(beginning):
            path = path.replace(beginning, beginning.replace("<id>", value), 1)
    assert "<" not in path, f"{rule}: say in `places` what stands for its placeholder"
    return path


def state(service):
    """Every row but those of the audit trail and of keys, to see that nothing changed."""
    with service.database.read() as session:
        tables = [t for t in Base.metadata.sorted_tables if t.name not in ("audit", "keys")]
        rows = {t.name: sorted(map(str, session.execute(select(t)).all())) for t in tables}
    # What a stranger makes for itself is its own, and counts are nobody's.
    return {n: [r for r in rs if EDUCATION not in r] for n, rs in rows.items() if n != "tallies"}


@pytest.mark.parametrize("role", ["unit", "reviewer"])
def test_no_address_gives_or_changes_what_is_anothers(service, places, role):
    stranger = service.client(role, EDUCATION)
    before = state(service)
    for method, path, rule in calls(service, places):
        body = {"json": {"note": "x"}} if method == "POST" and "<" in rule else {}
        answer = stranger.open(method, path, **body)
        if "<" in rule:
            assert answer.status_code in (403, 404, 405), (method, path, answer.status_code)
        # A problem quotes the id that was asked for, and nothing else of what is behind it.
        traces = {HEALTH, "卫生", *places.values()} - set(path.split("/"))
        assert not [trace for trace in traces if trace in answer.text], (method, path)
    assert state(service) == before


NOTE = {"json": {"note": "请补充"}}
ADMINISTRATORS = [
    ("GET", "/v1/submissions/<id>", 200, {}),
    ("GET", "/v1/submissions/<id>/events", 200, {}),
    ("GET", "/v1/submissions/<id>/report", 200, {}),
    ("GET", "/v1/submissions/<id>/record", 200, {}),
    ("GET", "/v1/submissions/<id>/documents/<sha256>", 200, {}),
    ("GET", "/v1/submissions/<id>/packet", 200, {}),
    ("POST", "/v1/submissions/<id>/review", 200, {"query_string": {"acknowledge_findings": "true"}}),
    ("POST", "/v1/review/<id>/take", 200, {}),
    ("POST", "/v1/review/<id>/return", 200, NOTE),
    ("POST", "/v1/submissions/<id>/review", 200, {"query_string": {"acknowledge_findings": "true"}}),
    ("POST", "/v1/review/<id>/take", 200, {}),
    ("POST", "/v1/review/<id>/accept", 200, NOTE),
    ("GET", "/v1/batches/<id>", 200, {}),
    ("GET", "/v1/batches/<id>/items", 200, {}),
    ("GET", "/v1/batches/<id>/summary", 200, {}),
    ("POST", "/v1/batches/<id>/retry", 202, {}),
    ("POST", "/v1/batches/<id>/cancel", 200, {}),
    ("POST", "/v1/webhooks/deliveries/<id>/redeliver", 202, {}),
    # An upload is its key's alone: nobody puts bytes under the name of another.
    ("PUT", "/v1/uploads/<id>", 404, {"data": b"x"}),
    # Nothing is infected.
    ("DELETE", "/v1/quarantine/<sha256>", 404, {}),
    ("DELETE", "/v1/submissions/<id>", 204, {}),
    ("DELETE", "/v1/keys/<id>", 204, {}),
]
"""What an administrator may do with what is another's, in an order in which each step can be taken."""
TRACES = [
    *("report.read", "record.read", "document.read", "packet.read", "review.submitted", "review.taken"),
    *("review.returned", "review.submitted", "review.taken", "review.accepted", "submission.deleted"),
]


def test_an_administrator_may_do_with_anothers_what_is_stated_and_it_is_in_the_trail(service, places):
    administrator = service.client("administrator")
    for method, rule, status, more in ADMINISTRATORS:
        path = at(rule, places)
        answer = administrator.open(method, path, **more)
        assert answer.status_code == status, (method, rule, answer.text)
    target = places["/v1/submissions/<id>"]
    with service.database.read() as session:
        trail = session.scalars(select(Audit).where(Audit.target == target).order_by(Audit.id)).all()
        own = session.scalar(select(Key.id).where(Key.role == "administrator").order_by(Key.id.desc()))
    assert [row.action for row in trail] == ["submission.created", *TRACES]
    assert {row.actor for row in trail[1:]} == {own}


def test_it_is_stated_of_every_address_whether_an_administrator_may(service, places):
    touching = {(method, rule) for method, _, rule in calls(service, places) if "<" in rule}
    stated = {(method, rule) for method, rule, *_ in ADMINISTRATORS}
    assert {call for call in touching if call[0] != "HEAD"} == stated


def test_an_administrators_secret_signs_no_units_webhooks(service):
    unit, administrator = service.client(unit=HEALTH), service.client("administrator")
    path = "/v1/webhooks/secret"
    assert administrator.get(path).json["secret"] != unit.get(path).json["secret"]
    before = unit.get(path).json
    administrator.post(path)
    assert unit.get(path).json == before


def test_what_is_not_there_and_what_is_anothers_look_the_same(service, places):
    stranger = service.client("unit", EDUCATION)
    for beginning, real in places.items():
        if beginning not in ("/v1/submissions/<id>", "/v1/batches/<id>"):
            continue
        names = (real, real[:-4] + "0000")
        for part in ("", "/report", "/items"):
            answers = [stranger.get(beginning.replace("<id>", name) + part) for name in names]
            assert [answer.status_code for answer in answers] == [404, 404]
            told = {without(answer, name) for answer, name in zip(answers, names, strict=True)}
            assert len(told) == 1


def without(answer, name):
    """An answer without what is different about every answer."""
    return answer.text.replace(name, "ID").replace(answer.headers["X-Request-ID"], "")


def test_a_key_without_unit_sees_nothing_of_anyones(service, places):
    lists = [rule for _, path, rule in calls(service, places) if "<" not in rule]
    assert "/v1/submissions" in lists
    for unit in (EDUCATION, "", "%", HEALTH[:-1]):
        key = service.key("unit", unit)
        for path in ("/v1/submissions", "/v1/batches"):
            headers = {"Authorization": f"Bearer {key}"}
            assert service.nobody().get(path, headers=headers).json["items"] == []


def test_a_reviewer_sees_what_was_handed_to_review_and_no_more(service, places):
    reviewer = service.client("reviewer")
    submission = places["/v1/submissions/<id>"]
    path = f"/v1/submissions/{submission}"
    assert reviewer.get("/v1/submissions").json["items"] == []
    service.hand_to_review(submission)
    assert [item["id"] for item in reviewer.get("/v1/submissions").json["items"]] == [submission]
    assert reviewer.get(path).status_code == 200
    assert reviewer.get(f"{path}/report").data == FORMS["json"]
    assert reviewer.get(f"{path}/documents/{places['<sha256>']}").data == DOCX
    assert reviewer.delete(path).status_code == 403
    assert reviewer.get("/v1/batches").json["items"] == []


def test_an_administrator_sees_all(service, places):
    administrator = service.client("administrator")
    assert len(administrator.get("/v1/submissions").json["items"]) == 3
    assert len(administrator.get("/v1/batches").json["items"]) == 1
    assert administrator.get(f"/v1/submissions/{places['/v1/submissions/<id>']}/report").status_code == 200
    named = administrator.get(f"/v1/submissions?unit={HEALTH}").json["items"]
    assert len(named) == 3


def test_bytes_that_two_units_have_are_each_units_own(service):
    ours, theirs = service.client(unit=EDUCATION), service.client(unit=HEALTH)
    mine = ours.submit().json
    sha256 = mine["documents"][0]["sha256"]
    other = theirs.submit(("x.docx", b"other")).json["id"]
    assert theirs.get(f"/v1/submissions/{other}/documents/{sha256}").status_code == 404
    assert theirs.get(f"/v1/submissions/{mine['id']}/documents/{sha256}").status_code == 404


def test_refused_reads_are_not_in_the_trail_as_reads(service, places):
    service.client("unit", EDUCATION).get(f"/v1/submissions/{places['/v1/submissions/<id>']}/report")
    with service.database.read() as session:
        assert "report.read" not in set(session.scalars(select(Audit.action)))


def test_the_table_of_state_is_not_empty(service, places):
    assert state(service)["submissions"]
    with service.database.read() as session:
        assert inspect(session.get_bind()).has_table("submissions")
