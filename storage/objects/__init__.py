"""The object store: bytes under their SHA-256, wherever they lie.

One interface, two stores: ``storage.objects.local`` (a folder) and ``storage.objects.s3`` (any S3 store,
through the minio SDK).  Writing the same bytes twice stores them once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import IO, Protocol


class ObjectMissingError(Exception):
    """There are no such bytes in the store."""


class StoreUnavailableError(Exception):
    """The store cannot be reached or refuses; worth another try later."""


@dataclass(frozen=True, slots=True)
class Stored:
    """Bytes that are durable: what was promised about them may be said now.

    Attributes:
        sha256: their hex digest, under which they are found.
        size: in bytes.
    """

    sha256: str
    size: int


class ObjectStore(Protocol):
    """What a store must do.  Every method may raise ``StoreUnavailableError``."""

    def prepare(self) -> None:
        """Make what the store needs before its first use, if it is not there; at start, once."""

    def put(self, stream: IO[bytes]) -> Stored:
        """Store all of ``stream``; returns when it is durable (fsync, or the store's acknowledgement)."""

    def open(self, sha256: str) -> IO[bytes]:
        """The bytes as a stream; the caller closes it.

        Raises:
            ObjectMissingError: there are none.
        """

    def fetch(self, sha256: str, path: Path) -> None:
        """Bring the bytes to a new file ``path``, which is read and never written.

        Raises:
            ObjectMissingError: there are none.
        """

    def has(self, sha256: str) -> bool:
        """Whether the bytes are there."""

    def delete(self, sha256: str) -> None:
        """Delete the bytes, if they are there."""

    def quarantine(self, sha256: str) -> None:
        """Put the bytes aside, where no other method than the following finds them; if they are there."""

    def fetch_quarantined(self, sha256: str, path: Path) -> None:
        """As ``fetch``, of bytes that were put aside.

        Raises:
            ObjectMissingError: there are none.
        """

    def quarantined(self) -> Iterator[Stored]:
        """Everything that was put aside, in any order."""

    def destroy(self, sha256: str) -> bool:
        """Delete bytes that were put aside; False if there are none."""

    def presigned_upload(self, name: str, lifetime: timedelta) -> str | None:
        """A URL for a client to PUT to, as the staging object ``name``; None: not in this store."""

    def adopt(self, name: str) -> Stored:
        """Store what was uploaded directly as the staging object ``name`` under its digest.

        Raises:
            ObjectMissingError: nothing was uploaded.
        """

    def discard(self, name: str) -> None:
        """Delete the staging object ``name``, if it is there."""

    def staged(self) -> Iterator[str]:
        """Names of staging objects, for clearing away what nobody claimed."""

    def listed(self) -> Iterator[Stored]:
        """Everything that is stored under a digest, in any order; for the purge."""

    def check(self) -> None:
        """Return if the store can be read and written now."""
