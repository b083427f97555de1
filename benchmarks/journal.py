"""The embedded journal beside the one that keeps nothing: what a job costs, on the clock, in CPU and in bytes.

Rounds alternate in one process; what counts is the median of the rounds' ratios. The disk is the one that holds the
temporary files, with every fsync that a real run has.
"""

import asyncio
import json
import os
import tempfile
import time
from pathlib import Path
from statistics import median

from attrs import frozen

from benchmarks.report import Goal, Report
from mjasync.core import machine
from mjasync.core.machine import Accepted, Asked, Event, Saw, Sending
from mjasync.core.model import Action, ImageURL, Snapshot, Spec, Status
from mjasync.core.operations import Imagine
from mjasync.journal import Entry, Journal, Opening
from mjasync.journal.memory import MemoryJournal
from mjasync.journal.sqlite import SQLiteJournal

#: Bytes of the file for a finished job, its events, rows and indexes included.
MOST_BYTES = 2048.0
#: Jobs that run at once: four accounts with all their slots taken.
AT_ONCE = 40
_PROMPT = "a lighthouse at dusk, oil on canvas, heavy strokes, cold light over a calm sea --ar 3:2 --v 6.1 --s 250"
_BUTTONS = [f"{what}{number}" for what in ("upsample", "variation") for number in (1, 2, 3, 4)] + ["reroll"]


def finished_grid(number: int) -> dict[str, object]:
    """What TTAPI answers for a finished grid (seed 000, its fetch), with an address for each picture."""
    job = f"{number:08x}-1aee-5aba-4510-14818d6875e4"
    links = [f"https://cdnb.ttapi.io/2025-02-27/{job}_{tile}.png" for tile in range(4)]
    discord = f"https://cdn.discordapp.com/attachments/1250/1344/{job}.png?ex=67c6d1a5&is=67b4&hm={number:064x}"
    data = {
        "action": "imagine",
        "jobId": job,
        "prompt": f"{_PROMPT} {number}",
        "components": _BUTTONS,
        "images": links,
        "cdnImage": f"https://cdnb.ttapi.io/2025-02-27/{job}.png",
        "discordImage": discord,
        "progress": "100",
        "quota": 3,
        "seed": None,
        "width": 1536,
        "height": 1024,
        "hookUrl": "",
    }
    return {"status": "SUCCESS", "jobId": job, "message": "success", "data": data}


def _life(number: int) -> tuple[Event, ...]:
    """All that is written down of one job that goes well."""
    raw = finished_grid(number)
    data = json.loads(json.dumps(raw["data"]))
    seen = Snapshot(
        status=Status.DONE,
        progress=100,
        images=(ImageURL(data["cdnImage"]), ImageURL(data["discordImage"])),
        tiles=tuple(map(ImageURL, data["images"])),
        actions=tuple(Action(token.replace("upsample", "upscale"), token, token[:1].upper()) for token in _BUTTONS),
        prompt=data["prompt"],
        quota=3.0,
        size=(1536, 1024),
        raw=raw,
    )
    spec = Spec(operation=Imagine(prompt=f"{_PROMPT} {number}"), accounts=("ttapi",))
    return Asked(spec), Sending("ttapi", f"{number:064x}"), Accepted(data["jobId"]), Saw(seen)


@frozen
class _Round:
    """Of one round: seconds on the clock and of CPU for each job."""

    wall: float
    cpu: float


async def _live(journal: Journal, lives: list[tuple[str, tuple[Event, ...]]], at_once: int) -> None:
    queue = iter(lives)

    async def worker() -> None:
        for job, events in queue:
            record = machine.replay(job, [(events[0], 0.0)])
            for event in events:
                # What the books of a pool do either way.
                record = record if event is events[0] else machine.apply(record, event, 0.0)
                durable = journal.append(Entry(job, event, 0.0))
                if durable is not None:
                    await durable

    await asyncio.gather(*(worker() for _ in range(at_once)))


def _round(journal: Journal, first: int, jobs: int, at_once: int = AT_ONCE) -> _Round:
    lives = [(f"{number:016x}", _life(number)) for number in range(first, first + jobs)]

    async def story() -> _Round:
        wall, cpu = time.perf_counter(), time.process_time()
        await _live(journal, lives, at_once)
        return _Round((time.perf_counter() - wall) / jobs, (time.process_time() - cpu) / jobs)

    return asyncio.run(story())


def _opened(place: Path) -> SQLiteJournal:
    journal = SQLiteJournal(place)
    journal.open(Opening(now=time.monotonic, wall=time.time, accounts={"ttapi": "0123456789abcdef"}))
    return journal


def _fsync(folder: Path, times: int) -> float:
    """Seconds of a write of one page with its fdatasync, which the disk alone needs."""
    with (folder / "plain").open("wb") as file:
        begun = time.perf_counter()
        for _ in range(times):
            file.write(bytes(4096))
            file.flush()
            os.fsync(file.fileno())
        return (time.perf_counter() - begun) / times


def measure(*, quick: bool) -> Report:
    """Interleaved rounds on a new file."""
    rounds, jobs = (4, 200) if quick else (10, 500)
    pairs: list[tuple[_Round, _Round]] = []
    alone: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "j.db")
        kept, memory = _opened(path), MemoryJournal()
        for number in range(rounds):
            first = number * jobs * 2
            pairs.append((_round(memory, first, jobs), _round(kept, first, jobs)))
            alone.append(_round(kept, first + jobs, 10, at_once=1).wall / 4)
        disk = _fsync(Path(folder), 50)
        asyncio.run(kept.aclose())
        size = path.stat().st_size / (rounds * (jobs + 10))
        begun = time.perf_counter()
        again = _opened(path)
        opening = (time.perf_counter() - begun) / (rounds * (jobs + 10))
        asyncio.run(again.aclose())
    return _report(pairs, alone=median(alone), disk=disk, size=size, opening=opening)


def _report(pairs: list[tuple[_Round, _Round]], *, alone: float, disk: float, size: float, opening: float) -> Report:
    names = ("in memory", "SQLite, durable")
    walls = [median(pair[side].wall for pair in pairs) for side in (0, 1)]
    cpus = [median(pair[side].cpu for pair in pairs) for side in (0, 1)]
    rows = [
        (name, f"{wall * 1e6:.0f}", f"{cpu * 1e6:.0f}", f"{4 / wall:.0f}")
        for name, wall, cpu in zip(names, walls, cpus, strict=True)
    ]
    note = (
        f"CPU ratio {median(kept.cpu / memory.cpu for memory, kept in pairs):.0f}. One job alone: {alone * 1e3:.2f} ms for "
        f"a commit, where a page with its fsync takes {disk * 1e3:.2f} ms. Opening: {opening * 1e6:.0f} µs for each job "
        "that the file holds."
    )
    return Report(
        title=f"Journal: a job of four events, {AT_ONCE} at once",
        head=("journal", "µs per job", "µs of CPU per job", "events per second"),
        rows=tuple(rows),
        goals=(
            Goal(name="journal_bytes_per_job", value=size, op="<=", goal=MOST_BYTES),
            Goal(name="journal_cpu_ms_per_job", value=cpus[1] * 1e3, op="<=", goal=5.0, clocked=True),
        ),
        notes=(note, ""),
    )
