"""Fixtures: an application on a real SQLite file, and real gunicorn processes on loopback."""

from __future__ import annotations

import pytest

from codeforge_server import create_app
from running_server import RunningServer


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch):
    """Settings of the shell that runs the tests must not decide them."""
    for name in ("PORT", "HOST", "DATABASE_PATH", "DATABASE_URL", "ALLOWED_ORIGINS", "MAX_BODY_BYTES",
                 "MAX_VALUE_BYTES", "BUSY_TIMEOUT_MS"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def database_path(tmp_path):
    return tmp_path / "storage.db"


@pytest.fixture
def make_client(database_path):
    """A function from settings to a test client; all engines are closed at the end."""
    apps = []

    def make(**settings):
        app = create_app({"database_path": str(database_path), **settings})
        apps.append(app)
        return app.test_client()

    yield make
    for app in apps:
        app.extensions["codeforge_database"].engine.dispose()


@pytest.fixture
def client(make_client):
    return make_client()


@pytest.fixture
def gunicorn(tmp_path, database_path):
    """A running gunicorn with two workers on a free port."""
    server = RunningServer(database_path, tmp_path / "gunicorn.log")
    server.start()
    yield server
    server.stop()
