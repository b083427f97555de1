"""A worker: takes orders from a queue, writes each end down, and stops cleanly on SIGTERM or Ctrl-C.

The queue is a folder here, a file an order: `{"prompt": ...}`. Any other queue has the same three moments: take an
order (`key=` is its id, so that one which is delivered twice is paid once), wait, confirm.
"""

import asyncio
import json
import signal
import sys
from pathlib import Path

import mjasync as mj


async def work(inbox: Path, outbox: Path) -> None:
    """Take orders until told to stop."""
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    pool = mj.Pool.from_env(journal="jobs.db")
    async with pool.lifespan(), asyncio.TaskGroup() as group:
        await pool.recover()  # what an earlier process was asked for, and had not sent
        taken: set[str] = set()
        while not stop.is_set():
            for order in sorted(inbox.glob("*.json")):
                if order.stem not in taken:
                    taken.add(order.stem)
                    group.create_task(one(pool, order, outbox))
            try:
                await asyncio.wait_for(stop.wait(), timeout=0.5)
            except TimeoutError:
                continue
        await pool.aclose(drain=10)  # those that still run end as PoolClosed; their orders stay in the inbox


async def one(pool: mj.Pool, order: Path, outbox: Path) -> None:
    """One order, from its file to its answer."""
    try:
        job = pool.imagine(json.loads(order.read_text())["prompt"], key=order.stem)
    except (ValueError, KeyError, TypeError) as error:  # one that nobody can draw must not stop the others
        (outbox / order.name).write_text(json.dumps({"key": order.stem, "error": str(error)}))
        order.unlink()
        return
    await job.ended()
    if isinstance(job.exception(), mj.PoolClosed):
        return  # the next worker asks under the same key, and gets the same job
    (outbox / order.name).write_text(json.dumps(job.snapshot(), indent=2))
    order.unlink()


if __name__ == "__main__":
    asyncio.run(work(Path(sys.argv[1]), Path(sys.argv[2])))
