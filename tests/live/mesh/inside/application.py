"""The application of a pod: application.py SETTINGS, a JSON file. It answers every request with its name, and notes it.

Every port speaks HTTP/1.1, HTTP/2 or TCP by lines to whoever begins so; some behind TLS. The headers of a request ask for
more: `x-fail: POD=STATUS` (`*` for any pod, `grpc:14` for a status of gRPC) for another status, `x-sleep: SECONDS` for a late answer, `x-send: NAME=VALUE` for
a header of the answer.
"""

import http.server
import json
import ssl
import sys
import threading
import time
from pathlib import Path

from http2 import PREFACE, Http2

SETTINGS = json.loads(Path(sys.argv[1]).read_text())
NAME = SETTINGS["name"]
NOTES = open(SETTINGS["notes"], "a", buffering=1)  # noqa: SIM115, open as long as the pod runs
NOTING = threading.Lock()


def note(seen: dict) -> None:
    with NOTING:
        NOTES.write(json.dumps(seen) + "\n")


class Application(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one packet: two would wait for each other's acknowledgement

    def parse_request(self) -> bool:
        """A line that is no HTTP is a TCP connection that wants to know whom it reached."""
        if self.raw_requestline == PREFACE:
            self.close_connection = True
            Http2(self.raw_requestline, self.rfile, self.wfile, self.respond).serve()
            return False
        if b" HTTP/" in self.raw_requestline:
            return super().parse_request()
        self.close_connection = True
        if self.raw_requestline:
            note({"tcp": self.raw_requestline.decode(errors="replace").strip(), "port": self.server.server_address[1]})
            self.wfile.write(f"{NAME}\n".encode())
        return False

    def answer(self):
        body = self.rfile.read(int(self.headers.get("content-length") or 0)).decode(errors="replace")
        headers = {":method": self.command, ":path": self.raw_requestline.decode(errors="replace").split(" ")[1]}
        for name, value in self.headers.items():
            name = name.lower()
            headers[name] = f"{headers[name]},{value}" if name in headers else value
        status, told, seen = self.respond(headers, body)
        text = json.dumps(seen).encode()
        self.send_response(int(status))
        for name, value in [("content-length", str(len(text))), *told]:
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(text)

    def respond(self, headers: dict, body: str) -> tuple:
        """The status and headers of the answer to a request, and the request as it arrived."""
        seen = {
            "method": headers[":method"],
            "path": headers[":path"],
            "host": headers.get(":authority") or headers.get("host"),
            "headers": {name: value for name, value in headers.items() if not name.startswith(":")},
            "port": self.server.server_address[1],
            "peer": self.client_address[0],
            "protocol": "http2" if ":scheme" in headers else "http1",
            "body": body,
        }
        note(seen)
        time.sleep(float(headers.get("x-sleep") or 0))
        pod, _, status = headers.get("x-fail", "").partition("=")
        asked = [pair.strip().partition("=") for pair in headers.get("x-send", "").split(",") if pair]
        told = [("x-pod", NAME), *((name, value) for name, _, value in asked)]
        return status if pod in (NAME, "*") else "200", told, seen

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = answer

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 200

    def handle_error(self, *_):
        """Who goes away in the middle is no fault of ours."""


class SecuredServer(Server):
    """The handshake is made in the thread of the connection, so that who makes none hinders nobody."""

    def finish_request(self, request, client_address):
        settings = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        settings.load_cert_chain(SETTINGS["certificate"] + ".crt", SETTINGS["certificate"] + ".key")
        if SETTINGS["authorities"]:
            settings.load_verify_locations(SETTINGS["authorities"])
            settings.verify_mode = ssl.CERT_REQUIRED
        with settings.wrap_socket(request, server_side=True) as secured:
            super().finish_request(secured, client_address)


servers = [(SecuredServer if secured else Server)(("0.0.0.0", int(port)), Application) for port, secured in SETTINGS["ports"].items()]
for server in servers:
    threading.Thread(target=server.serve_forever).start()
print("ready", flush=True)
threading.Event().wait()
