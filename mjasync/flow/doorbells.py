"""Whose callback it is, and what is done about it: the token leads to the job, and an authenticated look to the truth.

Rule 1: nothing in a body is believed. Of a job that runs it says at most "look now"; of one whose id nobody knows it
names an id, which is written down before the callback is answered, and adopted only after a look that proves whose it is.
Rule 2: a job is asked about at most once a second, however many callbacks come.
Rule 3: a callback for a job that is over changes nothing.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from random import Random

from attrs import define

from mjasync.core import patience
from mjasync.core.answers import OVER, is_end
from mjasync.core.ids import is_id
from mjasync.core.machine import FINAL, Accepted, Rang, Saw
from mjasync.core.model import Phase, Record, Snapshot, Status
from mjasync.core.tokens import has_hook, is_echoed
from mjasync.events import HookRang
from mjasync.flow.books import Books
from mjasync.flow.host import Host
from mjasync.flow.session import Session
from mjasync.flow.watch import Watch

_log = logging.getLogger("mjasync.hooks")
#: Tokens beyond which those that are dead are looked for.
_MANY = 4096


@define(eq=False)
class _Bell:
    job: str
    #: When its job ended, or the token was given up for another; None while it is awaited.
    over_at: float | None = None
    #: It rang, and said "over", before anybody knew the job's id.
    early: bool = False
    #: Somebody was told that it rang for a job that was refused.
    alarmed: bool = False
    #: When it last named an id that was written down.
    named_at: float = float("-inf")
    #: When it may cause the next look at a job of unknown fate.
    next_at: float = float("-inf")


class Doorbells:
    """All tokens that are waited for."""

    def __init__(
        self,
        books: Books,
        sessions: Mapping[str, Session],
        watch: Watch,
        *,
        host: Host,
        rng: Random,
        found: Callable[[str], None],
    ) -> None:
        """`watch`: who looks at the jobs that run. `found`: called when a lost job was found."""
        self._books = books
        self._sessions = sessions
        self._watch = watch
        self._host = host
        self._rng = rng
        self._found = found
        self._bells: dict[str, _Bell] = {}
        self._verifying: set[str] = set()
        self._closing: Callable[[], Awaitable[None]] | None = None
        self._many = _MANY

    def connect(self, closing: Callable[[], Awaitable[None]], *, receives: Callable[[], bool]) -> None:
        """`closing`: called when the pool is closed. `receives`: whether somebody let the receiver listen."""
        self._closing, self._watch.receives = closing, receives

    async def aclose(self) -> None:
        """Hear no more."""
        if self._closing is not None:
            await self._closing()

    def knows(self, digest: str) -> str | None:
        """The same digest, as long as its token is one of ours and not dead."""
        bell = self._bells.get(digest)
        if bell is None or self._is_dead(bell):
            self._bells.pop(digest, None)
            return None
        return digest

    def saw(self, before: Record | None, after: Record) -> None:
        """A change of a job, as it is decided."""
        if before is not None and before.token and before.token != after.token:
            self._bells[before.token].over_at = self._books.now()  # refused: it will be sent again under another
        if not after.token:
            return
        bell = self._bells.get(after.token)
        if bell is None:
            self._forget_the_dead()
            bell = self._bells[after.token] = _Bell(after.id)
        if after.phase in FINAL and bell.over_at is None:
            bell.over_at = after.ended_at
        if after.phase is Phase.LOST and after.rang and after.remote_id is None:
            self._verify_soon(bell, after)
        elif before is not None and before.remote_id is None and after.remote_id is not None:
            self._is_known_now(bell, after)

    def _is_known_now(self, bell: _Bell, record: Record) -> None:
        """What rang before is heard now."""
        if record.rang and record.rang != record.remote_id:
            _log.warning("job %s is %s, and a callback with its token named another id", record.id, record.ticket)
        if bell.early:
            self._watch.ring(record)

    async def ring(self, digest: str, body: bytes) -> bool:
        """A callback came. True once whatever has to survive is written down."""
        bell = self._bells.get(digest)
        record = self._books.get(bell.job) if bell is not None else None
        if bell is None or record is None:  # forgotten, for it ended long ago
            self._tell(record, "too late")
        elif record.token != digest or record.phase in FINAL:
            self._tell(record, self._too_late(bell, record, digest))
        elif (session := self._sessions.get(record.account or "")) is None:  # an earlier process's, and nobody's now
            self._tell(record, "nobody's")
        else:
            self._tell(record, await self._heard(bell, record, session.read_callback(record.spec, body)))
        return True

    def _tell(self, record: Record | None, verdict: str) -> None:
        job, account = (record.id, record.account) if record is not None else (None, None)
        self._books.news.tell(HookRang, job=job, account=account, verdict=verdict)

    async def _heard(self, bell: _Bell, record: Record, told: Snapshot | None) -> str:
        """What is done about it, in a word."""
        if record.remote_id is None:
            return await self._unknown(bell, record, told)
        if record.phase is Phase.LOST:
            if not self._may_look(bell):
                return "too soon"
            self._watch.quarantine.ring(record.id)
        elif told is None or told.status in OVER or told.window is not None:
            self._watch.ring(record)
        else:
            return "runs"
        return "look"

    async def _unknown(self, bell: _Bell, record: Record, told: Snapshot | None) -> str:
        """The submit has not been answered yet, or never will be."""
        bell.early = bell.early or told is None or told.status in OVER
        named = told.remote_id if told is not None and is_id(told.remote_id) else None
        if named and named != record.rang:
            if self._books.now() < bell.named_at + patience.BELL_GAP:
                return "too soon"
            bell.named_at = self._books.now()
            await self._books.note(record.id, Rang(named))
        elif record.phase is Phase.LOST and record.rang:
            self._verify_soon(bell, record)
        return "named" if named else "unnamed"

    def _too_late(self, bell: _Bell, record: Record, digest: str) -> str:
        """Nothing changes; but one that was refused and has a callback is somebody's money."""
        if record.token != digest or (record.phase is Phase.FAILED and record.remote_id is None):
            if not bell.alarmed:
                _log.warning("job %s was refused, and a callback came for it: it may have run, and cost", record.id)
            bell.alarmed = True
            return "refused"
        self._watch.bells(record.account or "").late(record.id)
        return "over"

    def _may_look(self, bell: _Bell) -> bool:
        now = self._books.now()
        if now < bell.next_at:
            return False
        bell.next_at = now + patience.BELL_GAP
        return True

    def _verify_soon(self, bell: _Bell, record: Record) -> None:
        if record.id not in self._verifying and (record.account or "") in self._sessions:
            self._verifying.add(record.id)
            self._host.spawn(self._verify, record.id, bell, name=f"mj:hook:{record.id}")

    async def _verify(self, job_id: str, bell: _Bell) -> None:
        """Look at the id that a callback has named, until an answer can be read, and no other was named meanwhile."""
        sure = False
        try:
            for failures in range(patience.BELL_TRIES):
                await asyncio.sleep(max(bell.next_at - self._books.now(), 0.0))
                bell.next_at = self._books.now() + patience.BELL_GAP
                record = self._books.get(job_id)
                if record is None or record.phase is not Phase.LOST or record.remote_id is not None:
                    return
                looked = await self._sessions[record.account or ""].look(record.spec, record.rang)
                if isinstance(looked, Snapshot) and looked.status is Status.FAILED and record.expired and not sure:
                    sure = True  # some providers take a failure back, and this one will be the job's end
                    await asyncio.sleep(patience.CONFIRMED)
                    continue
                if isinstance(looked, Snapshot):
                    await self._adopt(record.id, record.rang, looked)
                    if record.rang == self._books[job_id].rang:
                        return
                await asyncio.sleep(patience.after_failed_look(failures + 1, None, self._rng.random()))
        finally:
            self._verifying.discard(job_id)

    async def _adopt(self, job_id: str, remote_id: str, looked: Snapshot) -> None:
        """If the answer proves that it is this job, and no other job of ours is it."""
        record = self._books[job_id]
        if record.phase is not Phase.LOST or record.remote_id is not None:
            return
        others = [each for each in self._books.known_as(record.account or "", remote_id) if each != job_id]
        if others or not _is_proved(record, looked):
            _log.warning("a callback named an id for job %s that is not proved to be it; it is not adopted", job_id)
            return
        self._books.settle(job_id, Accepted(remote_id, "hook"))
        if record.expired and is_end(
            record.spec.operation.brings, looked
        ):  # its slot was given up: it takes none for being late
            self._books.settle(job_id, Saw(looked))
        self._found(job_id)

    def _is_dead(self, bell: _Bell) -> bool:
        now, record = self._books.now(), self._books.get(bell.job)
        if bell.over_at is not None:
            return now - bell.over_at > patience.TOKEN_LIFE
        if record is None or record.phase is not Phase.LOST or not record.expired:
            return False
        return now - (record.sent_at or 0.0) > patience.LOST_TOKEN_LIFE

    def _forget_the_dead(self) -> None:
        if len(self._bells) >= self._many:
            self._bells = {token: bell for token, bell in self._bells.items() if not self._is_dead(bell)}
            self._many = max(_MANY, 2 * len(self._bells))


def _is_proved(record: Record, looked: Snapshot) -> bool:
    """The token in the answer; where it echoes no hook at all, that it was asked for in the same words."""
    if is_echoed(looked.raw, record.token):
        return True
    asked: str | None = getattr(record.spec.operation, "prompt", None)
    return bool(asked) and not has_hook(looked.raw) and (looked.prompt or "").strip() == (asked or "").strip()
