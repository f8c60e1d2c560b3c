"""Errors as the client sees them: always JSON `{"error": text}` with the status that fits.

A status tells the client what to do: 4xx never helps to repeat, 503 asks to try again after
Retry-After seconds, 507 means that the server's disk is full.
"""

from __future__ import annotations

import json
from typing import Any

from flask import Flask, Response
from sqlalchemy.exc import DBAPIError, OperationalError, TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

RETRY_AFTER_SECONDS = 1


class ApiError(Exception):
    """A request that is refused with `status` and a text that names what is wrong and the limit."""

    def __init__(self, status: int, message: str):
        super().__init__(message)
        self.status = status
        self.message = message


class DatabaseBusy(Exception):
    """Another writer held the database for longer than the busy timeout."""


def json_answer(text: str, status: int = 200) -> Response:
    """A response from ready JSON text."""
    return Response(text + "\n", status=status, content_type="application/json")


def object_answer(members: dict[str, Any], status: int = 200) -> Response:
    """A response with an object, written like all others: compact, members sorted."""
    return json_answer(json.dumps(members, sort_keys=True, separators=(",", ":")), status)


def error_answer(status: int, message: str) -> Response:
    """The one shape of an error."""
    response = object_answer({"error": message}, status)
    if status == 503:
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def install_error_handlers(app: Flask) -> None:
    """Makes every failure of a request, expected or not, a JSON answer."""

    @app.errorhandler(ApiError)
    def on_api_error(error: ApiError) -> Response:
        return error_answer(error.status, error.message)

    @app.errorhandler(DatabaseBusy)
    @app.errorhandler(PoolTimeout)
    def on_busy(_error: Exception) -> Response:
        return error_answer(503, "Database busy, try again")

    @app.errorhandler(HTTPException)
    def on_http_error(error: HTTPException) -> Response:
        response = error_answer(error.code or 500, error.name)
        for name, value in error.get_headers():
            if name == "Allow":
                response.headers[name] = value
        return response

    @app.errorhandler(Exception)
    def on_failure(error: Exception) -> Response:
        if isinstance(error, DBAPIError):
            status = _database_status(error)
            if status == 503:
                return error_answer(503, "Database busy, try again")
            if status == 507:
                app.logger.error("database is full: %s", error.orig)
                return error_answer(507, "Server storage full")
        app.logger.exception("request failed")
        return error_answer(500, "Internal server error")


def _database_status(error: DBAPIError) -> int:
    """503 for contention, 507 for a full disk, else 500."""
    if not isinstance(error, OperationalError):
        return 500
    # The text is the same in every SQLite and Python version; error codes need Python 3.11.
    text = str(error.orig)
    if "locked" in text or "busy" in text:
        return 503
    if "is full" in text:
        return 507
    return 500
