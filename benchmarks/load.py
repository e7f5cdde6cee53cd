"""The service under load, beside the library alone: ``.venv/bin/python benchmarks/load.py``.

Prints, for the same documents, to the same JSON: submissions a minute through the library in one child
process; through workers alone, one and two, with everything queued before they start; and through the whole
service with clients that upload meanwhile.  Beside each rate stand the CPU milliseconds of a submission, by
who spent them: on two processors, which clients, API, workers and children share, a rate is what they leave.
Then the time from upload to report, one at a time; and of a status call, idle and with many queued.
"""

import argparse
import io
import itertools
import json
import os
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy import func, select

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from running import ROLES, Service, command_line, descendants, processor_seconds, variant  # noqa: E402

from reports.data import json_bytes  # noqa: E402
from storage import submissions  # noqa: E402
from storage.database import Database  # noqa: E402
from storage.models import Job, JobKind, JobState  # noqa: E402
from storage.opening import open_database, open_store  # noqa: E402
from storage.settings import Settings  # noqa: E402
from storage.submissions import Caller, HandedIn, Options  # noqa: E402
from worker.sandbox import CheckDocument, CheckPool, CheckRequest  # noqa: E402

PACK = "jinjiang-2023"
CLIENTS, WORKERS, WARM = 4, (1, 2), 10


def documents(count: int) -> list[tuple[str, bytes]]:
    """Word files of every class, each in bytes of its own."""
    paths = sorted((ROOT / "examples").glob("*.docx"))
    originals = [(path.name, path.read_bytes()) for path in paths]
    return [
        (name, variant(data, n))
        for n, (name, data) in zip(range(count), itertools.cycle(originals), strict=False)
    ]


@dataclass(frozen=True, slots=True)
class Rate:
    """How fast, and what it cost: who -> CPU milliseconds of a submission."""

    per_minute: float
    cpu_ms: dict[str, float]


def through_library(given: list[tuple[str, bytes]], folder: Path) -> Rate:
    """In one child process, which is running when the clock starts; each report becomes JSON."""
    requests = []
    for number, (name, data) in enumerate(given):
        path = folder / f"{number}.docx"
        path.write_bytes(data)
        requests.append(CheckRequest((CheckDocument(name, path),), PACK))
    with CheckPool(1) as pool:
        list(pool.map(requests[:WARM]))
        with measured(len(given), {"library": os.getpid()}) as found:
            for result in pool.map(requests):
                json_bytes(result.report, indent=2)
    return found[0]


@contextmanager
def measured(count: int, roots: dict[str, int]) -> Iterator[list[Rate]]:
    """The rate of ``count`` submissions in the block, and what the families of ``roots`` spent."""
    before, begun, found = spent(roots), time.monotonic(), list[Rate]()
    yield found
    taken, after = time.monotonic() - begun, spent(roots)
    cpu = {who: round(1000 * (after[who] - before.get(who, 0)) / count, 1) for who in sorted(after)}
    found.append(Rate(60 * count / taken, {who: ms for who, ms in cpu.items() if ms >= 0.1}))


def spent(roots: dict[str, int]) -> Counter:
    """CPU seconds so far: of each root, and of what it started by the part it plays."""
    seconds: Counter = Counter()
    for who, root in roots.items():
        for pid in (root, *descendants(root)):
            part = next((role for role, mark in ROLES.items() if mark in command_line(pid)), who)
            seconds[part] += processor_seconds(pid)
    return seconds


@contextmanager
def service(folder: Path, workers: int) -> Iterator[Service]:
    folder.mkdir()
    made = Service(folder, {"log_level": "WARNING"}, ("--workers", str(workers)))
    made.start()
    try:
        with made.client() as client:
            given = documents(WARM)
            for number in range(WARM * workers):
                submit(client, "warm.docx", variant(given[number % len(given)][1], 10**9 + number), wait=60)
        yield made
    finally:
        made.stop()


def submit(client, name: str, data: bytes, wait: int = 0) -> dict:
    headers = {"Prefer": f"wait={wait}"} if wait else {}
    answer = client.post("/v1/submissions", files={"files": (name, io.BytesIO(data))}, headers=headers)
    answer.raise_for_status()
    return answer.json()


def through_service(running: Service, given: list[tuple[str, bytes]]) -> Rate:
    """From the first upload to the last report, with clients in processes that the machine has, too."""
    local = threading.local()

    def one(document: tuple[str, bytes]) -> str:
        if not hasattr(local, "client"):
            local.client = running.client()
        return submit(local.client, *document)["id"]

    with measured(len(given), {"clients": os.getpid()}) as found, ThreadPoolExecutor(CLIENTS) as pool:
        ids = list(pool.map(one, given))
        with running.client() as client:
            for submission_id in reversed(ids):
                while (status := client.get(f"/v1/submissions/{submission_id}").json()["status"]) != "done":
                    assert status != "failed"
                    time.sleep(0.1)
    return found[0]


def through_workers(folder: Path, workers: int, given: list[tuple[str, bytes]], cores: int = 0) -> Rate:
    """By workers alone: all is owed before they start, and nobody asks meanwhile.

    The clock starts when they are warm, so that the first few are not counted.  With ``cores``, the service
    and all that it starts have no more than so many processors.
    """
    folder.mkdir()
    running = Service(folder, {"log_level": "WARNING"}, ("--workers", str(workers)))
    running.start()
    running.stop()
    queue_up(folder, [*documents(WARM * workers), *given])
    every = os.sched_getaffinity(0)
    os.sched_setaffinity(0, sorted(every)[: cores or len(every)])
    running.start()
    os.sched_setaffinity(0, every)
    try:
        with open_database(Settings(data=folder / "data")) as database:
            while (left := owed(database)) > len(given):
                time.sleep(0.02)
            with measured(left, {"service": running.process.pid}) as found:
                while owed(database):
                    time.sleep(0.05)
    finally:
        running.stop()
    return found[0]


def owed(database: Database) -> int:
    """How many checks are not over."""
    over = Job.state.in_((JobState.OWED, JobState.HELD))
    with database.read() as session:
        checks = select(func.count()).select_from(Job).where(Job.kind == JobKind.CHECK, over)
        return session.scalar(checks)


def to_report(running: Service, given: list[tuple[str, bytes]]) -> list[float]:
    """Seconds from upload to report, one submission at a time."""
    times = []
    with running.client() as client:
        for document in given:
            begun = time.monotonic()
            made = submit(client, *document, wait=60)
            assert made["status"] == "done"
            client.get(made["links"]["report"]).raise_for_status()
            times.append(time.monotonic() - begun)
    return times


def of_status(running: Service, submission_id: str, calls: int) -> list[float]:
    times = []
    with running.client() as client:
        for _ in range(calls):
            begun = time.monotonic()
            client.get(f"/v1/submissions/{submission_id}").raise_for_status()
            times.append(time.monotonic() - begun)
    return times


def queue_up(folder: Path, given: list[tuple[str, bytes]]) -> None:
    """Owe a check of each document, past the API."""
    settings = Settings(data=folder / "data")
    store = open_store(settings)
    with open_database(settings) as database:
        for start in range(0, len(given), 200):
            handed = [
                HandedIn(name, store.put(io.BytesIO(data))) for name, data in given[start : start + 200]
            ]
            with database.write() as session:
                for file in handed:
                    submissions.accept(session, store, [file], Options(PACK), Caller("system", ""))


def quantile(times: list[float], share: float) -> float:
    return statistics.quantiles(times, n=1000, method="inclusive")[round(share * 1000) - 1]


def spread(times: list[float]) -> dict[str, float]:
    return {"p50_ms": round(1000 * quantile(times, 0.5), 1), "p99_ms": round(1000 * quantile(times, 0.99), 1)}


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--documents", type=int, default=120)
    arguments.add_argument("--queued", type=int, default=10_000)
    arguments.add_argument("--status-calls", type=int, default=500)
    asked = arguments.parse_args()
    given = documents(asked.documents)
    found: dict[str, object] = {"documents": asked.documents}
    with tempfile.TemporaryDirectory(prefix="yushen-load-") as name:
        folder = Path(name)
        library = [through_library(given, folder)]
        alone = {n: through_workers(folder / f"alone-{n}", n, given) for n in WORKERS}
        on_one_core = through_workers(folder / "one-core", 1, given, cores=1)
        library.append(through_library(given, folder))
        whole = {}
        for workers in WORKERS:
            with service(folder / f"whole-{workers}", workers) as running:
                whole[workers] = through_service(running, given)
                if workers == 1:
                    more = documents(asked.documents + 60)[-60:]
                    found["upload_to_report"] = spread(to_report(running, more))
        found["library"] = [asdict(rate) for rate in library]
        found["workers_alone"] = {n: asdict(rate) for n, rate in alone.items()}
        found["whole_service"] = {n: asdict(rate) for n, rate in whole.items()}
        floor = statistics.mean(rate.per_minute for rate in library)
        found["worker_to_library"] = round(alone[1].per_minute / floor, 2)
        # A worker and the child that reads keep more than one processor busy between them.
        found["one_worker_on_one_core"] = asdict(on_one_core)
        found["two_workers_to_one_on_one_core"] = round(alone[2].per_minute / on_one_core.per_minute, 2)
        found["two_workers_to_one"] = round(alone[2].per_minute / alone[1].per_minute, 2)
        found["whole_service_to_library"] = {n: round(r.per_minute / floor, 2) for n, r in whole.items()}
        with service(folder / "queued", 2) as running, running.client() as client:
            known = submit(client, *given[0], wait=60)["id"]
            idle = of_status(running, known, asked.status_calls)
            queue_up(folder / "queued", [given[0]] * asked.queued)
            busy = of_status(running, known, asked.status_calls)
            found["status_idle"], found["status_queued"] = spread(idle), spread(busy)
            found["status_p99_ratio"] = round(quantile(busy, 0.99) / quantile(idle, 0.99), 2)
            running.process.kill()
    print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
