"""The story of a job in words: what was waited for, decided and paid, and where the time went."""

import asyncio

import pytest
from attrs import evolve

import mjasync as mj
from mjasync.core import machine
from mjasync.core.machine import Accepted, Asked, Saw, Sending, Silence, replay
from mjasync.core.model import Failure, Snapshot, Spec, Status
from mjasync.core.operations import Imagine, Press
from mjasync.flow.diary import Sighted
from mjasync.flow.explaining import is_told_again, money, said, short, span
from mjasync.testing import Sim, run

PROMPT = "a secret lighthouse"
NO = Failure(kind="InvalidRequest", what="It is refused.", why="it said no")
WHO = Failure(kind="SubmitOutcomeUnknown", what="", why="no answer", charged="unknown")
DONE = Snapshot(status=Status.DONE, quota=3.0)
HISTORY = ((Asked(Spec(operation=Imagine(prompt=PROMPT))), 0.0), (Sending("a"), 1.0), (Accepted("r"), 2.0))


def told(script, **options):
    """What `script(pool, sim)` returns."""

    async def story():
        sim = Sim(seed=7)
        async with mj.Pool(sim.ttapi(), **options) as pool:
            return await script(pool, sim)

    return run(story())


def test_a_good_job_from_the_asking_to_the_money():
    async def script(pool, sim):
        job = pool.imagine(PROMPT, mode="relax")
        await job
        return job

    job = told(script)
    text = job.explain()
    lines = text.splitlines()
    assert lines[0] == f"job {job.id}: imagine in relax mode at ttapi, done, {span(job.seconds + 0.1)} after the asking"
    assert ["asked for", "sent to ttapi", f"accepted as {job.ticket.remote_id}"] == [
        line.split(maxsplit=3)[3] for line in lines[1:4]
    ]
    assert "seen running" in lines[4]
    assert "seen done" in lines[-3]
    assert lines[-2].startswith("  time   0.1 s waiting for a slot; 0.1 s for the submit; ")
    assert lines[-2].endswith(f"{job.looks} looks")
    assert "  money  3 quota" == lines[-1]
    assert PROMPT not in text


def test_the_time_is_told_in_the_order_in_which_it_went():
    async def script(pool, sim):
        job = pool.imagine(PROMPT, mode="relax").upscale(1)
        await job
        return job.explain()

    (line,) = [line for line in told(script).splitlines() if line.startswith("  time")]
    parts = ("before it was done", "waiting for a slot", "for the submit", "until it was seen running", "from then on")
    assert [part for part, said in zip(parts, line.split("; "), strict=False) if said.endswith(part)] == list(parts)


def test_a_step_that_waits_says_what_for():
    async def script(pool, sim):
        step = pool.imagine(PROMPT).upscale(1)
        await step.parent.accepted()
        return step, step.explain()

    step, text = told(script)
    assert f"asked for, as a step after job {step.parent.id}" in text
    assert f"until job {step.parent.id} before it was done" in text
    assert "nothing: it was never sent" in text


def test_a_refusal_on_the_way_is_told_and_counted():
    async def script(pool, sim):
        sim.inject("status", on="submit", status=429)
        job = pool.imagine(PROMPT)
        await job
        return job.explain()

    text = told(script)
    assert "not accepted, it may go again: TTAPI refused the request (HTTP 429)." in text
    assert "(refused once meanwhile)" in text
    assert 2 == text.count("sent to ttapi")


def test_a_lost_job_says_what_may_be_paid_and_what_to_do():
    async def script(pool, sim):
        sim.inject("lose_answer", on="submit")
        job = pool.imagine(PROMPT)
        with pytest.raises(mj.SubmitOutcomeUnknown) as caught:
            await job
        return job.explain(), caught.value.hint

    text, hint = told(script)
    assert "of unknown fate: The request for job" in text
    assert "it may have been charged at ttapi; it is not sent again" in text
    assert text.endswith(f"  do     {hint}")


@pytest.mark.parametrize("over", [False, True])
def test_the_story_goes_on_after_a_restart(tmp_path, over):
    async def story():
        account = Sim(seed=7).ttapi()
        async with mj.Pool(account, journal=tmp_path / "jobs.db") as pool:
            job = pool.imagine(PROMPT)
            await (job if over else job.accepted())
            await pool.aclose()
        async with mj.Pool(account, journal=tmp_path / "jobs.db") as pool:
            later = pool.job(job.id)
            await later
            return job.ticket.remote_id, later.explain()

    remote_id, text = run(story())
    words = [line.split("  ")[-1].strip() for line in text.splitlines()]
    assert f"accepted as {remote_id}" in words
    assert "asked for" in words
    assert "seen done" in words
    assert (not over) is ("taken up by a later run" in words)
    assert "3 quota" in words
    assert PROMPT not in text


def test_a_job_on_disk_is_explained_at_once(tmp_path):
    async def script(pool, sim):
        return pool.imagine(PROMPT).explain()

    assert "held" in told(script, journal=tmp_path / "jobs.db")


def at(second):
    return f"second {second:g}"


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (Asked(Spec(operation=Imagine(prompt=PROMPT))), "asked for: imagine in fast mode"),
        (
            Asked(Spec(operation=Press(action="upscale1"), parent="p")),
            "asked for: upscale1 in fast mode, after job p",
        ),
        (Sending("a"), "sent to account a"),
        (Accepted("r"), "accepted as r"),
        (Accepted("r", "list"), "accepted as r, found in the account's list"),
        (machine.Bounced(NO), "not accepted, it may go again: It is refused. it said no."),
        (machine.Rejected(NO), "not accepted, for good: It is refused. it said no."),
        (Silence(WHO, 9.0), "of unknown fate: no answer. Its slot stays taken until second 9."),
        (machine.Expired(), "its slot is free; its fate is unknown"),
        (machine.Expired("person"), "declared lost by you: its slot is free"),
        (machine.Resumed(), "taken up by a later run"),
        (machine.Detached(NO), "whoever waited was told: It is refused. it said no."),
        (machine.Filling(), "the answer to its window was sent"),
        (machine.Filled("w"), "the answer to its window was taken, as w"),
        (machine.Unfilled(NO), "the answer to its window was not taken: It is refused. it said no."),
        (
            machine.Unanswered(WHO),
            "nobody knows whether the answer to its window was taken: no answer.",
        ),
        (Sighted(Status.RUNNING, 31), "seen running, 31 %"),
        (Sighted(Status.RUNNING), "seen running"),
        (Sighted(Status.DONE, 100), "seen done"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_events_in_words(event, expected):
    assert expected == said(event, at, lambda name: f"account {name}")


def test_a_failure_without_words_is_its_kind():
    assert "AuthError." == short(Failure(kind="AuthError", what=""))


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (None, "not settled yet"),
        (Saw(DONE), "3 quota"),
        (Saw(evolve(DONE, quota=None)), "the provider told no price"),
        (Saw(Snapshot(status=Status.FAILED, failure=NO)), "nothing"),
        (Saw(Snapshot(status=Status.FAILED, failure=evolve(NO, charged="yes"), quota=2.0)), "2 quota"),
        (Saw(Snapshot(status=Status.FAILED, failure=WHO)), "it may have been charged"),
        (Silence(WHO, 9.0), "it may have been charged at a:r; it is not sent again"),
    ],
)
def test_money_in_words(event, expected):
    assert expected == money(replay("j", (*HISTORY, *(((event, 3.0),) if event else ()))))


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.04, "0.0 s"),
        (59.9, "59.9 s"),
        (59.96, "1 min"),
        (82.0, "1 min 22 s"),
        (3600.0, "1 h"),
        (7500.0, "2 h 5 min"),
    ],
)
def test_lengths_of_time(seconds, text):
    assert text == span(seconds)


def test_what_an_earlier_run_never_sent_sleeps_and_says_what_wakes_it(tmp_path):
    sim = Sim(seed=7)
    account = sim.ttapi(max_jobs=1)

    async def lives():
        first = mj.Pool(account, journal=tmp_path / "jobs.db")
        await first.__aenter__()
        jobs = [first.imagine(f"cat {number}") for number in range(2)]
        await jobs[0].accepted()
        await first.aclose()
        async with mj.Pool(account, journal=tmp_path / "jobs.db") as pool:
            asleep = pool.job(jobs[1].id)
            told = [asleep.explain()]
            await pool.recover()
            return [*told, asleep.explain()]

    before, after = run(lives())
    assert "asleep: an earlier run never sent it" in before
    assert "await pool.recover()" in before
    assert "waiting for a slot" not in before
    assert "waiting for a slot" in after
    assert "asleep" not in after


@pytest.mark.parametrize("proved", [True, False])
def test_a_lost_submit_that_a_callback_finds(proved):
    silence = Silence(WHO, held_until=400.0, hope=True)
    notes = [(1.0, silence), (60.0, machine.Rang("r"))] + ([(61.0, evolve(silence, hope=False))] if not proved else [])

    assert ["a callback named it: r"] == [said(what, str) for _, what in notes[1:2]]
    assert [False, False, True][: len(notes)] == [
        is_told_again(what, notes[:place]) for place, (_, what) in enumerate(notes)
    ]


def test_what_was_refused_and_waits_is_not_told_as_never_sent():
    async def script(pool, sim):
        sim.inject("status", on="submit", status=429, times=2)
        job, gone = pool.imagine(PROMPT), pool.imagine("another")
        await gone.cancel()
        while "refused" not in job.explain():  # noqa: ASYNC110  # until its refusal was heard
            await asyncio.sleep(0.05)
        return job.explain(), gone.explain()

    waiting, gone = told(script)
    assert "  money  nothing yet: no provider took it" == waiting.splitlines()[-1], "no advice: the pool sends it again"
    assert "over before it was sent: " in gone
    assert "not accepted" not in gone
