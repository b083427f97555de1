"""The simulator's servers with a flaw: some requests get the test's own answer, all others the simulator's."""

import json

from attrs import evolve

from mjasync.core.wire import HttpResponse


def answer(status=200, /, **fields):
    """An answer in JSON."""
    return HttpResponse(status=status, body=json.dumps(fields).encode())


def page(status=200, words="<!doctype html>New API"):
    """An answer that is none."""
    return HttpResponse(status=status, body=words.encode())


class Flawed:
    """A transport. `flaws`: a part of "METHOD URL" → an answer, an exception, a list of them (used up one by one), or

    `async flaw(request, go)`, where `await go(request)` is the simulator's own answer; the first that fits counts.
    """

    def __init__(self, inner, flaws):
        self.inner, self.flaws, self.sent = inner, flaws, []

    async def send(self, request):
        self.sent.append(request)
        flaw = next((flaw for part, flaw in self.flaws.items() if part in f"{request.method} {request.url}"), None)
        if isinstance(flaw, list):
            flaw = flaw.pop(0) if flaw else None
        if isinstance(flaw, Exception):
            raise flaw
        if isinstance(flaw, HttpResponse):
            return flaw
        return await flaw(request, self.inner.send) if flaw else await self.inner.send(request)

    def to(self, part):
        """What was sent to an address with this in it, by whichever method, or by this one: "POST https://…"."""
        return [request for request in self.sent if part in f"{request.method} {request.url}"]

    async def aclose(self):
        await self.inner.aclose()


def flawed(account, **flaws):
    """The same account with flaws, by the last words of a path: `image_seed=…` is about `/image-seed`."""
    bent = Flawed(account.transport, {name.replace("_", "-"): flaw for name, flaw in flaws.items()})
    return evolve(account, transport=bent), bent


def changed(change):
    """A flaw: the simulator's answer, with its JSON document changed by `change(document)`."""

    async def flaw(request, go):
        response = await go(request)
        document = json.loads(response.body)
        change(document)
        return evolve(response, body=json.dumps(document).encode())

    return flaw
