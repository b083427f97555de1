"""Timers: each limit fires alone, names itself, and ends the waiting, never the remote job."""

import asyncio

import pytest

import mjasync as mj
from mjasync.flow.timers import Timeouts
from mjasync.testing import Sim, run
from tests.flow.stories import Relay, done, taken
from tests.journeys.lives import held, now

RUNNING = {"status": "IN_PROGRESS", "progress": "31%"}
QUEUED = {"status": "SUBMITTED", "progress": "0%"}


def limited(relay, **limits):
    account = mj.MJProxy("key", base_url="https://relay.example", transport=relay, max_jobs=1)
    return mj.Pool(account, timeouts=Timeouts(**limits))


@pytest.mark.parametrize("value", [0, -1, True, "5", float("nan")])
@pytest.mark.parametrize("name", ["slot", "queue", "run", "stall"])
def test_a_limit_is_a_number_of_seconds_above_0(name, value):
    with pytest.raises(mj.ConfigError, match=rf"Timeouts\({name}="):
        Timeouts(**{name: value})


def test_none_is_no_limit():
    assert Timeouts() == Timeouts(slot=None, queue=None, run=None, stall=None)
    assert 0.5 == Timeouts(run=0.5).run


@pytest.mark.parametrize(
    ("limits", "tasks", "said"),
    [
        ({"queue": 40}, [QUEUED], "was not begun by the provider within 40 s"),
        ({"run": 70}, [RUNNING], "did not finish running within 70 s"),
        ({"stall": 50}, [RUNNING], "showed no progress within 50 s"),
    ],
)
def test_each_limit_names_itself_and_the_job_goes_on_with_its_slot(limits, tasks, said):
    async def story():
        relay = Relay({"imagine": taken("11")}, {"11": tasks})
        async with limited(relay, **limits) as pool:
            job = pool.imagine("a cat")
            with pytest.raises(mj.DeadlineExceeded, match=said) as caught:
                await job
            seconds = next(iter(limits.values()))
            assert seconds <= now() <= seconds + 25
            assert ("unknown", False, job.ticket) == (
                caught.value.charged,
                caught.value.retryable,
                caught.value.ticket,
            )
            assert 1 == held(pool, "mjproxy")
            relay.tasks["11"] = [done()]
            await asyncio.sleep(100)
            assert job.late.images
            assert 0 == held(pool, "mjproxy")

    run(story())


@pytest.mark.parametrize(
    ("limits", "tasks"),
    [
        ({"slot": 5}, [QUEUED, RUNNING, done()]),
        ({"queue": 60, "run": 60, "stall": 60}, [QUEUED] * 5 + [RUNNING] * 3 + [done()]),
        ({"stall": 60}, [{"status": "IN_PROGRESS", "progress": f"{n}%"} for n in range(1, 99, 7)] + [done()]),
        ({"queue": 30}, [RUNNING] * 8 + [done()]),
        ({"run": 30}, [QUEUED] * 8 + [done()]),
    ],
)
def test_a_limit_of_another_part_of_the_way_does_not_fire(limits, tasks):
    async def story():
        async with limited(Relay({"imagine": taken("11")}, {"11": tasks}), **limits) as pool:
            assert (await pool.imagine("a cat")).images

    run(story())


def test_waiting_for_a_slot_is_limited_and_nothing_was_sent():
    async def story():
        relay = Relay({"imagine": taken("11")}, {"11": [RUNNING]})
        async with limited(relay, slot=30) as pool:
            first = pool.imagine("a cat", deadline=200)
            await first.accepted()
            second = pool.imagine("a dog")
            with pytest.raises(mj.DeadlineExceeded, match="got no slot within 30 s") as caught:
                await second
            assert 30 <= now() < 31
            assert ("no", True, mj.Phase.FAILED) == (caught.value.charged, caught.value.retryable, second.phase)
            await first.ended()
        assert 1 == len(relay.to("imagine"))

    run(story())


def test_a_step_waits_for_its_slot_from_its_parents_end_on():
    async def story():
        sim = Sim(seed=1)
        async with mj.Pool(sim.ttapi(max_jobs=1), timeouts=Timeouts(slot=5)) as pool:
            assert (await pool.imagine("a cat").upscale(1)).images
            grid = await pool.imagine("a cat")
            first, second = grid.upscale(1), grid.upscale(2)
            with pytest.raises(mj.DeadlineExceeded, match="got no slot"):
                await second
            assert (await first).images

    run(story())


def test_a_second_try_waits_for_its_slot_anew():
    async def story():
        sim = Sim(seed=1)
        sim.inject("queue_full", on="submit", times=4)
        async with mj.Pool(sim.ttapi(), timeouts=Timeouts(slot=25)) as pool:
            assert (await pool.imagine("a cat")).images

    run(story())


def test_the_total_is_the_deadline_or_the_providers_patience_from_the_submit_on():
    async def story():
        relay = Relay({"imagine": taken("11")}, {"11": [RUNNING]})
        async with limited(relay) as pool:
            with pytest.raises(mj.DeadlineExceeded, match="did not end within 100 s"):
                await pool.imagine("a cat", deadline=100)
            assert 100 == now()
        relay = Relay({"imagine": taken("12")}, {"12": [RUNNING]})
        async with limited(relay) as pool:
            begun = now()
            with pytest.raises(mj.DeadlineExceeded, match="did not end within 960 s"):
                await pool.imagine("a cat")
            assert 960 == pytest.approx(now() - begun, abs=1)

    run(story())


def test_every_limit_begins_anew_with_a_new_process(tmp_path):
    async def story():
        sim = Sim(seed=1)
        sim.inject("stuck", on="job")
        account, options = sim.ttapi(), {"journal": str(tmp_path / "jobs.db"), "timeouts": Timeouts(stall=120)}
        pool = mj.Pool(account, **options)
        job = pool.imagine("a cat")
        await asyncio.sleep(100)
        await pool.aclose()
        async with mj.Pool(account, **options) as pool:
            begun = now()
            with pytest.raises(mj.DeadlineExceeded, match="showed no progress"):
                await pool.job(job.id)
            assert now() - begun >= 120

    run(story())


def test_nothing_rings_in_a_pool_that_is_closed():
    async def story():
        relay = Relay({"imagine": taken("11")}, {"11": [RUNNING]})
        pool = limited(relay, run=50, stall=40)
        job = pool.imagine("a cat", deadline=70)
        await asyncio.sleep(10)
        await pool.aclose()
        await asyncio.sleep(100)
        assert isinstance(job.exception(), mj.PoolClosed)

    run(story())
