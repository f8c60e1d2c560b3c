"""CORS on every answer, and the check of writes when origins are listed."""

from __future__ import annotations

import pytest

PAGE = "http://localhost:5173"
OTHER = "http://other.test"
V6_PAGE = "http://[::1]:5173"
PATHS = ["/health", "/api/storage/keys", "/api/storage/absent", "/nothing", "/api/storage/export", "/api/storage/stats"]


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_may_be_read_by_any_origin(client, path):
    headers = client.get(path, headers={"Origin": PAGE}).headers
    assert headers["Access-Control-Allow-Origin"] == PAGE
    assert "Origin" in headers["Vary"]
    assert "Access-Control-Allow-Credentials" not in headers


def test_errors_may_be_read(client):
    origin = {"Origin": PAGE}
    answers = [
        client.put("/api/storage/k", data=b"{", content_type="application/json", headers=origin),
        client.put("/api/storage/k", data=b"{}", headers=origin),
        client.patch("/api/storage/k", headers=origin),
        client.post("/health", headers=origin),
    ]
    assert [answer.status_code for answer in answers] == [400, 415, 405, 405]
    assert all(answer.headers["Access-Control-Allow-Origin"] == PAGE for answer in answers)


@pytest.mark.parametrize("path, method", [
    ("/health", "GET"), ("/api/storage/a%2Fb", "PUT"), ("/api/storage/k", "DELETE"), ("/api/storage/import", "POST"),
    ("/api/storage/clear", "POST"), ("/api/storage/export", "GET"),
])
def test_preflight(client, path, method):
    response = client.options(path, headers={
        "Origin": PAGE, "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": "content-type,if-match",
    })
    assert response.status_code == 200
    assert response.headers["Access-Control-Allow-Origin"] == PAGE
    assert method in response.headers["Access-Control-Allow-Methods"].split(", ")
    assert response.headers["Access-Control-Allow-Headers"] == "content-type, if-match"
    assert response.headers["Access-Control-Max-Age"] == "3600"


def test_retry_after_is_exposed(client):
    exposed = client.get("/health", headers={"Origin": PAGE}).headers["Access-Control-Expose-Headers"]
    assert "Retry-After" in exposed.split(", ")


@pytest.fixture
def guarded(make_client):
    return make_client(allowed_origins=f"{PAGE}, {V6_PAGE}/")


@pytest.mark.parametrize("origin", [PAGE, V6_PAGE])
def test_listed_origins_may_read_and_write(guarded, origin):
    response = guarded.put("/api/storage/k", json={"value": 1}, headers={"Origin": origin})
    assert response.status_code == 200
    assert response.headers["Access-Control-Allow-Origin"] == origin
    assert guarded.get("/health", headers={"Origin": origin}).headers["Access-Control-Allow-Origin"] == origin


@pytest.mark.parametrize("origin", [OTHER, "null", PAGE + ".evil.test", "https://localhost:5173", "http://localhost:51730"])
@pytest.mark.parametrize("method, path", [
    ("POST", "/api/storage/clear"), ("POST", "/api/storage/import"), ("PUT", "/api/storage/k"), ("DELETE", "/api/storage/k"),
])
def test_other_origins_cannot_write(guarded, origin, method, path):
    guarded.put("/api/storage/k", json={"value": "kept"})
    response = guarded.open(path, method=method, json={"value": 1}, headers={"Origin": origin})
    assert response.status_code == 403
    assert "ALLOWED_ORIGINS" in response.json["error"]
    assert guarded.get("/api/storage/export").json == {"k": "kept"}


def test_other_origins_cannot_read(guarded):
    assert "Access-Control-Allow-Origin" not in guarded.get("/health", headers={"Origin": OTHER}).headers
    preflight = guarded.options("/api/storage/k", headers={"Origin": OTHER, "Access-Control-Request-Method": "PUT"})
    assert "Access-Control-Allow-Origin" not in preflight.headers


def test_programs_without_origin_are_not_checked(guarded):
    assert guarded.post("/api/storage/clear").status_code == 200
