"""gunicorn as users run it: with the server's own gunicorn.conf.py, on a free port of loopback."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

SERVER_FOLDER = Path(__file__).resolve().parent.parent
_START_SECONDS = 60


class RunningServer:
    """One gunicorn with all its workers, in a process group of its own."""

    def __init__(self, database_path: Path, log_path: Path):
        self.database_path = database_path
        self.log_path = log_path
        self.port = 0
        self._process: subprocess.Popen | None = None

    def start(self) -> None:
        """Returns when /health answers. Raises RuntimeError with gunicorn's log if it never does."""
        self.port = _free_port()
        environment = {**os.environ, "PORT": str(self.port), "DATABASE_PATH": str(self.database_path)}
        with self.log_path.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", "codeforge_server:create_app()"],
                cwd=SERVER_FOLDER, env=environment, stdout=log, stderr=log, start_new_session=True,
            )
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                if self.call("GET", "/health")[0] == 200:
                    return
            except OSError:
                time.sleep(0.05)
        self.stop()
        raise RuntimeError("gunicorn did not start:\n" + self.log_path.read_text())

    def stop(self) -> None:
        """Ends it orderly."""
        if self._process and self._process.poll() is None:
            self._process.terminate()
            self._process.wait(_START_SECONDS)

    def kill(self) -> None:
        """SIGKILL to the master and all workers at once."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(_START_SECONDS)

    def call(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> tuple[int, Any]:
        """One request with `body` as JSON, or as it is when bytes; status and parsed answer."""
        status, answer, _headers = self.call_raw(method, path, body, headers)
        return status, json.loads(answer) if answer else None

    def call_raw(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None):
        """Like `call`, with the answer's bytes and headers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_START_SECONDS)
        try:
            sent = dict(headers or {})
            if body is not None:
                sent.setdefault("Content-Type", "application/json")
                if not isinstance(body, bytes):
                    body = json.dumps(body).encode()
            connection.request(method, path, body, sent)
            response = connection.getresponse()
            return response.status, response.read(), response.headers
        finally:
            connection.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
