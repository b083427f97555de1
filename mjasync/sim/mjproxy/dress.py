"""The same task as other servers show it: stock new-api's table, the Java original, and days when types drift.

Rule 1: a dress leaves out, renames and blanks; it knows nothing that the full task does not say.
"""

from typing import Any

from mjasync.sim.jobs import Job, Phase
from mjasync.sim.ways import MJProxyWays, Rows

# new-api's names for what the seed's list calls VARIATION and ZOOM (contracts_mjproxy.md 9.2).
_RELAYED = {
    "::low_variation::": "LOW_VARIATION",
    "::high_variation::": "HIGH_VARIATION",
    "::Inpaint::": "INPAINT",
    "::CustomZoom::": "CUSTOM_ZOOM",
}
# The order of new-api's MidjourneyDto.
_RELAY_KEYS = (
    *("id", "action", "customId", "botType", "prompt", "promptEn", "description", "state", "submitTime", "startTime"),
    *("finishTime", "imageUrl", "status", "progress", "failReason", "buttons", "maskBase64", "properties"),
)


def dressed(
    full: dict[str, Any], job: Job, ways: MJProxyWays, *, phase: Phase, percent: int, known: bool
) -> dict[str, object]:
    """Return the task as this profile's server shows it; `known`: the relay has seen it at its server."""
    if ways.frozen and phase is Phase.DONE and job.scenes:
        full = {**full, "status": "IN_PROGRESS", "finishTime": 0, "buttons": []}
    if ways.rows is Rows.RELAY:
        full = _relayed(full, job, known=known)
    elif ways.rows is Rows.JAVA:
        full = _java(full, job, phase)
    return _drifted(full, phase, percent) if ways.drift else full


def _relayed(full: dict[str, Any], job: Job, *, known: bool) -> dict[str, object]:
    """Stock new-api: three fields that are always empty, two properties, and nothing before its first look."""
    named = (name for mark, name in _RELAYED.items() if mark in job.order.token)
    worded = job.order.kind in {"describe", "shorten"}
    final = full["properties"].get("finalPrompt", "")
    row = {
        **full,
        "action": next(named, full["action"]),
        "customId": "",
        "botType": "",
        "maskBase64": "",
        "prompt": "" if worded else full["prompt"],
        "promptEn": "" if job.order.kind == "shorten" else full["promptEn"],
        "properties": {"finalPrompt": final, "finalZhPrompt": ""} if final else None,
    }
    if not known:
        blank = {"promptEn": "", "startTime": 0, "finishTime": 0, "imageUrl": "", "failReason": ""}
        row |= {**blank, "status": "", "progress": "0%", "buttons": None, "properties": None}
    return {key: row[key] for key in _RELAY_KEYS}


def _java(full: dict[str, Any], job: Job, phase: Phase) -> dict[str, object]:
    """The Java original: null for what is not there, no buttons, no progress in a failure."""
    row = {key: None if value in ("", 0) else value for key, value in full.items() if key != "buttons"}
    row["description"] = f"/{job.order.kind} {job.order.prompt}".strip()
    if job.order.kind == "describe" and phase is Phase.DONE:
        row["prompt"] = full["promptEn"]
    row["progress"] = {Phase.QUEUED: None, Phase.FAILED: ""}.get(phase, full["progress"])
    properties = {key: full["properties"].get(key) for key in ("finalPrompt", "notifyHook")}
    return {**row, "properties": {**properties, "discordInstanceId": "1118138338562560102"}}


def _drifted(full: dict[str, Any], phase: Phase, percent: int) -> dict[str, object]:
    """The same, as it might come one day: numbers for texts, nulls for nothing, fields nobody knows."""
    progress: object = {Phase.QUEUED: None, Phase.WINDOW: None, Phase.DONE: 100}.get(phase, percent)
    return {
        **full,
        "id": int(full["id"]),
        "progress": progress,
        "startTime": full["startTime"] or None,
        "finishTime": str(full["finishTime"]) if full["finishTime"] else None,
        "buttons": full["buttons"] or None,
        "videoUrl": None,
        "displays": {"version": 7},
    }
