"""/api/storage/export, import and clear: everything at once."""

from flask import Blueprint, Response

from .. import storage
from ..errors import ApiError, json_answer
from ..json_text import canonical_text, quoted
from ..keys import checked_key, shown
from ..request_body import json_body
from . import current_database, current_settings
from .items import refuse_long_value

blueprint = Blueprint("bulk", __name__)


@blueprint.get("/api/storage/export")
def export_items() -> Response:
    """200 with one object of all keys and values, all of the same moment."""
    members = (quoted(key) + ":" + text for key, text in storage.read_all(current_database()))
    return json_answer("{" + ",".join(members) + "}")


@blueprint.post("/api/storage/import")
def import_items() -> Response:
    """Inserts or replaces every member of the body, all or none; 200 `{"imported": N, "success": true}`."""
    settings = current_settings()
    body = json_body(settings.max_body_bytes, envelope_levels=1)
    if not isinstance(body, dict):
        raise ApiError(400, "Data must be an object")
    texts = [(checked_key(key), _value_text(key, value)) for key, value in body.items()]
    for key, text in texts:
        refuse_long_value(key, text, settings.max_value_bytes)
    storage.write_texts(current_database(), texts)
    return json_answer(f'{{"imported":{len(texts)},"success":true}}')


@blueprint.post("/api/storage/clear")
def clear_items() -> Response:
    """Deletes every item; 200 `{"success": true}`. The body is ignored, as plain clients send none."""
    storage.remove_all(current_database())
    return json_answer('{"success":true}')


def _value_text(key: str, value: object) -> str:
    try:
        return canonical_text(value)
    except ApiError as error:
        raise ApiError(error.status, f"Value of key {shown(key)}: {error.message}") from None
