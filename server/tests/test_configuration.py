"""Settings from the environment, the database's place, and the schema's versions."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import event

from codeforge_server import create_app
from codeforge_server.config import ConfigError, settings_from
from codeforge_server.legacy import KEPT_TABLE
from codeforge_server.migrations import STEPS, MigrationError


def test_defaults():
    settings = settings_from()
    assert (settings.port, settings.host, settings.allowed_origins) == (5001, "127.0.0.1", ("*",))
    assert settings.max_body_bytes == 64 * 1024 * 1024 and settings.max_value_bytes == 16 * 1024 * 1024
    server_folder = Path(__file__).resolve().parent.parent
    assert Path(settings.database_path) == server_folder / "data" / "codeforge.db"


def test_environment_is_read_and_empty_means_absent(monkeypatch):
    monkeypatch.setenv("PORT", "6001")
    monkeypatch.setenv("ALLOWED_ORIGINS", " http://a.test , http://b.test/ ,")
    monkeypatch.setenv("DATABASE_URL", "")
    settings = settings_from()
    assert (settings.port, settings.database_url) == (6001, "")
    assert settings.allowed_origins == ("http://a.test", "http://b.test")
    assert settings_from({"port": 7001}).port == 7001


@pytest.mark.parametrize("name, value", [
    ("PORT", "five"), ("PORT", "0"), ("MAX_BODY_BYTES", "-1"), ("BUSY_TIMEOUT_MS", "1.5"), ("ALLOWED_ORIGINS", ","),
])
def test_bad_settings_are_named(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigError, match=name):
        settings_from()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "not a url"])
def test_unusable_database_urls_are_named(url):
    with pytest.raises(ConfigError, match="DATABASE_URL"):
        create_app({"database_url": url})


def test_unknown_setting_is_named():
    with pytest.raises(ConfigError, match="databse_path"):
        create_app({"databse_path": "x"})


def test_bare_file_name_and_new_folders(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("bare.db", "new/folder/deep.db", "odd ?name#.db"):
        monkeypatch.setenv("DATABASE_PATH", name)
        app = create_app()
        assert app.test_client().put("/api/storage/k", json={"value": name}).status_code == 200
        app.extensions["codeforge_database"].engine.dispose()
        assert (tmp_path / name).is_file()


def test_database_url_wins(tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_PATH", str(tmp_path / "unused.db"))
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/used.db")
    app = create_app()
    assert app.test_client().get("/api/storage/stats").json["database_path"] == "used.db"
    app.extensions["codeforge_database"].engine.dispose()
    assert not (tmp_path / "unused.db").exists()


def test_write_ahead_log_and_full_synchronisation(client):
    database = client.application.extensions["codeforge_database"]
    with database.reading() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == 2


def test_schema_version_is_kept_and_a_newer_one_refused(make_client, database_path):
    make_client().put("/api/storage/k", json={"value": 1})
    assert make_client().get("/api/storage/k").json == {"value": 1}
    connection = sqlite3.connect(database_path)
    assert connection.execute("SELECT version FROM schema_version").fetchall() == [(len(STEPS),)]
    connection.execute("UPDATE schema_version SET version = 1000")
    connection.commit()
    connection.close()
    with pytest.raises(MigrationError, match="1000"):
        make_client()


def test_database_refuses_text_that_is_not_json(client, database_path):
    connection = sqlite3.connect(database_path)
    with pytest.raises(sqlite3.IntegrityError):
        connection.execute("INSERT INTO storage_item VALUES ('k', 'NaN', 3, 'now', 'now')")
    connection.close()


def test_original_database_is_taken_over(make_client, database_path, caplog):
    connection = sqlite3.connect(database_path)
    connection.execute("CREATE TABLE storage (key TEXT PRIMARY KEY, value TEXT NOT NULL,"
                       " created_at TEXT NOT NULL, updated_at TEXT NOT NULL)")
    connection.execute("CREATE INDEX idx_updated_at ON storage(updated_at)")
    deep = json.loads("[" * 300 + "]" * 300)
    values = {"files:a": {"b": "\u00e9", "a": 1}, "nan": [float("nan"), 1], "half": "\ud800x", "keys": 1, "": 2, "deep": deep}
    connection.executemany("INSERT INTO storage VALUES (?, ?, ?, ?)", [
        (key, json.dumps(value), "2026-01-02T03:04:05.678901", "2026-01-02T03:04:06") for key, value in values.items()
    ])
    connection.commit()
    connection.close()

    client = make_client()
    assert client.get("/api/storage/export").json == {
        "files:a": {"a": 1, "b": "\u00e9"}, "half": "\ufffdx", "nan": [None, 1],
    }
    assert '"keys"' in caplog.text and '""' in caplog.text and '"deep"' in caplog.text
    connection = sqlite3.connect(database_path)
    assert connection.execute(f"SELECT count(*) FROM {KEPT_TABLE}").fetchone() == (len(values),)
    moments = connection.execute("SELECT created_at, updated_at FROM storage_item WHERE key = 'files:a'").fetchone()
    assert moments == ("2026-01-02T03:04:05.678901+00:00", "2026-01-02T03:04:06.000000+00:00")
    connection.close()


def test_full_disk_is_507(client):
    database = client.application.extensions["codeforge_database"]
    database.engine.dispose()

    @event.listens_for(database.engine, "connect")
    def leave_little_room(dbapi_connection, _record):
        dbapi_connection.execute("PRAGMA max_page_count = 20")

    client.put("/api/storage/small", json={"value": 1})
    response = client.put("/api/storage/large", json={"value": "x" * 1_000_000})
    assert (response.status_code, response.json) == (507, {"error": "Server storage full"})
    assert client.get("/api/storage/export").json == {"small": 1}
