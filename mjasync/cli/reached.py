"""What a visit to an account found, in words."""

from collections.abc import Iterator, Mapping, Sequence

from mjasync import Account, Mode
from mjasync.cli import report
from mjasync.cli.findings import Finding, Level, code_of_kind
from mjasync.cli.text import seconds
from mjasync.core.model import Failure
from mjasync.flow.checkup import Tried, Visit

#: Seconds that a clock may be wrong before anybody is told.
_OFF = 5.0


def account(name: str, found: Visit, *, usual: Mode) -> Iterator[Finding]:
    """Whether the account can be used; `usual`: the mode that is asked for by default."""
    road = found.road
    if road is not None and not road.open:
        facts = {"account": name, "reached": False, "kind": "Unreachable"}
        told = f"{name}: {road.what}"
        yield Finding(
            level=Level.BAD, name="reach", what=told, why=road.why, do=road.do, code=report.SOME_FAILED, facts=facts
        )
        return
    good = [each for each in found.tried if each.failure is None]
    if good:
        modes = ", ".join(str(mode) for each in good for mode in each.modes)
        way = f"{', '.join(road.addresses[:2])}, {road.tls or 'no TLS'}" if road else ""
        yield Finding(
            name="reach",
            what=f"{name}: answers in {1000 * (found.seconds or 0.0):.0f} ms and does not refuse the key; modes {modes}"
            + (f" ({way})" if way else ""),
            facts={
                "account": name,
                "reached": True,
                "seconds": None if found.seconds is None else round(found.seconds, 3),
                "modes": [str(mode) for each in good for mode in each.modes],
                "tls": road.tls if road else "",
                "addresses": list(road.addresses) if road else [],
            },
        )
    for failure, group in _alike(found.tried):
        yield _refused(name, failure, group, usual=usual, alone=not good)


def _alike(tried: Sequence[Tried]) -> list[tuple[Failure, list[Tried]]]:
    """Routes that failed, together with those that failed in the same way."""
    groups: dict[tuple[str, str], tuple[Failure, list[Tried]]] = {}
    for each in tried:
        if each.failure is not None:
            groups.setdefault((each.failure.kind, each.failure.what), (each.failure, []))[1].append(each)
    return list(groups.values())


def _refused(name: str, failure: Failure, group: Sequence[Tried], *, usual: Mode, alone: bool) -> Finding:
    modes = [mode for each in group for mode in each.modes]
    routes = ", ".join(each.route for each in group)
    instead = "; or leave its modes out of modes for this account" if not alone else ""
    return Finding(
        level=Level.BAD if alone or usual in modes else Level.WARN,
        name="reach",
        what=f"{name}: {failure.kind}: {failure.what}",
        why=f"{failure.why}; asked at {routes} (modes {', '.join(modes)})".removeprefix("; "),
        do=f"{failure.hint or 'see the answer above'}{instead}",
        code=code_of_kind(failure.kind),
        facts={
            "account": name,
            "reached": True,
            "kind": failure.kind,
            "status": failure.status,
            "modes": [str(mode) for mode in modes],
            "routes": [each.route for each in group],
        },
    )


def clock(visits: Mapping[str, Visit], accounts: Mapping[str, Account]) -> Iterator[Finding]:
    """How right this computer's clock is, by what servers say it is."""
    told = {name: found.ahead for name, found in visits.items() if found.ahead is not None}
    if not told:
        if any(found.tried for found in visits.values()):
            yield Finding(name="clock", what="cannot be compared: no answer said what time it is")
        return
    nearest = min(told, key=lambda name: abs(told[name]))
    ahead = told[nearest]
    facts = {"ahead_seconds": round(ahead, 1), "account": nearest}
    if abs(ahead) <= _OFF:
        yield Finding(name="clock", what=f"agrees with {accounts[nearest].base_url}", facts=facts)
        return
    way = "ahead of" if ahead > 0 else "behind"
    yield Finding(
        level=Level.WARN,
        name="clock",
        what=f"This computer's clock is {seconds(abs(ahead))} {way} the one of {accounts[nearest].base_url}.",
        why="dates in the journal and the days of the ledger go by it, and so do certificates",
        do="let the system set it: timedatectl set-ntp true, or the date settings of this computer",
        facts=facts,
    )
