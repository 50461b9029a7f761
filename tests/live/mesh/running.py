"""A running mesh: started on entry, ended on leaving, whatever happens between."""

import json
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import yaml

from mesh import envoy, kubernetes, network_policy
from mesh.network import HUB_ADDRESS, REDIRECTS, Network, service_rules
from mesh.process import DIE_WITH_PARENT, Processes, wait_until
from mesh.model import Pod, Scenario

INSIDE = Path(__file__).parent / "inside"
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
            self.wait_for_proxy(pod)

    def start_control_plane(self) -> None:
        self.processes.start("dns", self.network.inside("hub", [sys.executable, INSIDE / "dns.py", HUB_ADDRESS, json.dumps(self.names())]))
        tree = self.scenario.tree or self.write("manifests.yaml", self.scenario.manifests)
        pods = self.write("pods.yaml", kubernetes.objects(self.scenario))
        serve = [self.tools.oracle, "serve", "-pods", pods, "-root-certificate", self.root_certificate, tree]
        self.processes.start("istiod", self.network.inside("hub", serve))

    def start_pod(self, pod: Pod) -> None:
        if pod.has_application:
            ports = {port.target for service in self.scenario.services if service.pods([pod]) for port in service.ports}
            self.start_inside(pod, "application", [sys.executable, INSIDE / "application.py", pod.name, *ports])
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

    def wait_for_proxy(self, pod: Pod) -> None:
        if pod.proxy == "none":
            return
        name = f"envoy-{pod.name}"
        ready = {"method": "GET", "url": f"http://127.0.0.1:{envoy.ADMIN_PORT}/ready", "times": 1, "timeout": 5}
        wait_until(lambda: self.ask(pod.name, ready)["200"], READY_SECONDS, lambda: f"the proxy of {pod.name}: {self.processes.tail(name)}")

    def ask(self, pod: str, request: dict) -> Counter:
        """Sends requests from a pod and counts the answers."""
        client = self.client(pod)
        client.stdin.write(json.dumps(request | {"ca": str(self.root_certificate)}) + "\n")
        client.stdin.flush()
        return Counter(json.loads(client.stdout.readline()))

    def client(self, pod: str) -> subprocess.Popen:
        if pod not in self.clients:
            command = self.network.inside(pod, [sys.executable, INSIDE / "client.py"])
            pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
            self.clients[pod] = self.processes.start(f"client-{pod}", command, **pipes)
        return self.clients[pod]

    def names(self) -> dict:
        """DNS: services by their full name, pods as NAME.pod, and what the scenario adds as HOST: SERVICE.NAMESPACE."""
        services = {f"{service.name}.{service.namespace}": service.address for service in self.scenario.services}
        names = {f"{name}.svc.cluster.local": address for name, address in services.items()}
        names |= {f"{pod.name}.pod": pod.address for pod in self.scenario.pods}
        return names | {host: services[service] for host, service in self.scenario.names.items()}

    def write(self, name: str, text: str) -> Path:
        file = self.folder / name
        file.write_text(text)
        return file

    @property
    def root_certificate(self) -> Path:
        return self.folder / "root.crt"


def mesh_config(scenario: Scenario) -> dict:
    """MeshConfig as far as the harness must know it; istiod reads the same file."""
    values = scenario.tree / "control-plane" / "values.yaml" if scenario.tree else None
    stated = (yaml.safe_load(values.read_text()) or {}).get("meshConfig", {}) if values and values.exists() else {}
    return {"trustDomain": "cluster.local", "rootNamespace": "istio-system"} | stated
