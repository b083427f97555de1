"""`press` and `inpaint`: what is asked for, and what is refused before anything is sent; and once over real HTTP."""

import json
from pathlib import Path

import pytest
from attrs import evolve

from mjasync import ActionUnavailable, ConfigError, NeedsInput, Pool, draw_mask
from mjasync.cli import arguments, rects, steps
from mjasync.cli.usage import UsageError
from mjasync.testing import run

ASK = {"press": steps.press, "inpaint": steps.inpaint}


def asked(past, *words, journal=True):
    """Ask for a step in the world of `past`, in memory where there is no journal; the job at its end."""
    task = ASK[words[0]](arguments.parse([*words]))

    async def story():
        kept = past.journal if journal else None
        async with Pool(*past.accounts, journal=kept) as pool:
            job = await task.plan.ask(pool, task.plan)
            await job.ended()
            await pool.aclose()
            return job

    return run(story())


def test_press(past):
    job = asked(past, "press", past.jobs["done"].id[:9], "VARY3")

    assert ("vary3", "a done cat", past.jobs["done"].id) == (job.action, job.parent.prompt, job.parent.id)
    assert job.result().image is not None


def test_press_by_ticket_without_a_journal(past, monkeypatch):
    monkeypatch.delenv("MJASYNC_JOURNAL")
    ticket = str(past.jobs["done"].ticket)

    job = asked(past, "press", ticket, "upscale4", journal=False)
    assert ("upscale4", ticket) == (job.action, str(job.parent.ticket))


def test_press_after_a_job_that_runs(past):
    job = asked(past, "press", past.jobs["running"].id, "upscale2")

    assert ("upscale2", None) == (job.action, job.exception())


def test_what_is_not_offered(past):
    grid, tile = past.jobs["done"].id, past.jobs["step"].id

    with pytest.raises(ActionUnavailable) as met:
        asked(past, "press", grid, "pan_left")
    assert f"this is a grid: take one of its pictures first, mjasync press {grid} upscale1" == met.value.hint
    with pytest.raises(ActionUnavailable) as met:
        asked(past, "press", tile, "upscale1", "--journal", past.journal)
    assert (
        f"press one of them, for example mjasync press {tile} upscale_subtle --journal {past.journal}" == met.value.hint
    )
    with pytest.raises(NeedsInput) as met:
        asked(past, "press", tile, "vary_region")
    assert "mjasync inpaint JOB --rect" in met.value.hint


def test_a_job_of_another_key(past):
    past.accounts = past.accounts[1:]

    with pytest.raises(ConfigError) as met:
        asked(past, "press", past.jobs["done"].id, "upscale1")
    assert "set the key and the address that it was made with" == met.value.hint


def test_a_seed(past):
    assert asked(past, "press", past.jobs["done"].id, "get_seed").result().seed


def test_texts_are_picked(past):
    async def story():
        async with past.pool() as pool:
            words = await pool.shorten("a very very red fox in a dark forest")
            await pool.aclose()
            return words

    words = run(story())
    job = asked(past, "press", words.job_id, "imagine2")
    assert ("imagine2", words.texts[1]) == (job.action, job.result().prompt)
    with pytest.raises(ActionUnavailable) as met:
        asked(past, "press", past.jobs["done"].id, "imagine2")
    assert met.value.hint


def test_a_zoom_of_ones_own(past):
    async def story():
        async with past.pool() as pool:
            tile = await pool.imagine("a dog", account="mjproxy").upscale(1)
            await pool.aclose()
            return tile.job_id

    tile = run(story())
    with pytest.raises(NeedsInput) as met:
        asked(past, "press", tile, "zoom_custom")
    assert "--zoom 1.8" in met.value.hint
    assert asked(past, "press", tile, "zoom_custom", "--prompt", "a dog --zoom 1.8").exception() is None


def test_inpaint(past):
    region = ["--rect", "25%,25%,50%,50%", "--rect", "0,0,9,9", "--prompt", "a blue cat"]

    job = asked(past, "inpaint", past.jobs["step"].id, *region)
    assert ("vary_region", None) == (job.action, job.exception())
    assert 0 < job.result().quota


def test_inpaint_with_a_mask(past, alone):
    (alone / "mask.png").write_bytes(draw_mask((1024, 1024), rectangles=[(1, 1, 50, 50)]))

    job = asked(past, "inpaint", past.jobs["step"].id, "--mask", "mask.png")
    assert "vary_region" == job.action


@pytest.mark.parametrize(
    ("which", "words", "kind", "expected"),
    [
        ("step", [], UsageError, "Nothing says what to paint again."),
        ("step", ["--rect", "1,1,5,5", "--mask", "m.png"], UsageError, "Both --rect and --mask"),
        ("step", ["--rect", "1,1,5"], UsageError, "not four numbers"),
        ("step", ["--rect", "9000,1,5,5"], UsageError, "lies outside of the picture"),
        ("step", ["--mask", "m.png"], UsageError, "there is no such file"),
        ("step", ["--mask", "grey.png"], UsageError, "broken"),
        ("step", ["--rect", "1,1,5,5", "--prompt", " "], UsageError, "The prompt is empty."),
        ("done", ["--rect", "1,1,5,5"], ActionUnavailable, "this is a grid: take one of its pictures first"),
        ("refused", ["--rect", "1,1,5,5"], ConfigError, "there is nothing to go on from"),
        ("lost", ["--rect", "1,1,5,5"], ConfigError, "there is nothing to go on from"),
    ],
)
def test_inpaint_refuses(past, which, words, kind, expected):
    Path("grey.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    before = past.sim.ledger.charged

    with pytest.raises(kind) as met:
        asked(past, "inpaint", past.jobs[which].id, *words)
    assert expected in str(met.value)
    assert met.value.why
    assert met.value.hint
    assert before == past.sim.ledger.charged


def test_a_picture_whose_size_nobody_tells(past):
    async def story():
        async with past.pool() as pool:
            result = evolve(await pool.job(past.jobs["step"].id), size=None)
            job = result.vary_region(await steps.drawn(result, rects.read(["25%,25%,50%,50%"])))
            await job.ended()
            await pool.aclose()
            return job

    assert run(story()).exception() is None


@pytest.mark.parametrize(
    ("words", "code", "expected"),
    [
        (["press", "1a2b", "upscale1"], 2, "no journal is set, and only a journal knows our ids"),
        (["press", "1a2b", "upscale1", "--journal", "no.db"], 3, "There is no journal 'no.db'"),
        (["press", "ttapi:nope", "upscale1"], 3, "does not know 'nope'"),
        (["press", "tapi:nope", "upscale1"], 3, "is not in this pool"),
        (["press", "ttapi:../nope", "upscale1"], 2, "'ttapi:../nope' is no job's ticket."),
        (["press", "ttapi:nope", " "], 2, "The action is blank."),
        (["press", "ttapi:nope", "upscale1", "--sim"], 2, "--sim cannot be used with press."),
        (["inpaint", "ttapi:nope", "--rect", "0,0,5,5", "--sim"], 2, "run `mjasync sim` in another terminal"),
        (["press", "ttapi:nope", "upscale1", "--mode", "fast"], 2, "a step runs in its picture's mode"),
        (["press", "ttapi:nope", "upscale1", "--deadline", "soon"], 2, "--deadline 'soon' cannot be used."),
    ],
)
def test_press_refuses(call, keys, words, code, expected):
    got, out, err = call(*words)

    assert (code, "") == (got, out)
    assert expected in err
    assert "\n  why   " in err
    assert "\n  do    " in err


def test_over_http(call, keys):
    code, out, err = call("imagine", "a red fox", "--account", "ttapi", "--upscale", "1")
    facts = [json.loads(Path(line).with_suffix(".json").read_text()) for line in out.splitlines()]
    grid, tile = [f"{fact['account']}:{fact['remote_id']}" for fact in facts]
    assert f"next      mjasync press {grid} upscale1" in err
    code, out, err = call("press", grid, "pan_left", "--json")
    told = json.loads(out)
    assert (2, "ActionUnavailable", 2) == (code, told["kind"], keys.ledger.charged)
    assert "upscale1" in told["available"]
    code, out, err = call("inpaint", tile, "--rect", "25%,25%,50%,50%")
    assert (0, 3) == (code, keys.ledger.charged)
    (path,) = map(Path, out.splitlines())
    assert "a-red-fox" in path.name
    steps_told = [step["step"] for step in json.loads(path.with_suffix(".json").read_text())["lineage"]]
    assert ["imagine", "vary_region"] == steps_told
