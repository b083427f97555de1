"""Only ever type-checked: the same without `await`."""

from pathlib import Path
from typing import assert_type

import mjasync as mj
from mjasync.blocking import SyncBatch, SyncDrain, SyncJob, SyncOutcome, SyncPool, SyncRecovery, SyncResult


def jobs() -> None:
    """Jobs and what they bring."""
    with mj.sync(mj.Pool(mj.TTAPI("key"))) as pool:
        assert_type(pool, SyncPool)
        job = pool.imagine("a cat", mode="turbo", deadline=60, key="k")
        assert_type(job, SyncJob)
        assert_type(job.upscale(2), SyncJob)
        assert_type(job.upscale("creative", priority=1).zoom(1.5), SyncJob)
        result = job.result(timeout=3)
        assert_type(result, SyncResult)
        assert_type(result.vary("subtle"), SyncJob)
        assert_type(result.image, mj.ImageURL | None)
        assert_type(result.save("cat.png"), Path)
        assert_type(result.save_tiles("."), tuple[Path, ...])
        assert_type(job.phase, mj.Phase)
        assert_type(job.parent, SyncJob | None)
        assert_type(job.exception(), mj.MJError | None)
        assert_type(job.cancel(), mj.Withdrawn | mj.Cancelled | mj.Abandoned | None)
        assert_type(job.accepted(), mj.Ticket)
        for event in job.watch():
            assert_type(event, mj.JobEvent)


def pools(pool: SyncPool) -> None:
    """Pools and batches."""
    batch = pool.batch(["a", {"prompt": "b"}], mode="relax", then=lambda job: job.upscale(1))
    assert_type(batch, SyncBatch)
    for outcome in batch:
        assert_type(outcome, SyncOutcome)
        assert_type(outcome.ok, bool)
        assert_type(outcome.value, SyncResult | tuple[SyncResult, ...] | None)
    assert_type(batch.result(), list[SyncOutcome])
    assert_type(pool.blend(["a.png", "b.png"], dimensions="portrait"), SyncJob)
    assert_type(pool.check_prompt("a cat"), mj.PromptCheck)
    assert_type(pool.jobs, tuple[SyncJob, ...])
    assert_type(pool.stats(), mj.Stats)
    assert_type(pool.recover(), SyncRecovery)
    assert_type(pool.close(drain=3), SyncDrain)


def wrong(pool: SyncPool) -> None:
    """What a type checker refuses."""
    pool.imagine("a cat", modee="fast")  # type: ignore[call-arg]
    pool.imagine("a cat").upscale("five")  # type: ignore[arg-type]
    pool.blend(["a.png"], dimensions="round")  # type: ignore[arg-type]
    pool.imagine("a cat").phase()  # type: ignore[operator]


async def _number() -> int:
    return 1


async def _job(pool: mj.Pool) -> mj.Result:
    return await pool.imagine("a cat")


assert_type(mj.run(_number()), int)
assert_type(mj.run(_job, mj.Pool(mj.TTAPI("key"))), mj.Result)
assert_type(mj.run(lambda pool: pool.imagine("a cat").upscale(2)), mj.Result)
