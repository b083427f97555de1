"""`python -m tests.kills.child LIFE`: one life of a client; LIFE is JSON, as the harness writes it.

Rule 1: it dies at its point, by its own hand and without a word; else it ends as a good program does, with code 0.
Rule 2: only the last life asks nothing of fate: it recovers, waits for everything, closes, and opens once more.
"""

import asyncio
import contextlib
import json
import os
import sys
from pathlib import Path
from typing import Any

import mjasync as mj
from tests.kills.deadly import DeadlyJournal, DeadlyLine, Fate
from tests.kills.quick import SPEED, QuickLoop
from tests.kills.workload import Visit

#: Real seconds after which a life closes, whatever still runs: a window that nobody answered may wait for an hour.
PATIENCE = 4.0
#: Seconds on the loop's clock for jobs whose callers have gone: a minute at most is what the providers take; on a
#: machine that does much else at once, many times as long.
QUIET = 4000.0


def live(life: dict[str, Any]) -> None:
    """Live it."""
    fate = Fate(*life.get("point") or ())
    os.fsync = fate.around(os.fsync, "fsync")
    os.replace = fate.around(os.replace, "replace")
    with asyncio.Runner(loop_factory=lambda: QuickLoop(life["started"], life["later"])) as runner:
        runner.run(_interrupted(life, fate) if life["interrupts"] else _main(life, fate))


async def _main(life: dict[str, Any], fate: Fate) -> None:
    folder = Path(life["folder"])
    pool = _pool(life, fate)
    await pool.__aenter__()
    visit = Visit(pool, fate, folder, number=life["number"])
    works = [asyncio.ensure_future(_recover(pool, fate, visit))] if life["number"] else []
    works += [asyncio.ensure_future(work) for work in visit.works(life["work"])]
    await asyncio.wait(works, timeout=life["close_at"] or PATIENCE * SPEED)
    if life["last"]:
        await _quiet(pool)
    fate.reach("close", "before")
    # What waited for a quarantine to end may have been sent in this very moment.
    closing = asyncio.ensure_future(pool.aclose(drain=QUIET if life["last"] else life["drain"]))
    await asyncio.sleep(0)
    fate.reach("close", "begun")
    await closing
    fate.reach("close", "after")
    await asyncio.gather(*works)
    if life["last"]:
        await _once_more(life)


async def _interrupted(life: dict[str, Any], fate: Fate) -> None:
    """As programs are written; Ctrl-C comes from outside."""
    folder = Path(life["folder"])
    async with _pool(life, fate) as pool:
        visit = Visit(pool, fate, folder, number=life["number"])
        await asyncio.gather(*visit.works(life["work"]))


async def _recover(pool: mj.Pool, fate: Fate, visit: Visit) -> None:
    fate.reach("recover", "before")
    await pool.recover()
    fate.reach("recover", "after")
    await visit.hear_all()


async def _quiet(pool: mj.Pool) -> None:
    """Who was told early has gone, and the job may still run: this life sees its end too."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(QUIET):
            while any(job.phase in ("sending", "queued", "running") for job in pool.jobs):  # noqa: ASYNC110
                await asyncio.sleep(5.0)


async def _once_more(life: dict[str, Any]) -> None:
    """What the last life left can be opened again."""
    pool = _pool(life, Fate())
    await pool.__aenter__()
    await pool.aclose()


def _pool(life: dict[str, Any], fate: Fate) -> mj.Pool:
    key, sabotage = life["key"], life["sabotage"]
    cap = life["cap"] * (3 if sabotage == "wide" else 1)
    journal = DeadlyJournal(str(Path(life["folder"]) / "jobs.db"), fate, lazy=sabotage)
    accounts = (
        mj.TTAPI(key, base_url=life["ttapi"], max_jobs=cap, transport=DeadlyLine(fate)),
        mj.MJProxy(key, base_url=life["mjproxy"], max_jobs=cap, transport=DeadlyLine(fate)),
    )
    return mj.Pool(*accounts, journal=journal, public_url="https://hooks.example.com/mj" if life["hooks"] else None)


if __name__ == "__main__":
    live(json.loads(sys.argv[1]))
