"""The HTTP API on a database and a store of its own, without workers: tests do their part by hand."""

import io
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import kombu
import pytest
from report_cases import passing
from werkzeug.test import Client, TestResponse

from intake.api.app import create_app
from intake.api.services import Services
from reports import render_bytes
from reports.data import json_bytes
from storage import jobs, submissions
from storage.accounts import make_key
from storage.database import Database
from storage.hints import QUEUE, Hints
from storage.models import JobKind, ReviewState, Role, Submission, now
from storage.opening import open_database, open_store
from storage.settings import Settings

EDUCATION, HEALTH = "区教育局", "区卫健局"
DOCX = b"PK\x03\x04 not really a document"
REPORT = json_bytes(passing().to_dict(), indent=2) + b"\n"
FORMS = {
    "json": REPORT,
    "html": render_bytes(passing(), "html"),
    "text": render_bytes(passing(), "text"),
    "docx": render_bytes(passing(), "docx"),
    "record": json_bytes(passing().record, indent=2) + b"\n",
}
"""What a finished submission has, form by form."""


@cache
def _empty_database() -> Path:
    """A migrated SQLite file, to be copied: migrating takes longer than most tests."""
    path = Path(tempfile.mkdtemp(prefix="yushen-tests-")) / "state.db"
    with Database(f"sqlite:///{path}") as database:
        database.upgrade()
        with database.read() as session:
            session.connection().exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


KINDS = [
    "embedded",
    pytest.param("servers", marks=[pytest.mark.needs("postgres"), pytest.mark.needs("rabbitmq")]),
]
"""What a service may stand on: see ``made``."""

on_each_kind = pytest.mark.parametrize("service", KINDS, indirect=True)
"""Marks a test whose outcome the database, the store or the queue has a part in; others are embedded."""


def made(request: pytest.FixtureRequest, folder: Path, **settings: Any) -> Iterator["Service"]:
    """A service on SQLite and a folder, or on PostgreSQL, an S3 store and RabbitMQ: the body of a fixture."""
    if getattr(request, "param", "embedded") == "embedded":
        yield Service(folder, **settings)
        return
    postgres, s3, rabbitmq = map(request.getfixturevalue, ("postgres", "s3", "rabbitmq"))
    service = Service(
        folder,
        database_url=postgres.new_database(_migrated(postgres)),
        broker_url=rabbitmq.url,
        s3_endpoint=s3.endpoint,
        s3_bucket=_bucket(s3),
        s3_access_key=s3.access_key,
        s3_secret_key=s3.secret_key,
        s3_tls=False,
        **settings,
    )
    yield service
    service.hints_sent.close()
    # What it sent would wake the workers of another test.
    empty_queue(rabbitmq.url)
    service.database.close()


def empty_queue(url: str) -> None:
    """Take all hints from the queue, which is there from the first on."""
    with kombu.Connection(url) as connection:
        channel = connection.default_channel
        channel.queue_declare(queue=QUEUE, durable=True, auto_delete=False)
        channel.queue_purge(QUEUE)


_BUCKETS: dict[str, str] = {}
"""Store -> the bucket that all tests share: a store has room for few."""


def _bucket(s3: Any) -> str:
    if s3.endpoint not in _BUCKETS:
        _BUCKETS[s3.endpoint] = s3.new_bucket()
    return _BUCKETS[s3.endpoint]


_TEMPLATES: dict[str, str] = {}
"""Server -> the name of its migrated database, to be copied."""


def _migrated(postgres: Any) -> str:
    if postgres.url not in _TEMPLATES:
        url = postgres.new_database()
        with Database(url.replace("postgresql:", "postgresql+psycopg:")) as database:
            database.upgrade()
        _TEMPLATES[postgres.url] = url.rpartition("/")[2]
    return _TEMPLATES[postgres.url]


class Service:
    """The API and what it stands on."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        self.folder = folder
        self.settings = Settings(**{"data": folder, "rate_limit": "", **settings})
        if self.settings.database_url is None:
            shutil.copyfile(_empty_database(), folder / "state.db")
        self.database = open_database(self.settings)
        self.store = open_store(self.settings)
        self.hints_sent = Hints(self.settings.broker_url) if self.settings.broker_url else None
        self.hints = 0
        self.on_hint: Callable[[], None] = lambda: None
        self.services = Services(self.settings, self.database, self.store, self._hint)
        self.app = create_app(self.services)

    def _hint(self) -> None:
        self.hints += 1
        if self.hints_sent:
            self.hints_sent.give()
        self.on_hint()

    def key(self, role: str = "unit", unit: str | None = EDUCATION, **more: Any) -> str:
        """The text of a new key."""
        with self.database.write() as session:
            owner = unit if role == "unit" else None
            return make_key(session, f"{role} {unit}", Role(role), unit=owner, **more)[1]

    def client(self, role: str = "unit", unit: str | None = EDUCATION) -> "Caller":
        """A client with a key of its own."""
        return Caller(self.app, self.key(role, unit))

    def nobody(self) -> Client:
        """A client without a key."""
        return Client(self.app)

    def finish(self, conclusion: str = "pass", report: bytes = REPORT, **found: int) -> str:
        """Do the worker's part for the next owed check; found: findings by code, all errors."""
        with self.database.write() as session:
            held = jobs.claim(session, "lease", timedelta(minutes=1), [JobKind.CHECK])
            assert held
            submissions.begin(session, held)
        stored = self.store.put(io.BytesIO(report))
        counts = {(code.replace("_", "-"), "error"): count for code, count in found.items()}
        outcome = submissions.Outcome(conclusion, "contract-filing", stored, counts)
        with self.database.write() as session:
            submissions.complete(session, self.store, held, outcome)
        return held.subject_id

    def fail(self, reason: str = "out of memory in line 12") -> str:
        """The worker's part, where the program fails."""
        with self.database.write() as session:
            held = jobs.claim(session, "lease", timedelta(minutes=1), [JobKind.CHECK])
            assert held
            submissions.begin(session, held)
            jobs.fail(session, held, reason)
            submissions.fail(session, held.subject_id, reason)
        return held.subject_id

    def unpack(self, *titles: str, gathered: bool = True) -> str:
        """Do the worker's part for the next owed batch: a submission for each title."""
        from storage.models import Batch

        with self.database.write() as session:
            held = jobs.claim(session, "unpack", timedelta(minutes=1), [JobKind.UNPACK])
            assert held
            batch = session.get_one(Batch, held.subject_id)
            for position, title in enumerate(titles):
                file = submissions.HandedIn(f"{title}.docx", self.store.put(io.BytesIO(title.encode())))
                submissions.add_to_batch(session, self.store, batch, position, title, [file])
            if gathered:
                jobs.finish(session, held)
                submissions.gathered(session, batch, ["已忽略 Thumbs.db。"])
        return held.subject_id

    def hand_to_review(self, submission_id: str, state: ReviewState = ReviewState.SUBMITTED) -> None:
        """Put a submission before the reviewers."""
        with self.database.write() as session:
            row = session.get_one(Submission, submission_id)
            row.review, row.submitted_at = state, now()


class Caller:
    """A client that carries a key."""

    def __init__(self, app: Any, key: str) -> None:
        self._client = Client(app)
        self.key = key

    def open(self, method: str, path: str, **more: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.key}", **more.pop("headers", {})}
        return self._client.open(path, method=method, headers=headers, **more)

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.open("GET", path, **more)

    def post(self, path: str, **more: Any) -> TestResponse:
        return self.open("POST", path, **more)

    def delete(self, path: str, **more: Any) -> TestResponse:
        return self.open("DELETE", path, **more)

    def submit(
        self, *files: tuple[str, bytes], to: str = "/v1/submissions", headers: Any = None, **texts: str
    ) -> TestResponse:
        """Hand in files (name, bytes) with these texts; ``class_`` is the field class."""
        data = {name.rstrip("_"): value for name, value in texts.items()}
        given = files or (("方案.docx", DOCX),)
        form = {**data, "files": [(io.BytesIO(content), name) for name, content in given]}
        return self.post(to, data=form, headers=headers or {})
