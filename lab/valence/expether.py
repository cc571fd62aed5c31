"""An ExpEther manager in memory, as far as Valence asks one: servers (EESV) that it can compose, and no devices.

It is the only kind of pod manager at which the last release of Valence composes: in its Redfish driver that is empty.
"""

from __future__ import annotations

import json
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

_FREE_SERVER = "4094"


def servers(count: int) -> dict[str, dict[str, Any]]:
    """So many servers, by id. Their MACs are others each time: a test that failed may have left one enrolled somewhere."""
    maker = secrets.token_hex(2)
    return {
        (name := f"0x{number:012x}"): {
            "id": name,
            "status": "eesv",
            "group_id": _FREE_SERVER,
            "type": "40g",
            "mac_address": f"02:00:5e:{maker[:2]}:{maker[2:]}:{number:02x}",
            "serial_number": f"serial-{number}",
            "power_status": "off",
            "host_model": "simulated",
            "host_serial_number": f"host-{number}",
            "model": "simulated server",
            "max_eeio_count": "16",
            "ee_version": "v1.0",
            "update_time": "1500000000",
        }
        for number in range(1, count + 1)
    }


@contextmanager
def managing(count: int) -> Iterator[str]:
    """The URL of a manager of so many servers, while it runs."""
    known = servers(count)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path, _, query = self.path.strip("/").partition("?")
            if path == "api_version":
                return self._tell(200, {"api_version": "v2"})
            if path in ("devices", "devices/detail"):
                found = list(known.values()) if "status=eesv" in query else []
                return self._tell(200, {"devices": found, "timestamp": "0"})
            device = known.get(path.removeprefix("devices/"))
            if device is None:
                return self._tell(404, {"code": "40400", "message": "no such device"})
            return self._tell(200, {"device": device})

        def _tell(self, status: int, data: Any) -> None:
            text = json.dumps(data).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_args: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()
