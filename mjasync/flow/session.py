"""One authenticated account, spoken to: a dialect writes and reads, a transport carries, nothing is decided here."""

import asyncio
import contextlib
from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Generic, TypeVar

from attrs import evolve, frozen

from mjasync.accounts import Account, MJProxy
from mjasync.core.answers import Absent, Doubt, Lack, Looked, Missing, Refused, Submitted, Trouble, WrongVerb
from mjasync.core.model import Failure, Mode, Record, Snapshot, Spec
from mjasync.core.operations import Operation, Press, attached
from mjasync.core.pictures import size_of
from mjasync.core.windows import window_prompt
from mjasync.core.wire import HttpRequest, HttpResponse, NoAnswer, NotSent, TransportFault, retry_after
from mjasync.dialects import DIALECTS, NOBODY, Calls, absence, not_routed
from mjasync.errors import ConfigError, MJError
from mjasync.flow.attachments import loaded
from mjasync.flow.outcome import error_of
from mjasync.transport import Transport
from mjasync.transport.download import Downloader
from mjasync.transport.http import Http
from mjasync.transport.retry import patiently

T = TypeVar("T")

#: What one look can say about a job.
Seen = Snapshot | Missing | Doubt | Trouble


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
        # TTAPI's look is a POST in the seed and a GET elsewhere: whichever answers first is kept for good.
        self._other_verb = False
        self._verb_works = False
        self._closed = False
        #: Optional calls and kinds of work that its server turned out not to have, and those that it has.
        self._absent: dict[str, Absent] = {}
        self._probed: set[str] = set()
        self._pictures = Downloader(self._transport, account.base_url)

    @property
    def calls(self) -> Calls | None:
        """The free questions that its provider has, if any."""
        return self._dialect.calls

    def lacks(self, spec: Spec) -> Lack | None:
        """Why this account cannot do what is asked, or None."""
        if spec.mode not in self.account.modes:
            return Lack(why=f"account {self.name!r} has no {spec.mode} mode")
        absent = self._absent.get(spec.operation.kind)
        return Lack(why=absent.why, action=True) if absent else self._dialect.lacks(spec)

    def route(self, mode: Mode) -> str:
        """What has to be proved before the first paid request: the base URL, with the mode's prefix if it has one."""
        return self.account.base_url + self._dialect.prefix(self._template, mode)

    def check(self, spec: Spec, parent: Record) -> None:
        """Raise `ActionUnavailable` or `NeedsInput` if the finished parent does not allow the step."""
        self._dialect.resolve(spec, parent)

    async def prepare(self, spec: Spec, parent: Record | None) -> HttpRequest:
        """The paid request with its pictures in it. Free, whatever it takes.

        Raises what `check` raises, `ConfigError` for a picture or a route that is no good, or a `TransportFault`.
        """
        self._dialect.resolve(spec, parent)
        await self._probe(spec)
        base = self.route(spec.mode)
        if not attached(spec.operation):
            return self._dialect.write_submit(base, spec, parent)
        return await asyncio.to_thread(self._dialect.write_submit, base, await self._loaded(spec, parent), parent)

    async def prepare_modal(self, spec: Spec, parent: Record | None, remote_id: str, shown: str) -> HttpRequest:
        """The answer to the window of `remote_id`, which shows the prompt `shown`. Raises `NeedsInput`."""
        seen = parent.snapshot if parent else None
        action = self._dialect.resolve(spec, parent)
        name = action.name if action else ""
        prompt = window_prompt(spec.operation, name, shown=shown, parent=(seen.prompt if seen else None) or "")
        loaded = await self._loaded(spec, parent)
        return await asyncio.to_thread(self._dialect.write_modal, self.route(spec.mode), loaded, remote_id, prompt)

    async def submit(self, request: HttpRequest, operation: Operation) -> Submitted:
        """Send the paid request, once. Raises `NotSent` or `NoAnswer`."""
        answer = self._dialect.read_submit(await self._send(request), operation)
        match answer:
            case Refused(account=True, failure=Failure(status=404 | 405)) if operation.kind != "imagine":
                # The account works, its server has no such route: no reason to turn away from the account.
                absent = self._absent.setdefault(operation.kind, Absent(why=f"HTTP {answer.failure.status}"))
                return Refused(failure=not_routed(operation.kind, absent))
        return answer

    async def look(self, spec: Spec, remote_id: str) -> Seen:
        """Ask how a job is doing; free, so faults are tried again. Never raises."""
        try:
            _, looked = await self._ask(spec.mode, remote_id, spec.operation.kind)
        except (TransportFault, MJError) as exc:
            return Trouble(failure=_unreachable(self.name, exc))
        if isinstance(looked, WrongVerb):
            return Trouble(failure=_unreachable(self.name, NotSent("its look route answers to neither POST nor GET")))
        if isinstance(looked, Snapshot) and looked.remote_id and not _same(looked.remote_id, remote_id):
            return Trouble(failure=_somebody_else(self.name, remote_id, looked.remote_id))
        return looked

    async def look_at_many(self, mode: Mode, remote_ids: Sequence[str]) -> Mapping[str, Snapshot] | None:
        """Several jobs in as few requests as can be; None where the account cannot do that (any more)."""
        many = self._dialect.many
        if many is None or "many looks" in self._absent:
            return None
        found: dict[str, Snapshot] = {}
        for start in range(0, len(remote_ids), many.most):
            request = many.write(self.route(mode), tuple(remote_ids[start : start + many.most]))
            seen = many.read(await patiently(self._send, request, rng=self._rng), {})
            if isinstance(seen, Absent):
                self._absent["many looks"] = seen
                return None
            if isinstance(seen, Trouble):
                raise error_of(seen.failure)
            found |= seen
        return found

    async def ask(self, question: Question[T]) -> T:
        """A free question. Raises `ConfigError` where the account has no such call, or what the provider said."""
        absent = self._absent.get(question.name)
        for request in () if absent else question.forms:
            answer = question.read(await patiently(self._send, request, rng=self._rng))
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

    async def prove(self, mode: Mode) -> Trouble | None:
        """Look at an id that cannot exist, to learn for free whether the route works. None if it does."""
        try:
            response, _ = await self._ask(mode, NOBODY[self.account.provider], "")
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

    async def _ask(self, mode: Mode, remote_id: str, kind: str) -> tuple[HttpResponse, Looked]:
        """One look, by the verb that works; while none did, by the other one too if the first is refused."""
        verb = self._other_verb
        response, looked = await self._ask_by(mode, remote_id, kind, other_verb=verb)
        if isinstance(looked, WrongVerb) and not self._verb_works:
            verb = not verb
            response, looked = await self._ask_by(mode, remote_id, kind, other_verb=verb)
        if isinstance(looked, Snapshot | Missing | Doubt):
            # Set, never toggled: several looks may find it out at once.
            self._other_verb, self._verb_works = verb, True
        return response, looked

    async def _ask_by(self, mode: Mode, remote_id: str, kind: str, *, other_verb: bool) -> tuple[HttpResponse, Looked]:
        request = self._dialect.write_look(self.route(mode), remote_id, other_verb=other_verb)
        response = await patiently(self._send, request, rng=self._rng)
        return response, self._dialect.read_look(response, kind)

    async def _probe(self, spec: Spec) -> None:
        """Before the first paid request to an optional route: is anybody there? Its absence is remembered."""
        kind = spec.operation.kind
        request = self._dialect.write_probe(self.route(spec.mode), spec.operation)
        if request is None or kind in self._probed:
            return
        if kind not in self._absent:
            found = absence(await patiently(self._send, request, rng=self._rng), self.name)
            if isinstance(found, Trouble):
                raise error_of(found.failure)
            if found is None:
                self._probed.add(kind)
                return
            self._absent[kind] = found
        raise error_of(not_routed(kind, self._absent[kind]))

    async def _loaded(self, spec: Spec, parent: Record | None) -> Spec:
        if not attached(spec.operation):
            return spec
        seen = parent.snapshot if parent else None
        size = seen.size if seen else None
        if size is None and seen and isinstance(spec.operation, Press) and seen.images:
            # For the mask. Looking costs nothing; where it fails, the provider has the last word.
            with contextlib.suppress(TransportFault):
                size = size_of(await self.picture(seen.images[0]))
        links = self._dialect.by_link(spec.operation)
        return evolve(spec, operation=await loaded(spec.operation, by_link=links, size=size, download=self.picture))

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
