"""Review, packets, webhooks, direct uploads, health and metrics over HTTP."""

import hashlib
import io
import re
import zipfile
from datetime import timedelta

import httpx
import pytest
from api_service import DOCX, EDUCATION, HEALTH, Service, on_each_kind
from bagit_tool import validate
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import select
from test_api_access import is_problem

from intake.api.metrics import COUNTERS, GAUGES, HISTOGRAMS
from storage.models import Delivery, Upload, now
from storage.objects import StoreUnavailableError


@pytest.fixture
def reviewer(service):
    return service.client("reviewer")


def finished(service, unit, conclusion="pass", **options):
    submission_id = unit.submit(("方案.docx", DOCX), **options).json["id"]
    service.finish(conclusion)
    return submission_id


def actions(service, target):
    rows = service.client("administrator").get(f"/v1/audit?target={target}").json["items"]
    return [row["action"] for row in reversed(rows)]


# Review


@on_each_kind
def test_a_passed_submission_goes_to_a_reviewer_who_returns_it_and_then_accepts_it(service, unit, reviewer):
    submission = finished(service, unit)
    assert unit.post(f"/v1/submissions/{submission}/review").json["review"] == "submitted"
    assert [item["id"] for item in reviewer.get("/v1/review").json["items"]] == [submission]
    assert reviewer.post(f"/v1/review/{submission}/take").json["review"] == "taken"
    assert reviewer.get("/v1/review").json["items"] == []
    returned = reviewer.post(f"/v1/review/{submission}/return", json={"note": "请补签批"})
    assert returned.json["review"] == "returned"
    told = unit.get(f"/v1/submissions/{submission}").json
    assert (told["review"], told["review_note"]) == ("returned", "请补签批")
    assert unit.post(f"/v1/submissions/{submission}/review").json["review_note"] is None
    reviewer.post(f"/v1/review/{submission}/take")
    assert reviewer.post(f"/v1/review/{submission}/accept", json={}).json["review"] == "accepted"
    assert actions(service, submission)[1:] == [
        "review.submitted",
        "review.taken",
        "review.returned",
        "review.submitted",
        "review.taken",
        "review.accepted",
    ]


@on_each_kind
def test_what_did_not_pass_is_submitted_only_knowingly(service, unit, reviewer):
    submission = finished(service, unit, "deficient")
    path = f"/v1/submissions/{submission}/review"
    assert is_problem(unit.post(path), 409, "has-findings")
    assert reviewer.get("/v1/review").json["items"] == []
    assert unit.post(f"{path}?acknowledge_findings=true").status_code == 200


@on_each_kind
def test_steps_out_of_order_are_refused(service, unit, reviewer):
    queued = unit.submit().json["id"]
    assert is_problem(unit.post(f"/v1/submissions/{queued}/review"), 409, "not-finished")
    service.finish()
    unit.post(f"/v1/submissions/{queued}/review")
    assert is_problem(unit.post(f"/v1/submissions/{queued}/review"), 409, "already-in-review")
    assert is_problem(reviewer.post(f"/v1/review/{queued}/accept", json={}), 409, "not-in-queue")
    reviewer.post(f"/v1/review/{queued}/take")
    other = service.client("reviewer")
    assert is_problem(other.post(f"/v1/review/{queued}/take"), 409, "not-in-queue")
    assert is_problem(other.post(f"/v1/review/{queued}/accept", json={}), 409, "taken-by-another")
    missing = reviewer.post(f"/v1/review/{queued}/return", json={})
    assert is_problem(missing, 422, "invalid-parameters")


def test_units_do_not_review_and_reviewers_do_not_submit(service, unit, reviewer):
    submission = finished(service, unit)
    assert unit.get("/v1/review").status_code == 403
    assert unit.post(f"/v1/review/{submission}/take").status_code == 403
    assert reviewer.post(f"/v1/submissions/{submission}/review").status_code == 403


@on_each_kind
def test_the_queue_is_read_page_by_page(service, unit, reviewer):
    made = [finished(service, unit) for _ in range(3)]
    for submission in made:
        unit.post(f"/v1/submissions/{submission}/review")
    first = reviewer.get("/v1/review?limit=2").json
    second = reviewer.get(f"/v1/review?limit=2&cursor={first['next']}").json
    assert [item["id"] for item in first["items"] + second["items"]] == made
    assert second["next"] is None
    assert reviewer.get("/v1/review?cursor=bm9uc2Vuc2U").status_code == 404


# Packets


@on_each_kind
def test_the_packet_is_a_valid_bag_and_its_length_is_said(service, unit, reviewer, tmp_path):
    submission = finished(service, unit)
    unit.post(f"/v1/submissions/{submission}/review")
    answer = reviewer.get(f"/v1/submissions/{submission}/packet")
    assert answer.headers["Content-Type"] == "application/zip"
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    assert f"{submission}.zip" in answer.headers["Content-Disposition"]
    zipfile.ZipFile(io.BytesIO(answer.data)).extractall(tmp_path / "out")
    validate(tmp_path / "out" / submission)
    assert (tmp_path / "out" / submission / "data/originals/方案.docx").read_bytes() == DOCX
    assert "packet.read" in actions(service, submission)


@on_each_kind
def test_there_is_no_packet_before_the_report(service, unit):
    submission = unit.submit().json["id"]
    assert is_problem(unit.get(f"/v1/submissions/{submission}/packet"), 409, "not-finished")
    service.fail()
    assert unit.get(f"/v1/submissions/{submission}/packet").json["type"].endswith("check-failed")


# Webhooks


@on_each_kind
def test_a_unit_has_one_secret_until_it_replaces_it(service, unit):
    first = unit.get("/v1/webhooks/secret").json
    assert unit.get("/v1/webhooks/secret").json == first
    assert service.client().get("/v1/webhooks/secret").json == first
    assert service.client(unit=HEALTH).get("/v1/webhooks/secret").json["secret"] != first["secret"]
    second = unit.post("/v1/webhooks/secret").json
    assert second["secret"] != first["secret"]
    assert second["previous_until"]
    assert unit.get("/v1/webhooks/secret").json == second


@on_each_kind
def test_webhooks_are_listed_and_sent_again_when_asked_for(service, unit):
    submission = finished(service, unit, callback_url="https://example.org/hook")
    [item] = unit.get("/v1/webhooks/deliveries").json["items"]
    assert (item["subject"], item["state"], item["url"]) == (
        submission,
        "pending",
        "https://example.org/hook",
    )
    with service.database.write() as session:
        row = session.scalars(select(Delivery)).one()
        row.state, row.attempts, row.finished_at = "dead", 10, now()
    assert [i["id"] for i in unit.get("/v1/webhooks/deliveries?state=dead").json["items"]] == [item["id"]]
    hints = service.hints
    again = unit.post(f"/v1/webhooks/deliveries/{item['id']}/redeliver")
    assert (again.status_code, again.json["state"], again.json["attempts"]) == (202, "pending", 0)
    assert service.hints == hints + 1
    assert unit.get("/v1/webhooks/deliveries?state=dead").json["items"] == []


@on_each_kind
def test_a_unit_sees_no_other_units_webhooks(service, unit):
    finished(service, service.client(unit=HEALTH), callback_url="https://example.org/hook")
    assert unit.get("/v1/webhooks/deliveries").json["items"] == []
    assert len(service.client("administrator").get("/v1/webhooks/deliveries").json["items"]) == 1
    assert service.client("reviewer").get("/v1/webhooks/deliveries").status_code == 403


@on_each_kind
def test_webhooks_of_a_deleted_submission_go_with_it(service, unit):
    submission = finished(service, unit, callback_url="https://example.org/hook")
    unit.delete(f"/v1/submissions/{submission}")
    assert unit.get("/v1/webhooks/deliveries").json["items"] == []


# Direct uploads


def announced(unit, data=DOCX, name="大.docx"):
    answer = unit.post("/v1/uploads", json={"name": name, "size": len(data)})
    assert answer.status_code == 201
    return answer.json


def put(unit, upload, data):
    """Send the bytes to where the service said; the status of the answer."""
    if upload["url"].startswith("/"):
        return unit.open("PUT", upload["url"], data=data).status_code
    return httpx.put(upload["url"], content=data).status_code


def through_the_service(unit, upload, data):
    """Send the bytes to the service itself, whatever the store."""
    return unit.open("PUT", f"/v1/uploads/{upload['id']}", data=data)


def hand_in(unit, *ids, files=(), **headers):
    form = {"uploads": ",".join(ids), "files": [(io.BytesIO(data), name) for name, data in files]}
    content_type = {"content_type": "multipart/form-data"}
    return unit.post("/v1/submissions", data=form, headers=headers, **content_type)


@on_each_kind
def test_a_large_file_is_announced_uploaded_and_handed_in(service, unit):
    upload = announced(unit)
    # With a store that has an address of its own the bytes do not pass through the service.
    assert upload["url"].startswith("/v1/uploads/") is (service.settings.s3_endpoint is None)
    assert put(unit, upload, DOCX) < 300
    answer = hand_in(unit, upload["id"], files=[("附件.pdf", b"pdf")])
    assert answer.status_code == 202, answer.text
    names = {(d["name"], d["sha256"]) for d in answer.json["documents"]}
    assert ("大.docx", hashlib.sha256(DOCX).hexdigest()) in names
    assert len(names) == 2


@on_each_kind
def test_an_uploaded_file_alone_is_enough_and_a_repeated_call_gives_the_same(service, unit):
    upload = announced(unit)
    put(unit, upload, DOCX)
    first = hand_in(unit, upload["id"], **{"Idempotency-Key": "once"})
    again = hand_in(unit, upload["id"], **{"Idempotency-Key": "once"})
    assert first.status_code == 202
    assert again.json["id"] == first.json["id"]


@pytest.mark.parametrize("sent", [b"", DOCX[:-1], DOCX + b"x"])
@on_each_kind
def test_what_was_not_uploaded_whole_is_not_handed_in(service, unit, sent):
    upload = announced(unit)
    put(unit, upload, sent)
    assert is_problem(through_the_service(unit, upload, sent), 422, "upload-missing")
    assert is_problem(hand_in(unit, upload["id"]), 422, "upload-missing")


@on_each_kind
def test_an_upload_is_its_own_callers_and_ends_in_its_time(service, unit):
    upload = announced(unit)
    for other in (service.client(unit=HEALTH), service.client(unit=EDUCATION)):
        assert through_the_service(other, upload, DOCX).status_code == 404
        assert is_problem(hand_in(other, upload["id"]), 404, "not-found")
    with service.database.write() as session:
        session.get_one(Upload, upload["id"]).expires_at = now() - timedelta(seconds=1)
    assert through_the_service(unit, upload, DOCX).status_code == 404
    assert is_problem(hand_in(unit, upload["id"]), 404, "not-found")


def test_a_file_over_the_limit_is_refused_when_it_is_announced(tmp_path):
    unit = Service(tmp_path, max_file_bytes=10).client()
    refused = unit.post("/v1/uploads", json={"name": "大.docx", "size": 11})
    assert is_problem(refused, 413, "file-too-large")


# Health


@on_each_kind
def test_it_lives_and_is_ready_without_a_key(service):
    nobody = service.nobody()
    assert nobody.get("/healthz").json == {"status": "alive"}
    ready = nobody.get("/readyz")
    assert ready.status_code == 200
    queue = "ok" if service.settings.broker_url else "none"
    assert ready.json == {"status": "ready", "parts": {"database": "ok", "objects": "ok", "queue": queue}}


def test_it_is_not_ready_without_the_store_and_still_lives(service, monkeypatch):
    def fail(self):
        raise StoreUnavailableError("secret-host:9000 refuses")

    monkeypatch.setattr(type(service.store), "check", fail)
    answer = service.nobody().get("/readyz")
    assert answer.status_code == 503
    assert answer.json["status"] == "not-ready"
    assert answer.json["parts"]["objects"] == "unavailable"
    assert "secret-host" not in answer.text
    assert service.nobody().get("/healthz").status_code == 200


@on_each_kind
def test_it_is_not_ready_on_an_outdated_database(service):
    with service.database.write() as session:
        session.connection().exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")
    answer = service.nobody().get("/readyz")
    assert (answer.status_code, answer.json["parts"]["database"]) == (503, "outdated")


@pytest.mark.parametrize("name", ["valkey", pytest.param("rabbitmq", marks=pytest.mark.needs("rabbitmq"))])
def test_without_the_queue_it_is_degraded_and_says_so(tmp_path, request, name, monkeypatch):
    server = request.getfixturevalue(name)
    monkeypatch.setattr("intake.api.health._ANSWER_KEPT_SECONDS", 0.0)
    nobody = Service(tmp_path, broker_url=server.url).nobody()
    assert nobody.get("/readyz").json["parts"]["queue"] == "ok"
    server.kill()
    try:
        answer = nobody.get("/readyz")
        assert (answer.status_code, answer.json["status"]) == (200, "degraded")
        assert answer.json["parts"]["queue"] == "unavailable"
    finally:
        server.start()
    assert nobody.get("/readyz").json["status"] == "ready"


# Metrics


def numbers(service):
    """(name, labels) -> value of every sample."""
    answer = service.client("reviewer").get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/plain")
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def value(found, name, **labels):
    return found[name, tuple(sorted(labels.items()))]


def test_metrics_need_a_key_that_is_not_a_units(service, unit):
    assert service.nobody().get("/metrics").status_code == 401
    assert unit.get("/metrics").status_code == 403


@on_each_kind
def test_metrics_count_what_was_done_and_what_is_owed(service, unit):
    finished(service, unit)
    submission = unit.submit().json["id"]
    service.finish("deficient", section_missing=3)
    unit.submit(callback_url="https://example.org/")
    found = numbers(service)
    assert value(found, "yushen_submissions_total", status="done", conclusion="pass") == 1
    assert value(found, "yushen_submissions_total", status="done", conclusion="deficient") == 1
    assert value(found, "yushen_findings_total", code="section-missing", severity="error") == 3
    assert value(found, "yushen_jobs", kind="check", state="owed") == 1
    assert value(found, "yushen_oldest_job_seconds", kind="check") >= 0
    for stage in ("waiting", "checking", "whole"):
        assert value(found, "yushen_stage_seconds_count", stage=stage) == 2
    unit.delete(f"/v1/submissions/{submission}")
    assert value(numbers(service), "yushen_submissions_total", status="done", conclusion="deficient") == 1


@on_each_kind
def test_histograms_are_cumulative_and_end_with_the_count(service, unit):
    finished(service, unit)
    found = numbers(service)
    buckets = {
        float(dict(labels)["le"]): v
        for (name, labels), v in found.items()
        if name == "yushen_stage_seconds_bucket" and dict(labels)["stage"] == "whole"
    }
    counts = [buckets[bound] for bound in sorted(buckets)]
    assert counts == sorted(counts)
    assert counts[-1] == value(found, "yushen_stage_seconds_count", stage="whole") == 1


@on_each_kind
def test_metrics_count_answers_by_rule_and_not_by_path(service, unit):
    submission = finished(service, unit)
    for _ in range(3):
        unit.get(f"/v1/submissions/{submission}")
    unit.get("/v1/nowhere")
    numbers(service)
    found = numbers(service)
    route = {"method": "GET", "route": "/v1/submissions/<id>", "code": "200"}
    assert value(found, "yushen_http_request_seconds_count", **route) == 3
    assert not [labels for _, labels in found if submission in str(labels) or "nowhere" in str(labels)]


def test_every_metric_is_named_where_it_is_documented(service):
    answer = service.client("administrator").get("/metrics").text
    given = set(re.findall(r"(?m)^# TYPE (\w+?)(?:_total)? ", answer))
    assert given == {*GAUGES} | {name for name, *_ in (*COUNTERS.values(), *HISTOGRAMS.values())}
