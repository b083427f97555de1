"""A few notes for each job: its beginning and its end, and what an earlier process wrote down."""

from mjasync.core.machine import Accepted, Asked, Bounced, Saw, Sending, replay
from mjasync.core.model import Failure, Snapshot, Spec, Status
from mjasync.core.operations import Imagine
from mjasync.flow.diary import MOST, Diary, Sighted

CAT = Spec(operation=Imagine(prompt="a cat"))
BUSY = Failure(kind="Unreachable", what="busy")
RUNS = Saw(Snapshot(status=Status.RUNNING, progress=31))
MORE = Saw(Snapshot(status=Status.RUNNING, progress=62))
DONE = Saw(Snapshot(status=Status.DONE, progress=100))


class Kept:
    """A journal that an earlier process wrote."""

    def __init__(self, *history):
        self.kept, self.asked = history, []

    def history(self, job):
        self.asked.append(job)
        return self.kept


def noted(diary, *history, since=1):
    """Note all that happened from the event number `since` on."""
    for end in range(since + 1, len(history) + 1):
        before, after = replay("j", history[: end - 1]), replay("j", history[:end])
        diary.note(before, after, *history[end - 1])


def test_looks_that_show_the_same_are_noted_once():
    diary = Diary(Kept())
    story = ((Asked(CAT), 0.0), (Sending("a"), 1.0), (Accepted("r"), 2.0), (RUNS, 3.0), (MORE, 4.0), (DONE, 5.0))
    noted(diary, *story)

    notes, missing = diary.of("j")
    assert 0 == missing
    assert [(1.0, Sending("a")), (2.0, Accepted("r"))] == notes[:2]
    assert [(3.0, Sighted(Status.RUNNING, 31)), (5.0, Sighted(Status.DONE, 100))] == notes[2:]


def test_a_job_that_goes_on_and_on_keeps_its_beginning_and_its_end():
    diary = Diary(Kept())
    tries = [step for n in range(50) for step in ((Sending("a"), n + 0.25), (Bounced(BUSY), n + 0.5))]
    noted(diary, (Asked(CAT), 0.0), *tries)

    notes, missing = diary.of("j")
    assert (MOST, 100 - MOST) == (len(notes), missing)
    assert (0.25, 49.5) == (notes[0][0], notes[-1][0])
    assert [at for at, _ in notes] == sorted(at for at, _ in notes)


def test_what_this_process_noted_needs_no_journal():
    kept = Kept()
    diary = Diary(kept)
    noted(diary, (Asked(CAT), 0.0), (Sending("a"), 1.0))
    diary.of("j")

    assert [] == kept.asked


def test_what_an_earlier_process_began_is_read_and_what_was_seen_since_comes_to_it():
    earlier = ((Asked(CAT), -9.0), (Sending("a"), -8.0), (Accepted("r"), -7.0))
    diary = Diary(Kept(*earlier, (DONE, 2.0)))
    diary.inherited.add("j")
    noted(diary, *earlier, (RUNS, 1.0), (DONE, 2.0), since=3)

    notes, _ = diary.of("j")
    assert [-8.0, -7.0, 1.0, 2.0] == [at for at, _ in notes]
    assert [Sighted(Status.RUNNING, 31), Sighted(Status.DONE, 100)] == [what for _, what in notes[2:]]


def test_a_job_that_waits_has_no_notes():
    assert ([], 0) == Diary(Kept()).of("j")


def test_what_is_forgotten_is_gone():
    diary = Diary(Kept())
    noted(diary, (Asked(CAT), 0.0), (Sending("a"), 1.0))
    diary.inherited.add("j")
    diary.forget("j")

    assert (set(), ([], 0)) == (diary.inherited, diary.of("j"))
