"""Closing: what is reported, what whoever still waits is told, and what is not waited for."""

import asyncio

import pytest

import mjasync as mj
from mjasync.events import Looked
from mjasync.testing import Sim, run
from tests.journeys.lives import life, now, sending, submits, world


def ids(jobs):
    return sorted(job.id for job in jobs)


@pytest.mark.parametrize("drain", [0, 300])
def test_a_drain_tells_what_ended_what_runs_and_what_was_never_sent(drain):
    async def story():
        sim = Sim(seed=1)
        sim.inject("stuck", on="job", match="stuck")
        pool = mj.Pool(sim.ttapi(max_jobs=3))
        before = await pool.imagine("before")
        jobs = [pool.imagine("stuck"), pool.imagine("cat 1"), pool.imagine("cat 2"), pool.imagine("waits")]
        await asyncio.gather(*(job.accepted() for job in jobs[:3]))
        begun = now()
        found = await pool.aclose(drain=drain)
        stuck, *cats, waits = jobs
        assert ids(found.finished) == (ids(cats) if drain else [])
        assert ids(found.running) == ids([stuck] if drain else [stuck, *cats])
        assert ids(found.held) == ids([waits])
        assert drain == pytest.approx(now() - begun, abs=1)
        assert before.job_id not in ids((*found.finished, *found.running, *found.held))
        assert {mj.PoolClosed} == {type(job.exception()) for job in (*found.running, *found.held)}
        assert found is await pool.aclose(), "a second time tells the same"

    run(story())


def test_a_drain_ends_as_soon_as_all_have_ended():
    async def story():
        pool = mj.Pool(Sim(seed=1).ttapi())
        job = pool.imagine("a cat")
        await job.accepted()
        assert [job] == list((await pool.aclose(drain=10_000)).finished)
        assert now() < 200

    run(story())


def test_a_job_whose_end_is_on_its_way_to_the_disk_does_not_run_on(tmp_path, caplog):
    async def story():
        over = asyncio.Event()

        def listen(event):
            if isinstance(event, Looked) and event.saw == "done":
                over.set()

        pool = mj.Pool(Sim(seed=1).ttapi(), journal=tmp_path / "jobs.db", on_event=listen)
        job = pool.imagine("a cat")
        await job.accepted()
        await over.wait()
        assert not job.done()
        found = await pool.aclose(drain=0)
        assert job.result().image
        assert ([job], [], []) == tuple(list(jobs) for jobs in (found.finished, found.running, found.held))
        assert "run on" not in caplog.text

    run(story())


def test_a_pool_that_was_never_used_has_nothing_to_tell():
    async def story():
        assert mj.Drain(finished=(), running=(), held=()) == await mj.Pool(Sim().ttapi()).aclose()

    run(story())


@pytest.mark.parametrize("kept", [False, True])
def test_whoever_still_waits_hears_how_to_find_the_job_again(kept, tmp_path, caplog):
    async def story():
        sim, accounts = world("ttapi", max_jobs=1)
        pool = mj.Pool(*accounts, journal=str(tmp_path / "jobs.db") if kept else None)
        runs, waits = pool.imagine("a cat"), pool.imagine("a dog")
        await runs.accepted()
        await pool.aclose()
        for job, charged in ((runs, "unknown"), (waits, "no")):
            with pytest.raises(mj.PoolClosed) as caught:
                await job
            assert charged == caught.value.charged
            assert kept is ("recover()" in caught.value.hint)
        assert str(runs.ticket) in caplog.text
        assert kept is ("mjasync resume" in caplog.text)
        assert 1 == submits(sim)

    run(story())


@pytest.mark.fault("K11")
def test_a_failure_that_nobody_read_is_told_once(caplog):
    async def story():
        sim = Sim(seed=1)
        sim.inject("fail", on="job", match="bad", times=2, reason="boom")
        async with mj.Pool(sim.ttapi()) as pool:
            jobs = [pool.imagine("bad 1"), pool.imagine("bad 2"), pool.imagine("good")]
            await jobs[0].ended()
            jobs[0].exception()
        said = [record.message for record in caplog.records if "nobody asked" in record.message]
        assert 1 == len(said)
        assert said[0].startswith("1 job(s) failed")
        assert jobs[1].id in said[0]

    run(story())


@pytest.mark.parametrize("depth", [1, 2])
def test_a_step_after_a_job_of_unknown_fate_is_not_waited_for(depth, tmp_path):
    async def story():
        sim, accounts = world("ttapi")
        sim.inject("drop", on="submit", match="lost")
        async with mj.Pool(*accounts, journal=str(tmp_path / "jobs.db"), public_url="https://me.example") as pool:
            lost = pool.imagine("lost")
            last = lost
            for n in range(depth):
                last = last.upscale(1) if n == 0 else last.zoom(2)
            await asyncio.sleep(5)
            other = pool.imagine("a cat").upscale(1)
        assert other.result().images
        assert now() < 200
        assert isinstance(lost.exception(), mj.SubmitOutcomeUnknown)
        assert isinstance(last.exception(), mj.PoolClosed)
        async with life(tmp_path / "jobs.db", *accounts, public_url="https://me.example") as pool:
            found = await pool.recover()
            assert [lost.id] == ids(found.unknown)
            assert depth == len(found.held)
            assert last.id in ids(found.held)

    run(story())


def test_a_submit_on_its_way_is_waited_for_and_kept(tmp_path):
    async def story():
        sim, accounts = world("mjproxy")
        pool = mj.Pool(*accounts, journal=str(tmp_path / "jobs.db"))
        job = pool.imagine("a cat")
        await sending(job)
        found = await pool.aclose()
        assert job.ticket is not None
        assert [job] == list(found.running)
        async with mj.Pool(*accounts, journal=str(tmp_path / "jobs.db")) as pool:
            assert (await pool.job(job.id)).images
        assert 1 == submits(sim)

    run(story())
