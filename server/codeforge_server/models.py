"""The table of stored items, for SQLite now and PostgreSQL later."""

from __future__ import annotations

from datetime import datetime, timezone

from sqlalchemy import BigInteger, DateTime, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from .keys import MAX_KEY_CHARACTERS

# Order by code point in every database, as Python and SQLite sort, so that answers are sorted alike.
KeyText = String(MAX_KEY_CHARACTERS).with_variant(String(MAX_KEY_CHARACTERS, collation="C"), "postgresql")


class UtcTime(TypeDecorator[datetime]):
    """A moment with its zone. SQLite has no such type, so there it is ISO 8601 text ending in +00:00."""

    impl = String(32)
    cache_ok = True

    def load_dialect_impl(self, dialect):
        if dialect.name == "sqlite":
            return dialect.type_descriptor(String(32))
        return dialect.type_descriptor(DateTime(timezone=True))

    def process_bind_param(self, value, dialect):
        if value is None:
            return None
        moment = value.astimezone(timezone.utc)
        return moment.isoformat(timespec="microseconds") if dialect.name == "sqlite" else moment

    def process_result_value(self, value, dialect):
        return datetime.fromisoformat(value) if isinstance(value, str) else value


class Base(DeclarativeBase):
    """Declarative base of all tables."""


class StorageItem(Base):
    """One key and its value.

    value        canonical JSON text (see json_text.py)
    value_bytes  its length in bytes of UTF-8, kept so that statistics need not read the values
    """

    __tablename__ = "storage_item"

    key: Mapped[str] = mapped_column(KeyText, primary_key=True)
    value: Mapped[str] = mapped_column(Text, nullable=False)
    value_bytes: Mapped[int] = mapped_column(BigInteger, nullable=False)
    created_at: Mapped[datetime] = mapped_column(UtcTime, nullable=False)
    updated_at: Mapped[datetime] = mapped_column(UtcTime, nullable=False)


class WorkflowState(Base):
    """The newest state of a workflow, as its user's editor synced it.

    state  canonical JSON text (see json_text.py) of an object
    """

    __tablename__ = "workflow_state"

    id: Mapped[str] = mapped_column(KeyText, primary_key=True)
    user_id: Mapped[str] = mapped_column(KeyText, nullable=False)
    state: Mapped[str] = mapped_column(Text, nullable=False)
    created_at: Mapped[datetime] = mapped_column(UtcTime, nullable=False)
    updated_at: Mapped[datetime] = mapped_column(UtcTime, nullable=False)
