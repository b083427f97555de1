"""How TTAPI says no: one envelope for everything (docs.ttapi.io, "response")."""

from typing import Any

from mjasync.core.wire import HttpResponse
from mjasync.sim.replies import Refusal, html_reply, json_reply
from mjasync.sim.world import World

NAME = "ttapi"


def refuse(world: World, name: str, refusal: Refusal) -> HttpResponse:
    """Write a refusal in TTAPI's shape and enter it in the books."""
    world.ledger.refusals[refusal.reason] += 1
    if refusal.violation:
        world.ledger.violation(NAME, name, refusal.violation)
    if refusal.shown == "page":
        return html_reply(refusal.text, status=refusal.status)
    envelope: dict[str, object] = {"status": "FAILED", "message": refusal.text}
    # docs.ttapi.io: the body of a 401 has no `data`.
    if refusal.status != 401:
        envelope["data"] = None
    return json_reply(envelope, status=refusal.status)


def queue_full() -> Refusal:
    """Too many jobs wait or run (seed 000: ten); docs.ttapi.io gives it HTTP 499."""
    return Refusal("queue_full", "queue is full, please wait for running jobs to end", status=499)


def rejected(*, reason: str = "[Banned prompt detected]", status: int = 400, **_: object) -> Refusal:
    """The provider does not like the request: a scripted "no"."""
    return Refusal("banned" if "banned" in reason.casefold() else "rejected", reason, status=status)


def invalid(text: str, violation: str) -> Refusal:
    """A request that the seed does not allow."""
    return Refusal("invalid", f"[Invalid parameter] {text}", violation=violation)


def unknown_job(remote_id: str, *, status: int = 400) -> Refusal:
    """No job of this account has this id."""
    return Refusal("unknown_job", f"job [{remote_id}] does not exist", status=status)


def without_id(envelope: dict[str, Any]) -> dict[str, Any]:
    """Take the id out of a success."""
    return {**envelope, "data": {}}
