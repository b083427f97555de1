"""Each move of the state machine, and what it is told as."""

import asyncio
from collections import Counter
from contextvars import ContextVar

import pytest
from attrs import evolve

import mjasync as mj
from mjasync import events
from mjasync.core import machine
from mjasync.core.answers import Doubt, Missing, Trouble
from mjasync.core.machine import replay
from mjasync.core.model import Failure, Mode, Phase, Snapshot, Spec, Status, Ticket
from mjasync.core.operations import Imagine, Press
from mjasync.flow.asks import Heard
from mjasync.flow.news import News
from mjasync.flow.telling import Telling, looked
from mjasync.testing import Sim, run

CAT = Spec(operation=Imagine(prompt="a cat"), priority=3)
NO = Failure(kind="InvalidRequest", what="no", status=400, code="23")
GONE = Failure(kind="JobCancelled", what="gone", outcome="withdrawn")
LATE = Failure(kind="DeadlineExceeded", what="late", charged="unknown")
WHO = Failure(kind="SubmitOutcomeUnknown", what="?", charged="unknown")
ASKED = machine.Asked(CAT)
SENDING, TAKEN = machine.Sending("ttapi"), machine.Accepted("r1")
RUNS = machine.Saw(Snapshot(status=Status.RUNNING, progress=31))
DONE = machine.Saw(Snapshot(status=Status.DONE, progress=100, quota=3.0, took=20.0))


def told(*history, spec=CAT, looks=0):
    """What is told of the last event of a job's history, an event each 10 seconds from second 5 on."""
    heard = []
    news = News([heard.append])
    times = [(event, 5.0 + 10 * place) for place, event in enumerate((machine.Asked(spec), *history))]
    before = replay("j", times[:-1]) if len(times) > 1 else None
    after = replay("j", times)
    telling = Telling(news, Counter({(after.phase, "ttapi"): 2, (after.phase, "b"): 1}), {"j": looks})
    telling.step(before, after, times[-1][0])
    return heard


def one(kind, heard):
    found = [each for each in heard if type(each) is kind]
    assert len(found) == 1, heard
    return found[0]


def names(heard):
    return [type(each).__name__ for each in heard]


@pytest.mark.parametrize(
    ("history", "expected"),
    [
        ((), ["Moved", "JobQueued"]),
        ((SENDING,), ["Moved", "SubmitSent"]),
        ((SENDING, TAKEN), ["Moved", "Accepted"]),
        ((SENDING, machine.Bounced(NO)), ["Moved", "Refused"]),
        ((SENDING, machine.Rejected(NO)), ["Moved", "Refused", "Ended"]),
        ((machine.Rejected(GONE),), ["Moved", "Withdrawn", "Ended"]),
        ((machine.Rejected(NO),), ["Moved", "Ended"]),
        ((SENDING, machine.Silence(WHO, 99.0)), ["Moved", "OutcomeUnknown"]),
        ((SENDING, machine.Silence(WHO, 99.0), machine.Expired()), ["QuarantineEnded"]),
        ((SENDING, machine.Silence(WHO, 99.0), machine.Accepted("r1", "list")), ["Moved", "Accepted"]),
        ((SENDING, TAKEN, machine.Resumed()), ["TakenUp"]),
        ((SENDING, TAKEN, machine.Detached(LATE)), ["LetGo"]),
        ((SENDING, TAKEN, RUNS), ["Moved", "Progressed"]),
        ((SENDING, TAKEN, RUNS, RUNS), []),
        ((SENDING, TAKEN, machine.Filling()), []),
        ((SENDING, TAKEN, machine.Filling(), machine.Filled("r2")), ["WindowAnswered"]),
        ((SENDING, TAKEN, machine.Filling(), machine.Unfilled(NO)), ["WindowAnswered"]),
        ((SENDING, TAKEN, machine.Filling(), machine.Unanswered(WHO)), ["WindowAnswered"]),
        ((SENDING, TAKEN, RUNS, DONE), ["Moved", "Ended"]),
    ],
    ids=lambda value: "-".join(type(each).__name__ for each in value) if isinstance(value, tuple) else "",
)
def test_what_a_move_is_told_as(history, expected):
    assert expected == names(told(*history))


def test_a_new_job():
    asked = one(events.JobQueued, told())

    assert ("j", "imagine", Mode.FAST, None, None, 3) == (
        asked.job,
        asked.kind,
        asked.mode,
        asked.account,
        asked.parent,
        asked.priority,
    )
    assert "a cat" == asked.prompt.text


def test_a_step_is_named_after_its_action_and_has_no_prompt():
    asked = one(events.JobQueued, told(spec=Spec(operation=Press(action="upscale2"), parent="p")))

    assert ("upscale2", "p", None) == (asked.kind, asked.parent, asked.prompt)


def test_how_many_jobs_are_in_a_phase_counts_all_accounts():
    moved = one(events.Moved, told(SENDING))

    assert (Phase.HELD, Phase.SENDING, 3, 0) == (moved.was, moved.phase, moved.now_there, moved.now_before)


def test_an_acceptance():
    accepted = one(events.Accepted, told(SENDING, TAKEN))

    assert (Ticket("ttapi", "r1"), 10.0, "", "ttapi") == (
        accepted.ticket,
        accepted.seconds,
        accepted.by,
        accepted.account,
    )


def test_a_refusal_names_the_account_that_the_job_has_left():
    refused = one(events.Refused, told(SENDING, machine.Bounced(NO)))

    assert ("ttapi", "InvalidRequest", 400, "23", True) == (
        refused.account,
        refused.error,
        refused.status,
        refused.code,
        refused.again,
    )
    assert not one(events.Refused, told(SENDING, machine.Rejected(NO))).again


@pytest.mark.parametrize(
    ("event", "taken"), [(machine.Filled("r2"), True), (machine.Unfilled(NO), False), (machine.Unanswered(WHO), None)]
)
def test_whether_an_answer_to_a_window_was_taken(event, taken):
    assert taken is one(events.WindowAnswered, told(SENDING, TAKEN, machine.Filling(), event)).taken


def test_a_good_end():
    ended = one(events.Ended, told(SENDING, TAKEN, RUNS, DONE, looks=7))

    assert (True, None, "yes", 3.0) == (ended.ok, ended.error, ended.charged, ended.quota)
    assert (20.0, 40.0, 0.0, 7, False) == (ended.seconds, ended.total, ended.lag, ended.looks, ended.late)


@pytest.mark.parametrize(("took", "lag"), [(None, None), (12.5, 7.5), (25.0, 0.0)])
def test_how_late_an_end_was_seen_by_the_providers_clock(took, lag):
    done = machine.Saw(evolve(DONE.snapshot, took=took))

    assert lag == one(events.Ended, told(SENDING, TAKEN, RUNS, done)).lag


def test_an_end_without_acceptance_took_no_seconds_at_the_provider():
    ended = one(events.Ended, told(SENDING, machine.Rejected(NO)))

    assert (False, "InvalidRequest", "no", None, 20.0) == (
        ended.ok,
        ended.error,
        ended.charged,
        ended.seconds,
        ended.total,
    )


def test_what_cost_nothing_is_told_so():
    free = machine.Saw(evolve(DONE.snapshot, quota=0.0))
    ended = one(events.Ended, told(SENDING, TAKEN, free))

    assert ("no", 0.0) == (ended.charged, ended.quota)


def test_a_result_after_a_deadline_is_late():
    assert one(events.Ended, told(SENDING, TAKEN, machine.Detached(LATE), DONE)).late


def test_warnings_of_a_result_come_before_its_end():
    slower = machine.Saw(evolve(DONE.snapshot, mode=Mode.RELAX))
    heard = told(SENDING, TAKEN, slower)

    assert ["Moved", "ResultWarned", "Ended"] == names(heard)
    assert "relax" in one(events.ResultWarned, heard).what


def test_an_end_is_told_once():
    history = ((SENDING, 1.0), (TAKEN, 2.0), (DONE, 3.0))
    over, heard = replay("j", ((ASKED, 0.0), *history)), []

    Telling(News([heard.append]), Counter(), {"j": 0}).step(over, over, DONE)

    assert [] == heard


def test_a_bug_of_ours_in_telling_is_logged_and_harms_nobody(caplog):
    heard = []
    record = replay("j", [(ASKED, 0.0)])

    Telling(News([heard.append]), None, {}).step(None, record, ASKED)

    assert [] == heard
    assert "cannot be told" in caplog.text


SEEN = Snapshot(status=Status.RUNNING, progress=31)


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (SEEN, ("running", 31)),
        (Trouble(failure=Failure(kind="AuthError", what="no key")), ("AuthError", None)),
        (Missing(failure=NO), ("missing", None)),
        (Doubt(snapshot=SEEN, telling=True), ("doubt", None)),
    ],
    ids=["status", "trouble", "missing", "doubt"],
)
def test_what_a_look_brought(seen, expected):
    heard = []
    record = replay("j", [(ASKED, 0.0), (SENDING, 1.0), (TAKEN, 2.0)])

    looked(News([heard.append]), record, Heard(seen, 5.0, requests=0, batch=3), 7.5)

    (look,) = heard
    assert expected == (look.saw, look.progress)
    assert ("list", 3, 0, 2.5, "ttapi") == (look.verb, look.batch, look.requests, look.seconds, look.account)


def test_looks_of_a_story_are_as_many_as_the_requests_that_were_made():
    heard = []

    async def story():
        async with mj.Pool(Sim(seed=9, profile="plus").mjproxy(), on_event=heard.append) as pool:
            await pool.batch([f"cat {number}" for number in range(12)], mode="turbo")
            return pool.stats().looks

    looks = run(story())
    assert looks == sum(each.requests for each in heard if isinstance(each, events.Looked))
    assert {"one", "list"} == {each.verb for each in heard if isinstance(each, events.Looked)}


def test_a_request_of_the_asker_is_seen_by_whoever_listens_to_its_asking():
    request = ContextVar("request", default="none")
    heard = []

    def listen(event):
        if isinstance(event, events.JobQueued):
            heard.append(request.get())

    async def one_of(pool, name):
        request.set(name)
        await pool.imagine(name)

    async def story():
        async with mj.Pool(Sim(seed=9).ttapi(), on_event=listen) as pool:
            await asyncio.gather(one_of(pool, "a"), one_of(pool, "b"))

    run(story())
    assert ["a", "b"] == sorted(heard)


def test_so_it_is_with_a_journal_on_disk(tmp_path):
    request = ContextVar("request", default="none")
    heard = []

    def listen(event):
        if isinstance(event, events.JobQueued):
            heard.append((event.prompt.text, request.get()))

    async def one_of(pool, name):
        request.set(name)
        await pool.imagine(name)

    async def story():
        async with mj.Pool(Sim(seed=9).ttapi(), journal=tmp_path / "jobs.db", on_event=listen) as pool:
            await asyncio.gather(one_of(pool, "a"), one_of(pool, "b"))

    run(story())
    assert [("a", "a"), ("b", "b")] == sorted(heard)
