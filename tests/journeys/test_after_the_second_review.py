"""What a second look from outside found, told through the front door."""

import json
from urllib.parse import urlsplit

import pytest

import mjasync as mj
from mjasync.core.wire import HttpResponse
from mjasync.testing import Sim, run
from tests.flow.stories import MASK, ended
from tests.journeys.flawed import answer, changed, flawed


def test_a_step_under_its_parents_id_after_a_seed_under_it_is_no_doubt():
    async def story():
        sim = Sim(seed=2, profile="plus")
        account, server = flawed(sim.mjproxy())
        async with mj.Pool(account) as pool:
            single = await pool.imagine("a cat").upscale(1)
            assert (await single.get_seed()).ticket == single.ticket
            # A bookmark is answered at once, with the picture that it is about.
            server.flaws["submit/action"] = answer(code=1, description="ok", result=single.ticket.remote_id)
            pressed = await ended(single.press("square", deadline=5))
            assert isinstance(pressed, mj.DeadlineExceeded), "it is looked at, and its parent's picture is not its own"

    run(story())


def wordless(document):
    """A blend's task, or the answer that opens a window on it, at a server that names no prompt."""
    document.update({name: "" for name in ("prompt", "promptEn") if name in document})
    document["properties"] = {}


@pytest.mark.parametrize("verb", [lambda job: job.vary_region(MASK), lambda job: job.zoom(1.7)])
def test_what_has_no_prompt_can_be_painted_and_zoomed(verb):
    async def story():
        sim = Sim(seed=2)
        account, server = flawed(sim.mjproxy(), fetch=changed(wordless), action=changed(wordless))
        async with mj.Pool(account) as pool:
            picture = (await pool.imagine("a cat")).image
            blended = pool.blend([await pool._desk.picture("mjproxy", picture)] * 2).upscale(1)
            await ended(verb(blended))
        assert len(server.to("submit/modal")) == 1
        prompt = json.loads(server.to("submit/modal")[0].body)["prompt"]
        assert prompt in ("", "--zoom 1.7")

    run(story())


def test_a_polite_answer_is_no_window():
    """ "Submit confirmed" is no ground for a second paid request."""

    async def story():
        sim = Sim(seed=2)
        polite = changed(lambda reply: reply.update(code=1, description="Submit confirmed"))
        account, server = flawed(sim.mjproxy(), action=polite)
        async with mj.Pool(account) as pool:
            assert (await pool.imagine("a cat").vary(1)).images
        assert server.to("submit/modal") == []
        assert sim.ledger.charged == 2

    run(story())


def test_a_failure_without_the_jobs_name_that_can_only_be_the_jobs_is_told_soon():
    async def story():
        sim = Sim(seed=2)
        said = answer(status="FAILED", message="[Banned prompt detected] nude", data=None)
        account, server = flawed(sim.ttapi(max_jobs=1), fetch=[])
        async with mj.Pool(account) as pool:
            job = pool.imagine("a cat")
            await job.accepted()
            server.flaws["POST https://ttapi.sim.invalid/midjourney/v1/fetch"] = said
            server.flaws = dict(reversed(server.flaws.items()))
            error = await ended(job)
            assert (type(error), job.phase) == (mj.PromptRejected, mj.Phase.FAILED)
            assert job.seconds < 60
            assert pool.stats().accounts["ttapi"].held == 0

    run(story())


class Express:
    """A server in another style: plain words for an unknown id, and a page that repeats a path it does not have."""

    def __init__(self, inner, prefix):
        self.inner, self.prefix, self.submits = inner, prefix, 0

    async def send(self, request):
        path = urlsplit(request.url).path
        if (
            not path.startswith(self.prefix)
            or "no-such-route" in path
            or (request.method == "POST") != ("submit" in path)
        ):
            page = f"<html><pre>Cannot {request.method} {path}</pre></html>"
            return HttpResponse(status=404, body=page.encode())
        self.submits += "submit" in path
        reply = await self.inner.send(request)
        return HttpResponse(status=404, body=b"Not Found") if b"task_no_found" in reply.body else reply

    async def aclose(self):
        await self.inner.aclose()


@pytest.mark.parametrize(("prefix", "works"), [("/mj-fast/mj/", True), ("/fast/mj/", False)])
def test_plain_words_for_an_unknown_id_are_no_missing_path(prefix, works):
    async def story():
        sim = Sim(seed=2)
        account = sim.mjproxy()
        server = Express(account.transport, prefix)
        async with mj.Pool(mj.MJProxy(account.key, base_url=account.base_url, transport=server)) as pool:
            error = await ended(pool.imagine("a cat"))
            assert (error is None) is works
            assert works or ("/{mode}" in str(error) and "/mj-{mode}" in str(error))
        assert server.submits == works

    run(story())
