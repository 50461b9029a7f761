"""Stands between kubectl and an API server, and answers some requests as a server does that is in trouble.

    proxy.py FOLDER SERVER-PORT TOKEN

It listens on a free port, which it writes to FOLDER/port, and passes on what comes, as the holder of the token. FOLDER/faults
is read for each request: a JSON list, of which the first counts whose `path` is part of the request's, and which has `times`
left. FOLDER/requests has a line for each request.
"""

import gzip
import http.client
import json
import ssl
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

FOLDER, SERVER, TOKEN = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
LOCK = threading.Lock()
ZEROS = b"0" * (1 << 20)


class Proxy(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        fault = self.fault()
        with LOCK, open(FOLDER / "requests", "a") as log:
            log.write(f"{self.command} {self.path}\n")
        getattr(self, fault.get("do", "pass_on"))(fault)

    do_POST = do_PUT = do_PATCH = do_DELETE = do_GET

    def fault(self):
        with LOCK:
            faults = json.loads((FOLDER / "faults").read_text())
            for fault in faults:
                if fault["path"] in self.path and fault.get("times", 1) > 0:
                    if "times" in fault:
                        fault["times"] -= 1
                        (FOLDER / "faults").write_text(json.dumps(faults))
                    return fault
        return {}

    def ask(self, fault):
        """What the server itself answers; pages of `page` objects where the client asks for large ones."""
        path = self.path.replace("limit=500", f"limit={fault.get('page', 500)}")
        server = http.client.HTTPSConnection("127.0.0.1", SERVER, context=ssl._create_unverified_context())
        server.request(self.command, path, headers={"Authorization": f"Bearer {TOKEN}", "Accept": "application/json"})
        answer = server.getresponse()
        return answer.status, answer.read()

    def answer(self, code, body, headers=()):
        self.send_response(code)
        for name, value in dict({"Content-Type": "application/json", "Content-Length": len(body)}, **dict(headers)).items():
            self.send_header(name, str(value))
        self.end_headers()
        self.wfile.write(body)

    def pass_on(self, fault):
        self.answer(*self.ask(fault))

    def refuse(self, fault):
        """Any status, as the API says it."""
        code, reason = fault["code"], fault["reason"]
        status = {"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": code, "reason": reason, "message": reason}
        self.answer(code, json.dumps(status).encode(), fault.get("headers", {}))

    def say(self, fault):
        """Something else than a list."""
        self.answer(200, fault["body"].encode())

    def hang(self, fault):
        time.sleep(fault.get("seconds", 60))
        self.close_connection = True

    def drip(self, fault):
        code, body = self.ask(fault)
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        for byte in body:
            self.wfile.write(bytes([byte]))
            self.wfile.flush()
            time.sleep(1)

    def cut(self, fault):
        """Half of the body that was announced."""
        code, body = self.ask(fault)
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) // 2])
        self.close_connection = True

    def shorten(self, fault):
        """Half of the body, announced as all of it."""
        code, body = self.ask(fault)
        self.answer(code, body[: len(body) // 2])

    def reset(self, fault):
        self.close_connection = True

    def swell(self, fault):
        """A few hundred kilobytes that unfold to a hundred megabytes."""
        packed = gzip.compress(b'{"kind":"VirtualServiceList","metadata":{},"items":["' + ZEROS * 100 + b'"]}', 1)
        self.answer(200, packed, {"Content-Encoding": "gzip"})

    def log_message(self, *arguments):
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, address):
        """A client that goes away is what some faults are for."""


listening = Server(("127.0.0.1", 0), Proxy)
(FOLDER / "port.part").write_text(str(listening.server_port))
(FOLDER / "port.part").rename(FOLDER / "port")
listening.serve_forever()
