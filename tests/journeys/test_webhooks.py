"""Callbacks that come often, early, late, out of order, falsely or never: they change when we look, and nothing else."""

import asyncio
import json

import pytest

import mjasync as mj
from tests.flow.stories import MASK
from tests.journeys.lives import PROVIDERS, now, until
from tests.journeys.ringing import hook_of, looks, pictures, ring, said, tell


@pytest.mark.fault("W01")
@pytest.mark.parametrize("provider", PROVIDERS)
def test_the_same_callback_a_hundred_times_causes_one_look_and_one_outcome(provider):
    async def script(pool, sim):
        job = pool.imagine("a cat")
        result = await job
        assert result.images
        before = looks(sim)
        assert {200} == {await ring(pool, hook_of(sim), said(provider, job.ticket.remote_id)) for _ in range(100)}
        await asyncio.sleep(120)
        assert before == looks(sim), "it is over: nobody has to look"
        assert result is await job

    sim = tell(provider, script, faults=[("hook_twice", {"copies": 100, "times": 99})])

    assert 1 == sim.ledger.charged


@pytest.mark.fault("W01", "W05")
@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_running_job_is_looked_at_once_a_second_at_most_however_often_it_rings(provider):
    async def script(pool, sim):
        job = pool.imagine("a cat", mode="relax")
        await job.accepted()
        await asyncio.sleep(5)
        before, began, rang = looks(sim), now(), 0
        while now() - began < 20:
            rang += 200 == await ring(pool, hook_of(sim), said(provider, job.ticket.remote_id))
            await asyncio.sleep(0.01)
        assert 2000 == pytest.approx(rang, abs=5)
        assert 15 <= looks(sim) - before <= 21
        assert not job.done(), "whatever the callbacks say"

    assert 1 == tell(provider, script, calls=False).ledger.charged


@pytest.mark.fault("W02")
@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_callback_before_the_submits_answer_changes_nothing(provider, caplog):
    async def script(pool, sim):
        for result in await pictures(pool, 12):
            assert result.images

    sim = tell(provider, script, faults=[("hook_early", {"times": 99})])

    assert (12, 12) == (sim.ledger.charged, sim.ledger.faults["hook_early"])
    assert not caplog.records


@pytest.mark.fault("W02")
@pytest.mark.parametrize("provider", PROVIDERS)
def test_one_that_names_another_id_than_the_submits_answer_is_an_alarm_and_no_more(provider, caplog):
    async def script(pool, sim):
        job = pool.imagine("a cat")
        await until(lambda: sim.ledger.accepted == 1, every=0.001)
        assert mj.Phase.SENDING is job.phase
        other = "00000000-1111-2222-3333-444444444444" if provider == "ttapi" else "4711471147114711"
        assert 200 == await ring(pool, hook_of(sim), said(provider, other))
        assert (await job).images
        assert job.ticket.remote_id in sim.world.jobs

    assert 1 == tell(provider, script).ledger.charged
    assert ["named another id"] == [r.getMessage()[-16:] for r in caplog.records if r.levelname == "WARNING"]


@pytest.mark.fault("W03")
@pytest.mark.parametrize("provider", PROVIDERS)
def test_without_any_callback_everything_is_as_without_a_receiver(provider):
    async def script(pool, sim):
        await pictures(pool, 30)
        script.told.append((looks(sim), now()))

    script.told = []
    tell(provider, script, calls=False)
    tell(provider, script, faults=[("hook_lost", {"times": 10**6})])
    (plain, seconds), (lost, later) = script.told

    assert lost <= plain + 30
    assert later == pytest.approx(seconds, rel=0.01)


@pytest.mark.fault("W03")
@pytest.mark.parametrize("provider", PROVIDERS)
def test_once_they_stop_one_miss_brings_the_usual_looks_back(provider):
    async def script(pool, sim):
        assert not pool.stats().accounts[provider].callbacks
        await pictures(pool, 20)
        assert pool.stats().accounts[provider].callbacks
        before = looks(sim)
        await pictures(pool, 20)
        assert looks(sim) - before < 20 * 3
        sim.inject("hook_lost", times=10**6)
        begun = now()
        await pictures(pool, 10)
        assert now() - begun < 90 + 45 + 10, "its end, a safety look, and the grace that the others share"
        before = looks(sim)
        await pictures(pool, 10)
        assert looks(sim) - before > 40, "as without callbacks"
        assert not pool.stats().accounts[provider].callbacks

    tell(provider, script)


@pytest.mark.fault("W04")
@pytest.mark.parametrize("provider", PROVIDERS)
def test_out_of_order_they_move_no_job(provider):
    async def script(pool, sim):
        job = pool.imagine("a cat")
        await job.accepted()
        remote_id, hook = job.ticket.remote_id, hook_of(sim)
        seen = []
        watching = asyncio.create_task(_watched(job, seen))
        running = {"ttapi": "ON_QUEUE", "mjproxy": "IN_PROGRESS"}[provider]
        await asyncio.sleep(3)
        for status in (None, running, None, running):
            assert 200 == await ring(pool, hook, said(provider, remote_id, status=status))
            await asyncio.sleep(2)
        assert (await job).images
        for status in (running, None):
            assert 200 == await ring(pool, hook, said(provider, remote_id, status=status))
        await watching
        assert seen == sorted(seen, key=list(mj.Phase).index), "never backwards"
        assert mj.Phase.DONE is job.phase

    tell(provider, script, calls=False)


async def _watched(job, seen):
    async for event in job.watch():
        seen.append(event.phase)


FALSE = [b"", b"{}", b"[]", b"null", b"\x00\xff", b'{"status": "SUCCESS"', b"9" * 5000, b"[" * 100_000, b'{"id": {}}']


@pytest.mark.fault("W05")
@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("body", FALSE, ids=range(len(FALSE)))
def test_a_false_body_causes_one_look_at_most(provider, body):
    async def script(pool, sim):
        job = pool.imagine("a cat", mode="relax")
        await job.accepted()
        await asyncio.sleep(5)
        before = looks(sim)
        assert 200 == await ring(pool, hook_of(sim), body)
        await asyncio.sleep(0.99)
        assert looks(sim) - before <= 2, "one of its own and one that was due"
        assert not job.done()

    tell(provider, script, calls=False)


@pytest.mark.fault("W05")
@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_body_about_another_job_or_with_another_picture_is_not_believed(provider):
    async def script(pool, sim):
        first, second = pool.imagine("a cat", mode="relax"), pool.imagine("a dog", mode="fast")
        await asyncio.gather(first.accepted(), second.accepted())
        false = {"imageUrl": "https://evil.example/a.png", "cdnImage": "https://evil.example/a.png"}
        for remote_id in (first.ticket.remote_id, second.ticket.remote_id, "../../evil", "1' or 1"):
            assert 200 == await ring(pool, hook_of(sim, 0), said(provider, remote_id, **false))
            await asyncio.sleep(2)
            assert mj.Phase.DONE is not first.phase
        for result in await asyncio.gather(first, second):
            assert "evil" not in str(result.raw) + str(result.images)

    assert [] == tell(provider, script, calls=False).ledger.violations


def test_a_hook_of_the_users_own_is_left_alone():
    async def script(pool, sim):
        await pool.imagine("a cat", hook_url="https://me.example/own")
        assert "https://me.example/own" == hook_of(sim)
        assert 0 == pool.hooks.counts.heard

    tell("ttapi", script, calls=False)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_windows_and_chains_go_on_as_ever(provider):
    async def script(pool, sim):
        grid = pool.imagine("a cat")
        picture = grid.upscale(1)
        for step in (picture.zoom(2), picture.vary_region(MASK, "a dog"), grid.vary(2)):
            assert (await step).images

    assert [] == tell(provider, script).ledger.violations


def test_what_callbacks_say_is_json_as_a_look_shows_it():
    document = json.loads(said("ttapi", "a"))

    assert ("SUCCESS", "a") == (document["status"], document["data"]["jobId"])
