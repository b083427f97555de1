"""Stopping at every moment of a window's life: no second answer, no lost slot, an honest end."""

import asyncio
from contextlib import suppress

import pytest

import mjasync as mj
from mjasync.testing import Sim, run
from tests.flow.stories import MASK, ended, listened

VERBS = {"zoom": lambda single, **o: single.zoom(1.8, **o), "region": lambda single, **o: single.vary_region(MASK, **o)}
#: Where the story stops: a request (by its address), and whether it is about to leave or was just answered.
MOMENTS = [
    ("submit/action", "before"),
    ("submit/action", "after"),
    ("/fetch", "before"),
    ("/fetch", "after"),
    ("submit/modal", "before"),
    ("submit/modal", "after"),
    ("late", "after"),
]
PAIRS = [("seed", "zoom"), ("modal-disguised", "region"), ("modal-new-id", "zoom"), ("relay-15s", "region")]
PROFILES = ["seed", "modal-disguised", "relay-15s"]


class At:
    """Calls `act` once, when the first request to this address is about to leave, or was answered."""

    def __init__(self, ear, path, when, act):
        self.path, self.act = path, act
        setattr(ear, when, self)

    async def __call__(self, request):
        if self.act and self.path in request.url:
            act, self.act = self.act, None
            await act()


def stop_at(moment, profile, verb, abuse, **options):
    """Press a button, do `abuse(job, pool)` at that moment, wait for hours, and return what was sent and booked."""
    path, when = moment

    async def story():
        sim = Sim(seed=2, profile=profile, speed=3)
        account, ear = listened(sim.mjproxy())
        pool = mj.Pool(account)
        single = await pool.imagine("a cat").upscale(1)
        ear.sent.clear()
        job = VERBS[verb](single, **options)
        if path == "late":
            await asyncio.sleep(5)
            await abuse(job, pool)
        else:
            At(ear, path, when, lambda: abuse(job, pool))
        error = await ended(job)
        await asyncio.sleep(8000)
        await pool.aclose()
        held = pool._desk.queue.slots.held("mjproxy")
        return job, error, len(ear.to("submit/modal")), sim.ledger, held

    return run(story())


def check(ledger, modals, held):
    assert (ledger.violations, held) == ([], 0)
    assert len(ledger.windows) <= 1
    assert all(count == modals <= 1 for count in ledger.windows.values())
    assert ledger.charged == 2 + modals


def is_before_the_answer(moment, profile):
    """Whether the answer cannot have left at this moment. Only a disguised window is found by looking."""
    path, _ = moment
    return path == "submit/action" or (path == "/fetch" and profile == "modal-disguised")


@pytest.mark.parametrize(("profile", "verb"), PAIRS)
@pytest.mark.parametrize("moment", MOMENTS, ids=" ".join)
def test_a_cancelled_jobs_window_is_not_answered(moment, profile, verb):
    said = []

    async def cancel(job, _pool):
        said.append(await job.cancel())

    job, error, modals, ledger, held = stop_at(moment, profile, verb, cancel)

    check(ledger, modals, held)
    assert modals == (0 if is_before_the_answer(moment, profile) else 1)
    assert isinstance(said[0], mj.Abandoned)
    assert isinstance(error, mj.JobCancelled)
    assert error.charged == "unknown"
    assert job.phase is (mj.Phase.FAILED if not modals else mj.Phase.DONE)


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("moment", MOMENTS, ids=" ".join)
def test_a_deadline_leaves_a_window_alone_too(moment, profile):
    async def dawdle(job, _pool):
        await asyncio.sleep(20)

    job, error, modals, ledger, held = stop_at(moment, profile, "zoom", dawdle, deadline=10)

    check(ledger, modals, held)
    assert modals == (0 if is_before_the_answer(moment, profile) else 1)
    assert isinstance(error, mj.DeadlineExceeded)
    assert error.charged == "unknown"
    assert error.ticket is None or error.ticket == job.ticket or job.ticket is not None


@pytest.mark.parametrize(("profile", "verb"), PAIRS)
@pytest.mark.parametrize("moment", MOMENTS, ids=" ".join)
def test_a_pool_that_closes_sends_no_second_answer_and_names_the_ticket(moment, profile, verb):
    async def close(job, pool):
        closing.append(asyncio.ensure_future(pool.aclose()))
        await asyncio.sleep(0)

    closing = []
    job, error, modals, ledger, _ = stop_at(moment, profile, verb, close)

    assert ledger.violations == []
    assert all(count == modals <= 1 for count in ledger.windows.values())
    # The answer to a press may come in the same breath as the closing: then its window is answered, once.
    if moment[1] == "before" or moment[0] in ("submit/modal", "late"):
        assert modals == (0 if is_before_the_answer(moment, profile) else 1)
    assert isinstance(error, mj.PoolClosed)
    assert error.charged == "unknown"
    assert job.ticket is not None
    assert closing[0].result().running == (job,)


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("moment", MOMENTS, ids=" ".join)
def test_a_cancelled_awaiter_changes_nothing(moment, profile):
    async def cancel_an_awaiter(job, _pool):
        waiting = asyncio.ensure_future(job)
        await asyncio.sleep(0)
        waiting.cancel()
        with suppress(asyncio.CancelledError):
            await waiting

    job, error, modals, ledger, held = stop_at(moment, profile, "region", cancel_an_awaiter)

    check(ledger, modals, held)
    assert (error, modals, job.phase) == (None, 1, mj.Phase.DONE)


def test_a_job_that_is_withdrawn_in_time_opens_no_window():
    async def story():
        sim = Sim(seed=2)
        async with mj.Pool(sim.mjproxy()) as pool:
            single = await pool.imagine("a cat").upscale(1)
            job = single.zoom(1.8)
            assert await job.cancel() == mj.Withdrawn()
            assert (await ended(job)).charged == "no"
        assert (sim.ledger.windows, sim.ledger.charged) == ({}, 2)

    run(story())


def test_between_two_tries_of_an_answer_a_cancel_ends_it():
    async def story():
        sim = Sim(seed=2)
        async with mj.Pool(sim.mjproxy()) as pool:
            single = await pool.imagine("a cat").upscale(1)
            sim.inject("status", status=429, retry_after=100, on="submit", match="submit/modal", times=9)
            job = single.zoom(1.8)
            await job.accepted()
            await asyncio.sleep(50)
            assert isinstance(await job.cancel(), mj.Abandoned)
            assert isinstance(await ended(job), mj.JobCancelled)
            await asyncio.sleep(200)
            assert (job.phase, pool.stats().accounts["mjproxy"].held) == (mj.Phase.FAILED, 0)
        assert (sim.ledger.requests["mjproxy.modal"], sim.ledger.charged) == (1, 2)

    run(story())


@pytest.mark.parametrize("abuse", ["cancel", "deadline"])
@pytest.mark.parametrize("profile", ["seed", "modal-disguised"])
def test_a_job_given_up_while_its_answer_is_made_ready_is_not_answered(profile, abuse):
    """The mask is fetched from its address: that takes a while, and then nobody wants the answer any more."""

    async def story():
        sim = Sim(seed=2, profile=profile, speed=3)
        account, ear = listened(sim.mjproxy())
        async with mj.Pool(account) as pool:
            single = await pool.imagine("a cat").upscale(1)
            mask = f"{account.base_url}/pictures/{sim.world.gallery.keep(MASK)}"
            job = single.vary_region(mask, "a hat", deadline=30 if abuse == "deadline" else None)

            async def give_up(request):
                if "/pictures/" in request.url and ear.to("submit/action")[1:]:
                    await (asyncio.sleep(60) if abuse == "deadline" else job.cancel())

            ear.before = give_up
            error = await ended(job)
            await asyncio.sleep(4000)
            assert isinstance(error, mj.DeadlineExceeded if abuse == "deadline" else mj.JobCancelled)
            assert ear.to("submit/modal") == []
            assert (job.phase, pool.stats().accounts["mjproxy"].held) == (mj.Phase.FAILED, 0)
        assert (sim.ledger.charged, list(sim.ledger.windows.values())) == (2, [0])

    run(story())
