"""Lost and found: silence with and without hope, expiry, another process, and results that come late."""

import pytest
from attrs import evolve

from mjasync.core.machine import (
    Accepted,
    Asked,
    Bounced,
    Detached,
    Expired,
    IllegalMove,
    Rang,
    Resumed,
    Saw,
    Sending,
    Silence,
    apply,
    replay,
)
from mjasync.core.model import Failure, ImageURL, Phase, Record, Snapshot, Spec, Status
from mjasync.core.operations import Imagine

SPEC = Spec(operation=Imagine(prompt="a cat"))
UNKNOWN = Failure(kind="SubmitOutcomeUnknown", what="Who knows.")
NEVER = Failure(kind="SubmitOutcomeUnknown", what="Never listed.")
LATE = Failure(kind="DeadlineExceeded", what="Too late.")
CANCELLED = Failure(kind="JobCancelled", what="Cancelled.")
DONE = Saw(Snapshot(status=Status.DONE, images=(ImageURL("https://x.example/1.png"),)))
SENT = [(Asked(SPEC), 0.0), (Sending("a", "digest"), 1.0)]


def record(phase, **more):
    return Record(id="j", spec=SPEC, phase=phase, account="a", **more)


def lost(*, hope=False, **more):
    return evolve(replay("j", [*SENT, (Silence(UNKNOWN, 99.0, hope=hope), 2.0)]), **more)


@pytest.mark.parametrize("phase", Phase)
def test_only_what_runs_is_resumed(phase):
    if phase in {Phase.QUEUED, Phase.RUNNING, Phase.LOST}:
        after = apply(record(phase), Resumed(), 7.0)
        assert (phase, 7.0) == (after.phase, after.resumed_at)
    else:
        with pytest.raises(IllegalMove, match="cannot take"):
            apply(record(phase), Resumed(), 7.0)


@pytest.mark.parametrize("phase", Phase)
def test_only_what_is_lost_expires(phase):
    if phase is Phase.LOST:
        assert apply(record(phase), Expired(), 7.0).expired
    else:
        with pytest.raises(IllegalMove, match="cannot take"):
            apply(record(phase), Expired(), 7.0)


def test_without_hope_whoever_awaits_is_told_at_once():
    assert (True, True, True) == (lost().settled, lost().told_early, lost().holds_slot)


def test_with_hope_nobody_is_told_before_it_has_expired():
    waiting = lost(hope=True)
    assert (False, False, True) == (waiting.settled, waiting.told_early, waiting.holds_slot)

    over = apply(waiting, Expired(), 3.0)
    assert (True, True, False, UNKNOWN) == (over.settled, over.told_early, over.holds_slot, over.failure)
    assert Phase.LOST is over.phase
    assert over.ended_at is None, "it is not a grave"


def test_hope_that_turns_out_to_be_none_is_told():
    after = apply(lost(hope=True), Silence(UNKNOWN, 99.0), 3.0)

    assert (True, True, 99.0, True) == (after.settled, after.told_early, after.held_until, after.holds_slot)


def test_what_is_said_at_the_end_may_be_more_than_what_was_known_before():
    assert NEVER == apply(lost(hope=True), Expired("list", NEVER), 3.0).failure


@pytest.mark.parametrize("sight", [Accepted("r1", "list"), DONE, Saw(Snapshot(status=Status.RUNNING))], ids=str)
@pytest.mark.parametrize("hope", [True, False])
@pytest.mark.parametrize("expired", [True, False])
def test_a_sighting_leaves_nothing_of_having_been_lost(sight, hope, expired):
    before = apply(lost(hope=hope), Expired(), 3.0) if expired else lost(hope=hope)
    after = apply(before, sight, 4.0)

    assert (None, False, False) == (after.held_until, after.hope, after.expired)
    assert after.phase is not Phase.LOST
    assert before.told_early is after.told_early


@pytest.mark.parametrize("by", ["", "list", "hook", "person"])
def test_an_adoption_says_who_knew(by):
    after = apply(lost(), Accepted("r1", by), 3.0)

    assert (Phase.QUEUED, "r1", by, 3.0, None) == (
        after.phase,
        after.remote_id,
        after.adopted,
        after.accepted_at,
        after.failure,
    )


def test_a_token_belongs_to_one_submission():
    sent = replay("j", SENT)

    assert "digest" == sent.token
    assert "digest" == apply(sent, Accepted("r1"), 2.0).token


def test_lost_twice_keeps_the_newer_reason_and_time():
    after = apply(apply(lost(), Expired(), 3.0), Silence(NEVER, 120.0), 4.0)

    assert (120.0, NEVER) == (after.held_until, after.failure)
    assert after.expired, "a slot that was given up is not taken back by more silence"
    assert not after.holds_slot


# Late results.


@pytest.mark.parametrize(
    ("history", "late"),
    [
        ([(Accepted("r1"), 2.0)], False),
        ([(Accepted("r1"), 2.0), (Detached(LATE), 3.0)], True),
        ([(Accepted("r1"), 2.0), (Detached(CANCELLED), 3.0)], True),
        ([(Silence(UNKNOWN, 9.0), 2.0), (Accepted("r1"), 3.0)], True),
        ([(Silence(UNKNOWN, 9.0, hope=True), 2.0), (Accepted("r1"), 3.0)], False),
        ([(Silence(UNKNOWN, 9.0, hope=True), 2.0), (Expired(), 3.0), (Accepted("r1"), 4.0)], True),
        ([(Accepted("r1"), 2.0), (Silence(UNKNOWN, 9.0), 3.0)], True),
    ],
    ids=["plain", "deadline", "cancelled", "told unknown", "adopted in hope", "adopted after expiry", "given up"],
)
def test_a_result_is_late_if_somebody_was_told_otherwise(history, late):
    before = replay("j", [*SENT, *history])
    after = apply(before, DONE, 20.0)

    assert not before.late
    assert late is after.late


def test_a_cancelled_job_stays_cancelled_in_the_next_process_and_a_deadline_does_not():
    def resumed(why):
        told = replay("j", [*SENT, (Accepted("r1"), 2.0), (Detached(why), 3.0)])
        return apply(told, Resumed(), 9.0)

    assert (CANCELLED, True) == (resumed(CANCELLED).detached, resumed(CANCELLED).settled)
    assert (None, False) == (resumed(LATE).detached, resumed(LATE).settled)
    assert (CANCELLED, None) == (
        apply(resumed(CANCELLED), DONE, 10.0).outcome,
        apply(resumed(LATE), DONE, 10.0).outcome,
    )


def test_a_result_after_a_deadline_is_good_news():
    told = replay("j", [*SENT, (Accepted("r1"), 2.0), (Detached(LATE), 3.0)])

    assert (LATE, None) == (told.outcome, apply(told, DONE, 4.0).outcome)


@pytest.mark.fault("W02", "W09")
def test_an_id_that_a_callback_named_is_kept_and_nothing_follows_from_it():
    sending = replay("j", SENT)
    lost = apply(sending, Silence(UNKNOWN, 9.0), 2.0)

    for before in (sending, lost):
        after = apply(before, Rang("r7"), 3.0)
        assert evolve(before, rang="r7") == after
        assert None is after.remote_id
        assert "r8" == apply(after, Rang("r8"), 4.0).rang
        assert ("r1", "r7") == (apply(after, Accepted("r1"), 4.0).remote_id, apply(after, Accepted("r1"), 4.0).rang)
    assert "" == apply(apply(sending, Rang("r7"), 2.0), Bounced(UNKNOWN), 3.0).rang


@pytest.mark.fault("W10")
@pytest.mark.parametrize("phase", set(Phase) - {Phase.SENDING, Phase.LOST})
def test_where_the_id_is_known_or_nothing_was_sent_no_callback_names_one(phase):
    with pytest.raises(IllegalMove):
        apply(Record(id="j", spec=SPEC, phase=phase), Rang("r7"), 2.0)
