"""Who may call from a browser: CORS headers on every answer, and a check of writes by Origin.

CORS alone keeps a foreign page from reading an answer, not from sending a write that needs no
preflight. So when ALLOWED_ORIGINS lists origins, a write from any other origin is refused with 403.
Programs that send no Origin (curl, servers, Node) are not browsers and are not checked.
"""

from __future__ import annotations

import re

from flask import Flask, request
from flask_cors import CORS

from .config import Settings
from .errors import ApiError

_READING_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_PREFLIGHT_SECONDS = 3600


def install_cross_origin(app: Flask, settings: Settings) -> None:
    """Adds CORS to all paths, errors included, and the Origin check of writes."""
    # Compiled, because the library would guess that a text such as http://[::1]:5173 is a pattern.
    patterns = [re.compile(re.escape(origin) + r"\Z", re.IGNORECASE) for origin in settings.allowed_origins]
    CORS(
        app,
        resources={r"/*": {}},
        origins="*" if settings.allows_every_origin else patterns,
        methods=["GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS"],
        # Cookies together with "any origin" would let every page act as the user.
        supports_credentials=not settings.allows_every_origin,
        # Without this a page on another origin cannot see when to try again.
        expose_headers=["Content-Type", "Retry-After"],
        max_age=_PREFLIGHT_SECONDS,
    )
    if settings.allows_every_origin:
        return

    @app.before_request
    def refuse_foreign_writes() -> None:
        origin = request.headers.get("Origin")
        if origin is None or request.method in _READING_METHODS:
            return
        if not any(pattern.match(origin) for pattern in patterns):
            raise ApiError(403, f"Origin {origin!r} is not in ALLOWED_ORIGINS")
