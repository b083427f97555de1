"""What is shown of jobs, results and batches."""

import asyncio
import json
import re

import pytest
from PIL import Image

import mjasync as mj
from mjasync.flow import cards
from mjasync.notebook.cards import MOST_ROWS
from mjasync.testing import Sim, run


def told(story, **options):
    """Run a story with a pool on a simulated world."""

    async def main():
        sim = Sim(seed=3, **options)
        async with mj.Pool(sim.ttapi(), sim.mjproxy()) as pool:
            return await story(pool)

    return run(main())


def plain(thing):
    bundle = thing._repr_mimebundle_()
    assert {"text/plain", "text/html"} == set(bundle)
    json.dumps(bundle).encode()
    return bundle["text/plain"].splitlines()


def test_a_job_on_its_way():
    async def story(pool):
        job = pool.imagine("a cat", account="mjproxy", mode="relax")
        first = plain(job)
        async for event in job.watch():
            if event.progress and event.preview:
                return job, first, plain(job), cards.of_job(job)
        raise AssertionError

    job, first, later, card = told(story)
    assert [f"imagine a cat · held · relax · job {job.id}"] == first
    assert f"imagine a cat · running · relax · job {job.id} · {job.ticket} · " in later[0]
    assert re.search(r" · \d+ to \d+ s left · \d+%$", later[0])
    assert card.progress
    assert card.picture.startswith("https://")


def test_a_step_shows_what_it_waits_for():
    async def story(pool):
        grid = pool.imagine("a cat", mode="relax")
        last = grid.upscale(2).zoom(2)
        async for event in grid.watch():
            if event.progress:
                return cards.of_job(last), event
        raise AssertionError

    card, event = told(story)
    assert ("zoom_2", "a cat") == (card.title, card.prompt)
    assert re.fullmatch(rf"waits for imagine: running {event.progress:.0%}, \d+ to \d+ s left", card.notes[0])
    assert event.progress == card.progress


def test_a_finished_job_shows_its_result():
    async def story(pool):
        job = pool.imagine("a cat", account="mjproxy").upscale(2)
        result = await job
        return result, plain(job), plain(result)

    result, of_job, of_result = told(story)
    assert of_result == of_job
    assert of_job[0].startswith(f"upscale2 {result.prompt} · done · fast · job {result.job_id} · {result.ticket} · ")
    assert result.image == of_job[1]
    assert 'upscale("subtle"), upscale("creative")' in of_job[-1]


def test_texts_show_what_makes_pictures_of_them():
    async def story(pool):
        result = await pool.describe(Image.new("RGB", (64, 64), "teal"))
        return result, cards.of_result(result)

    result, card = told(story)
    assert [(text, f"imagine({n})") for n, text in enumerate(result.texts, 1)] == card.texts


def test_a_seed_and_its_price_are_facts():
    async def story(pool):
        return cards.of_result(await pool.imagine("a cat", account="ttapi").get_seed())

    card = told(story)
    assert "get_seed" == card.title
    assert any(fact.startswith("seed ") for fact in card.facts)


def test_a_failure_says_what_why_and_what_to_do():
    async def story(pool):
        job = pool.imagine("gore", account="ttapi")
        await job.ended()
        (outcome,) = await pool.batch(["gore"], account="ttapi")
        return cards.of_job(job), plain(outcome), cards.line_of(job)

    card, outcome, line = told(story)
    assert card.notes[0].startswith("TTAPI rejected the prompt")
    assert card.notes[-1].startswith("What to do: ")
    assert None is card.progress
    assert "failed gore" == outcome[0]
    assert line.startswith("imagine 'gore' failed · TTAPI rejected the prompt")


def test_what_was_shown_is_not_called_unread():
    async def story(pool):
        job = pool.imagine("gore", account="ttapi")
        await job.ended()
        before = job.unread
        plain(job)
        return before, job.unread

    before, after = told(story)
    assert isinstance(before, mj.PromptRejected)
    assert None is after


def test_a_batch_is_a_table_of_how_each_prompt_stands():
    async def story(pool):
        prompts = ["a cat", "gore"]
        batch = pool.batch(prompts, account="ttapi", then=lambda job: [job.upscale(1), job.upscale(2)])
        begin = plain(batch)
        await batch.jobs[0]
        middle = cards.of_batch(batch.chains)
        outcomes = await batch
        return begin, middle, cards.of_batch(batch.chains), plain(batch), outcomes

    begin, middle, end, words, outcomes = told(story)
    assert ["Batch of 2: 2 held", "   0  a cat  imagine: held", "   1  gore  imagine: held"] == begin
    assert outcomes[0].job.result().image == middle.rows[0].picture
    assert middle.rows[0].state.startswith("upscale1: ")
    assert "upscale2: done" == end.rows[0].state
    assert outcomes[0].value[1].image == end.rows[0].picture
    assert "waits" not in end.rows[1].state
    assert "Batch of 2: 1 done, 1 failed" == words[0]


def test_an_outcome_of_several_shows_all():
    async def story(pool):
        (outcome,) = await pool.batch(["a cat"], then=lambda job: [job.upscale(1), job.upscale(2)])
        return [line for line in plain(outcome) if line.startswith("upscale")]

    assert ["upscale1", "upscale2"] == [line.split()[0] for line in told(story) if " · done" in line]


def test_of_many_rows_the_ones_at_work_are_shown():
    async def story(pool):
        batch = pool.batch([f"cat {n}" for n in range(80)], mode="turbo")
        await asyncio.sleep(200)
        table = cards.of_batch(batch.chains)
        return batch, table

    batch, table = told(story, caps={"ttapi": 2, "mjproxy": 2})
    shown = table.rows[:MOST_ROWS]
    assert sorted(row.number for row in shown) == [row.number for row in shown]
    assert {n for n, job in enumerate(batch.jobs) if job.phase is mj.Phase.RUNNING} <= {row.number for row in shown}


def test_an_empty_batch():
    async def story(pool):
        return plain(pool.batch([]))

    assert ["Batch of 0: nothing to do"] == told(story)


def test_a_line_tells_a_job():
    async def story(pool):
        job = pool.imagine("a\ncat", account="mjproxy", mode="relax")
        lines = [cards.line_of(job) async for _ in job.watch()]
        described = pool.describe(Image.new("RGB", (64, 64), "teal"))
        texts = (await described).texts
        return lines, (await job).image, cards.line_of(described), texts

    lines, image, described, texts = told(story)
    assert "imagine 'a cat' held" == lines[0]
    assert any(re.search(r"\d% \d+ to \d+ s left$", line) for line in lines)
    assert f"imagine 'a cat' done · {image}" == lines[-1]
    assert described.endswith(f"done · {' '.join('; '.join(texts).split())}")


@pytest.mark.parametrize("verb", ["done", "open"])
def test_after_the_pool_is_closed_everything_can_still_be_shown(verb):
    async def story():
        sim = Sim(seed=3)
        pool = mj.Pool(sim.ttapi())
        batch = pool.batch(["a cat"])
        if verb == "done":
            await batch
        await pool.aclose()
        return plain(batch.jobs[0]), plain(batch)

    job, batch = run(story())
    assert batch[0].startswith("Batch of 1: 1 ")
    assert ("done" in job[0]) == (verb == "done")
