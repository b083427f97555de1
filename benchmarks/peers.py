"""Other clients beside ours: looks per job and lag on the same laws. Extra `bench`; what is not installed is skipped."""

import asyncio
from random import Random
from statistics import fmean

from benchmarks.laws import STAGED, Staged
from benchmarks.optimum import Point
from benchmarks.peer_clients import CLIENTS, Client, Service, Wait
from benchmarks.progress import REPORTING, ours
from benchmarks.report import Goal, Report
from mjasync.testing import run

#: Ours are tried from the widest to the narrowest, until one brings no more lag than openai's look a second.
EPS = (0.02, 0.0175, 0.015, 0.0125, 0.01)
#: Looks that one client may take in a measurement; fal-client takes hundreds for each job.
MOST = 12_000


def theirs(client: Client, staged: Staged, jobs: int) -> Point:
    """Looks and lag of a client on jobs that begin together; each waits for its own."""

    async def story() -> Point:
        service, dice = Service(), Random(f"peers/{staged.mode}")
        wait, loop, lags = client.connect(service), asyncio.get_running_loop(), []

        async def one(wait: Wait) -> None:
            task = service.begin(sum(staged.draw(dice)))
            await wait(task)
            lags.append(loop.time() - service.ends[task])

        await asyncio.gather(*(one(wait) for _ in range(jobs)))
        return Point(service.looks.total() / jobs, fmean(lags))

    return run(story())


def _jobs(client: Client, *, quick: bool) -> int:
    jobs = 24 if quick else 160
    return min(jobs, MOST // 600) if client.name == "fal-client" else jobs


def _no_later(staged: Staged, lag: float, streams: int) -> tuple[float, Point]:
    """The widest of our targets whose lag is no more than this, and what it costs."""
    for eps in EPS:
        point = ours(staged, REPORTING[0], streams, eps=eps)
        if point.lag <= lag:
            break
    return eps, point


def _compared(staged: Staged, found: dict[str, Point], streams: int) -> tuple[list[tuple[str, ...]], list[Goal]]:
    usual = ours(staged, REPORTING[0], streams)
    rows: list[tuple[str, ...]] = [(staged.mode, "**mjasync**", "planned", *_cells(usual))]
    goals: list[Goal] = []
    if "openai" in found:
        eps, point = _no_later(staged, found["openai"].lag, streams)
        if eps != EPS[0]:
            rows.append((staged.mode, f"**mjasync**, eps {eps:g}", "planned", *_cells(point)))
        fewer, later = found["openai"].looks / point.looks, point.lag / found["openai"].lag
        goals.append(Goal(name=f"peers_{staged.mode}_fewer_looks_than_openai", value=fewer, op=">=", goal=5.0))
        goals.append(Goal(name=f"peers_{staged.mode}_lag_to_openai", value=later, op="<=", goal=1.0))
    if "runwayml" in found:
        sooner, more = found["runwayml"].lag / usual.lag, usual.looks / found["runwayml"].looks
        goals.append(Goal(name=f"peers_{staged.mode}_sooner_than_runwayml", value=sooner, op=">=", goal=5.0))
        goals.append(Goal(name=f"peers_{staged.mode}_looks_to_runwayml", value=more, op="<=", goal=1.05))
    return rows, goals


def _cells(point: Point) -> tuple[str, str]:
    return f"{point.looks:.1f}", f"{point.lag:.2f} s"


def measure(*, quick: bool) -> Report:
    """Turbo and fast, every client that is installed, and ours."""
    rows: list[tuple[str, ...]] = []
    goals: list[Goal] = []
    installed = [client for client in CLIENTS if client.installed()]
    for staged in STAGED[:2] if installed else ():
        found = {client.name: theirs(client, staged, _jobs(client, quick=quick)) for client in installed}
        mine, met = _compared(staged, found, 1 if quick else 5)
        rows += mine
        rows += [(staged.mode, client.name, client.looks, *_cells(found[client.name])) for client in installed]
        goals += met
    missing = ", ".join(client.name for client in CLIENTS if client not in installed)
    return Report(
        title="Other clients, the real ones, on virtual time: jobs with a queue and a run that reports its progress",
        head=("mode", "client", "looks", "looks per job", "lag"),
        rows=tuple(rows),
        goals=tuple(goals),
        notes=(f"Skipped, because not installed: {missing} (pip install 'mjasync[bench]').",) if missing else (),
    )
