"""Repeating what may be repeated: a small loop over backoff's wait generators.

backoff gives the growth; this loop gives what its decorator does not: the loop's clock, an injected generator for
jitter, and a server's `Retry-After` as a floor that jitter never undercuts. A request that is not `repeatable`
passes through once, whatever happens; so does any request of an account whose bucket is empty.
"""

import asyncio
from collections.abc import Awaitable, Callable, Generator
from random import Random
from typing import Any

import backoff

from mjasync.core.patience import TIMED_OUT
from mjasync.core.wire import HttpRequest, HttpResponse, TransportFault, retry_after
from mjasync.transport.bucket import Bucket

#: Tries of one repeatable request, the first included.
TRIES = 4
#: A server that wants a longer wait than this (seconds) has its answer passed on: whoever asked plans the next look.
LONGEST = 8.0
#: Answers that are worth asking again for, when asking is free.
PASSING = frozenset({408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524})
#: Those of them that say that somebody's time ran out.
TIME_OUTS = frozenset({408, 504, 522, 524})

Send = Callable[[HttpRequest], Awaitable[HttpResponse]]


async def patiently(
    send: Send,
    request: HttpRequest,
    *,
    rng: Random,
    bucket: Bucket,
    tries: int = TRIES,
    passing: frozenset[int] = PASSING,
) -> HttpResponse:
    """Send; if the request is repeatable, repeat it on a fault or a `passing` refusal, at most `tries` times.

    Each repetition is paid from `bucket`; when that is empty, there is none.
    Returns the last answer whatever it is; raises the last `TransportFault` if there was none.
    """
    waits, clock = None, asyncio.get_running_loop().time
    left = tries if request.repeatable else 1
    while True:
        left -= 1
        hint, begun = 0.0, clock()
        try:
            response = await send(request)
        except TransportFault:
            if not left or not bucket.spend(timed_out=clock() - begun >= TIMED_OUT):
                raise
        else:
            if response.status not in PASSING:
                bucket.earn()
            if response.status not in passing:
                return response
            hint = retry_after(response) or 0.0
            timed_out = response.status in TIME_OUTS or clock() - begun >= TIMED_OUT
            if not left or hint > LONGEST or not bucket.spend(timed_out=timed_out):
                return response
        waits = waits or _waits()
        step = next(waits)
        await asyncio.sleep(hint + rng.uniform(step / 2, step))


def _waits() -> Generator[float, Any, None]:
    """0.5, 1, 2, 4, 8, 8, … seconds."""
    waits = backoff.expo(base=2, factor=0.5, max_value=8)
    waits.send(None)  # backoff primes its generators so
    return waits
