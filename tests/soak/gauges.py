"""What a process holds, read from the system: memory, descriptors, threads, tasks, timers, sockets that nobody closed.

Rule 1: reading changes nothing; Linux only, where the soak runs.
"""

import asyncio
import os
import threading
from collections.abc import Sequence
from pathlib import Path
from statistics import linear_regression

from attrs import frozen

_CLOSE_WAIT = "08"
_MIB = 1 << 20
_DESCRIPTORS = Path("/proc/self/fd")
#: The share of a run that is warming up, and jobs at least: caches, pools of threads, the thousand remembered jobs.
WARM_UP, AT_LEAST = 0.1, 2500


@frozen(kw_only=True)
class Sample:
    """One reading."""

    jobs: int
    rss: float
    fds: int
    threads: int
    tasks: int
    timers: int


def sample(jobs: int) -> Sample:
    """Read now, inside of a running loop."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    loop = asyncio.get_running_loop()
    return Sample(
        jobs=jobs,
        rss=pages * os.sysconf("SC_PAGE_SIZE") / _MIB,
        fds=sum(1 for _ in _DESCRIPTORS.iterdir()),
        threads=threading.active_count(),
        tasks=len(asyncio.all_tasks()),
        timers=len(loop._scheduled),  # type: ignore[attr-defined]
    )


def close_wait() -> int:
    """Sockets of this process that the other side has closed and we have not."""
    mine = set()
    for path in _DESCRIPTORS.iterdir():
        try:
            target = str(path.readlink())
        except FileNotFoundError:  # the descriptor of the listing itself
            continue
        if target.startswith("socket:["):
            mine.add(target[8:-1])
    count = 0
    for table in ("tcp", "tcp6"):
        path = Path(f"/proc/self/net/{table}")
        rows = path.read_text().splitlines()[1:] if path.exists() else []
        count += sum(row.split()[3] == _CLOSE_WAIT and row.split()[9] in mine for row in rows)
    return count


def warm(samples: Sequence[Sample]) -> list[Sample]:
    """Those after the warm-up."""
    first = max(WARM_UP * samples[-1].jobs, AT_LEAST) if samples else 0
    return [each for each in samples if each.jobs >= first] or list(samples[-1:])


def slope(samples: Sequence[Sample]) -> float:
    """MiB of memory for each 10,000 jobs, after the warm-up, as a straight line fits best."""
    later = warm(samples)
    if len({each.jobs for each in later}) < 2:
        return 0.0
    return 10_000 * linear_regression([each.jobs for each in later], [each.rss for each in later]).slope


def drift(samples: Sequence[Sample]) -> float:
    """MiB between the end of the warm-up and the end: means of a tenth of the samples each, against single peaks."""
    later = warm(samples)
    if not later:
        return 0.0
    tenth = max(1, len(later) // 10)
    head, tail = later[:tenth], later[-tenth:]
    return sum(each.rss for each in tail) / tenth - sum(each.rss for each in head) / tenth
