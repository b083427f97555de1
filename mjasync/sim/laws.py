"""How long a job takes, and what it reports on the way.

Rule 1: a duration depends on the dice it is given and on nothing else, so the same seed tells the same story.
Rule 2: no job is slower than the provider's page promises for its mode.
"""

import math
from random import Random

from attrs import frozen

#: What Discord shows while four pictures grow, in percent; the last only when the job is done.
STEPS = (0, 15, 31, 46, 62, 78, 93, 100)

#: Kinds that make no new pictures from scratch -> the share of a grid's run that they take.
QUICK = {"upscale": 1 / 3, "swap": 1 / 3, "describe": 1 / 3, "shorten": 1 / 3, "seed": 1 / 20}


@frozen(kw_only=True)
class Law:
    """Lognormal seconds of waiting and running: medians, sigmas, and the ceiling of their sum."""

    queue: float
    queue_sigma: float
    run: float
    run_sigma: float
    ceiling: float


# Ceilings: seed 000, "速度模式": turbo within 60 s, fast within 90 s, relax generally within 10 min. The medians lie
# where the other seed's sample does (2.2 s of queue, 28.4 s of run), see research/performance.md 1.7.
LAWS = {
    "turbo": Law(queue=4, queue_sigma=0.5, run=30, run_sigma=0.18, ceiling=60),
    "fast": Law(queue=6, queue_sigma=0.5, run=46, run_sigma=0.15, ceiling=90),
    "relax": Law(queue=110, queue_sigma=1.0, run=50, run_sigma=0.20, ceiling=600),
}


def durations(mode: str, kind: str, dice: Random) -> tuple[float, float]:
    """Seconds of queue and of run for one job, at speed 1."""
    law = LAWS[mode]
    queue = dice.lognormvariate(math.log(law.queue), law.queue_sigma)
    run = dice.lognormvariate(math.log(law.run), law.run_sigma)
    shrink = min(1.0, law.ceiling / (queue + run))
    share = QUICK.get(kind, 1.0)
    # Asking for a seed is a click on an emoji: it does not wait in the queue of pictures.
    return queue * shrink * (share if kind == "seed" else 1.0), run * shrink * share


def progress(share: float) -> int:
    """Percent that is shown when `share` (0..1) of the run is over: 100 only at the end."""
    last = len(STEPS) - 1
    return STEPS[max(0, min(last, math.floor(share * last)))]
