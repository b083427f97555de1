"""Opening, naming, reading and closing a pool."""

import asyncio
import gc

import pytest

import mjasync as mj
from mjasync.testing import Sim, run


def test_it_may_be_built_without_a_loop_but_used_only_in_one():
    pool = mj.Pool(Sim().ttapi())
    assert "not opened yet" in repr(pool)
    assert pool.jobs == ()
    with pytest.raises(mj.ConfigError, match="running event loop"):
        pool.imagine("a cat")


def test_it_opens_lazily_and_closes_in_another_task():
    async def story():
        pool = mj.Pool(Sim().ttapi())
        job = pool.imagine("a cat")
        assert (await job).images
        await asyncio.create_task(pool.aclose())
        await pool.aclose()
        assert len(asyncio.all_tasks()) == 1
        assert "closed" in repr(pool)
        with pytest.raises(mj.PoolClosed, match="open a new one"):
            pool.imagine("a dog")
        with pytest.raises(mj.PoolClosed):
            (await job).upscale(1)

    run(story())


def test_it_belongs_to_one_loop():
    pool = mj.Pool(Sim().ttapi())

    async def use():
        pool.imagine("a cat")

    async def close():
        await pool.aclose()

    loop = asyncio.new_event_loop()
    try:
        loop.run_until_complete(use())
        with pytest.raises(mj.ConfigError, match="another event loop"):
            run(use())
        loop.run_until_complete(close())
    finally:
        loop.close()


def test_forgetting_to_close_is_said():
    async def story():
        pool = mj.Pool(Sim().ttapi())
        await pool.imagine("a cat", mode="turbo")
        await pool._desk.close()
        with pytest.warns(ResourceWarning, match="never closed"):
            del pool
            gc.collect()

    run(story())


@pytest.mark.parametrize(
    ("accounts", "words"),
    [
        ((), "at least one account"),
        (("key",), "at least one account"),
        ((mj.TTAPI("k"), mj.TTAPI("k")), "same key as account 'ttapi'"),
        ((mj.TTAPI("k", name="x"), mj.TTAPI("l", name="x")), "same name 'x'"),
    ],
)
def test_bad_accounts_are_refused(accounts, words):
    with pytest.raises(mj.ConfigError, match=words):
        mj.Pool(*accounts)


def test_a_journal_on_disk_is_refused_honestly():
    with pytest.raises(mj.ConfigError, match="memory only"):
        mj.Pool(mj.TTAPI("k"), journal="jobs.db")


def test_accounts_are_named_after_their_providers():
    async def story():
        sim = Sim()
        async with mj.Pool(sim.ttapi(), sim.mjproxy(), sim.ttapi(), sim.ttapi(name="mine")) as pool:
            assert list(pool.stats().accounts) == ["ttapi", "mjproxy", "ttapi-2", "mine"]
            assert repr(pool) == "<Pool ttapi 0/10, mjproxy 0/10, ttapi-2 0/10, mine 0/10, 0 waiting, open>"
            job = pool.imagine("a cat", account="ttapi-2")
            assert (await job).ticket.account == "ttapi-2"

    run(story())


def test_jobs_are_found_by_id_prefix_and_ticket():
    async def story():
        async with mj.Pool(Sim().ttapi()) as pool:
            job = pool.imagine("a cat")
            await job
            assert pool.job(job.id) is pool.job(job.id[:6]) is pool.job(str(job.ticket)) is job
            assert pool.jobs == (job,)
            for name in ("", "nobody", None):
                with pytest.raises(mj.ConfigError, match="names"):
                    pool.job(name)

    run(story())


def test_leaving_normally_waits_for_all_jobs_and_their_children():
    async def story():
        sim = Sim()
        async with mj.Pool(sim.ttapi()) as pool:
            job = pool.imagine("a cat")
            child = job.upscale(1)
            job.add_done_callback(lambda done: done.vary(1))
        assert child.done()
        assert len(pool.jobs) == 3
        assert all(each.result().images for each in pool.jobs)
        assert sim.ledger.charged == 3

    run(story())


def test_an_exception_lets_go_of_the_jobs_and_tells_where_they_are():
    async def story():
        sim = Sim()
        with pytest.raises(ValueError, match="mine"):
            async with mj.Pool(sim.ttapi(max_jobs=1)) as pool:
                sent, held = pool.imagine("a"), pool.imagine("b")
                await sent.accepted()
                raise ValueError("mine")
        with pytest.raises(mj.PoolClosed) as running:
            await sent
        assert str(sent.ticket) in str(running.value)
        assert running.value.charged == "unknown"
        with pytest.raises(mj.PoolClosed, match="never sent") as never:
            await held
        assert never.value.charged == "no"
        assert sim.ledger.accepted == 1

    run(story())


def test_closing_waits_for_a_submit_that_is_on_its_way():
    async def story():
        sim = Sim(latency=4)
        pool = mj.Pool(sim.ttapi())
        job = pool.imagine("a cat")
        async for event in job.watch():
            if event.phase is mj.Phase.SENDING:
                break
        drain = await pool.aclose()
        assert drain.running == (job,)
        assert job.ticket is not None
        assert sim.ledger.accepted == 1

    run(story())


def test_a_drain_waits_for_what_runs_and_sends_nothing_new():
    async def story():
        sim = Sim()
        pool = mj.Pool(sim.ttapi(max_jobs=2))
        jobs = [pool.imagine(f"cat {n}") for n in range(4)]
        await jobs[1].accepted()
        drain = await pool.aclose(drain=1000)
        assert drain.finished == (jobs[0], jobs[1])
        assert drain.held == (jobs[2], jobs[3])
        assert drain.running == ()
        assert sim.ledger.accepted == 2

    run(story())


def test_a_short_drain_gives_up():
    async def story():
        pool = mj.Pool(Sim().ttapi())
        job = pool.imagine("a cat", mode="relax")
        await job.accepted()
        drain = await pool.aclose(drain=1)
        assert drain.running == (job,)
        assert await mj.Pool(Sim().ttapi()).aclose() == mj.Drain(finished=(), running=(), held=())

    run(story())


def test_a_failure_nobody_asked_about_is_said_once(caplog):
    async def story():
        sim = Sim()
        sim.inject("fail", on="job", reason="[Internal error]", times=2)
        async with mj.Pool(sim.ttapi()) as pool:
            pool.imagine("a cat")
            with pytest.raises(mj.JobFailed):
                await pool.imagine("a dog")

    run(story())
    (record,) = caplog.records
    assert "1 job(s) failed and nobody asked why" in record.getMessage()


def test_the_environment_names_the_accounts(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    for name in ("MJASYNC_TTAPI_KEY", "MJASYNC_MJPROXY_KEY", "MJASYNC_MJPROXY_URL", "MJASYNC_TTAPI_URL"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(mj.ConfigError, match="No key is set"):
        mj.Pool.from_env()
    monkeypatch.setenv("MJASYNC_TTAPI_KEY", "canary-key")
    assert repr(mj.Pool.from_env()) == "<Pool ttapi 0/10, not opened yet>"


def test_the_same_key_is_the_same_job():
    async def story():
        sim = Sim()
        async with mj.Pool(sim.ttapi()) as pool:
            job = pool.imagine("a cat", key="order-7")
            assert pool.imagine("a cat", key="order-7") is job
            with pytest.raises(mj.KeyReused, match=job.id):
                pool.imagine("a dog", key="order-7")
            child = job.upscale(1, key="order-7-big")
            assert job.upscale(1, key="order-7-big") is child
        assert sim.ledger.charged == 2

    run(story())


def test_nothing_leaves_after_closing_not_even_what_was_lent_in_the_same_turn():
    async def story():
        sim = Sim()
        pool = mj.Pool(sim.ttapi())
        await pool.imagine("first use")
        job = pool.imagine("a cat")
        drain = await pool.aclose()
        assert drain.held == (job,)
        with pytest.raises(mj.PoolClosed, match="never sent"):
            await job
        assert sim.ledger.requests["ttapi.imagine"] == 1

    run(story())


@pytest.mark.parametrize("cancels", [1, 2, 3])
def test_cancelling_whoever_closes_leaves_nobody_waiting(cancels):
    async def story():
        sim = Sim(latency=8)
        pool = mj.Pool(sim.ttapi())
        job = pool.imagine("a cat")
        other = asyncio.create_task(job.wait())
        while job.phase is not mj.Phase.SENDING:
            await asyncio.sleep(1)
        closer = asyncio.create_task(pool.aclose())
        for _ in range(cancels):
            await asyncio.sleep(0.1)
            closer.cancel()
        with pytest.raises(asyncio.CancelledError):
            await closer
        with pytest.raises(mj.PoolClosed):
            await other
        drain = await pool.aclose()
        assert drain.running == (job,)
        assert job.ticket is not None

    run(story())


def test_a_drain_does_not_wait_for_what_was_never_sent():
    async def story():
        sim = Sim()
        pool = mj.Pool(sim.ttapi(max_jobs=1))
        sent, held = pool.imagine("a", mode="turbo"), pool.imagine("b")
        await sent.accepted()
        drain = await pool.aclose(drain=3600)
        assert (drain.finished, drain.held) == ((sent,), (held,))
        assert asyncio.get_running_loop().time() < 100

    run(story())


def test_what_runs_on_is_told_even_when_nobody_waits_for_it():
    async def story():
        pool = mj.Pool(Sim().ttapi())
        late, given_up = pool.imagine("a", deadline=3), pool.imagine("b")
        await given_up.accepted()
        await given_up.cancel()
        with pytest.raises(mj.DeadlineExceeded):
            await late
        assert (await pool.aclose()).running == (late, given_up)

    run(story())


def test_a_result_can_be_saved_after_closing(tmp_path):
    async def story():
        async with mj.Pool(Sim().ttapi()) as pool:
            result = await pool.imagine("a cat", mode="turbo")
        assert (await result.save(tmp_path / "cat")).stat().st_size > 1000

    run(story())


def test_a_watcher_hears_of_the_closing():
    async def story():
        pool = mj.Pool(Sim().ttapi())
        job = pool.imagine("a cat")
        await job.accepted()
        told = asyncio.create_task(every(job.watch()))
        await asyncio.sleep(0.5)
        await pool.aclose()
        assert len(await told) == 2

    async def every(events):
        return [event async for event in events]

    run(story())


def test_a_job_is_awaited_in_its_own_loop():
    pool = mj.Pool(Sim().ttapi())
    loop = asyncio.new_event_loop()

    async def ask():
        return pool.imagine("a cat", mode="relax")

    try:
        job = loop.run_until_complete(ask())
        with pytest.raises(mj.ConfigError, match="another event loop"):
            run(job.wait())
        loop.run_until_complete(pool.aclose())
    finally:
        loop.close()
