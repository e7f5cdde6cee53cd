"""Files as they were handed in, brought to the disk under names that it takes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Protocol

from storage.objects import ObjectMissingError, ObjectStore
from worker.gathering.submissions import Submission

_LONGEST_NAME = 200
"""Bytes; a file system allows 255."""


class Original(Protocol):
    """A file of a submission or of a batch."""

    @property
    def position(self) -> int:
        """Its place among the others."""

    @property
    def name(self) -> str:
        """What it was called."""

    @property
    def sha256(self) -> str | None:
        """Digest of its bytes."""


def fetched(store: ObjectStore, original: Original, folder: Path) -> Path:
    """The bytes as a file in ``folder`` that is called as nearly as possible what it was called.

    Those of an infected file are brought too: for another look, which says the same, and for their digest.

    Raises:
        ObjectMissingError: there are none.
        StoreUnavailableError: see there.
    """
    place = folder / f"{original.position:06d}"
    place.mkdir()
    path = place / _on_disk(original.name)
    digest = original.sha256 or ""
    try:
        store.fetch(digest, path)
    except ObjectMissingError:
        store.fetch_quarantined(digest, path)
    return path


def named(submission: Submission, path: Path, name: str) -> Submission:
    """A file that stands for itself keeps its name, however the disk had to shorten it."""
    if not any(file.path == path for file in submission.files):
        return submission
    files = tuple(replace(file, name=name) if file.path == path else file for file in submission.files)
    return Submission(name, files)


def _on_disk(name: str) -> str:
    """``name`` as a file system takes it."""
    plain = name.replace("/", "_").replace("\0", "_")
    stem, suffix = Path(plain).stem, Path(plain).suffix[:20]
    room = _LONGEST_NAME - len(suffix.encode("utf-8", "surrogateescape"))
    short = stem.encode("utf-8", "surrogateescape")[:room].decode("utf-8", "ignore")
    return f"{short}{suffix}" if short.strip(".") else f"_{suffix}"
