"""The receiver and its tokens: strangers, a port that is taken, a restart, callbacks that come too late or in another form."""

import asyncio

import pytest

import mjasync as mj
from tests.journeys.lives import PROVIDERS
from tests.journeys.ringing import URL, hook_of, looks, pictures, ring, said, tell


@pytest.mark.fault("W06")
def test_wrong_tokens_cause_nothing_and_are_counted():
    async def script(pool, sim):
        job = pool.imagine("a cat")
        await job.accepted()
        old = f"{URL}/{'A' * 43}"
        before = looks(sim)
        answers = [await ring(pool, old) for _ in range(25)] + [await ring(pool, f"{URL}/"), await ring(pool, URL)]
        assert [404] * 20 + [429] * 7 == answers
        assert before == looks(sim)
        assert 200 == await ring(pool, hook_of(sim)), "the real one is heard all the same"
        assert (27, 7, 1) == (pool.hooks.counts.unknown, pool.hooks.counts.banned, pool.hooks.counts.heard)

    tell("ttapi", script, calls=False)


@pytest.mark.fault("W08")
def test_a_receiver_that_cannot_listen_says_so_and_the_jobs_go_on():
    async def script(pool, sim):
        async with await pool.hooks.serve(port=0) as listening:
            with pytest.raises(mj.ConfigError, match=r"cannot listen on 127\.0\.0\.1"):
                await pool.hooks.serve(port=listening.port)
        with pytest.raises(mj.ConfigError, match="cannot listen"):
            await pool.hooks.serve(port=99_999)
        assert (await pool.imagine("a cat")).images

    assert 1 == tell("ttapi", script, calls=False).ledger.charged


@pytest.mark.fault("W08")
@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_receiver_that_restarts_is_looked_past_and_then_relied_on_again(provider):
    async def script(pool, sim):
        await pictures(pool, 20)
        hears = pool.hooks._bells.ring

        async def down(*_):
            return False

        pool.hooks._bells.ring = down
        assert all(result.images for result in await pictures(pool, 10))
        pool.hooks._bells.ring = hears
        await pictures(pool, 30)
        before = looks(sim)
        await pictures(pool, 10)
        assert looks(sim) - before < 45

    assert 70 == tell(provider, script).ledger.charged


@pytest.mark.fault("W10")
@pytest.mark.parametrize("provider", PROVIDERS)
def test_after_the_end_it_is_heard_for_a_day_and_causes_nothing(provider):
    async def script(pool, sim):
        job = pool.imagine("a cat")
        await job
        hook, before = hook_of(sim), looks(sim)
        for pause in (1, 3600, 80_000):
            await asyncio.sleep(pause)
            assert 200 == await ring(pool, hook, said(provider, job.ticket.remote_id))
        await asyncio.sleep(4000)
        assert 404 == await ring(pool, hook, said(provider, job.ticket.remote_id))
        assert before == looks(sim)

    tell(provider, script, calls=False)


@pytest.mark.fault("W10")
def test_a_callback_for_a_submit_that_was_refused_is_an_alarm(caplog):
    async def script(pool, sim):
        sim.inject("lost_status", status=422, body={"status": "FAILED", "message": "no such model"}, times=1)
        with pytest.raises(mj.InvalidRequest):
            await pool.imagine("a cat")
        assert 200 == await ring(pool, hook_of(sim), said("ttapi", next(iter(sim.world.jobs))))

    tell("ttapi", script, calls=False)

    assert ["it may have run, and cost"] == [r.getMessage()[-25:] for r in caplog.records if r.levelname == "WARNING"]


@pytest.mark.fault("W11")
@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_provider_that_calls_in_another_form_loses_nothing(provider):
    async def script(pool, sim):
        job = pool.imagine("a cat")
        await job.accepted()
        sent, path = [], hook_of(sim).removeprefix("https://example.org")

        async def send(message):
            sent.append(message)

        async def receive():
            return {"type": "http.request", "body": b"a=b", "more_body": False}

        for method, kind in (
            ("GET", b""),
            ("POST", b"application/x-www-form-urlencoded"),
            ("PUT", b"application/json"),
        ):
            scope = {"type": "http", "method": method, "path": path, "headers": [(b"content-type", kind)]}
            await pool.hooks.asgi(scope, receive, send)
        assert [405, 415, 405] == [message["status"] for message in sent if "status" in message]
        assert (await job).images

    tell(provider, script, calls=False)
