"""A free visit to an account: what it finds, and that it leaves nothing behind."""

import asyncio
import json
from random import Random

import pytest

import mjasync as mj
from mjasync.core.wire import HttpResponse, NoAnswer
from mjasync.flow.checkup import PATIENCE, holder, visit
from mjasync.sim import World, serve
from mjasync.testing import Sim, run
from tests.flow.locking import held, share, ttapi

#: 2026-01-01, 00:00 UTC.
NEW_YEAR = 1_767_225_600.0
DATE = "Thu, 01 Jan 2026 00:00:00 GMT"
UNKNOWN = json.dumps({"status": "FAILED", "message": "no such job", "data": None}).encode()


class Clocked:
    """Answers the same to everybody, after so long, and says what time it is."""

    def __init__(self, takes=0.2, **headers):
        self.takes = takes
        self.headers = headers
        self.requests = []
        self.closed = False

    async def send(self, request):
        self.requests.append(request)
        await asyncio.sleep(self.takes)
        return HttpResponse(status=400, body=UNKNOWN, headers=self.headers)

    async def aclose(self):
        self.closed = True


def visited(account, *, wall=None):
    async def story():
        loop = asyncio.get_running_loop()
        return await visit("it", account, rng=Random(1), wall=wall or (lambda: NEW_YEAR + loop.time()))

    return run(story())


def at(server):
    return mj.TTAPI("a-key", transport=server)


@pytest.mark.parametrize("kind", ["ttapi", "mjproxy"])
def test_an_account_that_works(kind):
    sim = Sim(seed=1)
    found = visited(getattr(sim, kind)())
    routes = {"ttapi": [("relax", "fast", "turbo")], "mjproxy": [("relax",), ("fast",), ("turbo",)]}
    assert routes[kind] == [each.modes for each in found.tried]
    assert (None, None, None) == (found.road, found.failure, found.ahead)
    assert found.seconds > 0
    assert 0 == sim.ledger.charged


def test_a_key_that_is_refused():
    sim = Sim(seed=1)
    found = visited(mj.TTAPI("another", base_url=sim.ttapi().base_url, transport=sim.ttapi().transport))
    assert ("AuthError", 401) == (found.failure.kind, found.failure.status)


def test_one_prefix_that_is_wrong_is_told_for_its_mode():
    account = Sim(seed=1).mjproxy()
    turned = mj.MJProxy(account.key, base_url=account.base_url, transport=Turned(account.transport))
    found = visited(turned)
    assert ["relax", "turbo"] == [each.modes[0] for each in found.tried if each.failure is None]
    assert ["ConfigError"] == [each.failure.kind for each in found.tried if each.failure is not None]
    assert found.failure is None


class Turned:
    """A relay that has no fast mode."""

    def __init__(self, inner):
        self.inner = inner

    async def send(self, request):
        if "/mj-fast/" in request.url:
            return HttpResponse(status=200, body=b"<html>home</html>")
        return await self.inner.send(request)

    async def aclose(self):
        await self.inner.aclose()


def test_nothing_is_asked_where_the_road_ends():
    found = asyncio.run(visit("it", ttapi(), rng=Random(1), wall=lambda: 0.0))
    assert "Nobody answers at 127.0.0.1, port 9." == found.road.what
    assert ((), None, None) == (found.tried, found.seconds, found.failure)


def test_over_real_http_with_its_clock():
    async def story():
        async with serve(World(seed=1)) as served:
            account = mj.MJProxy(served.key, base_url=served.mjproxy_url)
            return await visit("it", account, rng=Random(1), wall=lambda: NEW_YEAR)

    found = asyncio.run(story())
    assert found.road.open
    assert found.failure is None
    assert found.ahead < -1000  # it is later than that


def test_who_hangs_is_not_waited_for():
    found = visited(at(Clocked(takes=10_000.0)))
    assert f"did not answer within {PATIENCE:.0f} s" in found.failure.what
    assert (None, None) == (found.seconds, found.ahead)


def test_who_breaks_off_is_unreachable():
    class Broken(Clocked):
        async def send(self, request):
            raise NoAnswer("reset")

    assert "Unreachable" == visited(at(Broken())).failure.kind


@pytest.mark.parametrize(
    ("shift", "ahead"),
    [(0.0, 0.0), (0.9, 0.0), (-0.1, 0.0), (100.0, 99.0), (-100.0, -99.8)],
)
def test_a_date_in_whole_seconds_is_compared_fairly(shift, ahead):
    loop_begins_at = []

    def wall():
        now = asyncio.get_running_loop().time()
        loop_begins_at.append(now)
        return NEW_YEAR + shift + now - loop_begins_at[0]

    found = visited(at(Clocked(date=DATE)), wall=wall)
    assert pytest.approx(ahead, abs=0.001) == found.ahead


@pytest.mark.parametrize("headers", [{}, {"date": "soon"}, {"date": DATE, "age": "400"}])
def test_no_date_tells_nothing(headers):
    assert visited(at(Clocked(**headers))).ahead is None


def test_a_transport_of_somebody_elses_stays_open():
    server = Clocked(date=DATE)
    visited(at(server))
    assert server.requests
    assert not server.closed


def test_who_holds_an_account(tmp_path, monkeypatch):
    monkeypatch.setenv("MJASYNC_LOCKS", str(tmp_path / "locks"))
    assert holder("ttapi", ttapi()) is None
    assert not (tmp_path / "locks").exists()
    whole = held(ttapi())
    assert "Account 'ttapi' is in use by another pool on this computer." == holder("ttapi", ttapi()).what
    whole.release()
    some = held(share())
    assert holder("ttapi", share(3)) is None
    assert holder("ttapi", ttapi()) is not None
    some.release()
    assert holder("it", at(Clocked())) is None
