"""Processes of one run: started in groups of their own, and ended with it."""

import os
import signal
import subprocess
import time
from pathlib import Path

# Even where the run is killed and can end nothing itself.
DIE_WITH_PARENT = ["setpriv", "--pdeathsig", "KILL"]


def run(command: list, text: str | None = None) -> str:
    """Runs a short command to its end; what it says on failure becomes the exception."""
    done = subprocess.run(command, input=text, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip()}")
    return done.stdout


class Processes:
    """What one run has started. Each process writes its standard error to a file of its name."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.started = []

    def start(self, name: str, command: list, **streams) -> subprocess.Popen:
        self.log(name).touch()
        self.log(name).chmod(0o666)  # a proxy, which is another user, opens its own output again
        with self.log(name).open("w") as log:
            streams = streams or {"stdout": log}
            process = subprocess.Popen([*DIE_WITH_PARENT, *command], stderr=log, start_new_session=True, **streams)
        self.started.append(process)
        return process

    def log(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    def tail(self, name: str) -> str:
        return self.log(name).read_text(errors="replace")[-2000:]

    def end(self) -> None:
        for process in self.started:
            try:
                os.killpg(process.pid, signal.SIGTERM)
            except ProcessLookupError:
                continue
        for process in self.started:
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def wait_until(true, seconds: float, complaint) -> None:
    """Polls; `complaint` words what to say when the time is up."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            raise RuntimeError(f"{complaint()}\nnot ready after {seconds:.0f} s")
        time.sleep(0.1)
