"""The client of a pod: a request as JSON a line in, its answers as a JSON list a line out.

What is sent is sent as it is written: no path is normalised, and no header is added that the request names itself.
"""

import http.client
import json
import socket
import ssl
import sys
import threading
import time

PORTS = {"http": 80, "https": 443}
JARS = {}  # cookies, by the name of who keeps them


def answer(request: dict) -> dict:
    begun = time.monotonic()
    try:
        told = exchange(request)
    except ssl.SSLCertVerificationError as error:
        told = {"answer": f"tls:{error.verify_message}"}
    except ssl.SSLEOFError:
        told = {"answer": "closed"}
    except ssl.SSLError as error:
        told = {"answer": f"tls:{error.reason}"}
    except socket.timeout:
        told = {"answer": "timeout"}
    except (http.client.RemoteDisconnected, http.client.BadStatusLine):
        told = {"answer": "closed"}
    except ConnectionRefusedError:
        told = {"answer": "refused"}
    except (ConnectionResetError, BrokenPipeError):
        told = {"answer": "reset"}
    except OSError as error:
        told = {"answer": f"error:{error}"}
    return told | {"seconds": time.monotonic() - begun}


def exchange(request: dict) -> dict:
    scheme, _, rest = request["url"].partition("://")
    authority, slash, path = rest.partition("/")
    host, _, port = authority.partition(":")
    connection = socket.create_connection((request["to"] or host, int(port or PORTS[scheme])), timeout=request["timeout"])
    with secured(connection, request, host) if scheme in ("https", "tls") else connection as connection:
        if scheme in ("tcp", "tls"):
            return line(connection)
        return message(connection, request, authority, slash + path or "/")


def secured(connection: socket.socket, request: dict, host: str) -> ssl.SSLSocket:
    """The server's certificate must be for the host of the URL, whatever name is asked for (sni)."""
    settings = ssl.create_default_context(cafile=request["ca"])
    settings.check_hostname = not request["sni"]
    if request["certificate"]:
        settings.load_cert_chain(request["certificate"] + ".crt", request["certificate"] + ".key")
    return settings.wrap_socket(connection, server_hostname=request["sni"] or host)


def line(connection: socket.socket) -> dict:
    """A line over TCP: who answers says its name."""
    connection.sendall(b"hello\n")
    name = connection.makefile().readline().strip()
    return {"answer": f"ok@{name}" if name else "closed"}


def message(connection: socket.socket, request: dict, authority: str, target: str) -> dict:
    connection.sendall(text(request, authority, target))
    response = http.client.HTTPResponse(connection, method=request["method"])
    response.begin()
    body = response.read().decode(errors="replace")
    headers = {}
    for name, value in response.getheaders():
        headers[name.lower()] = f"{headers[name.lower()]}, {value}" if name.lower() in headers else value
        keep_cookie(request["jar"], name, value)
    told = {"answer": written(response), "headers": headers, "body": body}
    if response.getheader("x-pod") and body:
        told["sees"] = json.loads(body)
    return told


def text(request: dict, authority: str, target: str) -> bytes:
    headers = {"host": authority, "connection": "close", "user-agent": "client", "content-length": str(len(request["body"]))}
    headers |= {name.lower(): value for name, value in request["headers"].items()}
    cookies = JARS.get(request["jar"])
    if cookies:
        headers["cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
    lines = [f"{request['method']} {target} HTTP/1.1"] + [f"{name}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n" + request["body"]).encode()


def keep_cookie(jar: str, name: str, value: str) -> None:
    if jar and name.lower() == "set-cookie":
        cookie, _, said = value.partition(";")[0].partition("=")
        JARS.setdefault(jar, {})[cookie.strip()] = said.strip()


def written(response: http.client.HTTPResponse) -> str:
    pod, location = response.getheader("x-pod"), response.getheader("location")
    return f"{response.status}" + (f"@{pod}" if pod else "") + (f">{location}" if location else "")


def all_at_once(request: dict) -> list:
    answers = []
    threads = [threading.Thread(target=lambda: answers.append(answer(request))) for _ in range(request["times"])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


for asked in map(json.loads, sys.stdin):
    answers = all_at_once(asked) if asked["at_once"] else [answer(asked) for _ in range(asked["times"])]
    print(json.dumps(answers), flush=True)
