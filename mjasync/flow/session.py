"""One authenticated account, spoken to: a dialect writes and reads, a transport carries, nothing is decided here."""

from random import Random

from mjasync.accounts import Account, MJProxy
from mjasync.core.answers import Doubt, Looked, Missing, Submitted, Trouble, WrongVerb
from mjasync.core.model import Failure, Mode, Record, Snapshot, Spec
from mjasync.core.wire import HttpRequest, HttpResponse, NoAnswer, NotSent, TransportFault, retry_after
from mjasync.dialects import DIALECTS, NOBODY
from mjasync.errors import MJError
from mjasync.transport import Transport
from mjasync.transport.download import Downloader
from mjasync.transport.http import Http
from mjasync.transport.retry import patiently

#: What one look can say about a job.
Seen = Snapshot | Missing | Doubt | Trouble


class Session:
    """An account under its name in the pool, with its connections."""

    def __init__(self, name: str, account: Account, rng: Random) -> None:
        self.name = name
        self.account = account
        self._dialect = DIALECTS[account.provider]
        self._template = account.mode_path if isinstance(account, MJProxy) else ""
        self._transport = account.transport or Http()
        self._rng = rng
        # TTAPI's look is a POST in the seed and a GET elsewhere: whichever answers first is kept for good.
        self._other_verb = False
        self._verb_works = False
        self._closed = False
        self._pictures = Downloader(self._transport, account.base_url)

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

    async def look(self, mode: Mode, remote_id: str) -> Seen:
        """Ask how a job is doing; free, so faults are tried again. Never raises."""
        try:
            _, looked = await self._ask(mode, remote_id)
        except (TransportFault, MJError) as exc:
            return Trouble(failure=_unreachable(self.name, exc))
        if isinstance(looked, WrongVerb):
            return Trouble(failure=_unreachable(self.name, NotSent("its look route answers to neither POST nor GET")))
        if isinstance(looked, Snapshot) and looked.remote_id and not _same(looked.remote_id, remote_id):
            return Trouble(failure=_somebody_else(self.name, remote_id, looked.remote_id))
        return looked

    async def prove(self, mode: Mode) -> Trouble | None:
        """Look at an id that cannot exist, to learn for free whether the route works. None if it does."""
        try:
            response, _ = await self._ask(mode, NOBODY[self.account.provider])
        except (TransportFault, MJError) as exc:
            return Trouble(failure=_unreachable(self.name, exc))
        failure = self._dialect.read_proof(response)
        return Trouble(failure=failure, retry_after=retry_after(response)) if failure else None

    async def picture(self, url: str) -> bytes:
        """The bytes of a picture; also after the session was closed, by connections for this one picture."""
        if not self._closed:
            return await self._pictures.get(url)
        own: Transport = self.account.transport or Http()
        once = Downloader(own, self.account.base_url)
        try:
            return await once.get(url)
        finally:
            await once.aclose()
            if self.account.transport is None:
                await own.aclose()

    async def aclose(self) -> None:
        """Close what this session opened; a transport that came with the account stays open."""
        self._closed = True
        await self._pictures.aclose()
        if self.account.transport is None:
            await self._transport.aclose()

    async def _ask(self, mode: Mode, remote_id: str) -> tuple[HttpResponse, Looked]:
        """One look, by the verb that works; while none did, by the other one too if the first is refused."""
        verb = self._other_verb
        response, looked = await self._ask_by(mode, remote_id, other_verb=verb)
        if isinstance(looked, WrongVerb) and not self._verb_works:
            verb = not verb
            response, looked = await self._ask_by(mode, remote_id, other_verb=verb)
        if isinstance(looked, Snapshot | Missing | Doubt):
            # Set, never toggled: several looks may find it out at once.
            self._other_verb, self._verb_works = verb, True
        return response, looked

    async def _ask_by(self, mode: Mode, remote_id: str, *, other_verb: bool) -> tuple[HttpResponse, Looked]:
        request = self._dialect.write_look(self.route(mode), remote_id, other_verb=other_verb)
        response = await patiently(self._send, request, rng=self._rng)
        return response, self._dialect.read_look(response)

    async def _send(self, request: HttpRequest) -> HttpResponse:
        try:
            # The only line that holds a key.
            return await self._transport.send(self.account.signed(request))
        except (TransportFault, MJError):
            raise
        except Exception as exc:  # noqa: BLE001  # a transport may be anybody's, and a paid request may have left
            fault = NoAnswer(f"the transport raised {type(exc).__name__}")
        raise fault


def _same(one: str, other: str) -> bool:
    """Ids as text; a leading zero may have been lost on the way through a number."""
    return one.strip().lstrip("0").lower() == other.strip().lstrip("0").lower()


def _unreachable(name: str, fault: Exception) -> Failure:
    return Failure(
        kind="Unreachable",
        what=f"Account {name!r} cannot be reached.",
        why=str(fault),
        hint="check the network and base_url; nothing was accepted, so asking again is safe",
        retryable=True,
    )


def _somebody_else(name: str, wanted: str, got: str) -> Failure:
    return Failure(
        kind="ProtocolError",
        what=f"Account {name!r} answered a look at job {wanted} with job {got[:80]!r}.",
        why="the answer names another job, so it is not believed",
    )
