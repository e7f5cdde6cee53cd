"""Processes and servers are killed at random moments under load; what was accepted ends in one report.

``--chaos-kills=60`` kills more often than the few times that the test suite has time for.
"""

import hashlib
import io
import os
import random
import signal
import threading
import time
import uuid
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from running import Service, variant
from services import Server, wait_until
from sqlalchemy import select

from storage.database import Database
from storage.models import Event, Result, Submission, SubmissionStatus
from storage.opening import open_database, open_store
from storage.settings import Settings

DOCUMENT = (Path(__file__).resolve().parents[1] / "examples/contract-filing-deficient.docx").read_bytes()
CLIENTS = 3
MOST_BETWEEN = 3
"""Promises between two strikes: a service that is never up has nothing to lose."""

QUICK = {"sweep_seconds": "1", "lease_seconds": "20", "workers": "2"}


@dataclass
class Load:
    """Clients that submit until told to stop, and insist on an answer to each call.

    Attributes:
        asked: idempotency keys of all calls.
        accepted: idempotency key -> the submission that was promised.
        refused: answers that neither promise nor ask for another try.
    """

    service: Service
    asked: list[str] = field(default_factory=list)
    accepted: dict[str, str] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self):
        self.threads = [threading.Thread(target=self.run, args=(n,), daemon=True) for n in range(CLIENTS)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        for thread in self.threads:
            thread.join(300)
            assert not thread.is_alive(), "a call is never answered"

    def goes_on(self, count: int) -> None:
        """Return when so many more submissions are promised."""
        enough = len(self.accepted) + count
        wait_until(lambda: len(self.accepted) >= enough, "the service comes back", seconds=300)

    def run(self, client: int) -> None:
        number = 0
        while not self.over.wait(0.25):
            number += 1
            # Every fifth file is one that was handed in before: it is stored once.
            data = variant(DOCUMENT, client * 1_000_000 + number - (number % 5 == 0))
            key = uuid.uuid4().hex
            self.asked.append(key)
            while not self.submitted(key, data):
                time.sleep(0.1)

    def submitted(self, key: str, data: bytes) -> bool:
        try:
            with self.service.client() as client:
                answer = client.post(
                    "/v1/submissions",
                    headers={"Idempotency-Key": key},
                    files={"files": ("合同备案.docx", io.BytesIO(data))},
                )
        except httpx.TransportError:
            return False
        if answer.status_code in (200, 202):
            self.accepted[key] = answer.json()["id"]
            return True
        if answer.status_code not in (500, 502, 503, 504):
            self.refused.append(answer.text)
            return True
        return False


@dataclass
class Killer:
    """Kills at random: a role's process, the whole service, or a server."""

    service: Service
    servers: dict[str, Server]
    chance: random.Random
    killed: Counter = field(default_factory=Counter)

    def strike(self) -> None:
        victims = ["api", "worker", "pool", "child", "sweeper", "service", *self.servers]
        if not any(name in self.servers for name in ("valkey", "redis", "rabbitmq")):
            victims.append("broker")
        victim = self.chance.choice(victims)
        if victim == "service":
            self.service.kill()
            self.service.start()
        elif victim in self.servers:
            self.servers[victim].kill()
            time.sleep(self.chance.uniform(0, 1))
            self.servers[victim].start()
        elif not self.strike_process(victim):
            return
        self.killed[victim] += 1
        print(f"killed {dict(self.killed)}", flush=True)

    def strike_process(self, victim: str) -> bool:
        # The worker's main process comes first, its pool after it.
        role = "worker" if victim == "pool" else victim
        found = self.service.processes()[role]
        if victim == "worker":
            found = found[:1]
        elif victim == "pool":
            found = found[1:]
        if not found:
            return False
        with suppress(ProcessLookupError):
            os.kill(self.chance.choice(found), signal.SIGKILL)
        return True


def chaos(service: Service, servers: dict[str, Server], kills: int, settings: Settings) -> None:
    service.start()
    killer = Killer(service, servers, random.Random(os.environ.get("CHAOS_SEED")))
    with Load(service) as load:
        while killer.killed.total() < kills:
            load.goes_on(killer.chance.randint(1, MOST_BETWEEN))
            time.sleep(killer.chance.uniform(0, 0.5))
            killer.strike()
    with open_database(settings) as database:
        wait_until(lambda: is_over(database), "all submissions end", seconds=600)
        counts = reckon(database, settings, load)
    print(f"\nkilled {dict(killer.killed)}: {counts}")
    service.stop()
    assert load.refused == []
    assert counts["accepted"] == counts["asked"] > kills
    assert counts == {
        "asked": counts["asked"],
        "accepted": counts["asked"],
        "reported": counts["asked"],
        "duplicates": 0,
        "lost": 0,
        "failed": 0,
    }


def is_over(database: Database) -> bool:
    with database.read() as session:
        unfinished = Submission.status.in_((SubmissionStatus.QUEUED, SubmissionStatus.CHECKING))
        return session.scalar(select(Submission.id).where(unfinished).limit(1)) is None


def reckon(database: Database, settings: Settings, load: Load) -> dict[str, int]:
    """What the database and the store hold against what was promised."""
    store = open_store(settings)
    with database.read() as session:
        submissions = session.scalars(select(Submission)).all()
        done = Counter(session.scalars(select(Event.submission_id).where(Event.kind == "done")))
        reports = session.scalars(select(Result).where(Result.form == "json")).all()
    whole = 0
    for result in reports:
        with store.open(result.sha256) as stream:
            whole += hashlib.sha256(stream.read()).hexdigest() == result.sha256
    known = {s.id for s in submissions}
    promised = set(load.accepted.values())
    return {
        "asked": len(load.asked),
        "accepted": len(promised),
        "reported": whole,
        "duplicates": len(known - promised) + sum(n - 1 for n in done.values()),
        "lost": len(promised - known)
        + sum(s.status not in (SubmissionStatus.DONE, SubmissionStatus.FAILED) for s in submissions),
        "failed": sum(s.status == SubmissionStatus.FAILED for s in submissions),
    }


@pytest.fixture
def kills(request) -> int:
    return request.config.getoption("--chaos-kills")


def test_nothing_accepted_is_lost_or_done_twice_in_the_embedded_service(tmp_path, kills):
    service = Service(tmp_path, QUICK)
    settings = Settings(data=tmp_path / "data")
    chaos(service, {}, kills, settings)


@pytest.mark.parametrize(
    "broker",
    [
        pytest.param("rabbitmq", marks=pytest.mark.needs("rabbitmq")),
        pytest.param("redis", marks=pytest.mark.needs("redis")),
    ],
)
@pytest.mark.needs("postgres")
def test_nothing_accepted_is_lost_or_done_twice_on_real_servers(request, tmp_path, s3, kills, broker):
    postgres = request.getfixturevalue("postgres")
    queue = request.getfixturevalue(broker)
    given = {
        "database_url": postgres.new_database(),
        "broker_url": queue.url,
        "s3_endpoint": s3.endpoint,
        "s3_access_key": s3.access_key,
        "s3_secret_key": s3.secret_key,
        "s3_bucket": s3.new_bucket(),
        "s3_tls": "false",
    }
    service = Service(tmp_path, {**QUICK, **given})
    settings = Settings(data=tmp_path / "data", **given)
    chaos(service, {"postgres": postgres, "s3": s3, broker: queue}, kills, settings)
