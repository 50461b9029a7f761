"""Replays the steps of a scenario and says what came back."""

import time
from collections import Counter

from mesh import tokens
from mesh.expectation import differences, outside, unlike
from mesh.model import Mistake, Scenario, Step
from mesh.running import RunningMesh, Tools

# What reaches a pod without an answer to wait for (a mirrored request) is noted within this time.
NOTED_SECONDS = 3.0


def replay(scenario: Scenario, tools: Tools) -> int:
    """The number of steps that went otherwise than expected."""
    failures = 0
    with RunningMesh(scenario, tools) as mesh:
        began = time.monotonic()
        for step in scenario.steps:
            previous, began = began, time.monotonic()
            told, found = until_true(mesh, step, previous)
            print(f"  {'FAILED' if found else 'ok    '} {step.say}: {told}", flush=True)
            for difference in found:
                print(f"         {difference}", flush=True)
            failures += bool(found)
    return failures


def until_true(mesh: RunningMesh, step: Step, previous: float) -> tuple:
    """One step, as often as it may be tried: what came back last, and what is wrong with it."""
    end = time.monotonic() + step.eventually
    while True:
        told, found = take(mesh, step)
        if not found and time.monotonic() - previous < step.not_before:
            return told, [f"this came true earlier than {step.not_before:.0f} s after the step before"]
        if not found or time.monotonic() > end:
            return told, found
        time.sleep(0.5)


def take(mesh: RunningMesh, step: Step) -> tuple:
    if step.change:
        mesh.change()
        return "changed", []
    if step.statistics:
        counted = mesh.statistics(step.source, step.statistics)
        return f"{counted}", outside(step.expect, counted, f"counted by {step.statistics}")
    if step.log:
        counted = mesh.logged(step.source, step.log)
        return f"{counted}", outside(step.expect, counted, f"lines with {step.log}")
    if step.configured:
        counted = mesh.configured(step.source, step.configured)
        return f"{counted}", outside(step.expect, counted, f"places with {step.configured}")
    if step.wait:
        time.sleep(step.wait)
        return "waited", []
    if step.each:
        return take_each(mesh, step)
    return ask(mesh, step)


def take_each(mesh: RunningMesh, step: Step) -> tuple:
    """A table: one request for each of its lines."""
    found, answers = [], Counter()
    for part, expect in step.each.items():
        got = mesh.ask(step.source, request(mesh, step, step.send.replace("{}", str(part))))
        counted = Counter(answer["answer"] for answer in got)
        answers += counted
        found += [f"{part}: {difference}" for difference in differences(expect, counted)]
    return written(answers), found


def ask(mesh: RunningMesh, step: Step) -> tuple:
    noted = {pod: len(mesh.notes(pod)) for pod in step.hits.keys() | step.notes.keys()}
    answers = mesh.ask(step.source, request(mesh, step, step.send))
    counted = Counter(answer["answer"] for answer in answers)
    found = differences(step.expect, counted) if step.expect is not None else []
    found += sorted({difference for answer in answers for difference in unlike(step.sees, answer.get("sees"), "sees")})
    told = [{"headers": answer.get("headers"), "body": answer.get("body")} for answer in answers]
    found += sorted({difference for answer in told for difference in unlike(step.answer, answer, "answer")})
    if step.takes:
        found += [wrong for answer in answers for wrong in outside(step.takes, round(answer["seconds"], 2), "seconds")]
    return written(counted), found + not_noted(mesh, step, noted)


def not_noted(mesh: RunningMesh, step: Step, before: dict) -> list:
    """What the pods did not note of the step, or noted otherwise than expected."""
    end = time.monotonic() + NOTED_SECONDS
    while True:
        notes = {pod: mesh.notes(pod)[count:] for pod, count in before.items()}
        found = [wrong for pod, count in step.hits.items() for wrong in outside(count, len(notes[pod]), f"requests reached {pod}")]
        found += [wrong for pod, pattern in step.notes.items() for note in notes[pod] for wrong in unlike(pattern, note, pod)]
        if not found or time.monotonic() > end:
            return found
        time.sleep(0.2)


def request(mesh: RunningMesh, step: Step, send: str) -> dict:
    """`GET http://web/path`, `tcp db:5432` or `tls db:5432`."""
    method, _, url = send.partition(" ")
    if method in ("tcp", "tls"):
        method, url = "", f"{method}://{url}"
    headers = dict(step.headers)
    if step.token:
        if not mesh.scenario.issuer:
            raise Mistake("a token needs @JWKS@ in the intent")
        bearer = tokens.bearer(step.token, mesh.scenario.issuer)
        headers = {name: str(value).replace("@TOKEN@", bearer) for name, value in headers.items()}
        send_at = "@TOKEN@" in str(step.headers) or "@TOKEN@" in url
        url = url.replace("@TOKEN@", bearer)
        headers |= {} if send_at else {"authorization": f"Bearer {bearer}"}
    return {
        "method": method,
        "url": url,
        "headers": headers,
        "body": step.body,
        "jar": step.cookies,
        "sni": step.sni,
        "to": step.to,
        "certificate": mesh.certificate(step.certificate),
        "times": step.times,
        "at_once": step.at_once,
        "timeout": step.timeout,
    }


def written(answers: Counter) -> str:
    return ", ".join(f"{answer} x{count}" for answer, count in answers.most_common())
