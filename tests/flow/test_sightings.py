"""What a look means for its job, and what it teaches: one look at a time, told to real books."""

import pytest

from mjasync.core import patience
from mjasync.core.answers import Doubt
from mjasync.core.looking import Cadence, Track
from mjasync.core.model import Phase, Snapshot, Status
from mjasync.core.operations import GetSeed
from mjasync.testing import run
from tests.flow.sighted import DONE, EMPTY, FAILED, LIMITS, MISSING, NO, PICTURE, TROUBLE, Stage, at, looked


def taught(*looks):
    """What a cadence knows that was told this itself: ages, with a progress, or True or False for an end."""
    cadence, track = Cadence(prior=50.0, horizon=300.0), Track()
    for age, told in looks:
        if isinstance(told, bool):
            cadence.ended(track, age, ok=told)
        else:
            cadence.alive(track, age, told)
    return cadence.dump()


# Usual looks.


def test_a_usual_life_is_told_and_taught():
    stage = looked((5, Snapshot(status=Status.QUEUED)), (20, at(30)), (40, at(62)), (50, DONE))

    assert (stage.record.phase, stage.record.snapshot) == (Phase.DONE, DONE)
    assert stage.cadence.dump() == taught((5, 0), (20, 30), (40, 62), (50, True))


def test_that_it_runs_is_progress():
    stage = looked((5, at(None)), (9, DONE))

    assert stage.cadence.dump() == taught((5, 1), (9, True))


def test_what_nobody_watched_teaches_nothing():
    assert looked((50, DONE), watched=False).cadence.jobs == 0


# Failures.


def test_a_failure_is_believed_at_the_second_look_and_taught_as_of_the_first():
    stage = looked((10, at(15)), (20, FAILED))
    assert (stage.record.phase, stage.run.usual, stage.cadence.jobs) == (Phase.RUNNING, False, 0)

    stage = looked((10, at(15)), (20, FAILED), (20 + patience.CONFIRMED - 0.1, FAILED))
    assert stage.record.phase is Phase.RUNNING

    stage = looked((10, at(15)), (20, FAILED), (20 + patience.CONFIRMED, FAILED))
    assert (stage.record.phase, stage.record.failure) == (Phase.FAILED, NO)
    assert stage.cadence.dump() == taught((10, 15), (20, False))


def test_a_failure_that_is_taken_back_was_none():
    stage = looked((10, at(15)), (20, FAILED), (23, at(46)), (40, DONE))

    assert stage.record.phase is Phase.DONE
    assert stage.cadence.dump() == taught((10, 15), (23, 46), (40, True))


def test_a_failure_after_one_that_was_taken_back_is_a_first_one():
    stage = looked((20, FAILED), (23, at(46)), (30, FAILED))

    assert stage.record.phase is Phase.RUNNING


# Doubts, missing jobs, trouble.


@pytest.mark.parametrize("seen", [TROUBLE, MISSING, Doubt(snapshot=FAILED), Doubt(snapshot=FAILED, telling=True)])
def test_what_is_no_news_teaches_nothing(seen):
    stage = looked((10, at(15)), (12, seen))

    assert stage.cadence.dump() == taught((10, 15))
    assert (stage.record.phase, stage.run.usual) == (Phase.RUNNING, False)
    assert (stage.run.track.looked, stage.run.looked_at) == (10, 12)


def test_trouble_never_ends_a_job_and_is_told_until_it_is_over():
    async def story():
        stage = await Stage().begin()
        for n in range(1, 100):
            await stage.look(n, TROUBLE)
        assert (stage.record.phase, stage.run.troubles) == (Phase.QUEUED, 99)
        assert stage.sightings.trouble("1") == TROUBLE.failure
        await stage.look(100, at(15))
        assert (stage.sightings.trouble("1"), stage.run.troubles, stage.run.usual) == (None, 0, True)
        await stage.look(101, TROUBLE)
        stage.sightings.forget("1")
        assert stage.sightings.trouble("1") is None
        assert stage.cadence.dump() == taught((100, 15))

    run(story())


def test_a_job_that_is_missing_for_long_is_lost_and_keeps_its_slot():
    looks = [(5, at(1)), *((10 + 15 * n, MISSING) for n in range(5))]

    assert looked(*looks[:-1]).record.phase is Phase.RUNNING
    stage = looked(*looks)
    assert (stage.record.phase, stage.record.failure) == (Phase.LOST, MISSING.failure)
    assert stage.record.held_until == LIMITS.quarantine
    assert stage.cadence.jobs == 0


def test_many_looks_within_a_minute_do_not_make_it_missing():
    stage = looked(*((10 + n, MISSING) for n in range(40)))

    assert (stage.record.phase, stage.run.missing) == (Phase.QUEUED, 40)


def test_a_job_that_is_seen_again_was_not_missing():
    stage = looked((10, MISSING), (40, MISSING), (60, at(15)), (71, MISSING), (90, MISSING), (91, MISSING))

    assert (stage.record.phase, stage.run.missing, stage.run.missing_since) == (Phase.RUNNING, 3, 71)


def test_a_job_that_is_given_up_late_is_held_from_now_on_no_longer():
    stage = looked(*((1000 + 15 * n, MISSING) for n in range(5)))

    assert stage.record.held_until == 1060


@pytest.mark.parametrize(("telling", "phase"), [(True, Phase.FAILED), (False, Phase.QUEUED)])
def test_a_doubt_that_tells_is_believed_after_two_seconds(telling, phase):
    doubt = Doubt(snapshot=FAILED, telling=telling)

    assert looked((20, doubt), (22, doubt)).record.phase is phase


def test_a_doubt_that_stays_is_given_up_after_a_minute():
    looks = [(20 + 15 * n, Doubt(snapshot=FAILED)) for n in range(5)]

    assert looked(*looks[:-1]).record.phase is Phase.QUEUED
    stage = looked(*looks)
    assert (stage.record.phase, stage.record.failure, stage.cadence.jobs) == (Phase.LOST, NO, 0)


def test_a_doubt_without_a_reason_is_given_up_with_one():
    looks = [(20 + 15 * n, Doubt(snapshot=Snapshot(status=Status.FAILED))) for n in range(5)]

    assert looked(*looks).record.failure is not None


# Empties, and pictures that freeze.


def test_a_link_may_lag():
    stage = looked((20, EMPTY), (23, EMPTY), (26, DONE))

    assert (stage.record.phase, stage.run.empty) == (Phase.DONE, 0)
    assert stage.cadence.jobs == 1


def test_a_result_without_a_picture_is_believed_after_some_looks():
    looks = [(20 + 3 * n, EMPTY) for n in range(patience.EMPTY_LOOKS)]

    assert looked(*looks[:-1]).record.phase is Phase.QUEUED
    stage = looked(*looks)
    assert (stage.record.phase, stage.record.failure.kind) == (Phase.FAILED, "ProtocolError")
    assert "names no picture" in stage.record.failure.what


def test_a_seed_is_waited_for():
    stage = looked(*((20 + 3 * n, EMPTY) for n in range(40)), operation=GetSeed())

    assert (stage.record.phase, stage.run.empty) == (Phase.QUEUED, 40)


def test_a_picture_that_freezes_at_100_percent_is_done_after_a_minute():
    frozen = at(100, preview=PICTURE)
    looks = [(20, at(62)), (30, frozen), (60, frozen)]

    assert looked(*looks, (89, frozen)).record.phase is Phase.RUNNING
    stage = looked(*looks, (90, frozen))
    assert (stage.record.phase, stage.record.snapshot.images) == (Phase.DONE, (PICTURE,))
    assert "never called it finished" in stage.record.snapshot.warnings[0]
    assert stage.cadence.jobs == 1


@pytest.mark.parametrize("frozen", [at(99, preview=PICTURE), at(100), Snapshot(status=Status.QUEUED, progress=100)])
def test_what_only_looks_frozen_goes_on(frozen):
    assert looked((30, frozen), (200, frozen)).record.phase in (Phase.RUNNING, Phase.QUEUED)
