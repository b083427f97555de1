"""The estate: what becomes of each kind of job that an earlier process left; whole stories are tests/journeys/test_resume*."""

import asyncio

import pytest

import mjasync as mj
from mjasync.core.machine import (
    Accepted,
    Asked,
    Bounced,
    Detached,
    Expired,
    Filling,
    Rejected,
    Resumed,
    Saw,
    Sending,
    Silence,
    Unanswered,
    replay,
)
from mjasync.core.model import Failure, Phase, Snapshot, Spec, Status
from mjasync.core.operations import Imagine
from mjasync.journal import Kept
from mjasync.journal.memory import MemoryJournal
from mjasync.testing import Sim, run
from tests.flow.stories import Relay, done
from tests.journeys.lives import held

SPEC = Spec(operation=Imagine(prompt="a cat"), accounts=("mjproxy",))
WHY = Failure(kind="SubmitOutcomeUnknown", what="?", charged="unknown")
LATE = Failure(kind="DeadlineExceeded", what="Too late.", charged="unknown")
GONE = Failure(kind="JobCancelled", what="Cancelled.")
SENT = (Sending("mjproxy"),)
TAKEN = (*SENT, Accepted("11"))
RUNS = {"status": "IN_PROGRESS", "progress": "31%"}


class Left(MemoryJournal):
    """What an earlier process wrote, and what this one writes."""

    place = "/disk/jobs.db"

    def __init__(self, *events, at=-50.0):
        self.record = replay("0123456789abcdef", [(Asked(SPEC), at), *((event, at) for event in events)])
        self.written = []

    def open(self, opening):
        return Kept(records={self.record.id: self.record})

    def append(self, *entries):
        self.written += [type(entry.event) for entry in entries]


def left(*events, tasks=(), script=None, **options):
    """Open a pool on what these events came to: what was written at once, the job, slots held, unsettled jobs."""
    journal, relay = Left(*events, **options), Relay({}, {"11": list(tasks)} if tasks else {})

    async def story():
        account = mj.MJProxy("key", base_url="https://relay.example", transport=relay)
        pool = mj.Pool(account, journal=journal)
        try:
            async with asyncio.timeout(60):
                await pool.__aenter__()
                job = pool.jobs[0] if pool.jobs else None
                found = list(journal.written), job, held(pool, "mjproxy"), len(pool._desk.ends.unsettled)
                if script:
                    await script(pool, job)
                return found
        finally:
            await pool.aclose()

    return run(story())


@pytest.mark.parametrize(
    ("events", "written", "phase", "slots", "waited_for"),
    [
        ((), [], Phase.HELD, 0, 0),
        ((*SENT,), [Silence], Phase.LOST, 1, 0),
        (TAKEN, [Resumed], Phase.QUEUED, 1, 1),
        ((*TAKEN, Saw(Snapshot(status=Status.RUNNING))), [Resumed], Phase.RUNNING, 1, 1),
        ((*TAKEN, Detached(LATE)), [Resumed], Phase.QUEUED, 1, 1),
        ((*TAKEN, Detached(GONE)), [Resumed], Phase.QUEUED, 1, 0),
        ((*TAKEN, Filling()), [Resumed], Phase.QUEUED, 1, 1),
        ((*SENT, Silence(WHY, 100.0)), [], Phase.LOST, 1, 0),
        ((*SENT, Silence(WHY, -1.0)), [Expired], Phase.LOST, 0, 0),
        ((*SENT, Silence(WHY, -1.0), Expired()), [], Phase.LOST, 0, 0),
        ((*SENT, Detached(GONE)), [Silence], Phase.LOST, 1, 0),
    ],
    ids=lambda value: " ".join(type(each).__name__ for each in value) if isinstance(value, tuple) else None,
)
def test_what_becomes_of_each(events, written, phase, slots, waited_for):
    found, job, taken, unsettled = left(*events, tasks=[RUNS])

    assert (written, phase) == (found, job.phase)
    assert (slots, waited_for) == (taken, unsettled)


def test_an_answer_to_a_window_that_left_after_the_acceptance_is_not_heard_of():
    class Later(Left):
        def __init__(self):
            super().__init__()
            events = [(Asked(SPEC), -50.0), (SENT[0], -50.0), (TAKEN[1], -49.0), (Filling(), -40.0)]
            self.record = replay("0123456789abcdef", events)

    async def story():
        journal = Later()
        relay = Relay({}, {"11": [{"status": "MODAL", "progress": "0%"}]})
        pool = mj.Pool(mj.MJProxy("key", base_url="https://relay.example", transport=relay), journal=journal)
        await pool.recover()
        assert [Unanswered, Resumed] == journal.written
        await pool.aclose()
        assert [] == relay.to("modal")

    run(story())


def test_a_job_that_was_cancelled_before_its_second_try_ends():
    """A cancel while sending is written down as `Detached`; the refusal that came then put the job back."""
    busy = Failure(kind="ProviderError", what="Not now.")

    found, job, slots, _ = left(*SENT, Detached(GONE), Bounced(busy))
    assert ([Rejected], Phase.FAILED, 0) == (found, job.phase, slots)
    assert job.cancelled()


def test_a_job_of_an_account_that_is_not_here_is_left_as_it_is(caplog):
    found, job, slots, unsettled = left(Sending("3f2a9c"), Accepted("11"))

    assert ([], None, 0, 0) == (found, job, slots, unsettled)
    assert "is left alone: no account of this pool can go on with it" in caplog.text


def test_recover_tells_what_it_found_and_waits_for_one_look_at_each():
    async def running(pool, job):
        found = await pool.recover()
        assert mj.Recovery(reattached=(job,)) == found
        assert 1 <= job.looks

    left(*TAKEN, tasks=[RUNS], script=running)

    async def finished(pool, job):
        assert mj.Recovery(finished=(job,)) == await pool.recover()
        assert job.result().images

    left(*TAKEN, tasks=[done()], script=finished)

    async def unknown(pool, job):
        assert mj.Recovery(unknown=(job,)) == await pool.recover()

    left(*SENT, script=unknown)
    left(*SENT, Silence(WHY, -1.0), script=unknown)


def test_recover_in_a_pool_without_a_journal_finds_nothing():
    async def story():
        async with mj.Pool(Sim(seed=1).ttapi()) as pool:
            assert mj.Recovery() == await pool.recover()
            job = pool.imagine("a cat")
            assert mj.Recovery() == await pool.recover(), "jobs of this process are none of its concern"
            await job

    run(story())


def test_recover_ends_with_the_pool():
    async def closing(pool, job):
        recovering = asyncio.create_task(pool.recover())
        await asyncio.sleep(0)
        await pool.aclose()
        assert mj.Recovery(reattached=(job,)) == await recovering

    left(*TAKEN, tasks=[RUNS], script=closing)


def test_what_sleeps_can_be_cancelled():
    async def cancelled(pool, job):
        assert mj.Withdrawn() == await job.cancel()
        assert mj.Recovery() == await pool.recover()

    found, *_ = left(script=cancelled)
    assert [] == found


def test_what_sleeps_is_woken_once_and_sent():
    async def woken(pool, job):
        found = await pool.recover()
        assert mj.Recovery(held=(job,)) == found
        pool._desk.estate.wake(job.id)
        assert not pool._desk.estate.sleeps(job.id)
        assert (mj.Phase.HELD, 1) == (job.phase, len(pool._desk.ends.unsettled))

    left(script=woken)
