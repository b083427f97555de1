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


@pytest.mark.fault("K17")
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


@pytest.mark.fault("K09")
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
        ((mj.TTAPI("k"), mj.TTAPI("k", base_url="https://API.ttapi.io:443")), "same key as account 'ttapi'"),
        ((mj.TTAPI("k", name="x"), mj.TTAPI("l", name="x")), "same name 'x'"),
    ],
)
def test_bad_accounts_are_refused(accounts, words):
    with pytest.raises(mj.ConfigError, match=words):
        mj.Pool(*accounts)


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


def test_a_ticket_that_a_seed_shares_with_its_picture_means_the_picture():
    async def story():
        async with mj.Pool(Sim(profile="same-seed-id").ttapi()) as pool:
            single = pool.imagine("a cat").upscale(1)
            seed = single.get_seed()
            assert (await seed).ticket == single.ticket
            assert pool.job(str(single.ticket)) is single
            assert pool.job(seed.id) is seed

    run(story())


def test_several_jobs_under_one_beginning_are_none():
    async def story():
        async with mj.Pool(Sim().ttapi()) as pool:
            jobs = [pool.imagine(f"cat {n}") for n in range(40)]
            letter = max((job.id[0] for job in jobs), key=[job.id[0] for job in jobs].count)
            with pytest.raises(mj.ConfigError, match=r"names \d+ jobs of this pool"):
                pool.job(letter)
            await pool.aclose()

    run(story())


@pytest.mark.fault("K11")
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


@pytest.mark.fault("U15")
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


@pytest.mark.fault("K17")
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
