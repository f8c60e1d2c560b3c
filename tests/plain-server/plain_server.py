"""A plain nine-endpoint storage server, for tests of how the client gets on with one.

It follows the contract of the original Flask API and has nothing of ours: no revisions, no limits,
client errors answered with 500, keys with a slash unreachable, NaN passed on, /health without CORS.
Items live in memory and end with the process. Standard library only.

Standard output: `listening PORT` once, then one JSON line for every request, written before its
answer is sent: {"method", "path" (as sent), "status"}. Tests steer it as a process: SIGSTOP makes it
hang, SIGTERM ends it.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
import threading
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

_STORAGE = "/api/storage/"
_KEY_METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT")
_ENDPOINTS = {
    ("GET", "keys"): "list_keys",
    ("GET", "export"): "export_items",
    ("GET", "stats"): "stats",
    ("POST", "import"): "import_items",
    ("POST", "clear"): "clear_items",
}
_BY_METHOD = {"GET": "get_item", "PUT": "put_item", "POST": "put_item", "DELETE": "delete_item"}


class Refused(Exception):
    """An answer other than 200 with a JSON error."""

    def __init__(self, status: int, message: str):
        super().__init__(message)
        self.status = status
        self.message = message


class PlainStore:
    """Keys and JSON texts in memory; every method is one request's effect and returns the answer."""

    def __init__(self):
        self._texts: dict[str, str] = {}
        self._lock = threading.Lock()

    def list_keys(self, _key: str, _request: PlainHandler) -> Any:
        with self._lock:
            return {"keys": sorted(self._texts)}

    def export_items(self, _key: str, _request: PlainHandler) -> Any:
        with self._lock:
            return {key: json.loads(text) for key, text in self._texts.items()}

    def stats(self, _key: str, _request: PlainHandler) -> Any:
        with self._lock:
            size = sum(map(len, self._texts.values()))
            return {"database_path": "/data/codeforge.db", "total_keys": len(self._texts), "total_size_bytes": size}

    def import_items(self, _key: str, request: PlainHandler) -> Any:
        items = request.json_body()
        if not isinstance(items, dict):
            raise Refused(400, "Data must be an object")
        for key in items:
            key.encode("utf-8")  # a lone surrogate fails here, as it does in the original's database
        with self._lock:
            self._texts.update({key: json.dumps(value) for key, value in items.items()})
        return {"success": True, "imported": len(items)}

    def clear_items(self, _key: str, _request: PlainHandler) -> Any:
        with self._lock:
            self._texts.clear()
        return {"success": True}

    def get_item(self, key: str, _request: PlainHandler) -> Any:
        with self._lock:
            if key not in self._texts:
                raise Refused(404, "Key not found")
            return {"value": json.loads(self._texts[key])}

    def put_item(self, key: str, request: PlainHandler) -> Any:
        body = request.json_body()
        if not isinstance(body, (dict, list)):
            raise TypeError(f"argument of type {type(body).__name__!r} is not usable")
        if "value" not in body:
            raise Refused(400, "Missing value field")
        with self._lock:
            self._texts[key] = json.dumps(body["value"])
        return {"success": True}

    def delete_item(self, key: str, _request: PlainHandler) -> Any:
        with self._lock:
            if self._texts.pop(key, None) is None:
                raise Refused(404, "Key not found")
        return {"success": True}


class PlainHandler(BaseHTTPRequestHandler):
    """Routing, CORS and the original's way of turning failures into answers."""

    protocol_version = "HTTP/1.1"
    store = PlainStore()
    _log_lock = threading.Lock()

    def handle_request(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        self._body = self.rfile.read(length)
        path = unquote_to_bytes(urlsplit(self.path).path).decode("utf-8", "replace")
        if path == "/health":
            self._answer_health()
        elif path.startswith(_STORAGE) and path != _STORAGE and "/" not in path[len(_STORAGE):]:
            self._answer_storage(path[len(_STORAGE):])
        else:
            self._send(404, _page("404 Not Found"), "text/html; charset=utf-8")

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = do_OPTIONS = do_PATCH = handle_request

    def json_body(self) -> Any:
        """The parsed body; fails with the texts that the original reports as errors 500."""
        content_type = self.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if content_type != "application/json" and not content_type.endswith("+json"):
            raise ValueError("415 Unsupported Media Type: the request's Content-Type is not 'application/json'")
        try:
            return json.loads(self._body)
        except ValueError:
            raise ValueError("400 Bad Request: the request's body could not be understood") from None

    def _answer_health(self) -> None:
        if self.command in ("GET", "HEAD"):
            now = datetime.now(timezone.utc).replace(tzinfo=None)
            self._send_json(200, {"status": "ok", "timestamp": now.isoformat()})
        elif self.command == "OPTIONS":
            self._send(200, b"", "text/html; charset=utf-8", {"Allow": "GET, HEAD, OPTIONS"})
        else:
            self._send(405, _page("405 Method Not Allowed"), "text/html; charset=utf-8", {"Allow": "GET, HEAD, OPTIONS"})

    def _answer_storage(self, key: str) -> None:
        method = "GET" if self.command == "HEAD" else self.command
        if method == "OPTIONS":
            self._send(200, b"", "text/html; charset=utf-8", {"Allow": ", ".join(_KEY_METHODS)})
            return
        if method not in _BY_METHOD:
            self._send(405, _page("405 Method Not Allowed"), "text/html; charset=utf-8",
                       {"Allow": ", ".join(_KEY_METHODS)})
            return
        effect = getattr(self.store, _ENDPOINTS.get((method, key), _BY_METHOD[method]))
        try:
            self._send_json(200, effect(key, self))
        except Refused as refusal:
            self._send_json(refusal.status, {"error": refusal.message})
        except ConnectionError:
            raise
        except Exception as error:  # every failure is a 500, the client's too
            self._send_json(500, {"error": str(error)})

    def _send_json(self, status: int, members: Any) -> None:
        text = json.dumps(members, sort_keys=True, separators=(",", ":")) + "\n"
        self._send(status, text.encode("ascii"), "application/json")

    def _send(self, status: int, body: bytes, content_type: str, headers: dict[str, str] | None = None) -> None:
        line = json.dumps({"method": self.command, "path": self.path, "status": status})
        with self._log_lock:
            print(line, flush=True)
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        for name, value in {**(headers or {}), **self._cross_origin_headers()}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _cross_origin_headers(self) -> dict[str, str]:
        origin = self.headers.get("Origin")
        if origin is None or not self.path.startswith("/api/"):
            return {}
        headers = {
            "Access-Control-Allow-Origin": origin,
            "Access-Control-Allow-Credentials": "true",
            "Access-Control-Expose-Headers": "Content-Type, X-Total-Count",
            "Vary": "Origin",
        }
        if self.command == "OPTIONS" and "Access-Control-Request-Method" in self.headers:
            asked = self.headers.get("Access-Control-Request-Headers", "").split(",")
            known = {"content-type", "authorization", "x-requested-with"}
            allowed = sorted(name.strip() for name in asked if name.strip().lower() in known)
            if allowed:
                headers["Access-Control-Allow-Headers"] = ", ".join(allowed)
            headers["Access-Control-Allow-Methods"] = "DELETE, GET, OPTIONS, POST, PUT"
            headers["Access-Control-Max-Age"] = "3600"
        return headers

    def log_message(self, format: str, *args: Any) -> None:
        """Silent: the JSON lines say all that tests need."""


def _page(title: str) -> bytes:
    return f"<!doctype html>\n<html lang=en>\n<title>{title}</title>\n<h1>{title[4:]}</h1>\n".encode()


class PlainServer(ThreadingHTTPServer):
    """Loopback only; a client that goes away in the middle of an answer is not worth a trace."""

    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


def main() -> None:
    """Serves until SIGTERM or SIGINT."""
    parser = argparse.ArgumentParser(description="A plain nine-endpoint storage server for tests.")
    parser.add_argument("--port", type=int, default=0, help="TCP port on 127.0.0.1; 0 takes a free one (default)")
    port = parser.parse_args().port
    server = PlainServer(("127.0.0.1", port), PlainHandler)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    print(f"listening {server.server_port}", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        server.server_close()


if __name__ == "__main__":
    main()
