"""One real mishap for each error class: what the page of errors quotes. See make_errors.py.

Each is a coroutine in a folder of its own, on the simulators' clock, and ends with the error that it is named after.
"""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import mjasync as mj
from mjasync.testing import Sim

Story = Callable[[Path], Awaitable[object]]
STORIES: dict[str, Story] = {}


def ends_in(name: str) -> Callable[[Story], Story]:
    """Register a story under the class that it ends in."""

    def keep(story: Story) -> Story:
        STORIES[name] = story
        return story

    return keep


@ends_in("ConfigError")
async def _too_many(_: Path) -> None:
    async with mj.Pool(Sim(seed=1).ttapi()) as pool:
        await pool.blend(["one.png"])


@ends_in("KeyReused")
async def _same_key(_: Path) -> None:
    async with mj.Pool(Sim(seed=1).ttapi()) as pool:
        pool.imagine("a cat", key="order-7")
        await pool.imagine("a dog", key="order-7")


@ends_in("AccountBusy")
async def _two_pools(_: Path) -> None:
    account = mj.TTAPI(key="...", base_url="http://127.0.0.1:9")
    async with mj.Pool(account), mj.Pool(account):
        pass


@ends_in("ActionUnavailable")
async def _no_such_button(_: Path) -> None:
    async with mj.Pool(Sim(seed=1).ttapi()) as pool:
        picture = await pool.imagine("a cat").upscale(1)
        await picture.press("upscale9")


@ends_in("AuthError")
async def _wrong_key(_: Path) -> None:
    sim = Sim(seed=1)
    sim.inject("status", on="submit", status=401, times=9)
    async with mj.Pool(sim.ttapi()) as pool:
        await pool.imagine("a cat")


@ends_in("QuotaExhausted")
async def _budget(_: Path) -> None:
    async with mj.Pool(Sim(seed=1).ttapi(), budget=4) as pool:
        await pool.imagine("a cat")
        await pool.imagine("a dog")


@ends_in("PromptRejected")
async def _moderated(_: Path) -> None:
    async with mj.Pool(Sim(seed=1).mjproxy()) as pool:
        await pool.imagine("gore, lots of it")


@ends_in("InvalidRequest")
async def _bad_flag(_: Path) -> None:
    sim = Sim(seed=1)
    sim.inject("reject", status=400, reason="Invalid parameter: --chaos must be between 0 and 100")
    async with mj.Pool(sim.ttapi()) as pool:
        await pool.imagine("a cat")


@ends_in("JobFailed")
async def _failed(_: Path) -> None:
    sim = Sim(seed=1)
    sim.inject("fail", on="job", reason="Internal error while rendering")
    async with mj.Pool(sim.ttapi()) as pool:
        await pool.imagine("a cat")


@ends_in("JobLost")
async def _vanished(_: Path) -> None:
    sim = Sim(seed=1)
    sim.inject("vanish", on="job", after=5)
    async with mj.Pool(sim.ttapi()) as pool:
        await pool.imagine("a cat")


@ends_in("SubmitOutcomeUnknown")
async def _no_answer(_: Path) -> None:
    sim = Sim(seed=1)
    sim.inject("lose_answer", on="submit")
    async with mj.Pool(sim.ttapi()) as pool:
        await pool.imagine("a cat")


@ends_in("Unreachable")
async def _offline(_: Path) -> None:
    sim = Sim(seed=1)
    sim.inject("refuse_connection", on="free", times=99)
    async with mj.Pool(sim.ttapi()) as pool:
        await pool.account_info()


@ends_in("ProtocolError")
async def _unreadable(_: Path) -> None:
    sim = Sim(seed=1)
    sim.inject("garbage", on="free", times=99)
    async with mj.Pool(sim.ttapi()) as pool:
        await pool.check_prompt("a cat")


@ends_in("DeadlineExceeded")
async def _impatient(_: Path) -> None:
    async with mj.Pool(Sim(seed=1).ttapi()) as pool:
        await pool.imagine("a cat", deadline=5)


@ends_in("NeedsInput")
async def _window(_: Path) -> None:
    async with mj.Pool(Sim(seed=1, profile="remix").mjproxy()) as pool:
        picture = await pool.imagine("a cat").upscale(1)
        await picture.press("zoom_custom")


@ends_in("JobCancelled")
async def _cancelled(_: Path) -> None:
    async with mj.Pool(Sim(seed=1).ttapi()) as pool:
        job = pool.imagine("a cat")
        await job.accepted()
        await job.cancel()
        await job


@ends_in("ParentFailed")
async def _chain(_: Path) -> None:
    sim = Sim(seed=1)
    sim.inject("fail", on="job", reason="Internal error while rendering")
    async with mj.Pool(sim.ttapi()) as pool:
        await pool.imagine("a cat").upscale(1)


@ends_in("PoolClosed")
async def _closed(_: Path) -> None:
    pool = mj.Pool(Sim(seed=1).ttapi())
    job = pool.imagine("a cat")
    await job.accepted()
    await pool.aclose(drain=0)
    await job


@ends_in("JournalError")
async def _odd_folder(folder: Path) -> None:
    await asyncio.to_thread(folder.chmod, 0o777)
    async with mj.Pool(Sim(seed=1).ttapi(), journal=folder / "jobs.db"):
        pass


@ends_in("JournalBusy")
async def _two_writers(folder: Path) -> None:
    async with (
        mj.Pool(Sim(seed=1).ttapi(), journal=folder / "jobs.db"),
        mj.Pool(Sim(seed=2).ttapi(), journal=folder / "jobs.db"),
    ):
        pass


@ends_in("JournalCorrupt")
async def _not_a_journal(folder: Path) -> None:
    (folder / "jobs.db").write_text("something else entirely, of some length" * 40, encoding="utf-8")
    async with mj.Pool(Sim(seed=1).ttapi(), journal=folder / "jobs.db"):
        pass


@ends_in("JournalWriteError")
async def _deleted(folder: Path) -> None:
    async with mj.Pool(Sim(seed=1).ttapi(), journal=folder / "jobs.db") as pool:
        job = pool.imagine("a cat")
        await job.accepted()
        (folder / "jobs.db").unlink()
        await job


@ends_in("BatchError")
async def _some_failed(_: Path) -> None:
    async with mj.Pool(Sim(seed=1).mjproxy()) as pool:
        await pool.batch(["a cat", "gore, lots of it"], errors="raise")


async def told(name: str, folder: Path) -> BaseException:
    """Live through a story; return the error that it ends in."""
    try:
        await asyncio.wait_for(STORIES[name](folder), 86_400)
    except BaseException as error:
        if type(error).__name__ == name:
            return error
        raise
    raise LookupError(f"the story of {name} ended well")
