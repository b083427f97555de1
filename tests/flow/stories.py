"""Stories told to one account, for the tests of what drives and what looks; and transports that listen or make it up."""

import json
from contextlib import suppress

from attrs import evolve

import mjasync as mj
from mjasync.core.wire import HttpResponse
from mjasync.testing import Sim, run

PROVIDERS = ["ttapi", "mjproxy"]
#: As large as the simulator's square pictures.
MASK = mj.draw_mask((512, 512), rectangles=[(64, 64, 128, 128)])

#: How servers say that they have no such route.
ABSENT = [
    HttpResponse(status=404, body=b"<html>not found</html>"),
    HttpResponse(status=405),
    HttpResponse(status=501),
    HttpResponse(status=200, body=b"<!doctype html>New API"),
    HttpResponse(status=302, headers={"location": "/login"}),
]


def tell(provider, script, *, seed=1, profile="seed", speed=1.0, remix=False, **options):
    """Run `script(pool, sim)` against one account, and return the sim."""

    async def story():
        sim = Sim(seed=seed, profile=profile, speed=speed)
        if remix:
            plain = sim.world.profile
            sim.world.profile = evolve(plain, mjproxy=evolve(plain.mjproxy, remix=True))
        async with mj.Pool(getattr(sim, provider)(**options)) as pool:
            await script(pool, sim)
        return sim

    return run(story())


class Listening:
    """A transport that keeps what leaves; `before` and `after` are called with each request, and may wait."""

    def __init__(self, inner):
        self.inner, self.sent = inner, []
        self.before = self.after = None

    async def send(self, request):
        self.sent.append(request)
        if self.before:
            await self.before(request)
        answer = await self.inner.send(request)
        if self.after:
            await self.after(request)
        return answer

    async def aclose(self):
        await self.inner.aclose()

    def to(self, path):
        """What was sent to an address with this in it."""
        return [request for request in self.sent if path in request.url]


def listened(account):
    """The same account, and the ear at its transport."""
    ear = Listening(account.transport)
    return evolve(account, transport=ear), ear


def envelope(**fields):
    return HttpResponse(status=200, body=json.dumps(fields).encode())


class Relay:
    """A midjourney-proxy made by hand: every submit is answered from `submits`, every look from `tasks`, in order.

    The last answer of each repeats.
    """

    def __init__(self, submits=None, tasks=None):
        self.submits, self.tasks = submits or {}, tasks or {}
        self.sent = []
        self.unknown = envelope(code=4, description="no such thing")

    async def send(self, request):
        self.sent.append(request)
        name = request.url.split("/mj/")[-1].removeprefix("submit/")
        if name.startswith("task/"):
            return self._next(self.tasks, name.split("/")[1], envelope(code=4, description="task_no_found"))
        return self._next(self.submits, name, self.unknown)

    def _next(self, table, name, unknown):
        answers = table.get(name, unknown)
        if isinstance(answers, list):
            answers = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(answers, Exception):
            raise answers
        return answers if isinstance(answers, HttpResponse) else envelope(**answers)

    def to(self, path):
        return [request for request in self.sent if path in request.url]

    async def aclose(self):
        pass

    def account(self, **options):
        """An account behind it."""
        return mj.MJProxy("key", base_url="https://relay.example", transport=self, **options)

    def pool(self, **options):
        """A pool of one account behind it."""
        return mj.Pool(self.account(**options))


def taken(remote_id, **more):
    """A submit's answer that says yes."""
    return {"code": 1, "description": "Submit success", "result": remote_id, "properties": {}} | more


def done(**more):
    """A finished task."""
    return {"status": "SUCCESS", "progress": "100%", "imageUrl": "https://x.example/1.png", "prompt": "a cat"} | more


def button(token, label=""):
    return {"customId": token, "label": label}


async def ended(job):
    """Wait for its end, whichever way; the error, if it failed."""
    with suppress(mj.MJError):
        await job
    return job.exception()
