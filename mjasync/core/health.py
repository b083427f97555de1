"""How many jobs an account takes at once just now, as its own refusals tell.

Rule 1: the limit stays between 1 and the account's `max_jobs`; only a refusal of the account lowers it, and only
time raises it, by one for each `patience.REGROWTH` seconds (additive increase, multiplicative decrease).
Rule 2: "too often" halves it, once for a burst: jobs that were lent before it was halved have nothing new to tell.
Rule 3: "the queue is full" is a measurement: what runs there without the refused job is all that there is room for.
Each refusal of a burst is one more measurement, and the least one counts.
Rule 4: what an account says of itself lowers `max_jobs`, and never raises it.
Rule 5: any other "not now" (no network, no channel, too early) says nothing about how many it takes.
"""

from enum import StrEnum

from mjasync.core.answers import Busy


class Sign(StrEnum):
    """What a "not now" says about how many jobs the account takes at once."""

    NOTHING = "nothing"
    TOO_OFTEN = "too often"
    FULL = "full"


#: HTTP's "too many requests".
TOO_MANY_REQUESTS = 429
#: midjourney-proxy's "queue is full" (seed 001: 23), and the codes with which relays say so, each with its words.
_FULL_CODES = frozenset({"23", "30", "9", "4"})
#: TTAPI's "queue is full": it has no codes, and no other "not now" under these statuses.
_FULL_STATUS = frozenset({200, 400, 403, 499})


def sign_of(busy: Busy) -> Sign:
    """What is to be learned from a refusal."""
    status, code = busy.failure.status, busy.failure.code
    if not busy.account:
        return Sign.NOTHING
    if status == TOO_MANY_REQUESTS:
        return Sign.TOO_OFTEN
    full = status in _FULL_STATUS if code is None else code in _FULL_CODES
    return Sign.FULL if full else Sign.NOTHING


def ceiling(max_jobs: int, told: int | None) -> int:
    """Slots of an account: what the user allows, or less where the account says that it takes less.

    `told`: its own number (TTAPI: `max_queue`); None, 0 or less says nothing.
    """
    return min(max_jobs, told) if told is not None and told >= 1 else max_jobs


def lowered(limit: int, sign: Sign, *, running: int, old: bool) -> int:
    """The limit after a refusal.

    `running`: jobs of ours that run there without the refused one; `old`: it was lent before the limit was last halved.
    """
    match sign:
        case Sign.TOO_OFTEN if not old:
            return max(limit // 2, 1)
        case Sign.FULL:
            return max(min(limit, running), 1)
    return limit
