"""What is past its time is gone for who asks by HTTP too, on each kind of database and store."""

import hashlib
from datetime import timedelta

import httpx
from api_service import DOCX, REPORT, on_each_kind
from sqlalchemy import update

from storage import purge
from storage.models import Batch, Blob, Submission, Upload, now

pytestmark = on_each_kind
LATER = timedelta(days=31)


def purged(service):
    """The purge of a service that keeps what is finished for a month."""
    settings = service.settings.model_copy(update={"retention_days": 30})
    return purge.purge(service.database, service.store, settings, look_through=False)


def age(service, table, **columns):
    """Make rows older than they are."""
    with service.database.write() as session:
        session.execute(update(table).values(columns))


def has(service, data):
    return service.store.has(hashlib.sha256(data).hexdigest())


def test_a_submission_past_its_time_is_gone_with_its_bytes_and_its_trail_stays(service, unit):
    own = DOCX + service.folder.name.encode()
    submission = unit.submit(("方案.docx", own)).json["id"]
    service.finish()
    age(service, Submission, finished_at=now() - LATER)
    age(service, Blob, touched_at=now() - LATER)
    assert purged(service).submissions == 1
    for part in ("", "/report", "/record", "/packet", "/events"):
        assert unit.get(f"/v1/submissions/{submission}{part}").status_code == 404
    assert unit.get("/v1/submissions").json["items"] == []
    assert not has(service, own)
    trail = service.client("administrator").get(f"/v1/audit?target={submission}").json["items"]
    assert [row["action"] for row in trail] == ["submission.purged", "submission.created"]


def test_what_is_before_a_reviewer_stays_and_can_be_fetched(service, unit):
    submission = unit.submit().json["id"]
    service.finish()
    unit.post(f"/v1/submissions/{submission}/review")
    age(service, Submission, finished_at=now() - LATER)
    age(service, Blob, touched_at=now() - LATER)
    assert purged(service).submissions == 0
    reviewer = service.client("reviewer")
    assert reviewer.get(f"/v1/submissions/{submission}/report").data == REPORT
    assert reviewer.get(f"/v1/submissions/{submission}/packet").status_code == 200


def test_a_batch_goes_with_the_last_of_its_submissions(service, unit):
    batch = unit.submit(("a.docx", b"a"), to="/v1/batches").json["id"]
    service.unpack("一")
    service.finish()
    age(service, Batch, finished_at=now() - LATER)
    assert purged(service).batches == 0
    assert unit.get(f"/v1/batches/{batch}").status_code == 200
    age(service, Submission, finished_at=now() - LATER)
    assert purged(service).batches == 1
    assert unit.get(f"/v1/batches/{batch}").status_code == 404


def test_an_upload_that_was_never_handed_in_is_gone_from_the_store_too(service, unit):
    data = b"large " + service.folder.name.encode()
    upload = unit.post("/v1/uploads", json={"name": "大.docx", "size": len(data)}).json
    if upload["url"].startswith("/"):
        assert unit.open("PUT", upload["url"], data=data).status_code == 204
    else:
        assert httpx.put(upload["url"], content=data).status_code == 200
        assert upload["id"] in set(service.store.staged())
    age(service, Upload, expires_at=now())
    age(service, Blob, touched_at=now() - LATER)
    assert purged(service).uploads == 1
    assert upload["id"] not in set(service.store.staged())
    assert not has(service, data)
    form = {"data": {"uploads": upload["id"]}, "content_type": "multipart/form-data"}
    assert unit.post("/v1/submissions", **form).status_code == 404


def test_the_same_bytes_can_be_handed_in_after_they_went(service, unit):
    own = DOCX + service.folder.name.encode()
    unit.submit(("方案.docx", own))
    service.finish()
    age(service, Submission, finished_at=now() - LATER)
    age(service, Blob, touched_at=now() - LATER)
    purged(service)
    assert not has(service, own)
    again = unit.submit(("方案.docx", own))
    assert again.status_code == 202
    service.finish()
    digest = hashlib.sha256(own).hexdigest()
    assert unit.get(f"/v1/submissions/{again.json['id']}/documents/{digest}").data == own
