"""The database: how to reach it, transactions, and bringing its tables up to date.

SQLite for one machine, PostgreSQL for many.  A ``Database`` belongs to one process: make it after a fork.
"""

from __future__ import annotations

import contextlib
import fcntl
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session, sessionmaker

_LOCK_WAIT_SECONDS = 30
_CONNECT_SECONDS = 5
_CONNECTIONS = 20
_MIGRATION_LOCK = 7_206_883
"""Number of the PostgreSQL advisory lock under which one process alone migrates."""


class DatabaseUnavailableError(Exception):
    """The database cannot be reached, or was too busy; worth another try later."""


class DatabaseOutdatedError(Exception):
    """The tables are not those that this program needs; the message is Chinese and names the remedy."""


class Database:
    """Transactions on one database.

    ``with database.write() as session`` is one transaction: committed where the block ends, rolled back where
    it raises.  ``read()`` is the same for transactions that change nothing, which on SQLite wait for nobody.
    Objects stay usable after the block; what they refer to must be loaded inside it.
    """

    def __init__(self, url: str) -> None:
        """Connect to nothing yet.

        Args:
            url: of SQLAlchemy, ``sqlite:///…`` or ``postgresql+psycopg://…``.

        Raises:
            DatabaseUnavailableError: it is no URL.
        """
        try:
            parsed = make_url(url)
        except ArgumentError as error:
            raise DatabaseUnavailableError(str(error)) from error
        self._file = Path(parsed.database or "") if parsed.get_backend_name() == "sqlite" else None
        self._inside = threading.local()
        self.engine = _sqlite(url) if self._file else _server(url)
        self._sessions = sessionmaker(self.engine, expire_on_commit=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()

    @contextlib.contextmanager
    def read(self) -> Iterator[Session]:
        """A transaction that changes nothing.

        Raises:
            DatabaseUnavailableError: see there.
        """
        with _told_apart(), self._sessions.begin() as session:
            self._begin(session, "BEGIN")
            yield session

    @contextlib.contextmanager
    def write(self) -> Iterator[Session]:
        """A transaction that changes something; never inside another one of the same thread.

        Raises:
            DatabaseUnavailableError: see there.
        """
        with self._turn(), _told_apart(), self._sessions.begin() as session:
            self._begin(session, "BEGIN IMMEDIATE")
            yield session

    def check(self) -> None:
        """Return if the database answers and its tables are up to date.

        Raises:
            DatabaseUnavailableError: it does not answer.
            DatabaseOutdatedError: they are not.
        """
        with _told_apart(), self.engine.connect() as connection:
            present = MigrationContext.configure(connection).get_current_revision()
        wanted = ScriptDirectory.from_config(_migrations()).get_current_head()
        if present != wanted:
            raise DatabaseOutdatedError(
                f"数据库的表结构是 {present or '空的'}，程序需要 {wanted}。请先运行：yushen db upgrade"
            )

    def upgrade(self) -> None:
        """Bring the tables up to date; several processes may try at once.

        Raises:
            DatabaseUnavailableError: see there.
        """
        config = _migrations()
        with self.write() as session:
            connection = session.connection()
            if self._file is None:
                connection.execute(text(f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})"))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    def _begin(self, session: Session, statement: str) -> None:
        """Begin on SQLite, where the driver begins nothing by itself.

        Writers take the lock at once: a reader that turns writer later may find that it cannot.  This is no
        listener to SQLAlchemy's event, which would make it look for listeners with each statement.
        """
        if self._file is not None:
            session.connection().exec_driver_sql(statement)

    @contextlib.contextmanager
    def _turn(self) -> Iterator[None]:
        """On SQLite, wait for the writer before us in the kernel, not by asking again and again."""
        if self._file is None:
            yield
            return
        if getattr(self._inside, "writes", False):
            raise RuntimeError("a write inside a write would wait for itself")
        with _opened(self._file.with_name(f"{self._file.name}.lock")) as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self._inside.writes = True
            try:
                yield
            finally:
                self._inside.writes = False


def _opened(path: Path) -> Any:
    try:
        return path.open("ab")
    except OSError as error:
        raise DatabaseUnavailableError(str(error)) from error


@contextlib.contextmanager
def _told_apart() -> Iterator[None]:
    """What is worth another try, as one exception of ours; anything else as it is."""
    try:
        yield
    except (OperationalError, InterfaceError, PoolTimeoutError) as error:
        raise DatabaseUnavailableError(str(getattr(error, "orig", error))) from error
    except DBAPIError as error:
        if error.connection_invalidated:
            raise DatabaseUnavailableError(str(error.orig)) from error
        raise


def _server(url: str) -> Engine:
    return create_engine(
        url,
        pool_pre_ping=True,
        pool_size=_CONNECTIONS,
        pool_timeout=_LOCK_WAIT_SECONDS,
        connect_args={"connect_timeout": _CONNECT_SECONDS},
    )


def _sqlite(url: str) -> Engine:
    # isolation_level None: the driver begins nothing by itself; Database decides how.
    engine = create_engine(
        url,
        pool_size=_CONNECTIONS,
        pool_timeout=_LOCK_WAIT_SECONDS,
        connect_args={"timeout": _LOCK_WAIT_SECONDS, "isolation_level": None, "check_same_thread": False},
    )
    event.listen(engine, "connect", _prepare)
    return engine


def _prepare(connection: Any, _record: object) -> None:
    """WAL: readers and the writer do not wait for one another; FULL: a commit is on the disk."""
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "cache_size = -16000"):
        connection.execute(f"PRAGMA {pragma}")


def _migrations() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    return config
