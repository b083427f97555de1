"""Looking at one account's jobs: by the verb that works, at the ids that are meant, several at once where it can.

Everything here is free, so faults are tried again, as long as the account's bucket lasts; what is found out about
the account's server is kept.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import lru_cache, partial
from random import Random
from urllib.parse import urlsplit

from attrs import evolve

from mjasync.core.addresses import placed
from mjasync.core.answers import Absent, Doubt, Looked, Missing, Trouble, WrongVerb
from mjasync.core.model import Failure, Mode, Snapshot
from mjasync.core.wire import HttpRequest, HttpResponse, NotSent, TransportFault, nowhere, retry_after
from mjasync.dialects import NOBODY, Dialect
from mjasync.errors import MJError
from mjasync.transport.bucket import Bucket
from mjasync.transport.retry import PASSING, TRIES, Send, patiently

#: Requests that an account keeps at hand; more jobs than that are seldom running.
_REMEMBERED = 256
#: Seconds for a look at several jobs: all of them wait for it, and single looks are there.
_LIST_PATIENCE = 10.0
#: What one look can say about a job.
Seen = Snapshot | Missing | Doubt | Trouble


class Looks:
    """How one account is looked at."""

    def __init__(
        self,
        name: str,
        provider: str,
        dialect: Dialect,
        *,
        send: Callable[[HttpRequest], Awaitable[HttpResponse]],
        route: Callable[[Mode], str],
        rng: Random,
        bucket: Bucket,
    ) -> None:
        self._name = name
        self._provider = provider
        self._dialect = dialect
        self._sender = send
        self._route = route
        self._rng = rng
        self._bucket = bucket
        # TTAPI's look is a POST in the seed and a GET elsewhere: whichever shows a job first is kept for good.
        self._other_verb = False
        self._verb_works = False
        self._no_many = False
        #: The looks at the jobs that run: each is asked about again and again.
        self._look = lru_cache(_REMEMBERED)(dialect.write_look)

    async def one(
        self,
        mode: Mode,
        kind: str,
        remote_id: str,
        *,
        known: Sequence[str | None] = (),
        passing: frozenset[int] = PASSING,
    ) -> Seen:
        """How a job is doing; `known`: other ids under which the answer may name it. Never raises.

        `passing`: the HTTP statuses after which it is asked again.
        """
        try:
            _, looked = await self._ask(mode, remote_id, kind, passing)
        except (TransportFault, MJError) as exc:
            return Trouble(failure=unreachable(self._name, exc))
        if isinstance(looked, WrongVerb):
            return Trouble(failure=unreachable(self._name, NotSent("its look route answers to neither POST nor GET")))
        seen = looked.snapshot if isinstance(looked, Doubt) else looked
        if isinstance(seen, Snapshot) and seen.remote_id and seen.remote_id != remote_id:
            names = [name for name in (remote_id, *known) if name]
            if not any(_same(seen.remote_id, name) for name in names):
                return Trouble(failure=_somebody_else(self._name, remote_id, seen.remote_id))
        return looked

    @property
    def can_many(self) -> bool:
        """Whether several jobs may be asked about at once, as far as anybody found out."""
        return self._dialect.many is not None and not self._no_many

    @property
    def most(self) -> int:
        """The most jobs of one request."""
        return self._dialect.many.most if self._dialect.many is not None else 1

    def only_single(self) -> None:
        """The look at several jobs shows nothing here: it is not used again."""
        self._no_many = True

    async def many(
        self, mode: Mode, kinds: Mapping[str, str], *, tries: int = TRIES, passing: frozenset[int] = PASSING
    ) -> Mapping[str, Snapshot] | Trouble:
        """Several jobs in as few requests as can be; `kinds`: what they are, by id.

        Without those that it did not bring, for whatever reason; trouble only where it brought none. Never raises.
        Each request is tried `tries` times at most, again after the HTTP statuses `passing`.
        """
        found: dict[str, Snapshot] = {}
        ids = tuple(kinds) if self.can_many else ()
        for start in range(0, len(ids), self.most):
            request = partial(self._send, tries=tries, passing=passing)
            seen = await self._many(mode, ids[start : start + self.most], kinds, request)
            if isinstance(seen, Trouble):
                return found or seen
            found |= seen
        return found

    async def _many(
        self, mode: Mode, ids: tuple[str, ...], kinds: Mapping[str, str], send: Send
    ) -> Mapping[str, Snapshot] | Trouble:
        many = self._dialect.many
        if many is None or self._no_many:
            return {}
        try:
            base = self._route(mode)
            seen = many.read(await send(evolve(many.write(base, ids), timeout=_LIST_PATIENCE)), kinds)
        except (TransportFault, MJError) as exc:
            return Trouble(failure=unreachable(self._name, exc))
        if isinstance(seen, Absent):
            self._no_many = True
            return {}
        return seen if isinstance(seen, Trouble) else {name: placed(each, base) for name, each in seen.items()}

    async def prove(self, mode: Mode) -> Trouble | None:
        """Look at an id that cannot exist, to learn for free whether the route works. None if it does."""
        nobody = NOBODY[self._provider]
        try:
            response, _ = await self._ask(mode, nobody, "")
            failure = self._dialect.read_proof(response)
            if failure and response.status == 404 and await self._is_there(mode, nobody, response):
                return None
        except (TransportFault, MJError) as exc:
            return Trouble(failure=unreachable(self._name, exc))
        return Trouble(failure=failure, retry_after=retry_after(response)) if failure else None

    async def _is_there(self, mode: Mode, nobody: str, response: HttpResponse) -> bool:
        """A bare 404 can mean the id or the path: a path that is there answers otherwise than one that is not."""
        if await self._answers_another_way(mode, nobody):
            return True
        if response.body.lstrip()[:1] in (b"{", b"["):  # it said in JSON that there is no such route, see `read_proof`
            return False
        here = self._dialect.write_look(self._route(mode), nobody, other_verb=self._other_verb)
        beside = evolve(here, url=nowhere(here.url))
        other = await self._send(beside)
        return (other.status, _unaddressed(other, beside)) != (response.status, _unaddressed(response, here))

    async def _answers_another_way(self, mode: Mode, nobody: str) -> bool:
        """A path that is there answers another method with 405, or in JSON."""
        here = self._dialect.write_look(self._route(mode), nobody, other_verb=self._other_verb)
        there = self._dialect.write_look(self._route(mode), nobody, other_verb=not self._other_verb)
        if there.method == here.method:
            json = {"Content-Type": "application/json"}
            return (await self._send(evolve(here, method="POST", headers=json, body=b"{}"))).status == 405
        response = await self._send(there)
        if response.status != 405 and self._dialect.read_proof(response) is not None:
            return False
        self._other_verb = self._other_verb is (response.status == 405)
        return True

    async def _ask(
        self, mode: Mode, remote_id: str, kind: str, passing: frozenset[int] = PASSING
    ) -> tuple[HttpResponse, Looked]:
        """One look, by the verb that works; while none has shown a job, by the other one too if the first is refused."""
        verb = self._other_verb
        response, looked = await self._ask_by(mode, remote_id, kind, passing, other_verb=verb)
        if not self._verb_works and self._is_refused(response, looked, remote_id):
            other = await self._ask_by(mode, remote_id, kind, passing, other_verb=not verb)
            if isinstance(looked, WrongVerb) or isinstance(other[1], Snapshot | Doubt):
                verb, (response, looked) = not verb, other
        if isinstance(looked, (Snapshot, Doubt)) or (isinstance(looked, Missing) and response.status != 404):
            # Set, never toggled: several looks may find it out at once.
            self._other_verb, self._verb_works = verb, True
        return response, looked

    def _is_refused(self, response: HttpResponse, looked: Looked, remote_id: str) -> bool:
        """Whether it may be the verb. A 404 in JSON says so too, if it is about a job that was accepted."""
        real = remote_id != NOBODY[self._provider]
        doubt = isinstance(looked, Missing) and response.status == 404 and real and self._dialect.two_verbs
        return isinstance(looked, WrongVerb) or doubt

    async def _ask_by(
        self, mode: Mode, remote_id: str, kind: str, passing: frozenset[int], *, other_verb: bool
    ) -> tuple[HttpResponse, Looked]:
        base = self._route(mode)
        response = await self._send(self._look(base, remote_id, other_verb=other_verb), passing=passing)
        looked = self._dialect.read_look(response, kind)
        return response, placed(looked, base) if isinstance(looked, Snapshot) else looked

    async def _send(
        self, request: HttpRequest, *, tries: int = TRIES, passing: frozenset[int] = PASSING
    ) -> HttpResponse:
        rng, bucket = self._rng, self._bucket
        return await patiently(self._sender, request, rng=rng, bucket=bucket, tries=tries, passing=passing)


def _unaddressed(response: HttpResponse, request: HttpRequest) -> bytes:
    """A page without the address that it repeats."""
    path = urlsplit(request.url).path
    return response.body.replace(path.encode(), b"").replace(path.rpartition("/")[2].encode(), b"")


def _same(one: str, other: str) -> bool:
    """Ids as text; a leading zero may have been lost on the way through a number."""
    return one.strip().lstrip("0").lower() == other.strip().lstrip("0").lower()


def unreachable(name: str, fault: Exception) -> Failure:
    """A free question that got no answer."""
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
