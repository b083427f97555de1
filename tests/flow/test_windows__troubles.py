"""The answer to a window meets a bad network or a busy provider: it is never sent twice, and the job still ends."""

import asyncio

import pytest

import mjasync as mj
from mjasync.core.wire import NotSent
from mjasync.testing import Sim, run
from tests.flow.stories import MASK, Relay, button, done, ended, listened, taken, tell

#: Taken and charged, then the answer was spoiled.
SPOILED = {
    "lost": ("lose_answer", {}),
    "garbage": ("garbage", {}),
    "empty": ("empty", {}),
    "no id": ("no_id", {}),
    "bad gateway": ("lost_status", {"status": 502}),
    "html": ("lost_status", {"status": 200, "body": "<html>New API</html>"}),
    "error": ("lost_status", {"status": 500, "body": {"error": {"message": "copy_response_body_failed"}}}),
}
#: Never taken, but nobody can know that.
UNHEARD = {
    "html": ("html", {}),
    "bad gateway": ("status", {"status": 502}),
    "unavailable": ("status", {"status": 503}),
    "error": ("status", {"status": 500}),
    "cut": ("drop", {}),
}
#: Certainly not taken.
NOT_NOW = {
    "queue full": ("queue_full", {}),
    "too many": ("status", {"status": 429}),
    "too many, come back": ("status", {"status": 429, "retry_after": 40}),
    "no connection": ("refuse_connection", {}),
}
VERBS = {
    "zoom": lambda single: single.zoom(1.8),
    "region": lambda single: single.vary_region(MASK, "a hat"),
    "remix": lambda single: single.vary("strong", "a hat"),
}


def at_the_window(fault, details, check, *, profile="seed", times=1, verb="zoom"):
    """Press a button that opens a window, with a fault at its answer; return the provider's books."""

    async def script(pool, sim):
        single = await pool.imagine("a cat").upscale(1)
        sim.inject(fault, on="submit", match="submit/modal", times=times, **details)
        job = VERBS[verb](single)
        await check(job, pool)
        assert sim.ledger.faults[fault] > 0
        assert pool.stats().accounts["mjproxy"].held == 0

    ledger = tell("mjproxy", script, profile=profile, speed=10, remix=verb == "remix").ledger
    assert ledger.violations == []
    assert max(ledger.windows.values()) <= 1
    return ledger


async def goes_well(job, pool):
    assert (await job).images


@pytest.mark.fault("P16")
@pytest.mark.parametrize(
    ("profile", "verb"),
    [("seed", "zoom"), ("modal-disguised", "remix"), ("modal-stays", "region"), ("relay-15s", "zoom")],
)
@pytest.mark.parametrize("fault", SPOILED)
def test_a_window_whose_answer_was_spoiled_is_not_answered_again_and_ends_by_looking(fault, profile, verb):
    ledger = at_the_window(*SPOILED[fault], goes_well, profile=profile, verb=verb)

    assert (ledger.requests["mjproxy.modal"], ledger.charged) == (1, 3)


@pytest.mark.fault("P16")
@pytest.mark.parametrize("profile", ["seed", "modal-disguised", "modal-new-id", "relay-15s"])
@pytest.mark.parametrize("fault", UNHEARD)
def test_an_answer_whose_fate_is_unknown_ends_at_the_limit_and_not_in_a_second_one(fault, profile):
    async def gives_up(job, pool):
        error = await ended(job)
        assert isinstance(error, mj.SubmitOutcomeUnknown)
        assert error.charged == "unknown"
        assert str(job.ticket) in error.why
        await asyncio.sleep(4000)
        assert job.phase is mj.Phase.LOST

    ledger = at_the_window(*UNHEARD[fault], gives_up, profile=profile)

    assert ledger.requests["mjproxy.modal"] == 1
    assert (ledger.charged, set(ledger.windows.values())) == (2, {0})


def test_a_lost_answer_that_had_an_id_of_its_own_is_honest_about_it():
    async def gives_up(job, pool):
        error = await ended(job)
        assert (type(error), error.charged) == (mj.SubmitOutcomeUnknown, "unknown")
        await asyncio.sleep(4000)

    ledger = at_the_window("lose_answer", {}, gives_up, profile="modal-new-id")

    assert (ledger.requests["mjproxy.modal"], ledger.charged) == (1, 3)


@pytest.mark.parametrize(
    ("profile", "verb"),
    [("seed", "region"), ("modal-disguised", "zoom"), ("modal-new-id", "remix"), ("relay-15s", "zoom")],
)
@pytest.mark.parametrize("fault", NOT_NOW)
def test_an_answer_that_was_certainly_not_taken_is_sent_again_and_taken_once(fault, profile, verb):
    ledger = at_the_window(*NOT_NOW[fault], goes_well, profile=profile, times=3, verb=verb)

    assert (ledger.charged, list(ledger.windows.values())) == (3, [1])


@pytest.mark.parametrize("fault", NOT_NOW)
def test_a_provider_that_never_takes_the_answer_is_not_asked_for_ever(fault):
    async def fails(job, pool):
        error = await ended(job)
        assert isinstance(error, mj.ProviderError)
        assert error.charged == "unknown"
        assert error.hint
        assert job.phase is mj.Phase.FAILED

    ledger = at_the_window(*NOT_NOW[fault], fails, times=99)

    assert ledger.requests["mjproxy.modal"] <= 8
    assert (ledger.charged, set(ledger.windows.values())) == (2, {0})


@pytest.mark.parametrize("profile", ["seed", "modal-disguised"])
@pytest.mark.parametrize(
    ("details", "error"),
    [
        ({"reason": "Banned prompt", "code": 24, "word": "hat"}, mj.PromptRejected),
        ({"reason": "prompt参数错误", "code": 4}, mj.InvalidRequest),
    ],
)
def test_a_refused_answer_ends_the_job(profile, details, error):
    async def fails(job, pool):
        assert isinstance(await ended(job), error)
        assert job.phase is mj.Phase.FAILED

    ledger = at_the_window("reject", details, fails, profile=profile)

    assert (ledger.requests["mjproxy.modal"], ledger.charged) == (1, 2)


def test_a_banned_word_in_the_windows_prompt_is_the_prompts_fault():
    async def script(pool, sim):
        single = await pool.imagine("a cat").upscale(1)
        error = await ended(single.vary_region(MASK, "a gore hat"))
        assert isinstance(error, mj.PromptRejected)
        assert error.word == "gore"
        assert pool.stats().accounts["mjproxy"].held == 0

    assert tell("mjproxy", script).ledger.charged == 2


GRID = done(buttons=[button("MJ::CustomZoom::abc")])
WINDOW = taken("22", code=21, description="Waiting for window confirm")


@pytest.mark.parametrize("forgets", ["22", "33"])
def test_where_the_new_id_is_not_known_the_windows_own_is_looked_at_by_turns(forgets):
    tasks = {"11": GRID, "22": done(prompt="it"), "33": done(prompt="it")}
    del tasks[forgets]
    relay = Relay({"imagine": taken("11"), "action": WINDOW, "modal": taken("33")}, tasks)

    async def script():
        async with relay.pool() as pool:
            result = await (await pool.imagine("a cat")).zoom(1.8)
            assert (result.prompt, result.ticket.remote_id) == ("it", "33")

    run(script())
    assert len(relay.to("modal")) == 1


@pytest.mark.parametrize(("times", "ends_well"), [(1, True), (5, True), (99, False)])
def test_a_mask_whose_address_is_away_for_a_moment_is_waited_for(times, ends_well):
    async def story():
        sim = Sim(seed=2, speed=10, profile="plus")
        account, ear = listened(sim.mjproxy())
        async with mj.Pool(account) as pool:
            single = await pool.imagine("a cat").upscale(1)
            address = (await pool.upload([MASK])).images[0]
            left = [times]

            async def away(request):
                if request.url == address and ear.to("submit/action")[1:] and left[0]:
                    left[0] -= 1
                    raise NotSent("refused")

            ear.before = away
            job = single.vary_region(str(address), "a hat")
            error = await ended(job)
            assert (error is None) is ends_well
            assert error is None or (type(error), error.charged) == (mj.ProviderError, "unknown")
            assert pool.stats().accounts["mjproxy"].held == 0
        assert len(ear.to("submit/modal")) == ends_well
        assert list(sim.ledger.windows.values()) == [ends_well]

    run(story())
