"""Expectations: how many of a step's answers may be which.

An answer is written STATUS@POD, STATUS alone where no pod answered, STATUS>LOCATION for a redirect, or the word for how
the connection ended (reset, closed, timeout, refused, tls:REASON). An expectation is one pattern that all answers match,
or a mapping from pattern to count: a number, A..B, P%, or `any`. `*` in a pattern stands for any text, `|` between two
for either.
"""

from collections import Counter
from fnmatch import fnmatchcase
from math import exp, lgamma, log

# A share is held against the interval that a fair draw leaves once in this many runs, so a correct mesh never fails.
ERROR = 1e-6

# Which of the two a client sees of a connection that is cut is a race.
CUT = {"reset", "closed"}


def differences(expect, answers: Counter) -> list:
    """What is wrong with the answers, in words; empty when nothing is."""
    total = sum(answers.values())
    counts = expect if isinstance(expect, dict) else {expect: total}
    expected = {str(pattern): str(count) for pattern, count in counts.items()}
    seen = Counter({pattern: 0 for pattern in expected})
    found = []
    for answer, count in sorted(answers.items()):
        pattern = next((pattern for pattern in expected if is_like(answer, pattern)), None)
        if pattern is None:
            found.append(f"{count} of {total} were {answer}, which is not expected")
        else:
            seen[pattern] += count
    for pattern, count in expected.items():
        least, most = bounds(count, total)
        if not least <= seen[pattern] <= most:
            found.append(f"{seen[pattern]} of {total} were {pattern}, expected {count} (from {least} to {most})")
    return found


def unlike(pattern, value, where: str) -> list:
    """Where a value is not as the pattern says: a mapping holds for the fields that it names, null for an absent one."""
    if isinstance(pattern, dict):
        fields = value if isinstance(value, dict) else {}
        return [found for field, part in pattern.items() for found in unlike(part, fields.get(field), f"{where} {field}".strip())]
    if pattern is None:
        return [] if value is None else [f"{where} is {value}, expected none"]
    if value is not None and is_like(str(value), str(pattern)):
        return []
    return [f"{where} is {value}, expected {pattern}"]


def outside(count, value: float, what: str) -> list:
    """Where a number is not within A..B."""
    least, _, most = str(count).partition("..")
    return [] if float(least) <= value <= float(most or least) else [f"{value:g} {what}, expected {count}"]


def is_like(text: str, pattern: str) -> bool:
    alternatives = pattern.split("|")
    if text in CUT and CUT & set(alternatives):
        return True
    return any(fnmatchcase(text, alternative) for alternative in alternatives)


def bounds(count: str, total: int) -> tuple:
    """The least and the most answers that a written count allows."""
    if count == "any":
        return 0, total
    if count.endswith("%"):
        return binomial_interval(total, float(count[:-1]) / 100)
    least, _, most = count.partition("..")
    return int(least), int(most or least)


def binomial_interval(total: int, share: float) -> tuple:
    """The exact two-sided interval: outside of it lie at most ERROR / 2 on either side."""
    chances = [binomial(total, share, hits) for hits in range(total + 1)]
    return tail_end(chances), total - tail_end(chances[::-1])


def tail_end(chances: list) -> int:
    below = 0.0
    for hits, chance in enumerate(chances):
        below += chance
        if below > ERROR / 2:
            return hits
    return len(chances) - 1


def binomial(total: int, share: float, hits: int) -> float:
    if share in (0.0, 1.0):
        return 1.0 if hits == total * share else 0.0
    ways = lgamma(total + 1) - lgamma(hits + 1) - lgamma(total - hits + 1)
    return exp(ways + hits * log(share) + (total - hits) * log(1 - share))
