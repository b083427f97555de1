"""A job's life against a provider that misbehaves: nothing is paid twice, no slot is lost."""

import asyncio
import logging

import pytest

import mjasync as mj
from mjasync.testing import Sim, run

PROVIDERS = ["ttapi", "mjproxy"]


def tell(provider, script, *, seed=1, **options):
    """Run `script(pool, sim)` against one account, and return the sim."""

    async def story():
        sim = Sim(seed=seed)
        async with mj.Pool(getattr(sim, provider)(**options)) as pool:
            await script(pool, sim)
        return sim

    return run(story())


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


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_an_error_and_never_followed(provider, status):
    async def script(pool, sim):
        sim.inject("redirect", on="submit", status=status, location="https://elsewhere.example/")
        with pytest.raises(mj.ConfigError, match=str(status)):
            await pool.imagine("a cat")
        assert pool.stats().accounts[provider].held == 0

    assert tell(provider, script).ledger.accepted == 0


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


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_network_that_comes_back_is_waited_for(provider):
    async def script(pool, sim):
        sim.inject("refuse_connection", on="submit", times=4)
        assert (await pool.imagine("a cat")).images

    assert tell(provider, script).ledger.charged == 1


def test_a_network_that_stays_away_is_unreachable():
    async def script(pool, sim):
        await pool.imagine("first use")
        sim.inject("refuse_connection", on="submit", times=99)
        with pytest.raises(mj.Unreachable) as caught:
            await pool.imagine("a cat")
        assert (caught.value.charged, caught.value.retryable) == ("no", True)

    assert tell("ttapi", script).ledger.charged == 1


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


def test_a_withdrawn_job_gives_its_slot_back_unsent():
    async def script(pool, sim):
        await pool.imagine("first use")
        job = pool.imagine("a cat")
        assert pool.stats().accounts["ttapi"].held == 1
        assert await job.cancel() == mj.Withdrawn()
        await asyncio.sleep(0)
        assert pool.stats().accounts["ttapi"].held == 0

    assert tell("ttapi", script).ledger.accepted == 1


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


def test_a_bug_of_ours_is_logged_and_loses_no_slot(caplog, monkeypatch):
    async def script(pool, sim):
        await pool.imagine("first use")
        driver = pool._desk._driver
        monkeypatch.setattr(driver, "_carry", None)
        pool.imagine("a cat")
        await asyncio.sleep(1)
        assert pool.stats().accounts["ttapi"].held == 1
        await pool.aclose()

    with caplog.at_level(logging.ERROR):
        tell("ttapi", script)
    assert any("mjasync has a bug" in record.getMessage() for record in caplog.records)
