"""In a real Jupyter kernel: opened in one cell, closed in another, looked at and interrupted in between."""

import pytest

from tests.flow.kernel import printed, run_cells

pytestmark = pytest.mark.long

OPEN = """
import asyncio, os, signal
import mjasync as mj
from mjasync.sim import World, serve
world = World(seed=7, speed=20)
served = await serve(world)
pool = mj.Pool(mj.TTAPI(key=served.key, base_url=served.ttapi_url))
def interrupt_soon():
    asyncio.get_running_loop().call_later(0.3, os.kill, os.getpid(), signal.SIGINT)
"""
CLOSE = """
drain = await pool.aclose()
await served.aclose()
print(len(drain.running), world.ledger.accepted, world.ledger.charged)
"""


def page(output):
    return output["data"]["text/html"]


def words(output):
    return output["data"]["text/plain"]


@pytest.fixture(scope="module")
def outputs(tmp_path_factory):
    cells = [
        OPEN,
        "job = pool.imagine('a <b>cat</b>')\njob",
        "interrupt_soon()\nawait mj.show(job)",
        "print(job.done(), job.phase)",
        "interrupt_soon()\nawait job",
        "grid = await job\ngrid",
        "await mj.show(grid.upscale(2), pool.imagine('gore'))",
        "batch = pool.batch('a {red, blue} bird', mode='turbo')\nawait mj.show(batch)",
        "(await batch)[1]",
        CLOSE,
    ]
    return run_cells(cells, tmp_path_factory.mktemp("kernel"))


def test_a_job_shows_how_it_is(outputs):
    (shown,) = outputs[1]

    assert "execute_result" == shown["output_type"]
    assert "<b>imagine</b> a &lt;b&gt;cat&lt;/b&gt;" in page(shown)
    assert words(shown).startswith("imagine a <b>cat</b> · held · fast · job ")


def test_an_interrupted_cell_lets_go_of_the_job(outputs):
    shown, error = outputs[2]

    assert "display_data" == shown["output_type"]
    assert "No longer watched" in page(shown)
    assert error["ename"] in ("CancelledError", "KeyboardInterrupt")
    assert "False " == printed(outputs[3])[:6]


def test_an_interrupted_await_lets_go_of_it_too(outputs):
    assert outputs[4][-1]["ename"] in ("CancelledError", "KeyboardInterrupt")


def test_the_next_cell_has_its_result(outputs):
    (shown,) = outputs[5]

    assert '<img src="http://127.0.0.1:' in page(shown)
    assert "<code>upscale(2)</code> <small>U2</small>" in page(shown)
    assert "upscale(1), upscale(2), upscale(3), upscale(4), vary(1)" in words(shown)


def test_a_cell_shows_two_jobs_to_their_ends(outputs):
    upscaled, refused = outputs[6]

    assert "<code>zoom(1.5)</code>" in page(upscaled)
    assert '<img src="http://127.0.0.1:' in page(upscaled)
    assert "What to do: change the prompt" in page(refused)


def test_a_batch_is_a_table_with_thumbnails(outputs):
    (shown,) = outputs[7]

    assert "<b>Batch of 2: 2 done</b>" in page(shown)
    assert 2 == page(shown).count('style="width:96px"')
    assert ["Batch of 2: 2 done", "   0  a red bird  imagine: done", "   1  a blue bird  imagine: done"] == words(
        shown
    ).splitlines()


def test_an_outcome_shows_its_picture(outputs):
    assert "<b>picture</b> a blue bird" in page(outputs[8][0])


def test_another_cell_closes_the_pool_and_nothing_was_paid_twice(outputs):
    assert "0 4 4\n" == printed(outputs[9])
