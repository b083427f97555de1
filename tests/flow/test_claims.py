"""One pool for each account on this computer: who is refused, who shares, and what frees an account."""

import asyncio
import fcntl
import gc
import subprocess
import sys
import warnings

import pytest
from attrs import evolve

import mjasync as mj
from mjasync.errors import AccountBusy
from mjasync.testing import Sim, run
from tests.flow.locking import NOWHERE, OPENING, claims, held, share, ttapi


@pytest.mark.fault("K16")
def test_a_second_pool_in_one_process_is_told_to_leave_the_first(folder):
    async def story():
        async with mj.Pool(ttapi()):
            second = mj.Pool(ttapi())
            with pytest.raises(AccountBusy) as caught:
                await second.__aenter__()
            with pytest.raises(AccountBusy):
                second.imagine("a cat")  # first use opens it too
            await second.aclose()
        async with mj.Pool(ttapi()):
            pass  # closed, so it is free
        return caught.value

    error = asyncio.run(story())
    assert "Account 'ttapi' is in use by another pool on this computer." == error.what
    assert "this very process, in a pool that is not closed, has all of it since " in error.why
    assert "leave that pool first ('async with', or await pool.aclose())" in error.hint
    assert "mj.TTAPI(key=..., max_jobs=5, shared=True) in both" in error.hint
    assert "planned and not part of this version" in error.hint
    assert ("no", False) == (error.charged, error.retryable)
    assert "a-key-of-mine" not in str(error)


@pytest.mark.fault("K16")
def test_shares_go_together_and_never_with_the_whole(folder):
    first, second = held(share()), held(share(3, name="other"))
    with pytest.raises(AccountBusy, match="has a share of it") as caught:
        claims(ttapi(max_jobs=10)).take(OPENING)
    assert "mj.TTAPI(key=..., max_jobs=5, shared=True)" in caught.value.hint
    first.release()
    with pytest.raises(AccountBusy):
        claims(ttapi()).take(OPENING)
    second.release()
    whole = held(ttapi())
    with pytest.raises(AccountBusy, match="has all of it") as caught:
        claims(share(4)).take(OPENING)
    assert "mj.TTAPI(key=..., max_jobs=4, shared=True)" in caught.value.hint
    whole.release()


def test_other_keys_and_other_servers_are_other_accounts(folder):
    relay = mj.MJProxy(key="a-key-of-mine", base_url=NOWHERE)
    all_of = [held(ttapi()), held(ttapi("another-key")), held(relay), held(evolve(ttapi(), base_url=f"{NOWHERE}9"))]
    for one in all_of:
        one.release()
    assert 4 == len(list(folder.iterdir()))


def test_all_accounts_or_none(folder):
    other = held(ttapi("another-key"))
    with pytest.raises(AccountBusy):
        claims(ttapi(), ttapi("another-key", name="b")).take(OPENING)
    held(ttapi()).release()
    other.release()
    other.release()


def test_an_account_in_this_process_is_not_locked(folder):
    async def story():
        account = Sim(seed=1).ttapi()
        async with mj.Pool(account) as one, mj.Pool(account) as two:
            await asyncio.gather(one.imagine("a cat"), two.imagine("a dog"))

    run(story())
    assert not folder.exists()


@pytest.mark.fault("K16")
def test_a_pool_that_is_refused_leaves_no_journal(folder, tmp_path):
    async def story():
        async with mj.Pool(ttapi()):
            with pytest.raises(AccountBusy):
                async with mj.Pool(ttapi(), journal=str(tmp_path / "jobs.db")):
                    pass

    asyncio.run(story())
    assert not list(tmp_path.glob("jobs.db*"))


@pytest.mark.fault("K16")
def test_where_the_journal_is_in_use_too_that_is_told(folder, tmp_path):
    path = tmp_path / "jobs.db"

    async def story():
        async with mj.Pool(ttapi(), journal=path):
            with pytest.raises(mj.JournalBusy, match="The journal is in use"):
                await mj.Pool(ttapi(), journal=path).__aenter__()
            with pytest.raises(AccountBusy):
                await mj.Pool(ttapi(), journal=tmp_path / "other.db").__aenter__()
        async with mj.Pool(ttapi(), journal=path):
            pass  # closed, so both are free
        async with mj.Pool(ttapi()):
            with pytest.raises(AccountBusy):
                await mj.Pool(ttapi(), journal=path).__aenter__()  # free, as looking at it has left it
            async with mj.Pool(ttapi("another-key"), journal=path):
                pass

    asyncio.run(story())
    assert [] == list(tmp_path.glob("other.db*"))


@pytest.mark.fault("K16")
def test_another_process_that_has_both_is_told_of_by_its_journal(folder, tmp_path):
    path = tmp_path / "jobs.db"

    async def enter():
        async with mj.Pool(ttapi(), journal=path):
            pass

    program = HOLDER.replace("**shared)", f"**shared), journal={str(path)!r}")
    with subprocess.Popen(
        [sys.executable, "-c", program, "whole"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert b"held\n" == holder.stdout.readline()
        with pytest.raises(mj.JournalBusy, match=f"process {holder.pid} on "):
            asyncio.run(enter())
        holder.kill()
    asyncio.run(enter())


def test_a_journal_that_cannot_be_opened_keeps_no_account(folder, tmp_path):
    (tmp_path / "jobs.db").write_text("no journal at all")

    async def story():
        with pytest.raises(mj.JournalCorrupt):
            async with mj.Pool(ttapi(), journal=str(tmp_path / "jobs.db")):
                pass
        with pytest.raises(mj.JournalCorrupt):
            mj.Pool(ttapi(), journal=str(tmp_path / "jobs.db")).imagine("a cat")
        async with mj.Pool(ttapi()):
            pass

    asyncio.run(story())


def test_whoever_goes_away_while_it_opens_keeps_no_account(folder):
    async def story():
        pool = mj.Pool(ttapi())
        opening = asyncio.create_task(pool.__aenter__())
        await asyncio.sleep(0)
        opening.cancel()
        await asyncio.wait([opening])
        await pool.aclose()
        async with mj.Pool(ttapi()):
            pass

    asyncio.run(story())


@pytest.mark.fault("K09")
def test_a_loop_that_ended_frees_the_account_for_the_next_one(folder):
    pools = []

    async def story():
        pools.append(mj.Pool(ttapi()))
        await pools[-1].__aenter__()

    asyncio.run(story())
    asyncio.run(story())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        pools.clear()
        gc.collect()


@pytest.mark.fault("K09")
def test_a_pool_that_was_dropped_frees_the_account_for_other_processes(folder):
    async def story():
        await mj.Pool(ttapi()).__aenter__()

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        asyncio.run(story())
        gc.collect()
    (file,) = folder.iterdir()
    with file.open() as stranger:
        fcntl.flock(stranger, fcntl.LOCK_EX | fcntl.LOCK_NB)


HOLDER = """
import asyncio, sys
import mjasync as mj

async def main():
    shared = {"shared": True, "max_jobs": 2} if sys.argv[1] == "share" else {}
    async with mj.Pool(mj.TTAPI(key="a-key-of-mine", base_url="http://127.0.0.1:9", **shared)):
        print("held", flush=True)
        sys.stdin.read()

asyncio.run(main())
"""


@pytest.mark.fault("K16", "K01")
@pytest.mark.parametrize("how", ["whole", "share"])
def test_another_process_is_named_and_its_death_frees_the_account(folder, how):
    command = [sys.executable, "-c", HOLDER, how]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert b"held\n" == holder.stdout.readline()
        with pytest.raises(AccountBusy) as caught:
            claims(ttapi()).take(OPENING)
        assert f"process {holder.pid} on " in caught.value.why
        assert "end that one first" in caught.value.hint
        if how == "share":
            held(share()).release()
        holder.kill()
    held(ttapi()).release()


FORKING = """
import asyncio, os, sys
import mjasync as mj

ACCOUNT = mj.TTAPI(key="a-key-of-mine", base_url="http://127.0.0.1:9")

def attempt():
    async def story():
        async with mj.Pool(ACCOUNT):
            return "open"
    try:
        return asyncio.run(story())
    except mj.AccountBusy as exc:
        return "busy" if f"process {os.getppid()} on" in exc.why else str(exc)

async def main():
    go, told = os.pipe(), os.pipe()
    pool = mj.Pool(ACCOUNT)
    pool._open()  # without a thread: forks of threaded processes are warned about
    pid = os.fork()
    if pid == 0:
        asyncio.set_event_loop(None)
        asyncio._set_running_loop(None)
        os.write(told[1], attempt().encode().ljust(4))
        os.read(go[0], 1)
        os.write(told[1], attempt().encode().ljust(4))
        os.read(go[0], 1)
        os._exit(0)
    print(os.read(told[0], 4).decode())
    await pool.aclose()
    os.write(go[1], b".")
    print(os.read(told[0], 4).decode())
    async with mj.Pool(ACCOUNT):
        print("again")
    os.write(go[1], b".")
    os.waitpid(pid, 0)

asyncio.run(main())
"""


@pytest.mark.fault("K14", "K16")
def test_a_forked_child_holds_nothing_and_is_refused_as_any_other(folder):
    done = subprocess.run([sys.executable, "-c", FORKING], capture_output=True, text=True, check=False, timeout=30)
    assert ("busy\nopen\nagain\n", 0) == (done.stdout, done.returncode), done.stderr
