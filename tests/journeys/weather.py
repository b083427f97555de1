"""A transport with weather: some requests to an account get another answer than its server's, and all are counted."""

import asyncio
from collections import Counter

from attrs import evolve

from mjasync.core.wire import HttpResponse


class Weather:
    """`strike(request, now)` gives the answer or fault that a request meets on its way, or None."""

    def __init__(self, inner, strike):
        self.inner, self.strike = inner, strike
        self.times = []
        self.minutes = Counter()

    async def send(self, request):
        now = asyncio.get_running_loop().time()
        self.minutes[int(now // 60)] += 1
        met = self.strike(request, now)
        self.times.append((now, request, met))
        if isinstance(met, Exception):
            raise met
        return await self.inner.send(request) if met is None else met

    async def aclose(self):
        await self.inner.aclose()

    def submits(self):
        """When something paid was sent, and what it met."""
        return [(now, met) for now, request, met in self.times if not request.repeatable]

    def looks(self):
        """When something free was sent, and what it met."""
        return [(now, met) for now, request, met in self.times if request.repeatable]


def under(account, strike):
    """The same account under this weather, and the weather."""
    weather = Weather(account.transport, strike)
    return evolve(account, transport=weather), weather


def page(status, **headers):
    """What a gateway says."""
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    return HttpResponse(status=status, body=b"<html>the gateway says</html>", headers=headers)


def once(wanted, answer):
    """Strike the first request that is wanted, and no other."""
    struck = []

    def strike(request, _now):
        if struck or not wanted(request):
            return None
        struck.append(request)
        return answer

    return strike
