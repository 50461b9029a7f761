"""The cluster's DNS: dns.py ADDRESS NAMES, where NAMES is a JSON object of name and IPv4 address."""

import json
import socket
import struct
import sys

ADDRESS_RECORD = 1


def reply(query: bytes, names: dict) -> bytes:
    name, end = question(query)
    kind = struct.unpack(">H", query[end - 4 : end - 2])[0]
    address = names.get(name) or names.get(f"*.{name.partition('.')[2]}")
    found = address is not None and kind == ADDRESS_RECORD
    code = b"\x81\x80" if address else b"\x81\x83"
    counts = struct.pack(">HHHH", 1, int(found), 0, 0)
    record = b"\xc0\x0c\x00\x01\x00\x01\x00\x00\x00\x1e\x00\x04" + socket.inet_aton(address) if found else b""
    return query[:2] + code + counts + query[12:end] + record


def question(query: bytes) -> tuple:
    """The name that is asked for, and where the question ends."""
    labels, at = [], 12
    while query[at]:
        labels.append(query[at + 1 : at + 1 + query[at]].decode("ascii", "replace"))
        at += 1 + query[at]
    return ".".join(labels).lower(), at + 5


server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind((sys.argv[1], 53))
known = json.loads(sys.argv[2])
while True:
    datagram, client = server.recvfrom(2048)
    server.sendto(reply(datagram, known), client)
