"""Replays a scenario: python -m mesh --oracle FILE --envoy FILE [--root DIR | --compiled DIR] SCENARIO"""

import argparse
import os
import signal
import sys
from pathlib import Path

from mesh import network, replay, scenario
from mesh.model import Mistake
from mesh.running import Tools


def main() -> int:
    parser = argparse.ArgumentParser(prog="mesh", description=__doc__)
    parser.add_argument("--oracle", required=True, type=Path, help="the program built from oracle/")
    parser.add_argument("--envoy", required=True, type=Path, help="an Envoy")
    parser.add_argument("--root", default=Path(), type=Path, help="where the paths of trees begin")
    parser.add_argument("--compiled", type=Path, help="the folder that the intent of the scenario was compiled into")
    parser.add_argument("scenario", type=Path)
    arguments = parser.parse_args()
    if os.geteuid() != 0:
        sys.exit("network namespaces need root")
    # A run that is told to end must still take its processes and namespaces along.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended by a signal"))
    network.remove_leftovers()
    tools = Tools(arguments.oracle.resolve(), arguments.envoy.resolve())
    print(f"# {arguments.scenario.stem}", flush=True)
    try:
        loaded = scenario.load(arguments.scenario, arguments.root, arguments.compiled)
        return 1 if replay.replay(loaded, tools) else 0
    except (Mistake, RuntimeError) as error:
        print(f"  FAILED {error}", flush=True)
        return 1


sys.exit(main())
