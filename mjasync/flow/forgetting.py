"""What a long-lived pool forgets: chains that are over, once a thousand others have ended since.

Whoever still holds a `Job` or a `Result` of one loses nothing: it carries its record, and a new step brings it back.
With a journal on disk a forgotten job is found again by its id, its ticket or its key; without one, a job with a key
is never forgotten.
"""

from collections import Counter
from collections.abc import Callable, Mapping

from mjasync.core.machine import FINAL
from mjasync.core.model import Phase, Record

#: Jobs that have ended and are still remembered.
KEPT = 1000


class Forgetting:
    """Chains by their first jobs: how many of their jobs are not over, and which to forget next.

    A job that nothing was asked for after is a chain of its own, and nothing is kept about it before it is over.
    """

    def __init__(self, records: Mapping[str, Record], forget: Callable[[list[str]], None], *, keys_too: bool) -> None:
        self._records = records
        self._forget = forget
        #: Whether jobs with a key may go too: somebody else can find them.
        self._keys_too = keys_too
        #: Chains of several jobs.
        self._chains: dict[str, list[str]] = {}
        self._roots: dict[str, str] = {}
        self._open: Counter[str] = Counter()
        #: Chains that are over, the one that ended first before the others.
        self._ended: dict[str, None] = {}
        self._over = 0
        self._done: set[str] = set()

    def came(self, record: Record) -> None:
        """A job was asked for, taken up or found; it may be a step after one that is over."""
        if record.id in self._roots or record.spec.parent is None:
            return
        line = [record]
        while (parent := line[-1].spec.parent) is not None and parent not in self._roots:
            line.append(self._records[parent])
        root = self._roots.get(parent or "", line[-1].id)
        if root in self._ended:  # begun again
            del self._ended[root]
            self._over -= len(self._chain(root))
        for each in reversed(line):
            self._roots[each.id] = root
            self._chains.setdefault(root, []).append(each.id)
            if each is record or not (each.id in self._done or _is_over(each)):
                self._open[root] += 1
            else:
                self._done.add(each.id)

    def moved(self, record: Record) -> None:
        """A job may be over now."""
        if not _is_over(record) or record.id in self._done or record.id not in self._records:
            return
        root = self._roots.get(record.id, record.id)
        self._done.add(record.id)
        if root in self._chains:
            self._open[root] -= 1
            if self._open[root]:
                return
        self._ended[root] = None
        self._over += len(self._chain(root))
        while self._over > KEPT and len(self._ended) > 1:
            self._drop(next(iter(self._ended)))

    def _chain(self, root: str) -> list[str]:
        return self._chains.get(root, [root])

    def _drop(self, root: str) -> None:
        """Forget a chain, unless it is named by a key that only we know."""
        del self._ended[root]
        chain = self._chain(root)
        self._chains.pop(root, None)
        self._over -= len(chain)
        del self._open[root]
        for job_id in chain:
            self._roots.pop(job_id, None)
            self._done.discard(job_id)
        if self._keys_too or all(self._records[job_id].spec.key is None for job_id in chain):
            self._forget(chain)


def _is_over(record: Record) -> bool:
    """Nothing will happen to it any more; a lost job that can still be looked for may come back."""
    sought = record.remote_id is not None or bool(record.token)
    return record.phase in FINAL or (record.phase is Phase.LOST and record.expired and not sought)
