import json

import pytest

from mjasync.core.wire import HttpRequest, NoAnswer, NotSent
from mjasync.sim import LocalTransport, World
from mjasync.testing import run


def imagine(provider="ttapi", **facts):
    if provider == "ttapi":
        url, headers = "https://ttapi.sim.invalid/midjourney/v1/imagine", {"TT-API-KEY": "sim-ttapi"}
    else:
        url, headers = "https://mjproxy.sim.invalid/mj/submit/imagine", {"mj-api-secret": "sim-mjproxy"}
    known = {"url": url, "headers": {**headers, "Content-Type": "application/json"}, "body": b'{"prompt": "a cat"}'}
    return HttpRequest(**{"method": "POST", **known, **facts})


def send(request, *, provider="ttapi", latency=0.0, world=None, closed=False):
    world = world or World()

    async def story():
        world.account(provider)
        transport = LocalTransport(world, provider, latency=latency)
        if closed:
            await transport.aclose()
        return await transport.send(request)

    return run(story())


def test_it_carries_requests_and_answers(provider):
    reply = send(imagine(provider), provider=provider)
    assert reply.status == 200
    assert json.loads(reply.body)


def test_latency_passes_before_and_after():
    world = World(now=lambda: 0.0)
    with pytest.raises(NoAnswer, match=r"0\.01 s"):
        send(imagine(timeout=0.01), latency=0.04, world=world)
    assert world.ledger.accepted == 0
    with pytest.raises(NoAnswer):
        send(imagine(timeout=0.1), latency=0.12, world=(late := World(now=lambda: 0.0)))
    assert late.ledger.accepted == 1


@pytest.mark.parametrize(
    "url", ["https://elsewhere.example/", "http://ttapi.sim.invalid/", "https://mjproxy.sim.invalid/"]
)
def test_other_origins_do_not_exist(url):
    with pytest.raises(NotSent, match="no such host"):
        send(imagine(url=url))


def test_a_closed_one_sends_nothing():
    with pytest.raises(NotSent, match="closed"):
        send(imagine(), closed=True)


def test_an_answer_over_its_limit_is_none():
    with pytest.raises(NoAnswer, match="over 10 bytes"):
        send(imagine(body_limit=10))


@pytest.mark.parametrize(
    ("kind", "error"), [("lose_answer", NoAnswer), ("drop", NoAnswer), ("refuse_connection", NotSent)]
)
def test_faults_come_through(kind, error):
    world = World()
    world.inject(kind)
    with pytest.raises(error):
        send(imagine(), world=world)


def test_there_are_two_providers():
    with pytest.raises(ValueError, match="dalle"):
        LocalTransport(World(), "dalle")
    assert repr(LocalTransport(World(), "ttapi")).startswith("<LocalTransport ttapi of <World")
