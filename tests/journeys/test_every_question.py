"""What is free: the exact request of every look, probe and question, and what its answer becomes."""

import json
from collections import Counter

import pytest

import mjasync as mj
from mjasync.testing import Sim, run
from tests.flow.stories import listened
from tests.journeys.verbs import OPTIONAL, outcome, stage

TT = "https://ttapi.sim.invalid/midjourney/v1/"
MJ = "https://mjproxy.sim.invalid/mj-fast/mj/"
JSON = {"Content-Type": "application/json"}


def asked(provider, script, **options):
    """Run `script(pool)` with an ear at the transport; the requests that may be repeated, without the key's header."""

    async def story():
        sim = Sim(seed=6, speed=20, **options)
        account, ear = listened(getattr(sim, provider)())
        async with mj.Pool(account) as pool:
            await script(pool, ear)
        name, secret = next(iter(account.headers().items()))
        assert all(request.headers[name] == secret for request in ear.sent if "/pictures/" not in request.url)
        heads = [{k: v for k, v in request.headers.items() if k != name} for request in ear.sent]
        return [
            (r.method, r.url, h, r.body and json.loads(r.body), r.repeatable)
            for r, h in zip(ear.sent, heads, strict=True)
        ], sim

    return run(story())


def test_ttapis_questions():
    async def script(pool, ear):
        assert await pool.check_prompt("a cat") == mj.PromptCheck(ok=True)
        assert not (await pool.check_prompt("gore")).ok
        info = await pool.account_info()
        assert (info.account, info.max_queue) == ("ttapi", 10)
        assert await pool.listed(page=2, limit=5, order="asc") == ()

    sent, sim = asked("ttapi", script)

    assert sent == [
        ("POST", f"{TT}promptCheck", JSON, {"prompt": "a cat"}, True),
        ("POST", f"{TT}promptCheck", JSON, {"prompt": "gore"}, True),
        ("GET", f"{TT}info", {}, None, True),
        ("GET", f"{TT}fetch-list?page=2&limit=5&status=SUCCESS&order=asc", {}, None, True),
    ]
    assert (sim.ledger.accepted, sim.ledger.violations) == (0, [])


def test_looks_at_ttapi():
    async def script(pool, ear):
        job = pool.imagine("a cat")
        await job
        ids.append(job.ticket.remote_id)

    ids = []
    sent, _ = asked("ttapi", script)

    proof, info, paid, *looks = sent
    assert proof == ("POST", f"{TT}fetch", JSON, {"jobId": "00000000-0000-0000-0000-000000000000"}, True)
    assert (info[:2], info[-1]) == (("GET", f"{TT}info"), True)
    assert (paid[1], paid[-1]) == (f"{TT}imagine", False)
    assert all(look == ("POST", f"{TT}fetch", JSON, {"jobId": ids[0]}, True) for look in looks)


def test_looks_at_midjourney_proxy():
    async def script(pool, ear):
        job = pool.imagine("a cat", mode="relax")
        await job
        ids.append(job.ticket.remote_id)

    ids = []
    sent, _ = asked("mjproxy", script)

    proof, _, *looks = sent
    relax = MJ.replace("fast", "relax")
    assert proof == ("GET", f"{relax}task/0000000000000000/fetch", {}, None, True)
    assert all(look == ("GET", f"{relax}task/{ids[0]}/fetch", {}, None, True) for look in looks)


def test_the_relays_optional_endpoints():
    async def script(pool, ear):
        on = await stage(pool, shorten=False)
        ids.extend([on.grid.ticket, on.single.ticket])
        ear.sent.clear()
        assert (await on.single.get_seed()).seed
        assert [seen.status for seen in await pool.look(*ids)] == ["done", "done"]

    ids = []
    sent, sim = asked("mjproxy", script, profile="plus")

    grid, single = (ticket.remote_id for ticket in ids)
    assert sent == [
        ("GET", f"{MJ}task/{single}/image-seed", {}, None, True),
        ("POST", f"{MJ}task/list-by-condition", JSON, {"ids": [grid, single]}, True),
    ]
    assert sim.ledger.accepted == 3


@pytest.mark.parametrize("verb", ["swap_face", "upload"])
def test_an_optional_endpoint_that_is_not_there_is_asked_for_once_and_remembered(verb):
    async def script(pool, ear):
        on = await stage(pool, shorten=False)
        assert await outcome(OPTIONAL[verb](on)) == "ActionUnavailable"
        with pytest.raises(mj.ActionUnavailable) as caught:
            OPTIONAL[verb](on)
        assert caught.value.charged == "no"
        assert await outcome(on.grid.upscale(2)) == "ok"
        assert pool.stats().accounts["mjproxy"].held == 0

    sent, sim = asked("mjproxy", script)

    urls = Counter(url for _, url, *_ in sent)
    optional = [url for url in urls if "swap" in url or "upload" in url]
    assert [urls[url] for url in optional] == [1]
    assert sim.ledger.accepted == 4


def test_a_seed_where_no_server_answers_it():
    async def script(pool, ear):
        on = await stage(pool, shorten=False)
        job = on.single.get_seed()
        assert await outcome(job) == "ActionUnavailable"
        assert (job.exception().charged, pool.stats().accounts["mjproxy"].held) == ("no", 0)

    _, sim = asked("mjproxy", script)

    assert sim.ledger.accepted == 3
