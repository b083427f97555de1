"""Which accounts a chain's first job may go to: any that can do it, better one where the whole chain can be done.

A chain that begins where it cannot go on would be paid for nothing. But a preference is no duty: where none of the
preferred accounts can be used, or the step that asked for them is gone, the job is as free as it was asked for.
"""

from collections.abc import Callable, Mapping

from mjasync.core.model import Failure, Mode, Record


class Choices:
    """The accounts of first jobs, by what has been asked for after them and by what refused them."""

    def __init__(self, records: Mapping[str, Record], is_bad: Callable[[str, Mode], Failure | None]) -> None:
        self._records = records
        self._is_bad = is_bad
        #: First job → the steps after it, however far, that fewer accounts can do.
        self._steps: dict[str, list[str]] = {}
        #: Job → the accounts whose servers lack its kind of work.
        self._excluded: dict[str, set[str]] = {}

    def of(self, record: Record) -> tuple[str, ...]:
        """The accounts that the job may go to now."""
        able = [name for name in record.spec.accounts if name not in self._excluded.get(record.id, ())]
        wanted = able
        for step in (self._records[job_id] for job_id in self._steps.get(record.id, ())):
            both = [name for name in wanted if name in step.spec.accounts]
            wanted = both if both and not step.settled else wanted
        usable = any(self._is_bad(name, record.spec.mode) is None for name in wanted)
        return tuple(wanted if usable else able)

    def root_of(self, record: Record) -> Record:
        """The first job of a chain."""
        while record.spec.parent is not None:
            record = self._records[record.spec.parent]
        return record

    def add(self, step: Record) -> bool:
        """A step was asked for; True if its chain's first job has a narrower choice for it."""
        root = self.root_of(step)
        if set(step.spec.accounts) >= set(root.spec.accounts):
            return False
        self._steps.setdefault(root.id, []).append(step.id)
        return True

    def matters(self, step: Record) -> bool:
        """Whether this step ever narrowed its first job's choice."""
        return step.id in self._steps.get(self.root_of(step).id, ())

    def exclude(self, record: Record, account: str) -> bool:
        """The account's server lacks the job's kind of work; True if another account is left."""
        self._excluded.setdefault(record.id, set()).add(account)
        return record.spec.parent is None and bool(self.of(record))

    def forget(self, job_id: str) -> None:
        """The job was sent, or has ended."""
        self._steps.pop(job_id, None)
        self._excluded.pop(job_id, None)
