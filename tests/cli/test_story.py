"""`mjasync show`: every kind of event has its words."""

import json
import re

import pytest

from mjasync import Phase
from mjasync.cli import story
from mjasync.core import machine
from mjasync.core.model import Failure, Mode, Record, Snapshot, Spec, Status
from mjasync.core.operations import Imagine, Press
from mjasync.testing import run

FAILURE = Failure(kind="JobFailed", what="It went wrong.", hint="try again", charged="no")
SPEC = Spec(operation=Imagine(prompt="a cat"), mode=Mode.RELAX)


def test_a_story(past, call):
    code, out, err = call("show", past.jobs["step"].id[:10])

    assert (0, "") == (code, err)
    head, events, advice = out.split("\n\n")
    assert re.search(rf"^job       {past.jobs['step'].id} upscale fast done$", head, re.MULTILINE)
    assert "prompt    a done cat" in head
    assert f"ticket    {past.jobs['step'].ticket}" in head
    assert f"after     {past.jobs['done'].id} (imagine)" in head
    assert re.search(r"^cost      \d+ quota$", head, re.MULTILINE)
    texts = [line[35:].strip() for line in events.splitlines()]
    assert f"asked for: upscale2 in fast mode, after job {past.jobs['done'].id}" == texts[0]
    assert ["sent to ttapi", f"accepted as {past.jobs['step'].ticket.remote_id}"] == texts[1:3]
    assert "seen done" == texts[-1]
    assert all(
        re.match(r"  2026-01-01 \d\d:\d\d:\d\d  \+", line) or "2025-12-31" in line for line in events.splitlines()
    )
    assert "do        nothing\n" == advice


@pytest.mark.parametrize(
    ("name", "cost", "advice"),
    [
        ("held", "nothing: it was never sent", "mjasync resume sends it"),
        ("running", "not settled yet", "mjasync resume goes on with it"),
        ("lost", "it may have been charged", "mjasync reconcile"),
        ("refused", "nothing", "change the prompt"),
    ],
)
def test_what_it_cost_and_what_is_to_do(past, call, name, cost, advice):
    _, out, _ = call("show", past.jobs[name].id)

    assert f"cost      {cost}\n" in out
    assert advice in out.splitlines()[-1]


def test_the_story_as_json(past, call):
    _, out, _ = call("show", str(past.jobs["lost"].ticket or past.jobs["lost"].id), "--json")
    told = json.loads(out)

    assert ("job", "lost", "a lost cat", True) == tuple(told[name] for name in ("type", "phase", "prompt", "unknown"))
    assert ["Asked", "Sending", "Silence"] == [each["event"] for each in told["story"]]
    assert ("SubmitOutcomeUnknown", "unknown") == (told["error"]["kind"], told["error"]["charged"])
    assert "it may have been charged" == told["cost"]
    assert sorted(each["at"] for each in told["story"]) == [each["at"] for each in told["story"]]


def test_nobody_is_called_so(past, call):
    code, out, err = call("show", "zzz")

    assert (3, "") == (code, out)
    assert "'zzz' names no job" in err
    assert "\n  do    " in err


def seen(status, progress=None, failure=None):
    return machine.Saw(Snapshot(status=status, progress=progress, failure=failure))


def test_looks_that_say_the_same_are_told_together(life):
    events = [machine.Asked(SPEC), seen(Status.RUNNING, 10), seen(Status.RUNNING, 60), seen(Status.DONE, 100)]
    lines = story.lines([(float(n), event) for n, event in enumerate(events)], life.place())

    assert 3 == len(lines)
    assert re.search(r"\+1.0 s      seen running 60 % \(2 times until \d\d:\d\d:\d\d\)$", lines[1])
    assert lines[2].endswith("seen done")


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (
            machine.Asked(Spec(operation=Press(action="zoom_2x"), parent="abc")),
            "asked for: zoom_2x in fast mode, after job abc",
        ),
        (machine.Sending("0123456789ab"), "sent to 0123456789ab"),
        (machine.Bounced(FAILURE), "not accepted, it may go again: It went wrong."),
        (machine.Accepted("r1"), "accepted as r1"),
        (machine.Accepted("r1", "person"), "accepted as r1, as you said"),
        (machine.Accepted("r1", "list"), "accepted as r1, found in the account's list"),
        (machine.Rejected(FAILURE), "not accepted, for good: It went wrong."),
        (machine.Silence(FAILURE, 0.0), "of unknown fate: It went wrong. Its slot stays taken until"),
        (machine.Expired("person"), "declared lost by you: its slot is free"),
        (machine.Expired(), "its slot is free; its fate is unknown"),
        (machine.Resumed(), "taken up by a later run"),
        (machine.Filling(), "the answer to its window was sent"),
        (machine.Filled("r2"), "the answer to its window was taken, as r2"),
        (machine.Unfilled(FAILURE), "the answer to its window was not taken: It went wrong."),
        (machine.Unanswered(FAILURE), "nobody knows whether the answer to its window was taken: It went wrong."),
        (machine.Detached(FAILURE), "whoever waited was told: It went wrong."),
        (seen(Status.FAILED, 40, FAILURE), "seen failed 40 %: It went wrong."),
    ],
)
def test_each_event_has_its_words(life, event, expected):
    assert expected in story.lines([(0.0, event)], life.place())[0]


@pytest.mark.parametrize(
    ("charged", "expected"), [("no", "nothing"), ("yes", "7.5 quota"), ("unknown", "it may have been charged")]
)
def test_what_a_failed_job_cost(charged, expected):
    failure = Failure(kind="JobFailed", what="", charged=charged)
    record = Record(
        id="x", spec=SPEC, phase=Phase.FAILED, failure=failure, snapshot=Snapshot(status=Status.FAILED, quota=7.5)
    )

    assert expected == story.cost(record)


def test_a_price_that_nobody_told():
    assert "the provider told no price" == story.cost(Record(id="x", spec=SPEC, phase=Phase.DONE))


def test_a_provider_cannot_steer_a_terminal(life, call):
    life.sim.inject("fail", reason="\x1b[31mred\x1b[0m\nnew line")

    async def begin():
        async with life.pool() as pool:
            job = pool.imagine("a cat", account="ttapi")
            await job.ended()
            return job

    job = run(begin())
    out = call("show", job.id, "--journal", life.journal)[1]
    assert "\x1b" not in out
    assert "new line" in out


def test_the_texts_of_a_describe_or_shorten(call, past):
    async def story():
        async with past.pool() as pool:
            words = await pool.shorten("a very very red fox in a dark forest")
            await pool.aclose()
            return words

    words = run(story())
    _, out, _ = call("show", words.job_id)
    assert f"text 1    {words.texts[0]}" in out.splitlines()
    assert list(words.texts) == json.loads(call("show", words.job_id, "--json")[1])["texts"]
