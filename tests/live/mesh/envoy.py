"""The bootstrap of an Envoy: where its configuration and its certificate come from, and who it is."""

import json

import yaml

from mesh.network import HUB_ADDRESS
from mesh.model import Pod

ADMIN_PORT = 15000
DISCOVERY_PORT = 15010
CERTIFICATE_PORT = 15012
HTTP_OPTIONS = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions"

# As Istio's agent starts it, so that open connections leave an old policy soon.
FLAGS = ["--concurrency", "1", "--disable-hot-restart", "--drain-time-s", "45", "--drain-strategy", "immediate", "-l", "error"]


def bootstrap(pod: Pod, trust_domain: str) -> str:
    """JSON; the names of the two clusters are the ones that istiod's configuration refers to."""
    source = {"ads": {}, "initial_fetch_timeout": "0s", "resource_api_version": "V3"}
    identity = f"spiffe://{trust_domain}/ns/{pod.namespace}/sa/{pod.account}"
    discovery = {
        "envoy_grpc": {"cluster_name": "xds-grpc"},
        "initial_metadata": [{"key": "x-mesh-identity", "value": identity}],
    }
    return json.dumps(
        {
            "node": node(pod, trust_domain),
            "admin": {"address": address("127.0.0.1", ADMIN_PORT)},
            "dynamic_resources": {
                "lds_config": source,
                "cds_config": source,
                "ads_config": {"api_type": "GRPC", "transport_api_version": "V3", "grpc_services": [discovery]},
            },
            "static_resources": {
                "clusters": [grpc_cluster("xds-grpc", DISCOVERY_PORT), grpc_cluster("sds-grpc", CERTIFICATE_PORT)]
            },
        }
    )


def node(pod: Pod, trust_domain: str) -> dict:
    kind = {"sidecar": "sidecar", "gateway": "router"}[pod.proxy]
    region, _, zone = pod.locality.partition("/")
    own_config = yaml.safe_load(pod.annotations.get("proxy.istio.io/config", "{}"))
    return {
        "id": f"{kind}~{pod.address}~{pod.name}.{pod.namespace}~{pod.namespace}.svc.cluster.local",
        "cluster": pod.name,
        "locality": {"region": region, "zone": zone},
        "metadata": {
            "NAMESPACE": pod.namespace,
            "SERVICE_ACCOUNT": pod.account,
            "TRUST_DOMAIN": trust_domain,
            "LABELS": pod.labels,
            "CLUSTER_ID": "Kubernetes",
            "ISTIO_VERSION": "1.31.0",
            "INSTANCE_IPS": pod.address,
            "INTERCEPTION_MODE": "REDIRECT",
            "PROXY_CONFIG": own_config,
        },
    }


def grpc_cluster(name: str, port: int) -> dict:
    endpoint = {"endpoint": {"address": address(HUB_ADDRESS, port)}}
    http2 = {"@type": f"type.googleapis.com/{HTTP_OPTIONS}", "explicit_http_config": {"http2_protocol_options": {}}}
    return {
        "name": name,
        "type": "STATIC",
        "connect_timeout": "2s",
        "typed_extension_protocol_options": {HTTP_OPTIONS: http2},
        "load_assignment": {"cluster_name": name, "endpoints": [{"lb_endpoints": [endpoint]}]},
    }


def address(host: str, port: int) -> dict:
    return {"socket_address": {"address": host, "port_value": port}}
