"""The database connection and its two kinds of transactions.

A write transaction takes the writer's place before its first statement, so that it never fails half
way for having read an older state. Ensures: an answered write is on the disk (synchronous=FULL), and
a process killed at any moment leaves each transaction whole or absent.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, create_engine, event

from .config import ConfigError, Settings
from .errors import DatabaseBusy

try:
    import fcntl
except ImportError:  # Windows: SQLite's own locking has to do.
    fcntl = None

_GATE_POLL_SECONDS = 0.005


class Database:
    """Owns the engine. Safe to use from many threads and, with a file each process opens itself, many processes."""

    def __init__(self, settings: Settings):
        self.url = settings.sqlalchemy_url()
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._busy_timeout_seconds = settings.busy_timeout_ms / 1000
        if self.is_sqlite:
            _create_folder(Path(self.url.database).parent)
        try:
            self.engine = create_engine(self.url, pool_pre_ping=not self.is_sqlite)
        except ModuleNotFoundError as error:
            raise ConfigError(f"DATABASE_URL needs the Python package {error.name!r}") from error
        if self.is_sqlite:
            self._configure_sqlite(settings.busy_timeout_ms)

    @property
    def public_name(self) -> str:
        """What the statistics may tell of where it is: a file or database name, never a folder or host."""
        name = self.url.database or ""
        return Path(name).name if self.is_sqlite else name

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one state of the database throughout and changes nothing."""
        with self.engine.connect() as connection, connection.begin():
            yield connection

    @contextlib.contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that commits at the end of the block and is undone by any exception.

        Raises DatabaseBusy, or the driver's "database is locked", after the busy timeout.
        """
        with self.writer_gate(), self.engine.connect() as connection:
            connection = connection.execution_options(codeforge_writes=True)
            with connection.begin():
                yield connection

    def _configure_sqlite(self, busy_timeout_ms: int) -> None:
        @event.listens_for(self.engine, "connect")
        def on_connect(dbapi_connection, _record) -> None:
            # The driver would otherwise begin transactions by itself, deferred and late.
            dbapi_connection.isolation_level = None
            cursor = dbapi_connection.cursor()
            cursor.execute(f"PRAGMA busy_timeout = {busy_timeout_ms}")
            cursor.execute("PRAGMA synchronous = FULL")
            cursor.close()

        @event.listens_for(self.engine, "begin")
        def on_begin(connection) -> None:
            writes = connection.get_execution_options().get("codeforge_writes", False)
            connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    @contextlib.contextmanager
    def writer_gate(self) -> Iterator[None]:
        """One writer at a time among all our processes, from before BEGIN until after COMMIT.

        SQLite up to 3.51.2 can lose a committed page when one connection checkpoints the write-ahead
        log while another resets it. Checkpoints run inside COMMIT, so this lock keeps them apart. The
        lock dies with its process, hence a killed worker blocks nobody.
        """
        if not self.is_sqlite or fcntl is None:
            yield
            return
        descriptor = os.open(self.url.database + "-writer", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            deadline = time.monotonic() + self._busy_timeout_seconds
            while True:
                try:
                    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if time.monotonic() >= deadline:
                        raise DatabaseBusy from None
                    time.sleep(_GATE_POLL_SECONDS)
            yield
        finally:
            os.close(descriptor)


def _create_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"the database folder {str(folder)!r} cannot be created: {error.strerror}") from error
