"""Scenarios: what the files under scenarios/ may say. Anything else in them is an error."""

from dataclasses import dataclass, field, fields
from ipaddress import IPv4Address
from pathlib import Path

import yaml

POD_ADDRESSES = IPv4Address("10.244.0.10")
SERVICE_ADDRESSES = IPv4Address("10.96.0.10")


class Mistake(Exception):
    """A scenario that cannot be replayed, with the reason."""


@dataclass
class Pod:
    name: str
    namespace: str
    labels: dict
    account: str = "default"
    proxy: str = "sidecar"  # or "gateway", or "none"
    address: str = ""

    @property
    def has_application(self) -> bool:
        return self.proxy != "gateway"


@dataclass
class Port:
    name: str
    port: int
    target: int


@dataclass
class Service:
    name: str
    namespace: str
    selector: dict
    ports: list
    address: str = ""

    def pods(self, pods: list) -> list:
        """The pods behind this service."""
        return [pod for pod in pods if pod.namespace == self.namespace and self.selector.items() <= pod.labels.items()]


@dataclass
class Step:
    say: str
    source: str
    send: str
    expect: object
    headers: dict = field(default_factory=dict)
    times: int = 1
    sni: str = ""
    timeout: float = 10.0
    eventually: float = 0.0  # seconds in which the expectation must come true
    not_before: float = 0.0  # seconds after the previous step began before which it must not


@dataclass
class Scenario:
    name: str
    story: str
    documents: list
    tree: Path | None
    manifests: str
    enforce_network_policy: bool
    pods: list
    services: list
    names: dict
    steps: list


def load(path: Path, root: Path) -> Scenario:
    text = yaml.safe_load(path.read_text())
    tree = root / text.pop("tree") if "tree" in text else None
    manifests = text.pop("manifests", "")
    text.pop("analysis", None)  # what Istio's analyzers say of the manifests: asked without a mesh
    if (tree is None) == (manifests == ""):
        raise Mistake(f"{path}: a scenario has either a tree or manifests")
    if tree is not None and not tree.is_dir():
        raise Mistake(f"{path}: there is no tree {tree}")
    loaded = Scenario(
        name=path.stem,
        story=text.pop("story"),
        documents=read_documents(tree, manifests),
        tree=tree,
        manifests=manifests,
        enforce_network_policy={"ignored": False, "enforced": True}[text.pop("network-policy", "ignored")],
        pods=[decode(Pod, pod) for pod in text.pop("pods")],
        services=[decode_service(service) for service in text.pop("services")],
        names=text.pop("names", {}),
        steps=[decode(Step, step) for step in text.pop("steps")],
    )
    if text:
        raise Mistake(f"{path}: no such word: {', '.join(text)}")
    give_addresses(loaded)
    return loaded


def read_documents(tree: Path | None, manifests: str) -> list:
    texts = [file.read_text() for file in sorted(tree.rglob("*.yaml"))] if tree else [manifests]
    return [document for text in texts for document in yaml.safe_load_all(text) if document and "kind" in document]


def decode(kind: type, text: dict):
    """Fills a dataclass from a mapping; `from` and `not-before` are no names in Python."""
    words = {{"from": "source"}.get(word, word.replace("-", "_")): value for word, value in text.items()}
    unknown = words.keys() - {known.name for known in fields(kind)}
    if unknown:
        raise Mistake(f"no such word in a {kind.__name__.lower()}: {', '.join(sorted(unknown))}")
    return kind(**words)


def decode_service(text: dict) -> Service:
    service = decode(Service, text)
    service.ports = [decode(Port, port) for port in service.ports]
    return service


def give_addresses(loaded: Scenario) -> None:
    for number, pod in enumerate(loaded.pods):
        pod.address = str(POD_ADDRESSES + number)
    for number, service in enumerate(loaded.services):
        service.address = str(SERVICE_ADDRESSES + number)
