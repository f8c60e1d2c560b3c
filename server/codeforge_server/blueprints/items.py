"""/api/storage/keys and /api/storage/<key>: the single items."""

from flask import Blueprint, Response

from .. import storage
from ..errors import ApiError, error_answer, json_answer
from ..json_text import canonical_text, quoted
from ..keys import checked_key, shown
from ..request_body import json_body
from . import current_database, current_settings

blueprint = Blueprint("items", __name__)

# {"value": ...} around a value, with room for white space and a client's own members.
_ENVELOPE_BYTES = 1024
_ITEM = "/api/storage/<storage_key:key>"


@blueprint.get("/api/storage/keys")
def list_keys() -> Response:
    """200 `{"keys": [sorted]}`."""
    keys = storage.sorted_keys(current_database())
    return json_answer('{"keys":[' + ",".join(map(quoted, keys)) + "]}")


@blueprint.get(_ITEM)
def get_item(key: str) -> Response:
    """200 `{"value": any}`, or 404."""
    text = storage.read_text(current_database(), _addressed(key))
    if text is None:
        return error_answer(404, "Key not found")
    return json_answer('{"value":' + text + "}")


@blueprint.route(_ITEM, methods=["PUT", "POST"])
def put_item(key: str) -> Response:
    """Stores member `value` of the body, which may be null; 200 `{"success": true}`."""
    checked_key(key)
    limit_bytes = current_settings().max_value_bytes
    body = json_body(limit_bytes + _ENVELOPE_BYTES, envelope_levels=1)
    if not isinstance(body, (dict, list)):
        raise ApiError(400, "Body must be a JSON object with the member value")
    if isinstance(body, list) or "value" not in body:
        raise ApiError(400, "Missing value field")
    text = canonical_text(body["value"])
    refuse_long_value(key, text, limit_bytes)
    storage.write_texts(current_database(), [(key, text)])
    return json_answer('{"success":true}')


@blueprint.delete(_ITEM)
def delete_item(key: str) -> Response:
    """200 `{"success": true}`, or 404."""
    if not storage.remove(current_database(), _addressed(key)):
        return error_answer(404, "Key not found")
    return json_answer('{"success":true}')


def refuse_long_value(key: str, text: str, limit_bytes: int) -> None:
    """Raises ApiError 413 that names the key, for a value over the limit."""
    length = len(text.encode("utf-8"))
    if length > limit_bytes:
        raise ApiError(413, f"Value of key {shown(key)} has {length} bytes, the limit is {limit_bytes}")


def _addressed(key: str) -> str:
    """`key`, or 404 for one that cannot exist: to a reader it is merely absent."""
    try:
        return checked_key(key)
    except ApiError:
        raise ApiError(404, "Key not found") from None
