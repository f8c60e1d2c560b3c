"""The SQL of the stored items. Values go in and out as canonical JSON text, never parsed here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timezone

from sqlalchemy import Connection, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from .database import Database
from .models import StorageItem

_ITEMS = StorageItem.__table__
_BATCH_ROWS = 500


def sorted_keys(database: Database) -> list[str]:
    """All keys in code point order."""
    with database.reading() as connection:
        return list(connection.scalars(select(_ITEMS.c.key).order_by(_ITEMS.c.key)))


def read_text(database: Database, key: str) -> str | None:
    """The value's JSON text, or None where there is no such key."""
    with database.reading() as connection:
        return connection.scalar(select(_ITEMS.c.value).where(_ITEMS.c.key == key))


def read_all(database: Database) -> list[tuple[str, str]]:
    """Key and JSON text of every item, sorted by key, all of one state."""
    with database.reading() as connection:
        return [tuple(row) for row in connection.execute(select(_ITEMS.c.key, _ITEMS.c.value).order_by(_ITEMS.c.key))]


def write_texts(database: Database, texts: Iterable[tuple[str, str]]) -> None:
    """Inserts or replaces every (key, JSON text), all in one transaction."""
    now = datetime.now(timezone.utc)
    rows = [
        {"key": key, "value": value, "value_bytes": len(value.encode("utf-8")), "created_at": now, "updated_at": now}
        for key, value in texts
    ]
    if not rows:
        return
    with database.writing() as connection:
        statement = _upsert(connection)
        for start in range(0, len(rows), _BATCH_ROWS):
            connection.execute(statement, rows[start:start + _BATCH_ROWS])


def remove(database: Database, key: str) -> bool:
    """Deletes one item; False where there was none."""
    with database.writing() as connection:
        return connection.execute(delete(_ITEMS).where(_ITEMS.c.key == key)).rowcount > 0


def remove_all(database: Database) -> None:
    """Deletes every item."""
    with database.writing() as connection:
        connection.execute(delete(_ITEMS))


def totals(database: Database) -> tuple[int, int]:
    """Number of items and the bytes of UTF-8 of all their values."""
    with database.reading() as connection:
        count, size = connection.execute(
            select(func.count(), func.coalesce(func.sum(_ITEMS.c.value_bytes), 0)).select_from(_ITEMS)
        ).one()
        return int(count), int(size)


def _upsert(connection: Connection):
    """One statement that inserts or replaces, so that two first writers of a key cannot collide."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(_ITEMS)
    return statement.on_conflict_do_update(
        index_elements=[_ITEMS.c.key],
        set_={name: statement.excluded[name] for name in ("value", "value_bytes", "updated_at")},
    )
