"""The object store on any S3 store, through the minio SDK.

Objects lie under ``objects/<sha256>``, what clients uploaded directly and nobody claimed yet under
``staging/<name>``, what is infected under ``quarantine/<sha256>``.  An object appears whole or not at all;
writing one again writes the same bytes.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import IO, cast

import urllib3
from minio import Minio, S3Error
from minio.commonconfig import CopySource
from minio.error import MinioException
from urllib3.exceptions import HTTPError

from storage.objects import ObjectMissingError, Stored, StoreUnavailableError

_PIECE = 1024 * 1024
_IN_MEMORY = 8 * 1024 * 1024
_PART = 16 * 1024 * 1024
"""Bytes of one part of a multipart upload: what is larger goes in several."""

_CONNECTIONS = 32
_CONNECT_SECONDS, _READ_SECONDS, _TRIES = 5, 30, 1
_PROBE_SECONDS = 5
"""In which a store that works answers the question whether it does."""

_REGION = "us-east-1"
_DIGEST = re.compile(r"[0-9a-f]{64}")
_MISSING = frozenset({"NoSuchKey", "NoSuchObject", "ResourceNotFound"})
_REMEDIES = {
    "NoSuchBucket": "对象存储里没有设置的桶，请建立它，或改正 YUSHEN_S3_BUCKET",
    "AccessDenied": "对象存储拒绝访问，请核对 YUSHEN_S3_ACCESS_KEY、YUSHEN_S3_SECRET_KEY 和桶的权限",
    "InvalidAccessKeyId": "对象存储不认识这个账号，请改正 YUSHEN_S3_ACCESS_KEY",
    "SignatureDoesNotMatch": "对象存储的密钥不对，请改正 YUSHEN_S3_SECRET_KEY",
}


@dataclass(frozen=True, slots=True)
class Account:
    """Where the store is and who asks.

    Attributes:
        endpoint: host:port.
        public_endpoint: host:port under which clients reach it; ``endpoint`` if None.
        region: None: that of most stores that have none.
    """

    endpoint: str
    bucket: str
    access_key: str
    secret_key: str
    region: str | None = None
    tls: bool = True
    public_endpoint: str | None = None


class S3Store:
    """Bytes in a bucket.  May be used by several threads."""

    def __init__(self, account: Account) -> None:
        """Connect to nothing yet."""
        self._bucket = account.bucket
        self._client = _client(account, account.endpoint)
        self._probe = _client(account, account.endpoint, read=_PROBE_SECONDS, tries=0)
        self._public = _client(account, account.public_endpoint or account.endpoint)

    def prepare(self) -> None:
        """Make the bucket if it is not there."""
        with _answered(self._bucket):
            if not self._client.bucket_exists(self._bucket):
                try:
                    self._client.make_bucket(self._bucket)
                except S3Error as error:
                    # Another process was faster.
                    if error.code not in ("BucketAlreadyOwnedByYou", "BucketAlreadyExists"):
                        raise

    def put(self, stream: IO[bytes]) -> Stored:
        """See ``ObjectStore``."""
        digest, size = hashlib.sha256(), 0
        with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as file:
            while piece := stream.read(_PIECE):
                digest.update(piece)
                size += len(piece)
                file.write(piece)
            sha256 = digest.hexdigest()
            if not self.has(sha256):
                file.seek(0)
                with _answered(sha256):
                    data = cast("io.BytesIO", file)
                    self._client.put_object(self._bucket, _key(sha256), data, size, part_size=_PART)
        return Stored(sha256, size)

    def open(self, sha256: str) -> IO[bytes]:
        """See ``ObjectStore``."""
        return self._read(_key(sha256), sha256)

    def fetch(self, sha256: str, path: Path) -> None:
        """See ``ObjectStore``; what came is compared with its digest."""
        self._fetch(sha256, _key(sha256), path)

    def _fetch(self, sha256: str, key: str, path: Path) -> None:
        with self._read(key, sha256) as stream, path.open("xb") as file:
            while piece := stream.read(_PIECE):
                file.write(piece)

    def has(self, sha256: str) -> bool:
        """See ``ObjectStore``."""
        try:
            with _answered(sha256):
                self._client.stat_object(self._bucket, _key(sha256))
        except ObjectMissingError:
            return False
        return True

    def delete(self, sha256: str) -> None:
        """See ``ObjectStore``."""
        with contextlib.suppress(ObjectMissingError), _answered(sha256):
            self._client.remove_object(self._bucket, _key(sha256))

    def quarantine(self, sha256: str) -> None:
        """See ``ObjectStore``; under ``quarantine/``, so that a policy of the bucket can tell it apart."""
        try:
            with _answered(sha256):
                source = CopySource(self._bucket, _key(sha256))
                self._client.copy_object(self._bucket, _key(sha256, "quarantine"), source)
        except ObjectMissingError:
            return
        self.delete(sha256)

    def fetch_quarantined(self, sha256: str, path: Path) -> None:
        """See ``ObjectStore``."""
        self._fetch(sha256, _key(sha256, "quarantine"), path)

    def quarantined(self) -> Iterator[Stored]:
        """See ``ObjectStore``."""
        return self._listed("quarantine/")

    def destroy(self, sha256: str) -> bool:
        """See ``ObjectStore``."""
        key = _key(sha256, "quarantine")
        try:
            with _answered(sha256):
                self._client.stat_object(self._bucket, key)
                self._client.remove_object(self._bucket, key)
        except ObjectMissingError:
            return False
        return True

    def presigned_upload(self, name: str, lifetime: timedelta) -> str | None:
        """See ``ObjectStore``."""
        url: str = self._public.presigned_put_object(self._bucket, _staging(name), lifetime)
        return url

    def adopt(self, name: str) -> Stored:
        """See ``ObjectStore``.

        The bytes are read and written, not copied inside the store: whoever has the URL may still change
        the staging object, and what is stored must be what the digest was taken of.
        """
        with self._read(_staging(name)) as stream:
            stored = self.put(stream)
        self.discard(name)
        return stored

    def discard(self, name: str) -> None:
        """See ``ObjectStore``."""
        with contextlib.suppress(ObjectMissingError), _answered(name):
            self._client.remove_object(self._bucket, _staging(name))

    def staged(self) -> Iterator[str]:
        """See ``ObjectStore``."""
        with _answered(self._bucket):
            for item in self._client.list_objects(self._bucket, prefix=_staging(""), recursive=True):
                yield str(item.object_name).removeprefix(_staging(""))

    def listed(self) -> Iterator[Stored]:
        """See ``ObjectStore``."""
        return self._listed("objects/")

    def _listed(self, folder: str) -> Iterator[Stored]:
        with _answered(self._bucket):
            for item in self._client.list_objects(self._bucket, prefix=folder, recursive=True):
                digest = str(item.object_name).removeprefix(folder)
                yield Stored(digest, item.size or 0)

    def check(self) -> None:
        """See ``ObjectStore``."""
        with _answered(self._bucket):
            self._probe.put_object(self._bucket, "ready", io.BytesIO(b"?"), 1)
            _Body(self._probe.get_object(self._bucket, "ready"), None).close()

    def _read(self, key: str, sha256: str | None = None) -> IO[bytes]:
        with _answered(key):
            return cast("IO[bytes]", _Body(self._client.get_object(self._bucket, key), sha256))


class _Body(io.RawIOBase):
    """The bytes of an answer; closing it gives the connection back.

    At their end they are compared with their digest: an answer that was broken off in its head looks whole.
    """

    def __init__(self, answer: urllib3.BaseHTTPResponse, sha256: str | None) -> None:
        self._answer = answer
        self._sha256 = sha256
        self._digest = hashlib.sha256()

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1) -> bytes:
        rest = size is None or size < 0
        with _answered("?"):
            data = self._answer.read(None if rest else size)
        self._digest.update(data)
        if (rest or (size and not data)) and self._sha256 not in (None, self._digest.hexdigest()):
            raise StoreUnavailableError(f"对象 {self._sha256} 传输后与其摘要不符")
        return data

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        piece = self.read(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)

    def close(self) -> None:
        if not self.closed:
            self._answer.close()
            self._answer.release_conn()
        super().close()


def _client(account: Account, endpoint: str, *, read: float = _READ_SECONDS, tries: int = _TRIES) -> Minio:
    try:
        return Minio(
            endpoint,
            access_key=account.access_key,
            secret_key=account.secret_key,
            secure=account.tls,
            # Named, so that the SDK need not ask for it before each first request.
            region=account.region or _REGION,
            http_client=urllib3.PoolManager(
                timeout=urllib3.Timeout(connect=_CONNECT_SECONDS, read=read),
                maxsize=_CONNECTIONS,
                retries=urllib3.Retry(
                    total=tries,
                    backoff_factor=0.2,
                    status_forcelist=[500, 502, 503, 504],
                ),
            ),
        )
    except ValueError as error:
        raise StoreUnavailableError(
            f"对象存储的地址“{endpoint}”有误（{error}）。请把 YUSHEN_S3_ENDPOINT 写成 主机:端口。"
        ) from error


def _key(sha256: str, folder: str = "objects") -> str:
    if not _DIGEST.fullmatch(sha256):
        raise ObjectMissingError(sha256)
    return f"{folder}/{sha256}"


def _staging(name: str) -> str:
    return f"staging/{name}"


@contextlib.contextmanager
def _answered(what: str) -> Iterator[None]:
    """Tell what is missing from what does not work now."""
    try:
        yield
    except S3Error as error:
        if error.code in _MISSING:
            raise ObjectMissingError(what) from error
        raise StoreUnavailableError(_REMEDIES.get(error.code or "", f"对象存储报告 {error.code}")) from error
    except (HTTPError, MinioException, OSError) as error:
        raise StoreUnavailableError(
            f"对象存储没有正常应答（{type(error).__name__}），请核对 YUSHEN_S3_ENDPOINT 并检查它是否在运行"
        ) from error
