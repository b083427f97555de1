"""Every state that can be reached, and whether each of them can still end well.

A state is (alive, kills left, job numbers). Moves of one job depend on that job and its `Context` only, so they are
worked out once and remembered; the search itself adds up numbers.
"""

from array import array
from collections import deque
from collections.abc import Iterator
from functools import cache

from attrs import frozen

from mjasync.core.machine import IllegalMove
from mjasync.core.model import Phase
from tests.model import client, laws, provider, watching
from tests.model.shapes import record
from tests.model.state import Context, Job, Scope, cast_of, holds

State = tuple[bool, int, tuple[int, ...]]


@frozen(kw_only=True)
class Found:
    """What a search brought."""

    states: int
    #: The first law that was broken, and how; "" for none.
    broken: str = ""
    path: tuple[str, ...] = ()
    #: States from which no continuation ends well.
    stuck: int = 0


class Search:
    """One search of one scope, with one deliberate mistake or none."""

    def __init__(self, scope: Scope, wrong: str = "") -> None:
        self.scope = scope
        self.wrong = wrong
        self.jobs: list[Job] = []
        self._numbers: dict[Job, int] = {}
        self.moves = cache(self._moves)
        self.outside = cache(self._outside)
        self.together = cache(lambda jobs: laws.broken_together([self.jobs[n] for n in jobs], scope))
        self.holds = cache(lambda number: holds(self.jobs[number], wrong))
        self.over = cache(lambda jobs: laws.is_settled([self.jobs[n] for n in jobs]))
        self.unkept = cache(lambda number: self.number(client.unkept(self.jobs[number], wrong)))
        self.killed = cache(lambda number: self.number(client.killed(self.jobs[number])))

    def number(self, job: Job) -> int:
        """The number of a job state."""
        found = self._numbers.get(job)
        if found is None:
            found = self._numbers[job] = len(self.jobs)
            self.jobs.append(job)
        return found

    def _step(self, before: Job, name: str, after: Job) -> tuple[str, int, str]:
        return name, self.number(after), laws.broken_by(after) or laws.broken_between(before, after)

    def _outside(self, number: int) -> list[tuple[str, int, str]]:
        job = self.jobs[number]
        return [self._step(job, name, after) for name, after in provider.moves(job, self.scope)]

    def _moves(self, number: int, context: Context) -> list[tuple[str, int, str]]:
        """Ours; a move that the table forbids is itself what is wrong."""
        job, steps = self.jobs[number], []
        try:
            for source in (client.moves, watching.moves):
                for name, after in source(job, context, self.scope, self.wrong):
                    steps.append(self._step(job, name, after))
        except IllegalMove as exc:
            steps.append(("", number, f"I0 the table forbids it: {exc}"))
        return steps

    def context(self, place: int, jobs: tuple[int, ...]) -> Context:
        """What the job at this place may know of the others."""
        others = sum(self.holds(number) for at, number in enumerate(jobs) if at != place)
        before = ""
        if place and self.scope.cast == "chain":
            before = self._parent(self.jobs[jobs[0]])
        elif place and self.scope.cast == "tries":
            before = "go" if record(self.jobs[jobs[0]].disk).phase is Phase.LOST else "wait"
            before = "go" if self.jobs[jobs[1]].act != "unasked" else before
        return Context(others < self.scope.cap, before)

    def _parent(self, parent: Job) -> str:
        now = record(parent.mind if self.wrong == "step_before_durable" else parent.disk)
        if now.phase is Phase.DONE and now.detached is None:
            return "go"
        return "no" if now.settled else "wait"

    def _begin_again(self, jobs: tuple[int, ...]) -> tuple[int, ...]:
        after = [client.restarted(self.jobs[number], self.scope, self.wrong) for number in jobs]
        twin = self.scope.cast == "chain" and self.wrong == "step_asked_again"
        if twin and record(after[0].disk).phase is Phase.DONE:
            after[2] = after[2]._replace(act="")
        return tuple(self.number(job) for job in after)

    def steps(self, state: State) -> Iterator[tuple[str, State, str]]:
        """Everything that may happen next, and the law that it breaks."""
        alive, kills, jobs = state
        for place, number in enumerate(jobs):
            ours = self.moves(number, self.context(place, jobs)) if alive else ()
            for name, after, broken in (*self.outside(number), *ours):
                if name == client.DISK_REFUSES:
                    yield name, (alive, kills, tuple(self.unkept(each) for each in jobs)), broken
                elif after != number or broken:
                    yield f"{name}{place}", (alive, kills, self._sorted(jobs, place, after)), broken
        if alive and kills:
            killed = tuple(self.killed(number) for number in jobs)
            yield "KILL", (False, kills - 1, killed), ""
        if not alive:
            try:
                again = self._begin_again(jobs)
            except IllegalMove as exc:
                yield "RESTART", state, f"I0 the table forbids it: {exc}"
            else:
                broken = next((b for n in again if (b := laws.broken_by(self.jobs[n]))), "")
                yield "RESTART", (True, kills, again), broken

    def _sorted(self, jobs: tuple[int, ...], place: int, after: int) -> tuple[int, ...]:
        """Jobs that are all alike may change places: it is the same state."""
        changed = (*jobs[:place], after, *jobs[place + 1 :])
        return tuple(sorted(changed)) if self.scope.cast == "roots" else changed

    def run(self) -> Found:
        """Walk through all states, the nearest first."""
        start: State = (True, self.scope.kills, tuple(self.number(job) for job in cast_of(self.scope, self.wrong)))
        at: dict[State, int] = {start: 0}
        came: list[tuple[int, str]] = [(-1, "")]
        edges: list[array[int]] = []
        todo = deque([start])
        while todo:
            state = todo.popleft()
            onward = array("I")
            for name, after, wrong in self.steps(state):
                broken = wrong or self.together(after[2])
                if broken:
                    return Found(states=len(at), broken=broken, path=(*_path(came, at[state]), name))
                if after not in at:
                    at[after] = len(came)
                    came.append((at[state], name))
                    todo.append(after)
                onward.append(at[after])
            edges.append(onward)
        good = [n for (alive, _, jobs), n in at.items() if alive and self.over(jobs)]
        return Found(states=len(at), stuck=_stuck(edges, good))


def _path(came: list[tuple[int, str]], number: int) -> tuple[str, ...]:
    names = []
    while number > 0:
        number, name = came[number]
        names.append(name)
    return tuple(reversed(names))


def _stuck(edges: list["array[int]"], good: list[int]) -> int:
    """How many states cannot reach a good one."""
    back: list[array[int]] = [array("I") for _ in edges]
    for number, onward in enumerate(edges):
        for after in onward:
            back[after].append(number)
    well, todo = set(good), list(good)
    while todo:
        for before in back[todo.pop()]:
            if before not in well:
                well.add(before)
                todo.append(before)
    return len(edges) - len(well)
