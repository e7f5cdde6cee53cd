"""What every object store must do."""

import hashlib
import io
import threading

import pytest

from storage.objects import ObjectMissingError, Stored, StoreUnavailableError
from storage.objects.local import LocalStore

DATA = "预审".encode() * 100_000
DIGEST = hashlib.sha256(DATA).hexdigest()


def test_bytes_come_back_under_their_digest(store, tmp_path):
    assert store.put(io.BytesIO(DATA)) == Stored(DIGEST, len(DATA), new=True)
    with store.open(DIGEST) as stream:
        assert stream.read() == DATA
    store.fetch(DIGEST, tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == DATA
    assert store.has(DIGEST)


def test_same_bytes_are_stored_once(store):
    store.put(io.BytesIO(DATA))
    assert store.put(io.BytesIO(DATA)) == Stored(DIGEST, len(DATA), new=False)


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


def test_upload_that_breaks_off_leaves_nothing(store, tmp_path):
    class Broken(io.RawIOBase):
        def read(self, size=-1):
            raise ConnectionResetError

    with pytest.raises((OSError, StoreUnavailableError)):
        store.put(Broken())
    assert [p for p in (tmp_path / "store").rglob("*") if p.is_file()] == []


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
    store.clear()
    assert not (tmp_path / "staging").exists()
    store.put(io.BytesIO(b"more"))
    assert store.has(DIGEST)
