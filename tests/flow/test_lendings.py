"""Slots that come and go, as they are told and measured."""

import mjasync as mj
from mjasync import events
from mjasync.testing import Sim, run


def told(script, **options):
    heard = []

    async def story():
        async with mj.Pool(Sim(seed=5).ttapi(**options), on_event=heard.append) as pool:
            await script(pool)
            return pool.stats()

    return heard, run(story())


def of(kind, heard):
    return [each for each in heard if isinstance(each, kind)]


async def five(pool):
    await pool.batch([f"cat {number}" for number in range(5)], mode="turbo")


def test_as_many_slots_come_back_as_were_lent_and_the_cap_is_never_passed():
    heard, stats = told(five, max_jobs=2)

    lent, back = of(events.SlotLent, heard), of(events.SlotReturned, heard)
    assert (5, 5) == (len(lent), len(back))
    assert {(2, 2)} == {(each.cap, each.limit) for each in lent}
    assert stats.accounts["ttapi"].peak == max(each.held for each in lent) == 2
    assert 0 == back[-1].held


def test_waiting_counts_from_the_asking():
    heard, _ = told(five, max_jobs=1)

    lent = of(events.SlotLent, heard)
    ends = [each.at for each in of(events.Ended, heard)]
    assert [each.waited for each in lent[1:]] == ends[:-1]
    assert {1} == {each.attempt for each in lent}


def test_a_step_waits_from_its_parents_end_on():
    async def script(pool):
        await pool.imagine("a cat").upscale(1)

    heard, _ = told(script)
    step = of(events.SlotLent, heard)[1]

    assert ("upscale1", 0.0) == (step.kind, step.waited)


def test_the_account_is_the_slots():
    heard, _ = told(five)

    assert {"ttapi"} == {each.account for each in (*of(events.SlotLent, heard), *of(events.SlotReturned, heard))}
