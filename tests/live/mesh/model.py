"""The words of a scenario: pods, services and steps."""

from dataclasses import dataclass, field
from pathlib import Path


class Mistake(Exception):
    """A scenario that cannot be replayed, with the reason."""


@dataclass
class Pod:
    name: str
    namespace: str
    labels: dict = field(default_factory=dict)  # unsaid: app: NAME
    account: str = ""  # unsaid: its name
    proxy: str = "sidecar"  # or "gateway", or "none"
    address: str = ""

    def __post_init__(self):
        self.labels = self.labels or {"app": self.name}
        self.account = self.account or self.name

    @property
    def has_application(self) -> bool:
        return self.proxy != "gateway"


@dataclass
class Port:
    name: str
    port: int
    target: int = 0  # unsaid: the same
    protocol: str = ""  # unsaid: Istio takes the name of the port for it

    def __post_init__(self):
        self.target = self.target or self.port


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
