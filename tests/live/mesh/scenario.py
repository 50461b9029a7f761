"""Scenarios: what the files under scenarios/ may say. Anything else in them is an error."""

import json
from dataclasses import fields, replace
from ipaddress import IPv4Address
from pathlib import Path

import yaml

from mesh import implied
from mesh.model import Mistake, Pod, Port, Scenario, Service, Step

POD_ADDRESSES = IPv4Address("10.244.0.10")
SERVICE_ADDRESSES = IPv4Address("10.96.0.10")

# What is asked without a mesh, by the code that started this one.
ASKED_ELSEWHERE = ["analysis", "intent", "manifests", "recipe", "instead", "environment", "warnings"]


def load(path: Path, root: Path, compiled: Path | None) -> Scenario:
    """`compiled` is the folder that the intent or the manifests of the scenario were written into."""
    text = yaml.safe_load(path.read_text())
    tree = compiled / "tree" if compiled else root / text.pop("tree")
    if not tree.is_dir():
        raise Mistake(f"{path}: there is no tree {tree}")
    documents = read_documents(tree)
    cluster = implied.read(compiled / "cluster.json", documents) if compiled else implied.Implied()
    for word in ASKED_ELSEWHERE:
        text.pop(word, None)
    loaded = Scenario(
        name=path.stem,
        story=text.pop("story"),
        documents=documents,
        tree=tree,
        enforce_network_policy={"ignored": False, "enforced": True}[text.pop("network-policy", "ignored")],
        pods=decode_pods(text.pop("pods", []), cluster.pods, text.pop("without", [])),
        services=decode_services(text.pop("services", []), cluster.services),
        names=cluster.names | text.pop("names", {}),
        steps=[decode(Step, step) for step in text.pop("steps")],
        changed=changed_trees(compiled),
        issuer=read_issuer(compiled),
    )
    if text:
        raise Mistake(f"{path}: no such word: {', '.join(text)}")
    give_addresses(loaded)
    patch_pods(loaded)
    return loaded


def changed_trees(compiled: Path | None) -> list:
    """In the order of the changes."""
    numbered = [compiled / f"tree-{number}" for number in range(1, 100)] if compiled else []
    return [tree for tree in numbered if tree.is_dir()]


def read_issuer(compiled: Path | None) -> dict:
    file = compiled / "issuer.json" if compiled else None
    return json.loads(file.read_text()) if file and file.exists() else {}


def read_documents(tree: Path) -> list:
    texts = [file.read_text() for file in sorted(tree.rglob("*.yaml"))]
    return [document for text in texts for document in yaml.safe_load_all(text) if document and "kind" in document]


def decode(kind: type, text: dict):
    """Fills a dataclass from a mapping; `from` and `not-before` are no names in Python."""
    words = {{"from": "source"}.get(word, str(word).replace("-", "_")): value for word, value in text.items()}
    unknown = words.keys() - {known.name for known in fields(kind)}
    if unknown:
        raise Mistake(f"no such word in a {kind.__name__.lower()}: {', '.join(sorted(unknown))}")
    return kind(**words)


def decode_pods(texts: list, implied_pods: list, without: list) -> list:
    """What is said of a pod by the name of an implied one takes its place; `of` copies an implied one."""
    pods = {pod.name: pod for pod in implied_pods}
    unknown = [name for name in [*without, *(text["of"] for text in texts if "of" in text)] if name not in pods]
    if unknown:
        raise Mistake(f"the intent implies no pod {', '.join(unknown)}, only {', '.join(pods)}")
    for text in texts:
        pattern = pods.get(text.pop("of", text["name"]))
        pods[text["name"]] = decode(Pod, text) if pattern is None else replace(pattern, **text)
    return [pod for pod in pods.values() if pod.name not in without]


def decode_services(texts: list, implied_services: list) -> list:
    services = {(service.name, service.namespace): service for service in implied_services}
    for text in texts:
        service = decode(Service, text)
        service.ports = [decode(Port, port) for port in service.ports]
        services[service.name, service.namespace] = service
    return list(services.values())


def patch_pods(loaded: Scenario) -> None:
    """What the tree says must stand on pods, by the folder of their namespace and the name of their workload."""
    for pod in loaded.pods:
        patch = loaded.tree / pod.namespace / "pods" / f"{pod.name}.yaml" if loaded.tree else None
        if patch and patch.exists():
            said = yaml.safe_load(patch.read_text())["spec"]["template"]["metadata"]["annotations"]
            pod.annotations = said | pod.annotations


def give_addresses(loaded: Scenario) -> None:
    for number, pod in enumerate(loaded.pods):
        pod.address = pod.address or str(POD_ADDRESSES + number)
    for number, service in enumerate(loaded.services):
        service.address = str(SERVICE_ADDRESSES + number)
