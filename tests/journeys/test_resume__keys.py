"""`key=` over several processes: one key, one request, whichever process asked first."""

import asyncio
import io

import pytest

import mjasync as mj
from mjasync.testing import run
from tests.journeys.lives import kill, life, sending, submits, world


@pytest.mark.fault("U15")
def test_a_finished_job_is_found_under_its_key(tmp_path):
    async def story():
        sim, accounts = world()
        async with mj.Pool(*accounts, journal=str(tmp_path / "jobs.db")) as pool:
            first = await pool.imagine("a cat", key="order-1")
            up = await first.upscale(1, key="order-1-up")
        async with mj.Pool(*accounts, journal=str(tmp_path / "jobs.db")) as pool:
            job = pool.imagine("a cat", key="order-1")
            assert (first.job_id, True) == (job.id, job.done())
            assert (first, first.raw) == (await job, (await job).raw)
            assert up == await job.upscale(1, key="order-1-up")
        assert 2 == submits(sim)

    run(story())


@pytest.mark.fault("U15")
def test_a_running_job_is_found_under_its_key(tmp_path):
    async def story():
        sim, accounts = world()
        async with life(tmp_path / "jobs.db", *accounts) as pool:
            first = pool.imagine("a cat", key="order-1")
            await first.accepted()
        async with mj.Pool(*accounts, journal=str(tmp_path / "jobs.db")) as pool:
            job = pool.imagine("a cat", key="order-1")
            assert (first.id, False) == (job.id, job.done())
            assert first.ticket == (await job).ticket
        assert 1 == submits(sim)

    run(story())


@pytest.mark.fault("U15")
def test_asking_again_wakes_a_sleeping_job_and_those_before_it_and_nobody_else(tmp_path):
    async def story():
        sim, accounts = world("ttapi", max_jobs=1)
        async with life(tmp_path / "jobs.db", *accounts) as pool:
            await pool.imagine("in the way").accepted()
            chain = pool.imagine("a cat", key="root").upscale(1).zoom(2, key="last")
            other = pool.imagine("a dog", key="other")
        async with mj.Pool(*accounts, journal=str(tmp_path / "jobs.db")) as pool:
            await asyncio.sleep(200)
            root = pool.job(chain.parent.parent.id)
            again = pool.job(chain.parent.id).zoom(2, key="last")
            assert chain.id == again.id
            result = await again
            assert [root.id, chain.parent.id, chain.id] == [step.job_id for step in result.lineage]
            assert mj.Phase.HELD is pool.job(other.id).phase
        assert 4 == submits(sim)

    run(story())


@pytest.mark.fault("U15")
def test_a_job_of_unknown_fate_is_found_under_its_key_and_not_sent_again(tmp_path):
    async def story():
        sim, accounts = world("mjproxy")
        sim.inject("lose_answer", on="submit")
        async with life(tmp_path / "jobs.db", *accounts) as pool:
            with pytest.raises(mj.SubmitOutcomeUnknown):
                await pool.imagine("a cat", key="order-1")
        for _ in range(2):
            async with life(tmp_path / "jobs.db", *accounts) as pool:
                with pytest.raises(mj.SubmitOutcomeUnknown):
                    await pool.imagine("a cat", key="order-1")
            await asyncio.sleep(2000)
        assert 1 == submits(sim)

    run(story())


@pytest.mark.fault("U15")
@pytest.mark.parametrize(
    "other",
    [
        lambda pool: pool.imagine("a dog", key="k"),
        lambda pool: pool.imagine("a cat", key="k", mode="relax"),
        lambda pool: pool.imagine("a cat", key="k", timeout=400),
        lambda pool: pool.describe("https://x.example/1.png", key="k"),
    ],
)
def test_another_request_under_the_key_of_an_earlier_process_is_refused(other, tmp_path):
    async def story():
        sim, accounts = world("ttapi")
        async with mj.Pool(*accounts, journal=str(tmp_path / "jobs.db")) as pool:
            first = await pool.imagine("a cat", key="k")
        async with mj.Pool(*accounts, journal=str(tmp_path / "jobs.db")) as pool:
            with pytest.raises(mj.KeyReused, match=first.job_id):
                other(pool)
            again = pool.imagine("a cat", key="k", deadline=5, priority=3)
            assert first.job_id == again.id, "how long and how soon to wait is no part of the request"
        assert 1 == submits(sim)

    run(story())


@pytest.mark.fault("U15")
@pytest.mark.parametrize("when", ["running", "over"])
def test_pictures_under_a_key_are_told_apart_by_their_bytes(when, tmp_path):
    async def story():
        sim, accounts = world("mjproxy")
        async with mj.Pool(*accounts) as pool:
            for name in ("cat", "dog"):
                await (await pool.imagine(f"a {name}")).save(tmp_path / f"{name}.png")
        cat, dog = ((tmp_path / f"{name}.png").read_bytes() for name in ("cat", "dog"))
        async with life(tmp_path / "jobs.db", *accounts) as pool:
            first = pool.blend([cat, dog], key="k")
            await (first.accepted() if when == "running" else first)
        before = submits(sim)
        async with mj.Pool(*accounts, journal=str(tmp_path / "jobs.db")) as pool:
            assert first.id == pool.blend([io.BytesIO(cat), bytearray(dog)], key="k").id
            with pytest.raises(mj.KeyReused):
                pool.blend([dog, cat], key="k")
        assert before == submits(sim)

    run(story())


def test_a_key_under_which_nothing_was_sent_may_be_used_again_in_another_process(tmp_path):
    async def story():
        sim, accounts = world("ttapi", max_jobs=1)
        async with life(tmp_path / "jobs.db", *accounts) as pool:
            await pool.imagine("in the way").accepted()
            first = pool.imagine("a cat", key="k")
            await first.cancel()
            second = pool.imagine("a cat", key="k")
            assert first.id != second.id
            await second.cancel()
        async with mj.Pool(*accounts, journal=str(tmp_path / "jobs.db")) as pool:
            third = pool.imagine("a dog", key="k")
            assert third.id not in (first.id, second.id)
        assert 2 == submits(sim)

    run(story())


@pytest.mark.fault("K01", "U15")
def test_the_key_of_a_job_that_was_being_sent_when_the_process_was_killed(tmp_path):
    async def story():
        sim, accounts = world("mjproxy")
        async with life(tmp_path / "jobs.db", *accounts) as pool:
            job = pool.imagine("a cat", key="k")
            await sending(job)
            corpse = kill(tmp_path / "jobs.db")
        async with life(corpse, *accounts) as pool:
            again = pool.imagine("a cat", key="k")
            assert job.id == again.id
            with pytest.raises(mj.SubmitOutcomeUnknown, match="the process that sent it ended"):
                await again
        assert 1 == submits(sim)

    run(story())


@pytest.mark.fault("U15")
@pytest.mark.parametrize("killed", [False, True], ids=["at once", "after a kill"])
def test_the_steps_of_a_chain_that_ended_unsent_leave_their_keys_to_the_next_try(tmp_path, killed):
    """Also where that is not written down yet: only the end of the first one is."""

    def ask(pool):
        root = pool.imagine("a cat", key="root")
        return [root, step := root.upscale(1, key="step"), step.zoom(2, key="last")]

    async def story():
        sim, accounts = world("ttapi", max_jobs=1)
        async with life(tmp_path / "jobs.db", *accounts) as pool:
            await pool.imagine("in the way").accepted()
            before = ask(pool)
            await before[0].cancel()
            corpse = kill(tmp_path / "jobs.db")
            after = [] if killed else ask(pool)
        async with mj.Pool(*accounts, journal=str(corpse if killed else tmp_path / "jobs.db")) as pool:
            again = ask(pool)
            assert not after or [job.id for job in after] == [job.id for job in again]
            assert not {job.id for job in before} & {job.id for job in again}
            assert [job.id for job in again] == [step.job_id for step in (await again[-1]).lineage]
            ends = [type(pool.job(job.id).exception()) for job in before]
            assert [mj.JobCancelled, mj.ParentFailed, mj.ParentFailed] == ends
            with pytest.raises(mj.KeyReused):
                again[0].upscale(2, key="step")
        assert 4 == submits(sim)

    run(story())
