"""Repeating what may be repeated: a small loop over backoff's wait generators.

backoff gives the growth; this loop gives what its decorator does not: the loop's clock, an injected generator for
jitter, and a server's `Retry-After` as a floor that jitter never undercuts. A request that is not `repeatable`
passes through once, whatever happens.
"""

import asyncio
from collections.abc import Awaitable, Callable, Generator
from random import Random
from typing import Any

import backoff

from mjasync.core.wire import HttpRequest, HttpResponse, TransportFault, retry_after

#: Tries of one repeatable request, the first included.
TRIES = 4
#: A server that wants a longer wait than this (seconds) has its answer passed on: whoever asked plans the next look.
LONGEST = 8.0
#: Answers that are worth asking again for, when asking is free.
PASSING = frozenset({408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524})

Send = Callable[[HttpRequest], Awaitable[HttpResponse]]


async def patiently(send: Send, request: HttpRequest, *, rng: Random, tries: int = TRIES) -> HttpResponse:
    """Send; if the request is repeatable, repeat it on a fault or a passing refusal, at most `tries` times.

    Returns the last answer whatever it is; raises the last `TransportFault` if there was none.
    """
    waits = _waits()
    left = tries if request.repeatable else 1
    while True:
        left -= 1
        hint = 0.0
        try:
            response = await send(request)
        except TransportFault:
            if not left:
                raise
        else:
            hint = retry_after(response) or 0.0
            if not left or response.status not in PASSING or hint > LONGEST:
                return response
        step = next(waits)
        await asyncio.sleep(hint + rng.uniform(step / 2, step))


def _waits() -> Generator[float, Any, None]:
    """0.5, 1, 2, 4, 8, 8, … seconds."""
    waits = backoff.expo(base=2, factor=0.5, max_value=8)
    waits.send(None)  # backoff primes its generators so
    return waits
