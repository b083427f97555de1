"""Searching an account's own list: for all lost jobs together, and nothing refuted without evidence."""

import asyncio

import pytest

import mjasync as mj
from mjasync.core import patience
from mjasync.core.wire import HttpResponse
from mjasync.testing import Sim, run
from tests.flow.stories import listened
from tests.journeys.lives import now

HOOK = "https://me.example/mj"
UNREADABLE = [
    HttpResponse(status=200, body=b'{"status": "ON_QUEUE", "data": null}'),
    HttpResponse(status=200, body=b"<html>busy</html>"),
    HttpResponse(status=500, body=b"{}"),
    HttpResponse(status=200, body=b'{"status": "ON_QUEUE", "jobId": "%s", "data": {}}'),
]


class Blind:
    """A transport whose looks bring nothing useful between the proof of the route and a moment."""

    def __init__(self, inner, answer, until):
        self.inner, self.answer, self.until = inner, answer, until

    async def send(self, request):
        if request.url.endswith("/fetch") and 5 < now() < self.until and b"jobId" in (request.body or b""):
            return self.answer
        return await self.inner.send(request)

    async def aclose(self):
        await self.inner.aclose()


@pytest.mark.fault("N06")
@pytest.mark.parametrize("answer", UNREADABLE, ids=["null", "page", "error", "no hook yet"])
def test_a_row_that_cannot_be_read_now_is_looked_at_again(answer):
    async def story():
        sim = Sim(seed=2)
        account, ear = listened(sim.ttapi())
        ear.inner = Blind(ear.inner, answer, until=40.0)
        async with mj.Pool(account, public_url=HOOK) as pool:
            sim.inject("lose_answer", on="submit")
            result = await pool.imagine("a cat")
        assert result.prompt == "a cat"
        assert 1 == sim.ledger.accepted

    run(story())


def test_ten_lost_jobs_are_one_search():
    async def story():
        sim = Sim(seed=2)
        account, ear = listened(sim.ttapi())
        async with mj.Pool(account, public_url=HOOK) as pool:
            sim.inject("lose_answer", on="submit", times=10)
            results = await asyncio.gather(*(pool.imagine(f"cat {number}") for number in range(10)))
        assert [f"cat {number}" for number in range(10)] == [result.prompt for result in results]
        return len(ear.to("fetch-list")), sim.ledger.accepted

    lists, accepted = run(story())

    assert 10 == accepted
    assert lists <= 8, "two searches of four states"


def test_other_peoples_rows_are_looked_at_once_and_slowly():
    async def story():
        sim = Sim(seed=2)
        account, ear = listened(sim.ttapi())
        async with mj.Pool(account) as pool:
            await asyncio.gather(*(pool.imagine("a cat") for _ in range(8)))
        before = len(ear.to("/fetch"))
        async with mj.Pool(account, public_url=HOOK) as pool:
            sim.inject("drop", on="submit")  # the answer is lost, and so was the request
            begun = now()
            with pytest.raises(mj.SubmitOutcomeUnknown, match="left this machine"):
                await pool.imagine("a cat")
            assert 450 == pytest.approx(now() - begun, abs=5)
        return len(ear.to("/fetch")) - before - len(ear.to("fetch-list"))

    looks = run(story())

    assert looks <= 10, "eight rows once each, and the proof of the route"
    assert patience.SWEEP_PACE > 0


def test_where_every_row_was_seen_in_vain_that_is_said():
    async def story():
        sim = Sim(seed=2)
        async with mj.Pool(sim.ttapi(), public_url=HOOK) as pool:
            sim.inject("drop", on="submit")
            with pytest.raises(mj.SubmitOutcomeUnknown) as caught:
                await pool.imagine("a cat")
        assert caught.value.why.endswith("so probably nothing was charged.")

    run(story())


def test_rows_of_our_own_are_known_and_brought_back_for_nothing(tmp_path):
    async def story():
        sim = Sim(seed=2)
        account, ear = listened(sim.ttapi())
        async with mj.Pool(account, journal=tmp_path / "jobs.db") as pool:
            await asyncio.gather(*(pool.imagine(f"cat {number}") for number in range(8)))
        before = len(ear.to("/fetch"))
        async with mj.Pool(account, journal=tmp_path / "jobs.db", public_url=HOOK) as pool:
            sim.inject("drop", on="submit")
            job = pool.imagine("a dog")
            with pytest.raises(mj.SubmitOutcomeUnknown):
                await job
            assert (job,) == tuple(pool.jobs)
            assert [job.id] == list(pool._desk.books), "a search of the journal is no restoring"
        return len(ear.to("/fetch")) - before - len(ear.to("fetch-list")), len(ear.to("fetch-list"))

    looks, lists = run(story())

    assert lists
    assert looks <= 2, "the proof of the route: no row of ours was looked at"
