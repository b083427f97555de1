"""Money, told as journeys: a budget that holds at the provider's own books, a breaker, a check that spares a strike."""

import asyncio
from random import Random

import pytest

import mjasync as mj
from mjasync.testing import Sim, run

#: The first two are told always.
SEEDS = [0, 1, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(2, 8))]
BANNED = {"reason": "[Banned prompt detected] gore"}


async def endings(jobs):
    """What became of each: its error's class, or None."""
    found = await asyncio.gather(*jobs, return_exceptions=True)
    return [type(each) if isinstance(each, Exception) else None for each in found]


def charged(sim):
    """What the provider itself has taken, in quota."""
    return sum(entry.quota for entry in sim.ledger.jobs if entry.outcome != "failed")


def story(script, *, budget=None, accounts=1, seed=1, **options):
    """Run `script(pool, sim)`; afterwards no slot is held and nothing was overspent at the provider."""

    async def told():
        sim = Sim(seed=seed)
        async with mj.Pool(*(sim.ttapi() for _ in range(accounts)), budget=budget, **options) as pool:
            await script(pool, sim)
        assert budget is None or charged(sim) <= budget
        return sim

    return run(told())


@pytest.mark.fault("U13")
@pytest.mark.parametrize(("budget", "fits"), [(3, 1), (29, 9), (30, 10), (32.9, 10), (36, 12), (90, 30)])
def test_thirty_at_once_stop_at_exactly_what_the_budget_pays(budget, fits):
    async def script(pool, sim):
        errors = await endings([pool.imagine(f"cat {n}") for n in range(30)])
        assert (fits, 30 - fits) == (errors.count(None), errors.count(mj.QuotaExhausted))
        assert (3.0 * fits, fits) == (pool.ledger().total.spent, pool.ledger().total.done)
        assert budget - 3.0 * fits == pytest.approx(pool.ledger().left)

    sim = story(script, budget=budget)
    assert fits == sim.ledger.accepted, "what did not fit was never sent"


@pytest.mark.parametrize("seed", SEEDS[:4])
@pytest.mark.parametrize("budget", [10, 25, 47.5])
def test_chains_and_first_jobs_share_one_budget(seed, budget):
    """A grid is 3 and an upscale 1: the provider's books never pass the budget, and nothing that fits is left out."""

    async def script(pool, sim):
        chains = [pool.imagine(f"cat {n}").upscale(1) for n in range(15)]
        roots = [pool.imagine(f"dog {n}", mode="turbo") for n in range(5)]
        errors = await endings([*chains, *roots])
        assert set(errors) <= {None, mj.QuotaExhausted, mj.ParentFailed}
        assert pool.ledger().total.spent == charged(sim)
        assert pool.ledger().left < 6, "the dearest would not have fitted any more"
        assert not pool.stats().waiting

    story(script, budget=budget, seed=seed)


def test_jobs_that_fail_give_back_what_they_had_reserved():
    async def script(pool, sim):
        sim.inject("fail", on="job", times=8, reason="boom")
        errors = await endings([pool.imagine(f"cat {n}") for n in range(30)])
        assert (8, 10, 12) == tuple(errors.count(kind) for kind in (mj.JobFailed, None, mj.QuotaExhausted))

    sim = story(script, budget=30)
    assert (18, 10) == (sim.ledger.accepted, sim.ledger.charged)


def test_a_job_of_unknown_fate_is_kept_back_from_the_budget():
    async def script(pool, sim):
        assert await pool.imagine("the price is 3")
        sim.inject("lose_answer", on="submit")
        errors = await endings([pool.imagine(f"cat {n}") for n in range(5)])
        assert (1, 2, 2) == tuple(errors.count(k) for k in (mj.SubmitOutcomeUnknown, None, mj.QuotaExhausted))
        ledger = pool.ledger()
        assert (9.0, 1, 3.0, 0.0) == (
            ledger.total.spent,
            ledger.total.possible.jobs,
            ledger.total.possible.quota,
            ledger.left,
        )

    story(script, budget=12)


SUBMIT = [
    ("status", {"status": 429}),
    ("status", {"status": 503}),
    ("refuse_connection", {}),
    ("lose_answer", {}),
    ("queue_full", {}),
    ("reject", BANNED),
]
JOB = [("fail", {"reason": "boom"}), ("slow", {"factor": 3}), ("fail", BANNED), ("vanish", {})]


@pytest.mark.parametrize("seed", SEEDS)
def test_on_a_bad_day_the_budget_holds_and_every_job_ends(seed):
    dice = Random(seed)

    async def script(pool, sim):
        assert await pool.imagine("the price is 3").upscale(1)
        for _ in range(5):
            for place, kinds in (("submit", SUBMIT), ("job", JOB)):
                kind, details = dice.choice(kinds)
                sim.inject(kind, on=place, times=dice.randint(1, 2), **details)
        jobs = [pool.imagine(f"cat {n}", deadline=dice.choice((None, None, 300))) for n in range(40)]
        jobs += [job.upscale(1) for job in dice.sample(jobs, 15)]
        await asyncio.sleep(dice.random() * 100)
        for job in dice.sample(jobs, 5):
            await job.cancel()
        errors = await endings(jobs)
        assert mj.QuotaExhausted in errors
        await asyncio.sleep(2000)
        total = pool.ledger().total
        assert 0 == total.reserved.jobs
        assert total.spent <= charged(sim) <= total.spent + total.possible.quota

    story(script, budget=dice.choice((40, 55, 70)), seed=seed)


@pytest.mark.fault("U13", "P26")
def test_budget_and_strikes_outlive_the_process(tmp_path):
    """What was spent, what runs on, what nobody knows and what was refused counts in the next process too."""

    async def told():
        sim = Sim(seed=1)
        account, journal = sim.ttapi(), tmp_path / "jobs.db"
        async with mj.Pool(account, journal=journal) as pool:
            await asyncio.gather(*(pool.imagine(f"cat {n}") for n in range(2)))
            assert [mj.PromptRejected] * 3 == await endings([pool.imagine("gore") for _ in range(3)])
            sim.inject("lose_answer", on="submit")
            assert [mj.SubmitOutcomeUnknown] == await endings([pool.imagine("lost")])
            await pool.imagine("runs on").accepted()
            await pool.aclose()
        async with mj.Pool(account, journal=journal, budget=15) as pool:
            total = pool.ledger().total
            assert (6.0, 1, 1, 3) == (total.spent, total.reserved.jobs, total.possible.jobs, total.strikes)
            assert 3.0 == pool.ledger().left
            errors = await endings([pool.imagine(f"dog {n}") for n in range(4)])
            assert (1, 3) == (errors.count(None), errors.count(mj.QuotaExhausted))
        assert 15 == charged(sim)

    run(told())


def test_the_books_can_be_read_at_any_moment():
    async def script(pool, sim):
        assert pool.ledger().total == mj.AccountLedger()
        job = pool.imagine("a cat")
        await job.accepted()
        assert (1, None) == (pool.ledger().total.reserved.jobs, pool.ledger().total.reserved.quota)
        await job
        second = pool.imagine("a dog")
        await second.accepted()
        assert (1, 3.0, 3.0) == (
            pool.ledger().total.reserved.jobs,
            pool.ledger().total.reserved.quota,
            pool.ledger().accounts["ttapi"].spent,
        )

    story(script)


@pytest.mark.fault("P15")
def test_a_provider_that_tells_no_price_leaves_an_unknown_in_the_books():
    async def told():
        sim = Sim(seed=1)
        async with mj.Pool(sim.mjproxy()) as pool:
            await pool.imagine("a cat").upscale(1)
            ledger = pool.ledger()
            assert (0.0, 2, 2) == (ledger.total.spent, ledger.total.done, ledger.total.unpriced)
            assert "?" in str(ledger)

    run(told())


@pytest.mark.parametrize("budget", [0, -1, "many", True, float("nan")])
def test_what_is_no_budget_is_said_before_anything_happens(budget):
    with pytest.raises(mj.ConfigError, match="budget="):
        mj.Pool(mj.TTAPI("key"), budget=budget)


def test_a_relay_alone_cannot_hold_a_budget():
    with pytest.raises(mj.ConfigError, match="cannot be held"):
        mj.Pool(mj.MJProxy("key", base_url="https://relay.example"), budget=10)


@pytest.mark.fault("P26", "U02")
def test_after_25_refused_prompts_another_account_takes_over():
    async def script(pool, sim):
        errors = await endings([pool.imagine(f"gore {n}", account="ttapi") for n in range(40)])
        assert 40 == errors.count(mj.PromptRejected)
        assert 25 <= sim.ledger.requests["ttapi.imagine"] <= 30, "the others were not sent"
        assert sim.ledger.requests["ttapi.imagine"] == pool.ledger().accounts["ttapi"].strikes

        assert [None] * 12 == await endings([pool.imagine(f"a cat {n}") for n in range(12)])
        assert {"ttapi-2"} == {job.ticket.account for job in pool.jobs if job.ticket}

    story(script, accounts=2)


@pytest.mark.fault("P26")
def test_the_breaker_counts_what_is_refused_while_it_runs_and_lets_buttons_go():
    async def script(pool, sim):
        grid = await pool.imagine("a cat")
        sim.inject("fail", on="job", match="bad", times=40, **BANNED)
        errors = await endings([pool.imagine(f"bad {n}") for n in range(60)])
        assert 60 == errors.count(mj.PromptRejected)
        assert 25 <= pool.ledger().total.strikes <= 30, "the quota of none of them is kept"
        assert await grid.upscale(1), "what brings no words of its own goes on"

    story(script)


@pytest.mark.fault("U02")
def test_the_free_check_spares_a_strike():
    async def script(pool, sim):
        errors = await endings([pool.imagine(prompt) for prompt in ("gore", "a cat", "gore", "一只猫")])
        assert [mj.PromptRejected, None, mj.PromptRejected, None] == errors
        assert 0 == pool.ledger().total.strikes
        assert (2, 2) == (sim.ledger.requests["ttapi.promptCheck"], sim.ledger.requests["ttapi.imagine"])

    story(script, check_prompts=True)


def test_without_the_check_the_provider_is_asked_at_once():
    async def script(pool, sim):
        assert [mj.PromptRejected] == await endings([pool.imagine("gore")])
        assert 1 == pool.ledger().total.strikes
        assert 0 == sim.ledger.requests["ttapi.promptCheck"]

    story(script)


def test_a_check_that_is_away_holds_nothing_up():
    async def script(pool, sim):
        sim.inject("status", on="free", times=100, status=500)
        assert [None] * 5 == await endings([pool.imagine(f"a cat {n}") for n in range(5)])

    story(script, check_prompts=True)
