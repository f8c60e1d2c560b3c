"""Everything a client may get wrong is a 4xx with a JSON error that names it, and changes nothing."""

from __future__ import annotations

import json

import pytest

from codeforge_server.json_text import MAX_DEPTH


def put_raw(client, body: bytes, key: str = "k", **arguments):
    return client.put(f"/api/storage/{key}", data=body, content_type="application/json", **arguments)


def error_of(response) -> str:
    assert response.content_type == "application/json"
    assert list(response.json) == ["error"]
    return response.json["error"]


@pytest.mark.parametrize("body, named", [
    (b"", "Malformed JSON"),
    (b"{", "Malformed JSON"),
    (b'{"value": 1', "Malformed JSON"),
    (b'{"value": 1} x', "Malformed JSON"),
    (b"{'value': 1}", "Malformed JSON"),
    (b'{"value": "\n"}', "Malformed JSON"),
    (b'{"value": 01}', "Malformed JSON"),
    (b'{"value": "\xff"}', "not UTF-8 at byte 11"),
    (b'{"value": "\xed\xa0\x80"}', "not UTF-8"),
    ('{"value": 1}'.encode("utf-16"), "not UTF-8"),
    (b'{"value": NaN}', "NaN"),
    (b'{"value": [Infinity]}', "Infinity"),
    (b'{"value": {"a": -Infinity}}', "-Infinity"),
    (b'{"value": 1e400}', "1e400"),
    (b'{"value": -1e999}', "-1e999"),
    (b'{"value": 1' + b"0" * 308 + b"0}", "range of a double"),
    (b'{"value": ' + b"9" * 100_000 + b"}", "range of a double"),
    (b'{"value": "\\ud800"}', "lone surrogate"),
    (b'{"value": {"\\udfff": 1}}', "lone surrogate"),
    (b'{"value": {"a": 1, "a": 2}}', '"a" more than once'),
    (b'{"value": 1, "value": 2}', '"value" more than once'),
    (b'{"other": 1}', "Missing value field"),
    (b"{}", "Missing value field"),
    (b"[]", "Missing value field"),
    (b'["value"]', "Missing value field"),
    (b'"value"', "JSON object"),
    (b"1", "JSON object"),
    (b"null", "JSON object"),
])
def test_put_refuses_with_400(client, body, named):
    client.put("/api/storage/k", json={"value": "before"})
    response = put_raw(client, body)
    assert response.status_code == 400
    assert named in error_of(response)
    assert client.get("/api/storage/k").json == {"value": "before"}


@pytest.mark.parametrize("body, named", [
    (b"[]", "Data must be an object"),
    (b"null", "Data must be an object"),
    (b'"text"', "Data must be an object"),
    (b'{"a": 1', "Malformed JSON"),
    (b'{"good": 1, "bad": NaN}', "NaN"),
    (b'{"good": 1, "bad": "\\ud800"}', '"bad"'),
    (b'{"good": 1, "": 2}', '""'),
    (b'{"good": 1, "\\ud800": 2}', "lone surrogate"),
    (b'{"good": 1, "export": 2}', '"export"'),
    (b'{"good": 1, "a\\u0000b": 2}', "NUL"),
    (b'{"good": 1, "good": 2}', '"good" more than once'),
    (b'{"good": 1, "' + b"k" * 1025 + b'": 2}', "1025 characters, the limit is 1024"),
])
def test_import_refuses_all_with_400(client, body, named):
    response = client.post("/api/storage/import", data=body, content_type="application/json")
    assert response.status_code == 400
    assert named in error_of(response)
    assert client.get("/api/storage/keys").json == {"keys": []}


@pytest.mark.parametrize("content_type", [None, "text/plain", "application/x-www-form-urlencoded", "application/jsonx"])
@pytest.mark.parametrize("method, path", [("PUT", "/api/storage/k"), ("POST", "/api/storage/import")])
def test_other_content_types_are_415(client, method, path, content_type):
    response = client.open(path, method=method, data=b'{"value": 1}', content_type=content_type)
    assert response.status_code == 415
    assert "application/json" in error_of(response)


def test_json_content_type_variants_are_taken(client):
    for content_type in ("application/json; charset=utf-8", "Application/JSON", "application/vnd.codeforge+json"):
        response = client.put("/api/storage/k", data=b'{"value": 1}', content_type=content_type)
        assert response.status_code == 200


def test_compressed_body_is_415(client):
    response = put_raw(client, b"\x1f\x8b", headers={"Content-Encoding": "gzip"})
    assert response.status_code == 415
    assert "Content-Encoding" in error_of(response)


def test_byte_order_mark_is_ignored(client):
    assert put_raw(client, b'\xef\xbb\xbf{"value": 1}').status_code == 200


def nested(depth: int, opening: str = "[", closing: str = "]") -> bytes:
    return (opening * depth + "1" + closing * depth).encode()


@pytest.mark.parametrize("opening, closing", [("[", "]"), ('{"a":', "}"), ('[{"a\\"[":', "}]")])
def test_depth_limit_is_exact(client, opening, closing):
    levels = opening.count("[") - (1 if '\\"[' in opening else 0) + opening.count("{")
    allowed = nested(MAX_DEPTH // levels, opening, closing)
    assert put_raw(client, b'{"value":' + allowed + b"}").status_code == 200
    assert client.get("/api/storage/k").data == b'{"value":' + allowed + b"}\n"
    deeper = b'{"value":[' + allowed + b"]}"
    response = put_raw(client, deeper)
    assert response.status_code == 400
    assert f"deeper than {MAX_DEPTH}" in error_of(response)
    response = client.post("/api/storage/import", data=b'{"k":[' + allowed + b"]}", content_type="application/json")
    assert response.status_code == 400


@pytest.mark.parametrize("body", [nested(10_000), nested(10_000, '{"a":', "}"), b"[" * 1_000_000, b'{"a":' * 100_000])
def test_extreme_depth_is_400(client, body):
    assert put_raw(client, b'{"value":' + body + b"}").status_code == 400
    assert client.post("/api/storage/import", data=body, content_type="application/json").status_code == 400


def test_many_brackets_that_are_not_deep(client):
    value = {"text": "[" * 5000 + '\\"' + "{" * 5000, "rows": [[[]] * 500, {"a": [{}] * 500}]}
    assert client.put("/api/storage/k", json={"value": value}).status_code == 200
    assert client.get("/api/storage/k").json == {"value": value}


@pytest.mark.parametrize("number", [
    "0", "-0.0", "1.0", "0.1", "-12.5e-7", "1e+22", "5e-324", "1.7976931348623157e+308", "9007199254740993",
    "-9223372036854775809", "18446744073709551616", "123456789012345678901234567890", "1" + "0" * 308,
])
def test_numbers_round_trip(client, number):
    put_raw(client, b'{"value": ' + number.encode() + b"}")
    answer = client.get("/api/storage/k").json["value"]
    assert repr(answer) == repr(json.loads(number))


def test_negative_zero_keeps_its_sign(client):
    put_raw(client, b'{"value": -0}')
    assert client.get("/api/storage/k").data == b'{"value":-0.0}\n'


def test_strings_round_trip(client):
    value = "\u0000\u001f\u007f\u2028\ufeff\uffff \"\\/ \u00e9 \U0001f600 </script> __proto__"
    put_raw(client, json.dumps({"value": {value: value}}).encode())
    assert client.get("/api/storage/k").json == {"value": {value: value}}


def test_special_member_names_are_ordinary(client):
    items = {"__proto__": {"__proto__": {"polluted": 1}}, "constructor": {"prototype": []}, "toString": 1}
    assert client.post("/api/storage/import", json=items).status_code == 200
    assert client.get("/api/storage/export").json == items


def test_value_limit(make_client):
    client = make_client(max_value_bytes=100)
    assert client.put("/api/storage/k", json={"value": "x" * 98}).status_code == 200
    response = client.put("/api/storage/k", json={"value": "x" * 99})
    assert response.status_code == 413
    assert '"k" has 101 bytes, the limit is 100' in error_of(response)
    response = client.post("/api/storage/import", json={"ok": 1, "long": "\u00e9" * 50})
    assert response.status_code == 413
    assert '"long" has 102 bytes' in error_of(response)
    assert client.get("/api/storage/keys").json == {"keys": ["k"]}


def test_body_limit(make_client):
    client = make_client(max_body_bytes=1000, max_value_bytes=900)
    response = client.post("/api/storage/import", json={str(number): number for number in range(200)})
    assert response.status_code == 413
    assert "limit of 1000 bytes" in error_of(response)
    response = put_raw(client, b'{"value": 1}' + b" " * 2000)
    assert response.status_code == 413
    assert client.get("/api/storage/keys").json == {"keys": []}


def test_body_limit_is_exact(make_client):
    client = make_client(max_body_bytes=1000)
    for length, status in ((1000, 200), (1001, 413)):
        body = b'{"k": 1}'.ljust(length)
        response = client.post("/api/storage/import", data=body, content_type="application/json")
        assert response.status_code == status


def test_unknown_paths_and_methods_are_json(client):
    response = client.get("/nothing/here")
    assert (response.status_code, error_of(response)) == (404, "Not Found")
    response = client.patch("/api/storage/k", json={})
    assert (response.status_code, error_of(response)) == (405, "Method Not Allowed")
    assert {"GET", "PUT", "DELETE"} <= set(response.headers["Allow"].split(", "))
    assert client.post("/health").status_code == 405


@pytest.mark.parametrize("path", ["//health", "/api//storage/k", "/health/", "/api/storage"])
def test_nothing_is_redirected(client, path):
    """A redirected PUT loses its body in some clients."""
    assert client.put(path, json={"value": 1}).status_code == 404


def test_unexpected_failure_is_a_json_500_without_details(client, monkeypatch):
    def fail(_database):
        raise RuntimeError("secret path")

    monkeypatch.setattr("codeforge_server.storage.sorted_keys", fail)
    response = client.get("/api/storage/keys", headers={"Origin": "http://page.test"})
    assert (response.status_code, error_of(response)) == (500, "Internal server error")
    assert response.headers["Access-Control-Allow-Origin"] == "http://page.test"
