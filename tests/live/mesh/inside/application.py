"""The application of a pod: application.py SETTINGS, a JSON file. It answers every request with its name, and notes it.

Every port speaks HTTP, or TCP by lines to whoever begins so; some behind TLS. The headers of a request ask for more:
`x-fail: POD=STATUS` (`*` for any pod) for another status, `x-sleep: SECONDS` for a late answer, `x-send: NAME=VALUE` for
a header of the answer.
"""

import http.server
import json
import ssl
import sys
import threading
import time
from pathlib import Path

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
        if b" HTTP/" in self.raw_requestline:
            return super().parse_request()
        self.close_connection = True
        if self.raw_requestline:
            note({"tcp": self.raw_requestline.decode(errors="replace").strip(), "port": self.server.server_address[1]})
            self.wfile.write(f"{NAME}\n".encode())
        return False

    def answer(self):
        sent = self.rfile.read(int(self.headers.get("content-length") or 0)).decode(errors="replace")
        seen = self.seen(sent)
        note(seen)
        time.sleep(float(self.headers.get("x-sleep") or 0))
        body = json.dumps(seen).encode()
        self.send_response(self.status())
        self.send_header("content-length", str(len(body)))
        self.send_header("x-pod", NAME)
        for pair in filter(None, (self.headers.get("x-send") or "").split(",")):
            self.send_header(*pair.strip().split("=", 1))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def seen(self, sent: str) -> dict:
        """The request as it arrived."""
        headers = {}
        for name, value in self.headers.items():
            headers[name.lower()] = f"{headers[name.lower()]},{value}" if name.lower() in headers else value
        return {
            "method": self.command,
            "path": self.raw_requestline.decode(errors="replace").split(" ")[1],  # Python's own drops a second slash
            "host": self.headers.get("host"),
            "headers": headers,
            "port": self.server.server_address[1],
            "peer": self.client_address[0],
            "body": sent,
        }

    def status(self) -> int:
        pod, _, status = (self.headers.get("x-fail") or "").partition("=")
        return int(status) if pod in (NAME, "*") else 200

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
        with settings.wrap_socket(request, server_side=True) as secured:
            super().finish_request(secured, client_address)


def serve(port: int, secured: bool) -> None:
    (SecuredServer if secured else Server)(("0.0.0.0", port), Application).serve_forever()


for port, secured in SETTINGS["ports"].items():
    threading.Thread(target=serve, args=(int(port), secured)).start()
threading.Event().wait()
