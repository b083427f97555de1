"""What a watcher can see of a record, and that nothing else wakes one."""

import pytest
from attrs import evolve

from mjasync.core.model import Failure, ImageURL, Phase, Record, Snapshot, Spec, Status
from mjasync.core.operations import Imagine
from mjasync.flow.events import JobEvent, shown

RECORD = Record(id="j", spec=Spec(operation=Imagine(prompt="a cat")), phase=Phase.RUNNING, account="a", remote_id="1")
SEEN = Snapshot(status=Status.RUNNING, progress=31, preview=ImageURL("https://x.example/1.png"))
FAILURE = Failure(kind="DeadlineExceeded", what="Too late.")


@pytest.mark.parametrize(
    "change",
    [
        {"phase": Phase.DONE},
        {"remote_id": "2"},
        {"detached": FAILURE},
        {"snapshot": evolve(SEEN, progress=46)},
        {"snapshot": evolve(SEEN, preview=None)},
        {"snapshot": None},
    ],
    ids=str,
)
def test_what_is_seen(change):
    before = evolve(RECORD, snapshot=SEEN)

    assert shown(before) != shown(evolve(before, **change))


@pytest.mark.parametrize(
    "change", [{"attempts": 3}, {"snapshot": evolve(SEEN, prompt="x")}, {"held_until": 9.0}], ids=str
)
def test_what_is_not(change):
    before = evolve(RECORD, snapshot=SEEN)

    assert shown(before) == shown(evolve(before, **change))


def test_hope_that_ends_is_seen_because_somebody_is_told():
    before = evolve(RECORD, phase=Phase.LOST, hope=True)

    assert shown(before) != shown(evolve(before, hope=False))


def test_an_event_is_a_value():
    event = JobEvent(phase=Phase.RUNNING, progress=0.31, preview=None, eta=3.0, at=1.0)

    assert event == JobEvent(phase=Phase.RUNNING, progress=0.31, preview=None, eta=3.0, at=1.0)
