"""The app factory: settings, database, CORS, errors and blueprints put together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask, Response

from .blueprints import bulk, health, items, stats, workflows
from .config import Settings, settings_from
from .cross_origin import install_cross_origin
from .database import Database
from .errors import install_error_handlers
from .keys import KeyConverter, install_path_check
from .migrations import migrate


def create_app(config: Settings | Mapping[str, Any] | None = None) -> Flask:
    """A ready WSGI application with its database at the newest schema.

    `config` is a Settings, or a mapping of setting names to values that win over the environment.
    Raises ConfigError for an unusable setting and MigrationError for a database of a newer server.
    """
    settings = config if isinstance(config, Settings) else settings_from(config)
    app = Flask("codeforge_server", static_folder=None)
    app.extensions["codeforge_settings"] = settings

    # A key may hold any slashes: neither merge them nor redirect over them.
    app.url_map.merge_slashes = False
    app.url_map.converters["storage_key"] = KeyConverter

    database = Database(settings)
    migrate(database)
    # Connections opened here must not be shared with worker processes forked later.
    database.engine.dispose()
    app.extensions["codeforge_database"] = database

    install_cross_origin(app, settings)
    install_path_check(app)
    install_error_handlers(app)
    for concern in (health, bulk, stats, workflows, items):
        app.register_blueprint(concern.blueprint)
    app.after_request(_forbid_caching)
    return app


def _forbid_caching(response: Response) -> Response:
    """Stored state must never be answered from a cache, or a pull would bring back old values."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
