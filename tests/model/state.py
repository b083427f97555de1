"""The states of the model: a job with all that surrounds it, and what a search may do.

A job is its record on disk, the same record as this process believes it, and the world around: what is in the wire,
what the provider does, what callers of this process have heard.
"""

from typing import NamedTuple

from attrs import frozen

from mjasync.core.machine import Event
from tests.model.shapes import asked, moved, record


class Job(NamedTuple):
    """One job and its surroundings; numbers of `shapes` for the record."""

    #: The record that a kill leaves.
    disk: int
    #: The record as decided; ahead of `disk` until it is written.
    mind: int
    #: What this process is in the middle of: "" | intent | post | window (intent) | answer (post) | unasked.
    act: str = ""
    #: How often awaiters of this process were told an end.
    told: int = 0
    #: Some process told bad news.
    bad: bool = False
    #: Requests on their way to the provider.
    wire: int = 0
    #: What the open request was answered: "" | ok | no | busy | err (anything that cannot be read).
    reply: str = ""
    #: The provider's job: n none | w its window waits | r runs | s succeeded | f failed | g gone, unknown for ever.
    there: str = "n"
    charged: int = 0
    #: Doorbells on their way.
    rings: int = 0
    #: The same for the second paid request, the answer to the window.
    wire2: int = 0
    reply2: str = ""
    charged2: int = 0
    #: A person declared it lost: what the provider runs under it is that person's word.
    word: bool = False
    #: The disk keeps nothing more for this process: what was decided since is only in its memory.
    broken: bool = False


class Context(NamedTuple):
    """What a job's next move depends on besides itself."""

    #: A slot of the account is free for it.
    room: bool
    #: The job before it, in a chain or as the first of two tries: "" none | wait | go | no.
    before: str


@frozen(kw_only=True)
class Scope:
    """What one search lets happen, and how large it is."""

    name: str
    #: "roots" (all alike), "chain" (parent, child, and the child's twin that must not be) or "tries" (a second try).
    cast: str = "roots"
    jobs: int = 1
    cap: int = 1
    kills: int = 1
    #: Deciding and writing down are two moves.
    slow_disk: bool = False
    #: The disk may refuse for good (needs `slow_disk`).
    failing_disk: bool = False
    #: Doorbells ring when a job ends.
    hooks: bool = False
    #: The account can list its jobs.
    lists: bool = False
    #: The job opens a window.
    windows: bool = False
    #: The provider also says "not now".
    busy: bool = False
    #: Looks may say "unknown id" of a job that runs.
    lies: bool = False
    #: Deadlines pass and callers cancel.
    cancels: bool = False
    #: Somebody works on jobs of unknown fate by hand.
    person: bool = False

    @property
    def hope(self) -> bool:
        """Something may settle a submit of unknown fate."""
        return self.hooks or self.lists


def cast_of(scope: Scope, wrong: str = "") -> tuple[Job, ...]:
    """The jobs before anything happened."""
    first = Job(asked(), asked())
    if scope.cast == "chain":
        return (first, first, first._replace(act="unasked"))
    if scope.cast == "tries":
        second = asked(resubmit=wrong != "second_try_unbooked")
        return (first, Job(second, second, act="unasked"))
    return (first,) * scope.jobs


def noted(job: Job, scope: Scope, *events: Event, **more: object) -> Job:
    """Decided; written down in the same move unless the disk is slow."""
    mind = moved(job.mind, *events)
    return job._replace(mind=mind, disk=job.disk if scope.slow_disk else mind, **more)


def holds(job: Job, wrong: str = "") -> bool:
    """Its slot is taken, on disk or in mind: a slot is free only once that is written."""
    if wrong == "cancel_frees_slot" and record(job.disk).detached is not None:
        return False
    return record(job.mind).holds_slot or record(job.disk).holds_slot
