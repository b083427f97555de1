"""One account's looks: together where it can, within its budget, by one timer."""

import json

import mjasync as mj
from mjasync.testing import Sim, run
from tests.flow.stories import listened


def lived(jobs, *, profile="plus", **options):
    """So many jobs at once at a midjourney-proxy: the sim, what left, and the figures at the end."""

    async def story():
        sim = Sim(seed=5, profile=profile)
        account, ear = listened(sim.mjproxy(**options))
        async with mj.Pool(account) as pool:
            results = [await job for job in [pool.imagine(f"cat {n}") for n in range(jobs)]]
            assert all(result.images for result in results)
            return sim, ear, pool.stats()

    return run(story())


def test_one_request_looks_at_all_that_run():
    sim, ear, stats = lived(10)

    assert max(len(json.loads(request.body)["ids"]) for request in ear.to("list-by-condition")) == 10
    assert stats.looks == len(ear.to("list-by-condition")) + len(ear.to("/fetch")) - 1  # the free proof
    assert sim.ledger.charged == 10


def test_who_has_no_such_look_is_asked_for_it_once():
    _, ear, _ = lived(6, profile="seed")

    assert len(ear.to("list-by-condition")) == 1
