"""Reads a request's JSON body within a bound. What is too long or not JSON is refused before parsing."""

from __future__ import annotations

from typing import Any

from flask import request
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge

from .errors import ApiError
from .json_text import parse_document

_CHUNK_BYTES = 64 * 1024
# How many times the limit is read to let a client finish sending before it is told.
_DISCARD_FACTOR = 4


def json_body(limit_bytes: int, envelope_levels: int) -> Any:
    """The parsed body.

    `envelope_levels` is as in `parse_document`. Raises ApiError 415 for another content type or a
    compressed body, 413 beyond `limit_bytes`, 400 for malformed JSON or a body that was cut off.
    """
    if not request.is_json:
        raise ApiError(415, "Content-Type must be application/json")
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise ApiError(415, "Content-Encoding is not supported")
    # One byte more than allowed: a chunked body is silently cut at this number, not refused.
    request.max_content_length = limit_bytes + 1
    try:
        body = request.get_data(cache=False)
    except RequestEntityTooLarge:
        _discard(limit_bytes, request.content_length or 0)
        raise _too_long(limit_bytes) from None
    except (ClientDisconnected, OSError):
        raise ApiError(400, "Request body was cut off") from None
    if len(body) > limit_bytes:
        if request.content_length is None:
            _discard(limit_bytes, _DISCARD_FACTOR * limit_bytes)
        raise _too_long(limit_bytes)
    return parse_document(body, envelope_levels)


def _too_long(limit_bytes: int) -> ApiError:
    return ApiError(413, f"Request body is longer than the limit of {limit_bytes} bytes")


def _discard(limit_bytes: int, byte_count: int) -> None:
    """Reads up to `byte_count` bytes more and drops them, unless that is far beyond the limit.

    A server that closes while the client is still sending resets the connection, and the client sees
    a network error, which it would repeat for ever, instead of the 413.
    """
    if byte_count > _DISCARD_FACTOR * limit_bytes:
        return
    stream = request.environ["wsgi.input"]
    try:
        while byte_count > 0:
            chunk = stream.read(min(_CHUNK_BYTES, byte_count))
            if not chunk:
                return
            byte_count -= len(chunk)
    except OSError:
        return
