"""The network of one run: a namespace for each pod, all on one bridge that has no uplink.

Namespaces carry the process id of the run, so that runs beside each other do not meet and what a killed run left is known.
"""

import os
import shutil
from pathlib import Path

from mesh.process import run
from mesh.model import Pod, Service

PREFIX = "mesh-live"
HUB_ADDRESS = "10.244.0.1"  # DNS and istiod
SETTINGS = Path("/etc/netns")

# What istio-iptables sets up: all TCP out of the application to 15001, all TCP in to 15006, the proxy's own user (1337) past both.
REDIRECTS = """
add table ip redirects
add chain ip redirects out { type nat hook output priority -100; }
add rule ip redirects out oifname lo ip saddr 127.0.0.6 return
add rule ip redirects out oifname lo ip daddr != 127.0.0.1 meta l4proto tcp meta skuid 1337 redirect to :15006
add rule ip redirects out meta skuid 1337 return
add rule ip redirects out ip daddr 127.0.0.1 return
add rule ip redirects out meta l4proto tcp redirect to :15001
add chain ip redirects in { type nat hook prerouting priority -100; }
add rule ip redirects in tcp dport { 15008, 15020, 15021, 15090 } return
add rule ip redirects in meta l4proto tcp redirect to :15006
"""


class Network:
    def __init__(self):
        self.namespaces = []
        self.hub = self.name("hub")

    def name(self, pod: str) -> str:
        return f"{PREFIX}-{os.getpid()}-{pod}"

    def inside(self, pod: str, command: list) -> list:
        return ["ip", "netns", "exec", self.name(pod), *map(str, command)]

    def add_hub(self) -> None:
        self.add_namespace(self.hub)
        run(["ip", "-n", self.hub, "link", "add", "bridge", "type", "bridge"])
        run(["ip", "-n", self.hub, "address", "add", f"{HUB_ADDRESS}/16", "dev", "bridge"])
        run(["ip", "-n", self.hub, "link", "set", "bridge", "up"])

    def add_pod(self, pod: Pod) -> None:
        namespace = self.name(pod.name)
        cable = f"pod{len(self.namespaces)}"
        self.add_namespace(namespace)
        self.write_resolver(namespace, pod.namespace)
        run(["ip", "-n", self.hub, "link", "add", cable, "type", "veth", "peer", "name", "eth0", "netns", namespace])
        run(["ip", "-n", self.hub, "link", "set", cable, "master", "bridge", "up"])
        run(["ip", "-n", namespace, "address", "add", f"{pod.address}/16", "dev", "eth0"])
        run(["ip", "-n", namespace, "link", "set", "eth0", "up"])
        run(["ip", "-n", namespace, "route", "add", "default", "via", HUB_ADDRESS])

    def add_namespace(self, namespace: str) -> None:
        run(["ip", "netns", "add", namespace])
        self.namespaces.append(namespace)
        run(["ip", "-n", namespace, "link", "set", "lo", "up"])

    def write_resolver(self, namespace: str, of_pod: str) -> None:
        """Names are completed as in a cluster: `web` is `web.NAMESPACE.svc.cluster.local`."""
        folder = SETTINGS / namespace
        folder.mkdir(parents=True)
        search = f"search {of_pod}.svc.cluster.local svc.cluster.local cluster.local"
        (folder / "resolv.conf").write_text(f"nameserver {HUB_ADDRESS}\n{search}\noptions ndots:5 timeout:2\n")

    def add_rules(self, pod: str, rules: str) -> None:
        run(self.inside(pod, ["nft", "-f", "-"]), text=rules)

    def open_low_ports(self, pod: str) -> None:
        """Lets a proxy that is not root listen on 80 and 443, as the pods of a gateway do. It holds in this namespace alone."""
        run(self.inside(pod, ["sh", "-c", "echo 0 > /proc/sys/net/ipv4/ip_unprivileged_port_start"]))

    def remove(self) -> None:
        for namespace in self.namespaces:
            remove_namespace(namespace)


def service_rules(services: list, pods: list) -> str:
    """What kube-proxy does: a connection to a service's address goes to one of its pods."""
    rules = ["add table ip services", "add chain ip services out { type nat hook output priority -90; }"]
    for service in services:
        rules += [forward(service, port, service.pods(pods)) for port in service.ports if service.pods(pods)]
    return "\n".join(rules) + "\n"


def forward(service: Service, port, pods: list) -> str:
    choice = ", ".join(f"{number} : {pod.address}" for number, pod in enumerate(pods))
    target = f"dnat to numgen random mod {len(pods)} map {{ {choice} }} : {port.target}"
    return f"add rule ip services out ip daddr {service.address} tcp dport {port.port} {target}"


def remove_leftovers() -> None:
    """Removes the namespaces of runs whose process is gone."""
    for line in run(["ip", "netns", "list"]).splitlines():
        namespace = line.split()[0]
        owner = namespace.removeprefix(f"{PREFIX}-").partition("-")[0]
        if namespace.startswith(f"{PREFIX}-") and not Path(f"/proc/{owner}").exists():
            remove_namespace(namespace)


def remove_namespace(namespace: str) -> None:
    run(["ip", "netns", "delete", namespace])
    shutil.rmtree(SETTINGS / namespace, ignore_errors=True)
