"""Run by Alembic: migrate over the connection that ``Database.upgrade`` hands in."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from storage.models import Base, UtcDateTime


def _rendered(kind: str, item: Any, _: AutogenContext) -> str | Literal[False]:
    """A migration must not change when our own types do: it names those of SQLAlchemy."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_item=_rendered,
)
context.run_migrations()
