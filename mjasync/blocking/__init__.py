"""The same pool for code without `await`: `mj.sync(pool)` and `mj.run(main)`; what they hand out is typed here.

Rule 1: no second implementation. Every name does what the async one does, in the loop's own thread.
Rule 2: whoever stops waiting (Ctrl-C, a time-out) lets go of the wait, never of the job.
"""

from mjasync.blocking.door import run, sync
from mjasync.blocking.handles import SyncBatch, SyncJob, SyncOutcome, SyncResult
from mjasync.blocking.pool import SyncDrain, SyncPool, SyncRecovery

__all__ = [
    "SyncBatch",
    "SyncDrain",
    "SyncJob",
    "SyncOutcome",
    "SyncPool",
    "SyncRecovery",
    "SyncResult",
    "run",
    "sync",
]
