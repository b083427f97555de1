"""First use: a wrong address is a `ConfigError` before anything is paid, and costs no slot."""

import asyncio

import pytest

import mjasync as mj
from mjasync.core.wire import HttpResponse, NotSent
from mjasync.testing import Sim, run


class Answering:
    """A server that answers everything alike, and counts."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.requests = []

    async def send(self, request):
        self.requests.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def aclose(self):
        raise AssertionError("a transport that came with the account is not ours to close")


def answer(status=200, body=b"", **headers):
    return HttpResponse(status=status, body=body, headers=headers)


HTML = b"<!doctype html><title>console</title>"
WRONG = [
    answer(200, HTML),
    answer(404, HTML),
    answer(404, b"404: Not Found"),
    answer(404, b'{"detail":"Not Found"}'),
    answer(404, b'{"timestamp":1,"status":404,"error":"Not Found","path":"/x"}'),
    answer(404, b'{"error":{"message":"Invalid URL (GET /x)","type":"invalid_request_error"}}'),
    answer(301, b"", location="https://x"),
    answer(302, HTML),
    answer(200, b"OK"),
]


@pytest.mark.fault("H08", "H21")
@pytest.mark.parametrize("wrong", WRONG, ids=lambda a: f"{a.status} {a.body[:24]}")
@pytest.mark.parametrize("account", [mj.TTAPI, mj.MJProxy])
def test_a_wrong_address_is_a_config_error_and_nothing_is_paid(account, wrong):
    async def story():
        server = Answering(wrong)
        async with mj.Pool(account("key", base_url="https://relay.example", transport=server)) as pool:
            jobs = [pool.imagine("a cat"), pool.imagine("a dog")]
            for job in jobs:
                with pytest.raises(mj.ConfigError) as caught:
                    await job
                assert job.phase is mj.Phase.FAILED
            if account is mj.MJProxy:
                assert "/mj-{mode}" in str(caught.value)
                assert "/{mode}" in str(caught.value)
            assert all(stats.peak == 0 for stats in pool.stats().accounts.values())
        assert all(request.repeatable for request in server.requests)

    run(story())


@pytest.mark.parametrize(
    "right",
    [answer(200, b""), answer(204), answer(200, b"null"), answer(400, b'{"code":4,"description":"task_no_found "}')],
    ids=["empty", "204", "null", "relay"],
)
def test_every_spelling_of_unknown_proves_the_route(right):
    async def story():
        server = Answering(right, answer(200, b'{"code":24,"description":"banned","result":null}'))
        async with mj.Pool(mj.MJProxy("key", base_url="https://relay.example", transport=server)) as pool:
            with pytest.raises(mj.PromptRejected):
                await pool.imagine("a cat")
        assert [request.method for request in server.requests] == ["GET", "POST"]

    run(story())


@pytest.mark.fault("H05", "U12")
def test_a_bad_key_is_told_before_anything_is_paid():
    async def story():
        server = Answering(answer(401, b'{"status":"FAILED","message":"Wrong TT-API-KEY"}'))
        async with mj.Pool(mj.TTAPI("key", transport=server)) as pool:
            with pytest.raises(mj.AuthError, match="Wrong TT-API-KEY") as caught:
                await pool.imagine("a cat")
            assert caught.value.status == 401
            assert caught.value.charged == "no"
        assert len(server.requests) == 1

    run(story())


@pytest.mark.fault("H07")
def test_quota_by_401_is_not_called_a_bad_key():
    async def story():
        body = b'{"error":{"message":"token quota is used up","type":"new_api_error"}}'
        server = Answering(answer(401, body))
        async with mj.Pool(mj.MJProxy("key", base_url="https://r.example", transport=server)) as pool:
            with pytest.raises(mj.QuotaExhausted):
                await pool.imagine("a cat")

    run(story())


def test_an_account_that_cannot_be_reached_does_not_hold_up_the_others():
    async def story():
        sim = Sim()
        dead = mj.TTAPI("key", name="dead", transport=Answering(NotSent("refused")))
        async with mj.Pool(dead, sim.mjproxy()) as pool:
            assert (await pool.imagine("a cat")).ticket.account == "mjproxy"
            with pytest.raises(mj.Unreachable, match="'dead'"):
                await pool.imagine("a cat", account="dead")

    run(story())


def test_a_route_that_was_bad_is_asked_again_by_the_next_job():
    async def story():
        sim = Sim()
        sim.inject("status", on="fetch", status=401)
        async with mj.Pool(sim.ttapi()) as pool:
            with pytest.raises(mj.AuthError):
                await pool.imagine("a cat")
            assert (await pool.imagine("a cat")).images

    run(story())


def test_each_mode_prefix_is_proved_once():
    async def story():
        sim = Sim()
        async with mj.Pool(sim.mjproxy()) as pool:
            await asyncio.gather(*(pool.imagine(f"{n}", mode=mode) for n in range(3) for mode in ("fast", "turbo")))
        free = [name for name in sim.ledger.requests if "fetch" in name]
        assert free
        assert sim.ledger.violations == []

    run(story())


def test_jobs_keep_their_order_over_the_proof():
    async def story():
        sim = Sim()
        async with mj.Pool(sim.ttapi(max_jobs=1), sim.mjproxy(max_jobs=1)) as pool:
            await asyncio.gather(*(pool.imagine(f"prompt {n}", mode="turbo") for n in range(8)))
        order = [entry.prompt for entry in sorted(sim.ledger.jobs, key=lambda entry: entry.accepted_at)]
        assert order == sorted(order)

    run(story())


def test_closing_during_a_proof_blames_nobody_and_leaves_no_timer(caplog):
    async def story():
        pool = mj.Pool(Sim(latency=5).ttapi())
        job = pool.imagine("a cat")
        await asyncio.sleep(1)
        routes = pool._desk.queue.routes
        drain = await pool.aclose()
        assert drain.held == (job,)
        assert routes._timers == {}
        with pytest.raises(mj.PoolClosed, match="never sent"):
            await job

    run(story())
    assert caplog.records == []
