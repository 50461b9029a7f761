"""Makes src/verbatim/fields.txt: which fields the kinds have that `patch`, `raw` and templates may say.

Istio's come from the definitions that its own installation carries, those of Kubernetes from the schema by which its Go
client merges objects, those of operators and of older releases of Istio's API from their own Go modules, which Go fetches.
`cargo test --test live_judges` holds the file against what this makes.

    python3 tests/live/fields.py > src/verbatim/fields.txt

`--definitions FOLDER` writes nothing but copies those definitions into a folder, for a cluster to be told of the kinds.
"""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import yaml

ORACLE = Path(__file__).parent / "oracle"

# Which of an object's parts may be said; all else that Kubernetes has there is set by the cluster, or is somebody's claim.
METADATA = {"name": "s", "namespace": "s", "labels": "<s", "annotations": "<s"}

# By what the items of a list are told apart where Istio's definitions do not say it: what people call them by. `!`: none is
# added, since their order counts, or a word of the language adds them.
KEYS = {
    "VirtualService": {"spec.http": "name!"},
    "DestinationRule": {
        "spec.subsets": "name",
        "spec.trafficPolicy.portLevelSettings": "port.number",
        "spec.subsets.trafficPolicy.portLevelSettings": "port.number",
    },
    "Gateway": {"spec.servers": "port.name!"},
    "ServiceEntry": {"spec.ports": "number", "spec.endpoints": "address"},
    "Sidecar": {"spec.ingress": "port.number"},
    "RequestAuthentication": {"spec.jwtRules": "issuer"},
}

# What istiod's own validation asks for beside Istio's definitions: fields that are needed, by kind, and ranges of numbers and
# types of texts, by the end of their path.
NEEDED = {"Gateway": ["spec.servers"]}
RANGES = {
    "port.number": "1..65535", "ports.number": "1..65535", "retries.attempts": "0..", "weight": "0..",
    "percentage.value": "0..100", "mirrorPercentage.value": "0..100",
}
TEXTS = {
    "servers.port.protocol": "p", "ports.protocol": "p", "ingress.port.protocol": "p",
    # These may be nothing, so the definitions say nothing of them.
    "tcp.idleTimeout": "T", "httpCookie.ttl": "T", "retryBudget.budgetInterval": "T",
}

# The kinds of Kubernetes itself, by the names that its schema has for them.
KUBERNETES = {
    "v1 ConfigMap": "io.k8s.api.core.v1.ConfigMap",
    "v1 Namespace": "io.k8s.api.core.v1.Namespace",
    "v1 Service": "io.k8s.api.core.v1.Service",
    "v1 ServiceAccount": "io.k8s.api.core.v1.ServiceAccount",
    "apps/v1 Deployment": "io.k8s.api.apps.v1.Deployment",
    "autoscaling/v2 HorizontalPodAutoscaler": "io.k8s.api.autoscaling.v2.HorizontalPodAutoscaler",
    "networking.k8s.io/v1 NetworkPolicy": "io.k8s.api.networking.v1.NetworkPolicy",
    "policy/v1 PodDisruptionBudget": "io.k8s.api.policy.v1.PodDisruptionBudget",
}


# The releases of Istio's API, each with the oldest tag that there is: what one has and none before it came with it.
RELEASES = {
    22: "v1.22.0", 23: "v1.23.0", 24: "v1.24.0", 25: "v1.25.0", 26: "v1.26.0", 27: "v1.27.0", 28: "v1.28.0", 29: "v1.29.0",
    30: "v1.30.1", 31: "v1.31.0",
}

# The kinds of operators that templates make, where their definitions stand in the operators' own modules.
PROMETHEUS = "github.com/prometheus-operator/prometheus-operator@v0.85.0"
CERT_MANAGER = "github.com/cert-manager/cert-manager@v1.21.2"
OPERATORS = [
    (PROMETHEUS, "example/prometheus-operator-crd/monitoring.coreos.com_podmonitors.yaml"),
    (PROMETHEUS, "example/prometheus-operator-crd/monitoring.coreos.com_prometheusrules.yaml"),
    (PROMETHEUS, "example/prometheus-operator-crd/monitoring.coreos.com_servicemonitors.yaml"),
    (CERT_MANAGER, "deploy/crds/cert-manager.io_certificates.yaml"),
]

# No Go module carries the definition of this kind: it is written down from the definition in kiali-operator's
# `crd-docs`. Later releases have no `istio_namespace`, which earlier ones take.
KIALI = {
    "additional_display_details": "[a", "auth": "a", "chat_ai": "a", "clustering": "a", "custom_dashboards": "[a",
    "deployment": "a", "external_services": "a", "extensions": "[a", "health_config": "a", "identity": "a",
    "installation_tag": "s", "istio_labels": "a", "istio_namespace": "s", "kiali_feature_flags": "a",
    "kubernetes_config": "a", "login_token": "a", "server": "a", "version": "s",
}

# The values of the control plane: what the chart `istiod` takes, with the whole of Istio's configuration of the mesh.
VALUES = "operator/pkg/apis/values_types.proto"
MESH = ["mesh/v1alpha1/config.proto", "mesh/v1alpha1/proxy.proto", "mesh/v1alpha1/network.proto"]
WELL_KNOWN = {
    "BoolValue": "b", "Duration": "T", "StringValue": "s", "UInt32Value": "i", "Int32Value": "i", "Int64Value": "i",
    "DoubleValue": "n", "IntOrString": "q", "bool": "b", "bytes": "s", "double": "n", "float": "n", "int32": "i",
    "int64": "i", "string": "s", "uint32": "i", "uint64": "i",
}


class Table:
    """Structs by what they have: those that are equal are one."""

    def __init__(self):
        self.numbers = {}
        self.lines = []

    def struct(self, fields):
        line = " ".join(f"{name}:{fields[name]}" for name in sorted(fields))
        if line not in self.numbers:
            self.numbers[line] = len(self.lines)
            self.lines.append(line)
        return f"@{self.numbers[line]}"


def module(name):
    """The folder of a Go module that the oracle is built of."""
    found = subprocess.run(
        ["go", "list", "-m", "-f", "{{.Dir}}", name], cwd=ORACLE, check=True, capture_output=True, text=True
    )
    return Path(found.stdout.strip())


def downloaded(versioned):
    """The folder of a Go module of a version."""
    found = subprocess.run(["go", "mod", "download", "-json", versioned], cwd="/", check=True, capture_output=True, text=True)
    return Path(json.loads(found.stdout)["Dir"])


def istio_definitions():
    return module("istio.io/istio") / "manifests/charts/base/files/crd-all.gen.yaml"


def operator_definitions():
    return [downloaded(versioned) / file for versioned, file in OPERATORS]


def istio(table):
    yield from defined(table, istio_definitions())


def operators(table):
    for file in operator_definitions():
        yield from defined(table, file)
    yield "kiali.io/v1alpha1 Kiali", {"spec": table.struct(KIALI)}


def defined(table, file):
    for definition in yaml.load_all(file.read_text(), yaml.CSafeLoader):
        names, group = definition["spec"]["names"], definition["spec"]["group"]
        for version in definition["spec"]["versions"]:
            spec = version["schema"]["openAPIV3Schema"]["properties"]["spec"]
            kind = names["kind"] if group.endswith("istio.io") else None
            needed = "!" if spec.get("required") or kind in NEEDED else ""
            yield f"{group}/{version['name']} {names['kind']}", {f"spec{needed}": of_schema(table, spec, kind, "spec")}


def of_schema(table, schema, istio, path):
    """The type that a schema of OpenAPI describes; `istio` is the name of the kind, if it is one of Istio's."""
    if schema.get("x-kubernetes-int-or-string"):
        return "q"
    kind = schema.get("type")
    if kind == "object" and "properties" in schema:
        needed = {name for name in schema.get("required", []) if "default" not in schema["properties"].get(name, {})}
        needed |= {name for name in schema["properties"] if f"{path}.{name}" in NEEDED.get(istio, [])}
        return table.struct({
            name + ("!" if name in needed else ""): of_schema(table, field, istio, f"{path}.{name}")
            for name, field in schema["properties"].items()
        })
    if kind == "object" and isinstance(schema.get("additionalProperties"), dict):
        return "<" + of_schema(table, schema["additionalProperties"], istio, path)
    if kind == "array":
        key = KEYS.get(istio, {}).get(path, "+".join(schema.get("x-kubernetes-list-map-keys", [])))
        key = f"({key})" if key else ""
        return "[" + key + of_schema(table, schema["items"], istio, path)
    if kind == "string" and "enum" in schema:
        return "e(" + "|".join(word for word in schema["enum"] if word) + ")"
    if kind == "string":
        is_duration = any("duration(self)" in rule["rule"] for rule in schema.get("x-kubernetes-validations", []))
        return by_end(TEXTS, istio, path) or ("t" if is_duration else "s")
    if kind in ("integer", "number"):
        low, high = (f"{schema[end]:.0f}" if end in schema else "" for end in ("minimum", "maximum"))
        return kind[0] + (by_end(RANGES, istio, path) or (f"{low}..{high}" if low or high else ""))
    return {"boolean": "b"}.get(kind, "a")


def by_end(known, istio, path):
    """What is known of the fields of Istio's kinds whose path ends so."""
    return next((said for end, said in known.items() if istio and path.endswith(f".{end}")), None)


def newer():
    """The fields that some release of Istio's API does not have, with the first that has them."""
    known, since = {}, {}
    for release, tag in RELEASES.items():
        file = downloaded(f"istio.io/api@{tag}") / "kubernetes/customresourcedefinitions.gen.yaml"
        for definition in yaml.load_all(file.read_text(), yaml.CSafeLoader):
            kind = definition and definition["spec"]["names"]["kind"]
            for version in definition["spec"]["versions"] if definition else []:
                for path in paths(version["schema"]["openAPIV3Schema"]["properties"]["spec"], "spec"):
                    known.setdefault((kind, path), release)
    oldest = min(RELEASES)
    for (kind, path), release in sorted(known.items()):
        above = path.rpartition(".")[0]
        if release > oldest and known.get((kind, above), oldest) < release:
            since[kind, path] = release
    return [f"{kind} {path} {release}" for (kind, path), release in since.items()]


def paths(schema, path):
    """The path of each field of a schema of OpenAPI; items of lists and maps add nothing to it."""
    yield path
    for name, field in schema.get("properties", {}).items():
        yield from paths(field, f"{path}.{name}")
    for inner in (schema.get("items"), schema.get("additionalProperties")):
        if isinstance(inner, dict):
            yield from (found for found in paths(inner, path) if found != path)


def control_plane(table):
    """What the chart `istiod` takes: the values of its own, and what the proto files of Istio say of them."""
    istio = module("istio.io/istio")
    messages, of_mesh = protos([istio / VALUES]), protos([module("istio.io/api") / file for file in MESH])
    values = yaml.load((istio / "manifests/charts/istio-control/istio-discovery/values.yaml").read_text(), yaml.CSafeLoader)
    own = {name: "a" for name in values["_internal_defaults_do_not_set"]}
    for message in ("PilotConfig", "Values"):
        own |= {name: of_proto(table, messages, said, (message,)) for name, said in messages[message].items()}
    for name in ("env", "deploymentLabels", "deploymentAnnotations", "podLabels", "podAnnotations", "serviceAnnotations"):
        own[name] = "<a"
    own["meshConfig"] = of_proto(table, of_mesh, "MeshConfig", ())
    return "values control-plane", table.struct(own)


def protos(files):
    """The messages of proto files with the types of their fields, and their enumerations with their words."""
    messages = {}
    for file in files:
        text = re.sub(r"//[^\n]*|/\*.*?\*/", "", file.read_text(), flags=re.S)
        text = re.sub(r'"(?:[^"\\]|\\.)*"', lambda found: found[0].replace("{", "").replace("}", "").replace(";", ""), text)
        open_ = []
        for statement, end in re.findall(r"([^;{}]*)([;{}])", text):
            words = statement.split()
            if end == "{":
                kind = words[0] if words else ""
                name = words[1] if kind in ("message", "enum") else ""
                path = ".".join([above for above in open_ if above] + [name]) if name else ""
                if name:
                    messages[path] = {} if kind == "message" else []
                open_.append(name)
            elif end == "}":
                open_ and open_.pop()
            within = messages.get(".".join(above for above in open_ if above))
            if end != ";" or within is None or not words:
                continue
            if isinstance(within, list) and re.match(r"\w+\s*=\s*-?\d+", statement.strip()):
                within.append(words[0])
            found = re.match(r"(?:optional )?(repeated )?(map\s*<[^>]*>|[\w.]+)\s+(\w+)\s*=\s*\d+(.*)", " ".join(words))
            if isinstance(within, dict) and found and words[0] not in ("option", "reserved", "syntax", "package", "import"):
                named = re.search(r'json_name\s*=\s*"(\w+)"', found[4])
                name = named[1] if named else re.sub(r"_(\w)", lambda letter: letter[1].upper(), found[3])
                within[name] = ("[" if found[1] else "") + found[2].replace(" ", "")
    return messages


def of_proto(table, messages, said, above):
    if said.startswith("["):
        key = "(name)" if said.endswith("ExtensionProvider") else ""
        return "[" + key + of_proto(table, messages, said[1:], above)
    if said.startswith("map<"):
        return "<" + of_proto(table, messages, said[4:-1].split(",", 1)[1], above)
    short = said.rpartition(".")[2]
    if short in WELL_KNOWN:
        return WELL_KNOWN[short]
    scopes = [".".join(above[-1].split(".")[:length]) for length in range(len(above[-1].split(".")), 0, -1)] if above else []
    names = [f"{scope}.{said}" for scope in scopes] + [said, short]
    name = next((name for name in names if name in messages), None)
    if name is None or name in above:
        return "a"
    found = messages[name]
    if isinstance(found, list):
        return "e(" + "|".join(found) + ")"
    if not found:
        return "<a"
    return table.struct({field: of_proto(table, messages, kind, (*above, name)) for field, kind in found.items()})


def kubernetes(table):
    text = (module("k8s.io/client-go") / "applyconfigurations/internal/internal.go").read_text()
    text = text.split("typed.YAMLObject(`", 1)[1].split("`)", 1)[0]
    types = {one["name"]: one for one in yaml.load(text, yaml.CSafeLoader)["types"]}
    for kind, name in KUBERNETES.items():
        fields = {field["name"]: field["type"] for field in types[name]["map"]["fields"]}
        own = {name: of_type(table, types, said, ()) for name, said in fields.items() if name not in NOT_SAID}
        yield kind, own


NOT_SAID = {"apiVersion", "kind", "metadata", "status"}
SCALARS = {"string": "s", "numeric": "i", "boolean": "b", "untyped": "a"}


def of_type(table, types, said, above):
    """The type that a schema of structured merging describes; what holds itself is not looked into again."""
    name = said.get("namedType")
    if name is not None:
        if name.endswith("IntOrString"):
            return "q"
        if name.endswith("resource.Quantity"):
            return "q"
        if name in above:
            return "a"
        return of_type(table, types, types[name], (*above, name))
    if "scalar" in said:
        return SCALARS[said["scalar"]]
    if "list" in said:
        keys = said["list"].get("keys", [])
        key = f"({'+'.join(keys)})" if said["list"].get("elementRelationship") == "associative" and keys else ""
        return "[" + key + of_type(table, types, said["list"]["elementType"], above)
    fields = said["map"].get("fields")
    if fields is None:
        element = said["map"]["elementType"]
        return "a" if element.get("namedType") == "__untyped_deduced_" else "<" + of_type(table, types, element, above)
    return table.struct({field["name"]: of_type(table, types, field["type"], above) for field in fields})


def copy_definitions(folder):
    folder.mkdir(parents=True)
    for file in [istio_definitions(), *operator_definitions()]:
        shutil.copyfile(file, folder / file.name)


def main(arguments):
    if arguments[:1] == ["--definitions"]:
        return copy_definitions(Path(arguments[1]))
    table, kinds = Table(), {}
    metadata = table.struct(METADATA)
    for kind, fields in [*istio(table), *kubernetes(table), *operators(table)]:
        kinds[kind] = table.struct({"apiVersion": "s", "kind": "s", "metadata": metadata, **fields})
    name, struct = control_plane(table)
    kinds[name] = struct
    lines = [f"{kind} {struct[1:]}" for kind, struct in sorted(kinds.items())]
    print("# Made by tests/live/fields.py from the modules of Istio, Kubernetes and operators. Kinds with their struct; structs;")
    print("# the fields that came with a later release of Istio, and with which.")
    print("\n\n".join("\n".join(part) for part in (lines, table.lines, newer())))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
