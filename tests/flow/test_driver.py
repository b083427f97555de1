"""A job's life against a provider that misbehaves: nothing is paid twice, no slot is lost."""

import asyncio
import logging

import pytest

import mjasync as mj
from mjasync.core.wire import HttpResponse
from mjasync.testing import Sim, run
from tests.flow.stories import PROVIDERS, tell


@pytest.mark.fault("N06", "H01", "H03", "H16")
@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("fault", ["lose_answer", "html", "garbage", "empty", "no_id", "drop", "lost_status"])
def test_an_unclear_submit_is_never_sent_again_and_keeps_its_slot(provider, fault):
    async def script(pool, sim):
        details = {"status": 502} if fault == "lost_status" else {}
        sim.inject(fault, on="submit", **details)
        job = pool.imagine("a cat")
        child = job.upscale(1)
        with pytest.raises(mj.SubmitOutcomeUnknown) as caught:
            await job
        assert caught.value.charged == "unknown"
        assert "has not sent it again" in str(caught.value)
        assert job.phase is mj.Phase.LOST
        assert pool.stats().accounts[provider].held == 1
        with pytest.raises(mj.ParentFailed) as failed:
            await child
        assert failed.value.__cause__ is caught.value
        await asyncio.sleep(1000)
        assert pool.stats().accounts[provider].held == 0

    sim = tell(provider, script)
    submits = sum(count for name, count in sim.ledger.requests.items() if "imagine" in name)
    assert submits == 1
    assert sim.ledger.accepted <= 1


@pytest.mark.fault("H19")
@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_an_error_and_never_followed(provider, status):
    async def script(pool, sim):
        sim.inject("redirect", on="submit", status=status, location="https://elsewhere.example/")
        with pytest.raises(mj.ConfigError, match=str(status)):
            await pool.imagine("a cat")
        assert pool.stats().accounts[provider].held == 0

    assert tell(provider, script).ledger.accepted == 0


@pytest.mark.fault("H13", "H14", "H23")
@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize(
    ("fault", "details"),
    [("queue_full", {}), ("status", {"status": 429}), ("status", {"status": 429, "retry_after": 90})],
)
def test_an_explicit_not_now_waits_and_tries_again(provider, fault, details):
    async def script(pool, sim):
        sim.inject(fault, on="submit", times=3, **details)
        await pool.imagine("a cat", mode="turbo")
        waited = 3 * details.get("retry_after", 0)
        assert asyncio.get_running_loop().time() > waited

    assert tell(provider, script).ledger.charged == 1


@pytest.mark.fault("N02")
@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_network_that_comes_back_is_waited_for(provider):
    async def script(pool, sim):
        sim.inject("refuse_connection", on="submit", times=4)
        assert (await pool.imagine("a cat")).images

    assert tell(provider, script).ledger.charged == 1


@pytest.mark.fault("N02")
def test_a_network_that_stays_away_is_unreachable():
    async def script(pool, sim):
        await pool.imagine("first use")
        sim.inject("refuse_connection", on="submit", times=99)
        with pytest.raises(mj.Unreachable) as caught:
            await pool.imagine("a cat")
        assert (caught.value.charged, caught.value.retryable) == ("no", True)

    assert tell("ttapi", script).ledger.charged == 1


@pytest.mark.fault("U02")
@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_refused_prompt_is_named(provider):
    async def script(pool, sim):
        with pytest.raises(mj.PromptRejected) as caught:
            await pool.imagine("gore everywhere")
        assert caught.value.charged == "no"
        if provider == "mjproxy":
            assert caught.value.word == "gore"

    assert tell(provider, script).ledger.charged == 0


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize(
    ("reason", "error"),
    [
        ("[Banned prompt detected] x", mj.PromptRejected),
        ("[Invalid parameter] --ar16:9", mj.InvalidRequest),
        ("boom", mj.JobFailed),
    ],
)
def test_a_failed_job_says_why(provider, reason, error):
    async def script(pool, sim):
        sim.inject("fail", on="job", reason=reason)
        with pytest.raises(error) as caught:
            await pool.imagine("a cat")
        assert reason in str(caught.value)
        assert caught.value.reason == reason
        assert pool.stats().accounts[provider].held == 0

    assert tell(provider, script).ledger.charged == 0


@pytest.mark.fault("K06")
def test_a_withdrawn_job_gives_its_slot_back_unsent():
    async def script(pool, sim):
        await pool.imagine("first use")
        job = pool.imagine("a cat")
        assert pool.stats().accounts["ttapi"].held == 1
        assert await job.cancel() == mj.Withdrawn()
        await asyncio.sleep(0)
        assert pool.stats().accounts["ttapi"].held == 0

    assert tell("ttapi", script).ledger.accepted == 1


@pytest.mark.fault("P24")
def test_a_relay_that_lags_behind_its_parent_is_waited_for():
    async def script(pool, sim):
        grid = await pool.imagine("a cat")
        body = '{"code":4,"description":"task_status_not_success ","type":"upstream_error"}'
        sim.inject("status", on="submit", status=400, body=body, times=2)
        assert (await grid.upscale(1)).images
        sim.inject("status", on="submit", status=400, body=body, times=99)
        with pytest.raises(mj.ProviderError, match="task_status_not_success"):
            await grid.upscale(2)

    assert tell("mjproxy", script).ledger.charged == 2


@pytest.mark.parametrize("where", ["_carry", "_watch", "_submit"])
def test_a_bug_of_ours_ends_the_job_and_loses_no_slot(where, caplog, monkeypatch):
    async def script(pool, sim):
        await pool.imagine("first use")
        driver = pool._desk.queue.drive.__self__
        monkeypatch.setattr(driver, where, None if where != "_watch" else Broken(driver._watch))
        job = pool.imagine("a cat")
        with pytest.raises(mj.MJError, match="mjasync has a bug"):
            await job
        assert job.phase is (mj.Phase.LOST if where == "_watch" else mj.Phase.FAILED)
        assert pool.stats().accounts["ttapi"].held == (1 if where == "_watch" else 0)
        await asyncio.sleep(1000)
        assert pool.stats().accounts["ttapi"].held == 0

    with caplog.at_level(logging.ERROR):
        tell("ttapi", script)
    assert any("mjasync has a bug" in record.getMessage() for record in caplog.records)


class Broken:
    """A watch that breaks off once."""

    def __init__(self, watch):
        self.watch, self.left = watch, 1

    async def to_the_end(self, job_id, session, *, window=None):
        self.left -= 1
        if self.left == 0:
            raise RuntimeError("broken")
        await self.watch.to_the_end(job_id, session, window=window)


class Raising:
    """A transport of somebody's that raises what it likes, after `good` answers of the sim."""

    def __init__(self, inner, good):
        self.inner, self.good = inner, good

    async def send(self, request):
        self.good -= 1
        if self.good < 0:
            raise OSError("not one of the two faults")
        return await self.inner.send(request)

    async def aclose(self):
        pass


@pytest.mark.fault("N06")
@pytest.mark.parametrize(
    ("good", "error"),
    [(0, mj.Unreachable), (1, mj.SubmitOutcomeUnknown), (2, mj.SubmitOutcomeUnknown), (3, mj.DeadlineExceeded)],
)
def test_a_transport_that_raises_anything_hangs_nobody(good, error):
    async def story():
        sim = Sim(seed=1)
        account = sim.ttapi()
        raising = Raising(account.transport, good)
        async with mj.Pool(mj.TTAPI(account.key, base_url=account.base_url, transport=raising)) as pool:
            with pytest.raises(error):
                await pool.imagine("a cat")

    run(story())


@pytest.mark.fault("H05")
@pytest.mark.parametrize(("status", "error"), [(401, mj.AuthError), (402, mj.QuotaExhausted), (403, mj.AuthError)])
def test_a_refused_account_takes_no_jobs_from_the_others(status, error):
    async def story():
        sim = Sim(seed=1)
        async with mj.Pool(sim.ttapi(), sim.mjproxy()) as pool:
            await asyncio.gather(pool.imagine("a", account="ttapi"), pool.imagine("b", account="mjproxy"))
            child = pool.job(pool.jobs[0].id).upscale(1)
            sim.inject("status", provider="ttapi", on="submit", status=status, times=99)
            outcomes = await pool.batch([f"cat {n}" for n in range(40)], mode="turbo")
            assert all(outcome.ok for outcome in outcomes)
            assert {outcome.value.ticket.account for outcome in outcomes} == {"mjproxy"}
            with pytest.raises(error) as caught:
                await child
            assert caught.value.charged == "no"
            with pytest.raises(error):
                await pool.imagine("c", account="ttapi")
        assert sim.ledger.requests["ttapi.imagine"] < 15

    run(story())


@pytest.mark.fault("H05")
def test_a_bad_key_ends_the_queue_without_asking_for_each_job():
    async def story():
        sim = Sim(seed=1)
        async with mj.Pool(sim.ttapi()) as pool:
            await pool.imagine("first use")
            sim.inject("status", on="submit", status=401, times=999)
            outcomes = await pool.batch([f"cat {n}" for n in range(200)])
            assert all(isinstance(outcome.error, mj.AuthError) for outcome in outcomes)
        assert sim.ledger.requests["ttapi.imagine"] <= 1 + 10

    run(story())


@pytest.mark.fault("P10")
def test_one_id_for_two_new_jobs_is_not_believed():
    class Repeating:
        async def send(self, request):
            if request.url.endswith("/imagine"):
                body = b'{"status":"SUCCESS","message":"","data":{"jobId":"afa774a3-1aee"}}'
            else:
                body = b'{"status":"ON_QUEUE","message":"","data":{"jobId":"afa774a3-1aee"}}'
            return HttpResponse(status=200, body=body)

        async def aclose(self):
            pass

    async def story():
        async with mj.Pool(mj.TTAPI("k", transport=Repeating())) as pool:
            first, second = pool.imagine("a", deadline=100), pool.imagine("b", deadline=100)
            with pytest.raises(mj.SubmitOutcomeUnknown, match="belongs to another job"):
                await second
            with pytest.raises(mj.DeadlineExceeded):
                await first

    run(story())
