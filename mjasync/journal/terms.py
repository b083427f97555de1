"""An event as the file has it, and back: fingerprints for names, lengths for moments, files for pictures.

A later process has other names for its accounts and a clock that began anew; a fingerprint, the wall's time of the
row and a length in seconds mean the same to it.
"""

from collections.abc import Mapping

from attrs import evolve, frozen

from mjasync.core import machine
from mjasync.core.machine import Asked, Event, Sending, Silence
from mjasync.core.model import Record, Spec
from mjasync.core.operations import attached, reattached
from mjasync.journal import Kept, Opening
from mjasync.journal.calendar import Calendar
from mjasync.journal.changes import State
from mjasync.journal.folding import History, fold
from mjasync.journal.pictures import Pictures
from mjasync.journal.projection import over


@frozen(kw_only=True)
class Moment:
    """One look at both clocks."""

    now: float
    wall: float

    def at(self, wall: float) -> float:
        """On the loop's clock; a calendar that was set back makes it now."""
        return self.now - max(self.wall - wall, 0.0)

    def until(self, wall: float, length: float) -> float:
        """The end of a time that began then: not in the past, and no further away than it is long."""
        return self.now + min(max(length - (self.wall - wall), 0.0), max(length, 0.0))


class Terms:
    """Translates for one process; see the module."""

    def __init__(self, opening: Opening, pictures: Pictures, calendar: Calendar) -> None:
        self._opening = opening
        self._calendar = calendar
        self._pictures = pictures
        self._fingerprints = dict(opening.accounts)
        self._names: dict[str, str] = {}
        for name, fingerprint in opening.accounts.items():
            self._names.setdefault(fingerprint, name)

    def inward(self, event: Event, at: float) -> Event:
        """In the file's terms. BLOCKS for the files of pictures; raises OSError."""
        match event:
            case Asked(spec):
                return Asked(self._spec(spec, self._fingerprints))
            case Sending(account):
                return evolve(event, account=self.fingerprint(account))
            case Silence(held_until=until):
                return evolve(event, held_until=until - at)
        return event

    def _spec(self, spec: Spec, names: Mapping[str, str]) -> Spec:
        exactly = spec.key is not None
        kept = tuple(self._pictures.keep(picture, exactly=exactly) for picture in attached(spec.operation))
        accounts = tuple(names.get(account, account) for account in spec.accounts)
        return evolve(spec, accounts=accounts, operation=reattached(spec.operation, kept))

    def fingerprint(self, name: str) -> str:
        """What the file calls the account."""
        return self._fingerprints.get(name, name)

    def name(self, fingerprint: str) -> str:
        """What this pool calls the account."""
        return self._names.get(fingerprint, fingerprint)

    def moment(self) -> Moment:
        """Now, on both clocks."""
        return Moment(now=self._opening.now(), wall=self._calendar.now())

    def outward(self, job: str, history: History, moment: Moment) -> Record:
        """The record in this process's terms. BLOCKS for the files of pictures."""
        whole = not over(fold(job, history))
        return machine.replay(job, [(self._brought(e, wall, moment, whole), moment.at(wall)) for e, wall in history])

    def events(self, history: History, moment: Moment) -> tuple[tuple[Event, float], ...]:
        """The events themselves, without the bytes of pictures."""
        return tuple((self._brought(event, wall, moment, False), moment.at(wall)) for event, wall in history)  # noqa: FBT003

    def _brought(self, event: Event, wall: float, moment: Moment, whole: bool) -> Event:  # noqa: FBT001  # as `bring`
        match event:
            case Asked(spec):
                pictures = tuple(self._pictures.bring(p, whole=whole) for p in attached(spec.operation))
                accounts = tuple(map(self.name, spec.accounts))
                return Asked(evolve(spec, accounts=accounts, operation=reattached(spec.operation, pictures)))
            case Sending(account):
                return evolve(event, account=self.name(account))
            case Silence(held_until=length):
                return evolve(event, held_until=moment.until(wall, length))
        return event

    def kept(self, state: State, histories: Mapping[str, History]) -> Kept:
        """What the file holds, for whoever opened it. BLOCKS for the files of pictures."""
        moment = self.moment()
        return Kept(
            records={job: self.outward(job, history, moment) for job, history in histories.items()},
            lines=tuple(evolve(line, account=self.name(line.account)) for _, line in sorted(state.lines.items())),
            prices={(self.name(who), mode, kind): price for (who, mode, kind), price in state.prices.items()},
        )
