"""Takes over a database file of the original server, whose one table is named `storage`.

That table could hold values no client can read (NaN, lone surrogates) and keys no client can address.
Readable rows are copied in canonical form; the old table stays, renamed, so that nothing is lost.
"""

from __future__ import annotations

import json
import logging
from datetime import datetime, timezone
from typing import Any

from sqlalchemy import Connection, column, insert, inspect, table, text

from .errors import ApiError
from .json_text import canonical_text, parse_document
from .keys import checked_key, shown
from .models import UtcTime

_LOG = logging.getLogger("codeforge_server")
KEPT_TABLE = "storage_of_original_server"
_BATCH_ROWS = 500
# The table as this step finds it, whatever the models become later.
_STORAGE_ITEM = table(
    "storage_item", column("key"), column("value"), column("value_bytes"),
    column("created_at", UtcTime), column("updated_at", UtcTime),
)


def adopt_original_table(connection: Connection) -> None:
    """Copies `storage` into `storage_item` and renames it; does nothing where there is none."""
    if "storage" not in inspect(connection).get_table_names():
        return
    adopted: list[dict[str, Any]] = []
    rows = connection.execute(text("SELECT key, value, created_at, updated_at FROM storage")).all()
    for key, value, created_at, updated_at in rows:
        try:
            readable = canonical_text(_readable(json.loads(value)))
            # Holds it to today's limits: depth, range of numbers.
            parse_document(readable.encode("utf-8"))
            adopted.append({
                "key": checked_key(key),
                "value": readable,
                "value_bytes": len(readable.encode("utf-8")),
                "created_at": _moment(created_at),
                "updated_at": _moment(updated_at),
            })
        except (ApiError, ValueError, RecursionError) as error:
            reason = error.message if isinstance(error, ApiError) else str(error)
            _LOG.warning("item %s is not taken over and stays in table %s: %s", shown(key), KEPT_TABLE, reason)
    for start in range(0, len(adopted), _BATCH_ROWS):
        connection.execute(insert(_STORAGE_ITEM), adopted[start:start + _BATCH_ROWS])
    connection.execute(text(f"ALTER TABLE storage RENAME TO {KEPT_TABLE}"))


def _readable(value: Any) -> Any:
    """What a browser's JSON.stringify makes of the same value: null for NaN, U+FFFD for half characters."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return None
    if isinstance(value, list):
        return [_readable(member) for member in value]
    if isinstance(value, dict):
        return {_readable(name): _readable(member) for name, member in value.items()}
    return value


def _moment(naive_iso: str) -> datetime:
    """The original wrote UTC without saying so."""
    moment = datetime.fromisoformat(naive_iso)
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
