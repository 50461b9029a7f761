#!/usr/bin/env python3
"""How much a whole compilation costs, beside Jsonnet's over the same facts in the same run.

    python3 benches/compile.py                  the table: 10, 100, 1,000 and 10,000 services
    python3 benches/compile.py --large          the same and 100,000 services
    python3 benches/compile.py --unchanged      a folder in which nothing changed, beside reading and comparing it
    python3 benches/compile.py --instructions   instructions for each service, which no other program disturbs

See benches/README.md. Needs nothing but Python; `--instructions` needs valgrind.
"""

import argparse
import json
import math
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve().parent
SIZES = [10, 100, 1_000, 10_000]
LARGE = 100_000
PEER_SIZES = [1_000]
INSTRUCTIONS_AT = 1_000


class Run(NamedTuple):
    """One run of a program as a whole process."""

    cpu: float  # seconds, of the program and of the system for it
    peak: float  # MiB
    output: int  # bytes


# --- the job ---------------------------------------------------------------------------------------------------------


def callers(i: int, n: int) -> list[int]:
    """Who may call service `i` of `n`."""
    return sorted({(i * 7 + step * 13) % n for step in (1, 2, 3)} - {i})


def callees(n: int) -> list[list[int]]:
    """What each of `n` services calls: the other side of `callers`."""
    calls = [[] for _ in range(n)]
    for callee in range(n):
        for caller in callers(callee, n):
            calls[caller].append(callee)
    return calls


def name(i: int) -> str:
    return f"svc-{i:05d}"


def namespace(i: int) -> str:
    return f"team-{i // 10:04d}"


def record(i: int, n: int) -> dict:
    """The facts of one service, as data."""
    return {
        "name": name(i),
        "namespace": namespace(i),
        "port": 8080 + i % 7,
        "host": f"{name(i)}.shop.example.com",
        "versions": ["v1", "v2"],
        "canary": {"version": "v2", "percent": 1 + i % 49, "header": "x-canary", "value": f"beta-{i % 5}"},
        "breaker": {
            "consecutive5xx": 3 + i % 7,
            "interval": f"{5 + i % 25}s",
            "baseEjection": f"{30 + i % 60}s",
            "maxEjection": 10 + i % 90,
            "connections": 100 + i % 900,
            "pendingRequests": 16 + i % 48,
            "requests": 128 + i % 128,
            "requestsPerConnection": 1 + i % 20,
        },
        "mtls": "STRICT",
        "callers": [{"namespace": namespace(j), "name": name(j)} for j in callers(i, n)],
    }


def page(facts: dict, calls: list[int]) -> str:
    """The same facts as a page of intent."""
    canary, breaker = facts["canary"], facts["breaker"]
    allows = [f"    allow {caller['name']}.{caller['namespace']}" for caller in facts["callers"]]
    return "\n".join([
        f"service {facts['name']} namespace={facts['namespace']} {{",
        f"    port {facts['port']} http",
        f"    versions {' '.join(facts['versions'])}",
        "",
        f"    canary {canary['version']} percent={canary['percent']} {{",
        f"        match {{ header {canary['header']} \"{canary['value']}\" }}",
        "    }",
        "    breaker {",
        f"        consecutive-5xx {breaker['consecutive5xx']}",
        f"        interval \"{breaker['interval']}\"",
        f"        base-ejection \"{breaker['baseEjection']}\"",
        f"        max-ejection {breaker['maxEjection']}",
        f"        connections {breaker['connections']}",
        f"        pending-requests {breaker['pendingRequests']}",
        f"        requests {breaker['requests']}",
        f"        requests-per-connection {breaker['requestsPerConnection']}",
        "    }",
        f"    mtls {facts['mtls'].lower()}",
        *allows,
        *(f"    calls {name(j)}.{namespace(j)}" for j in calls),
        "}",
        "",
    ])


def write_job(n: int, folder: Path) -> Path:
    """Writes the job for `n` services: a workspace with a file for each, and the records for the peer."""
    workspace = folder / str(n) / "workspace"
    calls = callees(n)
    for i in range(n):
        path = workspace / namespace(i) / f"{name(i)}.kdl"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page(record(i, n), calls[i]))
    namespaces = "".join(f"namespace {namespace(i)}\n" for i in range(0, n, 10))
    (workspace / "mesh.kdl").write_text('mesh bench language=1 { target istio "1.30" }\n\n' + namespaces)
    (folder / str(n) / "services.json").write_text(json.dumps([record(i, n) for i in range(n)]))
    return folder / str(n)


# --- measuring -------------------------------------------------------------------------------------------------------

# The kernel counts the memory of whoever starts a program as the program's until it is loaded, so a starter of about
# 5 MiB stands between: smaller peaks than that are not seen.
STARTER = """
import os, sys
child = os.fork()
if child == 0:
    os.dup2(os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 1)
    os.execvp(sys.argv[2], sys.argv[2:])
_, status, used = os.wait4(child, 0)
print(status, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
"""


def run(command: list, output: Path) -> Run:
    """Runs a command, its standard output in `output`."""
    starter = [sys.executable, "-I", "-S", "-c", STARTER, str(output)]
    told = subprocess.run([*starter, *map(str, command)], stdout=subprocess.PIPE, check=True, text=True)
    status, cpu, peak = told.stdout.split()
    if status != "0":
        sys.exit(f"{command[0]} ended with status {status}")
    return Run(float(cpu), float(peak), output.stat().st_size)


def medians(commands: dict, rounds: int, output: Path) -> dict:
    """Runs every command in turn, `rounds` times, so that a machine that slows down slows all of them."""
    runs = {key: [] for key in commands}
    for _ in range(rounds):
        for key, command in commands.items():
            runs[key].append(run(command, output))
    return {key: Run(*map(statistics.median, zip(*all_of_one))) for key, all_of_one in runs.items()}


def instructions(command: list) -> int:
    """How many instructions a command executes."""
    valgrind = ["valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"]
    done = subprocess.run([*valgrind, *map(str, command)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    found = re.search(r"I\s+refs:\s+([\d,]+)", done.stderr)
    if done.returncode != 0 or not found:
        sys.exit(done.stderr)
    return int(found[1].replace(",", ""))


# --- the measurements ------------------------------------------------------------------------------------------------


def table(tools: dict, sizes: list[int], rounds: int, folder: Path) -> None:
    """CPU, memory and output of every tool at every size, and how CPU grows."""
    print(f"{'services':>8}  {'tool':8} {'CPU s':>8} {'peak MiB':>9} {'output bytes':>13} {'ns a byte':>9} {'of mesh':>8}")
    cpu = {}
    for n in sizes:
        job = write_job(n, folder)
        chosen = {tool: command(job) for tool, (command, limit) in tools.items() if limit is None or n in limit}
        for tool, found in medians(chosen, rounds, folder / "output").items():
            cpu[tool, n] = found.cpu
            cost, ratio = found.cpu * 1e9 / found.output, found.cpu / cpu["mesh", n]
            figures = f"{found.cpu:8.4f} {found.peak:9.1f} {found.output:13,.0f} {cost:9.1f} {ratio:8.1f}"
            print(f"{n:8,}  {tool:8} {figures}", flush=True)
    for small, large in zip(sizes, sizes[1:]):
        if small >= 1_000:
            exponent = math.log(cpu["mesh", large] / cpu["mesh", small]) / math.log(large / small)
            print(f"growth from {small:,} to {large:,} services: CPU with the power {exponent:.3f} of their number")


def unchanged(mesh: Path, n: int, rounds: int, folder: Path) -> None:
    """A second compilation into a folder where nothing changed, beside reading and comparing the same files."""
    job, tree, copy = write_job(n, folder), folder / "tree", folder / "copy"
    compile_tree = [mesh, "compile", "-C", job / "workspace", "-o", tree]
    run(compile_tree, folder / "output")
    shutil.copytree(tree, copy)
    before = stamps(tree)
    commands = {
        "mesh compile -o DIR": compile_tree,
        "mesh compile -o -": [mesh, "compile", "-C", job / "workspace", "-o", "-"],
        "diff -rq": ["diff", "-rq", tree, copy],
    }
    found = medians(commands, rounds, folder / "output")
    after = stamps(tree)
    written = sum(before.get(path) != stamp for path, stamp in after.items())
    print(f"{n:,} services, {len(after):,} files: {written} written where nothing changed")
    for key, one in found.items():
        print(f"{key:20} {one.cpu:8.4f} CPU s {one.peak:8.1f} MiB")
    to_compare = found["mesh compile -o DIR"].cpu - found["mesh compile -o -"].cpu
    print(f"read and compare: {to_compare:.4f} CPU s, {to_compare / found['diff -rq'].cpu:.2f} times diff's")


def stamps(tree: Path) -> dict:
    """What a rewritten file could not keep: its inode and the times of its change."""
    of = lambda path: (path.stat().st_ino, path.stat().st_mtime_ns, path.stat().st_ctime_ns)
    return {path: of(path) for path in tree.rglob("*") if path.is_file()}


def count_instructions(mesh: Path, n: int, folder: Path) -> None:
    """Instructions for each service: the same figure on every run, whatever else the machine does."""
    job = write_job(n, folder)
    for output in ["-", folder / "tree"]:
        total = instructions([mesh, "compile", "-C", job / "workspace", "-o", output])
        print(f"{n:,} services to {'a stream' if output == '-' else 'a folder'}: {total // n:,} instructions a service")


# --- the command -----------------------------------------------------------------------------------------------------


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="What a compilation costs, beside Jsonnet's in the same run.")
    parser.add_argument("--mesh", type=Path, default=HERE.parent / "target/release/mesh", help="the binary to measure")
    parser.add_argument("--jrsonnet", default="jrsonnet", help="the peer; left out where there is none")
    parser.add_argument("--sizes", type=lambda text: [int(n) for n in text.split(",")], help="services: 10,1000")
    parser.add_argument("--rounds", type=int, default=5, help="runs of each tool, of which the median counts")
    parser.add_argument("--large", action="store_true", help="100,000 services too")
    parser.add_argument("--unchanged", action="store_true", help="measure a folder where nothing changed instead")
    parser.add_argument("--instructions", action="store_true", help="count instructions instead")
    return parser.parse_args()


def tools(mesh: Path, jrsonnet: str) -> dict:
    """Each tool: its command for a job, and at which sizes it is run; none: at all."""
    found = {"mesh": (lambda job: [mesh, "compile", "-C", job / "workspace", "-o", "-"], None)}
    peer = shutil.which(jrsonnet)
    if peer is None:
        print(f"no {jrsonnet} here: benches/README.md says how to get it", file=sys.stderr)
        return found
    program = HERE / "peers/mesh.jsonnet"
    command = lambda job: [peer, "-y", program, "--tla-code-file", f"services={job / 'services.json'}"]
    return found | {"jrsonnet": (command, PEER_SIZES)}


def main() -> None:
    asked = arguments()
    if not asked.mesh.is_file():
        sys.exit(f"no {asked.mesh}: cargo build --release")
    mesh = asked.mesh.resolve()
    with tempfile.TemporaryDirectory(prefix="mesh-bench-") as scratch:
        folder = Path(scratch)
        if asked.instructions:
            count_instructions(mesh, (asked.sizes or [INSTRUCTIONS_AT])[0], folder)
        elif asked.unchanged:
            unchanged(mesh, (asked.sizes or [1_000])[0], asked.rounds, folder)
        else:
            sizes = asked.sizes or SIZES + [LARGE] * asked.large
            table(tools(mesh, asked.jrsonnet), sizes, asked.rounds, folder)


if __name__ == "__main__":
    main()
