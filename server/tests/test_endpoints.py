"""The contract of the nine endpoints: statuses, shapes, exact bytes where clients may rely on them."""

from __future__ import annotations

import re
import sqlite3
from datetime import datetime, timedelta

import pytest


def test_health(client):
    response = client.get("/health")
    assert response.status_code == 200
    assert response.json["status"] == "ok"
    assert sorted(response.json) == ["status", "timestamp"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?", response.json["timestamp"])


def test_put_get_delete(client):
    value = {"id": "a", "content": "x\u0000y\n", "list": [1, 2.5, None, True]}
    put = client.put("/api/storage/files:a", json={"value": value})
    assert (put.status_code, put.data) == (200, b'{"success":true}\n')
    assert client.get("/api/storage/files:a").json == {"value": value}
    delete = client.delete("/api/storage/files:a")
    assert (delete.status_code, delete.data) == (200, b'{"success":true}\n')
    for response in (client.get("/api/storage/files:a"), client.delete("/api/storage/files:a")):
        assert (response.status_code, response.json) == (404, {"error": "Key not found"})


def test_post_stores_like_put_and_replaces(client):
    client.put("/api/storage/k", json={"value": 1})
    assert client.post("/api/storage/k", json={"value": 2}).data == b'{"success":true}\n'
    assert client.get("/api/storage/k").json == {"value": 2}


@pytest.mark.parametrize("value", [None, False, 0, "", [], {}, "text", 1.5])
def test_any_json_value_is_stored(client, value):
    assert client.put("/api/storage/k", json={"value": value, "other": "ignored"}).status_code == 200
    answer = client.get("/api/storage/k").json
    assert answer == {"value": value} and type(answer["value"]) is type(value)


def test_keys_are_sorted(client):
    for key in ("b", "a", "Z", "\u00e9", "\U0001f600", "\uffee"):
        client.put(f"/api/storage/{key}", json={"value": 1})
    response = client.get("/api/storage/keys")
    assert response.status_code == 200
    assert response.json == {"keys": ["Z", "a", "b", "\u00e9", "\uffee", "\U0001f600"]}


def test_answers_have_sorted_members_at_all_depths(client):
    body = b'{"value": {"b": [{"z": 1, "y": 2}], "a": {"d": 1, "c": 2}}}'
    client.put("/api/storage/k", data=body, content_type="application/json")
    assert client.get("/api/storage/k").data == b'{"value":{"a":{"c":2,"d":1},"b":[{"y":2,"z":1}]}}\n'


def test_export_and_import(client):
    assert client.get("/api/storage/export").data == b"{}\n"
    items = {"files:b": {"y": 1, "x": 2}, "files:a": None, "models:m": [1]}
    response = client.post("/api/storage/import", json=items)
    assert (response.status_code, response.data) == (200, b'{"imported":3,"success":true}\n')
    export = client.get("/api/storage/export")
    assert export.data == b'{"files:a":null,"files:b":{"x":2,"y":1},"models:m":[1]}\n'
    assert export.content_type == "application/json"


def test_import_replaces_and_never_deletes(client):
    client.post("/api/storage/import", json={"kept": 1, "replaced": 1})
    client.post("/api/storage/import", json={"replaced": 2, "added": 3})
    assert client.get("/api/storage/export").json == {"added": 3, "kept": 1, "replaced": 2}
    assert client.post("/api/storage/import", json={}).data == b'{"imported":0,"success":true}\n'


def test_import_of_more_items_than_one_batch(client):
    items = {f"files:{number}": {"n": number} for number in range(1203)}
    assert client.post("/api/storage/import", json=items).json["imported"] == 1203
    assert client.get("/api/storage/export").json == items


@pytest.mark.parametrize("arguments", [{}, {"json": {"a": 1}}, {"data": b"{broken", "content_type": "text/plain"}])
def test_clear_ignores_its_body(client, arguments):
    client.put("/api/storage/k", json={"value": 1})
    response = client.post("/api/storage/clear", **arguments)
    assert (response.status_code, response.data) == (200, b'{"success":true}\n')
    assert client.get("/api/storage/keys").json == {"keys": []}


def test_stats_count_bytes_and_hide_the_folder(client):
    empty = client.get("/api/storage/stats")
    assert empty.data == b'{"database_path":"storage.db","total_keys":0,"total_size_bytes":0}\n'
    client.put("/api/storage/a", json={"value": "\u00e9\U0001f600"})
    client.put("/api/storage/b", json={"value": 12})
    stats = client.get("/api/storage/stats").json
    assert stats == {"database_path": "storage.db", "total_keys": 2, "total_size_bytes": 2 + 2 + 4 + 2}


def test_times_are_utc_with_zone_and_creation_stays(client, database_path):
    client.put("/api/storage/k", json={"value": 1})
    first = _times(database_path)
    client.put("/api/storage/k", json={"value": 2})
    second = _times(database_path)
    assert second[0] == first[0] and second[1] > first[1]
    assert all(datetime.fromisoformat(moment).utcoffset() == timedelta(0) for moment in second)


def _times(database_path):
    connection = sqlite3.connect(database_path)
    try:
        return connection.execute("SELECT created_at, updated_at FROM storage_item").fetchone()
    finally:
        connection.close()


def test_stored_text_is_compact_and_unescaped(client, database_path):
    client.put("/api/storage/k", json={"value": {"b": "\u00e9", "a": [1, 2]}})
    connection = sqlite3.connect(database_path)
    assert connection.execute("SELECT value FROM storage_item").fetchone() == ('{"a":[1,2],"b":"\u00e9"}',)
    connection.close()


def test_head_answers_without_body(client):
    client.put("/api/storage/k", json={"value": 1})
    assert client.head("/api/storage/k").status_code == 200
    assert client.head("/api/storage/absent").status_code == 404


def test_nothing_is_cached(client):
    for path in ("/health", "/api/storage/export", "/api/storage/absent"):
        assert client.get(path).headers["Cache-Control"] == "no-store"


def test_values_survive_a_restart(make_client):
    make_client().put("/api/storage/k", json={"value": "kept"})
    assert make_client().get("/api/storage/k").json == {"value": "kept"}
