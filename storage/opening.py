"""The database and the object store that the settings name."""

from __future__ import annotations

from storage.database import Database
from storage.objects import ObjectStore
from storage.objects.local import LocalStore
from storage.settings import Settings


def open_database(settings: Settings) -> Database:
    """The database in force; nothing is connected yet."""
    return Database(settings.database)


def open_store(settings: Settings) -> ObjectStore:
    """The object store in force; nothing is connected yet.

    Raises:
        StoreUnavailableError: its address is none.
    """
    if settings.s3_endpoint is None:
        return LocalStore(settings.data)
    # Loaded where it is used: the embedded service needs no S3 client.
    from storage.objects.s3 import Account, S3Store

    return S3Store(
        Account(
            endpoint=settings.s3_endpoint,
            bucket=settings.s3_bucket,
            access_key=settings.s3_access_key or "",
            secret_key=settings.s3_secret_key.get_secret_value() if settings.s3_secret_key else "",
            region=settings.s3_region,
            tls=settings.s3_tls,
            public_endpoint=settings.s3_public_endpoint,
        )
    )
