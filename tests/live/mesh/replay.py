"""Replays the steps of a scenario and says what came back."""

import time
from collections import Counter

from mesh.expectation import differences
from mesh.running import RunningMesh, Tools
from mesh.model import Scenario, Step


def replay(scenario: Scenario, tools: Tools) -> int:
    """The number of steps that went otherwise than expected."""
    failures = 0
    with RunningMesh(scenario, tools) as mesh:
        began = time.monotonic()
        for step in scenario.steps:
            previous, began = began, time.monotonic()
            answers, found = take(mesh, step, previous)
            print(f"  {'FAILED' if found else 'ok    '} {step.say}: {written(answers)}", flush=True)
            for difference in found:
                print(f"         {difference}", flush=True)
            failures += bool(found)
    return failures


def take(mesh: RunningMesh, step: Step, previous: float) -> tuple:
    """One step: its last answers, and what is wrong with them."""
    end = time.monotonic() + step.eventually
    while True:
        answers = mesh.ask(step.source, request(step))
        found = differences(step.expect, answers)
        if not found and time.monotonic() - previous < step.not_before:
            return answers, [f"this came true earlier than {step.not_before:.0f} s after the step before"]
        if not found or time.monotonic() > end:
            return answers, found
        time.sleep(1)


def request(step: Step) -> dict:
    method, url = step.send.split(" ", 1)
    return {
        "method": method,
        "url": url,
        "headers": step.headers,
        "times": step.times,
        "sni": step.sni,
        "timeout": step.timeout,
    }


def written(answers: Counter) -> str:
    return ", ".join(f"{answer} x{count}" for answer, count in answers.most_common())
