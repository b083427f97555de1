"""What a watcher of a job sees."""

from attrs import frozen

from mjasync.core.model import ImageURL, Phase, Record


@frozen(kw_only=True)
class JobEvent:
    """Something that happened to a job."""

    #: Where the job is now.
    phase: Phase
    #: 0 to 1 as the provider tells it, or None where it says nothing.
    progress: float | None
    #: A picture of the unfinished work, where there is one.
    preview: ImageURL | None
    #: Seconds that are probably left: of such jobs half are over by then; `job.eta` has the range. None where nobody can
    #: say: it waits for a slot, is lost, or is over.
    eta: float | None
    #: Seconds on the loop's clock.
    at: float


def shown(record: Record) -> tuple[object, ...]:
    """What a watcher can see of a record."""
    seen = record.snapshot
    return record.phase, record.settled, record.ticket, seen and (seen.progress, seen.preview)
