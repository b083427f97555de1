"""Users' own request ids: one key, one request, whichever process asked first."""

from collections.abc import Callable, Mapping

from attrs import evolve

from mjasync.core.ledger import frees_key
from mjasync.core.model import Phase, Record, Spec
from mjasync.core.operations import GetSeed, lightened
from mjasync.errors import KeyReused
from mjasync.flow.job import Job


class Keys:
    """Which job a key names."""

    def __init__(
        self,
        jobs: Mapping[str, Job],
        find: Callable[[str], str | None],
        *,
        records: Mapping[str, Record] = {},
        follow: Callable[[str], None] = lambda _: None,
    ) -> None:
        """`follow`: tells a step whose parent ended badly that it is not sent (`Queueing.follow`)."""
        self._jobs = jobs
        self._records = records
        self._follow = follow
        #: Brings the job of an earlier process, and makes it one of `jobs`.
        self._find = find
        self._ids: dict[str, str] = {}

    def take(self, spec: Spec, job_id: str) -> None:
        """From now on the key names this job."""
        if spec.key is not None:
            self._ids[spec.key] = job_id

    def forget(self, spec: Spec) -> None:
        """The journal finds it from now on."""
        self._ids.pop(spec.key or "", None)

    def free(self, record: Record) -> None:
        """It failed and cost nothing, for a reason that may pass: its key may be used again."""
        key = record.spec.key or ""
        if self._ids.get(key) == record.id:
            del self._ids[key]

    def same(self, spec: Spec) -> Job | None:
        """The job that was asked for under this key; raises `KeyReused` for another request."""
        job_id = self._known(spec.key)
        if job_id is None:
            return None
        job = self._jobs[job_id]
        same = job.spec.operation == spec.operation and _options(job.spec) == _options(spec)
        if same or _request(job.spec) == _request(spec):
            return job
        if self._never_sent(job_id):
            return None
        raise _reused(spec, job)

    def check(self, specs: list[Spec]) -> None:
        """Raise `KeyReused` for a key that two of these, or one of these and a job, use for different requests."""
        seen: dict[str, Spec] = {}
        for spec in specs:
            if spec.key is None:
                continue
            known = self._known(spec.key)
            first = seen.setdefault(spec.key, self._jobs[known].spec if known else spec)
            if _request(first) != _request(spec):
                raise _reused(spec, self._jobs[known] if known else None)

    def _never_sent(self, job_id: str) -> bool:
        """Whether the job is a step that ends unsent, because one before it ended badly: so its key is free.

        That may not be written down yet: the step sleeps, or its parent's end was told only now.
        """
        record = self._records.get(job_id)
        if record is None or record.phase is not Phase.HELD or record.spec.parent is None:
            return record is not None and frees_key(record)
        self._never_sent(record.spec.parent)
        parent = self._records[record.spec.parent]
        if parent.settled and (parent.phase is not Phase.DONE or parent.outcome is not None):
            self._follow(job_id)
        return frees_key(self._records[job_id])

    def _known(self, key: str | None) -> str | None:
        if key is None:
            return None
        if key not in self._ids:
            job_id = self._find(key)
            if job_id is None:
                return None
            self._ids[key] = job_id
        return self._ids[key]


def _request(spec: Spec) -> Spec:
    """What the provider is asked for: neither what was computed from the pool, nor how long and how soon to wait."""
    return evolve(_options(spec), operation=lightened(spec.operation, exactly=True))


def _options(spec: Spec) -> Spec:
    return evolve(spec, accounts=(), deadline=None, priority=0, operation=GetSeed())


def _reused(spec: Spec, job: Job | None) -> KeyReused:
    return KeyReused(
        f"key={spec.key!r} was used for another request.",
        why=f"it names job {job.id}" if job else "two requests of one batch have it",
        hint="use one key for one request; ask again without a key, or with a new one",
        job=job,
    )
