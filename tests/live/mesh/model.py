"""The words of a scenario: pods, services and steps."""

from dataclasses import dataclass, field
from pathlib import Path


class Mistake(Exception):
    """A scenario that cannot be replayed, with the reason."""


@dataclass
class Pod:
    name: str
    namespace: str = "outside"
    labels: dict = field(default_factory=dict)  # unsaid: app: NAME
    account: str = ""  # unsaid: its name
    proxy: str = "sidecar"  # or "gateway", or "none"
    locality: str = ""  # REGION/ZONE
    hosts: list = field(default_factory=list)  # it is no pod of the cluster, but plays these hosts of the world
    ports: dict = field(default_factory=dict)  # further ports and their protocols; of hosts unsaid: 80 http, 443 https
    certificate: list = field(default_factory=list)  # the names for which its TLS ports have one; unsaid: its own
    asks_certificate: bool = False  # its TLS ports refuse whoever shows none
    address: str = ""
    listens: bool = True
    annotations: dict = field(default_factory=dict)  # unsaid: those of the tree's patch for it

    def __post_init__(self):
        self.labels = self.labels or {"app": self.name}
        self.account = self.account or self.name
        if self.hosts:
            self.proxy = "none"
            self.ports = self.ports or {80: "http", 443: "https"}

    @property
    def has_application(self) -> bool:
        return self.listens and self.proxy != "gateway"

    @property
    def is_of_the_cluster(self) -> bool:
        return not self.hosts


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

    def names(self) -> list:
        """By which callers of its own and of other namespaces know it."""
        full = f"{self.name}.{self.namespace}.svc"
        return [self.name, f"{self.name}.{self.namespace}", full, f"{full}.cluster.local"]

    def pods(self, pods: list) -> list:
        """The pods behind this service."""
        here = [pod for pod in pods if pod.is_of_the_cluster and pod.namespace == self.namespace]
        return [pod for pod in here if self.selector.items() <= pod.labels.items()]


@dataclass
class Step:
    say: str
    # What is done: a request, a look at the statistics, the log or the configuration of a proxy, a change of the intent, or nothing for some seconds.
    source: str = ""
    send: str = ""
    statistics: str = ""
    log: str = ""  # lines of a proxy's log that match
    configured: str = ""  # places in what a proxy was told that match
    change: dict | str = field(default_factory=dict)
    wait: float = 0.0
    # The request.
    headers: dict = field(default_factory=dict)
    body: str = ""
    token: dict = field(default_factory=dict)
    cookies: str = ""  # the name of the jar in which they are kept
    sni: str = ""
    to: str = ""  # dialled instead of the host
    certificate: str = ""
    timeout: float = 10.0
    times: int = 1
    at_once: bool = False
    each: dict = field(default_factory=dict)  # what takes the place of {} in `send`, and what is expected then
    # What must come of it.
    expect: object = None
    sees: dict = field(default_factory=dict)  # the request, as it arrived
    answer: dict = field(default_factory=dict)  # headers and body of the answer
    takes: str = ""  # seconds, A..B
    hits: dict = field(default_factory=dict)  # how many requests reached a pod
    notes: dict = field(default_factory=dict)  # what each request that reached a pod looked like
    eventually: float = 0.0  # seconds in which all this must come true
    not_before: float = 0.0  # seconds after the previous step began before which it must not


@dataclass
class Scenario:
    name: str
    story: str
    documents: list
    tree: Path
    enforce_network_policy: bool
    pods: list
    services: list
    names: dict
    steps: list
    changed: list  # the trees after each change
    issuer: dict  # the key that signs tokens
