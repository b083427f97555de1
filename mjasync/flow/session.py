"""One authenticated account, spoken to: a dialect writes and reads, a transport carries, nothing is decided here."""

import asyncio
import contextlib
from collections.abc import Callable
from random import Random
from typing import Generic, TypeVar

from attrs import evolve, frozen

from mjasync.accounts import Account, MJProxy
from mjasync.core.answers import Absent, Doubt, Lack, Refused, Submitted, Trouble, of_free, scoped
from mjasync.core.model import Mode, Record, Snapshot, Spec
from mjasync.core.operations import Operation, Press, attached
from mjasync.core.pictures import size_of
from mjasync.core.windows import window_prompt
from mjasync.core.wire import HttpRequest, HttpResponse, NoAnswer, TransportFault, nowhere
from mjasync.dialects import DIALECTS, Calls, absence, not_routed
from mjasync.errors import ConfigError, MJError
from mjasync.flow.attachments import loaded
from mjasync.flow.looks import Looks, Seen, unreachable
from mjasync.flow.outcome import error_of
from mjasync.transport import Transport
from mjasync.transport.bucket import Bucket
from mjasync.transport.download import Downloader
from mjasync.transport.http import Http
from mjasync.transport.retry import patiently

T = TypeVar("T")

#: Name of the question for an account's own list of jobs.
LIST = "list of jobs"
#: Seconds for a look at the parent's picture, only to learn its size.
_MEASURING = 10.0


@frozen(kw_only=True)
class Question(Generic[T]):
    """A free question to an account: its name, its forms (the first that is routed is used), how to read answers."""

    name: str
    forms: tuple[HttpRequest, ...]
    read: Callable[[HttpResponse], T | Absent | Trouble]


class Session:
    """An account under its name in the pool, with its connections."""

    def __init__(self, name: str, account: Account, rng: Random) -> None:
        self.name = name
        self.account = account
        self._dialect = DIALECTS[account.provider]
        self._template = account.mode_path if isinstance(account, MJProxy) else ""
        self._transport = account.transport or Http()
        self._rng = rng
        self._closed = False
        #: Optional calls and kinds of work that its server turned out not to have.
        self._absent: dict[str, Absent] = {}
        self._pictures = Downloader(self._transport, account.base_url)
        #: What all free requests to this account may spend on being repeated.
        self._bucket = Bucket()
        self.looks = Looks(
            name, account.provider, self._dialect, send=self._send, route=self.route, rng=rng, bucket=self._bucket
        )

    @property
    def calls(self) -> Calls | None:
        """The free questions that its provider has, if any."""
        return self._dialect.calls

    @property
    def can_list(self) -> bool:
        """Whether the account may list its jobs, as far as anybody found out."""
        return self.calls is not None and LIST not in self._absent

    def lacks(self, spec: Spec) -> Lack | None:
        """Why this account cannot do what is asked, or None."""
        if spec.mode not in self.account.modes:
            return Lack(why=f"account {self.name!r} has no {spec.mode} mode")
        absent = self._absent.get(spec.operation.kind)
        if absent is not None:
            return Lack(why=f"account {self.name!r} has no {spec.operation.kind}: {absent.why}", action=True)
        return self._dialect.lacks(spec)

    def route(self, mode: Mode) -> str:
        """What has to be proved before the first paid request: the base URL, with the mode's prefix if it has one."""
        return self.account.base_url + self._dialect.prefix(self._template, mode)

    def check(self, spec: Spec, parent: Record) -> None:
        """Raise `ActionUnavailable` or `NeedsInput` if the finished parent does not allow the step."""
        self._dialect.resolve(spec, parent)

    async def prepare(self, spec: Spec, parent: Record | None) -> HttpRequest:
        """The paid request with its pictures in it. Free, whatever it takes.

        Raises what `check` raises, and `ConfigError` or `Unreachable` for a picture that cannot be had.
        """
        self._dialect.resolve(spec, parent)
        base = self.route(spec.mode)
        if not attached(spec.operation):
            return self._dialect.write_submit(base, spec, parent)
        whole = await self._loaded(
            spec, size=await self._size_of(parent) if isinstance(spec.operation, Press) else None
        )
        return await asyncio.to_thread(self._dialect.write_submit, base, whole, parent)

    async def prepare_modal(self, spec: Spec, parent: Record | None, remote_id: str, shown: str) -> HttpRequest:
        """The answer to the window of `remote_id`, which shows the prompt `shown`. Raises `NeedsInput`."""
        seen = parent.snapshot if parent else None
        action = self._dialect.resolve(spec, parent)
        name = action.name if action else ""
        prompt = window_prompt(spec.operation, name, shown=shown, parent=(seen.prompt if seen else None) or "")
        whole = await self._loaded(spec, size=None) if attached(spec.operation) else spec
        return await asyncio.to_thread(self._dialect.write_modal, self.route(spec.mode), whole, remote_id, prompt)

    async def submit(self, request: HttpRequest, operation: Operation) -> Submitted:
        """Send the paid request, once. Raises `NotSent` or `NoAnswer`."""
        response = await self._send(request)
        if self._dialect.optional(operation) and await self._is_absent(request, response, operation.kind):
            failure = not_routed(operation.kind, self._absent[operation.kind])
            return Refused(failure=failure, route=True)
        answer = self._dialect.read_submit(response, operation)
        return of_free(answer) if request.repeatable else scoped(answer, operation.kind)

    async def look(self, spec: Spec, remote_id: str, *, known: tuple[str | None, ...] = ()) -> Seen:
        """Ask how a job is doing; free, so faults are tried again. Never raises."""
        return await self.looks.one(spec.mode, spec.operation.kind, remote_id, known=known)

    def read_callback(self, spec: Spec, body: bytes) -> Snapshot | None:
        """What the body of a callback says of a job, which nobody believes; None where it cannot be read."""
        response = HttpResponse(status=200, body=body, headers={"content-type": "application/json"})
        looked = self._dialect.read_look(response, spec.operation.kind)
        if isinstance(looked, Doubt):
            return looked.snapshot
        return looked if isinstance(looked, Snapshot) else None

    async def prove(self, mode: Mode) -> Trouble | None:
        """Whether the route works, learned for free. None if it does."""
        return await self.looks.prove(mode)

    async def ask(self, question: Question[T]) -> T:
        """A free question. Raises `ConfigError` where the account has no such call, `Unreachable`, or what the provider said."""
        absent = self._absent.get(question.name)
        for request in () if absent else question.forms:
            answer = question.read(await self._free(request))
            if isinstance(answer, Trouble):
                raise error_of(answer.failure)
            if not isinstance(answer, Absent):
                return answer
            absent = answer
        self._absent[question.name] = absent or Absent(why="its provider has no such call")
        raise ConfigError(
            f"Account {self.name!r} has no {question.name}.",
            why=f"its server said: {self._absent[question.name].why}"[:300],
            hint="the call is optional; use another account for it",
        )

    async def _free(self, request: HttpRequest) -> HttpResponse:
        """The last answer of a few tries. Raises `Unreachable`."""
        try:
            return await patiently(self._send, request, rng=self._rng, bucket=self._bucket)
        except TransportFault as exc:
            failure = unreachable(self.name, exc)
        raise error_of(failure)

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

    async def _is_absent(self, request: HttpRequest, response: HttpResponse, kind: str) -> bool:
        """Whether an optional route is not there. A web page with 200 says so only if any wrong path gets the same."""
        found = absence(response, self.name)
        if not isinstance(found, Absent):
            return False
        if response.status < 300 and not request.repeatable:
            beside = evolve(request, method="GET", url=nowhere(request.url), body=None, repeatable=True)
            try:
                page = await patiently(self._send, beside, rng=self._rng, bucket=self._bucket)
            except (TransportFault, MJError):
                return False
            if (page.status, page.body) != (response.status, response.body):
                return False
        self._absent[kind] = found
        return True

    async def _size_of(self, parent: Record | None) -> tuple[int, int] | None:
        """The size of the parent's picture, for a mask: as told, or as the picture itself says.

        Looking costs nothing; where it fails or takes long, the provider has the last word.
        """
        seen = parent.snapshot if parent else None
        if seen is None or seen.size is not None or not seen.images:
            return seen.size if seen else None
        with contextlib.suppress(TransportFault, TimeoutError):
            async with asyncio.timeout(_MEASURING):
                return size_of(await self.picture(seen.images[0]))
        return None

    async def _loaded(self, spec: Spec, *, size: tuple[int, int] | None) -> Spec:
        links = self._dialect.by_link(spec.operation)
        return evolve(spec, operation=await loaded(spec.operation, by_link=links, size=size, download=self.picture))

    async def _send(self, request: HttpRequest) -> HttpResponse:
        try:
            # The only line that holds a key.
            return self.account.masked(await self._transport.send(self.account.signed(request)))
        except (TransportFault, MJError):
            raise
        except Exception as exc:  # noqa: BLE001  # a transport may be anybody's, and a paid request may have left
            fault = NoAnswer(f"the transport raised {type(exc).__name__}")
        raise fault
