"""What callbacks cause: looks, sooner or later ones, and nothing else.

Rule 1: a callback never moves a job. It says when to look, and how far an account's callbacks can be relied on.
"""

import asyncio
import logging
from collections.abc import Callable
from random import Random

from mjasync.core.looking import GRACE, Cadence, Trust, safety_gap
from mjasync.core.machine import FINAL
from mjasync.core.model import Record
from mjasync.core.patience import BELL_GAP
from mjasync.flow.asks import Ask
from mjasync.flow.sightings import Run

_log = logging.getLogger("mjasync.hooks")


class Bells:
    """The callbacks of one account's jobs, as its looks see them."""

    def __init__(self, name: str, rng: Random, *, distrust: Callable[[], None]) -> None:
        """`distrust`: called when callbacks stop being relied on."""
        self._name = name
        self._rng = rng
        self._distrust = distrust
        self._loop = asyncio.get_running_loop()
        self._trust = Trust()
        #: Jobs that a callback came for before anybody looked at them.
        self._early: set[str] = set()

    @property
    def alive(self) -> bool:
        """Whether its callbacks are relied on."""
        return self._trust.alive(self._loop.time())

    def rang(self, job_id: str, run: Run | None) -> None:
        """A callback says that the job is over."""
        self._trust.rang(job_id)
        if run is None:
            self._early.add(job_id)
        else:
            run.rung = self._loop.time()

    def late(self, job_id: str) -> None:
        """A callback came for a job that a look has shown over: it was not lost."""
        self._trust.late(job_id, self._loop.time())

    def begun(self, job_id: str, run: Run) -> None:
        """The looks at a job begin; perhaps its callback was there first."""
        if job_id in self._early:
            self._early.discard(job_id)
            run.rung = run.sent

    def gone(self, job_id: str) -> None:
        """Nobody looks at the job any more."""
        self._early.discard(job_id)
        self._trust.forget(job_id)

    def looked(self, record: Record) -> None:
        """A look was taken in: where it showed the end, a callback should have come, or come soon."""
        if record.phase not in FINAL or not _is_expected(record):
            return
        if self._trust.ended(record.id, self._loop.time()):
            self._loop.call_later(GRACE, self._judge)

    def _judge(self) -> None:
        relied = self._trust.streak >= self._trust.needed
        if relied and not self.alive:
            _log.warning(
                "account %s: a job ended, and no callback came; its jobs are looked at as usual until %d in a row come again",
                self._name,
                self._trust.needed,
            )
            self._distrust()

    def delayed(self, ask: Ask, record: Record, run: Run, cadence: Cadence) -> Ask:
        """The same job's next look: sooner where its bell rang, later where it is expected to ring."""
        now = self._loop.time()
        if run.rung is not None:
            if run.rung >= run.sent:  # nobody has looked since
                ask.due = min(ask.due, max(now, run.sent + BELL_GAP))
        elif run.usual and _is_expected(record) and self.alive:
            gap = safety_gap(cadence.median, self._rng.random(), late=ask.late)
            ask.dense, ask.due = ask.due, max(ask.due, now + gap)
            ask.cap, ask.slack = max(ask.cap, ask.due - now), 0.0
        return ask


def _is_expected(record: Record) -> bool:
    """Whether a callback for its end is due: its hook is ours, and all of its life was here; windows may lose hooks."""
    return bool(record.token) and record.filled_at is None and record.resumed_at is None and not record.adopted
