"""The kinds of misfortune that a world knows, and where each can strike.

Rule 1: a name here is what is counted, printed and demanded by the tests; nothing else goes wrong on purpose.
"""

from collections.abc import Mapping

from attrs import field, frozen


@frozen(kw_only=True)
class Spoil:
    """What a scripted fault of the simulator does: its kind, its places, its details."""

    kind: str
    places: tuple[str, ...] = ("submit",)
    details: tuple[Mapping[str, object], ...] = field(default=({},))


#: Strikes on the way: before the simulator, or after it has done its work.
WIRE = (
    "wire.not_sent",  # not one byte left
    "wire.lost_before",  # cut; the request never arrived
    "wire.swallowed_before",  # nothing comes back until the time is out; the request never arrived
    "wire.lost_after",  # cut; the request was processed
    "wire.swallowed_after",  # processed, and nothing comes back until the time is out
    "wire.late",  # the answer comes around the moment at which the time is out, or after it
    "wire.slow",  # seconds both ways
    "wire.page_after",  # processed; a gateway's page comes back
    "wire.cut_after",  # processed; half of the answer comes back
    "wire.empty_after",  # processed; an empty body comes back
    "wire.twice",  # a free question arrives twice
    "wire.stale",  # an older answer to the same free question
    "wire.401",
    "wire.403",
    "wire.429",
    "wire.partition",  # minutes without a network
)
_BOTH = ("submit", "look")
#: Scripts of the simulator, struck in the middle of an exchange.
SPOILS = (
    Spoil(kind="drop", places=_BOTH),
    Spoil(kind="refuse_connection", places=_BOTH),
    Spoil(
        kind="status",
        places=_BOTH,
        details=(
            {"status": 429, "retry_after": 7},
            {"status": 503},
            {"status": 502},
            {"status": 500, "body": {"message": "oops"}},
            {"status": 429},
        ),
    ),
    Spoil(kind="redirect", places=_BOTH),
    Spoil(kind="queue_full"),
    Spoil(kind="reject", details=({"reason": "[Banned prompt detected] gore", "word": "gore"}, {"reason": "no"})),
    Spoil(kind="html", places=_BOTH),
    Spoil(kind="lose_answer", places=_BOTH),
    Spoil(kind="garbage", places=_BOTH),
    Spoil(kind="empty", places=_BOTH),
    Spoil(kind="lost_status", places=_BOTH, details=({"status": 500}, {"status": 504}, {"status": 503})),
    Spoil(kind="no_id"),
)
SIM = tuple(f"sim.{spoil.kind}" for spoil in SPOILS)
#: Fates of accepted jobs.
FATES = (
    Spoil(kind="fail", details=({}, {"reason": "boom", "at": 0.3}, {"reason": "[Banned prompt detected] gore"})),
    Spoil(kind="stuck"),
    Spoil(kind="slow", details=({"factor": 3.0}, {"factor": 1.5})),
    Spoil(kind="vanish", details=({}, {"after": 20.0})),
)
JOBS = tuple(f"job.{spoil.kind}" for spoil in FATES)
#: What closes an account's door for the rest of a process.
DOORS = frozenset({"wire.401", "wire.403", "sim.redirect"})
#: What only a paid request or an accepted job can meet.
SELDOM = frozenset({"sim.queue_full", "sim.reject", "sim.no_id", *JOBS})
#: What happens to the client itself; in the plan's lives, not in its rates.
CLIENT = (
    "kill.time",
    "kill.append",
    "kill.send",
    "kill.recovery",
    "close",
    "cancel.await",
    "cancel.job",
    "calendar",
    "disk.full",
)
ALL = (*WIRE, *SIM, *JOBS, *CLIENT)
