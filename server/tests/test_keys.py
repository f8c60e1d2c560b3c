"""Keys of any characters, over the wire of a real gunicorn and in process."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from codeforge_server.keys import MAX_KEY_BYTES, MAX_KEY_CHARACTERS, RESERVED_KEYS

TORTURE = [
    "files:a", "a/b", "/", "//", "/a", "a/", "a//b", "keys/", "keys/x", "export/", "../x", "..", ".", "./", "a/../b",
    " ", " a ", "a b", "a+b", "a?b", "a#b", "a%b", "%2F", "%", "%25", "a&b=c;d", "a\\b", "\"'<>`{}|^", "\t", "\n",
    "a\r\nb", "\x7f", "\u00e9", "e\u0301", "\u65e5\u672c", "\U0001f600", "\u202e", "\ufeff", "\ufffd", "\u2028",
    "__proto__", "constructor", "null", "0", "-1", "KEYS", "Import", ":", "a:b:c", "files:", "health", "api/storage/x",
    "a;drop table storage_item", "' OR 1=1 --", "*", "[a]", "~", "k" * MAX_KEY_CHARACTERS, "\u65e5" * (MAX_KEY_BYTES // 3),
]


def path_of(key: str) -> str:
    return "/api/storage/" + quote(key, safe="")


def test_every_key_is_put_read_listed_exported_and_deleted(gunicorn):
    for number, key in enumerate(TORTURE):
        assert gunicorn.call("PUT", path_of(key), {"value": number}) == (200, {"success": True}), key
    assert gunicorn.call("GET", "/api/storage/keys") == (200, {"keys": sorted(TORTURE)})
    everything = {key: number for number, key in enumerate(TORTURE)}
    assert gunicorn.call("GET", "/api/storage/export") == (200, everything)
    for number, key in enumerate(TORTURE):
        assert gunicorn.call("GET", path_of(key)) == (200, {"value": number}), key
        assert gunicorn.call("DELETE", path_of(key)) == (200, {"success": True}), key
        assert gunicorn.call("GET", path_of(key)) == (404, {"error": "Key not found"}), key
    assert gunicorn.call("POST", "/api/storage/import", everything) == (200, {"imported": len(TORTURE), "success": True})
    assert gunicorn.call("GET", "/api/storage/export") == (200, everything)


def test_unescaped_slashes_are_the_same_key(gunicorn):
    assert gunicorn.call("PUT", "/api/storage/a/b//c", {"value": 1})[0] == 200
    assert gunicorn.call("GET", "/api/storage/a%2Fb%2f%2Fc") == (200, {"value": 1})


@pytest.mark.parametrize("key", sorted(RESERVED_KEYS))
def test_reserved_names_are_refused(client, key):
    response = client.put(path_of(key), json={"value": 1})
    assert response.status_code == 400
    assert f'"{key}" is the name of an endpoint' in response.json["error"]
    assert client.delete(path_of(key)).status_code == 404
    assert client.get("/api/storage/keys").json == {"keys": []}


@pytest.mark.parametrize("key", ["keys", "export", "stats"])
def test_post_to_a_reading_endpoint_stores_nothing(client, key):
    assert client.post(path_of(key), json={"value": 1}).status_code == 400


@pytest.mark.parametrize("path, named", [
    ("/api/storage/", '"" is empty'),
    ("/api/storage/" + "k" * (MAX_KEY_CHARACTERS + 1), "1025 characters, the limit is 1024"),
    ("/api/storage/" + quote("\u65e5" * 900), "2700 bytes of UTF-8, the limit is 2560"),
    ("/api/storage/a%00b", "NUL"),
])
def test_impossible_keys_are_400_to_write_and_404_to_read(client, path, named):
    response = client.put(path, json={"value": 1})
    assert response.status_code == 400
    assert named in response.json["error"]
    assert client.get(path).status_code == 404
    assert client.delete(path).status_code == 404


@pytest.mark.parametrize("escaped", ["%FF", "a%C3", "%ED%A0%80", "%C0%AF"])
def test_addresses_that_are_not_utf8_are_400(gunicorn, escaped):
    for method, body in (("PUT", {"value": 1}), ("GET", None), ("DELETE", None)):
        status, answer = gunicorn.call(method, "/api/storage/" + escaped, body)
        assert (status, answer) == (400, {"error": "The address is not percent-encoded UTF-8"})
    assert gunicorn.call("GET", "/api/storage/keys") == (200, {"keys": []})


def test_a_query_is_not_part_of_the_key(client):
    client.put("/api/storage/k?x=1", json={"value": 1})
    assert client.get("/api/storage/keys").json == {"keys": ["k"]}
