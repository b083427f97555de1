"""The network between a client and the simulator, with everything that can go wrong on the way.

Rule 1: what is on the wire belongs to nobody: a request arrives whether or not its sender still lives.
Rule 2: the wire knows what each answer proves, by what it did itself; the client is not asked.
"""

import asyncio
import heapq
from collections import Counter
from math import inf
from random import Random
from typing import Any

from attrs import define, field

from mjasync.core.wire import HttpRequest, HttpResponse, NoAnswer, NotSent, TransportFault
from mjasync.sim import World
from mjasync.sim.exchange import FACES, exchange
from mjasync.sim.faults import Fault
from tests.worlds.chronicle import Chronicle
from tests.worlds.clocks import Clock
from tests.worlds.identity import identity_of
from tests.worlds.misfortunes import FATES, SPOILS
from tests.worlds.plan import Plan

#: Fates of a request that never arrives.
AWAY = frozenset({"wire.not_sent", "wire.lost_before", "wire.swallowed_before", "wire.partition"})
#: Answers of somebody on the way, who never passed the request on.
DOOR = {"wire.401": 401, "wire.403": 403, "wire.429": 429}
#: Scripts of the simulator after which the answer proves that nothing was accepted.
_CLEAR = frozenset({"refuse_connection", "redirect", "queue_full", "reject", "html"})
#: A status that says no whatever comes of its body.
_SAYS_NO = frozenset({301, 302, 303, 307, 308, 401, 402, 403, 429})
#: An answer that nobody hears of before the time is out.
SWALLOWED = "swallowed"
_PAGE = b"<html><head><title>504 Gateway Time-out</title></head><body>nginx</body></html>"


@define(eq=False)
class Packet:
    """One request on its way, and what its sender can know of it: `proof` is "no", "yes", "unclear" or "pending"."""

    number: int
    life: int
    account: str
    request: HttpRequest = field(repr=False)
    name: str
    place: str
    identity: str
    fate: str
    sent_at: float
    arrives_at: float = 0.0
    back: float = 0.0
    #: What the answer would prove, and what its sender knows.
    worth: str = "unclear"
    proof: str = "pending"
    jobs: tuple[Any, ...] = ()
    reply: asyncio.Future[HttpResponse] | None = None


class Wire:
    """All exchanges of a world."""

    def __init__(self, world: World, clock: Clock, plan: Plan, chronicle: Chronicle) -> None:
        dice, rates = Random(f"wire/{plan.seed}"), plan.rates
        self._prompts = {f"{node.verb} {node.prompt}" for node in plan.nodes if node.prompt}
        self._world, self._clock, self._dice, self._rates, self._chronicle = world, clock, dice, dict(rates), chronicle
        self.packets: list[Packet] = []
        self.fired: Counter[str] = Counter()
        self._transit: list[tuple[float, int, Packet]] = []
        self._older: dict[str, HttpResponse] = {}
        self._dark_until = 0.0

    def heal(self) -> None:
        """Nothing goes wrong any more; what is on its way arrives as it would have."""
        self._rates.clear()
        self._dark_until = 0.0
        # A provider that works ends by itself what got stuck: it does not count against its own limit for ever.
        for desk in self._world._desks.values():
            desk.ends[:] = sorted(end for end in desk.ends if end < inf)

    def put(self, account: str, provider: str, request: HttpRequest, life: int) -> Packet:
        """A request leaves; its fate is thrown now."""
        face = FACES[provider]
        picture = "/pictures/" in request.url
        name = "image" if picture else face.endpoint(request)
        place = "look" if picture or name in face.LOOKS or name in face.FREE or name == "unrouted" else "submit"
        identity = f"{account} {identity_of(request, name, self._prompts)}" if place == "submit" else request.url
        fate = "" if picture else self._fate(place)
        now = self._clock.now()
        packet = Packet(len(self.packets), life, account, request, name, place, identity, fate, now)
        out = 0.02 + 0.2 * self._dice.random()
        packet.back = 0.02 + 0.2 * self._dice.random()
        if fate == "wire.slow":
            out, packet.back = self._dice.uniform(0.2, 15), self._dice.uniform(0.2, 15)
        if fate == "wire.late":
            packet.back = max(request.timeout * self._dice.choice((0.97, 1.0, 1.05, 3.0)) - out, 0.1)
        packet.arrives_at = now + out
        self.packets.append(packet)
        self._chronicle.note("send", packet.number, account, name, fate, identity if place == "submit" else "")
        if fate not in AWAY and fate not in DOOR:
            heapq.heappush(self._transit, (packet.arrives_at, packet.number, packet))
        return packet

    def deliver(self) -> None:
        """Let everything arrive that is due, in its order."""
        while self._transit and self._transit[0][0] <= self._clock.now() + 1e-6:
            self._arrive(heapq.heappop(self._transit)[2])

    def idle(self, seconds: float) -> None:
        """Nobody is there for so long; what is on its way arrives all the same."""
        until = self._clock.now() + seconds
        while self._transit and self._transit[0][0] <= until:
            self._clock.pass_to(self._transit[0][0])
            self.deliver()
        self._clock.pass_to(until)

    def resume(self, loop: asyncio.AbstractEventLoop) -> None:
        """Another process runs; what still is on its way arrives in its time."""
        for moment, _, _ in sorted(self._transit):
            loop.call_later(max(moment - self._clock.now(), 0.0), self.deliver)

    def _fate(self, place: str) -> str:
        """What will become of an exchange on the wire; "" for nothing special."""
        now = self._clock.now()
        if now < self._dark_until:
            self.fired["wire.partition"] += 1
            return "wire.partition"
        for kind, rate in self._rates.items():
            if not kind.startswith("wire.") or (kind in ("wire.twice", "wire.stale") and place != "look"):
                continue
            if self._dice.random() < rate:
                if kind == "wire.partition":
                    if self._dice.random() > 0.2:
                        continue
                    self._dark_until = now + self._dice.choice((5.0, 60.0, 600.0))
                self.fired[kind] += 1
                return kind
        return ""

    def _arrive(self, packet: Packet) -> None:
        """The simulator processes it; then whatever was to become of the answer becomes of it."""
        scripts = self._scripts(packet)
        before, windows = self._world.ledger.accepted, len(self._world.windows)
        answer: HttpResponse | TransportFault
        try:
            answer = exchange(self._world, self._provider(packet), packet.request)
            if packet.fate == "wire.twice":
                exchange(self._world, self._provider(packet), packet.request)
        except TransportFault as exc:
            answer = exc
        struck = [script for script in scripts if script.fired]
        spoil = next((f"{s.kind}{s.details.get('status', '')}" for s in struck if s.on != "job"), "")
        self.fired.update(f"{'job' if script.on == 'job' else 'sim'}.{script.kind}" for script in struck)
        packet.jobs = tuple(self._world.ledger._booked[before:])
        taken = bool(packet.jobs) or len(self._world.windows) > windows
        told = ",".join(job.id for job in packet.jobs)
        self._chronicle.note("arrive", packet.number, spoil, getattr(answer, "status", "cut"), told)
        answer = self._spoiled(packet, answer)
        self._weigh(packet, answer, spoil, taken=taken)
        if packet.reply is not None and not packet.reply.done():
            loop = packet.reply.get_loop()
            if not loop.is_closed() and str(answer) != SWALLOWED:
                loop.call_later(packet.back, _settle, packet.reply, answer)

    def _provider(self, packet: Packet) -> str:
        return packet.account.partition("-")[0]

    def _scripts(self, packet: Packet) -> list[Fault]:
        """Scripts of the simulator for this one exchange."""
        self._world._faults.faults.clear()
        if packet.name == "image":
            return []
        place = {"submit": "submit", "look": "fetch"}[packet.place]
        made = []
        for spoil in SPOILS:
            if packet.place in spoil.places and self._happens(f"sim.{spoil.kind}"):
                made.append(self._world.inject(spoil.kind, on=place, **self._dice.choice(spoil.details)))
                break
        for fate in FATES:
            if packet.place == "submit" and self._happens(f"job.{fate.kind}"):
                made.append(self._world.inject(fate.kind, on="job", **self._dice.choice(fate.details)))
                break
        return made

    def _happens(self, kind: str) -> bool:
        rate = self._rates.get(kind)
        return rate is not None and self._dice.random() < rate

    def _spoiled(self, packet: Packet, answer: HttpResponse | TransportFault) -> HttpResponse | TransportFault:
        """What is left of the simulator's answer after the way back."""
        older = self._older.get(packet.identity)
        if isinstance(answer, HttpResponse) and packet.place == "look" and answer.status == 200:
            self._older.setdefault(packet.identity, answer)
            if packet.fate == "wire.stale" and older is not None:
                return older
        match packet.fate:
            case "wire.lost_after":
                return NoAnswer("connection reset by peer")
            case "wire.swallowed_after":
                return NoAnswer(SWALLOWED)
            case "wire.page_after":
                return HttpResponse(status=504, body=_PAGE, headers={"content-type": "text/html"})
            case "wire.empty_after":
                return HttpResponse(status=200)
            case "wire.cut_after" if isinstance(answer, HttpResponse):
                return HttpResponse(status=answer.status, body=answer.body[: len(answer.body) // 2])
        return answer

    def _weigh(self, packet: Packet, answer: HttpResponse | TransportFault, spoil: str, *, taken: bool) -> None:
        """Decide what the answer proves to whoever reads it whole."""
        kind = spoil.rstrip("0123456789")
        by_its_head = packet.fate == "wire.cut_after" and getattr(answer, "status", 0) in _SAYS_NO
        if not taken and (by_its_head or isinstance(answer, NotSent)):
            packet.worth = "no"
        elif packet.fate.endswith("_after") or isinstance(answer, TransportFault):
            packet.worth = "unclear"
        elif kind in _CLEAR or spoil == "status429" or (kind == "no_id" and not taken):
            packet.worth = "no"
        elif kind:
            packet.worth = "unclear"
        else:
            packet.worth = "yes" if taken else "no"


def _settle(reply: "asyncio.Future[HttpResponse]", answer: HttpResponse | TransportFault) -> None:
    if reply.done():
        return
    if isinstance(answer, TransportFault):
        reply.set_exception(answer)
    else:
        reply.set_result(answer)
