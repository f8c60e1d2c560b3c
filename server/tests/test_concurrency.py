"""Many writers, busy databases, big bodies and sudden death, against real gunicorn processes."""

from __future__ import annotations

import http.client
import json
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

ROUNDS = 25
WRITERS = 8
WRITES = [
    ("PUT", "/api/storage/k", {"value": 2}), ("DELETE", "/api/storage/k", None),
    ("POST", "/api/storage/import", {"k": 2}), ("POST", "/api/storage/clear", None),
]


def test_concurrent_first_writes_of_one_key_all_succeed(gunicorn):
    for round_number in range(ROUNDS):
        barrier = threading.Barrier(WRITERS)

        def put(writer):
            barrier.wait()
            return gunicorn.call("PUT", f"/api/storage/files:{round_number}", {"value": writer})

        with ThreadPoolExecutor(WRITERS) as pool:
            assert list(pool.map(put, range(WRITERS))) == [(200, {"success": True})] * WRITERS
        status, answer = gunicorn.call("GET", f"/api/storage/files:{round_number}")
        assert status == 200 and answer["value"] in range(WRITERS)
    assert gunicorn.call("GET", "/api/storage/stats")[1]["total_keys"] == ROUNDS


def test_mixed_writers_lose_nothing(gunicorn):
    def work(writer):
        statuses = []
        for number in range(15):
            statuses.append(gunicorn.call("PUT", f"/api/storage/own:{writer}:{number}", {"value": number})[0])
            statuses.append(gunicorn.call("POST", "/api/storage/import", {f"bulk:{writer}:{number}": number, "shared": writer})[0])
            statuses.append(gunicorn.call("GET", "/api/storage/export")[0])
        return statuses

    with ThreadPoolExecutor(WRITERS) as pool:
        assert {status for statuses in pool.map(work, range(WRITERS)) for status in statuses} == {200}
    assert len(gunicorn.call("GET", "/api/storage/keys")[1]["keys"]) == WRITERS * 15 * 2 + 1


def test_several_servers_may_start_on_one_new_file(make_client):
    barrier = threading.Barrier(4)

    def start(number):
        barrier.wait()
        client = make_client()
        return client.put(f"/api/storage/{number}", json={"value": number}).status_code

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(start, range(4))) == [200] * 4
    assert make_client().get("/api/storage/export").json == {"0": 0, "1": 1, "2": 2, "3": 3}


@pytest.mark.parametrize("method, path, body", WRITES)
def test_busy_database_is_503_with_retry_after(make_client, database_path, method, path, body):
    client = make_client(busy_timeout_ms=50)
    client.put("/api/storage/k", json={"value": 1})
    other = sqlite3.connect(database_path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        response = client.open(path, method=method, json=body)
        assert response.status_code == 503
        assert response.headers["Retry-After"] == "1"
        assert response.json == {"error": "Database busy, try again"}
        assert client.get("/api/storage/k").json == {"value": 1}, "readers do not wait for the writer"
    finally:
        other.execute("ROLLBACK")
        other.close()
    assert client.open(path, method=method, json=body).status_code == 200


@pytest.mark.parametrize("method, path, body", WRITES)
def test_every_write_passes_the_writer_gate(make_client, method, path, body):
    client = make_client(busy_timeout_ms=50)
    client.put("/api/storage/k", json={"value": 1})
    with client.application.extensions["codeforge_database"].writer_gate():
        response = client.open(path, method=method, json=body)
        assert (response.status_code, response.headers["Retry-After"]) == (503, "1")
        assert client.get("/api/storage/k").json == {"value": 1}
    assert client.open(path, method=method, json=body).status_code == 200


def test_a_write_transaction_excludes_other_writers_from_its_start(client, database_path):
    other = sqlite3.connect(database_path, isolation_level=None, timeout=0)
    try:
        with client.application.extensions["codeforge_database"].writing():
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                other.execute("BEGIN IMMEDIATE")
        other.execute("BEGIN IMMEDIATE")
    finally:
        other.close()


def test_sigkill_during_import_leaves_all_or_nothing(gunicorn, database_path):
    gunicorn.call("PUT", "/api/storage/before", {"value": "kept"})
    outcomes = []
    for round_number in range(8):
        items = {f"r{round_number}:{number}": "x" * 200 for number in range(20_000)}
        body = json.dumps(items).encode()
        acknowledged = threading.Event()

        def push():
            try:
                if gunicorn.call("POST", "/api/storage/import", body)[0] == 200:
                    acknowledged.set()
            except (OSError, ValueError, http.client.HTTPException):
                pass  # cut off by the kill, as intended

        pusher = threading.Thread(target=push)
        pusher.start()
        # Spread over receiving, parsing, writing and the time after the answer.
        pusher.join(timeout=0.06 * (round_number + 1))
        gunicorn.kill()
        pusher.join()
        gunicorn.start()
        count = sum(key.startswith(f"r{round_number}:") for key in gunicorn.call("GET", "/api/storage/keys")[1]["keys"])
        assert count in (0, 20_000)
        assert count == 20_000 or not acknowledged.is_set()
        outcomes.append(count)
        assert gunicorn.call("GET", "/api/storage/before") == (200, {"value": "kept"})
    gunicorn.stop()
    connection = sqlite3.connect(database_path)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()
    print("items found after each kill:", outcomes)


def test_acknowledged_puts_survive_sigkill(gunicorn):
    acknowledged: list[int] = []

    def put_until_cut():
        number = 0
        try:
            while gunicorn.call("PUT", f"/api/storage/n:{number}", {"value": number})[0] == 200:
                acknowledged.append(number)
                number += 1
        except (OSError, ValueError, http.client.HTTPException):
            pass

    writer = threading.Thread(target=put_until_cut)
    writer.start()
    deadline = time.monotonic() + 60
    while len(acknowledged) < 100 and time.monotonic() < deadline:
        time.sleep(0.005)
    gunicorn.kill()
    writer.join()
    assert len(acknowledged) >= 100
    gunicorn.start()
    stored = gunicorn.call("GET", "/api/storage/export")[1]
    assert {f"n:{number}": number for number in acknowledged}.items() <= stored.items()


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_over_the_limit_gets_its_413(gunicorn, chunked):
    """20 MB over a real socket: the answer must arrive, not a reset connection."""
    body = b'{"value": "' + b"x" * 20_000_000 + b'"}'
    headers = {"Origin": "http://page.test", "Content-Type": "application/json"}
    sent = (body[start:start + 65536] for start in range(0, len(body), 65536)) if chunked else body
    status, answer, answer_headers = call_streaming(gunicorn, sent, headers, chunked)
    assert status == 413
    assert "limit of 16778240 bytes" in json.loads(answer)["error"]
    assert answer_headers["Access-Control-Allow-Origin"] == "http://page.test"
    assert gunicorn.call("GET", "/api/storage/keys") == (200, {"keys": []})


def call_streaming(server, body, headers, chunked):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    try:
        connection.request("PUT", "/api/storage/big", body, headers, encode_chunked=chunked)
        response = connection.getresponse()
        return response.status, response.read(), response.headers
    finally:
        connection.close()


def test_a_15_megabyte_value_is_stored(gunicorn):
    value = "\u00e9" * 7_500_000
    assert gunicorn.call("PUT", "/api/storage/big", json.dumps({"value": value}, ensure_ascii=False).encode())[0] == 200
    assert gunicorn.call("GET", "/api/storage/stats")[1]["total_size_bytes"] == 15_000_002
    assert gunicorn.call("GET", "/api/storage/big") == (200, {"value": value})
