"""Without `await` in a real Jupyter kernel, whose main thread runs a loop already."""

import pytest

from tests.flow.kernel import printed, run_cells

pytestmark = pytest.mark.long

OPEN = """
import os, signal, threading
import mjasync as mj
from mjasync.sim import World, serve
world = World(seed=7, speed=20)
simulator = mj.blocking.thread.LoopThread()
served = simulator.wait(lambda: serve(world)._start())
account = mj.TTAPI(key=served.key, base_url=served.ttapi_url)
pool = mj.sync(mj.Pool(account))
def interrupt_soon():
    threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
"""
CLOSE = """
print(len(pool.close().running))
print(mj.run(lambda pool: pool.imagine("again", mode="turbo"), mj.Pool(account)).image)
simulator.wait(served.aclose)
simulator.close()
print(world.ledger.charged, [thread.name for thread in threading.enumerate() if thread.name == "mj:sync"])
"""


@pytest.fixture(scope="module")
def outputs(tmp_path_factory):
    cells = [
        OPEN,
        "job = pool.imagine('a cat')\njob",
        "interrupt_soon()\njob.result()",
        "job.result()",
        "for outcome in pool.batch(['a', 'b'], mode='turbo'):\n    print(outcome.ok)",
        CLOSE,
    ]
    return run_cells(cells, tmp_path_factory.mktemp("kernel"))


def test_a_job_shows_how_it_is(outputs):
    assert "<b>imagine</b> a cat" in outputs[1][0]["data"]["text/html"]


def test_an_interrupted_cell_lets_go_of_the_job(outputs):
    assert ["KeyboardInterrupt"] == [output["ename"] for output in outputs[2]]


def test_the_next_cell_has_its_picture(outputs):
    assert '<img src="http://127.0.0.1:' in outputs[3][0]["data"]["text/html"]


def test_a_batch_is_a_loop(outputs):
    assert "True\nTrue\n" == printed(outputs[4])


def test_everything_can_be_closed_and_was_paid_once(outputs):
    running, picture, rest = printed(outputs[5]).splitlines()

    assert ("0", "4 []") == (running, rest)
    assert picture.startswith("http://127.0.0.1:")
