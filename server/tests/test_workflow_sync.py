"""POST /api/workflows/sync: what is stored, and what is refused."""

from __future__ import annotations

import sqlite3

import pytest

_SYNC = "/api/workflows/sync"
_STATE = {"blocks": {"b": {"id": "b", "type": "agent"}}, "edges": [], "loops": {}, "lastSaved": 5}


def _rows(database_path):
    connection = sqlite3.connect(database_path)
    try:
        return connection.execute("SELECT id, user_id, state, created_at, updated_at FROM workflow_state ORDER BY id").fetchall()
    finally:
        connection.close()


def _body(**changes):
    return {"id": "w", "userId": "u", "state": _STATE, **changes}


def test_a_state_is_inserted_then_replaced(client, database_path):
    first = client.post(_SYNC, json=_body())
    assert (first.status_code, first.data) == (200, b'{"success":true}\n')
    [(workflow, user, state, created, updated)] = _rows(database_path)
    assert (workflow, user) == ("w", "u") and created == updated
    assert state == '{"blocks":{"b":{"id":"b","type":"agent"}},"edges":[],"lastSaved":5,"loops":{}}'
    assert client.post(_SYNC, json=_body(state={"blocks": {}})).status_code == 200
    [row] = _rows(database_path)
    assert row[2] == '{"blocks":{}}' and row[3] == created and row[4] > updated


def test_another_users_workflow_is_refused_and_stays(client, database_path):
    client.post(_SYNC, json=_body())
    refused = client.post(_SYNC, json=_body(userId="other", state={}))
    assert (refused.status_code, refused.json) == (403, {"error": 'Workflow "w" belongs to another user'})
    assert [row[1:3] for row in _rows(database_path)] == [("u", '{"blocks":{"b":{"id":"b","type":"agent"}},"edges":[],"lastSaved":5,"loops":{}}')]


@pytest.mark.parametrize("body, named", [
    ([], "id, userId and state"),
    ("text", "id, userId and state"),
    ({"userId": "u", "state": {}}, "Member id"),
    (_body(id=""), "Member id"),
    (_body(id=7), "Member id"),
    (_body(id="a\0b"), "Member id"),
    (_body(id="x" * 1025), "1025 characters, the limit is 1024"),
    (_body(userId=None), "Member userId"),
    ({"id": "w", "userId": "u"}, "member state"),
    (_body(state=[1]), "member state"),
    (_body(state="text"), "member state"),
])
def test_bad_input_is_400_and_names_the_member(client, database_path, body, named):
    refused = client.post(_SYNC, json=body)
    assert refused.status_code == 400
    assert named in refused.json["error"]
    assert _rows(database_path) == []


def test_malformed_json_and_other_content_types(client):
    assert client.post(_SYNC, data=b"{", content_type="application/json").status_code == 400
    assert client.post(_SYNC, data=b"{}", content_type="text/plain").status_code == 415
    assert client.get(_SYNC).status_code == 405


def test_a_state_over_the_limit_is_413(make_client):
    client = make_client(max_value_bytes=200)
    refused = client.post(_SYNC, json=_body(state={"text": "x" * 200}))
    assert refused.status_code == 413 and "the limit is 200" in refused.json["error"]


def test_states_are_no_storage_items(client):
    client.post(_SYNC, json=_body())
    assert client.get("/api/storage/keys").json == {"keys": []}
    client.post("/api/storage/clear")
    assert client.post(_SYNC, json=_body()).status_code == 200


def test_a_page_of_another_origin_may_sync(client):
    response = client.post(_SYNC, json=_body(), headers={"Origin": "https://editor.example"})
    assert response.status_code == 200 and response.headers["Access-Control-Allow-Origin"]
