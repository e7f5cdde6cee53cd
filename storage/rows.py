"""Rows that every submission writes, by plain statements.

Handing in and finishing a submission writes some twenty rows.  SQLAlchemy's unit of work costs ten times
what the database does with them, so that these two paths write theirs past it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, cast

from sqlalchemy import Executable, Table, insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from storage.models import Base

Values = Mapping[str, Any]


def table_of(model: type[Base]) -> Table:
    """The table of ``model``."""
    return cast("Table", model.__table__)


def add(session: Session, model: type[Base], *rows: Values) -> None:
    """Add rows at once; what they refer to must be in the database already, not only in the session.

    Args:
        session: whose transaction it is part of.
        model: whose table they go to; its defaults apply.
        rows: column -> value, each with the same columns.
    """
    if rows:
        session.connection().execute(_insert(model), list(rows))


def put(session: Session, model: type[Base], rows: Sequence[Values], *, summed: bool, column: str) -> None:
    """Add rows, or change ``column`` of those that are there.

    Two transactions that put the same rows must do so in the same order.

    Args:
        session: whose transaction it is part of.
        model: whose table they go to.
        rows: column -> value, each with the same columns.
        summed: whether the value that is there is added to, not replaced.
        column: the one that changes.
    """
    if rows:
        dialect = session.get_bind().dialect.name
        session.connection().execute(_upsert(dialect, model, column, summed), list(rows))


@cache
def _insert(model: type[Base]) -> Executable:
    return insert(table_of(model))


@cache
def _upsert(dialect: str, model: type[Base], column: str, summed: bool) -> Executable:
    table = table_of(model)
    row = postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
    value = table.c[column] + row.excluded[column] if summed else row.excluded[column]
    return row.on_conflict_do_update(index_elements=list(table.primary_key), set_={column: value})
