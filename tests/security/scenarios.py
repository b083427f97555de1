"""What can happen to a job, as data: a provider's ways, a misfortune, an echo and a verb; and how it is played."""

import base64
import json
import logging
import warnings
from contextlib import suppress
from random import Random
from urllib.parse import quote

from attrs import evolve, frozen

import mjasync as mj
from mjasync.core.wire import HttpResponse, NoAnswer
from mjasync.sheet import saving
from mjasync.sim import PROFILES, LocalTransport
from mjasync.sim.png import encode
from mjasync.testing import Sim, run
from tests.security.canaries import HOOK, KEY, SIGNATURE

PROVIDERS = ("ttapi", "mjproxy")
RED = encode(2, 2, bytes((200, 0, 0) * 4))
#: Scripted faults, by name: what `Sim.inject` takes.
FAULTS = {
    "none": None,
    **{kind: {"kind": kind} for kind in ("drop", "refuse_connection", "html", "queue_full", "reject", "no_id")},
    **{kind: {"kind": kind} for kind in ("lose_answer", "garbage", "empty", "fail", "stuck", "vanish")},
    **{f"status {s}": {"kind": "status", "status": s} for s in (400, 401, 402, 403, 404, 408, 422, 429, 500, 503)},
    "redirect": {"kind": "redirect", "location": "https://elsewhere.example/"},
    "lost 502": {"kind": "lost_status", "status": 502},
    "looks dropped": {"kind": "drop", "on": "fetch", "times": 9},
    "looks garbled": {"kind": "garbage", "on": "fetch", "times": 99},
    "looks refused": {"kind": "status", "status": 401, "on": "fetch", "times": 99},
    "looks gone": {"kind": "status", "status": 404, "on": "fetch", "times": 99},
    "picture gone": {"kind": "status", "status": 404, "on": "image", "times": 9},
    "picture garbled": {"kind": "html", "on": "image", "times": 9},
}
VERBS = {
    "imagine": lambda pool, hook: pool.imagine("a cat", **hook),
    "chain": lambda pool, hook: pool.imagine("a cat", mode="turbo", **hook).upscale(2, **hook),
    "describe": lambda pool, hook: pool.describe(RED, **hook),
    "blend": lambda pool, hook: pool.blend([RED, RED], deadline=900, **hook),
}
#: Where a server may repeat what it was sent: in which answers, and how.
ECHOES = ("body", "page", "garbage", "reason", "header", "fault")
PLACES = ("submit", "fetch", "all")


@frozen(kw_only=True)
class Scenario:
    """One of them; its name is what pytest shows."""

    provider: str
    profile: str = "seed"
    fault: str = "none"
    verb: str = "imagine"
    echo: str = ""
    place: str = ""

    @property
    def name(self):
        parts = (self.provider, self.profile, self.fault, self.verb, self.echo, self.place)
        return " ".join(part for part in parts if part and part not in ("seed", "none"))


def scenarios():
    """All of them: every profile, every fault with every verb, every echo in every place."""
    for provider in PROVIDERS:
        yield from (
            Scenario(provider=provider, profile=profile, verb="chain") for profile in PROFILES if profile != "seed"
        )
        yield from (Scenario(provider=provider, fault=fault, verb=verb) for fault in FAULTS for verb in VERBS)
        yield from (Scenario(provider=provider, echo=echo, place=place) for echo in ECHOES for place in PLACES)


class Echoing:
    """A provider that signs its links, and may repeat what it was sent."""

    def __init__(self, inner, scenario):
        self.inner, self.scenario, self.carried = inner, scenario, 0

    async def send(self, request):
        self.carried += any(KEY in value for value in request.headers.values())
        if "/pictures/" in request.url and not self.scenario.fault.startswith("picture"):
            return HttpResponse(status=200, body=RED)  # painting one is what takes longest
        answer = await self.inner.send(request)
        if self._here(request):
            return _echo(self.scenario.echo, answer)
        signed = answer.body.replace(b'.png"', b".png?ex=7fffffff&hm=" + SIGNATURE.encode() + b'"')
        return evolve(answer, body=signed) if b"SUCCESS" in answer.body else answer

    def _here(self, request):
        look = "/fetch" in request.url
        proof = not self.inner._world.jobs
        return (
            bool(self.scenario.echo)
            and {"submit": not look, "fetch": look and not proof, "all": True}[self.scenario.place]
        )

    async def aclose(self):
        await self.inner.aclose()


def _echo(how, answer):
    forms = [KEY, base64.b64encode(KEY.encode()).decode(), quote(KEY, safe=""), HOOK]
    said = f"no right with {' or '.join(forms)}"
    wrong = {"status": "FAILED", "message": said, "data": None, "code": 9, "description": said, "failReason": said}
    match how:
        case "body":
            return HttpResponse(status=400, body=json.dumps(wrong).encode())
        case "page":
            return HttpResponse(status=500, body=f"<html>{said}</html>".encode())
        case "garbage":
            return HttpResponse(status=200, body=json.dumps(wrong).encode()[:-9])
        case "reason":
            wrong |= {"status": "FAILURE", "data": {"jobId": "1", "progress": "100"}, "id": "1"}
            return HttpResponse(status=200, body=json.dumps(wrong).replace("/", "\\/").encode())
        case "header":
            return HttpResponse(status=401, headers={"x-oneapi-request-id": said, "retry-after": said}, body=b"{}")
    raise NoAnswer("reset")


class Ears(logging.Handler):
    """Everything that anybody logs, at any level, formatted as a file would have it."""

    LOGGERS = ("", "mjasync", "aiohttp", "aiohttp.client", "asyncio")

    def __init__(self):
        super().__init__(logging.DEBUG)
        self.lines = []
        self.setFormatter(logging.Formatter("%(name)s %(message)s"))

    def emit(self, record):
        self.lines.append(self.format(record))

    def __enter__(self):
        self.before = [(logging.getLogger(name), logging.getLogger(name).level) for name in self.LOGGERS]
        for logger, _ in self.before:
            logger.setLevel(logging.DEBUG)
        self.before[0][0].addHandler(self)
        return self

    def __exit__(self, *_):
        self.before[0][0].removeHandler(self)
        for logger, level in self.before:
            logger.setLevel(level)


@frozen
class Played:
    """What is left of a scenario: everything that could have told."""

    pool: object
    jobs: tuple
    errors: tuple
    logs: tuple
    warned: tuple
    carried: int
    stats: object
    results: tuple


def play(scenario, folder, *, journal=None, debug=False):
    """Play one scenario to its end, and save what it brought."""
    with Ears() as ears, warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        pool, errors, carried, stats = run(_story(scenario, folder, journal), debug=debug)
    jobs = tuple(pool.jobs)
    results = tuple(job.result() for job in jobs if job.done() and job.exception() is None)
    return Played(pool, jobs, tuple(errors), tuple(ears.lines), tuple(map(str, warned)), carried, stats, results)


async def _story(scenario, folder, journal):
    sim = Sim(seed=5, profile=scenario.profile, speed=20)
    fault = FAULTS[scenario.fault]
    if fault:
        sim.inject(**fault)
    sim.world.account(scenario.provider, key=KEY)
    transport = Echoing(LocalTransport(sim.world, scenario.provider), scenario)
    kinds = {"ttapi": mj.TTAPI, "mjproxy": mj.MJProxy}
    more = {"auth": "mj-api-secret", "mode_path": ""} if scenario.profile == "old-proxy" else {}
    if scenario.provider == "ttapi":
        more = {}
    account = kinds[scenario.provider](
        KEY, base_url=f"https://{scenario.provider}.sim.invalid", transport=transport, rng=Random(1), **more
    )
    errors = []
    pool = mj.Pool(account, **({"journal": journal} if journal else {}))
    async with pool:
        try:
            job = VERBS[scenario.verb](pool, {"hook_url": HOOK})
            await job
        except mj.MJError as exc:
            errors.append(exc)
        for number, each in enumerate(pool.jobs, start=1):
            await _kept(each, number, folder, errors)
        stats = pool.stats()
    return pool, errors, transport.carried, stats


async def _kept(job, number, folder, errors):
    """Save what it brought, as the command line does."""
    with suppress(mj.MJError):
        await job
    if job.exception() is not None:
        errors.append(job.exception())
    elif job.result().image is not None:
        try:
            await saving.save(folder, number, "a cat", job.result(), simulated=True)
        except mj.MJError as exc:
            errors.append(exc)
