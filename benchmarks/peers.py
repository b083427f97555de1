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

#: Targets of ours: the default first, narrower ones for who wants less lag.
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
    jobs = 24 if quick else 100
    return min(jobs, MOST // 600) if client.name == "fal-client" else jobs


def _compared(mode: str, found: dict[str, Point], mine: dict[float, Point]) -> tuple[list[tuple[str, ...]], list[Goal]]:
    """Ours at the default, at no more lag than openai's, and at no more looks than runwayml's."""
    used = {EPS[0]}
    goals: list[Goal] = []
    if "openai" in found:
        them = found["openai"]
        eps = next((eps for eps in EPS if mine[eps].lag <= them.lag), EPS[-1])
        used.add(eps)
        fewer, later = them.looks / mine[eps].looks, mine[eps].lag / them.lag
        goals.append(Goal(name=f"peers_{mode}_fewer_looks_than_openai", value=fewer, op=">=", goal=5.0))
        goals.append(Goal(name=f"peers_{mode}_lag_to_openai", value=later, op="<=", goal=1.0))
    if "runwayml" in found:
        them = found["runwayml"]
        eps = next((eps for eps in reversed(EPS) if mine[eps].looks <= them.looks), EPS[0])
        used.add(eps)
        sooner, more = them.lag / mine[eps].lag, mine[eps].looks / them.looks
        goals.append(Goal(name=f"peers_{mode}_sooner_than_runwayml", value=sooner, op=">=", goal=5.0))
        goals.append(Goal(name=f"peers_{mode}_looks_to_runwayml", value=more, op="<=", goal=1.05))
    names = {EPS[0]: "**mjasync**"}
    rows = [
        (mode, names.get(eps, f"**mjasync**, eps {eps:g}"), "planned", *_cells(mine[eps])) for eps in EPS if eps in used
    ]
    return list(rows), goals


def _cells(point: Point) -> tuple[str, str]:
    return f"{point.looks:.1f}", f"{point.lag:.2f} s"


def measure(*, quick: bool) -> Report:
    """Turbo and fast, every client that is installed, and ours."""
    rows: list[tuple[str, ...]] = []
    goals: list[Goal] = []
    installed = [client for client in CLIENTS if client.installed()]
    for staged in STAGED[:2] if installed else ():
        found = {client.name: theirs(client, staged, _jobs(client, quick=quick)) for client in installed}
        mine = {eps: ours(staged, REPORTING[0], 1 if quick else 5, eps=eps) for eps in EPS}
        own, met = _compared(staged.mode, found, mine)
        rows += own
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
