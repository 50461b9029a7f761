"""A running mesh: started on entry, ended on leaving, whatever happens between."""

import json
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

import yaml

from mesh import envoy, kubernetes, network_policy
from mesh.network import HUB_ADDRESS, REDIRECTS, Network, service_rules
from mesh.process import DIE_WITH_PARENT, Processes, wait_until
from mesh.model import Mistake, Pod, Scenario

INSIDE = Path(__file__).parent / "inside"
TLS_PROTOCOLS = {"https", "tls"}  # what an application encrypts itself
PUSHED_SECONDS = 0.7  # istiod waits a tenth of a second for more, and then pushes
READY_SECONDS = 90.0  # generous: other work may share the machine


@dataclass
class Tools:
    oracle: Path
    envoy: Path


class RunningMesh:
    def __init__(self, scenario: Scenario, tools: Tools):
        self.scenario = scenario
        self.tools = tools
        self.settings = mesh_config(scenario)
        self.network = Network()
        self.clients = {}

    def __enter__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="mesh-live-"))
        self.folder.chmod(0o755)  # Envoy is another user
        self.processes = Processes(self.folder)
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.processes.end()
        self.network.remove()
        shutil.rmtree(self.folder)

    def start(self) -> None:
        self.network.add_hub()
        self.start_control_plane()
        for pod in self.scenario.pods:
            self.network.add_pod(pod)
            self.network.add_rules(pod.name, service_rules(self.scenario.services, self.scenario.pods))
            self.enforce_policies(pod)
        wait_until(lambda: "ready" in self.processes.tail("istiod").splitlines(), READY_SECONDS, lambda: self.processes.tail("istiod"))
        for pod in self.scenario.pods:
            self.start_pod(pod)
        for pod in self.scenario.pods:
            self.wait_for_application(pod)
            self.wait_for_proxy(pod)

    def start_control_plane(self) -> None:
        self.processes.start("dns", self.network.inside("hub", [sys.executable, INSIDE / "dns.py", HUB_ADDRESS, json.dumps(self.names())]))
        shutil.copytree(self.scenario.tree, self.tree)
        pods = self.write("pods.yaml", kubernetes.objects(self.scenario))
        self.write("wanted.json", json.dumps(certificates(self.scenario)))
        serve = [self.tools.oracle, "serve", "-pods", pods, "-certificates", self.folder, self.tree]
        self.istiod = self.processes.start("istiod", self.network.inside("hub", serve))

    def start_pod(self, pod: Pod) -> None:
        if pod.has_application:
            settings = {
                "name": pod.name,
                "notes": str(self.folder / f"{pod.name}.notes"),
                "ports": {port: protocol in TLS_PROTOCOLS for port, protocol in served(pod, self.scenario.services).items()},
                "certificate": str(self.folder / pod.name),
                "authorities": str(self.root_certificate) if pod.asks_certificate else "",
            }
            file = self.write(f"{pod.name}.application.json", json.dumps(settings))
            self.start_inside(pod, "application", [sys.executable, INSIDE / "application.py", file])
        if pod.proxy == "sidecar":
            self.network.add_rules(pod.name, REDIRECTS)
        if pod.proxy == "gateway":
            self.network.open_low_ports(pod.name)
        if pod.proxy != "none":
            settings = self.write(f"{pod.name}.json", envoy.bootstrap(pod, self.settings["trustDomain"]))
            as_proxy = ["--reuid", "1337", "--regid", "1337", "--clear-groups"]
            self.start_inside(pod, "envoy", [*DIE_WITH_PARENT, *as_proxy, self.tools.envoy, "-c", settings, *envoy.FLAGS])

    def start_inside(self, pod: Pod, what: str, command: list) -> None:
        self.processes.start(f"{what}-{pod.name}", self.network.inside(pod.name, command))

    def enforce_policies(self, pod: Pod) -> None:
        if self.scenario.enforce_network_policy:
            peers = network_policy.peers_of(self.scenario.pods, self.settings["rootNamespace"])
            self.network.add_rules(pod.name, network_policy.rules_for(pod, self.scenario.documents, peers))

    def wait_for_application(self, pod: Pod) -> None:
        if pod.has_application:
            log = f"application-{pod.name}"
            wait_until(lambda: "ready" in self.processes.tail(log), READY_SECONDS, lambda: f"{pod.name}: {self.processes.tail(log)}")

    def wait_for_proxy(self, pod: Pod) -> None:
        if pod.proxy == "none":
            return
        name = f"envoy-{pod.name}"
        wait_until(lambda: self.administer(pod.name, "/ready")["answer"] == "200", READY_SECONDS, lambda: f"the proxy of {pod.name}: {self.processes.tail(name)}")

    def change(self) -> None:
        """Puts the next tree in the place of the one that is served, and waits until the proxies were told."""
        shutil.rmtree(self.tree)
        shutil.copytree(self.scenario.changed.pop(0), self.tree)
        updates = self.updates()
        self.istiod.send_signal(signal.SIGHUP)
        wait_until(lambda: self.updates() > updates, READY_SECONDS, lambda: self.processes.tail("istiod"))
        time.sleep(PUSHED_SECONDS)

    def updates(self) -> int:
        return self.processes.tail("istiod").count("updated")

    def notes(self, pod: str) -> list:
        """What reached the application of a pod, from the beginning."""
        return [json.loads(line) for line in (self.folder / f"{pod}.notes").read_text().splitlines()]

    def statistics(self, pod: str, pattern: str) -> int:
        """The sum of all counters and gauges of a proxy whose names match."""
        lines = [line.rpartition(": ") for line in self.administer(pod, "/stats")["body"].splitlines()]
        return sum(int(value) for name, _, value in lines if value.isdigit() and fnmatchcase(name, pattern))

    def logged(self, pod: str, pattern: str) -> int:
        """How many lines of what a proxy wrote match."""
        return len(re.findall(pattern, self.processes.log(f"envoy-{pod}").read_text(errors="replace"), re.MULTILINE))

    def configured(self, pod: str, pattern: str) -> int:
        """How often it stands in what a proxy was told, as compact JSON; its metrics included."""
        address = next(known.address for known in self.scenario.pods if known.name == pod)
        told = self.folder / f"metrics-{address}.json"
        texts = [self.administer(pod, "/config_dump")["body"], told.read_text() if told.exists() else "{}"]
        compact = [json.dumps(json.loads(text), separators=(",", ":")) for text in texts]
        return sum(len(re.findall(pattern, text)) for text in compact)

    def certificate(self, name: str) -> str:
        """The path of a client's certificate, without its ending."""
        return str(self.folder / f"client-{name}") if name else ""

    def administer(self, pod: str, path: str) -> dict:
        """What a proxy's own door answers, which only its pod reaches."""
        plain = {"headers": {}, "body": "", "jar": "", "sni": "", "to": "", "certificate": "", "times": 1, "at_once": False}
        return self.ask(pod, plain | {"method": "GET", "url": f"http://127.0.0.1:{envoy.ADMIN_PORT}{path}", "timeout": 5})[0]

    def ask(self, pod: str, request: dict) -> list:
        """Sends requests from a pod; the answers to them."""
        client = self.client(pod)
        client.stdin.write(json.dumps(request | {"ca": str(self.root_certificate)}) + "\n")
        client.stdin.flush()
        return json.loads(client.stdout.readline())

    def client(self, pod: str) -> subprocess.Popen:
        if pod not in {known.name for known in self.scenario.pods}:
            raise Mistake(f"there is no pod {pod}")
        if pod not in self.clients:
            command = self.network.inside(pod, [sys.executable, INSIDE / "client.py"])
            pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
            self.clients[pod] = self.processes.start(f"client-{pod}", command, **pipes)
        return self.clients[pod]

    def names(self) -> dict:
        """DNS: services by their full name, pods as NAME.pod, and what the scenario adds as HOST: SERVICE.NAMESPACE."""
        services = {f"{service.name}.{service.namespace}": service.address for service in self.scenario.services}
        names = {f"{name}.svc.cluster.local": address for name, address in services.items()}
        for pod in self.scenario.pods:
            names |= {name: pod.address for name in [f"{pod.name}.pod", *pod.hosts]}
        return names | {host: services[service] for host, service in self.scenario.names.items()}

    def write(self, name: str, text: str) -> Path:
        file = self.folder / name
        file.write_text(text)
        return file

    @property
    def tree(self) -> Path:
        return self.folder / "tree"

    @property
    def root_certificate(self) -> Path:
        return self.folder / "root.crt"


def served(pod: Pod, services: list) -> dict:
    """The ports of an application, and what is spoken there."""
    behind = [service for service in services if service.pods([pod])]
    return {port.target: port.protocol for service in behind for port in service.ports} | pod.ports


def certificates(scenario: Scenario) -> dict:
    """The names for which each application and each client needs a certificate."""
    wanted = {f"client-{step.certificate}": [step.certificate] for step in scenario.steps if step.certificate}
    for pod in scenario.pods:
        if TLS_PROTOCOLS & set(served(pod, scenario.services).values()):
            services = [name for service in scenario.services if service.pods([pod]) for name in service.names()]
            wanted[pod.name] = pod.certificate or pod.hosts or [*services, *scenario.names]
    return wanted


def mesh_config(scenario: Scenario) -> dict:
    """MeshConfig as far as the harness must know it; istiod reads the same file."""
    values = scenario.tree / "control-plane" / "values.yaml" if scenario.tree else None
    stated = (yaml.safe_load(values.read_text()) or {}).get("meshConfig", {}) if values and values.exists() else {}
    return {"trustDomain": "cluster.local", "rootNamespace": "istio-system"} | stated
