"""Direct uploads and the purge on a real S3 store."""

import hashlib
import io
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import update

from storage import purge, uploads
from storage.accounts import Identity
from storage.database import Database
from storage.models import Blob, Role, Upload, now
from storage.objects.s3 import Account, S3Store
from storage.settings import Settings
from storage.uploads import UploadMissingError

UNIT = Identity("key_unit", Role.UNIT, "区教育局")
DATA = b"large" * 1000


@pytest.fixture
def remote(s3):
    account = Account(s3.endpoint, s3.new_bucket(), s3.access_key, s3.secret_key, tls=False)
    return S3Store(account)


@pytest.fixture
def local_database(tmp_path):
    with Database(f"sqlite:///{tmp_path / 'state.db'}") as database:
        database.upgrade()
        yield database


def announced(database):
    with database.write() as session:
        return uploads.announce(session, UNIT, "大.pdf", len(DATA))


def put(remote, upload, data=DATA):
    url = remote.presigned_upload(upload.id, uploads.LIFETIME)
    assert httpx.put(url, content=data).status_code == 200


def read_again(database, upload):
    with database.read() as session:
        return uploads.find(session, UNIT, upload.id)


def test_bytes_that_went_straight_into_the_store_are_handed_in_as_often_as_wanted(remote, local_database):
    upload = announced(local_database)
    put(remote, upload)
    first = uploads.claim(local_database, remote, upload)
    again = uploads.claim(local_database, remote, read_again(local_database, upload))
    assert first.sha256 == again.sha256 == hashlib.sha256(DATA).hexdigest()
    assert remote.open(first.sha256).read() == DATA
    assert list(remote.staged()) == []


@pytest.mark.parametrize("data", [None, DATA[:-1], DATA + b"x"])
def test_bytes_that_are_not_all_there_are_not_handed_in(remote, local_database, data):
    upload = announced(local_database)
    if data is not None:
        put(remote, upload, data)
    with pytest.raises(UploadMissingError):
        uploads.claim(local_database, remote, upload)


def test_upload_that_nobody_claimed_goes_from_the_store(remote, local_database):
    upload = announced(local_database)
    put(remote, upload)
    assert list(remote.staged()) == [upload.id]
    with local_database.write() as session:
        session.execute(update(Upload).values(expires_at=now()))
    assert purge.purge(local_database, remote, Settings()).uploads == 1
    assert list(remote.staged()) == []


def test_bytes_that_no_row_knows_are_found_in_the_store(remote, local_database):
    stored = remote.put(io.BytesIO(DATA))
    assert [s.sha256 for s in remote.listed()] == [stored.sha256]
    purge.purge(local_database, remote, Settings())
    with local_database.write() as session:
        session.execute(update(Blob).values(touched_at=now() - timedelta(days=2)))
    assert purge.purge(local_database, remote, Settings()).objects == 1
    assert list(remote.listed()) == []


def test_claimed_bytes_go_when_their_upload_is_over_and_nobody_handed_them_in(remote, local_database):
    upload = announced(local_database)
    put(remote, upload)
    stored = uploads.claim(local_database, remote, upload)
    with local_database.write() as session:
        session.execute(update(Upload).values(expires_at=now()))
        session.execute(update(Blob).values(touched_at=now() - timedelta(days=2)))
    assert purge.purge(local_database, remote, Settings()).objects == 1
    assert not remote.has(stored.sha256)
