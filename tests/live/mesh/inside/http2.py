"""One connection of HTTP/2, as the application answers it; gRPC too, whose status stands beside that of HTTP."""

import json
import threading

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import DataReceived, RequestReceived, StreamEnded
from h2.exceptions import ProtocolError

PREFACE = b"PRI * HTTP/2.0\r\n"


class Http2:
    """`respond` takes a request as a mapping, and gives the status and the headers of its answer."""

    def __init__(self, begun: bytes, reader, writer, respond):
        self.begun, self.reader, self.writer, self.respond = begun, reader, writer, respond
        self.connection = H2Connection(H2Configuration(client_side=False, header_encoding="utf-8"))
        self.speaking = threading.Lock()

    def serve(self) -> None:
        with self.speaking:
            self.connection.initiate_connection()
        data, requests = self.begun, {}
        while data:
            with self.speaking:
                ended = [self.take(event, requests) for event in self.connection.receive_data(data)]
                self.flush()
            for stream in filter(None, ended):
                threading.Thread(target=self.answer, args=(stream, *requests.pop(stream))).start()
            data = self.reader.read1(65536)

    def take(self, event, requests: dict) -> int | None:
        """The stream whose request is whole now."""
        if isinstance(event, RequestReceived):
            requests[event.stream_id] = (event.headers, bytearray())
        if isinstance(event, DataReceived):
            requests[event.stream_id][1].extend(event.data)
            self.connection.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
        return event.stream_id if isinstance(event, StreamEnded) else None

    def answer(self, stream: int, headers: list, body: bytearray) -> None:
        fields = {}
        for name, value in headers:
            fields[name] = f"{fields[name]},{value}" if name in fields else value
        status, told, seen = self.respond(fields, body.decode(errors="replace"))
        is_grpc = fields.get("content-type", "").startswith("application/grpc")
        failed = status.removeprefix("grpc:")
        grpc = [("grpc-status", failed if failed != status else "0"), ("content-type", "application/grpc")] if is_grpc else []
        with self.speaking:
            try:
                self.connection.send_headers(stream, [(":status", status if failed == status else "200"), *told, *grpc], end_stream=is_grpc)
                if not is_grpc:
                    self.connection.send_data(stream, json.dumps(seen).encode(), end_stream=True)
                self.flush()
            except (ProtocolError, OSError):
                return  # who asked is gone

    def flush(self) -> None:
        self.writer.write(self.connection.data_to_send())
        self.writer.flush()
