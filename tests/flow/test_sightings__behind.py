"""Answers that are behind: what ends and changes prove about a relay's table, and what proves nothing."""

import pytest
from attrs import evolve

from mjasync.core.looking import Relay
from mjasync.core.model import ImageURL, Phase, Snapshot, Status
from mjasync.core.operations import Press
from mjasync.testing import run
from tests.flow.sighted import DONE, EMPTY, MISSING, PICTURE, TROUBLE, Stage, at, looked

# A step under its parent's own id.

UPSCALE = Press(action="upscale1")
PARENT = evolve(DONE, images=(ImageURL("https://x.example/parent.png"),), took=3.0)


def test_the_parents_own_picture_is_not_what_a_step_brings():
    stage = looked((10, PARENT), (20, PARENT), operation=UPSCALE, after=PARENT)
    assert stage.record.phase is Phase.RUNNING

    stage = looked((10, PARENT), (20, PARENT), (30, DONE), operation=UPSCALE, after=PARENT)
    assert stage.record.snapshot.images == (PICTURE,)


def test_the_parents_times_prove_nothing():
    stage = looked(*((10 * n, PARENT) for n in range(1, 20)), operation=UPSCALE, after=PARENT)

    assert (stage.relay.lag, stage.relay.refresh) == (None, 0.0)


# How far answers are behind.


def proved(*looks, times=5, **options):
    """The refresh that so many of such jobs prove."""
    relay = Relay()

    async def story():
        for _ in range(times):
            stage = await Stage(**options).begin()
            stage.relay, begun = relay, stage.loop.time()
            stage.run.born = begun
            for when, seen in looks:
                await stage.look(begun + when, seen)

    run(story())
    return relay.refresh


def test_an_end_that_is_shown_late_is_a_proof():
    assert proved((30, at(46)), (42, at(78)), (45, evolve(DONE, took=32.0))) == pytest.approx(10)


def test_looks_that_brought_nothing_prove_nothing():
    late = evolve(DONE, took=32.0)

    assert proved((30, at(46)), (42, TROUBLE), (44, MISSING), (45, late)) == 0
    assert proved((44, late), watched=False) == 0


def test_an_end_without_its_picture_is_one_proof():
    """The looks that wait for the link say nothing about the table."""
    empty = evolve(EMPTY, took=30.0)
    looks = [(40, at(93)), (42, empty), (45, empty), (48, empty), (51, evolve(DONE, took=30.0))]

    assert proved(*looks, times=4) == 0
    assert proved(*looks, times=5) == pytest.approx(10)


@pytest.mark.parametrize("took", [None, 0.0, 60.0, 86_399.0])
def test_times_that_cannot_be_prove_nothing(took):
    assert proved((30, at(46)), (42, at(78)), (45, evolve(DONE, took=took))) == 0


def stale(*looks, watched=True):
    """Until when no look can bring news, behind a relay that was proved to refresh every 10 s."""

    async def story():
        stage = await Stage(watched=watched).begin()
        for _ in range(5):
            stage.relay.ended(10.0, 20.0, 21.0)
        for when, seen in looks:
            await stage.look(when, seen)
        return stage.run.stale_until

    return run(story())


@pytest.mark.parametrize(
    ("looks", "until"),
    [
        ([(6, at(15))], 10),
        ([(6, at(15)), (12, at(30))], 16),
        ([(6, at(15)), (12, at(15)), (15, at(15))], 10),
        ([(6, at(15)), (12, TROUBLE), (15, at(30))], 16),
        ([(6, Snapshot(status=Status.QUEUED, progress=0))], 0),
        ([(6, Snapshot(status=Status.QUEUED))], 0),
        ([(6, Snapshot(status=Status.QUEUED)), (9, at(0))], 16),
    ],
    ids=["first change", "second change", "no change", "trouble between", "queued at 0", "queued", "begins to run"],
)
def test_a_table_that_has_just_changed_does_not_change_again_soon(looks, until):
    assert stale(*looks) == until


def test_what_was_never_seen_before_may_have_been_shown_for_long():
    assert stale((6, at(15)), watched=False) == 0
    assert stale((6, at(15)), (12, at(30)), watched=False) == 16


def test_changes_that_come_sooner_than_was_proved_refute_it():
    """A provider whose clock says that every job took no time at all."""
    begun = [(20, at(15)), (26, at(30)), (32, at(46)), (38, at(62)), (44, at(78)), (50, evolve(DONE, took=0.004))]

    assert proved(*begun) == 0


def test_of_changes_that_come_a_little_sooner_the_shortest_time_counts():
    late = [(42, at(78)), (45, evolve(DONE, took=30.0))]

    assert proved((30, at(46)), *late) == pytest.approx(12)
    assert proved((38, at(46)), *late) == pytest.approx(7)
