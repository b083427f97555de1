"""A job of elsewhere, by its ticket: looked at once, then as any other."""

import asyncio

import pytest

import mjasync as mj
from mjasync.journal.archive import Archive
from mjasync.testing import Sim, run


def after(script, *, journal=None):
    """Make a picture in one pool, then run `script(pool, ticket, sim)` in another."""
    sim = Sim(seed=7)
    sim.accounts = sim.ttapi(), sim.mjproxy()

    async def story():
        async with mj.Pool(*sim.accounts) as pool:
            tickets = [(await pool.imagine("a cat", account=name)).ticket for name in ("ttapi", "mjproxy")]
        for ticket in tickets:
            async with mj.Pool(*sim.accounts, journal=journal) as pool:
                await script(pool, ticket, sim)

    run(story())
    return sim


def test_its_buttons_can_be_pressed():
    async def script(pool, ticket, _):
        job = await pool.attach(str(ticket))
        result = await job
        assert ("a cat", ticket, mj.Phase.DONE) == (job.prompt, result.ticket, job.phase)
        assert "upscale1" in [action.name for action in result.actions]
        child = await job.upscale(1)
        assert ticket.account == child.ticket.account
        assert [None, "upscale1"] == [step.action for step in child.lineage]

    assert 4 == after(script).ledger.charged


def test_it_costs_one_look_and_no_slot():
    async def script(pool, ticket, sim):
        before = sim.ledger.charged
        job = await pool.attach(ticket)
        assert job is await pool.attach(ticket) is pool.job(str(ticket))
        assert before == sim.ledger.charged
        assert 0 == pool.stats().accounts[ticket.account].held

    after(script)


def test_a_wrong_button_is_refused_at_once():
    async def script(pool, ticket, _):
        result = await (await pool.attach(ticket))
        with pytest.raises(mj.ActionUnavailable) as met:
            result.pan("left")
        assert "upscale1" in met.value.available

    assert 2 == after(script).ledger.charged


def test_the_journal_knows_it_from_then_on(tmp_path):
    path = str(tmp_path / "jobs.db")

    async def script(pool, ticket, _):
        job = await pool.attach(ticket)
        await job.upscale(2)

    sim = after(script, journal=path)

    async def later():
        async with mj.Pool(*sim.accounts, journal=path) as pool:
            found = [pool.job(row) for row in ids]
            assert [("a cat", "imagine"), ("a cat", "imagine")] == [(j.prompt, j.spec.operation.kind) for j in found]
            assert 4 == pool.ledger().total.done

    with Archive.open(path) as archive:
        ids = [row.id for row in archive.jobs() if row.kind == "imagine"]
    run(later())


def test_what_cannot_be_taken_in():
    sim = Sim(seed=7)
    account = sim.ttapi()

    async def story():
        async with mj.Pool(account) as pool:
            running = await pool.imagine("a slow cat", mode="relax").accepted()
            sim.inject("fail", match="a bad cat")
            failed = pool.imagine("a bad cat")
            await failed.ended()
            await pool.aclose()
        async with mj.Pool(account) as pool:
            for ticket, words in (
                (str(running), "so it cannot be taken in"),
                (str(failed.ticket), "is failed"),
                ("ttapi:00000000-0000-0000-0000-000000000000", "does not know"),
                ("ttapi-2:x", "is not in this pool"),
                ("x", "is not a ticket"),
            ):
                with pytest.raises(mj.ConfigError, match=words):
                    await pool.attach(ticket)
            assert () == pool.jobs

    run(story())


@pytest.mark.parametrize("remote_id", ["../../etc", "a b", "x" * 129, "1\n2", "a/b?c"])
def test_an_impossible_id_is_refused_before_anything_is_sent(remote_id):
    sim = Sim(seed=7)

    async def story():
        async with mj.Pool(sim.ttapi()) as pool:
            for ticket in (f"ttapi:{remote_id}", mj.Ticket("ttapi", remote_id)):
                with pytest.raises(mj.ConfigError, match="is no job's ticket"):
                    await pool.attach(ticket)

    run(story())
    assert not sim.ledger.requests


def test_an_account_that_cannot_be_looked_at():
    sim = Sim(seed=7)
    account = sim.ttapi()

    async def story():
        async with mj.Pool(account) as pool:
            ticket = (await pool.imagine("a cat")).ticket
        sim.inject("status", on="fetch", status=503, times=99)
        async with mj.Pool(account) as pool:
            with pytest.raises(mj.MJError):
                await pool.attach(ticket)

    run(story())


def test_taken_in_by_several_at_once_it_is_counted_once():
    async def script(pool, ticket, _):
        jobs = await asyncio.gather(*(pool.attach(ticket) for _ in range(3)))
        assert 1 == len(set(jobs)) == len(pool.jobs)
        assert 1 == pool.ledger().accounts[ticket.account].done

    after(script)
