"""What comes late, or never: a frozen picture, a seed, texts, the end of a window that was answered."""

import asyncio
import json

import pytest

import mjasync as mj
from mjasync.core import patience
from mjasync.core.wire import HttpResponse
from mjasync.testing import run
from tests.flow.stories import MASK, Relay, button, done, ended, envelope, taken, tell

PREVIEW = "https://x.example/1.png"


def running(progress="100%", image=PREVIEW, **more):
    return {"status": "IN_PROGRESS", "progress": progress, "imageUrl": image, **more}


def seen_as(*tasks, submit="imagine", ask=lambda pool: pool.imagine("a cat", deadline=3000)):
    """One job that a relay shows as `tasks`: the job, and when it ended."""
    relay = Relay({submit: taken("11")}, {"11": list(tasks)})

    async def story():
        async with relay.pool() as pool:
            job = ask(pool)
            await ended(job)
            return job, asyncio.get_running_loop().time()

    return run(story())


# Frozen at 100 %.


@pytest.mark.fault("P25")
def test_a_picture_at_100_percent_for_a_minute_is_finished():
    job, at = seen_as(running())

    result = job.result()
    assert result.images == (PREVIEW,)
    assert "never called it finished" in result.warnings[0]
    assert patience.FROZEN_SECONDS <= at < patience.FROZEN_SECONDS + 30
    assert job.phase is mj.Phase.DONE


def test_one_that_ends_within_the_minute_has_no_warning():
    job, _ = seen_as(*[running()] * 3, done(imageUrl="https://x.example/2.png"))

    assert (job.result().warnings, job.result().images) == ((), ("https://x.example/2.png",))


def test_one_that_fails_within_the_minute_failed():
    job, _ = seen_as(*[running()] * 3, {"status": "FAILURE", "progress": "100%", "failReason": "boom"})

    assert isinstance(job.exception(), mj.JobFailed)


@pytest.mark.fault("P25")
@pytest.mark.parametrize(
    "task",
    [running("99%"), running("100%", ""), running("100%", None), {"status": "SUBMITTED", "progress": "100%"}],
    ids=["99 percent", "no picture", "a null", "still queued"],
)
def test_what_only_looks_frozen_is_waited_for(task):
    job, at = seen_as(task, ask=lambda pool: pool.imagine("a cat", deadline=300))

    assert isinstance(job.exception(), mj.DeadlineExceeded)
    assert at == pytest.approx(300, abs=1)


def test_the_minute_begins_when_it_reached_100_percent():
    job, at = seen_as(*[running("40%")] * 12, running())

    assert job.result().warnings
    assert at > patience.FROZEN_SECONDS + 12


def test_a_hiccup_of_the_network_does_not_begin_the_minute_anew():
    broken = HttpResponse(status=400, body=b"<html>")
    job, at = seen_as(*[running(), broken] * 4, running())

    assert job.result().warnings
    assert at < 3 * patience.FROZEN_SECONDS


# Texts.


def described(pool):
    return pool.describe(MASK)


def test_texts_may_lag_behind_the_end():
    empty = {"status": "SUCCESS", "progress": "100%"}
    job, _ = seen_as(*[empty] * 3, empty | {"promptEn": "1️⃣ a\n\n2️⃣ b"}, submit="describe", ask=described)

    assert job.result().texts == ("a", "b")


def test_texts_that_stay_away_are_an_empty_answer_and_no_loop():
    job, at = seen_as({"status": "SUCCESS", "progress": "100%"}, submit="describe", ask=described)

    assert (job.result().texts, job.looks, at < 60) == ((), patience.EMPTY_LOOKS, True)
    with pytest.raises(mj.ActionUnavailable, match="no text number 1"):
        job.result().imagine(1)


# Seeds.


class Seeds:
    """A TTAPI whose seed jobs end, and whose seeds come to `where` after so many looks."""

    def __init__(self, where, after):
        self.where, self.left, self.sent = where, after, []

    async def send(self, request):
        name, body = request.url.rpartition("/")[2], json.loads(request.body)
        self.sent.append((name, body.get("jobId")))
        if name != "fetch":
            return envelope(status="SUCCESS", data={"jobId": "seed-1" if name == "seed" else "grid-1"})
        if body["jobId"] not in ("seed-1", "grid-1"):
            return envelope(status="FAILED", message="job not found", data=None)
        asked = any(name == "seed" for name, _ in self.sent)
        self.left -= body["jobId"] == self.where and asked
        seed = "4711" if body["jobId"] == self.where and asked and self.left < 0 else ""
        data = {"jobId": body["jobId"], "cdnImage": PREVIEW, "seed": seed, "progress": "100"}
        return envelope(status="SUCCESS", message="success", data=data)

    async def aclose(self):
        pass


@pytest.mark.fault("P07")
@pytest.mark.parametrize("where", ["seed-1", "grid-1"])
@pytest.mark.parametrize("after", [0, 3, 20])
def test_a_seed_is_waited_for_wherever_it_comes(where, after):
    async def story():
        server = Seeds(where, after)
        async with mj.Pool(mj.TTAPI("key", transport=server)) as pool:
            job = pool.imagine("a cat").get_seed(deadline=1000)
            assert (await job).seed == "4711"
            assert (job.ticket.remote_id, job.phase) == ("seed-1", mj.Phase.DONE)
        assert [name for name, _ in server.sent].count("seed") == 1

    run(story())


@pytest.mark.fault("P07")
def test_a_seed_that_never_comes_ends_at_the_deadline():
    async def story():
        server = Seeds("nowhere", 0)
        async with mj.Pool(mj.TTAPI("key", transport=server)) as pool:
            job = pool.imagine("a cat").get_seed(deadline=500)
            error = await ended(job)
            assert (type(error), error.charged) == (mj.DeadlineExceeded, "unknown")
            await asyncio.sleep(2000)
            assert pool.stats().accounts["ttapi"].held == 0
            assert job.looks < 300

    run(story())


def test_a_seed_that_the_picture_told_already_is_free_and_needs_no_request():
    seeded = done(seed=4711)
    relay = Relay({"imagine": taken("11")}, {"11": seeded})

    async def story():
        async with relay.pool() as pool:
            grid = await pool.imagine("a cat")
            sent = len(relay.sent)
            result = await grid.get_seed()
            assert (result.seed, len(relay.sent)) == ("4711", sent)
            assert result.ticket == grid.ticket
            assert pool.stats().accounts["mjproxy"].held == 0

    run(story())


@pytest.mark.parametrize("fault", ["lose_answer", "html", "drop"])
def test_a_free_seed_is_asked_for_again(fault):
    async def script(pool, sim):
        single = await pool.imagine("a cat").upscale(1)
        sim.inject(fault, on="free", times=2)
        job = single.get_seed()
        error = await ended(job)
        assert error is None or (fault, type(error)) == ("html", mj.ActionUnavailable)

    ledger = tell("mjproxy", script, profile="plus").ledger
    assert ledger.charged == 2


# A window that was answered.


@pytest.mark.parametrize("shows", [{"status": "MODAL"}, {"status": "MODAL", "progress": "0%", "imageUrl": ""}])
def test_a_window_that_goes_on_showing_after_its_answer_is_waited_for(shows):
    window = taken("22", code=21, description="Waiting for window confirm")
    tasks = {"11": done(buttons=[button("MJ::CustomZoom::abc")]), "22": [shows] * 40 + [done(prompt="it")]}
    relay = Relay({"imagine": taken("11"), "action": window, "modal": taken("22")}, tasks)

    async def story():
        async with relay.pool() as pool:
            grid = await pool.imagine("a cat", mode="relax")
            assert (await grid.zoom(1.8)).prompt == "it"
            assert asyncio.get_running_loop().time() > 100

    run(story())
    assert len(relay.to("modal")) == 1


@pytest.mark.fault("P16")
def test_a_window_without_an_end_is_lost_at_the_limit_and_frees_its_slot():
    window = taken("22", code=21, description="Waiting for window confirm")
    tasks = {"11": done(buttons=[button("MJ::CustomZoom::abc")]), "22": {"status": "MODAL"}}
    relay = Relay({"imagine": taken("11"), "action": window, "modal": taken("22")}, tasks)

    async def story():
        async with relay.pool() as pool:
            job = (await pool.imagine("a cat")).zoom(1.8)
            assert isinstance(await ended(job), mj.DeadlineExceeded)
            await asyncio.sleep(4000)
            assert (job.phase, pool.stats().accounts["mjproxy"].held) == (mj.Phase.LOST, 0)

    run(story())
    assert len(relay.to("modal")) == 1


# What never ends.


class Lister(Relay):
    """A relay that shows all tasks in one answer; the first one runs for ever, each other one a minute."""

    async def send(self, request):
        name, now = request.url.split("/mj/")[-1], asyncio.get_running_loop().time()
        if name == "submit/imagine":
            self.tasks[str(len(self.tasks) + 1)] = now + 60 if self.tasks else float("inf")
            return envelope(**taken(str(len(self.tasks))))
        if name == "task/list-by-condition":
            rows = [self.row(one, now) for one in json.loads(request.body)["ids"]]
            return HttpResponse(status=200, body=json.dumps(rows).encode())
        known = self.tasks.get(name.split("/")[1]) is not None
        return envelope(**self.row(name.split("/")[1], now)) if known else self.unknown

    def row(self, name, now):
        over = done(buttons=[button("MJ::JOB::upsample::1::x")]) if now >= self.tasks[name] else running("0%", "")
        return {"id": name, **over}


def test_a_job_that_others_are_always_looked_at_with_is_given_up_like_any_other():
    relay, limits = Lister(), patience.limits("mjproxy", mj.Mode.FAST, None)

    async def story():
        async with relay.pool() as pool:
            never = pool.imagine("never ends")
            for n in range(330):
                pool.imagine(f"a minute {n}")
            await asyncio.sleep(limits.give_up - 100)
            assert (never.phase, never.looks > 100) == (mj.Phase.RUNNING, True)
            await asyncio.sleep(200)
            assert isinstance(never.exception(), mj.DeadlineExceeded)
            return never.phase, pool.stats().done > 250

    assert run(story()) == (mj.Phase.LOST, True)
