"""What every object store must do."""

import hashlib
import io
import threading
import urllib.error
import urllib.request
from datetime import timedelta

import pytest

from storage.objects import ObjectMissingError, Stored, StoreUnavailableError
from storage.objects.local import LocalStore
from storage.objects.s3 import Account, S3Store

DATA = "预审".encode() * 100_000
DIGEST = hashlib.sha256(DATA).hexdigest()


def account(s3, **changes):
    given = {"endpoint": s3.endpoint, "access_key": s3.access_key, "secret_key": s3.secret_key}
    return Account(**{"bucket": f"b-{threading.get_ident()}", "tls": False, **given, **changes})


@pytest.fixture(params=["local", "s3"])
def store(request, tmp_path):
    """Each kind of store, empty."""
    if request.param == "local":
        return LocalStore(tmp_path / "store")
    s3 = request.getfixturevalue("s3")
    return S3Store(account(s3, bucket=s3.new_bucket()))


@pytest.fixture
def remote(s3):
    """A store on S3 alone."""
    return S3Store(account(s3, bucket=s3.new_bucket()))


def test_bytes_come_back_under_their_digest(store, tmp_path):
    assert store.put(io.BytesIO(DATA)) == Stored(DIGEST, len(DATA))
    with store.open(DIGEST) as stream:
        assert stream.read() == DATA
    store.fetch(DIGEST, tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == DATA
    assert store.has(DIGEST)


def test_same_bytes_are_stored_once(store):
    store.put(io.BytesIO(DATA))
    assert store.put(io.BytesIO(DATA)) == Stored(DIGEST, len(DATA))
    assert list(store.listed()) == [Stored(DIGEST, len(DATA))]


def test_empty_file_is_bytes_too(store):
    stored = store.put(io.BytesIO(b""))
    assert stored.size == 0
    with store.open(stored.sha256) as stream:
        assert stream.read() == b""


def test_many_writers_of_the_same_bytes_all_succeed(store):
    stored = []
    threads = [threading.Thread(target=lambda: stored.append(store.put(io.BytesIO(DATA)))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {(s.sha256, s.size) for s in stored} == {(DIGEST, len(DATA))}
    with store.open(DIGEST) as stream:
        assert stream.read() == DATA


@pytest.mark.parametrize("sha256", ["0" * 64, "../../etc/passwd", ""])
def test_what_was_never_stored_is_missing(store, tmp_path, sha256):
    with pytest.raises(ObjectMissingError):
        store.open(sha256)
    with pytest.raises(ObjectMissingError):
        store.fetch(sha256, tmp_path / "copy")


def test_deleted_bytes_are_gone_and_deleting_again_is_nothing(store):
    store.put(io.BytesIO(DATA))
    store.delete(DIGEST)
    store.delete(DIGEST)
    assert not store.has(DIGEST)


def test_store_says_that_it_works(store):
    store.check()


def test_upload_that_breaks_off_stores_nothing(tmp_path):
    class Broken(io.RawIOBase):
        def read(self, size=-1):
            raise ConnectionResetError

    with pytest.raises((OSError, StoreUnavailableError)):
        LocalStore(tmp_path).put(Broken())
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []


def test_folder_that_cannot_be_written_is_unavailable(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    store = LocalStore(tmp_path / "file")
    with pytest.raises(StoreUnavailableError):
        store.put(io.BytesIO(DATA))
    with pytest.raises(StoreUnavailableError):
        store.check()


def test_what_a_kill_left_half_written_is_cleared(tmp_path):
    store = LocalStore(tmp_path)
    store.put(io.BytesIO(DATA))
    (tmp_path / "staging" / "left").write_bytes(b"half")
    store.prepare()
    assert list((tmp_path / "staging").iterdir()) == []
    assert store.has(DIGEST)


def test_folder_has_no_direct_upload(tmp_path):
    store = LocalStore(tmp_path)
    assert store.presigned_upload("name", timedelta(minutes=1)) is None
    assert list(store.staged()) == []
    with pytest.raises(ObjectMissingError):
        store.adopt("name")


def test_bucket_is_made_once(s3):
    store = S3Store(account(s3, bucket="made-at-start"))
    with pytest.raises(StoreUnavailableError, match="YUSHEN_S3_BUCKET"):
        store.put(io.BytesIO(DATA))
    store.prepare()
    store.prepare()
    store.put(io.BytesIO(DATA))
    assert store.has(DIGEST)


def test_large_file_goes_in_parts_and_comes_back_whole(remote, tmp_path):
    data = DATA * 60
    stored = remote.put(io.BytesIO(data))
    remote.fetch(stored.sha256, tmp_path / "large")
    assert (tmp_path / "large").stat().st_size == len(data) > 32 * 1024 * 1024
    assert hashlib.sha256((tmp_path / "large").read_bytes()).hexdigest() == stored.sha256


def test_wrong_secret_is_told_with_its_remedy(s3):
    store = S3Store(account(s3, bucket="ready", secret_key="wrong-secret"))
    with pytest.raises(StoreUnavailableError, match="YUSHEN_S3_SECRET_KEY"):
        store.check()


def test_store_that_does_not_answer_is_told_with_its_remedy(s3, tmp_path):
    store = S3Store(account(s3, endpoint="127.0.0.1:1"))
    for use in (
        store.check,
        lambda: store.put(io.BytesIO(DATA)),
        lambda: store.open(DIGEST),
        lambda: store.fetch(DIGEST, tmp_path / "x"),
        lambda: store.has(DIGEST),
        lambda: store.delete(DIGEST),
    ):
        with pytest.raises(StoreUnavailableError, match="YUSHEN_S3_ENDPOINT"):
            use()


def test_address_that_is_none_is_told_with_its_remedy(s3):
    with pytest.raises(StoreUnavailableError, match="主机:端口"):
        S3Store(account(s3, endpoint="http://store/path"))


def test_client_uploads_directly_and_the_bytes_are_adopted(remote):
    url = remote.presigned_upload("upl_1", timedelta(minutes=5))
    put(url, DATA)
    assert list(remote.staged()) == ["upl_1"]
    assert remote.adopt("upl_1") == Stored(DIGEST, len(DATA))
    assert list(remote.staged()) == []
    with pytest.raises(ObjectMissingError):
        remote.adopt("upl_1")


def test_direct_upload_needs_its_signature(remote):
    url = remote.presigned_upload("upl_1", timedelta(minutes=5))
    with pytest.raises(urllib.error.HTTPError, match="403"):
        put(url.replace("upl_1", "upl_2"), DATA)


def put(url, data):
    urllib.request.urlopen(urllib.request.Request(url, data=data, method="PUT"), timeout=30).close()


def test_what_is_put_aside_is_no_longer_among_the_others(store, tmp_path):
    stored = store.put(io.BytesIO(DATA))
    store.quarantine(stored.sha256)
    store.quarantine(stored.sha256)
    with pytest.raises(ObjectMissingError):
        store.open(stored.sha256)
    store.fetch_quarantined(stored.sha256, tmp_path / "fetched")
    assert (tmp_path / "fetched").read_bytes() == DATA
    assert [(each.sha256, each.size) for each in store.quarantined()] == [(DIGEST, len(DATA))]
    assert store.destroy(stored.sha256)
    assert not store.destroy(stored.sha256)
    assert not list(store.quarantined())
