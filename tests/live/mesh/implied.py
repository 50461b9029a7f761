"""What an intent implies of the cluster that it is made for: whose pods run, behind which services, under which names."""

import json
from dataclasses import dataclass, field
from pathlib import Path

from mesh.model import Pod, Port, Service


@dataclass
class Implied:
    pods: list = field(default_factory=list)
    services: list = field(default_factory=list)
    names: dict = field(default_factory=dict)


def read(file: Path, documents: list) -> Implied:
    """`file` is the compiler's word for what it compiled for; the listeners of gateways stand in the manifests."""
    cluster = json.loads(file.read_text())
    gateways = [(gateway, servers_of(gateway, documents)) for gateway in cluster["gateways"]]
    implied = Implied()
    for workload in cluster["workloads"]:
        implied.pods.append(pod(workload, workload["name"], {}))
    for service in cluster["services"]:
        implied.pods += pods_of(service)
        implied.services.append(service_of(service))
    for gateway, servers in gateways:
        implied.pods.append(pod(gateway, gateway["name"], {}, proxy="gateway"))
        implied.services.append(front_of(gateway, servers))
        ways_in = [server for server in servers if server.get("tls", {}).get("mode") != "ISTIO_MUTUAL"]
        implied.names |= {host: f"{gateway['name']}.{gateway['namespace']}" for server in ways_in for host in hosts_of(server)}
    tell_apart(implied.pods)
    return implied


def pods_of(service: dict) -> list:
    """One pod, or one of each version."""
    if not service["versions"]:
        return [pod(service, service["name"], {})]
    return [pod(service, f"{service['name']}-{version['name']}", version["labels"]) for version in service["versions"]]


def pod(owner: dict, name: str, labels: dict, proxy: str = "sidecar") -> Pod:
    return Pod(name=name, namespace=owner["namespace"], labels=owner["labels"] | labels, account=owner["account"], proxy=proxy)


def service_of(service: dict) -> Service:
    ports = [Port(port["name"], port["port"], port["target"], port["protocol"]) for port in service["ports"]]
    return Service(service["name"], service["namespace"], service["labels"], ports)


def servers_of(gateway: dict, documents: list) -> list:
    own = [document for document in documents if document["kind"] == "Gateway" and identity(document) == (gateway["name"], gateway["namespace"])]
    return [server for document in own for server in document["spec"]["servers"]]


def identity(document: dict) -> tuple:
    return document["metadata"]["name"], document["metadata"]["namespace"]


def front_of(gateway: dict, servers: list) -> Service:
    """The Service before a gateway's pods: a port for each number that it listens on."""
    numbers = sorted({server["port"]["number"] for server in servers})
    ports = [Port(f"port-{number}", number, gateway["targets"].get(str(number), number), "") for number in numbers]
    return Service(gateway["name"], gateway["namespace"], gateway["labels"], ports)


def hosts_of(server: dict) -> list:
    hosts = [host.rpartition("/")[2] for host in server["hosts"]]
    return [host for host in hosts if host != "*"]


def tell_apart(pods: list) -> None:
    """Pods of one name in two namespaces are called NAME.NAMESPACE."""
    names = [pod.name for pod in pods]
    for pod in pods:
        if names.count(pod.name) > 1:
            pod.name = f"{pod.name}.{pod.namespace}"
