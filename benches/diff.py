#!/usr/bin/env python3
"""How much comparing two rendered trees costs, beside `diff -r` over the same files in the same run.

    python3 benches/diff.py               two trees of about 10,000 objects, 1 % of the services changed
    python3 benches/diff.py --services 100
    python3 benches/diff.py --all         the same with every service changed, and a dump of a cluster on one side

See benches/README.md. Needs nothing but Python and `diff`; `dyff` is measured too where it is on the PATH.
"""

import argparse
import re
import shutil
import sys
import tempfile
from pathlib import Path

from compile import HERE, medians, name, namespace, run, write_job

SERVICES = 1_565
OF_HUNDRED = 100


def change(workspace: Path, n: int, each: int) -> None:
    """Gives the canary of each so-many-th service another share."""
    for i in range(0, n, each):
        path = workspace / namespace(i) / f"{name(i)}.kdl"
        path.write_text(re.sub(r"percent=(\d+)", lambda share: f"percent={int(share[1]) + 7}", path.read_text()))


def rendered(mesh: Path, n: int, folder: Path, each: int) -> Path:
    """The job's tree, with each so-many-th service changed; none where that is 0."""
    tree, workspace = folder / f"tree-{each}", write_job(n, folder / f"job-{each}") / "workspace"
    if each:
        change(workspace, n, each)
    run([mesh, "compile", "-C", workspace, "-o", tree], folder / "output")
    return tree


def objects(tree: Path) -> list[str]:
    """Every object of a tree as text, without comments."""
    texts = (path.read_text() for path in sorted(tree.rglob("*.yaml")))
    plain = ("".join(line for line in text.splitlines(True) if not line.startswith("#")) for text in texts)
    return [text for text in plain if "\nkind: " in text and "\nkind: Kustomization" not in text]


def dumped(tree: Path, path: Path) -> Path:
    """What `kubectl get -o yaml` would print of a tree."""
    indented = ("- " + text.rstrip("\n").replace("\n", "\n  ") + "\n" for text in objects(tree))
    path.write_text("apiVersion: v1\nkind: List\nitems:\n" + "".join(indented))
    return path


def streamed(tree: Path, path: Path) -> Path:
    """A tree as one stream of documents."""
    path.write_text("---\n".join(objects(tree)))
    return path


def differing(*command: object) -> list:
    """A command that ends with 1 where it finds differences."""
    return ["sh", "-c", '"$@" || [ $? = 1 ]', "sh", *command]


def commands(mesh: Path, before: Path, after: Path, folder: Path) -> dict:
    """Every tool that compares two trees."""
    sides = ["--from", f"dir:{before}", "--to", f"dir:{after}"]
    found = {"mesh diff": [mesh, "diff", *sides, "--exit-zero"], "diff -r": differing("diff", "-r", before, after)}
    if dyff := shutil.which("dyff"):
        streams = [streamed(tree, folder / f"{tree.name}.yaml") for tree in (before, after)]
        found["dyff"] = [dyff, "between", "--omit-header", *streams]
    return found


def table(title: str, found: dict) -> None:
    """CPU and memory of every tool, and how many times `diff -r` that is."""
    print(title)
    for key, one in found.items():
        ratio = one.cpu / found["diff -r"].cpu
        print(f"  {key:16} {one.cpu:8.4f} CPU s {one.peak:8.1f} MiB {one.output:12,.0f} bytes {ratio:8.2f} times diff -r")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="What comparing two trees costs, beside diff -r in the same run.")
    parser.add_argument("--mesh", type=Path, default=HERE.parent / "target/release/mesh", help="the binary to measure")
    parser.add_argument("--services", type=int, default=SERVICES, help="how many services the trees are of")
    parser.add_argument("--rounds", type=int, default=5, help="runs of each tool, of which the median counts")
    parser.add_argument("--all", action="store_true", help="measure trees that differ everywhere, and a dump, as well")
    return parser.parse_args()


def main() -> None:
    asked = arguments()
    if not asked.mesh.is_file():
        sys.exit(f"no {asked.mesh}: cargo build --release")
    mesh, n = asked.mesh.resolve(), asked.services
    with tempfile.TemporaryDirectory(prefix="mesh-bench-") as scratch:
        folder = Path(scratch)
        before = rendered(mesh, n, folder, 0)
        count = len(objects(before))
        measured = lambda after: medians(commands(mesh, before, after, folder), asked.rounds, folder / "output")
        after = rendered(mesh, n, folder, OF_HUNDRED)
        table(f"two trees of {count:,} objects, 1 % of {n:,} services changed", measured(after))
        if asked.all:
            table(f"the same, all of {n:,} services changed", measured(rendered(mesh, n, folder, 1)))
            sides = ["--from", f"dump:{dumped(before, folder / 'dump.yaml')}", "--to", f"dir:{after}"]
            one = run([mesh, "diff", *sides, "--exit-zero"], folder / "output")
            print(f"a dump of {count:,} objects beside a tree: {one.cpu:.4f} CPU s {one.peak:.1f} MiB")


main()
