"""NetworkPolicies, enforced as a CNI plugin does: outside of the pod's own redirects, and replies always pass."""

from dataclasses import dataclass

from mesh.network import HUB_ADDRESS
from mesh.model import Mistake, Pod


@dataclass
class Peer:
    """Somebody whom a policy may name, with the labels it is named by."""

    address: str
    namespace: str
    labels: dict


def peers_of(pods: list, root_namespace: str) -> list:
    """All pods, and the two that the hub plays: the cluster's DNS and istiod."""
    return [Peer(pod.address, pod.namespace, pod.labels) for pod in pods] + [
        Peer(HUB_ADDRESS, "kube-system", {"k8s-app": "kube-dns"}),
        Peer(HUB_ADDRESS, root_namespace, {"app": "istiod"}),
    ]


def rules_for(pod: Pod, documents: list, peers: list) -> str:
    """The packet filter of one pod; empty where no policy selects it."""
    namespaces = namespace_labels(documents, peers)
    policies = [document["spec"] for document in documents if selects(document, pod)]
    rules = []
    for direction, chain in (("Ingress", INGRESS), ("Egress", EGRESS)):
        closing = [policy for policy in policies if direction in policy["policyTypes"]]
        if closing:
            rules += chain
            rules += [accept for policy in closing for accept in accepts(direction, policy, pod, (peers, namespaces))]
            rules.append(f"add rule ip policies {direction.lower()} drop")
    return "\n".join(["add table ip policies", *rules]) + "\n" if rules else ""


# Before the redirects (priority -100) on the way in, and after the service's address is translated on the way out.
INGRESS = [
    "add chain ip policies ingress { type filter hook prerouting priority -250; }",
    "add rule ip policies ingress iifname lo accept",
    "add rule ip policies ingress meta l4proto tcp tcp flags & (syn | ack) != syn accept",
    "add rule ip policies ingress udp sport 53 accept",
]
EGRESS = [
    "add chain ip policies egress { type filter hook postrouting priority 250; }",
    "add rule ip policies egress oifname lo accept",
    "add rule ip policies egress ct state established,related accept",
]


def selects(document: dict, pod: Pod) -> bool:
    if document["kind"] != "NetworkPolicy" or document["metadata"]["namespace"] != pod.namespace:
        return False
    return matches(document["spec"]["podSelector"], pod.labels)


def matches(selector: dict, labels: dict) -> bool:
    if selector.keys() - {"matchLabels"}:
        raise Mistake(f"a selector by {', '.join(selector)} is not enforced here")
    return selector.get("matchLabels", {}).items() <= labels.items()


def namespace_labels(documents: list, peers: list) -> dict:
    labels = {peer.namespace: {"kubernetes.io/metadata.name": peer.namespace} for peer in peers}
    for document in documents:
        if document["kind"] == "Namespace" and document["metadata"]["name"] in labels:
            labels[document["metadata"]["name"]] |= document["metadata"].get("labels", {})
    return labels


def accepts(direction: str, policy: dict, pod: Pod, known: tuple) -> list:
    side, word = ("saddr", "from") if direction == "Ingress" else ("daddr", "to")
    rules = []
    for rule in policy.get(direction.lower(), []):
        addresses = [text for peer in rule.get(word, [{}]) for text in addresses_of(peer, pod, known)]
        for port in rule.get("ports", [{}]):
            what = f"{port.get('protocol', 'TCP').lower()} dport {port['port']}" if "port" in port else ""
            rules += [f"add rule ip policies {direction.lower()} ip {side} {text} {what} accept" for text in addresses]
    return rules


def addresses_of(peer: dict, pod: Pod, known: tuple) -> list:
    peers, namespaces = known
    if "ipBlock" in peer:
        besides = peer["ipBlock"].get("except", [])
        kept = f"ip daddr != {{ {', '.join(besides)} }} " if besides else ""
        return [f"{peer['ipBlock']['cidr']} {kept}".strip()]
    if not peer:
        return ["0.0.0.0/0"]
    return [other.address for other in peers if is_peer(peer, other, pod, namespaces)]


def is_peer(peer: dict, other: Peer, pod: Pod, namespaces: dict) -> bool:
    if "namespaceSelector" in peer:
        here = matches(peer["namespaceSelector"], namespaces[other.namespace])
    else:
        here = other.namespace == pod.namespace
    return here and matches(peer.get("podSelector", {}), other.labels)
