"""The application of a pod: application.py NAME PORT... It answers every request with its name.

`x-fail: POD=STATUS` asks one pod alone for a status, `x-sleep: SECONDS` asks for a late answer.
"""

import http.server
import sys
import threading
import time

NAME = sys.argv[1]


class Application(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        self.rfile.read(int(self.headers.get("content-length") or 0))
        time.sleep(float(self.headers.get("x-sleep") or 0))
        self.send_response(self.status())
        self.send_header("content-length", "0")
        self.send_header("x-pod", NAME)
        self.end_headers()

    def status(self) -> int:
        pod, _, status = (self.headers.get("x-fail") or "").partition("=")
        return int(status) if pod == NAME else 200

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = answer

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 200


servers = [Server(("0.0.0.0", int(port)), Application) for port in sys.argv[2:]]
threads = [threading.Thread(target=server.serve_forever) for server in servers]
for thread in threads:
    thread.start()
threading.Event().wait()
