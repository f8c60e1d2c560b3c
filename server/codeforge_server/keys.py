"""What a key may be, and how it is read from the address.

A key is any non-empty text of at most 1,024 characters without NUL (PostgreSQL cannot store it),
except the five names that are endpoints. Slashes, spaces, `?`, `#` and dots are ordinary characters,
percent-encoded in the address as usual.
"""

from __future__ import annotations

from flask import Flask, request
from werkzeug.routing import BaseConverter

from .errors import ApiError

RESERVED_KEYS = frozenset({"keys", "export", "import", "stats", "clear"})
MAX_KEY_CHARACTERS = 1024
# Percent-encoding may triple a byte, and gunicorn's longest request line is 8,190 bytes. A key that
# could be imported but not addressed would be stuck.
MAX_KEY_BYTES = 2560


class KeyConverter(BaseConverter):
    """Matches the whole rest of the path: slashes, newlines, a trailing slash, and also nothing."""

    regex = r"(?s:.*)"
    part_isolating = False


def checked_key(key: str) -> str:
    """`key` unchanged, or ApiError 400 that names the key and the rule."""
    if key == "":
        raise ApiError(400, 'Key "" is empty')
    if len(key) > MAX_KEY_CHARACTERS:
        raise ApiError(400, f"Key {shown(key)} has {len(key)} characters, the limit is {MAX_KEY_CHARACTERS}")
    if "\0" in key:
        raise ApiError(400, f"Key {shown(key)} holds a NUL character")
    try:
        byte_count = len(key.encode("utf-8"))
    except UnicodeEncodeError:
        raise ApiError(400, f"Key {shown(key)} holds a lone surrogate") from None
    if byte_count > MAX_KEY_BYTES:
        raise ApiError(400, f"Key {shown(key)} has {byte_count} bytes of UTF-8, the limit is {MAX_KEY_BYTES}")
    if key in RESERVED_KEYS:
        raise ApiError(400, f"Key {shown(key)} is the name of an endpoint")
    return key


def shown(key: str) -> str:
    """A key for an error text: quoted, made printable, cut after 60 characters."""
    cut = key if len(key) <= 60 else key[:60] + "..."
    return '"' + cut.encode("unicode_escape", "backslashreplace").decode("ascii") + '"'


def install_path_check(app: Flask) -> None:
    """Refuses an address that is not UTF-8: decoding it with replacement would merge distinct keys."""

    @app.before_request
    def refuse_undecodable_path() -> None:
        try:
            request.environ.get("PATH_INFO", "").encode("latin-1").decode("utf-8")
        except UnicodeError:
            raise ApiError(400, "The address is not percent-encoded UTF-8") from None
