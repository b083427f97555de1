"""What happens at a window moves nothing."""

import pytest
from attrs import evolve

from mjasync.core.machine import (
    Accepted,
    Asked,
    Filled,
    Filling,
    IllegalMove,
    Saw,
    Sending,
    Unanswered,
    Unfilled,
    apply,
    replay,
)
from mjasync.core.model import Failure, Phase, Record, Snapshot, Spec, Status
from mjasync.core.operations import Press

SPEC = Spec(operation=Press(action="vary_region"))
FAILURE = Failure(kind="ProviderError", what="Busy.")
EVENTS = [Filling(), Unfilled(FAILURE), Filled("r2"), Unanswered(FAILURE)]
OPEN = {Phase.QUEUED, Phase.RUNNING}


def record(phase, **more):
    return Record(id="j", spec=SPEC, phase=phase, remote_id="r1", **more)


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
@pytest.mark.parametrize("phase", Phase)
def test_a_window_moves_nothing_and_only_an_open_job_has_one(phase, event):
    if phase in OPEN:
        assert phase is apply(record(phase), event, 1.0).phase
    else:
        with pytest.raises(IllegalMove, match="cannot take"):
            apply(record(phase), event, 1.0)


def test_an_answer_is_on_record_before_it_leaves_and_is_taken_back_if_it_was_not_taken():
    waiting = record(Phase.QUEUED, accepted_at=3.0)
    leaving = apply(waiting, Filling(), 5.0)

    assert evolve(waiting, filled_at=5.0) == leaving
    assert waiting == apply(leaving, Unfilled(FAILURE), 6.0)


@pytest.mark.fault("P16")
def test_an_answer_that_may_have_been_taken_stays_on_record():
    leaving = record(Phase.QUEUED, accepted_at=3.0, filled_at=5.0)

    assert evolve(leaving, unanswered=FAILURE) == apply(leaving, Unanswered(FAILURE), 6.0)


@pytest.mark.parametrize(
    ("remote_id", "window_id"),
    [
        pytest.param("r1", None, id="contracts_mjproxy §8 step 3: the same id"),
        pytest.param("r2", "r1", id="contracts_mjproxy C10: another id, both remembered"),
    ],
)
def test_a_window_that_was_answered_runs_from_now_on(remote_id, window_id):
    leaving = record(Phase.QUEUED, accepted_at=3.0, filled_at=5.0)
    after = apply(leaving, Filled(remote_id), 7.0)

    assert evolve(leaving, remote_id=remote_id, window_id=window_id, accepted_at=7.0) == after


def test_a_second_answer_never_goes_out_because_a_relay_goes_on_saying_modal():
    modal = Saw(Snapshot(status=Status.QUEUED, window="p"))
    history = [Asked(SPEC), Sending("a"), Accepted("r1"), modal, Filling(), Filled("r1"), modal]
    after = replay("j", [(event, float(at)) for at, event in enumerate(history)])

    assert (Phase.QUEUED, 4.0, "p") == (after.phase, after.filled_at, after.snapshot.window)
