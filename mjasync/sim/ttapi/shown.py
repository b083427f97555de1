"""A job as TTAPI's fetch and callback show it (seed 000, "异步回调 JSON 结构"), and as a row of fetch-list."""

from mjasync.sim import wording
from mjasync.sim.jobs import Job, Phase
from mjasync.sim.pictures import CORNERS
from mjasync.sim.ttapi.actions import ACTIONS
from mjasync.sim.ways import Images, TTAPIWays
from mjasync.sim.world import World

#: Seed 000 lines 710-716.
STATES = {Phase.QUEUED: "PENDING_QUEUE", Phase.RUNNING: "ON_QUEUE", Phase.DONE: "SUCCESS", Phase.FAILED: "FAILED"}
# Only 2 was ever seen, at a finished job (contracts_ttapi.md 3.2).
_NUMBERS = {Phase.QUEUED: 0, Phase.RUNNING: 1, Phase.DONE: 2, Phase.FAILED: 3}


def shown(world: World, job: Job, base: str) -> dict[str, object]:
    """The envelope of a fetch; what is not known yet is null, as in the FAQ's sample of a failure."""
    now, ways = world.now(), world.profile.ttapi
    phase = job.phase(now)
    data: dict[str, object] = {
        ways.action_key: job.order.token or job.order.kind,
        "jobId": job.id,
        "progress": None if phase is Phase.FAILED else str(job.progress(now)),
        "prompt": _prompt(job, phase, ways),
        **_pictures(job, phase, base),
        "hookUrl": job.order.notes["hookUrl"],
        "components": _components(job, now, ways),
        "seed": _seed(world, job, phase),
        "images": _tiles(job, phase, base, ways),
    }
    if phase is Phase.DONE:
        data["quota"] = str(job.quota) if ways.quota_as_text else job.quota
    if ways.nulls:
        data = {key: None if value in ("", []) else value for key, value in data.items()}
    message = {Phase.DONE: ways.fetch_message, Phase.FAILED: job.failure}.get(phase, "")
    envelope: dict[str, object] = {"status": STATES[phase], "jobId": job.id, "message": message, "data": data}
    return _drifted(envelope, data, phase, job.progress(now)) if ways.drift else envelope


def row(job: Job, now: float, base: str) -> dict[str, object]:
    """A row of fetch-list: other keys, a number for the status, the mode under `model`."""
    phase = job.phase(now)
    picture = _pictures(job, phase, base)
    return {
        "job_id": job.id,
        "model": job.order.mode,
        "action": job.order.token or job.order.kind,
        "quota": job.quota,
        "status": _NUMBERS[phase],
        "progress": str(job.progress(now)),
        "prompt": job.order.prompt,
        "discord_image": picture["discordImage"],
        "cdn_image": picture["cdnImage"],
    }


def _prompt(job: Job, phase: Phase, ways: TTAPIWays) -> str:
    """The prompt; for a describe the four that were found, where contracts_ttapi.md (9, U4) expects them."""
    if job.order.kind != "describe" or phase is not Phase.DONE:
        return job.order.prompt
    return "\r\n".join(job.texts) if ways.plain_texts else wording.numbered(job.texts)


def _pictures(job: Job, phase: Phase, base: str) -> dict[str, object]:
    if phase is not Phase.DONE:
        return {"discordImage": None, "cdnImage": None}
    if not job.scenes:
        return {"discordImage": "", "cdnImage": ""}
    url = f"{base}/pictures/{job.hash}.png"
    return {"discordImage": url, "cdnImage": url, "width": job.size[0], "height": job.size[1]}


def _components(job: Job, now: float, ways: TTAPIWays) -> list[str] | None:
    offered = job.offers(now)
    done = job.phase(now) is Phase.DONE and ways.components
    return [token for token, gesture in ACTIONS.items() if gesture in offered] if done else None


def _tiles(job: Job, phase: Phase, base: str, ways: TTAPIWays) -> list[str] | None:
    if phase is not Phase.DONE or ways.images is Images.NEVER:
        return None
    wanted = ways.images is Images.ALWAYS or job.order.notes["getUImages"]
    tiled = wanted and len(job.scenes) > 1
    return [f"{base}/pictures/{job.hash}_{corner}.png" for corner in CORNERS] if tiled else []


def _seed(world: World, job: Job, phase: Phase) -> str | None:
    asked = world.found_beside(job)
    if asked and asked.phase(world.now()) is Phase.DONE:
        return job.seed
    if phase is not Phase.DONE:
        return None
    return job.order.parent.seed if job.order.kind == "seed" and job.order.parent else ""


def _drifted(envelope: dict[str, object], data: dict[str, object], phase: Phase, percent: int) -> dict[str, object]:
    """The same, as it might come one day: a list for pending data, a percent sign, objects, fields nobody knows."""
    if phase is Phase.QUEUED:
        return {**envelope, "data": [], "traceId": 4711}
    progress: object = {Phase.RUNNING: percent, Phase.DONE: "100%"}.get(phase)
    changed = {**data, "progress": progress if percent else None, "mode": {"name": "unknown", "version": 7}}
    if isinstance(data["components"], list):
        changed["components"] = [{"action": token, "label": token.title()} for token in data["components"]]
    if "quota" in data:
        changed["quota"] = str(data["quota"])
    return {**envelope, "data": changed, "traceId": 4711}
