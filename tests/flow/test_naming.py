"""Names of jobs: our id or the beginning of it, a ticket; of this process or an earlier one."""

import asyncio
from types import SimpleNamespace

import pytest

import mjasync as mj
from mjasync.flow.naming import named
from mjasync.testing import Sim, run
from tests.journeys.lives import life, world


def test_an_id_its_beginning_or_a_ticket():
    async def story():
        async with mj.Pool(Sim(seed=1).ttapi()) as pool:
            job, other = pool.imagine("a cat"), pool.imagine("a dog")
            await asyncio.gather(job.accepted(), other.accepted())
            same = next(n for n in range(1, 17) if job.id[:n] != other.id[:n])
            for name in (job.id, job.id[:same], str(job.ticket)):
                assert job is pool.job(name)

    run(story())


class Unsearchable(dict):
    """Jobs that may be asked for, and not be gone through."""

    def __iter__(self):
        raise AssertionError

    values = items = keys = __iter__


def test_a_whole_id_or_ticket_is_not_looked_for_among_all_the_others():
    """A service looks one up with every request, among thousands of jobs."""

    async def story():
        async with mj.Pool(Sim(seed=1).ttapi()) as pool:
            job = pool.imagine("a cat")
            await job.accepted()
            desk = pool._desk
            unsearchable = SimpleNamespace(jobs=Unsearchable(desk.jobs), books=desk.books, sessions=desk.sessions)
            assert [job, job] == [named(unsearchable, name) for name in (job.id, str(job.ticket))]

    run(story())


@pytest.mark.parametrize("name", ["", "nothing", "ttapi:", ":1", "ttapi:nothing", "nobody:1", 7, None, b"x"])
@pytest.mark.parametrize("kept", [True, False])
def test_what_names_no_job(name, kept, tmp_path):
    async def story():
        async with mj.Pool(Sim(seed=1).ttapi(), journal=str(tmp_path / "jobs.db") if kept else None) as pool:
            await pool.imagine("a cat")
            with pytest.raises(mj.ConfigError, match="names no job"):
                pool.job(name)

    run(story())


def test_a_beginning_of_several_names_none_of_them(tmp_path):
    async def story():
        _, accounts = world("ttapi")
        async with life(tmp_path / "jobs.db", *accounts) as pool:
            jobs = [pool.imagine(f"cat {n}") for n in range(20)]
            first = next(a.id[0] for a in jobs for b in jobs if a is not b and a.id[0] == b.id[0])
            with pytest.raises(mj.ConfigError, match=r"names [0-9]+ jobs"):
                pool.job(first)
            await asyncio.gather(*jobs)
        async with life(tmp_path / "jobs.db", *accounts) as pool:
            with pytest.raises(mj.ConfigError, match="names 2 jobs"):
                pool.job(first)
            assert () == pool.jobs, "asking brought nobody in"

    run(story())


def test_a_seed_under_its_pictures_id_means_the_picture():
    async def story():
        async with mj.Pool(Sim(seed=1, profile="same-seed-id").ttapi()) as pool:
            grid = pool.imagine("a cat")
            seed = (await grid).get_seed()
            await seed
            assert grid.ticket == seed.ticket
            assert grid is pool.job(str(grid.ticket))
            assert seed is pool.job(seed.id)

    run(story())


def test_a_closed_pool_knows_its_own_jobs_and_no_earlier_ones(tmp_path):
    async def story():
        _, accounts = world("ttapi")
        async with mj.Pool(*accounts, journal=str(tmp_path / "jobs.db")) as pool:
            first = await pool.imagine("a cat")
        async with mj.Pool(*accounts, journal=str(tmp_path / "jobs.db")) as pool:
            second = await pool.imagine("a dog")
        assert second.ticket == pool.job(second.job_id).ticket
        with pytest.raises(mj.ConfigError, match="names no job"):
            pool.job(first.job_id)

    run(story())
