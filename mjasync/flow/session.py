"""One authenticated account, spoken to: a dialect writes and reads, a transport carries, nothing is decided here."""

from random import Random

from mjasync.accounts import Account, MJProxy
from mjasync.core.answers import Missing, Submitted, Trouble, WrongVerb
from mjasync.core.model import Failure, Mode, Record, Snapshot, Spec
from mjasync.core.wire import HttpRequest, HttpResponse, NotSent, TransportFault
from mjasync.dialects import DIALECTS, NOBODY
from mjasync.transport.download import Downloader
from mjasync.transport.http import Http
from mjasync.transport.retry import patiently


class Session:
    """An account under its name in the pool, with its connections."""

    def __init__(self, name: str, account: Account, rng: Random) -> None:
        self.name = name
        self.account = account
        self._dialect = DIALECTS[account.provider]
        self._template = account.mode_path if isinstance(account, MJProxy) else ""
        self._transport = account.transport or Http()
        self._rng = rng
        # TTAPI's look is a POST in the seed and a GET elsewhere: switched at most once, for good.
        self._other_verb = False
        self._switched = False
        self.pictures = Downloader(self._transport, account.base_url)

    def lacks(self, spec: Spec) -> str | None:
        """Why this account cannot do what is asked, or None."""
        if spec.mode not in self.account.modes:
            return f"account {self.name!r} has no {spec.mode} mode"
        return self._dialect.lacks(spec)

    def route(self, mode: Mode) -> str:
        """What has to be proved before the first paid request: the base URL, with the mode's prefix if it has one."""
        return self.account.base_url + self._dialect.prefix(self._template, mode)

    def write(self, spec: Spec, parent: Record | None) -> HttpRequest:
        """The paid request; raises `ActionUnavailable` if the finished parent does not offer the action."""
        base = self.route(spec.mode)
        if parent is None or parent.snapshot is None:
            return self._dialect.write_submit(base, spec, None, None)
        action = self._dialect.offered(parent.snapshot, getattr(spec.operation, "action", ""))
        return self._dialect.write_submit(base, spec, parent.remote_id, action)

    async def submit(self, request: HttpRequest) -> Submitted:
        """Send the paid request, once. Raises `NotSent` or `NoAnswer`."""
        return self._dialect.read_submit(await self._send(request))

    async def look(self, mode: Mode, remote_id: str) -> Snapshot | Missing | Trouble:
        """Ask how a job is doing; free, so faults are tried again. Never raises."""
        try:
            looked = self._dialect.read_look(await self._ask(mode, remote_id))
            if isinstance(looked, WrongVerb) and not self._switched:
                self._switched, self._other_verb = True, not self._other_verb
                looked = self._dialect.read_look(await self._ask(mode, remote_id))
        except TransportFault as exc:
            return Trouble(failure=_unreachable(self.name, exc))
        if isinstance(looked, WrongVerb):
            return Trouble(failure=_unreachable(self.name, NotSent("its look route answers to neither POST nor GET")))
        return looked

    async def prove(self, mode: Mode) -> Failure | None:
        """Look at an id that cannot exist, to learn for free whether the route works. None if it does."""
        nobody = NOBODY[self.account.provider]
        try:
            response = await self._ask(mode, nobody)
            if isinstance(self._dialect.read_look(response), WrongVerb) and not self._switched:
                self._switched, self._other_verb = True, not self._other_verb
                response = await self._ask(mode, nobody)
        except TransportFault as exc:
            return _unreachable(self.name, exc)
        return self._dialect.read_proof(response)

    async def aclose(self) -> None:
        """Close what this session opened; a transport that came with the account stays open."""
        await self.pictures.aclose()
        if self.account.transport is None:
            await self._transport.aclose()

    async def _ask(self, mode: Mode, remote_id: str) -> HttpResponse:
        request = self._dialect.write_look(self.route(mode), remote_id, other_verb=self._other_verb)
        return await patiently(self._send, request, rng=self._rng)

    async def _send(self, request: HttpRequest) -> HttpResponse:
        # The only line that holds a key.
        return await self._transport.send(self.account.signed(request))


def _unreachable(name: str, fault: TransportFault) -> Failure:
    return Failure(
        kind="Unreachable",
        what=f"Account {name!r} cannot be reached.",
        why=str(fault),
        hint="check the network and base_url; nothing was accepted, so asking again is safe",
        retryable=True,
    )
