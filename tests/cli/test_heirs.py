"""Jobs of earlier runs: found, followed, and their pictures saved where their runs wanted them."""

import asyncio

import pytest

from mjasync import JobCancelled, ParentFailed, Phase, SubmitOutcomeUnknown
from mjasync.cli import trail
from mjasync.cli.heirs import Heirs, found
from mjasync.cli.trail import Mark
from mjasync.testing import run
from tests.cli.test_farewell import Silent


def resumed(life, *, held=True, out=None, decided=()):
    """What was found, and the heirs once everything is over."""
    marks = trail.read(life.journal)
    life.out.mkdir(exist_ok=True)
    heirs = Heirs(marks, out, life.out, lambda end, folder: None)

    async def story():
        async with life.pool() as pool:
            what = await found(pool, marks, held=held, out=out, decided=decided)
            await heirs.follow(what.followed, Silent())
            await pool.aclose()
            return what

    return run(story()), heirs


def ids(jobs):
    return {job.id for job in jobs}


def test_everything_is_found_and_goes_on(past):
    what, heirs = resumed(past)
    jobs = past.jobs

    assert {jobs["running"].id} == ids((*what.recovery.reattached, *what.recovery.finished))
    assert ({jobs["lost"].id}, {jobs["held"].id}) == (ids(what.recovery.unknown), ids(what.recovery.held))
    assert ((), ()) == (what.asleep, what.unsaved)
    ends = {end.job.id: end for end in heirs.ends}
    assert ends[jobs["running"].id].ok
    assert isinstance(ends[jobs["lost"].id].error, SubmitOutcomeUnknown)
    saved = [picture.file for end in heirs.ends for picture in end.pictures]
    assert len(saved) == 2
    assert all((past.out / name).exists() for name in saved)
    assert {"a slow cat"} == {end.prompt for end in heirs.ends if end.ok}
    assert 5 == past.sim.ledger.charged, "three before, the lost one among them, and two steps"


def test_what_was_never_sent_may_sleep_on(past):
    what, heirs = resumed(past, held=False)

    assert {past.jobs["held"].id} == ids(what.asleep)
    assert {past.jobs["running"].id, past.jobs["lost"].id} == {end.job.id for end in heirs.ends}
    again, _ = resumed(past)
    assert {past.jobs["held"].id} == ids(again.recovery.held)


def test_marks_name_the_folder_and_the_number(past, tmp_path):
    wanted = tmp_path / "elsewhere"
    wanted.mkdir()
    trail.add(past.journal, {past.jobs[name].id: Mark(wanted, 7) for name in ("running", "held")})
    _, heirs = resumed(past)

    assert 2 == len(list(wanted.glob("0007-a-slow-cat-*.png")))
    assert {past.jobs["running"].id, past.jobs["held"].id} == heirs.over(resumed(past)[0])


def test_without_marks_chains_are_numbered(past):
    _, heirs = resumed(past)

    numbers = {end.job.id: end.number for end in heirs.ends}
    assert numbers[past.jobs["running"].id] == numbers[past.jobs["held"].id]
    assert {1, 2} == set(numbers.values())


@pytest.mark.parametrize("elsewhere", [False, True])
def test_a_done_job_whose_picture_was_never_saved(past, elsewhere, tmp_path):
    out = tmp_path / "moved" if elsewhere else None
    if out:
        out.mkdir()
    marks = {past.jobs[name].id: Mark(past.out, 3) for name in ("done", "step", "refused")}
    trail.add(past.journal, {**marks, "f" * 16: Mark(past.out, 4)})
    what, heirs = resumed(past, out=out)

    assert {past.jobs["done"].id, past.jobs["step"].id} == ids(what.unsaved)
    assert 2 == len(list((out or past.out).glob("0003-a-done-cat-*.png")))
    assert set(marks) | {"f" * 16} == heirs.over(what), "one that the journal does not know is not waited for"
    assert () == resumed(past, out=out)[0].unsaved


def test_what_a_person_has_decided_is_left_out(past):
    what, _ = resumed(past, decided={past.jobs["lost"].id})

    assert () == what.recovery.unknown


def test_a_step_after_a_job_of_unknown_fate(life):
    async def begin():
        async with life.pool() as pool:
            life.sim.inject("lose_answer")
            job = pool.imagine("a cat", account="ttapi")
            life.jobs |= {"lost": job, "step": job.upscale(1)}
            await job.accepted()

    with pytest.raises(SubmitOutcomeUnknown):
        run(begin())
    assert Phase.FAILED is life.jobs["step"].phase
    assert isinstance(life.jobs["step"].exception(), ParentFailed)
    what, heirs = resumed(life)
    assert [life.jobs["lost"].id] == [end.job.id for end in heirs.ends]
    assert () == what.asleep


def test_a_cancelled_job_that_runs_on(life):
    async def begin():
        async with life.pool() as pool:
            job = life.jobs["cancelled"] = pool.imagine("a cat", account="ttapi", mode="relax")
            await job.accepted()
            await job.cancel()
            await pool.aclose()

    run(begin())
    _, heirs = resumed(life)
    assert [JobCancelled] == [type(end.error) for end in heirs.ends]


def test_a_picture_that_cannot_be_had_is_tried_again_next_time(past):
    mark = {past.jobs["done"].id: Mark(past.out, 1)}
    trail.add(past.journal, mark)
    past.sim.inject("status", on="image", status=404, times=99)
    what, heirs = resumed(past)
    assert [past.jobs["done"].id] == [job.id for job in what.unsaved]
    assert set() == heirs.over(what)


def test_texts_have_no_picture(life):
    async def begin():
        async with life.pool() as pool:
            grid = pool.imagine("a cat", account="ttapi", mode="relax")
            life.jobs |= {"grid": grid, "seed": grid.get_seed()}
            await grid.accepted()
            await asyncio.sleep(1)
            await pool.aclose()

    run(begin())
    _, heirs = resumed(life)
    assert {life.jobs["seed"].id: 0, life.jobs["grid"].id: 1} == {end.job.id: len(end.pictures) for end in heirs.ends}
    assert all(end.ok for end in heirs.ends)
