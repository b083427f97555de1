"""What we believe about every job, and the only way to change it.

Every change passes `decide`: decided (the table may refuse), written down, and only then told. The belief itself
changes in the same breath as the decision, so that two writers of one job can never overwrite each other; what waits
for the disk is the telling, in the order of the decisions, and whoever has to.
"""

import asyncio
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextvars import Context, copy_context
from random import Random, SystemRandom

from attrs import evolve, frozen

from mjasync.core import machine
from mjasync.core.fresh import Folder, Fresh
from mjasync.core.machine import Asked, Event, Filling, Saw, Sending
from mjasync.core.model import Phase, Record, Spec, Ticket
from mjasync.core.tokens import masked
from mjasync.errors import JournalWriteError
from mjasync.events import JobQueued
from mjasync.flow.diary import Diary
from mjasync.flow.news import News
from mjasync.flow.telling import Telling
from mjasync.journal import Entry, Journal

#: Called with the record after a change that is durable; or with the reason why the disk did not keep it.
Publish = Callable[[Record, JournalWriteError | None], None]
#: Called with every change as it is decided, in order.
Witness = Callable[[Record | None, Record], None]

#: What has to be durable before a byte leaves: where it is not, nothing left.
_BEFORE_A_BYTE = (Sending, Filling)


@frozen(eq=False)
class _Page:
    """One decision, and when it may be told (None: now)."""

    before: Record
    after: Record
    event: Event
    durable: asyncio.Future[None] | None
    #: Of whoever asked, where somebody listens.
    context: Context | None = None


class Books(Mapping[str, Record]):
    """Records by job id."""

    def __init__(
        self,
        journal: Journal,
        now: Callable[[], float],
        publish: Publish,
        *,
        wall: Callable[[], float] = time.time,
        saw: Witness | None = None,
        news: News | None = None,
    ) -> None:
        self._journal = journal
        self._now = now
        self._wall = wall
        self._publish = publish
        self._saw = saw
        self._records: dict[str, Record | Fresh] = {}
        self._folder = Folder()
        #: The fresh job that was asked about last: it is asked about several times in a row.
        self._unfolded: Record | None = None
        #: Decided, and not told yet; oldest first.
        self._line: deque[_Page] = deque()
        #: Account and provider's id → our ids, oldest first: a seed may be told under its picture's id.
        self._tickets: dict[tuple[str, str], list[str]] = {}
        #: How often each job was looked at; decoration, not kept by the journal.
        self.looks: Counter[str] = Counter()
        #: Jobs by phase and account, forgotten ones too; and the looks of those.
        self.counts: Counter[tuple[Phase, str]] = Counter()
        self.looks_gone = 0
        #: Looks that went with another job's request, less those that took two.
        self.shared = 0
        self.news, self.diary = news or News(), Diary(journal)
        self._telling = Telling(self.news, self.counts, self.looks)

    def __getitem__(self, job_id: str) -> Record:
        kept = self._records[job_id]
        if isinstance(kept, Record):
            return kept
        if self._unfolded is None or self._unfolded.id != job_id:
            self._unfolded = kept.unfolded
        return self._unfolded

    def __contains__(self, job_id: object) -> bool:
        return job_id in self._records

    def kept(self, job_id: str) -> Record | Fresh:
        """The job as it is kept here: thousands that wait are not unfolded for nothing."""
        return self._records[job_id]

    def terms(self, job_id: str) -> Spec:
        """What was asked for, but for the operation."""
        kept = self._records[job_id]
        return kept.spec if isinstance(kept, Record) else kept.terms

    def __iter__(self) -> Iterator[str]:
        return iter(self._records)

    def __len__(self) -> int:
        return len(self._records)

    def known_as(self, account: str, remote_id: str, *, here: bool = False) -> tuple[str, ...]:
        """Our jobs that are, or once were, known under this id; of earlier processes too, unless only those `here`."""
        if (account, remote_id) not in self._tickets and not here:
            for record in self._journal.find(ticket=Ticket(account, remote_id)):
                self.restore(record)
                self._tickets.setdefault((account, remote_id), [])
        return tuple(self._tickets.get((account, remote_id), ()))

    def is_known(self, account: str, remote_id: str) -> bool:
        """Whether a job of ours is, or once was, known under this id; nothing is brought in for asking."""
        ticket = account, remote_id
        return bool(self._tickets.get(ticket)) or bool(self._journal.find(ticket=Ticket(*ticket)))

    def parent_of(self, record: Record) -> Record | None:
        """The job that this one is a step after, with the prompt of its lineage where its own answer has none."""
        parent = self[record.spec.parent] if record.spec.parent else None
        if parent is None or parent.snapshot is None or parent.snapshot.prompt:
            return parent
        return evolve(parent, snapshot=evolve(parent.snapshot, prompt=self._prompt_of(parent)))

    def _prompt_of(self, record: Record) -> str | None:
        while True:
            prompt = (record.snapshot.prompt if record.snapshot else None) or getattr(
                record.spec.operation, "prompt", None
            )
            if prompt or record.spec.parent is None:
                return prompt
            record = self[record.spec.parent]

    def is_lost(self, job_id: str) -> bool:
        """Whether nobody knows what became of a job."""
        return self._records[job_id].phase is Phase.LOST

    def now(self) -> float:
        """Seconds on the loop's clock."""
        return self._now()

    def shown(self, at: float) -> str:
        """A second on the loop's clock as people read it: 12:00:01, in the local time zone."""
        return time.strftime("%H:%M:%S", time.localtime(self._wall() + at - self.now()))

    @property
    def place(self) -> str:
        """Where a later process finds the journal; "" if it ends with this one."""
        return self._journal.place

    def restore(self, record: Record) -> None:
        """Take in a job as an earlier process left it, and those before it in its chain."""
        if record.id in self._records:
            return
        if record.spec.parent is not None and record.spec.parent not in self._records:
            for parent in self._journal.find(job=record.spec.parent):
                self.restore(parent)
            if record.spec.parent not in self._records:  # nobody knows any more where it came from
                record = evolve(record, spec=evolve(record.spec, parent=None))
        self.diary.inherited.add(record.id)
        self._set(None, record)

    def rehome(self, job_id: str, accounts: tuple[str, ...]) -> None:
        """A job that was never sent may go to these accounts instead of those that it was asked for."""
        record = self[job_id]
        self._set(record, evolve(record, spec=evolve(record.spec, accounts=accounts)))

    def forget(self, job_ids: Iterable[str]) -> None:
        """Let go of jobs that are over; see `Forgetting`."""
        records = [self[job_id] for job_id in job_ids]
        for record in records:
            del self._records[record.id]
            self.diary.forget(record.id)
            self.looks_gone += self.looks.pop(record.id, 0)
            for remote_id in (record.remote_id, record.window_id):
                known = self._tickets.get((record.account or "", remote_id or ""), [])
                if record.id in known:
                    known.remove(record.id)
                    if not known:
                        del self._tickets[record.account or "", remote_id or ""]

    def new_id(self, rng: Random) -> str:
        """An id that no job has."""
        while True:
            job_id = f"{rng.getrandbits(64):016x}"
            # Chance of the system's does not repeat itself; a seeded one does in the next process.
            known = job_id in self or (type(rng) is not SystemRandom and self._journal.find(job=job_id))
            if not known:
                return job_id

    def ask(self, job_id: str, spec: Spec) -> Record:
        """Begin a job. Its place in the journal is taken now; whatever needs it durable comes after it."""
        at = self.now()
        event = Asked(spec)
        record = machine.replay(job_id, [(event, at)])
        self._set(None, record)
        durable = self._journal.append(Entry(job_id, event, at))
        listened = self.news.wants(JobQueued)
        if durable is not None or listened:
            self._add(_Page(record, record, event, durable, copy_context() if listened else None))
        if durable is None and listened:  # nothing else would tell it
            asyncio.get_running_loop().call_soon(self.tell)
        return record

    def settle(self, job_id: str, event: Event) -> None:
        """Decide and write down now; told as soon as it is durable, without anybody waiting for it.

        Raises `IllegalMove` before anything happened.
        """
        page = self._decide(job_id, event)
        if page.durable is None:
            asyncio.get_running_loop().call_soon(self.tell)

    async def note(self, job_id: str, event: Event) -> Record:
        """Decide, write down, tell. Returns once it is durable.

        Raises `JournalWriteError` where a byte must not leave because the disk did not keep that it would.
        """
        page = self._decide(job_id, event)
        if page.durable is not None and not page.durable.done():
            await asyncio.wait([page.durable])
        self.tell()
        if page.durable is not None and isinstance(event, _BEFORE_A_BYTE):
            page.durable.result()
        return page.after

    def _decide(self, job_id: str, event: Event) -> _Page:
        at = self.now()
        before = self[job_id]
        if isinstance(event, Saw) and before.token:
            event = Saw(evolve(event.snapshot, raw=masked(event.snapshot.raw, before.token)))
        after = machine.apply(before, event, at)
        page = _Page(before, after, event, None)
        if after is not before:
            self._set(before, after)
            self.diary.note(before, after, event, at)
            if _is_worth_keeping(before, after, event):
                page = evolve(page, durable=self._journal.append(Entry(job_id, event, at)))
            self._add(page)
        return page

    def _set(self, before: Record | None, after: Record) -> None:
        kept = self._records[after.id] = self._folder.folded(after)
        if isinstance(kept, Fresh):
            self._unfolded = after
        elif self._unfolded is not None and self._unfolded.id == after.id:
            self._unfolded = None  # it may hold megabytes of pictures
        self.counts[after.phase, after.account or ""] += 1
        if before is not None:
            self.counts[before.phase, before.account or ""] -= 1
        if after.account and after.remote_id and (before is None or after.remote_id != before.remote_id):
            self._tickets.setdefault((after.account, after.remote_id), []).append(after.id)
        if self._saw is not None:
            self._saw(before, after)

    def _add(self, page: _Page) -> None:
        self._line.append(page)
        if page.durable is not None:
            page.durable.add_done_callback(self.tell)

    def tell(self, _future: object = None) -> None:
        """Tell what is durable, in the order in which it was decided."""
        while self._line and (self._line[0].durable is None or self._line[0].durable.done()):
            page = self._line.popleft()
            self.news.hold()
            try:
                self._tell(page, page.durable.exception() if page.durable is not None else None)
            finally:
                self.news.let_go()

    def _tell(self, page: _Page, error: BaseException | None) -> None:
        """Whoever listens hears it after whoever waits for the job."""
        if error is None or not isinstance(page.event, _BEFORE_A_BYTE):
            before = None if isinstance(page.event, Asked) else page.before
            self._telling.step(before, page.after, page.event, page.context)
        if error is None:
            self._publish(page.after, None)
        else:
            self._unwritten(page, error)

    def _unwritten(self, page: _Page, error: BaseException) -> None:
        """The disk did not keep it. What had to be kept first did not happen; the rest did, and goes on in memory."""
        if isinstance(page.event, _BEFORE_A_BYTE) and self._records[page.after.id] is page.after:
            self._set(page.after, page.before)
        wrong = error if isinstance(error, JournalWriteError) else JournalWriteError(str(error))
        self._publish(self[page.after.id], wrong)


def _is_worth_keeping(before: Record, after: Record, event: Event) -> bool:
    """Progress is seen again at the next look; only what a restarted process could not learn is written down."""
    return not isinstance(event, Saw) or after.phase in machine.FINAL or before.phase is Phase.LOST
