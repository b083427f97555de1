"""Every public coroutine, in the situations in which its awaits differ.

A scene sets the stage, and then gives the coroutine that is cancelled. Whatever is cancelled, the jobs go on.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from attrs import frozen

import mjasync as mj
from tests.cancel.stage import Stage

PICTURE = mj.draw_mask((64, 64), rectangles=[(8, 8, 16, 16)])
MASK = mj.draw_mask((512, 512), rectangles=[(64, 64, 128, 128)])


@frozen(kw_only=True)
class Scene:
    """A coroutine to cancel, and what may come of it."""

    name: str
    act: Callable[[Stage, Any], Awaitable[Any]]
    #: Runs before; what it gives is handed to `act`.
    set_up: Callable[[Stage], Awaitable[Any]] | None = None
    #: A cancel ends it at once; else it may wait for a submit that is on its way.
    prompt: bool = True
    #: The pool keeps its jobs on disk.
    journal: bool = False
    #: The scene opens and closes the pool itself.
    whole: bool = False
    #: The disk is taken away on the way.
    breaks: bool = False
    #: Requests may be withdrawn before they are sent.
    withdraws: bool = False


async def _job(stage: Stage) -> mj.Job:
    return stage.pool.imagine("a cat", account=stage.name)


async def _sent(stage: Stage) -> mj.Job:
    job = await _job(stage)
    await job.accepted()
    return job


async def _unknown(stage: Stage) -> mj.Job:
    stage.sim.inject("lose_answer", on="submit")
    job = await _job(stage)
    await job.ended()
    return job


async def _result(stage: Stage) -> mj.Result:
    return await (await _job(stage))


async def _single(stage: Stage) -> mj.Result:
    return await (await _job(stage)).upscale(1)


async def _watch(job: mj.Job) -> None:
    async for _ in job.watch():
        pass


async def _batch(stage: Stage) -> mj.Batch:
    then = None if stage.name == "ttapi" else lambda job: job.upscale(1)
    return stage.pool.batch([f"prompt {number}" for number in range(5)], account=stage.name, then=then)


async def _iterate(batch: mj.Batch) -> None:
    async for _ in batch:
        pass


async def _block(stage: Stage) -> None:
    async with stage.pool as pool:
        job = pool.imagine("a cat", account=stage.name)
        pool.imagine("a dog", account=stage.name)
        await job.accepted()


async def _gone(stage: Stage) -> mj.Job:
    job = await _sent(stage)
    stage.lose_journal()
    return job


async def _gone_inside(stage: Stage) -> None:
    async with stage.pool as pool:
        await _gone(stage)
        pool.imagine("a dog", account=stage.name)


async def _await(thing: Awaitable[Any]) -> Any:
    return await thing


def _chain(stage: Stage) -> Awaitable[Any]:
    return _await(stage.pool.imagine("a cat", account=stage.name).upscale(1).zoom(2))


def _refused_first(stage: Stage) -> Awaitable[Any]:
    stage.sim.inject("status", on="submit", status=429, times=2)
    return _await(stage.pool.imagine("a cat", account=stage.name))


def _lost(stage: Stage) -> Awaitable[Any]:
    stage.sim.inject("lose_answer", on="submit")
    return stage.pool.imagine("a cat", account=stage.name).ended()


def _region(stage: Stage, single: mj.Result) -> Awaitable[Any]:
    return _await(single.vary_region(MASK, "a hat"))


SCENES = (
    Scene(name="await job", act=lambda stage, _: _await(stage.pool.imagine("a cat", account=stage.name))),
    Scene(name="await chain", act=lambda stage, _: _chain(stage)),
    Scene(name="await blend", act=lambda stage, _: _await(stage.pool.blend([PICTURE, PICTURE], account=stage.name))),
    Scene(name="await window", set_up=_single, act=_region),
    Scene(name="await after refusals", act=lambda stage, _: _refused_first(stage)),
    Scene(name="ended, lost", act=lambda stage, _: _lost(stage)),
    Scene(name="wait", set_up=_job, act=lambda _, job: job.wait()),
    Scene(name="accepted", set_up=_job, act=lambda _, job: job.accepted()),
    Scene(name="ended", set_up=_job, act=lambda _, job: job.ended()),
    Scene(name="watch", set_up=_job, act=lambda _, job: _watch(job)),
    Scene(name="cancel, held", set_up=_job, act=lambda _, job: job.cancel(), withdraws=True),
    Scene(name="cancel, sent", set_up=_sent, act=lambda _, job: job.cancel(), withdraws=True),
    Scene(
        name="reconcile, adopted",
        set_up=_unknown,
        act=lambda stage, job: stage.pool.reconcile(job, adopt=stage.sim.ledger.jobs[-1].id),
    ),
    Scene(
        name="reconcile, declared lost",
        set_up=_unknown,
        act=lambda stage, job: stage.pool.reconcile(job, declare_lost=True),
    ),
    Scene(name="batch, iterated", set_up=_batch, act=lambda _, batch: _iterate(batch), withdraws=True),
    Scene(name="batch, awaited", set_up=_batch, act=lambda _, batch: _await(batch), withdraws=True),
    Scene(name="look", set_up=_sent, act=lambda stage, job: stage.pool.look(job.ticket)),
    Scene(name="listed", set_up=_sent, act=lambda stage, _: stage.question(stage.pool.listed())),
    Scene(name="account_info", act=lambda stage, _: stage.question(stage.pool.account_info(stage.name))),
    Scene(name="check_prompt", act=lambda stage, _: stage.question(stage.pool.check_prompt("a cat"))),
    Scene(name="save", set_up=_result, act=lambda stage, result: result.save(stage.folder / "cat")),
    Scene(name="save_tiles", set_up=_result, act=lambda stage, result: result.save_tiles(stage.folder)),
    Scene(name="aclose", set_up=_sent, act=lambda stage, _: stage.pool.aclose(), whole=True),
    Scene(name="aclose, drained", set_up=_sent, act=lambda stage, _: stage.pool.aclose(drain=900), whole=True),
    Scene(name="async with", act=lambda stage, _: _block(stage), prompt=False, whole=True),
)
ON_DISK = (
    Scene(name="await chain, on disk", act=SCENES[1].act, journal=True),
    Scene(name="cancel, sent, on disk", set_up=_sent, act=lambda _, job: job.cancel(), journal=True, withdraws=True),
    Scene(name="aclose, on disk", set_up=_sent, act=lambda stage, _: stage.pool.aclose(), journal=True, whole=True),
    Scene(name="__aenter__, on disk", act=lambda stage, _: stage.pool.__aenter__(), journal=True, whole=True),
    Scene(name="async with, on disk", act=SCENES[-1].act, prompt=False, journal=True, whole=True),
    Scene(
        name="recover", set_up=Stage.inherit, act=lambda stage, _: stage.pool.recover(), journal=True, withdraws=True
    ),
)
BROKEN = (
    Scene(name="await job, disk gone", set_up=_gone, act=lambda _, job: _await(job), journal=True, breaks=True),
    Scene(name="cancel, disk gone", set_up=_gone, act=lambda _, job: job.cancel(), journal=True, breaks=True),
    Scene(
        name="aclose, disk gone",
        set_up=_gone,
        act=lambda stage, _: stage.pool.aclose(drain=500),
        journal=True,
        breaks=True,
        whole=True,
    ),
    Scene(
        name="async with, disk gone",
        act=lambda stage, _: _gone_inside(stage),
        prompt=False,
        journal=True,
        breaks=True,
        whole=True,
    ),
)
