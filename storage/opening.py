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
    """The object store in force; nothing is connected yet."""
    return LocalStore(settings.data)
