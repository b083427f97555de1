"""Every verb on every kind of server: one table of what works where; and once over real HTTP."""

import asyncio

import pytest

import mjasync as mj
from mjasync.sim import PROFILES, World, serve
from mjasync.testing import Sim, run
from tests.journeys.verbs import COMMON, MJPROXY_ONLY, OPTIONAL, TTAPI_ONLY, outcome, stage

TTAPI_PROFILES = ["seed", "docs-2026", "get-fetch", "get-fetch-404", "same-seed-id", "post-info", "plain-texts"]
TTAPI_PROFILES += ["dedupe", "drift", "hosted"]
MJPROXY_PROFILES = ["seed", "plus", "relay-15s", "remix", "modal-confirm", "modal-disguised", "modal-new-id"]
MJPROXY_PROFILES += ["modal-stays", "exists-21", "downgraded", "plain-texts", "drift"]
#: What does not work, and how that reads; everything else has to.
EXCEPTIONS = {
    # A hosted account shows no buttons: the documented names hold, the labels on them are unknown.
    ("ttapi", "hosted", "press"): "ActionUnavailable",
    # No seed document has these endpoints, and only two kinds of server do.
    **{
        ("mjproxy", name, verb): "ActionUnavailable"
        for name in MJPROXY_PROFILES
        if name not in ("plus", "relay-15s")
        for verb in OPTIONAL
    },
}


async def each(pool, verbs, *, shorten):
    on = await stage(pool, shorten=shorten)
    return {name: await tried(verb, on) for name, verb in verbs.items()}


async def tried(verb, on):
    try:
        return await outcome(verb(on))
    except mj.MJError as exc:
        return type(exc).__name__


def expected(provider, profile, verbs):
    return {verb: EXCEPTIONS.get((provider, profile, verb), "ok") for verb in verbs}


def check(ledger):
    assert ledger.violations == []
    assert set(ledger.windows.values()) <= {1}
    assert ledger.charged == ledger.accepted
    assert all(count == 0 for count in ledger.running.values())


@pytest.mark.parametrize("profile", TTAPI_PROFILES)
def test_every_verb_at_ttapi(profile):
    verbs = COMMON | TTAPI_ONLY

    async def story():
        sim = Sim(seed=6, speed=20, profile=profile)
        async with mj.Pool(sim.ttapi()) as pool:
            assert await each(pool, verbs, shorten=False) == expected("ttapi", profile, verbs)
            assert {stats.held for stats in pool.stats().accounts.values()} == {0}
        check(sim.ledger)

    run(story())


@pytest.mark.parametrize("profile", MJPROXY_PROFILES)
def test_every_verb_at_midjourney_proxy(profile):
    verbs = COMMON | MJPROXY_ONLY | OPTIONAL

    async def story():
        sim = Sim(seed=6, speed=20, profile=profile)
        async with mj.Pool(sim.mjproxy()) as pool:
            assert await each(pool, verbs, shorten=True) == expected("mjproxy", profile, verbs)
            assert {stats.held for stats in pool.stats().accounts.values()} == {0}
        check(sim.ledger)

    run(story())


def test_no_profile_is_left_out():
    elsewhere = {"frozen-100", "slash-mode", "old-proxy"}  # see test_profiles.py: they have few verbs, or other paths

    assert set(PROFILES) == {*TTAPI_PROFILES, *MJPROXY_PROFILES, *elsewhere}


def test_every_verb_over_real_http():
    async def at(account, verbs, *, shorten):
        async with mj.Pool(account) as pool:
            on = await stage(pool, shorten=shorten)
            said = await asyncio.gather(*(tried(verb, on) for verb in verbs.values()))
        assert dict(zip(verbs, said, strict=True)) == dict.fromkeys(verbs, "ok")

    async def story():
        world = World(seed=6, speed=1000, caps={"ttapi": 40, "mjproxy": 40})
        async with serve(world) as served:
            ttapi = mj.TTAPI(key=served.key, base_url=served.ttapi_url, max_jobs=40)
            mjproxy = mj.MJProxy(key=served.key, base_url=served.mjproxy_url, max_jobs=40)
            await asyncio.gather(
                at(ttapi, COMMON | TTAPI_ONLY, shorten=False), at(mjproxy, COMMON | MJPROXY_ONLY, shorten=True)
            )
        check(world.ledger)

    asyncio.run(story())
