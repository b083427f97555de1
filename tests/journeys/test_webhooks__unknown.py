"""A callback for a submit of unknown fate: evidence, written down before it is answered, and adopted only when proved."""

import asyncio

import pytest

import mjasync as mj
from mjasync.core.wire import NoAnswer
from mjasync.testing import Sim, run
from tests.journeys.lives import PROVIDERS, freed, held, kill, life, now, submits, until, world
from tests.journeys.ringing import URL, hook_of, looks, ring, said, tell

#: TTAPI finds lost submits in its own list too: these stories are about what a callback alone can do.
LISTS = ("status", {"on": "fetch", "match": "fetch-list", "status": 404, "times": 10**6})


async def lost(pool, sim, **options):
    """A job whose answer was lost, and the provider's id of it."""
    sim.inject("lose_answer", on="submit")
    job = pool.imagine("a cat", **options)
    await until(lambda: job.phase is mj.Phase.LOST, every=0.01)
    return job, list(sim.world.jobs)[-1]


@pytest.mark.fault("W09", "N06")
@pytest.mark.parametrize("provider", PROVIDERS)
def test_it_is_found_by_its_callback_and_never_sent_again(provider):
    async def script(pool, sim):
        job, remote_id = await lost(pool, sim)
        assert 200 == await ring(pool, hook_of(sim), said(provider, remote_id))
        await until(lambda: job.phase is not mj.Phase.LOST, every=0.1)
        assert mj.Ticket(provider, remote_id) == job.ticket
        await until(lambda: job.phase is mj.Phase.DONE)
        assert (job.late or job.result()).images
        assert "hook" == pool._desk.books[job.id].adopted
        assert 0 == held(pool, provider)

    sim = tell(provider, script, calls=False, faults=[LISTS])

    assert (1, 1) == (sim.ledger.charged, submits(sim))


@pytest.mark.fault("W09")
def test_where_callbacks_prove_alive_whoever_awaits_it_gets_the_result():
    async def script(pool, sim):
        await asyncio.gather(*(pool.imagine(f"cat {n}").wait() for n in range(5)))
        sim.inject("lose_answer", on="submit")
        assert (await pool.imagine("a dog")).images

    assert 6 == tell("mjproxy", script).ledger.charged


@pytest.mark.fault("W09")
def test_the_first_callback_of_all_settles_it_too():
    async def script(pool, sim):
        sim.inject("lose_answer", on="submit")
        job = pool.imagine("a dog")
        assert (await job).images
        assert job.late is None

    assert 1 == tell("mjproxy", script).ledger.charged


@pytest.mark.fault("W09")
@pytest.mark.parametrize("stands", ["nowhere", "asgi", "routes", "serve"])
def test_without_any_it_is_told_at_the_end_of_the_quarantine_and_at_once_where_none_can_come(stands):
    async def script(pool, sim):
        if stands == "serve":
            await pool.hooks.serve("127.0.0.1", 0)
        elif stands != "nowhere":
            assert getattr(pool.hooks, stands)
        sim.inject("lose_answer", on="submit")
        with pytest.raises(mj.SubmitOutcomeUnknown):
            await pool.imagine("a dog")
        assert now() < 5 if stands == "nowhere" else 900 < now() < 910

    tell("mjproxy", script, calls=False)


class Slowly:
    """A way on which it takes five seconds to find out that an answer was lost."""

    def __init__(self, inner):
        self.inner = inner

    async def send(self, request):
        try:
            return await self.inner.send(request)
        except NoAnswer:
            await asyncio.sleep(5)
            raise

    async def aclose(self):
        await self.inner.aclose()


@pytest.mark.fault("W09", "W02")
@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_callback_before_the_answer_that_gets_lost_is_evidence(provider):
    async def script(pool, sim):
        session = pool._open().sessions[provider]
        session._transport = Slowly(session._transport)
        sim.inject("lose_answer", on="submit")
        job = pool.imagine("a cat")
        await until(lambda: sim.ledger.accepted == 1, every=0.001)
        assert mj.Phase.SENDING is job.phase
        remote_id = next(iter(sim.world.jobs))
        assert 200 == await ring(pool, hook_of(sim), said(provider, remote_id))
        assert (mj.Phase.SENDING, None) == (job.phase, job.ticket), "nothing is adopted while the answer may come"
        await until(lambda: job.ticket is not None, every=0.01)
        assert (mj.Ticket(provider, remote_id), True) == (job.ticket, now() < 6)
        await until(lambda: job.phase is mj.Phase.DONE)

    sim = tell(provider, script, calls=False, faults=[LISTS])

    assert (1, 1) == (sim.ledger.charged, submits(sim))


@pytest.mark.fault("W09", "W05")
@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("kind", ["unknown", "others", "ours", "nonsense", "none"])
def test_an_id_that_is_not_proved_to_be_it_is_not_adopted(provider, kind, caplog):
    async def script(pool, sim):
        other = pool.imagine("a cat")
        await other
        stranger = sim.world.jobs[other.ticket.remote_id]
        job, _ = await lost(pool, sim)
        hook = hook_of(sim)
        named = {
            "unknown": "00000000-1111-2222-3333-444444444444" if provider == "ttapi" else "4711471147114711",
            "ours": other.ticket.remote_id,
            "others": stranger.id,
            "nonsense": "../../submit/imagine",
            "none": "",
        }[kind]
        if kind == "others":
            pool._desk.books._tickets.clear()  # an account that others use too: nobody here knows that id
        before = looks(sim)
        for _ in range(50):
            assert 200 == await ring(pool, hook, said(provider, named))
        await asyncio.sleep(200)
        assert (mj.Phase.LOST, None) == (job.phase, job.ticket)
        assert looks(sim) - before <= 12
        assert 1 == held(pool, provider)

    sim = tell(provider, script, calls=False, faults=[LISTS])

    assert [] == sim.ledger.violations
    assert [2, 2] == [sim.ledger.charged, submits(sim)]


@pytest.mark.fault("W09")
@pytest.mark.parametrize("moment", ["before the commit", "between commit and answer"])
@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_process_that_is_killed_around_the_commit_loses_nothing_that_it_has_answered(provider, moment, tmp_path):
    """Killed before: it was not answered with 200, so it comes again. Killed after: the next process looks at once."""

    async def story():
        sim, (account,) = world(provider)
        sim.inject("status", **LISTS[1])
        async with life(tmp_path / "jobs.db", account, public_url=URL) as pool:
            job, remote_id = await lost(pool, sim)
            hook, body = hook_of(sim), said(provider, remote_id)
            if moment == "before the commit":
                corpse = kill(tmp_path / "jobs.db")
            else:
                sim.inject("status", on="fetch", status=503, times=10**6)
                assert 200 == await ring(pool, hook, body)
                corpse = kill(tmp_path / "jobs.db")
        sim.world._faults.faults[:] = sim.world._faults.faults[:1]
        async with life(corpse, account, public_url=URL) as pool:
            found = pool.job(job.id)
            if moment == "before the commit":
                await asyncio.sleep(5)
                assert found.ticket is None
                assert 200 == await ring(pool, hook, body), "its token is known again"
            await until(lambda: found.ticket is not None, every=0.1)
            assert (remote_id, mj.Phase.DONE) == (found.ticket.remote_id, (await _over(found)))
            assert 0 == held(pool, provider)
        assert (1, 1) == (sim.ledger.charged, submits(sim))

    run(story())


async def _over(job):
    await until(lambda: job.phase in (mj.Phase.DONE, mj.Phase.FAILED))
    return job.phase


@pytest.mark.fault("W09", "W10")
@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("runs_on", [False, True])
def test_after_its_quarantine_it_is_found_all_the_same(provider, runs_on):
    async def script(pool, sim):
        if runs_on:
            sim.inject("slow", on="job", factor=60)
        job, remote_id = await lost(pool, sim)
        await freed(pool, provider)
        assert mj.Phase.LOST is job.phase
        assert 200 == await ring(pool, hook_of(sim), said(provider, remote_id))
        await asyncio.sleep(3)
        assert (int(runs_on), remote_id) == (held(pool, provider), job.ticket.remote_id)
        await until(lambda: job.phase is mj.Phase.DONE)
        assert job.late.images

    sim = tell(provider, script, calls=False, faults=[LISTS])

    assert 1 == submits(sim)


@pytest.mark.fault("W10")
def test_the_token_of_an_unknown_one_is_known_for_a_week():
    async def script(pool, sim):
        job, remote_id = await lost(pool, sim)
        hook = hook_of(sim)
        await asyncio.sleep(6 * 86_400)
        assert 200 == await ring(pool, hook, b"{}")
        await asyncio.sleep(2 * 86_400)
        assert 404 == await ring(pool, hook, said("mjproxy", remote_id))
        assert mj.Phase.LOST is job.phase

    tell("mjproxy", script, calls=False)


@pytest.mark.fault("W09")
def test_looks_that_fail_meanwhile_are_tried_again():
    async def script(pool, sim):
        job, remote_id = await lost(pool, sim)
        sim.inject("drop", on="fetch", times=9)
        assert 200 == await ring(pool, hook_of(sim), said("mjproxy", remote_id))
        await until(lambda: job.ticket is not None, every=0.5)
        assert now() < 120

    tell("mjproxy", script, calls=False)


@pytest.mark.fault("W05")
@pytest.mark.parametrize("named", ["x" * 200_000, "..", "?a=b", "a b"])
def test_what_cannot_be_an_id_is_neither_written_down_nor_asked_about(named):
    async def script(pool, sim):
        job, _ = await lost(pool, sim)
        before = looks(sim)
        assert 200 == await ring(pool, hook_of(sim), said("mjproxy", named))
        await asyncio.sleep(20)
        assert ("", before) == (pool._desk.books[job.id].rang, looks(sim))

    tell("mjproxy", script, calls=False, faults=[LISTS])


@pytest.mark.fault("W05", "W09")
def test_a_true_callback_is_heard_while_the_look_for_a_forged_one_is_on_its_way():
    async def story():
        sim = Sim(seed=1, latency=2.0)
        sim.inject("status", on="fetch", match="fetch-list", status=404, times=10**6)
        async with mj.Pool(sim.ttapi(), public_url=URL) as pool:
            other = await pool.imagine("a dog")
            job, remote_id = await lost(pool, sim)
            await ring(pool, hook_of(sim), said("ttapi", other.ticket.remote_id))
            await asyncio.sleep(1.5)
            await ring(pool, hook_of(sim), said("ttapi", remote_id))
            await asyncio.sleep(30)
            assert mj.Ticket("ttapi", remote_id) == job.ticket

    run(story())
