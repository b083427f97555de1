"""Callbacks in a world: true ones that are lost, late, early or doubled, and forged ones with tokens that leaked.

Rule 1: whatever rings, every rule of the oracle holds: a callback changes when we look, and nothing else.
"""

import asyncio
import json
from collections.abc import Mapping
from math import inf
from random import Random
from typing import TYPE_CHECKING, Any

from mjasync.sim.jobs import Job
from mjasync.sim.mjproxy import tasks
from mjasync.sim.ttapi import shown

if TYPE_CHECKING:
    from tests.worlds.lives import LifeRun
    from tests.worlds.story import Story

#: What each ring of a world may be; forged ones come with the job's own token.
KINDS = ("hook.true", "hook.early", "hook.words", "hook.other", "hook.odd", "hook.stranger")
_HOOKS = {"ttapi": "hookUrl", "mjproxy": "notifyHook"}
_URL = "https://{}.sim.invalid"
_ODD = ("\ud800", "../../x?y=#", "x" * 5000, "", "0")
_WORDS = (
    b"",
    b"{",
    b"[" * 9000,
    b"null",
    b'"done"',
    b'{"status": "SUCCESS"}',
    b'{"status": "FAILED", "message": "no"}',
)


class Ringing:
    """Rings for every job that was accepted with a hook, in whatever life there is."""

    def __init__(self, story: "Story") -> None:
        self._story = story
        self._jobs: list[Job] = []
        self._life: LifeRun | None = None
        story.world.took = self.took

    def took(self, job: Job) -> None:
        """A job was accepted just now; perhaps while no process runs."""
        if job.order.notes.get(_HOOKS[job.account.provider]):
            self._jobs.append(job)
            if self._life is not None and not self._life.dead:
                self._plan(job)

    def begin(self, life: "LifeRun") -> None:
        """A process opens its pool: what was accepted before may ring for it too."""
        self._life = life
        for job in self._jobs:
            self._plan(job)

    def _plan(self, job: Job) -> None:
        """What rings for the job in this life, and when."""
        life, now = self._life, self._story.clock.now()
        assert life is not None
        dice = Random(f"ring/{self._story.plan.seed}/{life.number}/{job.id}")
        if job.finished_at < inf and dice.random() < 0.85:  # else it is lost
            late = dice.choice((0.0, 0.5, 0.5, 5.0, 60.0, 2000.0))
            for copy in range(dice.choice((1, 1, 1, 2, 5))):
                self._at(job.finished_at - now + late + copy * dice.choice((0.0, 3.0)), job, "hook.true")
        lasts = min(max(job.finished_at - now, 1.0), 900.0)
        for _ in range(dice.choice((0, 0, 1, 3, 8))):
            self._at(dice.uniform(0, 1.3 * lasts), job, dice.choice(KINDS))
        if dice.random() < 0.3:
            self._at(dice.uniform(0, 0.3), job, dice.choice(KINDS))

    def _at(self, delay: float, job: Job, kind: str) -> None:
        asyncio.get_running_loop().call_later(max(delay, 0.0), self._ring, job, kind, self._life)

    def _ring(self, job: Job, kind: str, life: "LifeRun") -> None:
        if not life.dead and life.pool is not None:
            task = asyncio.get_running_loop().create_task(self._call(job, kind, life), name="world:ring")
            life.rings.add(task)
            task.add_done_callback(life.rings.discard)

    async def _call(self, job: Job, kind: str, life: "LifeRun") -> None:
        dice = Random(f"{kind}/{job.id}/{self._story.clock.now()}")
        token = str(job.order.notes[_HOOKS[job.account.provider]]).rpartition("/")[2]
        if kind == "hook.stranger":
            token = token[:-1] + ("A" if token[-1] != "A" else "E")
        status = await _post(life.pool.hooks.asgi, token, self._body(job, kind, dice))  # type: ignore[union-attr]
        self._story.wire.fired[kind] += 1
        self._story.chronicle.note("ring", kind, job.id, status)
        wanted = {404, 429, 503} if kind == "hook.stranger" else {200, 404, 429, 503}
        if status not in wanted and not life.dead:
            self._story.violated("RING", f"{kind} was answered {status}")

    def _body(self, job: Job, kind: str, dice: Random) -> bytes:
        told = self._told(job)
        if kind == "hook.words":
            return dice.choice(_WORDS)
        if kind == "hook.early":
            told = {**told, "status": "SUCCESS"}
        if kind in ("hook.other", "hook.odd"):
            others = [*self._story.world.jobs, job.id]
            named = dice.choice(others) if kind == "hook.other" else dice.choice(_ODD)
            told = {**told, **{name: named for name in ("jobId", "id", "job_id") if name in told}}
            told["status"] = dice.choice(("SUCCESS", "FAILED", "ON_QUEUE", "IN_PROGRESS"))
        return json.dumps(told).encode()

    def _told(self, job: Job) -> Mapping[str, Any]:
        base = _URL.format(job.account.provider)
        show = shown.shown if job.account.provider == "ttapi" else tasks.told
        return dict(show(self._story.world, job, base))


async def _post(app: Any, token: str, body: bytes) -> int:
    """The status that the receiver answers."""
    scope = {
        "type": "http",
        "method": "POST",
        "path": f"/mj/{token}",
        "headers": [(b"content-type", b"application/json")],
        "client": ("192.0.2.7", 1),
    }
    heard: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        heard.append(message)

    await app(scope, receive, send)
    return int(heard[0]["status"])
