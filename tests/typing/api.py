"""Only ever type-checked: what users write, and what their editors should know about it."""

import asyncio
import io
from datetime import timedelta
from pathlib import Path
from typing import assert_type

import mjasync as mj
from mjasync.testing import Sim, run


async def jobs(pool: mj.Pool) -> None:
    """Jobs, results and what asyncio makes of them."""
    job = pool.imagine("a cat", mode="turbo", deadline=timedelta(minutes=5), priority=3, key="k")
    assert_type(job, mj.Job)
    result = await job
    assert_type(result, mj.Result)
    assert_type(await job.upscale(2).vary("subtle"), mj.Result)
    assert_type(result.upscale("creative", priority=1), mj.Job)
    assert_type(result.press(result.actions[0]), mj.Job)
    assert_type(await asyncio.gather(job, job), tuple[mj.Result, mj.Result])
    assert_type(await asyncio.wait_for(job, 5), mj.Result)
    assert_type(await job.accepted(), mj.Ticket)
    assert_type(job.exception(), mj.MJError | None)
    assert_type(await job.cancel(), mj.Withdrawn | mj.Cancelled | mj.Abandoned | None)
    async for event in job.watch():
        assert_type(event, mj.JobEvent)
        assert_type(event.phase, mj.Phase)
    async with asyncio.TaskGroup() as group:
        assert_type(group.create_task(job.wait()), asyncio.Task[mj.Result])


async def batches(pool: mj.Pool) -> None:
    """Batches."""
    batch = pool.batch(["a", {"prompt": "b", "mode": "relax"}], then=lambda job: [job.upscale(1), job.vary(2)])
    assert_type(batch, mj.Batch)
    async for outcome in batch:
        assert_type(outcome, mj.Outcome)
        assert_type(outcome.error, mj.MJError | None)
    assert_type(await batch, list[mj.Outcome])


async def requests(pool: mj.Pool) -> None:
    """The other verbs of a pool: each brings a job."""
    prompt = mj.Prompt("a cat", ar=(16, 9), v=7, no=["text"], sref=["random", 12], flags={"--new": True})
    pictures = ("a.png", Path("b.png"), b"...", io.BytesIO(), "https://host/c.png", "data:image/png;base64,...")
    assert_type(pool.imagine(prompt, images=pictures, strict=True, translation=False, get_u_images=True), mj.Job)
    assert_type(pool.blend(pictures, dimensions="portrait", mode="relax", deadline=60), mj.Job)
    assert_type(pool.describe(Path("a.png"), bot_type="NIJI_JOURNEY"), mj.Job)
    assert_type(pool.shorten(prompt, account="mjproxy", account_filter={"modes": ["FAST"]}), mj.Job)
    assert_type(pool.swap_face("a.png", b"...", state="mine"), mj.Job)
    assert_type(pool.upload([Path("a.png")], notify_hook="https://host/hook"), mj.Job)
    assert_type(pool.batch("a {red, blue} bird", expand=False, strict=True), mj.Batch)
    assert_type(pool.batch([prompt, "a cat", {"prompt": prompt}], errors="raise"), mj.Batch)
    described = pool.describe("a.png")
    assert_type(described.imagine(4, hook_url="https://host/hook"), mj.Job)
    assert_type((await described).texts, tuple[str, ...])
    assert_type((await described).imagine(1), mj.Job)


async def steps(job: mj.Job, result: mj.Result) -> None:
    """Jobs and results have the same verbs."""
    for given in (job, result):
        assert_type(given.vary(2, "a dog", timeout=600), mj.Job)
        assert_type(given.vary_region(mj.draw_mask((64, 64), rectangles=[(0, 0, 9, 9)]), mj.Prompt("a hat")), mj.Job)
        assert_type(given.zoom(), mj.Job)
        assert_type(given.zoom(1.8, prompt="a wall"), mj.Job)
        assert_type(given.pan("left", "the sea", priority=2), mj.Job)
        assert_type(given.square(key="k"), mj.Job)
        assert_type(given.reroll(prompt=mj.Prompt("a fox")), mj.Job)
        assert_type(given.get_seed(), mj.Job)
        assert_type(given.press("V3", prompt="a fox", mask=b"..."), mj.Job)
    assert_type(result.seed, str | None)
    assert_type(result.warnings, tuple[str, ...])
    assert_type(result.size, tuple[int, int] | None)
    assert_type(await result.save_tiles("."), tuple[Path, ...])


async def questions(pool: mj.Pool, ticket: mj.Ticket) -> None:
    """Free questions are coroutines."""
    check = await pool.check_prompt("a cat", account="ttapi")
    assert_type(check, mj.PromptCheck)
    assert_type(check.ok, bool)
    assert_type((await pool.account_info()).balance, float | None)
    assert_type(await pool.listed(page=2, limit=50, order="asc"), tuple[mj.ListedJob, ...])
    seen = await pool.look(ticket, "ttapi:1234")
    assert_type(seen, tuple[mj.Snapshot | None, ...])
    assert_type([each.status for each in seen if each], list[mj.Status])


def prompts() -> None:
    """Prompts need no pool."""
    assert_type(mj.Prompt("a cat", seed=7).findings, tuple[mj.Finding, ...])
    assert_type(mj.lint("a cat"), tuple[mj.Finding, ...])
    assert_type(mj.permutations("a {red, blue} cat", limit=4), tuple[str, ...])
    assert_type(mj.draw_mask((64, 64), polygons=[[(0, 0), (9, 0), (0, 9)]]), bytes)


async def wrong(pool: mj.Pool) -> None:
    """What a type checker refuses."""
    pool.imagine("a cat", modee="fast")  # type: ignore[call-arg]
    pool.imagine("a cat").upscale("five")  # type: ignore[arg-type]
    pool.imagine("a cat").pan("north")  # type: ignore[arg-type]
    pool.imagine("a cat").square(mode="fast")  # type: ignore[call-arg]
    pool.imagine("a cat").imagine("a dog")  # type: ignore[arg-type]
    pool.blend(["a.png", "b.png"], dimensions="round")  # type: ignore[arg-type]
    pool.blend(["a.png", "b.png"], images=["c.png"])  # type: ignore[misc]
    mj.Prompt("a cat", stylise=100)  # type: ignore[call-arg]


async def opening() -> int:
    """Pools and accounts."""
    async with mj.Pool(mj.TTAPI("key"), mj.MJProxy(key="key", base_url="https://r.example", auth="bearer")) as pool:
        assert_type(pool, mj.Pool)
        assert_type(pool.stats().accounts["ttapi"].held, int)
        assert_type(await pool.aclose(drain=3), mj.Drain)
    return 1


assert_type(run(opening()), int)
assert_type(Sim(seed=1).ttapi(), mj.TTAPI)
