"""The service under load, beside the library alone: ``.venv/bin/python benchmarks/load.py``.

Prints, for the same documents: submissions a minute through the library in one child process, and through
the whole service (upload, queue, check, every form stored) with one and with two workers; the time from
upload to report, one at a time; and the time of a status call, idle and with many submissions queued.
"""

import argparse
import io
import itertools
import json
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from running import Service, variant  # noqa: E402

from storage import submissions  # noqa: E402
from storage.opening import open_database, open_store  # noqa: E402
from storage.settings import Settings  # noqa: E402
from storage.submissions import Caller, HandedIn, Options  # noqa: E402
from worker.sandbox import CheckDocument, CheckPool, CheckRequest  # noqa: E402

PACK = "jinjiang-2023"
CLIENTS = 4


def documents(count: int) -> list[tuple[str, bytes]]:
    """Word files of every class, each in bytes of its own."""
    paths = sorted((ROOT / "examples").glob("*.docx"))
    originals = [(path.name, path.read_bytes()) for path in paths]
    return [
        (name, variant(data, n))
        for n, (name, data) in zip(range(count), itertools.cycle(originals), strict=False)
    ]


def through_library(given: list[tuple[str, bytes]], folder: Path) -> float:
    """Submissions a minute in one child process, which is running when the clock starts."""
    requests = []
    for number, (name, data) in enumerate(given):
        path = folder / f"{number}.docx"
        path.write_bytes(data)
        requests.append(CheckRequest((CheckDocument(name, path),), PACK))
    with CheckPool(1) as pool:
        list(pool.map(requests[:2]))
        begun = time.monotonic()
        results = list(pool.map(requests))
        taken = time.monotonic() - begun
    assert all(result.report for result in results)
    return 60 * len(given) / taken


@contextmanager
def service(folder: Path, workers: int) -> Iterator[Service]:
    folder.mkdir()
    made = Service(folder, {"log_level": "WARNING"}, ("--workers", str(workers)))
    made.start()
    try:
        with made.client() as client:
            for number in range(2 * workers):
                submit(client, "warm.docx", variant(documents(1)[0][1], 10**9 + number), wait=60)
        yield made
    finally:
        made.stop()


def submit(client, name: str, data: bytes, wait: int = 0) -> dict:
    headers = {"Prefer": f"wait={wait}"} if wait else {}
    answer = client.post("/v1/submissions", files={"files": (name, io.BytesIO(data))}, headers=headers)
    answer.raise_for_status()
    return answer.json()


def through_service(running: Service, given: list[tuple[str, bytes]]) -> float:
    """Submissions a minute, from the first upload to the last report."""
    local = threading.local()

    def one(document: tuple[str, bytes]) -> str:
        if not hasattr(local, "client"):
            local.client = running.client()
        return submit(local.client, *document)["id"]

    begun = time.monotonic()
    with ThreadPoolExecutor(CLIENTS) as pool:
        ids = list(pool.map(one, given))
    with running.client() as client:
        for submission_id in reversed(ids):
            while (status := client.get(f"/v1/submissions/{submission_id}").json()["status"]) != "done":
                assert status != "failed"
                time.sleep(0.1)
    return 60 * len(given) / (time.monotonic() - begun)


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


def queue_up(folder: Path, count: int, document: tuple[str, bytes]) -> None:
    """Owe ``count`` checks, past the API: what is measured is what they do to it."""
    settings = Settings(data=folder / "data")
    store = open_store(settings)
    stored = store.put(io.BytesIO(document[1]))
    with open_database(settings) as database:
        for start in range(0, count, 200):
            with database.write() as session:
                for _ in range(min(200, count - start)):
                    handed = [HandedIn(document[0], stored)]
                    submissions.accept(session, store, handed, Options(PACK), Caller("system", ""))


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
        rates = {}
        for workers in (1, 2):
            with service(folder / str(workers), workers) as running:
                rates[workers] = through_service(running, given)
                if workers == 1:
                    found["upload_to_report"] = spread(
                        to_report(running, documents(asked.documents + 60)[-60:])
                    )
        library.append(through_library(given, folder))
        found["library_per_minute"] = [round(rate) for rate in library]
        found["service_per_minute"] = {workers: round(rate) for workers, rate in rates.items()}
        found["service_to_library_per_worker"] = round(rates[1] / statistics.mean(library), 2)
        found["two_workers_to_one"] = round(rates[2] / rates[1], 2)
        with service(folder / "queued", 2) as running, running.client() as client:
            known = submit(client, *given[0], wait=60)["id"]
            idle = of_status(running, known, asked.status_calls)
            queue_up(folder / "queued", asked.queued, given[0])
            busy = of_status(running, known, asked.status_calls)
            found["status_idle"], found["status_queued"] = spread(idle), spread(busy)
            found["status_p99_ratio"] = round(quantile(busy, 0.99) / quantile(idle, 0.99), 2)
            running.process.kill()
    print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
