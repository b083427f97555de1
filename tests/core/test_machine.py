"""The state machine: the table, and what holds for every history."""

from hashlib import sha256

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mjasync.core import machine
from mjasync.core.machine import (
    FINAL,
    MOVES,
    Accepted,
    Asked,
    Bounced,
    Detached,
    IllegalMove,
    Rejected,
    Saw,
    Sending,
    Silence,
    apply,
    replay,
)
from mjasync.core.model import Failure, Phase, Record, Snapshot, Spec, Status
from mjasync.core.operations import Describe, Imagine
from mjasync.core.pictures import Picture

SETTINGS = settings(derandomize=True, deadline=None, database=None, max_examples=300)
SPEC = Spec(operation=Imagine(prompt="a cat"))
FAILURE = Failure(kind="JobFailed", what="It failed.")
OTHER = Failure(kind="DeadlineExceeded", what="Too late.")
EVENTS = [
    Asked(SPEC),
    Sending("a"),
    Bounced(FAILURE),
    Accepted("r1"),
    Rejected(FAILURE),
    Silence(FAILURE, 99.0),
    Detached(OTHER),
    *(Saw(Snapshot(status=status)) for status in Status),
]
Q, R, D, F = (f"saw {status}" for status in Status)
#: The table once more, written by hand: phase -> {event: phase}; what is absent is illegal.
TABLE = {
    "held": {"Sending": "sending", "Rejected": "failed"},
    "sending": {
        "Bounced": "held",
        "Accepted": "queued",
        "Rejected": "failed",
        "Silence": "lost",
        "Detached": "sending",
    },
    "queued": {Q: "queued", R: "running", D: "done", F: "failed", "Silence": "lost", "Detached": "queued"},
    "running": {Q: "running", R: "running", D: "done", F: "failed", "Silence": "lost", "Detached": "running"},
    "lost": {
        Q: "queued",
        R: "running",
        D: "done",
        F: "failed",
        "Accepted": "queued",
        "Detached": "lost",
        "Silence": "lost",
    },
    "done": {Q: "done", R: "done", D: "done", F: "done", "Detached": "done"},
    "failed": {Q: "failed", R: "failed", D: "failed", F: "failed", "Detached": "failed"},
}


def name(event):
    return f"saw {event.snapshot.status}" if isinstance(event, Saw) else type(event).__name__


def record(phase=Phase.HELD, **more):
    return Record(id="j", spec=SPEC, phase=phase, **more)


@pytest.mark.parametrize("event", EVENTS, ids=name)
@pytest.mark.parametrize("phase", Phase)
def test_every_move(phase, event):
    before = record(phase)
    expected = TABLE[phase].get(name(event))
    if expected is None:
        with pytest.raises(IllegalMove, match=r"job j is|asked for once"):
            apply(before, event, 1.0)
        assert record(phase) == before, "it raises before anything happened"
    else:
        assert expected == apply(before, event, 1.0).phase


def test_the_table_names_every_phase_once():
    assert list(Phase) == sorted(MOVES, key=list(Phase).index)
    assert frozenset({Phase.DONE, Phase.FAILED}) == FINAL


def test_a_second_asked_would_be_a_bug_even_if_a_row_allowed_it(monkeypatch):
    monkeypatch.setattr(machine, "MOVES", {Phase.HELD: {Asked: Phase.HELD}})

    with pytest.raises(IllegalMove, match="asked for once"):
        apply(record(), Asked(SPEC), 1.0)


def test_facts_of_a_whole_life():
    shot = Snapshot(status=Status.RUNNING, progress=31)
    done = Snapshot(status=Status.DONE, progress=100)
    history = [
        (Asked(SPEC), 1.0),
        (Sending("a"), 2.0),
        (Bounced(FAILURE), 3.0),
        (Sending("b"), 4.0),
        (Accepted("r1"), 5.0),
        (Saw(shot), 6.0),
        (Saw(done), 7.0),
    ]

    expected = Record(
        id="j",
        spec=SPEC,
        phase=Phase.DONE,
        account="b",
        remote_id="r1",
        snapshot=done,
        attempts=2,
        asked_at=1.0,
        sent_at=4.0,
        accepted_at=5.0,
        ended_at=7.0,
    )
    assert expected == replay("j", history)


def test_a_bounce_frees_the_account_and_keeps_the_reason():
    after = replay("j", [(Asked(SPEC), 0.0), (Sending("a"), 1.0), (Bounced(FAILURE), 2.0)])

    assert (Phase.HELD, None, None, FAILURE, 1) == (
        after.phase,
        after.account,
        after.sent_at,
        after.failure,
        after.attempts,
    )


def test_silence_holds_the_slot_until_a_sighting():
    lost = apply(record(Phase.SENDING, account="a"), Silence(FAILURE, 99.0), 2.0)
    assert (99.0, FAILURE, None) == (lost.held_until, lost.failure, lost.ended_at)

    found = apply(lost, Accepted("r1"), 3.0)
    assert (None, None, "r1", 3.0) == (found.held_until, found.failure, found.remote_id, found.accepted_at)

    seen = apply(lost, Saw(Snapshot(status=Status.RUNNING)), 3.0)
    assert (Phase.RUNNING, None, None) == (seen.phase, seen.held_until, seen.failure)


def test_a_rejection_and_a_bad_end_say_why():
    rejected = apply(record(Phase.SENDING), Rejected(FAILURE), 2.0)
    failed = apply(record(Phase.RUNNING), Saw(Snapshot(status=Status.FAILED, failure=FAILURE)), 2.0)

    assert [(FAILURE, 2.0)] * 2 == [(after.failure, after.ended_at) for after in (rejected, failed)]


def test_the_first_thing_that_a_caller_was_told_stays():
    once = apply(record(Phase.RUNNING), Detached(FAILURE), 1.0)
    twice = apply(once, Detached(OTHER), 2.0)

    assert (FAILURE, FAILURE) == (once.detached, twice.detached)
    assert Phase.RUNNING is twice.phase


@pytest.mark.fault("P03")
@pytest.mark.parametrize(
    ("before", "new", "shown"),
    [(None, None, None), (31, None, 31), (None, 5, 5), (31, 5, 31), (31, 46, 46), (0, None, 0)],
)
def test_displayed_progress_never_goes_down(before, new, shown):
    snapshot = None if before is None else Snapshot(status=Status.RUNNING, progress=before)
    after = apply(record(Phase.RUNNING, snapshot=snapshot), Saw(Snapshot(status=Status.RUNNING, progress=new)), 1.0)

    assert shown == after.snapshot.progress


@pytest.mark.parametrize("history", [[], [(Sending("a"), 0.0)], [(Accepted("r"), 0.0), (Asked(SPEC), 1.0)]])
def test_a_history_begins_with_asked(history):
    with pytest.raises(IllegalMove, match="does not begin with Asked"):
        replay("j", history)


def test_a_history_has_one_asked():
    with pytest.raises(IllegalMove):
        replay("j", [(Asked(SPEC), 0.0), (Asked(SPEC), 1.0)])


# --- any history -----------------------------------------------------------------------------------------------------

failures = st.sampled_from([FAILURE, OTHER])
events = st.one_of(
    st.builds(Sending, st.sampled_from("ab")),
    st.builds(Bounced, failures),
    st.builds(Accepted, st.sampled_from(["r1", "r2"])),
    st.builds(Rejected, failures),
    st.builds(Silence, failures, st.floats(0, 1e6)),
    st.builds(Detached, failures),
    st.builds(Asked, st.just(SPEC)),
    st.builds(
        lambda status, progress: Saw(Snapshot(status=status, progress=progress)),
        st.sampled_from(Status),
        st.none() | st.integers(0, 100),
    ),
)


@pytest.mark.fault("N13", "P05")
@SETTINGS
@given(st.lists(events, max_size=40))
def test_laws_of_every_history(tries):
    now = replay("j", [(Asked(SPEC), 0.0)])
    legal = [(Asked(SPEC), 0.0)]
    for at, event in enumerate(tries, 1):
        try:
            after = apply(now, event, float(at))
        except IllegalMove:
            assert TABLE[now.phase].get(name(event)) is None
            assert replay("j", legal) == now
            continue
        legal.append((event, float(at)))
        assert TABLE[now.phase][name(event)] == after.phase
        if now.phase in FINAL:
            assert after is now, "terminal never changes, not by one field"
        assert (after.phase in FINAL) is (after.ended_at is not None)
        shown = [r.snapshot.progress for r in (now, after) if r.snapshot and r.snapshot.progress is not None]
        assert sorted(shown) == shown
        assert now.snapshot is None or after.snapshot is not None
        assert after.attempts - now.attempts == (1 if isinstance(event, Sending) else 0)
        assert (after.held_until is not None) is (after.phase is Phase.LOST)
        now = after
    assert replay("j", legal) == now
    assert attrs.evolve(now) == now


@pytest.mark.parametrize(("key", "digest"), [(None, "forgotten"), ("k", sha256(b"bytes").hexdigest())])
def test_an_ended_job_lets_go_of_its_pictures(key, digest):
    spec = Spec(operation=Describe(image=Picture(data=b"bytes", kind="png", size=(8, 8))), key=key)
    record = replay("j", [(Asked(spec), 0.0)])

    ended = apply(record, Rejected(Failure(kind="ConfigError", what="no")), 1.0)

    assert spec is record.spec
    assert Picture(digest=digest, kind="png", size=(8, 8)) == ended.spec.operation.image
