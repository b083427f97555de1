"""One account in trouble beside a healthy one: what it pauses, what goes on, and what may go elsewhere."""

import asyncio

import pytest

import mjasync as mj
from mjasync.core.wire import HttpResponse, NoAnswer, NotSent
from mjasync.testing import Sim, run
from tests.journeys.weather import page, under

KEY = HttpResponse(status=401, body=b'{"status":"FAILED","message":"Wrong TT-API-KEY"}')
IP = HttpResponse(status=403, body=b'{"status":"FAILED","message":"ip is not in the whitelist"}')
QUOTA = HttpResponse(status=402, body=b'{"status":"FAILED","message":"insufficient quota"}')


def between(begin, end, answer, *, paid=None):
    """Everything in this time meets the answer; or only what is paid, or only what is free."""

    def strike(request, now):
        wanted = paid is None or request.repeatable is not paid
        return answer if wanted and begin <= now < end else None

    return strike


async def used(pool, *names):
    """Both accounts are proved, and have a job behind them."""
    await asyncio.gather(*(pool.imagine("first use", mode="turbo", account=name) for name in names))


@pytest.mark.fault("H05")
@pytest.mark.fault("H07")
@pytest.mark.parametrize(
    ("answer", "error"),
    [(KEY, mj.AuthError), (IP, mj.AuthError), (QUOTA, mj.QuotaExhausted)],
    ids=["401", "403", "402"],
)
def test_a_refused_account_pauses_alone_and_comes_back(answer, error):
    async def story():
        sim = Sim(seed=4)
        account, weather = under(sim.ttapi(), between(120, 600, answer, paid=True))
        async with mj.Pool(account, sim.mjproxy()) as pool:
            await used(pool, "ttapi", "mjproxy")
            await asyncio.sleep(110 - asyncio.get_running_loop().time())
            running = [pool.imagine(f"ours {number}", mode="relax", account="ttapi") for number in range(5)]
            await asyncio.gather(*(job.accepted() for job in running))
            await asyncio.sleep(120 - asyncio.get_running_loop().time())
            jobs = [pool.imagine(f"anyone's {number}", mode="turbo") for number in range(80)]
            bound = pool.imagine("only here", mode="turbo", account="ttapi")
            with pytest.raises(error) as caught:
                await bound
            assert caught.value.charged == "no"
            found = await asyncio.gather(*running)
            assert {result.ticket.account for result in found} == {"ttapi"}, "they run on, and are found"
            assert all(job.exception() is None for job in jobs if job.done())
            await asyncio.gather(*jobs)
            refused = [now for now, met in weather.submits() if met is answer]
            assert len(refused) <= 10 + 600 / 30, "the first burst, and one at each time that it is asked again"
            await asyncio.sleep(max(601 - asyncio.get_running_loop().time(), 0))
            assert (await pool.imagine("mended", mode="turbo", account="ttapi")).ticket.account == "ttapi"
        assert sim.ledger.charged == len([job for job in pool.jobs if job.ticket])

    run(story(), debug=False)


@pytest.mark.fault("H06")
@pytest.mark.parametrize("answer", [KEY, IP], ids=["401", "403"])
def test_jobs_whose_looks_are_refused_stay_and_go_on_when_the_key_works_again(answer):
    async def story():
        sim = Sim(seed=4)
        account, weather = under(sim.ttapi(), between(100, 400, answer))
        async with mj.Pool(account, sim.mjproxy()) as pool:
            await used(pool, "ttapi", "mjproxy")
            await asyncio.sleep(95 - asyncio.get_running_loop().time())
            jobs = [pool.imagine(f"cat {number}", mode="relax", account="ttapi") for number in range(10)]
            await asyncio.gather(*(job.accepted() for job in jobs))
            await asyncio.sleep(300)
            assert not any(job.done() for job in jobs), "a look says nothing about a job"
            assert pool.stats().accounts["ttapi"].held == 10
            assert (await pool.imagine("elsewhere", mode="turbo")).ticket.account == "mjproxy"
            refused = [now for now, met in weather.looks() if met is answer]
            assert len([now for now in refused if now > 200]) <= 10 * 2 + 20, "looks are a minute and more apart"
            assert all(result.images for result in await asyncio.gather(*jobs))
        assert sim.ledger.charged == 13

    run(story(), debug=False)


@pytest.mark.fault("H06")
def test_nothing_is_paid_where_looks_are_refused_for_the_key():
    async def story():
        sim = Sim(seed=4)
        account, weather = under(sim.ttapi(), between(100, 400, KEY, paid=False))
        async with mj.Pool(account, sim.mjproxy()) as pool:
            await used(pool, "ttapi", "mjproxy")
            await asyncio.sleep(95 - asyncio.get_running_loop().time())
            jobs = [pool.imagine(f"cat {number}", mode="turbo") for number in range(200)]
            await asyncio.gather(*jobs)
            blind = [now for now, _ in weather.submits() if 130 < now < 400]
            assert blind == [], "whose result could not be fetched"
            assert any(now > 400 for now, _ in weather.submits()), "it takes part again"
        assert sim.ledger.charged == 202

    run(story(), debug=False)


@pytest.mark.fault("N02")
def test_what_never_left_goes_elsewhere_and_is_paid_once():
    async def story():
        sim = Sim(seed=4)
        account, weather = under(sim.ttapi(), between(100, 9999, NotSent("refused"), paid=True))
        async with mj.Pool(account, sim.mjproxy()) as pool:
            await used(pool, "ttapi", "mjproxy")
            await asyncio.sleep(100 - asyncio.get_running_loop().time())
            jobs = [pool.imagine(f"cat {number}", mode="turbo") for number in range(30)]
            results = await asyncio.gather(*jobs)
            assert {result.ticket.account for result in results} == {"mjproxy"}
            assert any(met is not None for _, met in weather.submits()), "it was tried"
        assert sim.ledger.charged == 32

    run(story(), debug=False)


@pytest.mark.parametrize("lost", [NoAnswer("reset"), page(503), page(500)], ids=["reset", "503", "500"])
def test_what_may_have_been_accepted_never_goes_elsewhere(lost):
    async def story():
        sim = Sim(seed=4)
        account, weather = under(sim.ttapi(), between(100, 9999, lost, paid=True))
        async with mj.Pool(account, sim.mjproxy(max_jobs=1)) as pool:
            await used(pool, "ttapi", "mjproxy")
            await asyncio.sleep(100 - asyncio.get_running_loop().time())
            jobs = [pool.imagine(f"cat {number}", mode="turbo", key=str(number)) for number in range(5)]
            ended = await asyncio.gather(*jobs, return_exceptions=True)
            unclear = [error for error in ended if isinstance(error, mj.SubmitOutcomeUnknown)]
            assert len(unclear) == len([met for _, met in weather.submits() if met is lost]) >= 3
            assert all(error.charged == "unknown" for error in unclear)
            await pool.aclose()
        assert sim.ledger.charged == 2 + len(ended) - len(unclear)

    run(story(), debug=False)


def test_a_step_waits_for_its_own_account_and_never_goes_elsewhere():
    async def story():
        sim = Sim(seed=4)
        account, weather = under(sim.ttapi(), between(100, 130, NotSent("refused"), paid=True))
        async with mj.Pool(account, sim.mjproxy()) as pool:
            await used(pool, "ttapi", "mjproxy")
            grid = await pool.imagine("a cat", mode="turbo", account="ttapi")
            await asyncio.sleep(max(100 - asyncio.get_running_loop().time(), 0))
            steps = [grid.upscale(number) for number in (1, 2, 3, 4)]
            results = await asyncio.gather(*steps)
            assert {result.ticket.account for result in results} == {"ttapi"}
            assert any(met is not None for _, met in weather.submits())
        assert sim.ledger.requests["mjproxy.action"] == 0
        assert sim.ledger.charged == 2 + 1 + 4

    run(story(), debug=False)


def test_a_step_whose_account_stays_away_fails_and_is_not_sent_elsewhere():
    async def story():
        sim = Sim(seed=4)
        account, _ = under(sim.ttapi(), between(100, 99999, NotSent("refused"), paid=True))
        async with mj.Pool(account, sim.mjproxy()) as pool:
            await used(pool, "ttapi", "mjproxy")
            grid = await pool.imagine("a cat", mode="turbo", account="ttapi")
            await asyncio.sleep(max(100 - asyncio.get_running_loop().time(), 0))
            with pytest.raises(mj.Unreachable) as caught:
                await grid.upscale(1)
            assert caught.value.charged == "no"
        assert sim.ledger.requests["mjproxy.action"] == 0
        assert sim.ledger.charged == 3

    run(story(), debug=False)
