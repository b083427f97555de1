"""The task object of midjourney-proxy: a job as `/mj/task/{id}/fetch` shows it (seed 001, step two)."""

from math import inf
from random import Random

from mjasync.sim.buttons import buttons
from mjasync.sim.jobs import Job, Phase

_SPEEDS = {"relax": "relaxed", "fast": "fast", "turbo": "turbo"}


def task(job: Job, now: float, epoch: float, base: str) -> dict[str, object]:
    """The full task, keys in the seed's order. Times are ms since 1970, 0 where not yet known."""
    phase, percent = job.phase(now), job.progress(now)
    action = "IMAGINE" if job.order.parent is None else job.order.kind.upper()
    return {
        "id": job.id,
        "action": action,
        "prompt": job.order.prompt,
        "promptEn": job.order.prompt,
        "description": "Submit success",
        "state": job.order.notes["state"],
        "submitTime": _stamp(job.accepted_at, now, epoch),
        "startTime": _stamp(job.started_at, now, epoch),
        "finishTime": _stamp(job.finished_at, now, epoch),
        "imageUrl": _picture(job, phase, percent, base),
        "status": _status(phase, percent),
        # Behind a relay a failure has 100 % too: only the status decides.
        "progress": f"{percent}%",
        "failReason": (job.failure or "") if phase is Phase.FAILED else "",
        "properties": {} if phase is Phase.QUEUED else _properties(job, phase, percent),
        "buttons": buttons(job, now),
    }


def _stamp(moment: float, now: float, epoch: float) -> int:
    return round((epoch + moment) * 1000) if moment <= now and moment < inf else 0


def _status(phase: Phase, percent: int) -> str:
    if phase is Phase.RUNNING:
        # Submitted to Discord, which has shown no picture yet.
        return "IN_PROGRESS" if percent else "SUBMITTED"
    return {Phase.QUEUED: "NOT_START", Phase.DONE: "SUCCESS", Phase.FAILED: "FAILURE"}[phase]


def _picture(job: Job, phase: Phase, percent: int, base: str) -> str:
    """The picture, or while it grows its preview: a URL does not mean that the task is done."""
    if phase is Phase.DONE:
        return f"{base}/pictures/{job.hash}.png"
    return f"{base}/pictures/{job.hash}_{percent}.png" if phase is Phase.RUNNING and percent else ""


def _properties(job: Job, phase: Phase, percent: int) -> dict[str, object]:
    dice = Random(job.hash)
    final = job.order.prompt if "--v " in job.order.prompt else f"{job.order.prompt} --v 6.1"
    shown = "" if phase is Phase.DONE else f"({percent}%) "
    return {
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
