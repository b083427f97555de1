"""The users of one process: they ask, wait in all sorts of ways, stop waiting, cancel, and note what they were told.

Rule 1: a history has "ok" and "fail" for what was told, and "info" for what was left open; only the first two can be wrong.
Rule 2: the moment at which something is told is the moment at which it is checked against the journal.
"""

import asyncio
import contextlib
import warnings
from typing import TYPE_CHECKING, Any

from attrs import define

import mjasync as mj
from tests.worlds.plan import Node, Script, Tree

if TYPE_CHECKING:
    from tests.worlds.lives import LifeRun
    from tests.worlds.story import Story

warnings.simplefilter("ignore", mj.PromptWarning)


@define
class Told:
    """What a user of a process was told about one request."""

    name: str
    life: int
    job: str
    kind: str
    value: Any = None
    at: float = 0.0

    def gist(self) -> str:
        """On a line."""
        if self.kind == "ok":
            return str(self.value.ticket)
        return f"{type(self.value).__name__} charged={getattr(self.value, 'charged', '?')}"


class Callers:
    """All users of one life."""

    def __init__(self, story: "Story", life: "LifeRun") -> None:
        self._story, self._life = story, life
        #: Job id → what its first listener was told: everybody else must hear the same.
        self._first: dict[str, Told] = {}

    def begin(self, pool: mj.Pool) -> "list[asyncio.Future[Any]]":
        """Start everything that this life's users do."""
        works: list[asyncio.Future[Any]] = []
        for tree in self._story.plan.trees:
            asked = tree.root.name in self._story.asked
            if (not asked and (tree.life <= self._life.number or self._life.last)) or (asked and tree.again):
                works.append(asyncio.ensure_future(self._use(pool, tree, 0.0 if asked else tree.at)))
        return works

    async def _use(self, pool: mj.Pool, tree: Tree, wait: float) -> None:
        await asyncio.sleep(wait)
        if self._life.dead:
            return
        self._story.asked.add(tree.root.name)
        jobs: dict[str, mj.Job] = {}
        batch = None
        if tree.scripts[0].way == "batch" and tree.root.verb == "imagine":
            batch = self._batch(pool, tree.root, jobs)
        else:
            self._ask(pool, tree.root, None, jobs)
        names = list(jobs)
        works = [
            self._script(script, jobs[names[number * 3 % len(names)]], names[number * 3 % len(names)], batch)
            for number, script in enumerate(tree.scripts)
            if names
        ]
        await asyncio.gather(*works)
        for job in jobs.values():
            await job.ended()

    # Asking.

    def _ask(self, pool: mj.Pool, node: Node, parent: mj.Job | None, jobs: dict[str, mj.Job]) -> None:
        """Ask for a request and everything below it; what is refused at once is told at once."""
        try:
            job = self._step(parent, node) if parent else self._root(pool, node)
        except mj.MJError as exc:
            self._note(node.name, "", "info" if isinstance(exc, mj.PoolClosed | mj.JournalError) else "refused", exc)
            return
        self._follow(node.name, job, jobs)
        for child in node.children:
            self._ask(pool, child, job, jobs)

    def _follow(self, name: str, job: mj.Job, jobs: dict[str, mj.Job]) -> None:
        jobs[name] = job
        self._note(name, job.id, "invoke", None)
        job.add_done_callback(lambda job: self._heard(name, job))

    def _root(self, pool: mj.Pool, node: Node) -> mj.Job:
        options = _options(node)
        if node.verb in ("describe", "blend"):
            pictures = node.pictures[0] if node.verb == "describe" else node.pictures
            return getattr(pool, node.verb)(pictures, **options)
        return getattr(pool, node.verb)(node.prompt, **options)

    def _step(self, parent: mj.Job, node: Node) -> mj.Job:
        arguments = () if node.argument is None else (node.argument,)
        return getattr(parent, node.verb)(*arguments, **_options(node))

    def _batch(self, pool: mj.Pool, node: Node, jobs: dict[str, mj.Job]) -> Any:
        """The same, by a batch of one whose steps are its `then`."""
        below: dict[str, mj.Job] = {}

        def then(job: mj.Job) -> list[mj.Job]:
            for child in node.children:
                self._ask(pool, child, job, below)
            return [below[child.name] for child in node.children if child.name in below]

        try:
            batch = pool.batch([{"prompt": node.prompt, **_options(node)}], then=then)
        except mj.MJError as exc:
            self._note(node.name, "", "info", exc)
            return None
        self._follow(node.name, batch.jobs[0], jobs)
        jobs.update(below)
        return batch

    # Waiting.

    async def _script(self, script: Script, job: mj.Job, name: str, batch: Any) -> None:
        way, moment = script.way, script.moment
        if way == "leave":
            return
        if way == "batch" and batch is not None:
            await self._leave_batch(batch, moment)
        elif way == "job.cancel":
            await asyncio.sleep(moment)
            with contextlib.suppress(mj.MJError):
                outcome = await job.cancel()
                self._life.fired["cancel.job"] += outcome is not None
        elif way == "watch":
            await self._watch(name, job)
        elif way == "cut":
            waiting = asyncio.ensure_future(job.wait())
            await asyncio.sleep(moment)
            self._life.fired["cancel.await"] += waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)
        else:
            await self._wait(way, job, name, moment)

    async def _wait(self, way: str, job: mj.Job, name: str, moment: float) -> None:
        try:
            if way == "wait_for":
                async with asyncio.timeout(moment):
                    await job
            elif way == "gather":
                await asyncio.gather(job, job)
            elif way == "accepted":
                await job.accepted()
                return
            result = await job
        except TimeoutError as exc:
            if isinstance(exc, mj.MJError):
                self._heard(name, job)
            else:
                self._life.fired["cancel.await"] += 1
            return
        except mj.MJError:
            self._heard(name, job)
            return
        self._heard(name, job)
        if way == "save" and result.images:
            await self._save(name, result)

    async def _leave_batch(self, batch: Any, moment: float) -> None:
        """Take outcomes as they come, and leave early if they come late."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(moment * 5):
                async with contextlib.aclosing(aiter(batch)) as outcomes:
                    async for _ in outcomes:
                        pass

    async def _watch(self, name: str, job: mj.Job) -> None:
        shown = -1.0
        async for event in job.watch():
            if event.progress is not None:
                if event.progress < shown:
                    self._story.violated("I11", f"{name}: progress went from {shown} to {event.progress}")
                shown = event.progress

    async def _save(self, name: str, result: Any) -> None:
        path = self._story.folder / f"{self._life.number}-{name}.png"
        try:
            await result.save(path)
        except mj.MJError as exc:
            self._story.chronicle.note("not saved", name, type(exc).__name__)
            return
        if not self._life.dead:
            self._story.saved[path] = name

    # Being told.

    def _heard(self, name: str, job: mj.Job) -> None:
        """A job is over for whoever waits for it."""
        if self._life.dead:
            return
        error = job.exception()
        kind = "ok" if error is None else "info" if isinstance(error, mj.PoolClosed) else "fail"
        told = Told(name, self._life.number, job.id, kind, job.result() if error is None else error)
        first = self._first.setdefault(job.id, told)
        if first is told:
            self._note(name, job.id, kind, told.value)
            self._story.check_durable(self._life, told)
        elif first.value is not told.value:
            self._story.violated("I4", f"{name} ({job.id}): first {first.gist()}, then {told.gist()}")

    def _note(self, name: str, job: str, kind: str, value: Any) -> None:
        if self._life.dead:
            return
        told = Told(name, self._life.number, job, kind, value, self._story.clock.now())
        self._story.history.append(told)
        gist = "" if value is None else told.gist() if kind != "refused" else f"{type(value).__name__}: {value}"[:90]
        self._story.chronicle.note(kind, name, job, gist)


def _options(node: Node) -> dict[str, Any]:
    """The keyword arguments that the plan gives."""
    names = ("mode", "account", "key", "priority", "deadline")
    return {name: value for name in names if (value := getattr(node, name)) is not None}
