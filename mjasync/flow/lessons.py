"""What this pool has learned about how long jobs take: a cadence for each class (account, mode, kind of work).

A class that is new here begins with what the same work has taught at another account of the provider, if anything.
"""

import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from attrs import frozen

from mjasync.core import patience
from mjasync.core.looking import Cadence, prior
from mjasync.core.looking.evidence import table
from mjasync.core.model import Mode, Record
from mjasync.flow.session import Session

_log = logging.getLogger("mjasync.looking")

#: Version of what `dump` gives.
VERSION = 1
#: What another account has taught counts as so many jobs.
BORROWED = 10.0


@frozen
class Class:
    """Jobs that take about as long as each other."""

    account: str
    mode: Mode
    kind: str


@frozen
class _Known:
    """What an earlier process, or another account, has learned."""

    account: str
    provider: str
    mode: str
    kind: str
    #: As JSON: whoever gets it gets a copy.
    text: str

    @property
    def told(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self.text)
        return told


class Lessons:
    """All cadences of a pool."""

    def __init__(
        self, sessions: Mapping[str, Session], *, eps: float, learned: Sequence[Mapping[str, Any]] = ()
    ) -> None:
        """Each of `learned` is what a `dump` gave; the first that knows a class counts.

        What cannot be read is left out, with a warning.
        """
        self._sessions = sessions
        self._eps = eps
        self._cadences: dict[Class, Cadence] = {}
        #: What `told` says of each class, as text, and how much was known then.
        self._texts: dict[Class, tuple[tuple[float, int], str]] = {}
        known: dict[tuple[str, ...], _Known] = {}
        for each in learned:
            for k in _readable(each):
                known.setdefault((k.account, k.provider, k.mode, k.kind), k)
        self._known = list(known.values())

    def of(self, record: Record, account: str = "") -> Cadence:
        """The cadence of a record's class, in the mode that was granted."""
        which = self._class_of(record, account)
        if which not in self._cadences:
            self._cadences[which] = self._begun(which)
        return self._cadences[which]

    def expected(self, record: Record) -> float:
        """Seconds that such a job is expected to take, wherever it may go."""
        names = [name for name in record.spec.accounts if name in self._sessions]
        return self.of(record, record.account or (names[0] if names else "")).median

    def dump(self) -> dict[str, Any]:
        """All of it, as JSON. Accounts go by their fingerprints."""
        return self._all([self._dumped(which) for which, cadence in self._cadences.items() if cadence.jobs])

    def told(self) -> dict[str, Any]:
        """The same, at a tenth of the cost: of each class as it was when its last job ended, or somewhat later."""
        return self._all([self._recalled(which) for which, cadence in self._cadences.items() if cadence.jobs])

    def taught(self, record: Record) -> None:
        """A job is over: what was told of its class is out of date."""
        self._texts.pop(self._class_of(record), None)

    def _class_of(self, record: Record, account: str = "") -> Class:
        told = record.snapshot.mode if record.snapshot else None
        name = account or record.account or next(iter(self._sessions))
        return Class(name, told or record.spec.mode, record.spec.operation.kind)

    def _dumped(self, which: Class) -> dict[str, Any]:
        account = self._sessions[which.account].account
        named = {"account": account.fingerprint, "provider": account.provider}
        return named | {"mode": str(which.mode), "kind": which.kind} | self._cadences[which].dump()

    def _recalled(self, which: Class) -> dict[str, Any]:
        """A copy for each who asks: it is theirs to change."""
        known = (self._cadences[which].jobs, self._cadences[which].alarms)
        if which not in self._texts or self._texts[which][0] != known:
            self._texts[which] = (known, json.dumps(self._dumped(which)))
        copy: dict[str, Any] = json.loads(self._texts[which][1])
        return copy

    def _all(self, mine: list[dict[str, Any]]) -> dict[str, Any]:
        """With what was handed on by others and nobody asked for here."""
        named = {(one["account"], one["mode"], one["kind"]) for one in mine}
        others = [
            {"account": k.account, "provider": k.provider, "mode": k.mode, "kind": k.kind, **k.told}
            for k in self._known
            if (k.account, k.mode, k.kind) not in named
        ]
        return {"version": VERSION, "classes": mine + others}

    def _begun(self, which: Class) -> Cadence:
        account = self._sessions[which.account].account
        horizon = patience.limits(account.provider, which.mode, None).timeout
        cadence = Cadence(prior=prior(which.mode, which.kind), horizon=horizon, eps=self._eps)
        same = [k for k in self._known if (k.provider, k.mode, k.kind) == (account.provider, which.mode, which.kind)]
        own = [k for k in same if k.account == account.fingerprint]
        if own:
            cadence.load(own[0].told)
        elif (elsewhere := self._elsewhere(which, account.provider)) is not None:
            cadence.load(elsewhere)
            cadence.borrow(BORROWED)
        elif same:
            cadence.load(same[0].told)
            cadence.borrow(BORROWED)
        return cadence

    def _elsewhere(self, which: Class, provider: str) -> Mapping[str, Any] | None:
        """What another account of this pool has learned about the same work."""
        for other, cadence in self._cadences.items():
            same = (other.mode, other.kind) == (which.mode, which.kind) and cadence.jobs >= BORROWED
            if same and self._sessions[other.account].account.provider == provider:
                return cadence.dump()
        return None


def _readable(learned: Mapping[str, Any]) -> Iterator[_Known]:
    """The classes that can be read: each is tried out once. Nothing is no reason for a warning, and all else is."""
    if not learned:
        return
    version, classes = learned.get("version"), learned.get("classes")
    if version != VERSION:
        _log.warning(
            "what was learned about durations is of version %.20r and not of version %d: it is learned anew",
            version,
            VERSION,
        )
        return
    if not isinstance(classes, list):
        _log.warning("what was learned about durations cannot be read: it has no list of classes; it is learned anew")
        return
    for told in classes:
        try:
            whole = table(told)
            account, provider, mode, kind = (str(whole[name]) for name in ("account", "provider", "mode", "kind"))
            known = _Known(
                account, provider, mode, kind, json.dumps({name: whole[name] for name in ("laws", "floors")})
            )
            Cadence(prior=1.0, horizon=1.0).load(known.told)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as exc:
            _log.warning("something that was learned about durations cannot be read and is left out: %s", exc)
        else:
            yield known
