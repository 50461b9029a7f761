"""Replays scenarios: python -m mesh --oracle FILE --envoy FILE --root DIR SCENARIO..."""

import argparse
import os
import signal
import sys
from pathlib import Path

from mesh import network, replay, scenario
from mesh.running import Tools


def main() -> int:
    parser = argparse.ArgumentParser(prog="mesh", description=__doc__)
    parser.add_argument("--oracle", required=True, type=Path, help="the program built from oracle/")
    parser.add_argument("--envoy", required=True, type=Path, help="an Envoy")
    parser.add_argument("--root", default=Path(), type=Path, help="where the paths of trees begin")
    parser.add_argument("scenarios", nargs="+", type=Path)
    arguments = parser.parse_args()
    if os.geteuid() != 0:
        sys.exit("network namespaces need root")
    # A run that is told to end must still take its processes and namespaces along.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended by a signal"))
    network.remove_leftovers()
    tools = Tools(arguments.oracle.resolve(), arguments.envoy.resolve())
    failures = 0
    for path in arguments.scenarios:
        print(f"# {path.stem}", flush=True)
        try:
            failures += replay.replay(scenario.load(path, arguments.root), tools)
        except (scenario.Mistake, RuntimeError) as error:
            print(f"  FAILED {error}", flush=True)
            failures += 1
    return 1 if failures else 0


sys.exit(main())
