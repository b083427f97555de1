"""A disk that fails in the middle: nothing is sent before its intent is kept, and whoever waits hears what is known."""

import asyncio

import pytest

import mjasync as mj
from mjasync.core.machine import Accepted, Asked, Filling, Saw, Sending
from mjasync.journal.memory import MemoryJournal
from mjasync.testing import Sim, run
from tests.flow.stories import Relay, button, done, listened, taken
from tests.journeys.lives import held, submits


class Dying(MemoryJournal):
    """A disk that takes a while for each entry, and keeps nothing from the n-th event of a kind on."""

    place = "/disk/jobs.db"

    def __init__(self, kind, *, nth=1, slow=0.01):
        self.kind, self.left, self.slow = kind, nth, slow
        self.dead = False
        self.kept, self.pending = [], []

    def append(self, *entries):
        durable = asyncio.get_running_loop().create_future()
        self.left -= any(isinstance(entry.event, self.kind) for entry in entries)
        self.dead = self.dead or self.left == 0
        durable.get_loop().call_later(self.slow, self._end, durable, entries, self.dead)
        self.pending.append(durable)
        return durable

    def _end(self, durable, entries, dead):
        self.pending.remove(durable)
        if dead:
            durable.set_exception(mj.JournalWriteError("the disk is full"))
            durable.exception()
        else:
            self.kept += [type(entry.event) for entry in entries]
            durable.set_result(None)

    async def aclose(self):
        if self.pending:
            await asyncio.wait(self.pending)


def outcome(job):
    error = job.exception()
    return type(error) if error else None


@pytest.mark.fault("D01")
@pytest.mark.parametrize("kind", [Asked, Sending])
def test_nothing_is_sent_before_its_intent_is_kept(kind):
    async def story():
        sim, journal = Sim(seed=1), Dying(kind)
        async with mj.Pool(sim.ttapi(), journal=journal) as pool:
            jobs = [pool.imagine("a cat"), pool.imagine("a dog").upscale(1)]
            for job in (*jobs, jobs[1].parent):
                with pytest.raises(mj.MJError) as caught:
                    await job
                assert "no" == caught.value.charged
            assert mj.JournalWriteError is outcome(jobs[0])
            assert mj.JournalWriteError is outcome(jobs[1].parent)
            with pytest.raises(mj.JournalWriteError, match="disk is full"):
                pool.imagine("more")
            await asyncio.sleep(1000)
            assert 0 == held(pool, "ttapi")
        assert 0 == submits(sim)

    run(story())


@pytest.mark.fault("D02")
def test_what_ended_is_told_with_its_result():
    async def story():
        sim, journal = Sim(seed=1), Dying(Saw)
        async with mj.Pool(sim.ttapi(), journal=journal) as pool:
            job = pool.imagine("a cat")
            with pytest.raises(mj.JournalWriteError) as caught:
                await job
            assert caught.value.result.images
            assert ("yes", job) == (caught.value.charged, job)
            assert job.id in str(caught.value)
            assert "/disk/jobs.db" in str(caught.value)
            assert mj.Phase.DONE is job.phase
            await asyncio.sleep(0.1)
            assert 0 == held(pool, "ttapi")
        assert 1 == submits(sim)

    run(story())


@pytest.mark.fault("D02")
def test_a_failure_is_told_too():
    async def story():
        sim, journal = Sim(seed=1), Dying(Saw)
        sim.inject("fail", on="job", reason="boom")
        async with mj.Pool(sim.ttapi(), journal=journal) as pool:
            job = pool.imagine("a cat")
            with pytest.raises(mj.JournalWriteError) as caught:
                await job
            assert caught.value.result is None
            assert (mj.Phase.FAILED, "unknown") == (job.phase, caught.value.charged)

    run(story())


@pytest.mark.fault("D02")
@pytest.mark.parametrize("provider", ["ttapi", "mjproxy"])
def test_when_an_acceptance_is_not_kept_the_job_goes_on_in_memory_and_keeps_its_slot(provider):
    async def story():
        sim, journal = Sim(seed=1), Dying(Accepted)
        async with mj.Pool(getattr(sim, provider)(max_jobs=1), journal=journal) as pool:
            job, waiting = pool.imagine("a cat"), pool.imagine("a dog")
            assert provider == (await job.accepted()).account
            assert 1 == held(pool, provider)
            with pytest.raises(mj.JournalWriteError) as caught:
                await job
            assert caught.value.result.images
            assert mj.JournalWriteError is outcome(waiting)
            await asyncio.sleep(0.1)
            assert 0 == held(pool, provider)
        assert 1 == submits(sim)

    run(story())


@pytest.mark.fault("D02")
def test_all_that_run_are_told_and_nothing_that_waits_is_sent():
    async def story():
        sim, journal = Sim(seed=1), Dying(Saw, nth=3)
        async with mj.Pool(sim.ttapi(max_jobs=4), sim.mjproxy(max_jobs=4), journal=journal) as pool:
            jobs = [pool.imagine(f"cat {n}") for n in range(20)]
            steps = [job.upscale(1) for job in jobs[:4]]
            await asyncio.gather(*(job.ended() for job in (*jobs, *steps)))
            sent = [job for job in jobs if job.ticket]
            good = [job for job in jobs if outcome(job) is None]
            assert 2 == len(good)
            assert all(job.exception().result.images for job in sent if job not in good)
            assert {mj.JournalWriteError} == {outcome(job) for job in jobs if job not in good}
            assert {job.exception().charged for job in jobs if job not in sent} <= {"no"}
            assert {"no"} >= {step.exception().charged for step in steps if step.exception() and not step.ticket}
            await asyncio.sleep(0.1)
            assert (0, 0) == (held(pool, "ttapi"), held(pool, "mjproxy"))
            with pytest.raises(mj.JournalWriteError):
                pool.imagine("more")
        assert len(sent) + sum(step.ticket is not None for step in steps) == submits(sim)

    run(story())


@pytest.mark.fault("D01", "P16")
def test_a_window_is_not_answered_before_that_is_kept(caplog):
    async def story():
        grid = done(buttons=[button("MJ::CustomZoom::h", "Custom Zoom")])
        relay = Relay(
            {"imagine": taken("11"), "action": {"code": 21, "description": "window", "result": "12"}},
            {"11": [grid], "12": [{"status": "MODAL", "progress": "0%"}]},
        )
        account = mj.MJProxy("key", base_url="https://relay.example", transport=relay)
        async with mj.Pool(account, journal=Dying(Filling)) as pool:
            zoom = (await pool.imagine("a cat")).press("MJ::CustomZoom::h", prompt="a cat --zoom 1.5")
            with pytest.raises(mj.MJError) as caught:
                await zoom
            assert isinstance(caught.value, mj.JournalWriteError)
            assert ("unknown", None) == (caught.value.charged, caught.value.result)
            await asyncio.sleep(0.1)
            assert 0 == held(pool, "mjproxy")
        assert [] == relay.to("modal")
        assert "bug" not in caplog.text

    run(story())


@pytest.mark.fault("D01")
@pytest.mark.parametrize("kind", [Asked, Sending, Accepted, Saw])
@pytest.mark.parametrize("slow", [0.0, 5.0])
def test_nobody_waits_for_ever_however_slow_the_disk_dies(kind, slow):
    async def story():
        sim, journal = Sim(seed=1), Dying(kind, nth=2, slow=slow)
        account, ear = listened(sim.ttapi(max_jobs=2))
        async with mj.Pool(account, journal=journal) as pool:
            jobs = [pool.imagine(f"cat {n}", deadline=2000) for n in range(5)]
            await asyncio.gather(*(job.ended() for job in jobs))
            assert len(ear.to("imagine")) <= journal.kept.count(Sending)
            await asyncio.sleep(10)
            assert 0 == held(pool, "ttapi")
            for job in jobs:
                job.exception()
        assert {"mj:close"} >= {task.get_name() for task in asyncio.all_tasks()} - {asyncio.current_task().get_name()}

    run(story())


@pytest.mark.fault("D02")
def test_a_job_that_is_cancelled_or_times_out_on_a_dead_disk_is_told():
    async def story():
        sim, journal = Sim(seed=1), Dying(Accepted)
        sim.inject("stuck", on="job", times=2)
        async with mj.Pool(sim.ttapi(), journal=journal) as pool:
            late, gone = pool.imagine("a cat", deadline=50), pool.imagine("a dog")
            await asyncio.gather(late.accepted(), gone.accepted())
            assert mj.Abandoned(gone.ticket) == await gone.cancel()
            for job in (late, gone):
                with pytest.raises(mj.JournalWriteError):
                    await job
            assert 2 == held(pool, "ttapi")

    run(story())
