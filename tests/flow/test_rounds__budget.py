"""One account's budget of looks: never more than it allows, the likeliest first, nobody for ever last, one timer."""

import asyncio
from itertools import pairwise

import pytest

import mjasync as mj
from mjasync.core.answers import Trouble
from mjasync.flow.looking import Looking as Said
from mjasync.flow.rounds import Round
from mjasync.testing import Sim, run
from tests.flow.rounding import LATENCY, Looking, Server, answer, running
from tests.flow.stories import listened

LOOKS = ("/fetch", "list-by-condition")


def pooled(script, *, provider="ttapi", profile="seed", rate=None, seed=5, **options):
    """Run `script(pool, sim)` against one account, and return when its looks left; the free proof is left out."""
    times = []

    async def story():
        sim = Sim(seed=seed, profile=profile)
        account, ear = listened(getattr(sim, provider)(**options))

        async def before(request):
            if any(part in request.url for part in LOOKS) and sim.ledger.accepted:
                times.append(asyncio.get_running_loop().time())

        ear.before = before
        async with mj.Pool(account, looking=Said(rate=rate)) as pool:
            await script(pool, sim)

    run(story())
    return times


async def twelve(pool, sim):
    """Twelve jobs, to the end."""
    await asyncio.gather(*(pool.imagine(f"cat {n}") for n in range(12)))


@pytest.mark.parametrize("rate", [0.2, 1.0, 3.0])
@pytest.mark.parametrize(("provider", "profile"), [("ttapi", "seed"), ("mjproxy", "seed"), ("mjproxy", "plus")])
def test_no_window_has_more_looks_than_the_rate_allows(provider, profile, rate):
    times = pooled(twelve, provider=provider, profile=profile, rate=rate)

    for n, first in enumerate(times):
        for m, last in enumerate(times[n:], 1):
            assert m <= max(rate, 1) + rate * (last - first) + 1e-6


def test_a_look_after_one_in_vain_waits_for_its_turn_too():
    server = Server([running(str(n)) for n in range(8)])
    server.listing = lambda ids: []

    async def story():
        looking = Looking(server, rate=0.5)
        for n in range(8):
            looking.ask(str(n), 10)
        await looking.all()

    run(story())
    times = [at for at, _, _ in server.asked]
    assert len(times) == 11
    assert min(later - sooner for sooner, later in pairwise(times)) == pytest.approx(2)


def test_who_is_most_likely_over_goes_first():
    server = Server([running(one) for one in "12345"])

    async def story():
        looking = Looking(server, rate=0.5)
        looking.session.looks.only_single()
        for remote_id, odds in zip("12345", (0.3, 0.9, 0.1, lambda now: 0.2 if now < 13 else 0.99, 0.5), strict=True):
            looking.ask(remote_id, 10, odds=odds)
        await looking.all()

    run(story())
    assert [(at, asked) for at, asked, _ in server.asked] == [(10, "2"), (12, "5"), (14, "4"), (16, "1"), (18, "3")]


def test_who_is_not_due_does_not_go_first():
    server = Server([running(one) for one in "12"])

    async def story():
        looking = Looking(server, rate=0.5)
        looking.session.looks.only_single()
        looking.ask("1", 10, odds=0.1)
        looking.ask("2", 11, odds=0.9)
        await looking.all()

    run(story())
    assert [(at, asked) for at, asked, _ in server.asked] == [(10, "1"), (12, "2")]


def test_nobody_is_for_ever_last():
    """Ten jobs that run on and on, a look every five seconds: none waits three times as long as its share is."""

    async def script(pool, sim):
        sim.inject("stuck", on="job", match="stuck", times=5)
        sim.inject("slow", on="job", match="slow", factor=4, times=5)
        jobs = [pool.imagine(f"{'stuck' if n < 5 else 'slow'} {n}", deadline=600) for n in range(10)]
        await asyncio.gather(*(job.accepted() for job in jobs))
        counts = dict.fromkeys(jobs, 0)
        waited = dict.fromkeys(jobs, 0)
        for _ in range(280):
            await asyncio.sleep(1)
            for job in jobs:
                waited[job] = 0 if job.looks > counts[job] or job.done() else waited[job] + 1
                counts[job] = job.looks
                assert waited[job] <= 150
        for job in jobs:
            await job.cancel()

    pooled(script, rate=0.2)


# "Too often".


def test_a_refusal_is_about_all_of_the_accounts_looks_and_not_about_submits():
    accepted = []

    async def script(pool, sim):
        jobs = [pool.imagine(f"cat {n}") for n in range(5)]
        await asyncio.gather(*(job.accepted() for job in jobs))
        await asyncio.sleep(10)
        fault = sim.world.inject("status", on="fetch", status=429, retry_after=7, times=1)
        while not fault.fired:  # noqa: ASYNC110  # a fault calls nobody
            await asyncio.sleep(0.01)
        accepted.append(asyncio.get_running_loop().time())
        await pool.imagine("one more").accepted()
        accepted.append(asyncio.get_running_loop().time())
        await asyncio.gather(*jobs)

    times = pooled(script)
    refused, more = accepted
    assert more - refused < 0.2
    before, after = max(at for at in times if at <= refused), min(at for at in times if at > refused)
    assert after - before >= 7


@pytest.mark.parametrize("listing", [True, False], ids=["together", "alone"])
def test_a_refusal_halves_the_pace_and_answers_bring_it_back(listing):
    server = Server([running(str(n)) for n in range(40)])
    refusals = [answer({}, 429, **{"retry-after": "20"})]

    def refused(asked):
        return refusals.pop() if refusals else (None if isinstance(asked, list) else running(asked))

    server.listing, server.single = (refused, None) if listing else (None, refused)

    async def story():
        looking = Looking(server, rate=4.0)
        if not listing:
            looking.session.looks.only_single()
        for n in range(40):
            looking.ask(str(n), 10 + n / 1000 if n < 3 else 12 + n)
        await asyncio.sleep(11)
        assert 2.0 <= looking.pace.limit <= 2.2
        assert isinstance(looking.seen("0"), Trouble)
        await looking.all()
        assert looking.pace.limit > (2.0 if listing else 3.9)
        assert looking.session.looks.can_many is listing

    run(story())
    times = [at for at, _, _ in server.asked]
    # Those that had left before the answer came are not called back.
    assert min(at for at in times if at > 10 + LATENCY) == pytest.approx(30 + LATENCY, abs=0.01)


def test_a_refusal_without_a_time_is_a_second():
    server = Server([running("1"), running("2")])
    refusals = [answer({}, 429)]
    server.single = lambda remote_id: refusals.pop() if refusals else running(remote_id)

    async def story():
        looking = Looking(server)
        looking.session.looks.only_single()
        looking.ask("1", 10)
        looking.ask("2", 10.2)
        await looking.all()

    run(story())
    assert [at for at, _, _ in server.asked] == pytest.approx([10, 11 + LATENCY])


def test_trouble_of_another_kind_slows_nobody():
    server = Server([running("1"), running("2")])
    server.single = lambda remote_id: answer({"code": 4, "description": "no"}, 403)

    async def story():
        looking = Looking(server)
        looking.session.looks.only_single()
        looking.ask("1", 10)
        looking.ask("2", 10.2)
        await looking.all()
        assert looking.pace.limit == looking.pace.rate

    run(story())
    assert [at for at, _, _ in server.asked] == [10, 10.2]


# Timers and tasks.


def timers():
    """Timers of rounds that wait just now."""
    loop = asyncio.get_running_loop()
    return [
        timer
        for timer in loop._scheduled
        if not timer.cancelled() and getattr(timer._callback, "__func__", None) is Round._serve
    ]


@pytest.mark.parametrize("rate", [None, 0.2])
def test_one_timer_for_each_account_and_a_task_for_each_job(rate):
    async def story():
        sim = Sim(seed=5, profile="plus")
        bare = len(asyncio.all_tasks())
        async with mj.Pool(sim.ttapi(), sim.mjproxy(), looking=Said(rate=rate)) as pool:
            jobs = [pool.imagine(f"cat {n}", account=("ttapi", "mjproxy")[n % 2]) for n in range(40)]
            most = 0
            while not all(job.done() for job in jobs):
                await asyncio.sleep(0.5)
                assert len(timers()) <= 2
                most = max(most, len(timers()))
                # The host, what waits for the journal or for a request, and a driver for each job that runs.
                assert len(asyncio.all_tasks()) - bare <= 20 + 4
            assert most == 2
        assert timers() == []

    run(story())


def test_a_pool_that_is_left_in_the_middle_leaves_no_timer():
    async def story():
        sim = Sim(seed=5)
        async with mj.Pool(sim.ttapi(), sim.mjproxy()) as pool:
            jobs = [pool.imagine(f"cat {n}") for n in range(20)]
            await asyncio.gather(*(job.accepted() for job in jobs))
            await asyncio.sleep(3)
            assert timers()
            await pool.aclose()
            assert timers() == []
            await asyncio.gather(*jobs, return_exceptions=True)

    run(story())


@pytest.mark.parametrize(("provider", "profile"), [("ttapi", "seed"), ("mjproxy", "plus")])
@pytest.mark.parametrize("rate", [None, 0.3])
def test_no_timer_spins(monkeypatch, provider, profile, rate):
    served = []
    plain = Round._serve

    def counted(self):
        served.append(asyncio.get_running_loop().time())
        plain(self)

    monkeypatch.setattr(Round, "_serve", counted)
    times = pooled(twelve, provider=provider, profile=profile, rate=rate)

    assert len(served) <= 3 * len(times)
    assert max(served.count(moment) for moment in set(served)) <= 12


def test_who_has_waited_too_long_goes_before_who_is_likelier_over():
    async def story():
        looking = Looking(Server([running("slow"), *(running(str(n)) for n in range(30))]), rate=1.0)
        looking.ask("slow", 1.0, odds=0.01, joins=False, cap=5.0)
        for n in range(30):
            looking.ask(str(n), 1.0, odds=0.9, joins=False)
        await looking.all()
        return looking.at("slow")

    assert 5.0 < run(story()) < 9.0
