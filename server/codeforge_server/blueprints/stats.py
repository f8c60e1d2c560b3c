"""GET /api/storage/stats: how much is stored."""

from flask import Blueprint, Response

from .. import storage
from ..errors import object_answer
from . import current_database

blueprint = Blueprint("stats", __name__)


@blueprint.get("/api/storage/stats")
def stats() -> Response:
    """200 `{"database_path", "total_keys", "total_size_bytes"}`.

    database_path is the file's name without its folder, which is nobody's business; the size is that
    of the values in bytes of UTF-8.
    """
    database = current_database()
    total_keys, total_size_bytes = storage.totals(database)
    return object_answer({
        "database_path": database.public_name,
        "total_keys": total_keys,
        "total_size_bytes": total_size_bytes,
    })
