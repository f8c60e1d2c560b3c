"""The plain nine-endpoint server of tests/plain-server keeps to the original's contract, faults included."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = Path(__file__).resolve().parents[2] / "tests" / "plain-server" / "plain_server.py"
JSON = {"Content-Type": "application/json"}


class PlainProcess:
    """The server as a process, with its log."""

    def __init__(self):
        self.process = subprocess.Popen([sys.executable, str(PROGRAM)], stdout=subprocess.PIPE, text=True)
        word, port = self.process.stdout.readline().split()
        assert word == "listening"
        self.port = int(port)

    def call(self, method, path, body=None, headers=JSON):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            return response.status, response.read(), response.headers
        finally:
            connection.close()

    def end(self):
        """Ends it and returns the logged requests."""
        self.process.terminate()
        lines = self.process.communicate(timeout=60)[0].splitlines()
        return [json.loads(line) for line in lines]


@pytest.fixture
def plain():
    server = PlainProcess()
    yield server
    if server.process.poll() is None:
        server.end()


def test_nine_endpoints(plain):
    assert plain.call("PUT", "/api/storage/files:a", b'{"value": {"b": 1, "a": "\xc3\xa9"}}')[:2] == (200, b'{"success":true}\n')
    assert plain.call("POST", "/api/storage/import", b'{"k": null, "a": [1]}')[:2] == (200, b'{"imported":2,"success":true}\n')
    assert plain.call("GET", "/api/storage/keys")[:2] == (200, b'{"keys":["a","files:a","k"]}\n')
    assert plain.call("GET", "/api/storage/files%3Aa")[:2] == (200, b'{"value":{"a":"\\u00e9","b":1}}\n')
    assert plain.call("GET", "/api/storage/export")[1] == b'{"a":[1],"files:a":{"a":"\\u00e9","b":1},"k":null}\n'
    assert json.loads(plain.call("GET", "/api/storage/stats")[1])["total_keys"] == 3
    assert plain.call("DELETE", "/api/storage/k")[:2] == (200, b'{"success":true}\n')
    assert plain.call("POST", "/api/storage/clear", None, {})[:2] == (200, b'{"success":true}\n')
    assert json.loads(plain.call("GET", "/health")[1])["status"] == "ok"


@pytest.mark.parametrize("method, path, body, headers, status", [
    ("GET", "/api/storage/none", None, {}, 404), ("DELETE", "/api/storage/none", None, {}, 404),
    ("PUT", "/api/storage/k", b"{}", JSON, 400), ("PUT", "/api/storage/k", b"[]", JSON, 400),
    ("POST", "/api/storage/import", b"[]", JSON, 400),
    ("PUT", "/api/storage/k", b"{", JSON, 500), ("PUT", "/api/storage/k", b'{"value": 1}', {}, 500),
    ("PUT", "/api/storage/k", b"null", JSON, 500), ("POST", "/api/storage/import", b"{", JSON, 500),
    ("POST", "/api/storage/import", b'{"\\ud800": 1}', JSON, 500),
])
def test_error_codes_of_the_original(plain, method, path, body, headers, status):
    answered, answer, _ = plain.call(method, path, body, headers)
    assert answered == status
    assert list(json.loads(answer)) == ["error"]


def test_faults_of_the_original(plain):
    for path in ("/api/storage/a/b", "/api/storage/a%2Fb", "/api/storage/", "/nothing"):
        status, answer, _ = plain.call("PUT", path, b'{"value": 1}')
        assert status == 404 and answer.startswith(b"<!doctype html>")
    assert plain.call("PATCH", "/api/storage/k", b"{}")[0] == 405
    assert plain.call("PUT", "/api/storage/nan", b'{"value": NaN}')[0] == 200
    assert plain.call("PUT", "/api/storage/export", b'{"value": 1}')[0] == 200
    assert plain.call("GET", "/api/storage/export")[1] == b'{"export":1,"nan":NaN}\n'


def test_cross_origin_headers_only_under_api(plain):
    origin = {"Origin": "http://page.test", "Access-Control-Request-Method": "PUT"}
    for method in ("GET", "OPTIONS"):
        assert "Access-Control-Allow-Origin" not in plain.call(method, "/health", None, origin)[2]
        headers = plain.call(method, "/api/storage/keys", None, origin)[2]
        assert headers["Access-Control-Allow-Origin"] == "http://page.test"
    assert headers["Access-Control-Allow-Methods"] == "DELETE, GET, OPTIONS, POST, PUT"


def test_requests_are_logged(plain):
    plain.call("GET", "/health")
    plain.call("GET", "/api/storage/a%2Fb")
    assert plain.end() == [
        {"method": "GET", "path": "/health", "status": 200},
        {"method": "GET", "path": "/api/storage/a%2Fb", "status": 404},
    ]
