"""How many jobs an account really takes: as it says itself, where it can be asked."""

import asyncio
import json
import logging

import pytest

import mjasync as mj
from mjasync.core.wire import HttpResponse
from mjasync.flow.capacity import PATIENCE
from mjasync.testing import Sim, run


class Saying:
    """A simulated account whose `info` says something else; `held_up` seconds later."""

    def __init__(self, inner, answer, *, held_up=0.0):
        self.inner, self.answer, self.held_up, self.asked = inner, answer, held_up, 0

    async def send(self, request):
        if not request.url.endswith("/info"):
            return await self.inner.send(request)
        self.asked += 1
        await asyncio.sleep(self.held_up)
        return self.answer

    async def aclose(self):
        pass


def info(**data):
    return HttpResponse(status=200, body=json.dumps({"status": "SUCCESS", "message": "", "data": data}).encode())


def after(jobs, *, answer=None, held_up=0.0, caps=None, **options):
    """Run so many jobs; the account's figures, what it said of itself, how often it was asked, and the sim."""

    async def story():
        sim = Sim(seed=3, caps=caps)
        account = sim.ttapi(**options)
        server = Saying(account.transport, answer, held_up=held_up)
        if answer is not None:
            account = mj.TTAPI(account.key, base_url=account.base_url, transport=server, **options)
        async with mj.Pool(account) as pool:
            await asyncio.gather(*(pool.imagine(f"cat {n}") for n in range(jobs)))
            return pool.stats(), server.asked, sim, repr(pool)

    return run(story())


@pytest.mark.fault("P18")
def test_an_account_that_takes_fewer_is_never_asked_for_more():
    stats, _, sim, text = after(12, caps={"ttapi": 4})
    account = stats.accounts["ttapi"]
    assert (4, 4, 4, False) == (account.cap, account.limit, account.peak, account.crowded)
    assert ({}, 4) == (
        {k: n for k, n in sim.ledger.refusals.items() if k != "unknown_job"},
        sim.ledger.peak_running["ttapi"],
    )
    assert stats.slot_use > 0.7, "of the slots that there are"
    assert "ttapi 0/4" in text


@pytest.mark.parametrize(("max_jobs", "cap"), [(3, 3), (4, 4), (10, 4), (200, 4)])
def test_never_more_than_the_user_allows(max_jobs, cap):
    stats, asked, _, _ = after(8, answer=info(max_queue=4), max_jobs=max_jobs)
    assert (cap, 1) == (stats.accounts["ttapi"].cap, asked)


def test_who_allows_one_job_asks_for_nothing():
    stats, asked, _, _ = after(2, answer=info(max_queue=4), max_jobs=1)
    assert (1, 0) == (stats.accounts["ttapi"].cap, asked)


@pytest.mark.parametrize(
    "answer",
    [
        *(info(max_queue=value) for value in (0, -3, "many", None, "", [], 0.2, True, 1e300, "1e999")),
        info(),
        HttpResponse(status=404),
        HttpResponse(status=405),
        HttpResponse(status=500),
        HttpResponse(status=401, body=b'{"status":"FAILED","message":"Wrong TT-API-KEY"}'),
        HttpResponse(status=200, body=b"<html>"),
        HttpResponse(status=200, body=b"[]"),
        HttpResponse(status=200, body=b'{"status":"SUCCESS","data":{"max_queue":NaN}}'),
    ],
    ids=lambda answer: f"{answer.status} {answer.body[-40:]!r}",
)
def test_what_cannot_be_is_as_if_nothing_was_said(answer):
    stats, _, sim, _ = after(12, answer=answer)
    account = stats.accounts["ttapi"]
    assert (10, 10, 10, 12) == (account.cap, account.limit, account.peak, account.done)
    assert [] == sim.ledger.violations


def test_an_answer_that_takes_long_holds_up_all_but_the_first_job_for_a_moment():
    async def story():
        sim = Sim(seed=3)
        account = sim.ttapi()
        server = Saying(account.transport, info(max_queue=2), held_up=600)
        async with mj.Pool(mj.TTAPI(account.key, base_url=account.base_url, transport=server)) as pool:
            jobs = [pool.imagine(f"cat {n}") for n in range(3)]
            moments = []
            for job in jobs:
                await job.accepted()
                moments.append(asyncio.get_running_loop().time())
            return moments, server.asked, pool.stats().accounts["ttapi"].cap

    (first, second, third), asked, cap = run(story())
    assert (1, 10) == (asked, cap)
    assert first < 1
    assert PATIENCE < second == third < PATIENCE + 1


def test_an_account_that_has_told_is_not_asked_again():
    async def story():
        sim = Sim(seed=3)
        account = sim.ttapi()
        server = Saying(account.transport, info(max_queue=2))
        async with mj.Pool(mj.TTAPI(account.key, base_url=account.base_url, transport=server)) as pool:
            await pool.account_info()
            await asyncio.gather(*(pool.imagine("a cat", mode=mode) for mode in ("fast", "turbo")))
        return server.asked

    assert 1 == run(story())


def test_what_the_user_asks_for_counts_too(caplog):
    async def story():
        sim = Sim(seed=3)
        account = sim.ttapi()
        server = Saying(account.transport, info(max_queue=2))
        async with mj.Pool(mj.TTAPI(account.key, base_url=account.base_url, transport=server)) as pool:
            found = [(await pool.account_info()).max_queue, pool.stats().accounts["ttapi"].cap]
            server.answer = info(max_queue=6)
            return [*found, (await pool.account_info()).max_queue, pool.stats().accounts["ttapi"].cap]

    with caplog.at_level(logging.INFO, "mjasync.slots"):
        assert [2, 2, 6, 6] == run(story())
    assert "account ttapi takes 2 jobs at once, as it says; max_jobs is 10" in caplog.text


@pytest.mark.fault("P18")
def test_somebody_else_on_the_account_is_said_once_and_shown_until_it_is_over(caplog):
    async def story():
        sim = Sim(seed=3)
        async with mj.Pool(sim.mjproxy()) as pool:
            before = pool.stats().accounts["mjproxy"].crowded
            running = [pool.imagine(f"cat {n}", mode="turbo") for n in range(4)]
            await asyncio.gather(*(job.accepted() for job in running))
            await asyncio.sleep(1)
            sim.inject("queue_full", on="submit", times=3)
            await asyncio.gather(*running, *(pool.imagine(f"dog {n}", mode="turbo") for n in range(3)))
            during = pool.stats().accounts["mjproxy"]
            await asyncio.sleep(3600)
            then = pool.stats().accounts["mjproxy"]
            return before, during.crowded, during.limit < 10, then.crowded, then.limit

    with caplog.at_level(logging.WARNING, "mjasync.slots"):
        assert (False, True, True, False, 10) == run(story())
    assert 1 == caplog.text.count("someone else uses this account?")
    assert "with 4 of our jobs there" in caplog.text


@pytest.mark.fault("P18")
def test_a_burst_against_a_smaller_cap_blames_nobody(caplog):
    async def story():
        sim = Sim(seed=3, caps={"mjproxy": 4})
        async with mj.Pool(sim.mjproxy()) as pool:
            jobs = [pool.imagine(f"cat {n}", mode="turbo") for n in range(10)]
            await asyncio.sleep(10)
            account = pool.stats().accounts["mjproxy"]
            await asyncio.gather(*(job.cancel() for job in jobs))
            return account.crowded, account.limit, dict(sim.ledger.refusals)

    with caplog.at_level(logging.WARNING, "mjasync.slots"):
        crowded, limit, refusals = run(story())
    assert refusals
    assert (False, 4) == (crowded, limit)
    assert "someone else" not in caplog.text
