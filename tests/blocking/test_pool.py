"""A pool without `await`: opened, asked, and closed so that nothing is left."""

import asyncio
import logging
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from PIL import Image

import mjasync as mj
from mjasync.testing import Sim
from tests.blocking.worlds import fed, opened

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def no_thread_is_left():
    before = set(threading.enumerate())
    yield
    assert before == set(threading.enumerate())


def test_leaving_the_block_waits_for_all_jobs():
    sim = Sim(seed=1)
    with opened(sim) as pool:
        job = pool.imagine("a cat", mode="relax").upscale(1)

    assert job.done()
    assert job.result().image
    assert 2 == sim.ledger.charged
    assert (2, {"ttapi": 0, "mjproxy": 0}) == (len(pool.jobs), {"ttapi": 0, "mjproxy": 0} | sim.ledger.running)


def test_an_exception_lets_go_of_them(caplog):
    with pytest.raises(ZeroDivisionError), opened() as pool:
        job = pool.imagine("a cat", mode="relax")
        job.accepted()
        1 / 0  # noqa: B018

    with pytest.raises(mj.PoolClosed):
        job.result()
    assert "1 paid job(s) run on at the provider" in caplog.text


def test_it_can_be_closed_without_a_block():
    sim = Sim(seed=1)
    pool = mj.sync(mj.Pool(sim.ttapi()), loop_factory=fed)
    done, runs = pool.imagine("a cat"), pool.imagine("a dog", mode="relax")
    done.result()
    drain = pool.close()

    assert (drain.running, drain.held) == ((runs,), ())
    assert () == pool.close().running
    with pool:
        pass


def test_a_loop_that_broke_is_told_where_the_block_ends(monkeypatch):
    monkeypatch.setattr(threading, "excepthook", lambda _: None)
    broke = SystemExit("gone")

    def breaks():
        raise broke

    with pytest.raises(mj.PoolClosed, match="loop of this pool broke") as met, opened() as pool:
        pool._thread.wait(pool._real.aclose)  # else it would rightly complain that nobody closed it
        pool._thread._handed(breaks)
        with pytest.raises(mj.PoolClosed, match="broke"):
            pool._thread.wait(asyncio.Event().wait)
    pool._thread._thread.join()  # its last words are this test's
    assert broke is met.value.__cause__
    with pytest.raises(mj.PoolClosed):
        pool.close()


def test_closing_may_wait_for_what_runs():
    pool = mj.sync(mj.Pool(Sim(seed=1).ttapi()), loop_factory=fed)
    job = pool.imagine("a cat")
    job.accepted()
    drain = pool.close(drain=3600)

    assert ((job,), ()) == (drain.finished, drain.running)


def test_every_verb_of_a_pool():
    pictures = [Image.new("RGB", (64, 64), colour) for colour in ("teal", "gold")]
    with opened() as pool:
        assert pool.blend(pictures, dimensions="portrait").result().image
        assert pool.shorten("a very black cat that sits").result().texts
        assert isinstance(pool.swap_face(*pictures).exception(), mj.ActionUnavailable)
        assert isinstance(pool.upload(pictures).exception(), mj.ActionUnavailable)
        assert pool.check_prompt("gore").ok is False
        assert 10 == pool.account_info("ttapi").max_queue
        job = pool.imagine("a cat", account="ttapi")
        job.result()
        assert job.ticket in [each.ticket for each in pool.listed("ttapi")]
        assert mj.Status.DONE is pool.look(job.ticket)[0].status
        assert job == pool.job(job.id[:6]) == pool.attach(job.ticket)
        assert pool.ledger().accounts["ttapi"]
        assert pool.stats().done >= 3
        assert repr(pool).startswith("<SyncPool of <Pool ")


def test_a_journal_is_taken_up_again(tmp_path):
    sim = Sim(seed=1)
    account = sim.ttapi(name="mine")
    with (
        pytest.raises(KeyboardInterrupt),
        mj.sync(mj.Pool(account, journal=tmp_path / "jobs.db"), loop_factory=fed) as pool,
    ):
        job = pool.imagine("a cat", mode="relax")
        job.accepted()
        raise KeyboardInterrupt
    with mj.sync(mj.Pool(account, journal=tmp_path / "jobs.db"), loop_factory=fed) as pool:
        found = pool.recover()
        again = pool.job(job.id)
        assert ((again,), ()) == (found.reattached, found.finished)
        assert again.result().image
    assert 1 == sim.ledger.accepted


def test_a_job_of_unknown_fate_is_decided_about():
    sim = Sim(seed=1)
    sim.inject("lose_answer", on="submit")
    with pytest.raises(mj.SubmitOutcomeUnknown), opened(sim) as pool:
        job = pool.imagine("a cat", account="ttapi")
        job.exception()
        pool.reconcile(job, declare_lost=True)
        job.result()


def test_what_cannot_be_opened_leaves_no_thread(tmp_path):
    journal = tmp_path / "jobs.db"
    first = mj.sync(mj.Pool(Sim(seed=1).ttapi(), journal=journal), loop_factory=fed)
    with first, pytest.raises(mj.JournalBusy):
        mj.sync(mj.Pool(Sim(seed=1).ttapi(), journal=journal), loop_factory=fed)


SCRIPT = """
import sys
import mjasync as mj
from mjasync.testing import Sim
with mj.sync(mj.Pool(Sim(seed=1).ttapi(), journal=sys.argv[1])) as pool:
    job = pool.imagine("a cat", mode="relax")
    job.accepted()
    if sys.argv[2] == "wait":
        print("waiting", flush=True)
        job.result()
    print("leaving", flush=True)
"""


@pytest.mark.long
@pytest.mark.parametrize("moment", ["wait", "leave"])
def test_ctrl_c_lets_go_and_says_how_to_go_on(tmp_path, moment):
    journal = tmp_path / "jobs.db"
    command = [sys.executable, "-X", "dev", "-W", "error", "-c", SCRIPT, str(journal), moment]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as script:
        assert {"wait": "waiting\n", "leave": "leaving\n"}[moment] == script.stdout.readline()
        time.sleep(0.3)
        script.send_signal(signal.SIGINT)
        out, err = script.communicate(timeout=20)

    assert "" == out
    last = err.strip().splitlines()[-3:]
    assert "KeyboardInterrupt" == last[0]
    assert last[1].startswith("1 paid job(s) run on at the provider, and may be charged: ttapi:")
    assert f"open a pool on {journal} and await pool.recover(), or run `mjasync resume`" in last[2]
    assert "Warning" not in err


@pytest.mark.long
def test_a_pool_that_is_forgotten_does_not_keep_the_program(tmp_path):
    script = "import mjasync as mj\nfrom mjasync.testing import Sim\npool = mj.sync(mj.Pool(Sim().ttapi()))\nprint(pool.imagine('a cat').phase)"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=20, check=False
    )

    assert (0, "held\n") == (done.returncode, done.stdout)


def test_closing_says_what_the_async_pool_says(caplog):
    caplog.set_level(logging.ERROR)
    with opened() as pool:
        pool.imagine("gore", account="ttapi")

    assert "1 job(s) failed and nobody asked why" in caplog.text
