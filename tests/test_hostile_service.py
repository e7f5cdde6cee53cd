"""The same files through the service: each ends in a report, and no process of ours grows or dies."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from hostile_files import Hostile
from running import Service
from services import wait_until
from test_hostile import ARCHIVES, CORPUS, GENERATORS, unexplained

_ENDLESS = ("图套翻倍.pdf", "页树翻倍.pdf")
"""The time limit of the service is a minute for each; one such file is enough."""
_GROWTH = 160 << 20
"""Bytes by which a process that only passes bytes on may grow, its buffers included."""
_EVERY = 5
"""Of the files that broke other readers so many-th one; all of them go through the command."""


@pytest.fixture(scope="module")
def service(tmp_path_factory) -> Iterator[Service]:
    made = Service(tmp_path_factory.mktemp("service"))
    made.start()
    yield made
    made.stop()


def made() -> list[Hostile]:
    every = [hostile for generate in GENERATORS for hostile in generate()]
    return [hostile for hostile in every if hostile.name not in _ENDLESS]


def is_archive(name: str) -> bool:
    return name.rsplit(".", 1)[-1] in ARCHIVES


def peak(pid: int) -> int:
    """Most bytes of memory that a process ever had."""
    status = Path(f"/proc/{pid}/status").read_text("ascii")
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) * 1024


def parents(service: Service) -> dict[int, int]:
    """Processes that documents pass through but are not opened in -> their peak."""
    processes = service.processes()
    return {pid: peak(pid) for role in ("api", "worker", "sweeper") for pid in processes[role]}


def finished(client: httpx.Client, batch: str) -> dict:
    def is_over() -> bool:
        return client.get(f"/v1/batches/{batch}").json()["status"] == "done"

    wait_until(is_over, "the end of the batch", 900)
    return client.get(f"/v1/batches/{batch}").json()


def reports(client: httpx.Client, batch: str) -> Iterator[dict]:
    cursor = ""
    while cursor is not None:
        page = client.get(
            f"/v1/batches/{batch}/items",
            params={"limit": 100, "cursor": cursor} if cursor else {"limit": 100},
        ).json()
        for item in page["items"]:
            yield client.get(item["links"]["report"], headers={"Accept": "application/json"}).json()
        cursor = page["next"]


def archive_of(files: list[Hostile]) -> bytes:
    with io.BytesIO() as out:
        with zipfile.ZipFile(out, "w") as archive:
            for file in files:
                archive.writestr(file.name, file.data)
        return out.getvalue()


def from_corpus() -> list[Hostile]:
    paths = sorted(path for path in CORPUS.rglob("*") if path.is_file() and not is_archive(path.name))
    return [Hostile(f"{n:03d} {path.name}", path.read_bytes()) for n, path in enumerate(paths[::_EVERY])]


def test_documents_of_an_archive_each_end_in_a_report(service):
    files = [hostile for hostile in made() if not is_archive(hostile.name)] + from_corpus()
    before = parents(service)
    with service.client() as client:
        upload = {"archive": ("一批.zip", archive_of(files))}
        batch = client.post("/v1/batches", files=upload).json()["id"]
        progress = finished(client, batch)
        assert progress["total"] == len(files)
        assert progress["counts"]["failed"] == progress["counts"]["pass"] == 0
        told = list(reports(client, batch))
    assert len(told) == len(files)
    assert not list(unexplained(told))
    after = parents(service)
    assert after.keys() == before.keys()
    assert not {pid: after[pid] - before[pid] for pid in before if after[pid] - before[pid] > _GROWTH}


def test_archives_each_end_in_reports_or_a_note(service):
    files = [hostile for hostile in made() if is_archive(hostile.name)]
    before = parents(service)
    with service.client() as client:
        upload = [("files", (file.name, file.data)) for file in files]
        batch = client.post("/v1/batches", files=upload).json()["id"]
        progress = finished(client, batch)
        assert progress["failure"] is None
        assert progress["counts"]["failed"] == progress["counts"]["pass"] == 0
        told = list(reports(client, batch))
    assert not list(unexplained(told))
    assert {"炸弹.tar.xz", "比例.zip", "文件太多.zip"} <= {report["documents"][0]["name"] for report in told}
    after = parents(service)
    assert after.keys() == before.keys()
    assert not {pid: after[pid] - before[pid] for pid in before if after[pid] - before[pid] > _GROWTH}
