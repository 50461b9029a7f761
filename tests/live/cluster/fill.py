"""Puts the objects of a compiled tree into the store of an API server as the server would have put them there.

    fill.py STORE-PORT TREE

Ten thousand objects take a server a minute; here they take as long as reading them does.
"""

import base64
import json
import sys
import urllib.request
import uuid
from pathlib import Path

import yaml

STORE = f"http://127.0.0.1:{sys.argv[1]}/v3/kv/txn"
MOST_BYTES = 500_000
NOW = "2026-11-24T12:00:00Z"


def plural(kind):
    name = kind.lower()
    if name.endswith("y") and name[-2] not in "aeiou":
        return name[:-1] + "ies"
    return name + ("es" if name.endswith(("s", "x", "ch", "sh")) else "s")


def key(object):
    group, _, _ = object["apiVersion"].rpartition("/")
    of_group = f"/{group}" if "." in group and not group.endswith(".k8s.io") else ""
    names = [object["metadata"].get("namespace"), object["metadata"]["name"]]
    return f"/registry{of_group}/{plural(object['kind'])}/" + "/".join(name for name in names if name)


def owned(value):
    """The fields of a value as server-side apply notes whose they are."""
    return {f"f:{name}": owned(part) for name, part in value.items()} if isinstance(value, dict) else {}


def stored(object):
    fields = owned({name: part for name, part in object.items() if name not in ("apiVersion", "kind")})
    noted = {
        "manager": "kubectl", "operation": "Apply", "apiVersion": object["apiVersion"], "time": NOW, "fieldsType": "FieldsV1",
        "fieldsV1": fields,
    }
    given = {"uid": str(uuid.uuid5(uuid.NAMESPACE_URL, key(object))), "generation": 1, "creationTimestamp": NOW}
    return {**object, "metadata": {**object["metadata"], **given, "managedFields": [noted]}}


def put(operations):
    body = json.dumps({"success": operations}).encode()
    urllib.request.urlopen(urllib.request.Request(STORE, body, {"Content-Type": "application/json"})).read()


def main(tree):
    count, size, operations = 0, 0, []
    for path in sorted(Path(tree).rglob("*.yaml")):
        object = yaml.load(path.read_text(), yaml.CSafeLoader)
        if not isinstance(object, dict) or "metadata" not in object:
            continue
        value = json.dumps(stored(object)).encode()
        names = [base64.b64encode(text).decode() for text in (key(object).encode(), value)]
        operations.append({"requestPut": {"key": names[0], "value": names[1]}})
        count, size = count + 1, size + len(value)
        if size > MOST_BYTES:
            put(operations)
            size, operations = 0, []
    if operations:
        put(operations)
    print(count)


main(sys.argv[2])
