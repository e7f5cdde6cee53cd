"""Submissions through HTTP: in, how far, out, lists, deleted."""

import hashlib
import io
import threading
from datetime import timedelta

import pytest
from api_service import DOCX, EDUCATION, FORMS, HEALTH, Service, on_each_kind
from sqlalchemy import select

from storage import jobs, submissions
from storage.models import Audit, Job, JobKind, ReviewState, Submission, SubmissionStatus


@pytest.fixture
def done(service, unit):
    """The path of a submission that is done."""
    path = unit.submit().headers["Location"]
    service.finish()
    return path


def actions(service, target=None):
    with service.database.read() as session:
        rows = session.scalars(select(Audit).order_by(Audit.id))
        return [row.action for row in rows if target in (None, row.target)]


# Handing in


@on_each_kind
def test_what_is_handed_in_is_answered_as_the_contract_says(service, unit):
    answer = unit.submit(
        ("方案.docx", DOCX), ("附件.pdf", b"%PDF-"), class_="contract-filing", project="智慧校园"
    )
    assert answer.status_code == 202
    said = answer.json
    assert answer.headers["Location"] == f"/v1/submissions/{said['id']}"
    assert said["status"] == "queued"
    assert said["conclusion"] is None
    assert [(d["name"], d["size"]) for d in said["documents"]] == [("方案.docx", len(DOCX)), ("附件.pdf", 5)]
    base = f"/v1/submissions/{said['id']}"
    assert said["links"] == {
        "self": base,
        "report": f"{base}/report",
        "record": f"{base}/record",
        "packet": f"{base}/packet",
        "events": f"{base}/events",
    }
    assert said["class"] == "contract-filing"
    assert said["unit"] == EDUCATION
    assert service.hints == 1
    assert unit.get(base).json == said


@on_each_kind
def test_options_reach_the_database(service, unit):
    unit.submit(
        class_="contract-filing",
        pack="jinjiang-2023",
        filed_on="2026-03-02",
        project="P-1",
        callback_url="https://portal.example/hook",
    )
    with service.database.read() as session:
        [row] = session.scalars(select(Submission))
        assert (row.class_given, row.pack, str(row.filed_on), row.project, row.callback_url) == (
            "contract-filing",
            "jinjiang-2023",
            "2026-03-02",
            "P-1",
            "https://portal.example/hook",
        )


def test_a_field_that_was_left_empty_was_not_given(service, unit):
    answer = unit.submit(class_="", pack="", filed_on="", project="", callback_url="")
    assert answer.status_code == 202
    assert answer.json["class"] is None


@on_each_kind
def test_bytes_are_in_the_store_when_the_answer_is_given(service, unit):
    said = unit.submit(("大.docx", b"x" * 3_000_000)).json
    sha256 = hashlib.sha256(b"x" * 3_000_000).hexdigest()
    assert said["documents"][0]["sha256"] == sha256
    with service.store.open(sha256) as stream:
        assert stream.read() == b"x" * 3_000_000


@on_each_kind
def test_an_administrator_may_hand_in_too(service):
    answer = service.client("administrator").submit()
    assert answer.status_code == 202
    assert answer.json["unit"] is None


# Idempotency


@on_each_kind
def test_a_repeated_call_gives_the_first_submission(service, unit):
    first = unit.submit(headers={"Idempotency-Key": "k1"})
    again = unit.submit(headers={"Idempotency-Key": "k1"})
    assert again.status_code == 202
    assert again.json == first.json
    assert again.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers
    assert service.hints == 1


@pytest.mark.parametrize(
    "changed", [{"project": "另一个"}, {"class_": "contract-filing"}, {"filed_on": "2026-03-03"}]
)
@on_each_kind
def test_a_key_used_for_another_call_is_refused(unit, changed):
    unit.submit(headers={"Idempotency-Key": "k1"})
    refused = unit.submit(headers={"Idempotency-Key": "k1"}, **changed)
    assert refused.status_code == 422
    assert refused.json["type"] == "urn:yushen:problem:idempotency-mismatch"
    assert unit.submit(("方案.docx", b"other"), headers={"Idempotency-Key": "k1"}).status_code == 422
    assert unit.submit(("别名.docx", DOCX), headers={"Idempotency-Key": "k1"}).status_code == 422


@on_each_kind
def test_keys_of_two_callers_have_nothing_to_do_with_one_another(service, unit):
    first = unit.submit(headers={"Idempotency-Key": "k1"})
    other = service.client(unit=EDUCATION).submit(headers={"Idempotency-Key": "k1"})
    assert other.json["id"] != first.json["id"]


@on_each_kind
def test_calls_with_one_key_at_the_same_time_make_one_submission(service):
    key = service.client().key
    answers, barrier = [], threading.Barrier(8)

    def call():
        client = service.app.test_client()
        form = {"files": [(io.BytesIO(DOCX), "方案.docx")]}
        headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": "k1"}
        barrier.wait()
        answers.append(client.post("/v1/submissions", data=form, headers=headers))

    threads = [threading.Thread(target=call) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {a.status_code for a in answers} == {202}
    assert len({a.json["id"] for a in answers}) == 1
    assert sum("Idempotent-Replayed" in a.headers for a in answers) == 7


@on_each_kind
def test_a_deleted_submission_does_not_come_back_with_its_key(unit):
    path = unit.submit(headers={"Idempotency-Key": "k1"}).headers["Location"]
    unit.delete(path)
    assert unit.submit(headers={"Idempotency-Key": "k1"}).status_code == 410


@pytest.mark.parametrize("key", ["", "k" * 201, "键"])
def test_an_impossible_key_is_refused(unit, key):
    assert unit.submit(headers={"Idempotency-Key": key.encode().decode("latin-1")}).status_code == 422


# Waiting


@on_each_kind
def test_who_waits_gets_the_finished_submission(service, unit):
    finisher = threading.Thread(target=lambda: service.finish("deficient"))

    def accepted():
        # The hint comes after the commit: from here on a worker can take it.
        finisher.start()

    service.on_hint = accepted
    answer = unit.submit(headers={"Prefer": "respond-async, wait=30"})
    finisher.join()
    assert answer.status_code == 200
    assert (answer.json["status"], answer.json["conclusion"]) == ("done", "deficient")
    assert answer.headers["Preference-Applied"] == "wait=30"


def test_who_waits_in_vain_gets_what_there_is(unit):
    answer = unit.submit(headers={"Prefer": "wait=0"})
    assert answer.status_code == 202
    assert answer.headers["Preference-Applied"] == "wait=0"


def test_a_wait_is_no_longer_than_the_settings_allow(tmp_path):
    answer = Service(tmp_path, max_wait_seconds=1).client().submit(headers={"Prefer": "wait=9999"})
    assert answer.headers["Preference-Applied"] == "wait=1"


def test_waiting_calls_leave_threads_for_others(tmp_path):
    service = Service(tmp_path, api_threads=1)
    assert service.services.waiters.acquire(blocking=False)
    answer = service.client().submit(headers={"Prefer": "wait=30"})
    assert answer.status_code == 202
    assert "Preference-Applied" not in answer.headers


@pytest.mark.parametrize("prefer", ["wait", "wait=", "wait=-1", "wait=x", "await=3", "return=minimal"])
def test_other_wishes_are_let_be(unit, prefer):
    answer = unit.submit(headers={"Prefer": prefer})
    assert answer.status_code == 202
    assert "Preference-Applied" not in answer.headers


# Reports


@pytest.mark.parametrize(
    ("accept", "form", "media_type"),
    [
        (None, "json", "application/json"),
        ("*/*", "json", "application/json"),
        ("application/json", "json", "application/json"),
        ("text/html,application/xhtml+xml;q=0.9,*/*;q=0.8", "html", "text/html; charset=utf-8"),
        ("text/plain", "text", "text/plain; charset=utf-8"),
        (
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "docx",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        ("text/html;q=0.1, text/plain;q=0.9", "text", "text/plain; charset=utf-8"),
    ],
)
@on_each_kind
def test_the_report_comes_in_the_form_that_is_asked_for(unit, done, accept, form, media_type):
    answer = unit.get(f"{done}/report", headers={"Accept": accept} if accept else {})
    assert answer.status_code == 200
    assert answer.data == FORMS[form]
    assert answer.headers["Content-Type"] == media_type
    assert "Accept" in answer.headers["Vary"]
    assert int(answer.headers["Content-Length"]) == len(FORMS[form])


def test_a_form_that_there_is_not_is_406(unit, done):
    answer = unit.get(f"{done}/report", headers={"Accept": "image/png"})
    assert answer.status_code == 406
    assert "text/html" in answer.json["detail"]


def test_html_reports_can_run_and_load_nothing(unit, done):
    answer = unit.get(f"{done}/report", headers={"Accept": "text/html"})
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "script" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_report_that_is_not_there_yet_is_409(unit):
    path = unit.submit().headers["Location"]
    answer = unit.get(f"{path}/report")
    assert answer.status_code == 409
    assert answer.json["type"] == "urn:yushen:problem:not-finished"
    assert int(answer.headers["Retry-After"]) > 0


@on_each_kind
def test_a_failure_of_the_program_is_no_report_and_says_so(service, unit):
    path = unit.submit().headers["Location"]
    service.fail("out of memory in line 12")
    said = unit.get(path).json
    assert (said["status"], said["conclusion"]) == ("failed", None)
    assert "line 12" not in said["failure"]
    assert "不是送审文件的问题" in said["failure"]
    assert "line 12" in service.client("administrator").get(path).json["failure"]
    answer = unit.get(f"{path}/report")
    assert answer.status_code == 409
    assert answer.json["type"] == "urn:yushen:problem:check-failed"


@on_each_kind
def test_the_record_is_given(unit, done):
    answer = unit.get(f"{done}/record")
    assert answer.data == FORMS["record"]
    assert answer.headers["Content-Type"] == "application/json"


@on_each_kind
def test_an_original_comes_back_byte_by_byte_to_be_saved(unit, done):
    sha256 = hashlib.sha256(DOCX).hexdigest()
    answer = unit.get(f"{done}/documents/{sha256}")
    assert answer.data == DOCX
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert "filename*=UTF-8''%E6%96%B9%E6%A1%88.docx" in answer.headers["Content-Disposition"]


@pytest.mark.parametrize(
    "sha256", [hashlib.sha256(FORMS["json"]).hexdigest(), "0" * 64, "x", "..%2f..%2fstate.db"]
)
def test_only_originals_of_the_submission_are_given(unit, done, sha256):
    assert unit.get(f"{done}/documents/{sha256}").status_code == 404


@pytest.mark.parametrize("part", ["report", "record", f"documents/{hashlib.sha256(DOCX).hexdigest()}"])
@on_each_kind
def test_who_has_it_already_gets_304(unit, done, part):
    first = unit.get(f"{done}/{part}")
    again = unit.get(f"{done}/{part}", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.data == b""
    other = unit.get(f"{done}/{part}", headers={"If-None-Match": '"other"'})
    assert other.data == first.data


@pytest.mark.parametrize("part", ["", "/report", "/record", f"/documents/{hashlib.sha256(DOCX).hexdigest()}"])
def test_head_says_what_get_would(unit, done, part):
    head, get = unit.open("HEAD", done + part), unit.get(done + part)
    assert head.data == b""
    assert head.status_code == 200
    for header in ("Content-Type", "Content-Length", "ETag"):
        assert head.headers.get(header) == get.headers.get(header)


def test_forms_of_one_report_have_tags_of_their_own(unit, done):
    tags = [
        unit.get(f"{done}/report", headers={"Accept": a}).headers["ETag"] for a in ("text/html", "text/plain")
    ]
    assert len(set(tags)) == 2


@on_each_kind
def test_events_tell_the_story(unit, done):
    said = unit.get(f"{done}/events").json["items"]
    assert [event["kind"] for event in said] == ["queued", "checking", "done"]
    assert said[-1]["data"] == {"conclusion": "pass"}


# Lists


def ids(answer):
    return [item["id"] for item in answer.json["items"]]


@on_each_kind
def test_pages_hold_everything_once_whatever_comes_in_between(unit):
    made = [unit.submit(project=str(n)).json["id"] for n in range(7)]
    seen, cursor = [], None
    while True:
        query = f"?limit=3{f'&cursor={cursor}' if cursor else ''}"
        page = unit.get(f"/v1/submissions{query}")
        seen += ids(page)
        unit.submit(project="later")
        cursor = page.json["next"]
        if not cursor:
            break
    assert seen == sorted(made, reverse=True)


@on_each_kind
def test_a_page_goes_on_where_its_last_item_was_deleted(unit):
    made = sorted(unit.submit().json["id"] for _ in range(4))
    page = unit.get("/v1/submissions?limit=2")
    unit.delete(f"/v1/submissions/{ids(page)[-1]}")
    assert ids(unit.get(f"/v1/submissions?cursor={page.json['next']}")) == [made[1], made[0]]


@on_each_kind
def test_filters_narrow(service, unit):
    first = unit.submit(project="甲", class_="contract-filing").json["id"]
    service.finish("deficient")
    second = unit.submit(project="乙", class_="construction-plan").json["id"]
    for query, expected in {
        "status=done": [first],
        "status=queued": [second],
        "conclusion=deficient": [first],
        "conclusion=pass": [],
        "class=contract-filing": [first],
        "class=construction-plan": [second],
        "project=乙": [second],
        f"unit={EDUCATION}": [second, first],
        f"unit={HEALTH}": [],
        "status=done&project=乙": [],
    }.items():
        assert ids(unit.get(f"/v1/submissions?{query}")) == expected, query


@pytest.mark.parametrize(
    "query",
    [
        "status=over",
        "limit=0",
        "limit=201",
        "limit=x",
        "cursor=%00",
        "cursor=",
        "colour=red",
        "project=%00",
        "class=%20",
    ],
)
def test_a_list_that_cannot_be_is_422_and_names_the_parameter(unit, query):
    answer = unit.get(f"/v1/submissions?{query}")
    assert answer.status_code == 422
    assert answer.json["errors"][0]["field"] == query.partition("=")[0]


def test_a_cursor_that_nobody_gave_is_404(unit):
    for cursor in ("x", "c3ViXzA", "MTIz", "c3ViXzA="[:-1] + "B"):
        answer = unit.get(f"/v1/submissions?cursor={cursor}")
        assert answer.status_code in (200, 404)
    assert unit.get("/v1/submissions?cursor=x").json["type"] == "urn:yushen:problem:no-such-page"


# Deletion


@on_each_kind
def test_deleted_is_gone(service, unit, done):
    assert unit.delete(done).status_code == 204
    for part in ("", "/report", "/record", "/events"):
        assert unit.get(done + part).status_code == 404
    assert ids(unit.get("/v1/submissions")) == []
    assert unit.delete(done).status_code == 404


@on_each_kind
def test_what_is_deleted_while_it_is_checked_does_not_come_back(service, unit):
    path = unit.submit().headers["Location"]
    with service.database.write() as session:
        held = jobs.claim(session, "lease", timedelta(minutes=1), [JobKind.CHECK])
        submissions.begin(session, held)
    assert unit.get(path).json["status"] == "checking"
    assert unit.delete(path).status_code == 204
    outcome = submissions.Outcome("pass", None, {"json": service.store.put(io.BytesIO(b"{}"))})
    with pytest.raises(jobs.LeaseLostError), service.database.write() as session:
        submissions.complete(session, service.store, held, outcome)
    assert unit.get(path).status_code == 404
    with service.database.read() as session:
        assert session.scalars(select(Job)).all() == []
        assert session.scalars(select(Submission)).all() == []


@pytest.mark.parametrize("state", [ReviewState.SUBMITTED, ReviewState.TAKEN, ReviewState.ACCEPTED])
@on_each_kind
def test_a_unit_cannot_delete_what_reviewers_have(service, unit, done, state):
    service.hand_to_review(done.rpartition("/")[2], state)
    assert unit.delete(done).status_code == 409
    assert service.client("administrator").delete(done).status_code == 204


@on_each_kind
def test_a_unit_can_delete_what_was_returned(service, unit, done):
    service.hand_to_review(done.rpartition("/")[2], ReviewState.RETURNED)
    assert unit.delete(done).status_code == 204


# Audit


@on_each_kind
def test_every_change_and_every_read_of_content_is_audited(service, unit, done):
    target = done.rpartition("/")[2]
    first = unit.get(f"{done}/report")
    unit.get(f"{done}/record")
    unit.get(f"{done}/documents/{hashlib.sha256(DOCX).hexdigest()}")
    unit.get(f"{done}/report", headers={"If-None-Match": first.headers["ETag"]})
    unit.delete(done)
    assert actions(service, target) == [
        "submission.created",
        "report.read",
        "record.read",
        "document.read",
        "submission.deleted",
    ]


@on_each_kind
def test_the_audit_trail_says_who_and_in_which_call(service, unit, done):
    unit.get(f"{done}/report", headers={"X-Request-ID": "call-7"})
    said = service.client("administrator").get(f"/v1/audit?target={done.rpartition('/')[2]}&limit=1").json
    [row] = said["items"]
    assert (row["action"], row["unit"], row["request_id"], row["detail"]) == (
        "report.read",
        EDUCATION,
        "call-7",
        {"form": "json"},
    )
    assert row["actor"].startswith("key_")
    assert said["next"]


@on_each_kind
def test_the_audit_trail_names_no_file_and_holds_no_text(service, unit):
    unit.submit(("张三的方案.docx", b"secret text"), project="李四的项目")
    with service.database.read() as session:
        told = str([(row.action, row.target, row.detail) for row in session.scalars(select(Audit))])
    assert "张三" not in told
    assert "secret" not in told


@on_each_kind
def test_the_request_id_follows_the_submission(service, unit):
    answer = unit.submit(headers={"X-Request-ID": "call-9"})
    assert answer.headers["X-Request-ID"] == "call-9"
    with service.database.read() as session:
        assert session.get(Submission, answer.json["id"]).request_id == "call-9"


@pytest.mark.parametrize("given", ["bad id", "x" * 65, "", "a;b"])
def test_a_request_id_that_logs_could_not_bear_is_replaced(unit, given):
    made = unit.get("/v1/packs", headers={"X-Request-ID": given}).headers["X-Request-ID"]
    assert made
    assert made != given


def test_status_values_are_those_of_the_contract():
    assert set(SubmissionStatus) == {"queued", "checking", "done", "failed"}
