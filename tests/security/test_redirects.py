"""A redirect never carries a key, and a paid request never leaves twice: real sockets, both providers.

5 statuses, 6 kinds of target, 3 moments. The second server counts connections, so that not even a handshake goes by.
"""

import asyncio
import contextlib
from itertools import product

import pytest

import mjasync as mj
from mjasync.sim import World, serve, server
from mjasync.testing import run
from tests.security.canaries import KEY, heard

STATUSES = (301, 302, 303, 307, 308)
TARGETS = {
    "same origin": "{first}/moved-here",
    "other port": "http://127.0.0.1:{port}/moved-here",
    "other host": "http://localhost:{port}/moved-here",
    "other scheme": "https://127.0.0.1:{port}/moved-here",
    "no scheme": "//127.0.0.1:{port}/moved-here",
    "loop": "",
}
MOMENTS = ("proof", "submit", "look")


class Second:
    """Somebody else's server: it counts who comes."""

    async def __aenter__(self):
        self.visits = 0
        self._server = await asyncio.start_server(self._met, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def _met(self, _reader, writer):
        self.visits += 1
        writer.close()

    async def __aexit__(self, *_):
        self._server.close()
        await self._server.wait_closed()


def played(monkeypatch, provider, status, target, moment):
    """The error, the requests at the first server, and the visits at the second one."""
    requests = []
    exchange = server.exchange

    def noted(world, name, request, **more):
        requests.append(request)
        return exchange(world, name, request, **more)

    monkeypatch.setattr(server, "exchange", noted)

    async def story():
        async with Second() as second, serve(World(seed=1, speed=20), key=KEY) as first:
            base = {"ttapi": first.ttapi_url, "mjproxy": first.mjproxy_url}[provider]
            location = TARGETS[target].format(first=base, port=second.port)
            details = {"location": location or f"{base}/loop", "status": status, "times": 10_000}

            def fault(on):
                first.world.inject("redirect", on=on, **details)

            if moment != "look":
                fault({"proof": "fetch", "submit": "submit"}[moment])
            account = {"ttapi": mj.TTAPI, "mjproxy": mj.MJProxy}[provider](KEY, base_url=base)
            async with mj.Pool(account) as pool:
                job = pool.imagine("a cat", deadline=120)
                if moment == "look":
                    await job.accepted()
                    fault("fetch")
                with contextlib.suppress(mj.MJError):
                    await job
                return job.exception(), second.visits, first.world.ledger

    error, visits, ledger = run(story())
    return error, requests, visits, ledger


CASES = list(product(("ttapi", "mjproxy"), MOMENTS, TARGETS, STATUSES))


@pytest.mark.fault("H19")
@pytest.mark.parametrize(
    ("provider", "moment", "target", "status"),
    [pytest.param(*case, marks=[] if case[3] in (302, 307) else pytest.mark.long) for case in CASES],
)
def test_a_redirect_leads_nowhere(monkeypatch, provider, moment, target, status):
    error, requests, visits, ledger = played(monkeypatch, provider, status, target, moment)

    assert isinstance(error, mj.MJError)
    assert 0 == visits
    assert [] == [request.url for request in requests if request.url.endswith(("/moved-here", "/loop"))]
    assert [] == heard(str(error), KEY)
    paid = [request for request in requests if request.body and b"a cat" in request.body]
    assert {"proof": 0, "submit": 1, "look": 1}[moment] == len(paid)
    assert (1 if moment == "look" else 0) == ledger.charged


def test_there_are_enough_of_them():
    assert 2 * 3 * 6 * 5 == len(CASES)
