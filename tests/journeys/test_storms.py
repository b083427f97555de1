"""Storms over one account, on virtual time: what is sent while a server drowns, counted where it would arrive."""

import asyncio
from random import Random

import pytest

import mjasync as mj
from mjasync.core.wire import NoAnswer
from mjasync.testing import Sim, run
from tests.journeys.weather import page, under

#: A storm over the looks between these two moments (seconds); it has the first minute to empty the bucket.
BEGIN, END = 180.0, 600.0
WHOLE = range(4, 10)


def told(strike, *, mode="fast", jobs=1000, until=END):
    """1000 jobs over one account of ten slots, under this weather; what was counted by the end of it."""

    async def story():
        sim = Sim(seed=1)
        account, weather = under(sim.ttapi(), strike)
        pool = mj.Pool(account)
        asked = [pool.imagine(f"prompt {number}", mode=mode) for number in range(jobs)]
        await asyncio.sleep(until)
        ended = [job for job in asked if job.done()]
        failed = [job for job in ended if job.phase is mj.Phase.FAILED]
        await pool.aclose()
        for job in ended:
            job.exception()
        assert max(sim.ledger.peak_running.values()) <= 10
        return weather, len(ended), failed

    return run(story(), debug=False)


def storm(share, *answers, seed=1):
    """So large a share of the looks meets one of the answers."""
    dice = Random(seed)

    def strike(request, now):
        hit = request.repeatable and BEGIN <= now < END and dice.random() < share
        return dice.choice(answers) if hit else None

    return strike


@pytest.fixture(scope="module", params=["fast", "relax"])
def calm(request):
    """The same jobs without a fault."""
    weather, ended, _ = told(lambda _request, _now: None, mode=request.param)
    return request.param, weather.minutes, ended


def ratio(weather, minutes, over=WHOLE):
    return sum(weather.minutes[minute] for minute in over) / sum(minutes[minute] for minute in over)


@pytest.mark.fault("H17")
@pytest.mark.fault("H18")
@pytest.mark.parametrize(
    "answers",
    [(page(503),), (page(429, retry_after="1"),), (page(500), page(502), page(504), page(429), NoAnswer("reset"))],
    ids=["503", "429 Retry-After: 1", "all kinds"],
)
def test_a_whole_storm_costs_less_than_calm_weather_and_no_job(calm, answers):
    mode, minutes, _ = calm
    weather, ended, failed = told(storm(1.0, *answers), mode=mode, until=END + 120)

    assert all(weather.minutes[minute] <= 1.2 * minutes[minute] for minute in WHOLE), "once the bucket is empty"
    assert ratio(weather, minutes) < 0.6, "looks thin out to one a minute for each job"
    assert [] == failed
    assert ended >= 10, "those that ran through it are found within a minute after it"
    assert all(weather.minutes[minute] > 0 for minute in WHOLE)


@pytest.mark.fault("H18")
@pytest.mark.parametrize("share", [0.3, 0.5, 0.9])
def test_a_storm_over_some_looks_costs_less_than_it_takes_away(calm, share):
    """Tries again are a fifth of the answers at most; a look that fails has to be made again, so half of them double."""
    mode, minutes, ended = calm
    weather, ended_too, failed = told(storm(share, page(503)), mode=mode)

    assert ratio(weather, minutes) <= min(1.2 / (1 - share), 2.4)
    assert [] == failed
    assert share > 0.5 or ended_too >= 0.7 * ended, "half of the looks is enough to go on nearly as usual"


def at_once(strike):
    """The first two minutes of 200 relax jobs in as many slots."""

    async def story():
        sim = Sim(seed=1, caps={"ttapi": 200})
        account, weather = under(sim.ttapi(max_jobs=200), strike)
        pool = mj.Pool(account)
        for number in range(200):
            pool.imagine(f"prompt {number}", mode="relax")
        await asyncio.sleep(120)
        looks = pool.stats().looks
        await pool.aclose()
        return weather, sum(sim.ledger.requests.values()), looks

    return run(story(), debug=False)


@pytest.mark.fault("H18")
def test_many_jobs_at_once_in_a_storm_are_looked_at_no_more_than_in_calm_weather():
    """Hundreds of slots: every job has its own looks, and all of them together have one bucket."""
    calm, arrived, _ = at_once(lambda _request, _now: None)
    assert abs(arrived - calm.minutes.total()) < 10, "the simulator counts the same, but for what is on its way"
    stormy, _, looks = at_once(lambda request, now: page(503) if request.repeatable and now > 1 else None)

    again = len(stormy.looks()) - looks - 2  # one look proves the route, and one question asks how many jobs it takes
    assert again <= 10, "so many tries again are in the bucket; whatever else is sent is a look of its own"
    assert stormy.minutes[1] <= 1.2 * calm.minutes[1]


@pytest.mark.fault("H18")
def test_looks_proofs_and_questions_share_one_bucket():
    async def story():
        sim = Sim(seed=1)
        account, weather = under(sim.ttapi(), lambda request, _now: page(503) if request.repeatable else None)
        async with mj.Pool(account, sim.mjproxy()) as pool:
            doomed = asyncio.gather(*(pool.check_prompt("a cat") for _ in range(20)), return_exceptions=True)
            assert all(isinstance(error, mj.MJError) for error in await doomed)
            assert len(weather.times) == 20 + 10
            sim.inject("status", provider="mjproxy", on="fetch", status=503, times=3)
            assert (await pool.imagine("a cat", account="mjproxy")).images, "the other account has its own"
            assert sim.ledger.requests["mjproxy.fetch"] >= 4

    run(story())


def after(*, back, strike):
    """Ten jobs that are all over when the looks work again at `back`; by how much their ends are seen late."""

    async def story():
        sim = Sim(seed=1)
        account, _ = under(sim.ttapi(), lambda request, now: strike if request.repeatable and 5 <= now < back else None)
        seen = {}

        async def watched(job):
            await job
            seen[job] = asyncio.get_running_loop().time()

        async with mj.Pool(account) as pool:
            await asyncio.gather(*(watched(pool.imagine(f"cat {n}")) for n in range(10)))
        assert max(job.finished_at for job in sim.world.jobs.values()) < back
        return sorted(at - back for at in seen.values())

    return run(story())


@pytest.mark.fault("H17")
@pytest.mark.parametrize("strike", [page(502), NoAnswer("reset")], ids=["502", "no answer"])
def test_after_an_outage_one_answer_speaks_for_all(strike):
    late = after(back=240.0, strike=strike)

    assert late[-1] < 15, "each of them slept for up to a minute"
    assert late[-1] - late[0] < 3
