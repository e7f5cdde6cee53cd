"""Places in an S3 bucket: listed as they come, brought one by one, never the whole bucket."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from intake.batch.places import Each, Left, Place
from schemas.errors import UsageError
from storage.settings import Settings, SettingsError, load_settings
from worker.gathering.clamav import Screen
from worker.gathering.names import is_junk, shown
from worker.gathering.submissions import Item, Notice, submissions

if TYPE_CHECKING:
    from minio import Minio


class _Listed(Protocol):
    """An object as the store lists it."""

    object_name: str | None
    etag: str | None
    size: int | None


_LONGEST_NAME = 80
"""Characters; a Chinese one takes three of the 255 bytes that a file name may have."""


@dataclass(frozen=True, slots=True)
class _Object:
    """An object under the prefix.

    Attributes:
        key: its key in the bucket.
        parts: the key below the prefix, taken apart.
        state: changes when the object does.
    """

    key: str
    parts: tuple[str, ...]
    state: str


def places(url: str, each: Each | None) -> Iterator[Place | Left]:
    """Every place under ``s3://bucket/prefix``, in the order in which the store lists it.

    Raises:
        UsageError: no such bucket, or the store cannot be reached; names the setting to look at.
    """
    bucket, _, prefix = url.removeprefix("s3://").partition("/")
    client = _client(_settings())
    for group, objects in groupby(_objects(client, bucket, prefix), key=lambda o: _group(o, each)):
        yield from _placed(client, bucket, group, list(objects), each)


def _settings() -> Settings:
    """The settings, if they name an S3 store.

    Raises:
        UsageError: they do not, or are wrong.
    """
    try:
        settings = load_settings()
    except SettingsError as error:
        raise UsageError(str(error)) from error
    if not settings.s3_endpoint:
        raise UsageError(
            "没有设置对象存储。请设置环境变量 YUSHEN_S3_ENDPOINT、YUSHEN_S3_ACCESS_KEY 和"
            " YUSHEN_S3_SECRET_KEY 后重试。"
        )
    return settings


def _client(settings: Settings) -> Minio:
    from minio import Minio

    secret = settings.s3_secret_key.get_secret_value() if settings.s3_secret_key else None
    return Minio(
        str(settings.s3_endpoint),
        access_key=settings.s3_access_key,
        secret_key=secret,
        region=settings.s3_region,
        secure=settings.s3_tls,
    )


def _objects(client: Minio, bucket: str, prefix: str) -> Iterator[_Object]:
    from minio.error import MinioException
    from urllib3.exceptions import HTTPError

    folder = prefix if not prefix or prefix.endswith("/") else prefix + "/"
    try:
        listed: Iterator[_Listed] = client.list_objects(bucket, prefix=folder or None, recursive=True)
        for each in listed:
            key = each.object_name or ""
            parts = tuple(part for part in key.removeprefix(folder).split("/") if part)
            if parts and not key.endswith("/"):
                yield _Object(key, parts, f"{each.etag} {each.size}")
    except (MinioException, HTTPError) as error:
        raise UsageError(
            f"无法列出 s3://{bucket}/{prefix}（{error}）。请核对桶名、前缀和 YUSHEN_S3_ENDPOINT 等设置。"
        ) from error


def _group(each_object: _Object, each: Each | None) -> tuple[str, ...]:
    """What is read as a whole: a loose object, or those of one folder."""
    match each:
        case Each.FILE:
            return each_object.parts
        case Each.FOLDER:
            return each_object.parts[:-1]
        case _:
            return each_object.parts[:1]


def _placed(
    client: Minio, bucket: str, group: tuple[str, ...], objects: list[_Object], each: Each | None
) -> Iterator[Place | Left]:
    wanted = [o for o in objects if not is_junk(o.parts)]
    for left in objects:
        if left not in wanted:
            yield Left(_url(bucket, left.key), "系统或编辑软件留下的文件")
    if not wanted:
        return
    loose = len(wanted) == 1 and wanted[0].parts == group
    key = _url(bucket, wanted[0].key if loose else wanted[0].key.rpartition("/")[0])
    digest = hashlib.sha256("\n".join(f"{o.key} {o.state}" for o in wanted).encode()).hexdigest()
    title = (group or (bucket,))[-1]
    together = not loose or each is None
    yield Place(key, lambda: digest, _Bring(client, bucket, tuple(wanted), title, together))


@dataclass(frozen=True, slots=True)
class _Bring:
    """Brings the objects of a place, then reads them as files."""

    client: Minio
    bucket: str
    objects: tuple[_Object, ...]
    title: str
    together: bool

    def __call__(self, workspace: Path, screen: Screen | None) -> Iterator[Item]:
        from minio.error import MinioException
        from urllib3.exceptions import HTTPError

        home = workspace / _file_name(self.title)
        for number, each in enumerate(self.objects):
            # A folder of its own: the name stays as it is, whatever other folders hold of the same name.
            path = home / f"{number:06d}" / _file_name(each.parts[-1])
            path.parent.mkdir(parents=True)
            try:
                self.client.fget_object(self.bucket, each.key, str(path))
            except (MinioException, HTTPError, OSError) as error:
                yield Notice(
                    f"{_url(self.bucket, each.key)}：没有取到（{error}）。请重新运行接着做。", is_error=True
                )
                return
        paths = (home,) if self.together else (path,)
        apart = not self.together
        yield from submissions(paths, workspace, together=self.together, apart=apart, screen=screen)


def _file_name(part: str) -> str:
    """A part of a key as the name of a file here: its end where it is too long, none that leads elsewhere."""
    name = part.replace("\0", "")[-_LONGEST_NAME:]
    return "_" if name in {"", ".", ".."} else name


def _url(bucket: str, key: str) -> str:
    return shown(f"s3://{bucket}/{key}")
