"""A pool that a framework opens and closes."""

import asyncio
import inspect

import pytest

import mjasync as mj
from mjasync.testing import Sim, run


def test_a_lifespan_opens_the_pool_and_names_it():
    async def story():
        pool = mj.Pool(Sim().ttapi())
        async with pool.lifespan(object()) as state:
            assert {"pool": pool} == state
            await pool.imagine("a cat")
        with pytest.raises(mj.PoolClosed):
            pool.imagine("a dog")

    run(story())


def test_a_cleanup_context_is_what_aiohttp_expects():
    async def story():
        pool = mj.Pool(Sim().ttapi())
        assert inspect.isasyncgenfunction(pool.cleanup_ctx)
        steps = pool.cleanup_ctx(object())
        assert await anext(steps) is None
        await pool.imagine("a cat")
        assert None is await anext(steps, None)
        with pytest.raises(mj.PoolClosed):
            pool.imagine("a dog")

    run(story())


@pytest.mark.parametrize(("drain", "seconds"), [(None, 10.0), (3, 3.0), (0, 0.0)])
def test_a_service_stops_within_its_drain(drain, seconds):
    async def story():
        pool = mj.Pool(Sim().ttapi(), **({} if drain is None else {"drain": drain}))
        loop = asyncio.get_running_loop()
        async with pool.lifespan():
            job = pool.imagine("a cat", mode="relax")
            await job.accepted()
            before = loop.time()
        assert seconds == pytest.approx(loop.time() - before, abs=0.1)
        assert isinstance(job.exception(), mj.PoolClosed)

    run(story())


def test_an_error_inside_closes_it_too():
    async def story():
        pool = mj.Pool(Sim().ttapi())
        with pytest.raises(ZeroDivisionError):
            async with pool.lifespan():
                raise ZeroDivisionError
        with pytest.raises(mj.PoolClosed):
            pool.imagine("a cat")

    run(story())


def test_a_busy_account_is_told_as_the_application_starts():
    async def story():
        account = mj.TTAPI("key", base_url="https://x.example")
        async with mj.Pool(account):
            with pytest.raises(mj.AccountBusy):
                async with mj.Pool(mj.TTAPI("key", base_url="https://x.example")).lifespan():
                    pytest.fail("it was not told")

    asyncio.run(story())


@pytest.mark.parametrize("drain", [-1, float("nan"), "ten", True])
def test_an_impossible_drain_is_refused(drain):
    with pytest.raises(mj.ConfigError):
        mj.Pool(Sim().ttapi(), drain=drain)


@pytest.mark.parametrize("inner", ["async with", "lifespan"])
@pytest.mark.parametrize("outer", ["async with", "lifespan"])
def test_a_pool_in_a_block_in_a_block_is_closed_by_the_outer_one(outer, inner):
    async def story():
        pool = mj.Pool(Sim().ttapi())
        block = {"async with": lambda: pool, "lifespan": pool.lifespan}
        async with block[outer]():
            async with block[inner]():
                job = pool.imagine("a cat", mode="relax")
            await job
            assert (await pool.imagine("a dog")).images
        with pytest.raises(mj.PoolClosed):
            pool.imagine("a bird")

    run(story())


def test_blocks_that_overlap_close_it_with_the_last():
    async def story():
        pool = mj.Pool(Sim().ttapi())

        async def user(seconds):
            async with pool:
                await asyncio.sleep(seconds)
                return await pool.imagine(f"a cat after {seconds} s")

        await asyncio.gather(user(0), user(500))
        with pytest.raises(mj.PoolClosed):
            pool.imagine("a bird")

    run(story())
