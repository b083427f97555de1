"""Scripted misfortune: which request or job it strikes, and how often.

Rule 1: a fault strikes the first thing that fits it, in the order the faults were injected.
Rule 2: every strike is counted; a fault that never struck can be seen on itself (`fault.left`).
"""

import contextlib
import json
from typing import Any

from attrs import Factory, define, field

from mjasync.core.wire import HttpRequest

#: Kinds that keep the request from being processed: nothing is accepted, nothing charged.
BEFORE = frozenset({"drop", "refuse_connection", "status", "redirect", "queue_full", "reject", "html"})
#: Kinds that let the request be processed, charged and counted, and then spoil the answer.
AFTER = frozenset({"lose_answer", "garbage", "empty", "lost_status", "no_id"})
#: Kinds that strike an accepted job.
JOB = frozenset({"fail", "stuck", "slow", "vanish"})
#: Kinds that strike a callback; "early" is one more callback for a job that was accepted just now.
HOOK = frozenset({"hook_lost", "hook_late", "hook_twice"})
EARLY = frozenset({"hook_early"})
#: Kinds that only a submit can meet.
_SUBMIT_ONLY = frozenset({"queue_full", "reject", "no_id"})
#: "submit" is everything that may cost, "fetch" every look at jobs, "free" the other free calls.
_PLACES = frozenset({"submit", "fetch", "free", "image", "job", "hook", "early"})
_OWN_PLACES = dict.fromkeys(JOB, "job") | dict.fromkeys(HOOK, "hook") | dict.fromkeys(EARLY, "early")
_DETAILS = {
    "status": {"status", "retry_after", "body"},
    "lost_status": {"status", "retry_after", "body"},
    "redirect": {"status", "location"},
    "reject": {"status", "reason", "code", "word"},
    "fail": {"reason", "at"},
    "slow": {"factor"},
    "vanish": {"after"},
    "hook_late": {"after"},
    "hook_twice": {"copies"},
}


@define
class Fault:
    """One script: `left` counts down with every strike, `fired` counts up."""

    kind: str
    provider: str | None
    on: str
    left: int
    match: str | None
    details: dict[str, Any] = Factory(dict)
    fired: int = 0

    def fits(self, provider: str, on: str, text: str) -> bool:
        """True when it has strikes left and this is its provider, its place and its text."""
        wanted = self.left > 0 and self.on == on and self.provider in (None, provider)
        return wanted and (self.match is None or self.match in text)


@define
class FaultBook:
    """The scripts of one world, oldest first."""

    faults: list[Fault] = field(factory=list)

    def inject(
        self, kind: str, *, provider: str | None, on: str | None, times: int, match: str | None, details: dict[str, Any]
    ) -> Fault:
        """Add a script; see `World.inject`."""
        known = BEFORE | AFTER | _OWN_PLACES.keys()
        if kind not in known:
            raise ValueError(f"no fault is called {kind!r}; there are {', '.join(sorted(known))}")
        own = _OWN_PLACES.get(kind)
        place = on or own or "submit"
        strange = own != place if own or place in _OWN_PLACES.values() else kind in _SUBMIT_ONLY and place != "submit"
        if place not in _PLACES or strange:
            raise ValueError(f"{kind!r} cannot strike on={place!r}")
        unknown = details.keys() - _DETAILS.get(kind, set())
        if unknown:
            raise ValueError(f"{kind!r} has no detail {', '.join(sorted(unknown))}")
        fault = Fault(kind, provider, place, times, match, details)
        self.faults.append(fault)
        return fault

    def strike(self, provider: str, on: str, text: str) -> Fault | None:
        """Return the first fault that fits, with one strike taken off."""
        for fault in self.faults:
            if fault.fits(provider, on, text):
                fault.left -= 1
                fault.fired += 1
                return fault
        return None


def searchable(request: HttpRequest) -> str:
    """Return what `match` is looked for in: the URL and the body, JSON escapes undone."""
    body = (request.body or b"").decode("utf-8", "replace")
    with contextlib.suppress(ValueError):
        body = json.dumps(json.loads(body), ensure_ascii=False)
    return f"{request.url}\n{body}"
