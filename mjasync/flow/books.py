"""What we believe about every job, and the only way to change it.

Every change passes `note`: decided (the table may refuse), written down, and only then published. The belief itself
changes in the same breath as the decision, so that two writers of one job can never overwrite each other; what waits
for the disk is the publication, and whoever has to.
"""

from collections import Counter
from collections.abc import Callable, Coroutine, Iterator, Mapping
from typing import Any

from attrs import evolve

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
        #: Account and provider's id → our ids, oldest first: a seed may be told under its picture's id.
        self._tickets: dict[tuple[str, str], list[str]] = {}
        #: How often each job was looked at; decoration, not kept by the journal.
        self.looks: Counter[str] = Counter()

    def __getitem__(self, job_id: str) -> Record:
        return self._records[job_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._records)

    def __len__(self) -> int:
        return len(self._records)

    def known_as(self, account: str, remote_id: str) -> tuple[str, ...]:
        """Our jobs that are, or once were, known under this id."""
        return tuple(self._tickets.get((account, remote_id), ()))

    def parent_of(self, record: Record) -> Record | None:
        """The job that this one is a step after, with the prompt of its lineage where its own answer has none."""
        parent = self._records[record.spec.parent] if record.spec.parent else None
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
            record = self._records[record.spec.parent]

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
        if after.account and after.remote_id and after.remote_id != before.remote_id:
            self._tickets.setdefault((after.account, after.remote_id), []).append(job_id)
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
