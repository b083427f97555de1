"""Stopping to wait, in every way and at any moment, never loses a job nor a slot; the providers' ledger is the oracle."""

import asyncio
import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mjasync as mj
from mjasync.testing import Sim, run

MODES = st.sampled_from(["turbo", "fast", "relax"])
MOMENTS = st.floats(0, 300, allow_nan=False)
ABUSES = st.sampled_from(["task", "gather", "wait_for", "timeout", "job", "none"])
STEPS = st.lists(st.tuples(MODES, ABUSES, MOMENTS, st.integers(0, 2)), min_size=1, max_size=30)


async def abuse(job, kind, moment):
    """Wait for the job, and stop waiting at some moment."""
    if kind == "wait_for":
        await asyncio.wait_for(job, moment)
    elif kind == "timeout":
        async with asyncio.timeout(moment):
            await job
    elif kind == "job":
        await asyncio.sleep(moment)
        await job.cancel()
    elif kind != "none":
        waiting = asyncio.gather(job) if kind == "gather" else asyncio.ensure_future(job)
        await asyncio.sleep(moment)
        waiting.cancel()
        await waiting


@pytest.mark.long
@pytest.mark.fault("K05")
@given(seed=st.integers(0, 10**6), steps=STEPS, caps=st.tuples(st.integers(1, 10), st.integers(1, 10)))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_no_way_of_not_waiting_loses_a_job_or_a_slot(seed, steps, caps):
    async def story():
        sim = Sim(seed=seed, caps={"ttapi": caps[0], "mjproxy": caps[1]})
        async with mj.Pool(sim.ttapi(max_jobs=caps[0]), sim.mjproxy(max_jobs=caps[1])) as pool:
            async with asyncio.TaskGroup() as group:
                for number, (mode, kind, moment, length) in enumerate(steps):
                    job = pool.imagine(f"prompt {number}", mode=mode)
                    for _ in range(length):
                        job = job.vary(1)
                    group.create_task(quietly(abuse(job, kind, moment)))
            await asyncio.sleep(4000)
            assert all(stats.held == 0 for stats in pool.stats().accounts.values())
            assert all(job.done() for job in pool.jobs)
            check_against_the_ledger(sim, pool, caps)
            for job in pool.jobs:
                job.exception()

    run(story(), debug=False)  # asyncio's own debugging costs four times the story, and is on everywhere else


async def quietly(waiting):
    """A cancelled or expired wait is what this is about."""
    with contextlib.suppress(asyncio.CancelledError, TimeoutError, mj.MJError):
        await waiting


def check_against_the_ledger(sim, pool, caps):
    """Everything that the providers took is known here, once, and never more at once than the cap."""
    assert sim.ledger.violations == []
    assert set(sim.ledger.refusals) <= {"unknown_job", "no_route"}  # free: proofs of routes, a look at many
    allowed = dict(zip(("ttapi", "mjproxy"), caps, strict=True))
    assert all(peak <= allowed[name] for name, peak in sim.ledger.peak_running.items())
    ours = sorted(job.ticket.remote_id for job in pool.jobs if job.ticket)
    assert ours == sorted(entry.id for entry in sim.ledger.jobs)
    unsent = [job for job in pool.jobs if job.ticket is None]
    assert all(isinstance(job.exception(), mj.JobCancelled | mj.ParentFailed) for job in unsent)
    assert all(job.exception().charged == "no" for job in unsent)
