"""What becomes of an order: its names, its times, its end, its pictures and its words, thrown when it is accepted.

Rule 1: chance comes from the dice that are handed in, time from `now`; nothing is remembered here.
"""

import uuid
from math import inf
from random import Random
from typing import Any

from mjasync.sim import laws, scenes, wording
from mjasync.sim.faults import Fault
from mjasync.sim.gestures import SINGLES, WORDS
from mjasync.sim.jobs import Account, Job, Order
from mjasync.sim.scenes import Scene

# Seed 000's sample: 3 for an imagine. Only the order of the rest is meant to be real.
_QUOTA = {"upscale": 1, "describe": 1, "shorten": 1, "seed": 1}
_PRICE = {"relax": 1, "fast": 1, "turbo": 2}


def throw(
    account: Account, order: Order, *, ordinal: int, dice: Random, now: float, speed: float, fault: Fault | None = None
) -> Job:
    """Return the job that an order becomes, its whole future known."""
    names = _names(account, dice)
    queue, run = (seconds / speed for seconds in laws.durations(order.mode, order.kind, dice))
    shown = _scenes(order, dice)
    return Job(
        account=account,
        ordinal=ordinal,
        order=order,
        accepted_at=now,
        quota=_QUOTA.get(order.kind, 3) * _PRICE[order.mode],
        scenes=shown,
        size=_size(order),
        texts=_texts(order, dice),
        **names,
        **_fate(fault, now, queue, run),
    )


def open_window(account: Account, order: Order, *, ordinal: int, dice: Random, now: float) -> Job:
    """Return a window: it has names, and nothing else happens to it."""
    return Job(
        account=account,
        ordinal=ordinal,
        order=order,
        accepted_at=now,
        started_at=inf,
        finished_at=inf,
        window=True,
        **_names(account, dice),
    )


def _names(account: Account, dice: Random) -> dict[str, Any]:
    token = str(uuid.UUID(int=dice.getrandbits(128)))
    remote_id = str(uuid.UUID(int=dice.getrandbits(128)))
    # Seed 001's sample id has 16 digits and travels as a JSON integer: below 2**53, as the relay needs it.
    number = str(dice.randrange(10**15, 9 * 10**15))
    return {"id": remote_id if account.provider == "ttapi" else number, "hash": token}


def _scenes(order: Order, dice: Random) -> tuple[Scene, ...]:
    if order.kind in WORDS:
        return ()
    if order.parent and order.gesture:
        return scenes.derive(order.parent.scenes, order.gesture, order.prompt, dice)
    takes = scenes.first(order.prompt or order.material, dice)
    return takes[:1] if order.kind in SINGLES else takes


def _size(order: Order) -> tuple[int, int]:
    if order.gesture and order.gesture.flavour == "square":
        return 512, 512
    return order.parent.size if order.parent and order.gesture else scenes.size(order.prompt)


def _texts(order: Order, dice: Random) -> tuple[str, ...]:
    if order.kind == "describe":
        return wording.described(dice)
    return wording.shortened(order.prompt) if order.kind == "shorten" else ()


def _fate(fault: Fault | None, now: float, queue: float, run: float) -> dict[str, Any]:
    """Return when a job starts, ends, fails and vanishes."""
    kind, details = (fault.kind, fault.details) if fault else ("", {})
    factor = details.get("factor", 3.0) if kind == "slow" else 1.0
    started = now + queue * factor
    finished = started + run * factor
    fate: dict[str, Any] = {"started_at": started, "finished_at": finished}
    if kind == "fail":
        fate["failure"] = details.get("reason", "[Internal error] the picture could not be made")
        fate["finished_at"] = started + run * details.get("at", 1.0)
    if kind == "stuck":
        fate["finished_at"] = inf
    if kind == "vanish":
        fate["vanished_at"] = now + details.get("after", 0.0)
    return fate
