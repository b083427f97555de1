"""Forgetting: a pool that lives long lets go of chains that are over, and nobody who holds one loses anything."""

import asyncio
import gc
import weakref

import pytest
from attrs import evolve

import mjasync as mj
from mjasync.core.model import Phase, Record, Spec
from mjasync.core.operations import Imagine
from mjasync.flow import forgetting
from mjasync.flow.forgetting import Forgetting
from mjasync.testing import Sim, run
from tests.journeys.lives import Exit, held, life, submits, until, world


@pytest.fixture(autouse=True)
def five(monkeypatch):
    monkeypatch.setattr(forgetting, "KEPT", 5)


async def pass_by(pool, count=8):
    """Others that end meanwhile."""
    await asyncio.gather(*(pool.imagine(f"passer-by {n}") for n in range(count)))
    await asyncio.sleep(0.1)


def test_older_chains_go_and_the_figures_stay():
    async def story():
        sim = Sim(seed=1)
        async with mj.Pool(sim.ttapi(), sim.mjproxy()) as pool:
            for n in range(30):
                await pool.imagine(f"cat {n}")
            sim.inject("reject", on="submit", match="bad")
            await pool.imagine("bad").ended()
            await asyncio.sleep(0.1)
            stats = pool.stats()
            assert len(pool.jobs) <= 6
            assert (31, 30, 1, 0) == (stats.jobs, stats.done, stats.failed, stats.waiting)
            assert 30 == sum(account.done for account in stats.accounts.values())
            assert stats.looks >= 30
            assert 30 == pool.ledger().total.done
            with pytest.raises(mj.ConfigError, match="names no job"):
                pool.job("ttapi:forgotten")

    run(story())


def test_a_thousand_is_the_number(monkeypatch):
    monkeypatch.undo()

    assert 1000 == forgetting.KEPT


@pytest.mark.parametrize("kept", [False, True])
def test_a_result_that_somebody_holds_still_works(kept, tmp_path):
    async def story():
        sim, accounts = world()
        async with mj.Pool(*accounts, journal=str(tmp_path / "jobs.db") if kept else None) as pool:
            job = pool.imagine("a cat").upscale(1)
            result = await job
            await pass_by(pool)
            assert job not in pool.jobs
            assert result == await job
            assert "a cat" == job.parent.prompt
            assert 2 == len(result.lineage)
            assert job.looks >= 0
            after = await result.zoom(2)
            # Without a disk nobody knows any more what came before the job that somebody held.
            begun = [job.parent.id] if kept else []
            assert [*begun, job.id, after.job_id] == [step.job_id for step in after.lineage]
            await pass_by(pool)
            again = await job.parent.upscale(2)
            assert [job.parent.id, again.job_id] == [step.job_id for step in again.lineage]
        assert 20 == submits(sim)

    run(story())


def test_what_is_not_over_is_never_forgotten():
    async def story():
        sim = Sim(seed=1)
        sim.inject("slow", on="job", match="slow", factor=4)
        async with mj.Pool(sim.ttapi(), sim.mjproxy()) as pool:
            grid = pool.imagine("a cat")
            await grid
            step = pool.imagine("slow").upscale(1)
            await pass_by(pool, 20)
            assert step in pool.jobs
            assert step.parent in pool.jobs
            assert (await step).images

    run(story())


def test_the_memory_goes_too():
    async def story():
        async with mj.Pool(Sim(seed=1).ttapi()) as pool:
            job = pool.imagine("a cat")
            await job
            gone = weakref.ref(job)
            del job
            await pass_by(pool)
            gc.collect()
            assert gone() is None

    run(story())


@pytest.mark.fault("U15")
@pytest.mark.parametrize("kept", [False, True])
def test_a_key_is_known_for_ever(kept, tmp_path):
    async def story():
        sim, accounts = world("ttapi")
        async with mj.Pool(*accounts, journal=str(tmp_path / "jobs.db") if kept else None) as pool:
            first = pool.imagine("a cat", key="k")
            grid = await first
            step = await first.upscale(1, key="step")
            await pass_by(pool, 12)
            assert kept is (first not in pool.jobs), "without a disk nobody else could find it"
            again = pool.imagine("a cat", key="k")
            assert (first.id, grid.images) == (again.id, (await again).images)
            assert step.images == (await again.upscale(1, key="step")).images
            with pytest.raises(mj.KeyReused):
                pool.imagine("a dog", key="k")
        assert 14 == submits(sim)

    run(story())


def test_with_a_journal_a_forgotten_job_is_found_by_its_names(tmp_path):
    async def story():
        sim, accounts = world("ttapi")
        async with mj.Pool(*accounts, journal=str(tmp_path / "jobs.db")) as pool:
            grid = await pool.imagine("a cat")
            await pass_by(pool, 12)
            for name in (grid.job_id, str(grid.ticket)):
                assert grid.images == (await pool.job(name)).images
        assert 13 == submits(sim)

    run(story())


def test_what_was_lost_for_good_counts_when_it_is_forgotten():
    async def story():
        sim = Sim(seed=1)
        async with mj.Pool(sim.mjproxy()) as pool:
            sim.inject("lose_answer", on="submit")
            lost = pool.imagine("a cat")
            with pytest.raises(mj.SubmitOutcomeUnknown):
                await lost
            await until(lambda: not held(pool, "mjproxy"))
            await pass_by(pool)
            await pass_by(pool)
            assert lost not in pool.jobs
            assert (16, 1) == (pool.ledger().total.done, pool.ledger().total.possible.jobs)

    run(story())


def test_recover_tells_what_was_forgotten_meanwhile(tmp_path):
    async def story():
        _, accounts = world("ttapi")
        async with life(tmp_path / "jobs.db", *accounts) as pool:
            left = {job.id for job in [pool.imagine(f"cat {n}") for n in range(8)]}
            await until(lambda: all(job.phase is mj.Phase.RUNNING for job in pool.jobs))
            raise Exit
        async with mj.Pool(*accounts, journal=str(tmp_path / "jobs.db")) as pool:
            await until(lambda: pool.stats().done == 8)
            await pass_by(pool, 12)
            assert not left & {job.id for job in pool.jobs}
            found = await pool.recover()
        assert ((), (), ()) == (found.reattached, found.unknown, found.held)
        assert left == {job.id for job in found.finished}
        assert all(job.result().images for job in found.finished)

    run(story())


def test_an_unread_failure_is_told_to_the_log_before_it_goes(caplog):
    async def story():
        sim = Sim(seed=1)
        sim.inject("fail", on="job", match="bad", reason="boom")
        async with mj.Pool(sim.ttapi()) as pool:
            pool.imagine("bad")
            await pass_by(pool)
            await pass_by(pool)
            assert "nobody asked why" in caplog.text

    run(story())


# On paper.


def record(job_id, parent=None, phase=Phase.DONE, **more):
    return Record(id=job_id, spec=Spec(operation=Imagine(prompt="x"), parent=parent), phase=phase, **more)


class Shelf:
    """Chains, and what was forgotten of them."""

    def __init__(self, *, keys_too=True):
        self.records, self.forgotten = {}, []
        self.forgetting = Forgetting(self.records, self.forgotten.append, keys_too=keys_too)

    def end(self, *records):
        for each in records:
            self.records[each.id] = each
            self.forgetting.came(each)
            self.forgetting.moved(each)


def test_whole_chains_go_the_longest_ended_first():
    shelf = Shelf()
    shelf.end(record("a"), record("b", "a"), record("c", "b"))
    shelf.end(*(record(f"x{n}") for n in range(3)))
    assert [["a", "b", "c"]] == shelf.forgotten


def test_the_newest_stays_however_long_it_is():
    shelf = Shelf()
    shelf.end(record("a"), *(record(f"b{n}", "a") for n in range(9)))
    assert [] == shelf.forgotten


def test_a_chain_that_was_begun_again_stays_until_it_is_over_once_more():
    shelf = Shelf()
    shelf.end(record("a"), record("b"))
    shelf.records["a2"] = record("a2", "a", Phase.HELD)
    shelf.forgetting.came(shelf.records["a2"])
    shelf.end(*(record(f"x{n}") for n in range(8)))
    assert "a" not in [job for chain in shelf.forgotten for job in chain]
    shelf.end(record("a2", "a"))
    shelf.end(*(record(f"y{n}") for n in range(8)))
    assert ["a", "a2"] in shelf.forgotten


@pytest.mark.parametrize(
    ("lost", "goes"),
    [
        (record("a", phase=Phase.LOST), False),
        (record("a", phase=Phase.LOST, expired=True), True),
        (record("a", phase=Phase.LOST, expired=True, remote_id="1"), False),
    ],
)
def test_a_lost_job_goes_only_if_it_cannot_come_back(lost, goes):
    shelf = Shelf()
    shelf.end(lost)
    shelf.end(*(record(f"x{n}") for n in range(7)))
    assert goes is (["a"] in shelf.forgotten)


def test_a_chain_that_was_begun_again_goes_by_its_latest_end():
    shelf = Shelf()
    shelf.end(record("a"), *(record(f"x{n}") for n in range(4)), record("a2", "a"))
    assert [["x0"]] == shelf.forgotten


def test_what_nobody_brought_in_is_no_matter():
    shelf = Shelf()
    shelf.forgetting.moved(record("stranger"))
    shelf.end(record("a"), record("a"))
    assert [] == shelf.forgotten


def test_a_lost_job_that_is_still_looked_for_is_not_over():
    """Found by the soak: its searches would have missed it (a bare KeyError in the driver)."""
    lost = Record(id="j", spec=Spec(operation=Imagine(prompt="a cat")), phase=Phase.LOST, expired=True)

    assert forgetting._is_over(lost)
    assert not forgetting._is_over(evolve(lost, token="0" * 64))
    assert not forgetting._is_over(evolve(lost, remote_id="r1"))
