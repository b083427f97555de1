"""Killed while sending: of unknown fate in the next process, its slot held for the quarantine, never sent again."""

import asyncio

import pytest

import mjasync as mj
from mjasync.testing import run
from tests.journeys.lives import PROVIDERS, freed, held, kill, life, now, sending, submits, world

#: Seconds that a slot stays taken after nobody waited for the answer any more: reliability.md §1.4, 2.
LENGTHS = [("ttapi", "fast", 450), ("ttapi", "relax", 750), ("mjproxy", "fast", 900), ("mjproxy", "relax", 3900)]


async def killed_while_sending(path, accounts, count=1, **options):
    """The file of a process that was killed while its requests were on their way, and the ids of the jobs."""
    async with life(path, *accounts) as pool:
        if count > 1 and accounts[0].provider == "ttapi":  # else the first goes alone, and the others when it told
            await pool.account_info()
        jobs = [pool.imagine(f"cat {n}", **options) for n in range(count)]
        await sending(*jobs)
        return kill(path), [job.id for job in jobs]


@pytest.mark.fault("K01")
@pytest.mark.parametrize("provider", PROVIDERS)
def test_it_is_unknown_told_at_once_and_never_sent_again(provider, tmp_path):
    async def story():
        sim, accounts = world(provider)
        corpse, ids = await killed_while_sending(tmp_path / "jobs.db", accounts, 3)
        before = submits(sim)
        async with mj.Pool(*accounts, journal=str(corpse)) as pool:
            found = await pool.recover()
            assert sorted(ids) == sorted(job.id for job in found.unknown)
            for job in found.unknown:
                with pytest.raises(mj.SubmitOutcomeUnknown, match="the process that sent it ended before") as caught:
                    await job
                assert ("unknown", False) == (caught.value.charged, caught.value.retryable)
            assert 3 == held(pool, provider)
            opened = now()
        assert now() - opened < 1, "closing never waits for a quarantine"
        assert before == submits(sim)

    run(story())


@pytest.mark.fault("K01")
@pytest.mark.parametrize(("provider", "mode", "seconds"), LENGTHS)
def test_its_slot_is_held_for_the_quarantine_and_no_longer(provider, mode, seconds, tmp_path):
    async def story():
        _, accounts = world(provider)
        corpse, _ = await killed_while_sending(tmp_path / "jobs.db", accounts, mode=mode)
        async with life(corpse, *accounts) as pool:
            begun = now()
            assert seconds - 3 <= await freed(pool, provider) - begun <= seconds + 3

    run(story())


@pytest.mark.fault("K01")
@pytest.mark.parametrize(("pause", "left"), [(100, 450), (300, 300), (590, 10), (650, 0), (86_400, 0)])
def test_a_later_process_holds_it_from_when_the_request_can_have_arrived(pause, left, tmp_path):
    """A request arrives within 150 s, or never: 600 s after it left nothing of it can be running any more."""

    async def story():
        _, accounts = world("ttapi")
        corpse, _ = await killed_while_sending(tmp_path / "jobs.db", accounts)
        await asyncio.sleep(pause)
        async with life(corpse, *accounts) as pool:
            begun = now()
            assert left - 3 <= await freed(pool, "ttapi") - begun <= left + 3

    run(story())


@pytest.mark.fault("K02", "K18")
def test_a_quarantine_that_was_begun_is_gone_on_with_not_begun_anew(tmp_path):
    async def story():
        _, accounts = world("ttapi")
        corpse, _ = await killed_while_sending(tmp_path / "jobs.db", accounts)
        begun = now()
        for _ in range(4):
            async with life(corpse, *accounts) as pool:
                assert 1 == held(pool, "ttapi")
                await asyncio.sleep(50)
                assert 1 == held(pool, "ttapi")
            await asyncio.sleep(50)
        async with life(corpse, *accounts) as pool:
            assert 447 <= await freed(pool, "ttapi") - begun <= 453

    run(story())


@pytest.mark.fault("K18")
@pytest.mark.parametrize("skew", [-86_400, -3600, -100, 3600, 86_400])
def test_a_calendar_that_jumped_neither_frees_early_nor_holds_longer_than_the_whole(skew, tmp_path):
    async def story():
        _, accounts = world("ttapi")
        corpse, _ = await killed_while_sending(tmp_path / "jobs.db", accounts)
        async with life(corpse, *accounts):
            await asyncio.sleep(100)
        asyncio.get_running_loop().skew = skew
        async with life(corpse, *accounts) as pool:
            begun = now()
            assert 350 - 3 <= await freed(pool, "ttapi") - begun <= 450 + 3

    run(story())


@pytest.mark.fault("K18")
def test_after_a_start_of_the_computer_its_calendar_is_believed(tmp_path):
    """Nobody can tell a wrong calendar from a computer that was off for a day."""

    async def story():
        _, accounts = world("ttapi")
        corpse, ids = await killed_while_sending(tmp_path / "jobs.db", accounts)
        async with life(corpse, *accounts):
            await asyncio.sleep(100)
        loop = asyncio.get_running_loop()
        loop.boot, loop.skew = "another", 86_400
        async with life(corpse, *accounts) as pool:
            assert 0 == held(pool, "ttapi")
            with pytest.raises(mj.SubmitOutcomeUnknown):
                await pool.job(ids[0])

    run(story())


@pytest.mark.fault("K18")
@pytest.mark.parametrize("skew", [-86_400, 86_400])
def test_a_jump_of_the_calendar_changes_nothing_in_an_open_pool(skew, tmp_path):
    async def story():
        sim, accounts = world("ttapi", "mjproxy")
        sim.inject("lose_answer", on="submit", match="lost", provider="ttapi")
        async with life(tmp_path / "jobs.db", *accounts) as pool:
            lost = pool.imagine("lost", account="ttapi")
            jobs = [pool.imagine(f"cat {n}") for n in range(4)]
            await lost.ended()
            begun = now()
            asyncio.get_running_loop().skew = skew
            await asyncio.gather(*jobs)
            assert 445 <= await freed(pool, "ttapi") - begun <= 453
        async with life(tmp_path / "jobs.db", *accounts) as pool:
            assert jobs[0].result().images == pool.job(jobs[0].id).result().images

    run(story())


@pytest.mark.fault("K18")
@pytest.mark.parametrize("skew", [-86_400, 86_400])
def test_jobs_that_run_are_taken_up_under_any_calendar(skew, tmp_path):
    async def story():
        sim, accounts = world()
        async with life(tmp_path / "jobs.db", *accounts) as pool:
            jobs = [pool.imagine(f"cat {n}") for n in range(4)]
            await asyncio.gather(*(job.accepted() for job in jobs))
        asyncio.get_running_loop().skew = skew
        async with mj.Pool(*accounts, journal=str(tmp_path / "jobs.db")) as pool:
            results = await asyncio.gather(*(pool.job(job.id) for job in jobs))
            assert all(0 <= result.seconds for result in results)
        assert 4 == submits(sim) == sim.ledger.charged

    run(story())


@pytest.mark.fault("P21", "K01")
def test_what_was_sent_with_a_token_before_the_kill_is_found_in_the_list(tmp_path):
    async def story():
        sim, accounts = world("ttapi")
        options = {"public_url": "https://me.example/hook"}
        async with life(tmp_path / "jobs.db", *accounts, **options) as pool:
            step = pool.imagine("a cat").upscale(1)
            await sending(step.parent)
            corpse = kill(tmp_path / "jobs.db")
        async with mj.Pool(*accounts, journal=str(corpse), **options) as pool:
            found = await pool.recover()
            assert [step.parent.id] == [job.id for job in found.unknown]
            assert not found.unknown[0].done(), "there is hope"
            result = await pool.job(step.id)
            assert [None, "upscale1"] == [each.action for each in result.lineage]
        assert (2, 2) == (submits(sim), sim.ledger.charged)

    run(story())
