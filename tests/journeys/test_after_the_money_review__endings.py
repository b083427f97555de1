"""What the same look found about beginnings and ends: opening, closing, forking, and journals that others hold."""

import asyncio
import logging
import os
import sys
import threading

import pytest

import mjasync as mj
from mjasync.testing import Sim, run


def opens(path):
    """Whether a new pool gets the journal."""

    async def story():
        async with mj.Pool(Sim().ttapi(), journal=path):
            return True

    return story()


def threads():
    """The journal's."""
    return [thread.name for thread in threading.enumerate() if "mjasync" in thread.name]


def test_closing_while_it_opens_leaves_no_lock(tmp_path):
    async def story():
        pool = mj.Pool(Sim().ttapi(), journal=tmp_path / "j.db")
        opening = asyncio.create_task(pool.__aenter__())
        await asyncio.sleep(0)
        assert mj.Drain(finished=(), running=(), held=()) == await pool.aclose()
        assert await opens(tmp_path / "j.db")
        with pytest.raises(mj.PoolClosed):
            await opening
        assert [] == threads()

    run(story())


@pytest.mark.parametrize("cancels", [1, 2, 3])
def test_cancelling_an_opening_leaves_no_lock(cancels, tmp_path):
    async def story():
        pool = mj.Pool(Sim().ttapi(), journal=tmp_path / "j.db")
        opening = asyncio.create_task(pool.__aenter__())
        for _ in range(cancels):
            await asyncio.sleep(0)
            opening.cancel()
        with pytest.raises(asyncio.CancelledError):
            await opening
        while pool._aside.busy:  # noqa: ASYNC110  # the thread has no event
            await asyncio.sleep(0.01)
        assert [] == threads()
        async with pool:
            assert (await pool.imagine("a cat")).images

    run(story())


def test_a_loop_that_ended_without_a_close_gives_the_journal_back(tmp_path):
    left = []

    async def killed():
        pool = mj.Pool(Sim(seed=3).ttapi(), journal=tmp_path / "j.db")
        left.append(pool)
        job = pool.imagine("a cat")
        await job.accepted()
        return job.id, str(job.ticket)

    job_id, ticket = run(killed())
    assert 1 == len(threads())

    async def again():
        async with mj.Pool(Sim(seed=3).ttapi(), journal=tmp_path / "j.db") as pool:
            assert ticket == str(pool.job(job_id).ticket)
            assert 1 == len(threads()), "the dead one's is gone"
            await pool.aclose()

    run(again())
    assert [] == threads()
    left[0]._closed = True


def test_a_pool_that_is_open_in_this_process_is_said_so(tmp_path):
    async def story():
        async with mj.Pool(Sim().ttapi(), journal=tmp_path / "j.db"):
            with pytest.raises(mj.JournalBusy, match="this very process") as caught:
                await opens(tmp_path / "j.db")
        assert "leave that pool first" in caught.value.hint
        assert await opens(tmp_path / "j.db")

    run(story())


FORKED = """
import asyncio, os, sys
import mjasync as mj
from mjasync.testing import Sim


async def main():
    async with mj.Pool(Sim().ttapi(), journal=sys.argv[1]) as pool:
        pid = os.fork()
        if pid == 0:
            told = []
            asyncio.events._set_running_loop(None)
            for work in (pool.aclose, pool.__aenter__, lambda: pool.__aexit__(None, None, None)):
                try:
                    told.append(type(asyncio.run(work())).__name__)
                except mj.MJError as exc:
                    told.append(exc.what)
            os.write(1, ";".join(told).encode())
            os._exit(0)
        os.waitpid(pid, 0)
        await asyncio.sleep(0)
        assert not pool._closed


asyncio.run(main())
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_forked_child_that_closes_touches_nothing_and_does_not_hang(tmp_path):
    async def story():
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", FORKED, str(tmp_path / "j.db"), stdout=asyncio.subprocess.PIPE
        )
        async with asyncio.timeout(60):
            out, _ = await process.communicate()
        assert "Drain;This pool was opened by another process.;NoneType" == out.decode()
        assert 0 == process.returncode

    asyncio.run(story())


def test_a_journal_that_is_gone_is_missed(tmp_path, caplog):
    caplog.set_level(logging.WARNING)

    def missed():
        found = ["there was one here before" in record.message for record in caplog.records]
        caplog.clear()
        return any(found)

    assert run(opens(tmp_path / "j.db"))
    assert run(opens(tmp_path / "j.db"))
    assert not missed()
    (tmp_path / "j.db").unlink()
    (tmp_path / "j.db-journal").unlink(missing_ok=True)
    assert run(opens(tmp_path / "j.db"))
    assert missed()
    assert run(opens(tmp_path / "j.db"))
    assert not missed()


def test_what_could_never_be_made_is_not_missed(tmp_path, caplog):
    (tmp_path / "j.db-journal").write_bytes(b"half a change")
    with pytest.raises(mj.JournalCorrupt):
        run(opens(tmp_path / "j.db"))
    (tmp_path / "j.db-journal").unlink()
    assert run(opens(tmp_path / "j.db"))
    assert "before" not in caplog.text


def test_a_deleted_journal_is_told_in_three_lines(tmp_path):
    async def story():
        async with mj.Pool(Sim().ttapi(), journal=tmp_path / "j.db") as pool:
            job = pool.imagine("a cat")
            await job.accepted()
            (tmp_path / "j.db").unlink()
            with pytest.raises(mj.JournalWriteError) as caught:
                await job
        assert ["why", "do"] == [line.split()[0] for line in str(caught.value).splitlines()[1:]]
        assert caught.value.result.images

    run(story())
