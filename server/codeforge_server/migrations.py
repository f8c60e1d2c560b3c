"""Versions of the schema, applied in order when the server starts.

The table `schema_version` holds one row with the number of steps done. All missing steps run in one
write transaction, so several workers may start at once and a kill leaves the old version. A step is
never changed after a release; a new need is a new step at the end of `STEPS`.
"""

from __future__ import annotations

from sqlalchemy import Connection, inspect, text

from .database import Database
from .legacy import adopt_original_table


class MigrationError(RuntimeError):
    """The database cannot be brought to the version this server needs."""


def _create_storage_item(connection: Connection) -> None:
    # Spelled out instead of taken from the models: a step must stay the same when the models grow.
    if connection.dialect.name == "postgresql":
        collation, moment, valid = ' COLLATE "C"', "TIMESTAMP WITH TIME ZONE", "(value::json) IS NOT NULL"
    else:
        collation, moment, valid = "", "VARCHAR(32)", "json_valid(value)"
    # The check keeps one bad value, whoever wrote it, from making the whole export unreadable.
    connection.execute(text(
        f"CREATE TABLE storage_item ("
        f" key VARCHAR(1024){collation} NOT NULL PRIMARY KEY,"
        f" value TEXT NOT NULL CHECK ({valid}),"
        f" value_bytes BIGINT NOT NULL,"
        f" created_at {moment} NOT NULL,"
        f" updated_at {moment} NOT NULL)"
    ))
    connection.execute(text("CREATE INDEX storage_item_updated_at ON storage_item (updated_at)"))


def _create_workflow_state(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        collation, moment, valid = ' COLLATE "C"', "TIMESTAMP WITH TIME ZONE", "(state::json) IS NOT NULL"
    else:
        collation, moment, valid = "", "VARCHAR(32)", "json_valid(state)"
    connection.execute(text(
        f"CREATE TABLE workflow_state ("
        f" id VARCHAR(1024){collation} NOT NULL PRIMARY KEY,"
        f" user_id VARCHAR(1024){collation} NOT NULL,"
        f" state TEXT NOT NULL CHECK ({valid}),"
        f" created_at {moment} NOT NULL,"
        f" updated_at {moment} NOT NULL)"
    ))
    connection.execute(text("CREATE INDEX workflow_state_user_id ON workflow_state (user_id)"))


STEPS = (_create_storage_item, adopt_original_table, _create_workflow_state)


def migrate(database: Database) -> None:
    """Brings the database to version len(STEPS).

    Raises MigrationError if a newer server has written it: running on would damage what that server knows.
    """
    with database.writing() as connection:
        tables = inspect(connection).get_table_names()
        if "schema_version" not in tables:
            connection.execute(text("CREATE TABLE schema_version (version INTEGER NOT NULL)"))
            connection.execute(text("INSERT INTO schema_version (version) VALUES (0)"))
        version = connection.execute(text("SELECT version FROM schema_version")).scalar_one()
        if version > len(STEPS):
            raise MigrationError(
                f"the database has schema version {version}, this server knows {len(STEPS)}: use a newer server"
            )
        for step in STEPS[version:]:
            step(connection)
        connection.execute(text("UPDATE schema_version SET version = :version"), {"version": len(STEPS)})
    if database.is_sqlite:
        _use_write_ahead_log(database)


def _use_write_ahead_log(database: Database) -> None:
    """Readers and the writer no longer wait for each other. The mode stays in the file."""
    # Outside a transaction, as SQLite demands; the gate keeps workers that start together apart.
    with database.writer_gate():
        raw = database.engine.raw_connection()
        try:
            mode = raw.cursor().execute("PRAGMA journal_mode = WAL").fetchone()[0]
        finally:
            raw.close()
    if mode != "wal":
        raise MigrationError(f"SQLite refused the write-ahead log (journal mode {mode}); is the file on a network disk?")

