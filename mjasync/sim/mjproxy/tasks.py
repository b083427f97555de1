"""The task object of midjourney-proxy: a job as `/mj/task/{id}/fetch` shows it (seed 001, step two).

Rule 1: the full task is built once, as the seed shows it; `rows` dresses it for other servers.
"""

import math
from math import inf
from random import Random

from mjasync.sim import wording
from mjasync.sim.jobs import Job, Phase
from mjasync.sim.mjproxy import dress
from mjasync.sim.mjproxy.buttons import buttons
from mjasync.sim.ways import MJProxyWays
from mjasync.sim.world import World

_SPEEDS = {"relax": "relaxed", "fast": "fast", "turbo": "turbo"}
_ACTIONS = {"swap": "SWAP_FACE"}
_STATES = {Phase.WINDOW: "MODAL", Phase.QUEUED: "NOT_START", Phase.DONE: "SUCCESS", Phase.FAILED: "FAILURE"}


def task(world: World, job: Job, base: str) -> dict[str, object]:
    """The task as a fetch shows it now, or as the relay last saw it."""
    return rows(world, job, base)[0]


def rows(world: World, job: Job, base: str) -> list[dict[str, object]]:
    """The rows of a table that show a job: two where a modal made a second one (contracts_mjproxy.md 8)."""
    ways = world.profile.mjproxy
    stale = ways.modal_stays and job.windowed and seen_at(world) < job.finished_at
    shown = [_row(world, job, base, Phase.WINDOW if stale else None)]
    if job.windowed and ways.refresh:
        shown.append({**_row(world, job, base), "action": "MODAL"})
    return shown


def told(world: World, job: Job, base: str) -> dict[str, object]:
    """The task as its own server calls back with it: as it is now, whatever a relay has seen of it."""
    now, ways = world.now(), world.profile.mjproxy
    return _full(job, now, world.epoch, base, phase=job.phase(now), percent=job.progress(now), ways=ways)


def settled(world: World, job: Job) -> bool:
    """True when whoever answers knows that this finished job has ended."""
    ways = world.profile.mjproxy
    return seen_at(world) >= job.finished_at and not (ways.frozen and job.scenes)


def seen_at(world: World) -> float:
    """Return the moment that a fetch shows: now, or the relay's last look at its server."""
    pause = world.profile.mjproxy.refresh / world.speed
    return math.floor(world.now() / pause) * pause if pause else world.now()


def _row(world: World, job: Job, base: str, shown_as: Phase | None = None) -> dict[str, object]:
    ways, moment = world.profile.mjproxy, seen_at(world)
    phase = shown_as or job.phase(moment)
    percent = 0 if phase is Phase.WINDOW else job.progress(moment)
    known = moment >= job.accepted_at or shown_as is not None
    full = _full(job, moment, world.epoch, base, phase=phase, percent=percent, ways=ways)
    return dress.dressed(full, job, ways, phase=phase, percent=percent, known=known)


def _full(
    job: Job, now: float, epoch: float, base: str, *, phase: Phase, percent: int, ways: MJProxyWays
) -> dict[str, object]:
    """The full task, keys in the seed's order. Times are ms since 1970, 0 where not yet known."""
    text = _text(job, ways) if phase is Phase.DONE else ""
    # Shorten keeps its prompt, describe has none but what it found (contracts_mjproxy.md 10.6).
    english = text if job.order.kind == "describe" and text else job.order.prompt
    apart = ways.plain_texts and job.order.kind == "shorten"
    return {
        "id": job.id,
        "action": _ACTIONS.get(job.order.kind, job.order.kind.upper()),
        "prompt": job.order.prompt,
        "promptEn": english,
        "description": text if apart and text else "Submit success",
        "state": job.order.notes["state"],
        "submitTime": _stamp(job.accepted_at, inf, epoch),
        "startTime": _stamp(job.started_at, now, epoch),
        "finishTime": _stamp(job.finished_at, now, epoch),
        "imageUrl": _picture(job, phase, percent, base),
        "status": _status(phase, percent),
        # Behind a relay a failure has 100 % too: only the status decides.
        "progress": f"{percent}%",
        "failReason": (job.failure or "") if phase is Phase.FAILED else "",
        "properties": {} if phase is Phase.QUEUED else _properties(job, phase, percent, "" if apart else text),
        "buttons": buttons(job, now) if phase is Phase.DONE else [],
    }


def _text(job: Job, ways: MJProxyWays) -> str:
    """What describe or shorten found, as one text."""
    if job.order.kind == "shorten":
        return wording.analysis(job.order.prompt)
    return "\r\n".join(job.texts) if ways.plain_texts else wording.numbered(job.texts)


def _stamp(moment: float, now: float, epoch: float) -> int:
    return round((epoch + moment) * 1000) if moment <= now and moment < inf else 0


def _status(phase: Phase, percent: int) -> str:
    if phase is Phase.RUNNING:
        # Submitted to Discord, which has shown no picture yet.
        return "IN_PROGRESS" if percent else "SUBMITTED"
    return _STATES[phase]


def _picture(job: Job, phase: Phase, percent: int, base: str) -> str:
    """The picture, or while it grows its preview: a URL does not mean that the task is done."""
    if not job.scenes:
        return ""
    if phase is Phase.DONE:
        return f"{base}/pictures/{job.hash}.png"
    return f"{base}/pictures/{job.hash}_{percent}.png" if phase is Phase.RUNNING and percent else ""


def _properties(job: Job, phase: Phase, percent: int, text: str) -> dict[str, object]:
    dice = Random(job.hash)
    final = job.order.prompt if "--v " in job.order.prompt else f"{job.order.prompt} --v 6.1"
    final = text or ("" if job.texts else final)
    if phase is Phase.WINDOW:
        final = job.order.prompt
    shown = "" if phase is Phase.DONE else f"({percent}%) "
    properties: dict[str, object] = {
        "botType": job.order.notes["botType"],
        # The seed's numbers end in zeros: a relay has carried them as floats.
        "discordChannelId": dice.randrange(10**15, 9 * 10**15) * 1000,
        "discordInstanceId": dice.randrange(10**15, 9 * 10**15) * 1000,
        "finalPrompt": final,
        "flags": 0,
        "messageContent": f"**{final}** - <@1343445981269594182> {shown}({_SPEEDS[job.order.mode]})",
        "messageHash": job.hash,
        "messageId": str(dice.randrange(10**18, 2 * 10**18)),
        "nonce": str(dice.randrange(10**18, 2 * 10**18)),
        "notifyHook": job.order.notes["notifyHook"],
        "progressMessageId": str(dice.randrange(10**18, 2 * 10**18)),
    }
    return {**properties, "remix": True} if phase is Phase.WINDOW else properties
