"""Settings of the server, read once from the environment. A bad value stops the start and is named."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

MIB = 1024 * 1024
_SERVER_FOLDER = Path(__file__).resolve().parent.parent


class ConfigError(ValueError):
    """A setting cannot be used; the message names it."""


@dataclass(frozen=True)
class Settings:
    """Everything the server can be told.

    database_path    SQLite file; its folder is created. Relative paths start at the working directory.
    database_url     SQLAlchemy URL; replaces database_path when not empty.
    allowed_origins  origins that may call from a browser; `("*",)` allows every origin.
    max_body_bytes   longest request body of an import, in bytes.
    max_value_bytes  longest single value, in bytes of compact UTF-8 JSON.
    busy_timeout_ms  how long a write waits for another writer before it is answered 503.
    """

    database_path: str = str(_SERVER_FOLDER / "data" / "codeforge.db")
    database_url: str = ""
    allowed_origins: tuple[str, ...] = ("*",)
    host: str = "127.0.0.1"
    port: int = 5001
    max_body_bytes: int = 64 * MIB
    max_value_bytes: int = 16 * MIB
    busy_timeout_ms: int = 5000

    @property
    def allows_every_origin(self) -> bool:
        return "*" in self.allowed_origins

    def sqlalchemy_url(self) -> URL:
        """The database to open. Raises ConfigError for a URL that cannot be parsed or is not durable."""
        if not self.database_url:
            return URL.create("sqlite", database=str(Path(self.database_path).absolute()))
        try:
            url = make_url(self.database_url)
        except ArgumentError as error:
            raise ConfigError(f"DATABASE_URL is not a database URL: {error}") from error
        if url.get_backend_name() == "sqlite" and url.database in (None, "", ":memory:"):
            raise ConfigError("DATABASE_URL names an in-memory database, which would lose every write")
        return url


_COUNTS = {"port", "max_body_bytes", "max_value_bytes", "busy_timeout_ms"}


def settings_from(overrides: Mapping[str, Any] | None = None) -> Settings:
    """Settings from `overrides`, then the environment, then the defaults.

    The environment name is the field name in capitals (PORT, DATABASE_PATH, ...). An empty variable
    counts as absent. Raises ConfigError for an unknown override or a value that cannot be read.
    """
    names = {field.name for field in fields(Settings)}
    chosen: dict[str, Any] = {}
    for name in names:
        text = os.environ.get(name.upper(), "").strip()
        if text:
            chosen[name] = text
    for name, value in (overrides or {}).items():
        if name.lower() not in names:
            raise ConfigError(f"unknown setting {name!r}")
        chosen[name.lower()] = value
    return Settings(**{name: _typed(name, value) for name, value in chosen.items()})


def _typed(name: str, value: Any) -> Any:
    if name in _COUNTS:
        try:
            number = int(value)
        except (TypeError, ValueError):
            raise ConfigError(f"{name.upper()} must be a whole number, not {value!r}") from None
        if number < 0 or (number == 0 and name != "busy_timeout_ms"):
            raise ConfigError(f"{name.upper()} must be positive, not {number}")
        return number
    if name == "allowed_origins":
        parts = value.split(",") if isinstance(value, str) else value
        origins = tuple(part.strip().rstrip("/") for part in parts if part.strip())
        if not origins:
            raise ConfigError("ALLOWED_ORIGINS names no origin")
        return origins
    return str(value)
