"""POST /api/workflows/sync: the newest state of one workflow."""

from __future__ import annotations

from flask import Blueprint, Response

from .. import workflow_states
from ..errors import ApiError, json_answer
from ..json_text import canonical_text
from ..keys import MAX_KEY_CHARACTERS, shown
from ..request_body import json_body
from . import current_database, current_settings

blueprint = Blueprint("workflows", __name__)

# {"id": ..., "userId": ..., "state": ...} around a state.
_ENVELOPE_BYTES = 16 * 1024


@blueprint.post("/api/workflows/sync")
def sync_workflow() -> Response:
    """Inserts or replaces the state of workflow `id`; 200 `{"success": true}`.

    `userId` is what the client says: there is no login yet. It keeps people from overwriting one another
    by mistake, not on purpose: a workflow of another user is 403.
    """
    limit_bytes = current_settings().max_value_bytes
    body = json_body(limit_bytes + _ENVELOPE_BYTES, envelope_levels=1)
    if not isinstance(body, dict):
        raise ApiError(400, "Body must be a JSON object with the members id, userId and state")
    workflow_id = _name(body, "id")
    user_id = _name(body, "userId")
    if not isinstance(body.get("state"), dict):
        raise ApiError(400, f"Workflow {shown(workflow_id)}: member state must be an object")
    state = canonical_text(body["state"])
    length = len(state.encode("utf-8"))
    if length > limit_bytes:
        raise ApiError(413, f"State of workflow {shown(workflow_id)} has {length} bytes, the limit is {limit_bytes}")
    if not workflow_states.write(current_database(), workflow_id, user_id, state):
        raise ApiError(403, f"Workflow {shown(workflow_id)} belongs to another user")
    return json_answer('{"success":true}')


def _name(body: dict, member: str) -> str:
    value = body.get(member)
    if not isinstance(value, str) or value == "" or "\0" in value:
        raise ApiError(400, f"Member {member} must be a string that is not empty, without NUL")
    if len(value) > MAX_KEY_CHARACTERS:
        raise ApiError(400, f"Member {member} has {len(value)} characters, the limit is {MAX_KEY_CHARACTERS}")
    return value
