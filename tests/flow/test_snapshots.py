"""A job told as JSON."""

import asyncio
import json

import mjasync as mj
from mjasync.testing import Sim, run


def told(job):
    """As it comes back from JSON."""
    return json.loads(json.dumps(job.snapshot(), allow_nan=False))


def test_a_job_from_its_queue_to_its_end():
    async def story():
        async with mj.Pool(Sim(seed=3).ttapi()) as pool:
            job = pool.imagine("a cat --ar 3:2", key="order-7")
            child = job.upscale(2)
            waiting = told(job)
            assert ("held", False, None, None, "order-7", "fast") == (
                waiting["phase"], waiting["done"], waiting["ticket"], waiting["result"], waiting["key"], waiting["mode"]
            )  # fmt: skip
            assert ("imagine", "a cat --ar 3:2", None) == (waiting["action"], waiting["prompt"], waiting["parent"])
            async for event in job.watch():
                assert (str(event.phase), event.progress) == (told(job)["phase"], told(job)["progress"])
            ended, result = told(job), await job
            assert ("done", True, str(job.ticket), None) == (
                ended["phase"], ended["done"], ended["ticket"], ended["error"]
            )  # fmt: skip
            assert [str(url) for url in result.images] == ended["result"]["images"]
            assert [action.name for action in result.actions] == ended["result"]["actions"]
            assert result.quota == ended["result"]["quota"]
            await child
            assert (job.id, "upscale2") == (told(child)["parent"], told(child)["action"])

    run(story())


def test_a_failure_with_its_cause_and_cure():
    async def story():
        async with mj.Pool(Sim(seed=3, banned=("gore",)).ttapi()) as pool:
            job = pool.imagine("gore")
            await job.ended()
            error = told(job)["error"]
            assert ("PromptRejected", "no", False) == (error["kind"], error["charged"], error["retryable"])
            assert error["what"]
            assert error["do"]
            assert told(job)["result"] is None

    run(story())


def test_texts_are_told_as_texts():
    async def story():
        async with mj.Pool(Sim(seed=3).mjproxy()) as pool:
            job = pool.shorten("a very very long prompt about a cat")
            result = await job
            assert list(result.texts) == told(job)["result"]["texts"]

    run(story())


def test_a_later_process_tells_the_same(tmp_path):
    sim, path = Sim(seed=3), tmp_path / "jobs.db"
    account = sim.ttapi()

    async def first():
        async with mj.Pool(account, journal=path) as pool:
            job = pool.imagine("a cat")
            await job
            return told(job)

    async def second(name):
        async with mj.Pool(account, journal=path) as pool:
            return told(pool.job(name))

    before = run(first())
    after = run(second(before["id"]))

    assert before | {"preview": None} == after | {"preview": None}


def test_a_result_that_came_after_an_error_was_told_is_there_beside_it():
    async def story():
        async with mj.Pool(Sim(seed=3).ttapi()) as pool:
            job = pool.imagine("a cat", deadline=5)
            await job.ended()
            assert ("DeadlineExceeded", None) == (told(job)["error"]["kind"], told(job)["result"])
            await asyncio.sleep(300)
            ended = told(job)
            assert ("done", "DeadlineExceeded") == (ended["phase"], ended["error"]["kind"])
            assert [str(url) for url in job.late.images] == ended["result"]["images"]

    run(story())
