"""Free questions: what they answer, who is asked, and that nothing is paid or held for them."""

import json

import pytest

import mjasync as mj
from mjasync.core.wire import HttpResponse
from mjasync.testing import Sim, run
from tests.flow.stories import Relay, done, envelope, listened, tell


def said(http, /, **fields):
    return HttpResponse(status=http, body=json.dumps(fields).encode())


class Answering:
    """A TTAPI that answers by the end of the path and the method, and notes what it was asked."""

    def __init__(self, **answers):
        self.answers, self.asked = answers, []

    async def send(self, request):
        name = f"{request.method}_{request.url.partition('?')[0].rpartition('/')[2].replace('-', '_')}"
        self.asked.append(name)
        return self.answers.get(name, HttpResponse(status=405))

    async def aclose(self):
        pass


def answered(script, **answers):
    """Run `script(pool)` against a TTAPI that answers so; what it was asked."""

    async def story():
        server = Answering(**answers)
        async with mj.Pool(mj.TTAPI("key", transport=server)) as pool:
            await script(pool)
        return server.asked

    return run(story())


@pytest.mark.parametrize(
    ("answer", "ok", "reason"),
    [
        (said(200, status="SUCCESS", message="success", data="Prompt verification successful."), True, ""),
        (said(200, status="SUCCESS", message="", data=None), True, ""),
        (said(200, status="FAILED", message="banned prompt words: gore", data=None), False, "gore"),
        (said(400, status="FAILED", message="[Banned prompt detected] gore", data=None), False, "gore"),
        (said(400, status="FAILED", message="[Invalid parameter] --ar16", data=None), False, "--ar16"),
    ],
)
def test_a_prompt_check_is_a_result_also_where_it_refuses(answer, ok, reason):
    async def script(pool):
        check = await pool.check_prompt("a cat")
        assert (check.ok, reason in (check.reason or "")) == (ok, True)

    assert answered(script, POST_promptCheck=answer) == ["POST_promptCheck"]


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (said(401, status="FAILED", message="Wrong TT-API-KEY"), mj.AuthError),
        (said(402, status="FAILED", message="insufficient balance"), mj.QuotaExhausted),
        (said(500, status="FAILED", message="system exception"), mj.Unreachable),
        (said(429, status="FAILED", message="too many"), mj.Unreachable),
        (HttpResponse(status=404, body=b"<html>"), mj.ConfigError),
        (HttpResponse(status=405), mj.ConfigError),
        (HttpResponse(status=200, body=b"<html>New API</html>"), mj.ConfigError),
        (said(200, nothing="here"), mj.ProtocolError),
        (HttpResponse(status=200, body=b"[1]"), mj.ProtocolError),
    ],
)
@pytest.mark.parametrize("question", ["check_prompt", "account_info", "listed"])
def test_a_question_that_gets_no_answer_says_why(question, answer, error):
    async def script(pool):
        ask = {"check_prompt": lambda: pool.check_prompt("a cat")}.get(question, getattr(pool, question))
        with pytest.raises(error) as caught:
            await ask()
        assert (caught.value.charged, bool(caught.value.hint)) == ("no", True)

    name = {"check_prompt": "promptCheck", "account_info": "info", "listed": "fetch_list"}[question]
    answered(script, **{f"{method}_{name}": answer for method in ("GET", "POST")})


GOOD = {
    "account_info": ("info", {"balance": "12.5", "freeze_balance": None, "max_queue": 3}),
    "listed": ("fetch_list", {"list": [{"job_id": "a-1", "status": 2, "model": "relax", "cdn_image": "https://x/1"}]}),
}


@pytest.mark.parametrize("question", GOOD)
def test_the_method_is_found_by_trying_get_and_then_post(question):
    name, data = GOOD[question]

    async def script(pool):
        answers.extend([await getattr(pool, question)() for _ in range(2)])

    answers = []
    good = envelope(status="SUCCESS", message="", data=data)
    assert answered(script, **{f"POST_{name}": good}) == [f"GET_{name}", f"POST_{name}"] * 2
    assert answered(script, **{f"GET_{name}": good}) == [f"GET_{name}"] * 2
    first = answers[0] if question == "account_info" else answers[0][0]
    if question == "account_info":
        assert (first.account, first.balance, first.frozen, first.max_queue) == ("ttapi", 12.5, None, 3)
    else:
        assert (str(first.ticket), first.status, first.mode) == ("ttapi:a-1", mj.Status.DONE, mj.Mode.RELAX)


def test_an_absent_call_is_asked_for_once_and_remembered():
    async def script(pool):
        for _ in range(3):
            with pytest.raises(mj.ConfigError, match="has no account info"):
                await pool.account_info()

    assert answered(script) == ["GET_info", "POST_info"]


@pytest.mark.parametrize("options", [{"page": 0}, {"page": True}, {"limit": 0}, {"limit": 101}, {"limit": "5"}])
def test_a_page_that_cannot_be_is_not_asked_for(options):
    async def script(pool):
        with pytest.raises(mj.ConfigError, match="is not possible"):
            await pool.listed(**options)

    assert answered(script) == []


@pytest.mark.parametrize("options", [{"status": "done"}, {"status": None}, {"order": "up"}, {"order": []}])
def test_a_word_that_ttapi_has_not_is_not_sent(options):
    async def script(pool):
        with pytest.raises(mj.ConfigError, match="is not one of TTAPI's"):
            await pool.listed(**options)

    assert answered(script) == []


def test_who_is_asked():
    async def story():
        one, two = Sim(seed=1), Sim(seed=2)
        async with mj.Pool(one.mjproxy()) as pool:
            for ask in (lambda: pool.check_prompt("a"), pool.account_info, pool.listed):
                with pytest.raises(mj.ConfigError, match="add a TTAPI account"):
                    await ask()
        async with mj.Pool(one.ttapi(), two.ttapi(name="mine"), one.mjproxy()) as pool:
            assert (await pool.check_prompt("a")).ok
            for ask in (pool.account_info, pool.listed):
                with pytest.raises(mj.ConfigError, match="it could be ttapi, mine"):
                    await ask()
                await ask("mine")
            for name, words in (("nobody", "not in this pool"), ("mjproxy", "No account")):
                with pytest.raises(mj.ConfigError, match=words):
                    await pool.account_info(name)
            with pytest.raises(mj.ConfigError, match="empty"):
                await pool.check_prompt(" ")
        assert one.ledger.accepted == two.ledger.accepted == 0

    run(story())


@pytest.mark.parametrize("fault", [("lose_answer", {}), ("status", {"status": 503}), ("refuse_connection", {})])
def test_a_free_question_is_asked_again_where_the_network_fails(fault):
    async def script(pool, sim):
        sim.inject(fault[0], on="free", times=2, **fault[1])
        assert (await pool.account_info()).max_queue == 10
        assert pool.jobs == ()

    tell("ttapi", script)


# Looking at any job.


@pytest.mark.parametrize(
    ("provider", "profile"), [("ttapi", "seed"), ("mjproxy", "seed"), ("mjproxy", "plus"), ("mjproxy", "old-proxy")]
)
def test_looks_at_jobs_of_earlier_runs(provider, profile):
    options = {"mode_path": "", "auth": "mj-api-secret"} if profile == "old-proxy" else {}

    async def script(pool, sim):
        done, running = await pool.imagine("a cat"), pool.imagine("a dog")
        ticket = await running.accepted()
        nobody = f"{provider}:1320098173412546"
        seen = await pool.look(str(ticket), nobody, done.ticket, str(ticket))
        assert [each and each.status for each in seen] == ["queued", None, "done", "queued"]
        assert seen[2].images == done.images
        assert await pool.look() == ()
        await running

    tell(provider, script, profile=profile, **options)


def test_many_looks_are_one_request_where_a_relay_can_do_that():
    async def story():
        sim = Sim(seed=1, profile="plus")
        account, ear = listened(sim.mjproxy())
        async with mj.Pool(account) as pool:
            outcomes = await pool.batch([f"cat {n}" for n in range(10)], mode="turbo")
            tickets = [outcome.value.ticket for outcome in outcomes]
            ear.sent.clear()
            seen = await pool.look(*tickets, "mjproxy:1320098173412546")
            assert [each and each.status for each in seen] == ["done"] * 10 + [None]
            assert [each.images for each in seen[:10]] == [outcome.value.images for outcome in outcomes]
            assert len(ear.to("list-by-condition")) == 1
            assert len(ear.to("/fetch")) == 1  # the one that the list left out

    run(story())


LIST = [
    HttpResponse(status=405),
    HttpResponse(status=404, body=b"<html>"),
    HttpResponse(status=200, body=b"<!doctype html>New API"),
    HttpResponse(status=302, headers={"location": "/login"}),
    HttpResponse(status=501),
]


@pytest.mark.parametrize("absent", LIST, ids=lambda response: str(response.status))
def test_without_such_a_route_jobs_are_looked_at_one_by_one_for_good(absent):
    relay = Relay({}, {"list-by-condition": absent, "1": done(), "2": done(status="IN_PROGRESS")})

    async def story():
        async with relay.pool() as pool:
            for _ in range(2):
                seen = await pool.look("mjproxy:1", "mjproxy:2")
                assert [each.status for each in seen] == ["done", "running"]

    run(story())
    assert len(relay.to("list-by-condition")) == 1
    assert len(relay.to("/fetch")) == 4


def test_a_list_that_fails_for_a_moment_is_made_up_for_one_by_one():
    busy = HttpResponse(status=503, body=b'{"error":{"message":"busy"}}')
    good = HttpResponse(status=200, body=json.dumps([done(id="1"), done(id="2")]).encode())
    relay = Relay({}, {"list-by-condition": [busy] * 4 + [good], "1": done(), "2": done()})

    async def story():
        async with relay.pool() as pool:
            for fetched in (2, 2):
                assert [each.status for each in await pool.look("mjproxy:1", "mjproxy:2")] == ["done", "done"]
                assert len(relay.to("/fetch")) == fetched

    run(story())


@pytest.mark.parametrize("ticket", ["", "ttapi", ":1", "ttapi:", "ttapi: ", "ttapi:../x", None, 5, ("ttapi", "1")])
def test_what_is_no_ticket_is_refused(ticket):
    async def script(pool, sim):
        with pytest.raises(mj.ConfigError, match=r"is not a ticket|is no job's ticket"):
            await pool.look(ticket)
        with pytest.raises(mj.ConfigError, match="not in this pool"):
            await pool.look("nobody:1")

    assert not tell("ttapi", script).ledger.requests


def test_a_look_that_the_provider_refuses_raises_what_it_said():
    relay = Relay({}, {"1": HttpResponse(status=401, body=b'{"error":{"message":"invalid token"}}')})

    async def story():
        async with relay.pool() as pool:
            with pytest.raises(mj.AuthError):
                await pool.look("mjproxy:1")

    run(story())


@pytest.mark.parametrize("ask", [lambda pool: pool.check_prompt("a cat"), lambda pool: pool.account_info()])
def test_a_question_without_an_answer_is_unreachable(ask):
    async def story():
        sim = Sim()
        sim.inject("drop", on="free", times=100)
        async with mj.Pool(sim.ttapi()) as pool:
            with pytest.raises(mj.Unreachable, match="cannot be reached") as raised:
                await ask(pool)
            assert ("no", True) == (raised.value.charged, raised.value.retryable)

    run(story())
