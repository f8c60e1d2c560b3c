"""GET /health: is the server there? Does not touch the database, so it answers during a long write."""

from datetime import datetime, timezone

from flask import Blueprint, Response

from ..errors import object_answer

blueprint = Blueprint("health", __name__)


@blueprint.get("/health")
def health() -> Response:
    """200 `{"status": "ok", "timestamp": ISO 8601 UTC}`."""
    # Without a zone, because that is the contract with existing clients.
    now = datetime.now(timezone.utc).replace(tzinfo=None)
    return object_answer({"status": "ok", "timestamp": now.isoformat()})
