"""Tags: our own hook in every paid request where the pool has a public address; a user's own is left alone."""

from random import Random, SystemRandom

import pytest
from attrs import evolve

import mjasync as mj
from mjasync.core.model import Extras, Spec
from mjasync.core.operations import Imagine
from mjasync.core.tokens import LENGTH, digest
from mjasync.flow.tags import Tags, checked_public_url
from mjasync.testing import Sim, run

SPEC = Spec(operation=Imagine(prompt="a cat"))
BASE = "https://me.example/hook"


def test_without_an_address_nothing_is_tagged():
    assert (SPEC, "") == Tags(None, Random(1)).put_on(SPEC, "ttapi")


@pytest.mark.parametrize("name", ["hook_url", "notify_hook"])
def test_a_users_own_hook_is_sent_as_it_is(name):
    own = evolve(SPEC, extras=Extras(**{name: "https://you.example"}))

    assert (own, "") == Tags(BASE, Random(1)).put_on(own, "mjproxy")


@pytest.mark.parametrize("provider", ["ttapi", "mjproxy"])
def test_every_request_gets_a_fresh_token_and_only_its_digest_is_told(provider):
    tags = Tags(BASE, SystemRandom())
    made = [tags.put_on(SPEC, provider) for _ in range(50)]
    tokens = [spec.extras.hook_url.removeprefix(f"{BASE}/") for spec, _ in made]

    assert 50 == len(set(tokens))
    assert {LENGTH} == {len(token) for token in tokens}
    assert [digest(token) for token in tokens] == [found for _, found in made]
    assert SPEC.extras == Extras()


@pytest.mark.parametrize(
    ("given", "expected"),
    [(None, None), (BASE, BASE), (f"{BASE}/", BASE), ("http://127.0.0.1:80", "http://127.0.0.1:80")],
)
def test_addresses_that_may_be_used(given, expected):
    assert expected == checked_public_url(given)


@pytest.mark.parametrize(
    "given",
    ["", "me.example", "ftp://me.example", 7, "https://", "https://a b", f"{BASE}?", f"{BASE}?a=b", f"{BASE}#c"],
)
def test_addresses_that_may_not(given):
    with pytest.raises(mj.ConfigError, match="public_url"):
        mj.Pool(Sim().ttapi(), public_url=given)


def test_each_step_and_each_try_has_a_token_of_its_own():
    async def story():
        sim = Sim(seed=1)
        sim.inject("queue_full", on="submit")
        async with mj.Pool(sim.ttapi(), public_url=BASE) as pool:
            await pool.imagine("a cat").upscale(1)
        hooks = [job.order.notes["hookUrl"] for job in sim.ledger.booked("ttapi")]
        assert 2 == len(set(hooks))
        assert all(hook.startswith(f"{BASE}/") for hook in hooks)
        assert [] == sim.ledger.violations

    run(story())


@pytest.mark.parametrize("port", [0, 65536, 99999])
def test_an_address_that_nobody_can_call_is_refused(port):
    with pytest.raises(mj.ConfigError, match="not an http"):
        mj.Pool(mj.TTAPI("key"), public_url=f"https://example.org:{port}/mj")
