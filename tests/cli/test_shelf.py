"""Names of jobs, their chains, and what was decided."""

import pytest
from attrs import evolve

from mjasync import ConfigError
from mjasync.cli import shelf
from mjasync.journal.archive import Archive
from mjasync.testing import run


def read(life):
    with Archive.open(life.journal) as archive:
        return shelf.read(archive, life.place())


def test_a_job_is_named_by_its_id_or_its_beginning(past):
    found, job = read(past), past.jobs["done"]

    assert job.id == found.named(job.id).id
    assert job.id == found.named(job.id[:8]).id


def test_a_job_is_named_by_its_ticket(past):
    found, job = read(past), past.jobs["running"]
    account = past.accounts[1].fingerprint

    assert job.id == found.named(str(job.ticket)).id
    assert job.id == found.named(f"{account}:{job.ticket.remote_id}").id


@pytest.mark.parametrize("name", ["", "zzz", "ttapi:", "ttapi:none", ":", "nobody:1", "\x1b[31m", "x" * 1000])
def test_nobody_is_called_so(past, name):
    with pytest.raises(ConfigError, match="names no job") as caught:
        read(past).named(name)

    assert "mjasync jobs --journal" in caught.value.hint
    assert len(caught.value.what) < 300


def test_a_beginning_of_several(past):
    jobs = read(past)
    twins = [jobs.rows[0].id[:1] + "0" * 15, jobs.rows[0].id[:1] + "1" * 15]
    rows = tuple(evolve(jobs.rows[0], id=name) for name in twins)
    with pytest.raises(ConfigError, match="names 2 jobs") as caught:
        shelf.Shelf(where=past.place(), rows=rows).named(twins[0][:1])

    assert ", ".join(twins) in caught.value.why
    assert twins[0] == shelf.Shelf(where=past.place(), rows=rows).named(twins[0]).id


def test_a_seed_under_its_pictures_id(life):
    async def story():
        async with life.pool() as pool:
            grid = pool.imagine("a cat", account="ttapi")
            seed = grid.get_seed()
            await seed
            return grid, seed

    grid, seed = run(story())
    found = read(life)
    assert grid.id == found.named(str(grid.ticket)).id
    assert seed.id == found.named(seed.id).id


def test_a_step_has_its_pictures_prompt(past):
    found = read(past)
    step = found.named(past.jobs["step"].id)

    assert "a done cat" == found.prompt(step)
    assert [past.jobs["done"].id] == [row.id for row in found.before(step)]


def test_what_is_alive_and_what_is_undecided(past):
    found = read(past)

    assert {past.jobs["running"].id, past.jobs["lost"].id} == {row.id for row in found.alive()}
    assert [past.jobs["lost"].id] == [row.id for row in found.undecided(found.rows)]


@pytest.mark.parametrize("decision", [{"declare_lost": True}, {"resubmit": True, "accept_double_charge": True}])
def test_what_a_person_has_decided(past, decision):
    async def story():
        async with past.pool() as pool:
            job = await pool.reconcile(past.jobs["lost"].id, **decision)
            await job.ended()
            await pool.aclose()

    run(story())
    found = read(past)
    assert {past.jobs["lost"].id} == found.decided
    assert [] == found.undecided(found.rows)
    assert past.jobs["lost"].id not in {row.id for row in found.alive()}
