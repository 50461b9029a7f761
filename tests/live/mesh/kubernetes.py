"""The running cluster as istiod sees it: namespaces, pods, services and their endpoints."""

import json

from mesh.model import Pod, Scenario, Service


def objects(scenario: Scenario) -> str:
    """One YAML stream (JSON is YAML)."""
    pods = [pod for pod in scenario.pods if pod.is_of_the_cluster]
    found = [namespace(name) for name in sorted({pod.namespace for pod in pods})]
    found += [node(locality) for locality in sorted({pod.locality for pod in pods if pod.locality})]
    found += [pod_object(pod, scenario.services) for pod in pods]
    for service in scenario.services:
        found += [service_object(service), endpoints(service, service.pods(scenario.pods))]
    return "\n---\n".join(json.dumps(document) for document in found)


def namespace(name: str) -> dict:
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": {"kubernetes.io/metadata.name": name}}}


def node(locality: str) -> dict:
    """Istio knows where a pod is by the labels of its node."""
    region, _, zone = locality.partition("/")
    labels = {"topology.kubernetes.io/region": region, "topology.kubernetes.io/zone": zone}
    return {"apiVersion": "v1", "kind": "Node", "metadata": {"name": node_name(locality), "labels": labels}}


def node_name(locality: str) -> str:
    return locality.replace("/", "-")


def pod_object(pod: Pod, services: list) -> dict:
    # The label by which Istio knows that a pod's proxy takes mutual TLS; its injector sets it.
    in_mesh = {"security.istio.io/tlsMode": "istio"} if pod.proxy == "sidecar" else {}
    ports = sorted({port.target for service in services if service.pods([pod]) for port in service.ports})
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": pod.name, "namespace": pod.namespace, "labels": pod.labels | in_mesh},
        "spec": {
            "serviceAccountName": pod.account,
            "containers": [{"name": "application", "image": "application", "ports": [{"containerPort": port} for port in ports]}],
        }
        | ({"nodeName": node_name(pod.locality)} if pod.locality else {}),
        "status": {
            "phase": "Running",
            "podIP": pod.address,
            "podIPs": [{"ip": pod.address}],
            "conditions": [{"type": "Ready", "status": "True"}],
        },
    }


def service_object(service: Service) -> dict:
    ports = [
        {"name": port.name, "port": port.port, "targetPort": port.target, "protocol": "TCP"}
        | ({"appProtocol": port.protocol} if port.protocol else {})
        for port in service.ports
    ]
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": service.name, "namespace": service.namespace},
        "spec": {"clusterIP": service.address, "selector": service.selector, "ports": ports},
    }


def endpoints(service: Service, pods: list) -> dict:
    return {
        "apiVersion": "discovery.k8s.io/v1",
        "kind": "EndpointSlice",
        "addressType": "IPv4",
        "metadata": {
            "name": service.name,
            "namespace": service.namespace,
            "labels": {"kubernetes.io/service-name": service.name},
        },
        "ports": [{"name": port.name, "port": port.target, "protocol": "TCP"} for port in service.ports],
        "endpoints": [
            {
                "addresses": [pod.address],
                "conditions": {"ready": True},
                "targetRef": {"kind": "Pod", "name": pod.name, "namespace": pod.namespace},
            }
            for pod in pods
        ],
    }
