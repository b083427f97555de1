"""What we believe about every job, and the only way to change it.

Every change passes `note`: decided (the table may refuse), written down, and only then published. The belief itself
changes in the same breath as the decision, so that two writers of one job can never overwrite each other; what waits
for the disk is the publication, and whoever has to.
"""

from collections import Counter
from collections.abc import Callable, Coroutine, Iterator, Mapping
from typing import Any

from mjasync.core import machine
from mjasync.core.machine import Event, Saw
from mjasync.core.model import Phase, Record, Spec
from mjasync.journal import Entry, Journal

#: Called with the record after a change that is durable.
Publish = Callable[[Record], None]


class Books(Mapping[str, Record]):
    """Records by job id."""

    def __init__(self, journal: Journal, now: Callable[[], float], publish: Publish) -> None:
        self._journal = journal
        self._now = now
        self._publish = publish
        self._records: dict[str, Record] = {}
        self._tickets: set[tuple[str, str]] = set()
        #: How often each job was looked at; decoration, not kept by the journal.
        self.looks: Counter[str] = Counter()

    def __getitem__(self, job_id: str) -> Record:
        return self._records[job_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._records)

    def __len__(self) -> int:
        return len(self._records)

    def has_ticket(self, account: str, remote_id: str) -> bool:
        """True if one of our jobs is known under this id."""
        return (account, remote_id) in self._tickets

    def now(self) -> float:
        """Seconds on the loop's clock."""
        return self._now()

    def ask(self, job_id: str, spec: Spec) -> Record:
        """Begin a job. Its place in the journal is taken now; whatever needs it durable comes after it."""
        at = self.now()
        record = self._records[job_id] = machine.replay(job_id, [(machine.Asked(spec), at)])
        self._journal.append(Entry(job_id, machine.Asked(spec), at))
        return record

    def decide(self, job_id: str, event: Event) -> Callable[[], Coroutine[Any, Any, Record]]:
        """Decide and write down now; the returned function waits until that is durable, and publishes.

        Raises `IllegalMove` before anything happened.
        """
        at = self.now()
        before = self._records[job_id]
        after = self._records[job_id] = machine.apply(before, event, at)
        if after.account and after.remote_id:
            self._tickets.add((after.account, after.remote_id))
        kept = _is_worth_keeping(before, after, event)
        durable = self._journal.append(Entry(job_id, event, at)) if kept else None

        async def publish() -> Record:
            if durable is not None:
                await durable
            if after is not before:
                self._publish(after)
            return after

        return publish

    async def note(self, job_id: str, event: Event) -> Record:
        """Decide, write down, publish."""
        return await self.decide(job_id, event)()


def _is_worth_keeping(before: Record, after: Record, event: Event) -> bool:
    """Progress is seen again at the next look; only what a restarted process could not learn is written down."""
    if after is before:
        return False
    return not isinstance(event, Saw) or after.phase in machine.FINAL or before.phase is Phase.LOST
