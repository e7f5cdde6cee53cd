"""Parts of the service that go away, fill up or misbehave: answers say so, nothing is lost or left over."""

import hashlib
import io
import resource
import threading
from contextlib import contextmanager
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from api_service import DOCX, FORMS, KINDS, Service, empty_queue, on_each_kind
from faulty_s3 import FAULTS, FaultyS3
from sqlalchemy import event, select, update
from test_api_access import is_problem

from storage import jobs, models, purge
from storage.hints import broker, waiting
from storage.models import Blob, Job, JobKind, Key, now
from storage.objects import StoreUnavailableError
from worker import sweeper

BOUNDARY = "----yushen"


class Eventful(io.BytesIO):
    """A body in the middle of which something happens."""

    def __init__(self, data, happens):
        super().__init__(data)
        self._happens = [happens]

    def _look(self):
        if self.tell() > len(self.getbuffer()) // 2 and self._happens:
            # As from elsewhere: a call within a call would share its context.
            other = threading.Thread(target=self._happens.pop())
            other.start()
            other.join()

    def read(self, size=-1):
        self._look()
        return super().read(size)

    def readinto(self, buffer):
        self._look()
        return super().readinto(buffer)


def upload(unit, document, happens, to="/v1/submissions", **headers):
    """The answer to handing in ``document``, in the middle of which something happens."""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="files"; filename="a.docx"\r\n\r\n'
    form = head.encode() + document + f"\r\n--{BOUNDARY}--\r\n".encode()
    media = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    return unit.post(to, input_stream=Eventful(form, happens), headers={**media, **headers})


def large(service):
    """A document that no other test has, of several pieces."""
    return service.folder.name.encode() + b"x" * 600_000


def is_away(answer):
    assert int(answer.headers["Retry-After"]) > 0
    return is_problem(answer, 503, "unavailable")


def items(unit):
    return unit.get("/v1/submissions").json["items"]


def nothing_is_left(service, document):
    """Whether no half written file remains, and the purge takes what no row knew of."""
    staging = service.folder / "staging"
    assert not staging.exists() or not list(staging.iterdir())
    assert list(service.store.staged()) == []
    purge.purge(service.database, service.store, service.settings)
    with service.database.write() as session:
        session.execute(update(Blob).values(touched_at=now() - timedelta(days=2)))
    purge.purge(service.database, service.store, service.settings)
    return not service.store.has(hashlib.sha256(document).hexdigest())


# Keys


@on_each_kind
@pytest.mark.parametrize("to", ["/v1/submissions", "/v1/batches"])
@pytest.mark.parametrize("how", ["revoked", "expired"])
def test_a_key_that_ends_while_its_upload_runs_hands_nothing_in(service, unit, to, how):
    administrator = service.client("administrator")
    with service.database.read() as session:
        key = session.scalars(select(Key).where(Key.role == "unit")).one().id

    def ends():
        if how == "revoked":
            assert administrator.delete(f"/v1/keys/{key}").status_code == 204
            return
        with service.database.write() as session:
            session.get_one(Key, key).expires_at = now()

    document = large(service)
    assert is_problem(upload(unit, document, ends, to), 401, "key-invalid")
    assert items(administrator) == []
    assert administrator.get("/v1/batches").json["items"] == []
    with service.database.read() as session:
        assert session.scalars(select(Job)).all() == []
    assert nothing_is_left(service, document)


def test_a_direct_upload_with_a_key_that_is_revoked_meanwhile_is_refused(service, unit):
    administrator = service.client("administrator")
    keys = administrator.get("/v1/keys").json["items"]
    key = next(k["id"] for k in keys if k["role"] == "unit")
    path = unit.post("/v1/uploads", json={"name": "大.docx", "size": 3_000_000}).json["url"]
    body = Eventful(b"x" * 3_000_000, lambda: administrator.delete(f"/v1/keys/{key}"))
    assert is_problem(unit.open("PUT", path, input_stream=body), 401, "key-invalid")


# Disks


@contextmanager
def largest_file(size):
    """No file may grow larger, as on a disk without room."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_store_without_room_refuses_and_takes_it_when_there_is_room(service, unit):
    document = b"x" * 3_000_000
    with largest_file(1_000_000):
        assert is_away(upload(unit, document, lambda: None))
        assert unit.submit().status_code == 202
    assert len(items(unit)) == 1
    assert nothing_is_left(service, document)
    assert upload(unit, document, lambda: None).status_code == 202


def test_a_database_without_room_refuses_and_takes_it_when_there_is_room(service, unit):
    def no_room(connection, _record):
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")

    service.database.close()
    event.listen(service.database.engine, "connect", no_room)
    refused, accepted = [], []
    while not refused:
        answer = unit.submit(project="很长的项目名称" * 20)
        (accepted if answer.status_code == 202 else refused).append(answer)
    assert is_away(refused[0])
    event.remove(service.database.engine, "connect", no_room)
    service.database.close()
    assert len(unit.get("/v1/submissions?limit=200").json["items"]) == len(accepted)
    assert unit.submit().status_code == 202


# Databases


@pytest.mark.parametrize("service", KINDS[1:], indirect=True)
def test_a_database_that_goes_during_an_upload_and_comes_back_loses_nothing(service, unit, postgres):
    first = unit.submit().json["id"]
    document = large(service)
    try:
        answer = upload(unit, document, postgres.kill, **{"Idempotency-Key": "k1"})
        assert is_away(answer)
        assert is_away(unit.get("/v1/submissions"))
        english = unit.get("/v1/submissions", headers={"Accept-Language": "en"})
        assert "database" in english.json["detail"]
    finally:
        postgres.start()
    assert [item["id"] for item in items(unit)] == [first]
    again = upload(unit, document, lambda: None, **{"Idempotency-Key": "k1"})
    assert again.status_code == 202
    assert "Idempotent-Replayed" not in again.headers
    assert [service.finish(), service.finish()] == [first, again.json["id"]]


# Queues


def test_what_is_accepted_without_the_queue_is_begun_when_it_is_back(tmp_path, valkey):
    service = Service(tmp_path, broker_url=valkey.url)
    app = broker(valkey.url)
    valkey.kill()
    try:
        answer = service.client().submit()
        assert answer.status_code == 202
        sweeper.sweep_once(service.settings, service.database, app)
    finally:
        valkey.start()
    empty_queue(valkey.url)
    sweeper.sweep_once(service.settings, service.database, app)
    assert waiting(app) > 0
    assert service.finish() == answer.json["id"]
    service.hints_sent.close()
    empty_queue(valkey.url)


# Stores


@pytest.fixture
def faulty(s3):
    proxy = FaultyS3(s3.endpoint)
    yield proxy
    proxy.close()


@pytest.fixture
def on_faulty(tmp_path, s3, faulty, monkeypatch):
    """A service whose store can be told to misbehave."""
    monkeypatch.setattr("storage.objects.s3._READ_SECONDS", 0.5)
    monkeypatch.setattr("storage.objects.s3._PROBE_SECONDS", 0.5)
    keys = {"s3_access_key": s3.access_key, "s3_secret_key": s3.secret_key, "s3_tls": False}
    return Service(tmp_path, s3_endpoint=faulty.endpoint, s3_bucket=s3.new_bucket(), **keys)


@pytest.mark.parametrize("fault", ["busy", "silent", "closed"])
def test_a_store_that_misbehaves_refuses_for_a_time_and_loses_nothing(on_faulty, faulty, fault):
    unit, document = on_faulty.client(), large(on_faulty)
    first = unit.submit().json["id"]
    on_faulty.finish()
    path = f"/v1/submissions/{first}"

    def misbehaves():
        faulty.fault = fault

    assert is_away(upload(unit, document, misbehaves, **{"Idempotency-Key": "k1"}))
    assert is_away(unit.get(f"{path}/report"))
    assert on_faulty.nobody().get("/readyz").json["parts"]["objects"] == "unavailable"
    assert unit.get(path).status_code == 200
    faulty.fault = None
    assert [item["id"] for item in items(unit)] == [first]
    assert unit.get(f"{path}/report").data == FORMS["json"]
    assert upload(unit, document, lambda: None, **{"Idempotency-Key": "k1"}).status_code == 202


@pytest.mark.parametrize("part", ["packet", f"documents/{hashlib.sha256(DOCX).hexdigest()}"])
def test_bytes_that_break_off_never_look_whole(on_faulty, faulty, part):
    unit = on_faulty.client()
    path = unit.submit().headers["Location"]
    on_faulty.finish()
    whole = unit.get(f"{path}/{part}")
    faulty.fault = "cut"
    try:
        answer = unit.get(f"{path}/{part}")
        if answer.status_code == 200:
            assert len(answer.data) < int(answer.headers["Content-Length"])
        else:
            assert is_away(answer)
    except StoreUnavailableError:
        # The connection ends here: less comes than was said.
        pass
    faulty.fault = None
    assert unit.get(f"{path}/{part}").status_code == whole.status_code == 200


@pytest.mark.parametrize("fault", FAULTS)
def test_a_worker_gets_bytes_whole_or_is_told_that_the_store_is_away(on_faulty, faulty, fault, tmp_path):
    stored = on_faulty.store.put(io.BytesIO(large(on_faulty)))
    faulty.fault = fault
    with pytest.raises(StoreUnavailableError):
        on_faulty.store.fetch(stored.sha256, tmp_path / "cut")
    faulty.fault = None
    on_faulty.store.fetch(stored.sha256, tmp_path / "whole")
    assert hashlib.sha256((tmp_path / "whole").read_bytes()).hexdigest() == stored.sha256


# Clocks


@pytest.fixture
def clock(monkeypatch):
    """What the time is, by which this machine's clock is wrong."""
    wrong = SimpleNamespace(by=timedelta())

    class Clock(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.now(tz) + wrong.by

    monkeypatch.setattr(models, "datetime", Clock)
    return wrong


LEASE = timedelta(minutes=1)


def catch_up(service):
    with service.database.write() as session:
        return jobs.catch_up(session, LEASE)


def claim(service, lease="lease"):
    with service.database.write() as session:
        return jobs.claim(session, lease, LEASE, [JobKind.CHECK])


@on_each_kind
def test_what_was_accepted_before_the_clock_was_set_back_is_checked_at_once(service, unit, clock):
    clock.by = timedelta(days=1)
    submission = unit.submit().json["id"]
    clock.by = timedelta()
    assert claim(service) is None
    assert catch_up(service) == 1
    assert service.finish() == submission
    said = unit.get(f"/v1/submissions/{submission}").json
    assert said["status"] == "done"
    assert service.client("administrator").get("/metrics").status_code == 200


@on_each_kind
def test_what_is_tried_again_is_not_put_off_by_a_clock_that_is_set_back(service, unit, clock):
    clock.by = timedelta(days=-1)
    unit.submit()
    clock.by = timedelta(days=1)
    held = claim(service)
    with service.database.write() as session:
        jobs.give_back(session, held, "once more", delay=timedelta(seconds=2))
    clock.by = timedelta()
    assert catch_up(service) == 1
    assert claim(service) is not None


@on_each_kind
def test_a_worker_that_died_before_the_clock_was_set_back_is_noticed_as_soon_as_ever(service, unit, clock):
    unit.submit()
    clock.by = timedelta(days=1)
    assert claim(service)
    clock.by = timedelta()
    catch_up(service)
    clock.by = LEASE + timedelta(seconds=10)
    with service.database.write() as session:
        assert jobs.sweep(session, 5).returned == 1
    assert claim(service, "another") is not None


def test_a_worker_that_lives_keeps_its_job_when_the_clock_is_set_back(service, unit, clock):
    unit.submit()
    clock.by = timedelta(days=1)
    held = claim(service)
    clock.by = timedelta()
    catch_up(service)
    clock.by = LEASE / 2
    with service.database.write() as session:
        jobs.heartbeat(session, held, LEASE)
    clock.by = LEASE
    with service.database.write() as session:
        assert jobs.sweep(session, 5).returned == 0
        jobs.finish(session, held)


def test_what_is_put_off_on_purpose_is_not_hurried(service):
    with service.database.write() as session:
        purge.schedule(session, after=purge.EVERY)
        jobs.owe(session, JobKind.CHECK, "sub_x", not_before=now() + timedelta(minutes=2))
    assert catch_up(service) == 0


def test_rates_are_counted_by_a_clock_that_nobody_sets(tmp_path, monkeypatch):
    moment = SimpleNamespace(monotonic=lambda: 1000.0, time=lambda: 5_000_000.0)
    monkeypatch.setattr("intake.api.rates.time", moment)
    unit = Service(tmp_path, rate_limit="3/minute").client()
    assert [unit.get("/v1/packs").status_code for _ in range(4)] == [200, 200, 200, 429]
    moment.time = lambda: 1_000_000.0
    moment.monotonic = lambda: 1059.0
    refused = unit.get("/v1/packs")
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "1")
    moment.monotonic = lambda: 1060.0
    assert unit.get("/v1/packs").status_code == 200
