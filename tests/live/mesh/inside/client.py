"""The client of a pod: a request as JSON a line in, how often which answer came back as JSON a line out."""

import collections
import http.client
import json
import socket
import ssl
import sys
from urllib.parse import urlsplit


def answer(request: dict) -> str:
    try:
        return exchange(request)
    except ssl.SSLCertVerificationError as error:
        return f"tls:{error.verify_message}"
    except ssl.SSLEOFError:
        return "closed"
    except ssl.SSLError as error:
        return f"tls:{error.reason}"
    except socket.timeout:
        return "timeout"
    except http.client.RemoteDisconnected:
        return "closed"
    except ConnectionRefusedError:
        return "refused"
    except (ConnectionResetError, BrokenPipeError):
        return "reset"
    except OSError as error:
        return f"error:{error}"


def exchange(request: dict) -> str:
    url = urlsplit(request["url"])
    port = url.port or {"http": 80, "https": 443}[url.scheme]
    connection = socket.create_connection((url.hostname, port), timeout=request["timeout"])
    with connection if url.scheme == "http" else secured(connection, request, url.hostname) as connection:
        connection.sendall(text(request, url))
        response = http.client.HTTPResponse(connection, method=request["method"])
        response.begin()
        response.read()
    return written(response)


def secured(connection: socket.socket, request: dict, host: str) -> ssl.SSLSocket:
    """The server's certificate must be for the host of the URL, whatever name is asked for (sni)."""
    settings = ssl.create_default_context(cafile=request["ca"])
    if request["sni"]:
        settings.check_hostname = False
    return settings.wrap_socket(connection, server_hostname=request["sni"] or host)


def text(request: dict, url) -> bytes:
    headers = {"host": url.netloc, "connection": "close", "user-agent": "client", "content-length": "0"}
    headers |= {name.lower(): value for name, value in request.get("headers", {}).items()}
    target = (url.path or "/") + (f"?{url.query}" if url.query else "")
    lines = [f"{request['method']} {target} HTTP/1.1"] + [f"{name}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def written(response: http.client.HTTPResponse) -> str:
    pod, location = response.getheader("x-pod"), response.getheader("location")
    return f"{response.status}" + (f"@{pod}" if pod else "") + (f">{location}" if location else "")


for line in sys.stdin:
    asked = json.loads(line)
    print(json.dumps(collections.Counter(answer(asked) for _ in range(asked["times"]))), flush=True)
