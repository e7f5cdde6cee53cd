"""The object store in a folder: ``objects/ab/abcd…``, each file complete and on the disk or not there."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import IO

from storage.objects import ObjectMissingError, Stored, StoreUnavailableError

_PIECE = 1024 * 1024
_DIGEST = re.compile(r"[0-9a-f]{64}")


class LocalStore:
    """Bytes in files of ``folder``, which is made if it is not there."""

    def __init__(self, folder: Path) -> None:
        self._objects = folder / "objects"
        self._staging = folder / "staging"
        self._folders_stand = False
        self._quarantine = folder / "quarantine"

    def prepare(self) -> None:
        """See ``ObjectStore``; also deletes what a kill left half written, so: while no process writes."""
        with _disk():
            if self._staging.is_dir():
                shutil.rmtree(self._staging)
            self._staging.mkdir(parents=True)

    def put(self, stream: IO[bytes]) -> Stored:
        """See ``ObjectStore``."""
        digest, size = hashlib.sha256(), 0
        with _disk():
            self._make_folders()
            number, name = tempfile.mkstemp(dir=self._staging)
            try:
                with os.fdopen(number, "wb") as file:
                    while piece := stream.read(_PIECE):
                        digest.update(piece)
                        size += len(piece)
                        file.write(piece)
                    file.flush()
                    os.fchmod(file.fileno(), 0o444)
                    path = self._path(digest.hexdigest())
                    if not path.is_file():
                        os.fsync(file.fileno())
                        os.rename(name, path)
                    # Also where it is not new: whoever wrote it may not have come to this yet.
                    _sync_folder(path.parent)
            finally:
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(name)
        return Stored(digest.hexdigest(), size)

    def open(self, sha256: str) -> IO[bytes]:
        """See ``ObjectStore``."""
        with _disk(sha256):
            return self._path(sha256).open("rb")

    def fetch(self, sha256: str, path: Path) -> None:
        """See ``ObjectStore``; a second name for the same file where the file system has such."""
        source = self._path(sha256)
        with _disk(sha256):
            try:
                path.hardlink_to(source)
            except FileNotFoundError:
                raise
            except OSError:
                shutil.copyfile(source, path)

    def has(self, sha256: str) -> bool:
        """See ``ObjectStore``."""
        with _disk():
            return self._path(sha256).is_file()

    def delete(self, sha256: str) -> None:
        """See ``ObjectStore``."""
        with _disk():
            self._path(sha256).unlink(missing_ok=True)

    def quarantine(self, sha256: str) -> None:
        """See ``ObjectStore``; readable by nobody but the service's user."""
        source, target = self._path(sha256), self._quarantine / sha256
        with _disk():
            self._quarantine.mkdir(mode=0o700, parents=True, exist_ok=True)
            with contextlib.suppress(FileNotFoundError):
                source.rename(target)
                target.chmod(0o400)
            for folder in (source.parent, self._quarantine, self._quarantine.parent):
                if folder.is_dir():
                    _sync_folder(folder)

    def fetch_quarantined(self, sha256: str, path: Path) -> None:
        """See ``ObjectStore``."""
        with _disk(sha256):
            shutil.copyfile(self._path(sha256, self._quarantine), path)

    def quarantined(self) -> Iterator[Stored]:
        """See ``ObjectStore``."""
        with _disk():
            for path in sorted(self._quarantine.glob("*")):
                with contextlib.suppress(FileNotFoundError):
                    yield Stored(path.name, path.stat().st_size)

    def destroy(self, sha256: str) -> bool:
        """See ``ObjectStore``."""
        try:
            with _disk(sha256):
                self._path(sha256, self._quarantine).unlink()
        except ObjectMissingError:
            return False
        return True

    def presigned_upload(self, name: str, lifetime: timedelta) -> str | None:
        """None: a folder has no address."""
        return None

    def adopt(self, name: str) -> Stored:
        """Nothing can have been uploaded."""
        raise ObjectMissingError(name)

    def discard(self, name: str) -> None:
        """Nothing can have been uploaded."""

    def staged(self) -> Iterator[str]:
        """Nothing outlives the call that made it."""
        return iter(())

    def listed(self) -> Iterator[Stored]:
        """See ``ObjectStore``."""
        with _disk():
            for path in self._objects.glob("??/*"):
                with contextlib.suppress(FileNotFoundError):
                    yield Stored(path.name, path.stat().st_size)

    def check(self) -> None:
        """See ``ObjectStore``."""
        with _disk():
            self._staging.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self._staging) as file:
                file.write(b"?")
                file.flush()

    def _make_folders(self) -> None:
        """Make every folder, durably: once for each process is for good, since none is ever removed."""
        if self._folders_stand:
            return
        self._staging.mkdir(parents=True, exist_ok=True)
        for number in range(256):
            (self._objects / f"{number:02x}").mkdir(parents=True, exist_ok=True)
        for folder in (self._objects, self._objects.parent):
            _sync_folder(folder)
        self._folders_stand = True

    def _path(self, sha256: str, quarantine: Path | None = None) -> Path:
        if not _DIGEST.fullmatch(sha256):
            raise ObjectMissingError(sha256)
        return quarantine / sha256 if quarantine else self._objects / sha256[:2] / sha256


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def _disk(sha256: str | None = None) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        if sha256 is None:
            raise StoreUnavailableError(f"{error.strerror}: {error.filename}") from error
        raise ObjectMissingError(sha256) from error
    except OSError as error:
        raise StoreUnavailableError(f"{error.strerror}: {error.filename}") from error
