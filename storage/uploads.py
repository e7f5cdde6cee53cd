"""Large files that a client uploads by itself, straight into the object store, before it hands them in."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from storage.accounts import Identity
from storage.database import Database
from storage.models import Upload, new_id, now
from storage.objects import ObjectMissingError, ObjectStore, Stored
from storage.submissions import record_blobs

LIFETIME = timedelta(hours=24)
"""So long a file can be uploaded and handed in."""


class UploadMissingError(Exception):
    """Nothing was uploaded, or not all of it."""


def announce(session: Session, who: Identity, name: str, size: int) -> Upload:
    """Note that a file will be uploaded.

    Args:
        session: the transaction.
        who: will hand it in.
        name: of the file, for people and for the report.
        size: in bytes.
    """
    row = Upload(
        id=new_id("upl"), unit=who.unit, actor=who.actor, name=name, size=size, expires_at=now() + LIFETIME
    )
    session.add(row)
    session.flush()
    return row


def find(session: Session, who: Identity, upload_id: str) -> Upload | None:
    """The upload of that id; None if there is none, it is another's, or its time is over."""
    row = session.get(Upload, upload_id)
    if row is None or (row.unit, row.actor) != (who.unit, who.actor) or row.expires_at <= now():
        return None
    return row


def receive(database: Database, store: ObjectStore, upload: Upload, stored: Stored) -> None:
    """Note that the bytes of an upload are in the store.

    Raises:
        UploadMissingError: there are more or fewer of them than were announced.
    """
    if stored.size != upload.size:
        raise UploadMissingError(upload.id)
    with database.write() as session:
        record_blobs(session, store, [stored])
        row = session.get(Upload, upload.id)
        if row is not None:
            row.sha256 = stored.sha256


def claim(database: Database, store: ObjectStore, upload: Upload) -> Stored:
    """The bytes of an upload, to be handed in; as often as wanted while the upload lives.

    Raises:
        UploadMissingError: see there.
        StoreUnavailableError: see there.
    """
    if upload.sha256 is not None:
        return Stored(upload.sha256, upload.size)
    try:
        stored = store.adopt(upload.id)
    except ObjectMissingError as error:
        raise UploadMissingError(upload.id) from error
    receive(database, store, upload, stored)
    return stored
