"""What an interrupt says about jobs that run on."""

import mjasync as mj
from mjasync.blocking.farewell import farewell
from mjasync.testing import Sim, run


def told(prompts, **options):
    async def main():
        pool = mj.Pool(Sim(seed=1, caps={"ttapi": 1}).ttapi(max_jobs=1), **options)
        jobs = [pool.imagine(f"cat {n}", mode="relax") for n in range(prompts)]
        for job in jobs[:1]:
            await job.accepted()
        return jobs, farewell(await pool.aclose())

    return run(main())


def test_nothing_is_left():
    assert ([], "") == told(0)


def test_a_paid_job_runs_on():
    (job,), words = told(1)

    assert [
        f"1 paid job(s) run on at the provider, and may be charged: {job.ticket}",
        "  do    keep the ticket: it finds the job at the provider",
    ] == words.splitlines()


def test_what_was_never_sent_is_counted(tmp_path):
    jobs, words = told(3, journal=tmp_path / "jobs.db")
    journal = tmp_path / "jobs.db"

    assert [
        f"1 paid job(s) run on at the provider, and may be charged: {jobs[0].ticket}",
        "2 job(s) were never sent, and cost nothing",
        f"  do    it is in the journal: open a pool on {journal} and await pool.recover(), or run `mjasync resume`",
    ] == words.splitlines()
