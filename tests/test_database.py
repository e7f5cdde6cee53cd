"""Transactions, migrations, and what the database itself refuses."""

import threading

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import DBAPIError

from storage.database import Database, DatabaseOutdatedError, DatabaseUnavailableError
from storage.models import Audit, Base, Event


def audit_row(session):
    session.add(Audit(actor="key_1", unit="区教育局", action="submission.created", target="sub_1"))


def test_migrations_make_the_tables_that_the_program_uses(database):
    with database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
        assert set(Base.metadata.tables) <= set(inspect(connection).get_table_names())


def test_upgrade_again_and_by_several_at_once_changes_nothing(database):
    with database.write() as session:
        audit_row(session)
    threads = [threading.Thread(target=database.upgrade) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    database.check()
    with database.read() as session:
        assert len(session.scalars(select(Audit)).all()) == 1


def test_database_without_tables_is_outdated_and_the_message_names_the_remedy(tmp_path):
    with (
        Database(f"sqlite:///{tmp_path / 'empty.db'}") as database,
        pytest.raises(DatabaseOutdatedError, match="yushen db upgrade"),
    ):
        database.check()


def test_database_that_cannot_be_reached_is_unavailable(tmp_path):
    with Database(f"sqlite:///{tmp_path / 'no' / 'state.db'}") as database:
        with pytest.raises(DatabaseUnavailableError), database.read() as session:
            session.scalar(text("SELECT 1"))
        with pytest.raises(DatabaseUnavailableError), database.write() as session:
            session.scalar(text("SELECT 1"))


def test_text_that_is_no_url_is_unavailable():
    with pytest.raises(DatabaseUnavailableError):
        Database("nonsense")


@pytest.mark.parametrize("change", ["UPDATE audit SET actor = 'another'", "DELETE FROM audit"])
def test_audit_rows_are_never_changed_or_deleted(database, change):
    with database.write() as session:
        audit_row(session)
    with pytest.raises(DBAPIError, match="append-only"), database.write() as session:
        session.execute(text(change))
    with database.read() as session:
        assert [row.actor for row in session.scalars(select(Audit))] == ["key_1"]


def test_transaction_that_raises_changes_nothing(database):
    def write():
        with database.write() as session:
            audit_row(session)
            session.flush()
            raise KeyError

    with pytest.raises(KeyError):
        write()
    with database.read() as session:
        assert session.scalars(select(Audit)).all() == []


def test_rows_that_refer_to_nothing_are_refused(database):
    with pytest.raises(DBAPIError), database.write() as session:
        session.add(Event(submission_id="sub_none", kind="queued"))


def test_writers_take_turns_and_a_reader_waits_for_none(database):
    """Eight writers that count up what they read: no step may be lost."""
    with database.write() as session:
        session.execute(text("CREATE TABLE counter (n INTEGER)"))
        session.execute(text("INSERT INTO counter VALUES (0)"))

    def count():
        for _ in range(20):
            with database.write() as session:
                n = session.scalar(text("SELECT n FROM counter" + lock(session)))
                session.execute(text("UPDATE counter SET n = :n"), {"n": n + 1})

    threads = [threading.Thread(target=count) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.write() as session, database.read() as reader:
        session.execute(text("UPDATE counter SET n = 0"))
        assert reader.scalar(text("SELECT n FROM counter")) == 160


def lock(session):
    return " FOR UPDATE" if session.get_bind().dialect.name == "postgresql" else ""
