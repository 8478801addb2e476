"""Serve a built site locally in the layout of mike: each version in a folder, next to the list of versions."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

VERSIONS = [
    {"version": "0.2", "title": "0.2", "aliases": ["latest"]},
    {"version": "0.1", "title": "0.1", "aliases": []},
]


@contextmanager
def serving(site: Path) -> Iterator[str]:
    """Yield the URL of a version's home page. All versions have the same pages."""

    class Handler(SimpleHTTPRequestHandler):
        def translate_path(self, path: str) -> str:
            _, _, below = path.lstrip("/").partition("/")
            return super().translate_path(f"/{below}")

        def do_GET(self) -> None:
            if self.path != "/versions.json":
                return super().do_GET()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(VERSIONS).encode())
            return None

        def log_message(self, *_: object) -> None:
            pass

    def handler(*arguments: object) -> Handler:
        return Handler(*arguments, directory=str(site))  # type: ignore[arg-type]

    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)  # type: ignore[arg-type]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/0.2/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
