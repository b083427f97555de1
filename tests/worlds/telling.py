"""One world at a time for whoever runs many: what a worker says about it.

A module of its own, because a spawned process cannot find what stands in a `__main__`.
"""

import gc
from collections import Counter

from attrs import frozen

from tests.worlds.story import Verdict, play


@frozen
class Told:
    """What a worker says about one world."""

    seed: int
    digest: str
    fired: Counter[str]
    trouble: str


def told(work: tuple[int, bool, bool]) -> Told:
    if gc.isenabled():
        # What was imported stays; only worlds are swept, by `play`.
        gc.collect()
        gc.freeze()
        gc.disable()
    verdict = play(work[0], journals=work[1], rings=work[2])
    return Told(work[0], verdict.digest, verdict.fired, trouble_of(verdict))


def trouble_of(verdict: Verdict) -> str:
    """Seed, rules and the lines about what they name; "" where all is well."""
    if not verdict.violations:
        return ""
    texts = [f"seed {verdict.plan.seed}: python -m tests.worlds --show {verdict.plan.seed}"]
    for violation in verdict.violations[:6]:
        texts.append(f"  rule {violation.rule}: {violation.text}")
        word = next((word.strip("():,") for word in violation.text.split() if len(word.strip("():,")) >= 16), "")
        texts += [f"    {line}" for line in verdict.chronicle.about(word, most=12)] if word else []
    return "\n".join(texts)
