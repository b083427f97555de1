"""A run asks, follows, saves and tells; on a clock that jumps."""

import asyncio

import pytest

from mjasync import (
    DeadlineExceeded,
    JobFailed,
    Mode,
    Phase,
    Pool,
    PromptRejected,
    ProviderError,
    SubmitOutcomeUnknown,
)
from mjasync.cli import trail
from mjasync.cli.prompts import Row
from mjasync.cli.run import Plan, Run, prompt_of, told_here
from mjasync.cli.trail import Mark
from mjasync.testing import Sim, run
from tests.journeys.flawed import changed, flawed


class Silent:
    """A stage in the dark."""

    def event(self, number, prompt, job, event):
        pass


def done(out, rows, *, tiles=(), faults=(), **accounts):
    """Run, and return the run and the world's ledger."""
    sim = Sim(seed=7)
    for kind, details in faults:
        sim.inject(kind, **details)
    told = []
    plan = Plan(rows=rows, mode=Mode.TURBO, out=out, tiles=lambda _: tiles)

    async def story():
        async with Pool(sim.ttapi(**accounts)) as pool:
            made = Run(plan, Silent(), told.append)
            await made.all(pool)
            return made

    made = run(story())
    assert told == made.ends
    return made, sim.ledger


def test_every_step_is_saved(tmp_path):
    made, ledger = done(tmp_path, (Row(1, "a cat"), Row(2, "a dog", Mode.FAST)), tiles=(1, 4))
    assert sorted(end.number for end in made.ends) == [1, 2]
    assert all(end.ok for end in made.ends)
    for end in made.ends:
        assert [picture.step for picture in end.pictures] == ["imagine", "upscale1", "upscale4"]
        assert all((tmp_path / picture.file).exists() for picture in end.pictures)
    assert ledger.charged == 6
    assert {end.prompt: str(end.job.mode) for end in made.ends} == {"a cat": "turbo", "a dog": "fast"}
    assert made.under_way() == []
    assert made.unsent() == []


def test_a_step_that_failed_leaves_the_others(tmp_path):
    rows = (Row(1, "a cat"),)
    made, _ = done(tmp_path, rows, tiles=(1, 2), faults=[("fail", {"match": "a cat"})])
    (end,) = made.ends
    assert isinstance(end.error, JobFailed)
    assert end.pictures == ()


def test_the_cause_is_told_instead_of_the_chain(tmp_path):
    made, ledger = done(tmp_path, (Row(1, "a gore cat"),), tiles=(1,))
    assert isinstance(made.ends[0].error, PromptRejected)
    assert ledger.charged == 0


def test_a_picture_that_cannot_be_saved_is_an_error_of_its_prompt(tmp_path):
    made, _ = done(tmp_path, (Row(1, "a cat"),), faults=[("status", {"on": "image", "status": 404, "times": 9})])
    (end,) = made.ends
    assert isinstance(end.error, ProviderError)
    assert end.job.phase is Phase.DONE


def test_what_was_sent_and_what_was_not(tmp_path):
    rows = (Row(1, "a cat"), Row(2, "a dog"), Row(3, "an owl"))
    made = Run(Plan(rows=rows, mode=Mode.FAST, out=tmp_path), Silent(), lambda _: None)

    async def story():
        async with Pool(Sim(seed=7).ttapi(max_jobs=1)) as pool:
            await made.all(pool)

    async def interrupted():
        async with asyncio.timeout(10):
            await story()

    with pytest.raises(TimeoutError):
        run(interrupted())
    assert [(number, job.phase) for number, job in made.under_way()] == [(1, Phase.RUNNING)]
    assert made.unsent() == [rows[1], rows[2]]


def test_where_pictures_go_is_written_down_before_they_come(tmp_path):
    sim, journal = Sim(seed=7), str(tmp_path / "jobs.db")
    plan = Plan(
        rows=(Row(1, "a cat"), Row(2, "a gore dog")),
        mode=Mode.FAST,
        out=tmp_path,
        tiles=lambda _: (3,),
        journal=journal,
    )
    made = Run(plan, Silent(), lambda _: None)

    async def story():
        async with Pool(sim.ttapi(), journal=journal) as pool:
            doing = asyncio.create_task(made.all(pool))
            await asyncio.sleep(1)
            marks = trail.read(journal)
            assert {job.id: Mark(tmp_path, number) for number, job in made.jobs} == marks
            assert marks.keys() - made.over() == {job.id for number, job in made.jobs if number == 1}
            await doing

    run(story())
    assert {job.id for _, job in made.jobs} == made.over()


def test_a_picture_that_was_not_saved_stays_marked(tmp_path):
    made, _ = done(tmp_path, (Row(1, "a cat"),), faults=[("status", {"on": "image", "status": 404, "times": 9})])

    assert set() == made.over()


@pytest.mark.parametrize("simulated", [False, True])
def test_a_deadline_says_how_to_go_on(tmp_path, simulated):
    journal, told = str(tmp_path / "jobs.db"), []
    plan = Plan(
        rows=(Row(1, "a cat"),),
        mode=Mode.RELAX,
        out=tmp_path,
        journal=journal,
        options={"deadline": 20.0},
        simulated=simulated,
    )

    async def story():
        async with Pool(Sim(seed=7).ttapi(), journal=journal) as pool:
            await Run(plan, Silent(), told.append).all(pool)
            await pool.aclose()

    run(story())
    assert simulated is not told[0].error.hint.startswith(f"mjasync resume --journal {journal} waits for it")


def pictured(document):
    """A relay's task that has a picture, whatever it is about."""
    document["imageUrl"] = "https://img.example/gone.png"


def test_another_verb_brings_texts_and_no_file(tmp_path):
    """Also where a relay shows a picture beside them."""

    async def ask(pool, plan):
        return pool.shorten("a very very red fox in a dark forest", **plan.options)

    told = []
    made = Run(Plan(rows=(Row(1, ""),), mode=Mode.FAST, out=tmp_path, ask=ask), Silent(), told.append)

    async def story():
        account, _ = flawed(Sim(seed=7).mjproxy(), fetch=changed(pictured))
        async with Pool(account) as pool:
            await made.all(pool)
            (_, words), *_ = made.jobs
            pick = words.imagine(2)
            await pick
            assert words.result().texts[1] == prompt_of(pick) == prompt_of(pick.upscale(1))

    run(story())
    (end,) = told
    assert (True, "a very very red fox in a dark forest", ()) == (end.ok, end.prompt, end.pictures)
    assert 2 <= len(end.result.texts)
    assert [] == list(tmp_path.iterdir())
    assert {end.job.id} == made.over()


@pytest.mark.parametrize(
    ("error", "journal", "expected"),
    [
        (DeadlineExceeded("late", charged="no", hint="deadline="), None, "--deadline"),
        (DeadlineExceeded("late", charged="unknown"), "a b.db", "mjasync resume --journal 'a b.db' waits for it"),
        (DeadlineExceeded("late", charged="unknown"), None, "the account's own list"),
        (
            SubmitOutcomeUnknown("lost", hint="`await pool.reconcile('1')`"),
            None,
            "With a --journal, `mjasync reconcile`",
        ),
        (SubmitOutcomeUnknown("lost", hint="`mjasync reconcile 1`"), "j.db", "`mjasync reconcile 1`"),
    ],
)
def test_what_to_do_is_told_as_commands(error, journal, expected):
    assert expected in told_here(error, journal).hint
    assert "await" not in error.hint
