"""`mj.show`: looks on until the end, and harms nothing when it is stopped."""

import asyncio
import sys
from types import SimpleNamespace

import pytest

import mjasync as mj
from mjasync.testing import Sim, run


@pytest.fixture
def cell(monkeypatch):
    """A notebook's place for output, as IPython's display gives it: what it was told, in order."""
    told = []

    def update(page, *, raw):
        assert raw
        told.append(page)

    def display(page, *, raw, display_id):
        assert display_id
        update(page, raw=raw)
        return SimpleNamespace(update=update)

    shell = SimpleNamespace(kernel=object())
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))
    monkeypatch.setitem(sys.modules, "IPython.display", SimpleNamespace(display=display))
    return told


def told(story):
    async def main():
        async with mj.Pool(Sim(seed=3).ttapi()) as pool:
            return await story(pool)

    return run(main())


def test_a_cell_follows_a_job_to_its_picture(cell):
    async def story(pool):
        job = pool.imagine("a cat", mode="relax")
        assert None is await mj.show(job)
        return job.result()

    result = told(story)
    assert "· held ·" in cell[0]["text/plain"]
    assert any("<progress" in page["text/html"] for page in cell)
    assert result._repr_mimebundle_() == cell[-1]
    assert len({page["text/html"] for page in cell}) == len(cell)


def test_a_cell_follows_a_chain_from_its_first_step(cell):
    async def story(pool):
        await mj.show(pool.imagine("a cat").upscale(1))

    told(story)
    assert any("waits for imagine: running" in page["text/plain"] for page in cell)
    assert cell[-1]["text/plain"].startswith("upscale1")


def test_a_cell_follows_a_batch_without_withdrawing_anything(cell):
    async def story(pool):
        batch = pool.batch([f"cat {n}" for n in range(12)], mode="turbo", then=lambda job: job.upscale(1))
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(mj.show(batch), 5)
        stopped = len(cell)
        assert "No longer watched" in cell[-1]["text/html"]
        await mj.show(batch)
        return stopped, await batch

    stopped, outcomes = told(story)
    assert all(outcome.ok for outcome in outcomes)
    assert "Batch of 12: 12 done" == cell[-1]["text/plain"].splitlines()[0]
    assert stopped < len(cell)


def test_changes_are_gathered(cell):
    async def story(pool):
        begun = asyncio.get_running_loop().time()
        await mj.show(pool.batch([f"cat {n}" for n in range(40)], mode="turbo"))
        return asyncio.get_running_loop().time() - begun

    seconds = told(story)
    assert len(cell) <= seconds / 0.25 + 3


def test_cancelling_it_harms_no_job(cell):
    async def story(pool):
        job = pool.imagine("a cat")
        showing = asyncio.create_task(mj.show(job))
        await asyncio.sleep(5)
        showing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await showing
        return await job

    assert told(story).image
    assert "No longer watched: the interrupted cell let go of it" in cell[-1]["text/plain"]


def test_a_failed_job_is_shown_and_not_raised(cell):
    async def story(pool):
        await mj.show(pool.imagine("gore"))

    told(story)
    assert "What to do: " in cell[-1]["text/plain"]


def test_several_have_a_place_each(cell):
    async def story(pool):
        await mj.show(pool.imagine("a cat"), pool.imagine("a dog"))

    told(story)
    assert {"a cat", "a dog"} == {word for page in cell for word in ("a cat", "a dog") if word in page["text/plain"]}


def test_elsewhere_a_job_prints_its_changes(capsys):
    async def story(pool):
        job = pool.imagine("a cat", mode="relax")
        await mj.show(job)
        return job.result().image

    image = told(story)
    out, err = capsys.readouterr()
    lines = err.splitlines()
    assert "" == out
    assert "imagine 'a cat' held" == lines[0]
    assert any("running" in line and "%" in line for line in lines)
    assert f"imagine 'a cat' done · {image}" == lines[-1]
    assert len(set(lines)) == len(lines)


def test_elsewhere_a_batch_prints_its_ends(capsys):
    async def story(pool):
        await mj.show(pool.batch(["a cat", "a dog"]))

    told(story)
    assert ["'a cat'", "'a dog'"] == sorted(line[8:15] for line in capsys.readouterr().err.splitlines())


def test_a_console_of_ipython_is_no_notebook(cell, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=SimpleNamespace))

    async def story(pool):
        await mj.show(pool.imagine("a cat"))

    told(story)
    assert [] == cell
    assert "done" in capsys.readouterr().err


@pytest.mark.parametrize("thing", ["a cat", None, 7])
def test_what_cannot_be_shown(thing):
    with pytest.raises(mj.ConfigError, match=r"show\(\) cannot show"):
        run(mj.show(thing))


def test_a_job_of_another_loop():
    async def story():
        async with mj.Pool(Sim(seed=3).ttapi()) as pool:
            job = pool.imagine("a cat")

            async def elsewhere():
                with pytest.raises(mj.ConfigError, match="belongs to another event loop"):
                    await mj.show(job)

            await asyncio.to_thread(lambda: asyncio.run(elsewhere()))
            return await job

    assert run(story()).image


def test_showing_nothing_shows_nothing(capsys):
    assert None is run(mj.show())
    assert ("", "") == tuple(capsys.readouterr())
