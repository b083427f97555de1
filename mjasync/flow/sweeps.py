"""Searching an account's own list of jobs for submits of unknown fate.

Rule 1: a row is ours only for the token of the very submission; a list shows no tokens, so rows are looked at.
Rule 2: a row is refuted only by evidence: another hook in it, or an end without any. Whatever cannot be read now may
be ours, and is looked at again.
Rule 3: one search at a time for each account, for all of its lost jobs together, and no faster than a look a while:
the account is busy with other jobs.
"""

import asyncio

from attrs import define, field

from mjasync.core import patience
from mjasync.core.answers import OVER, Absent, Trouble, is_end
from mjasync.core.machine import Accepted, Saw
from mjasync.core.model import Record, Snapshot, Status
from mjasync.core.operations import action_of
from mjasync.core.reports import ListedJob
from mjasync.core.tokens import has_hook, is_echoed
from mjasync.core.wire import HttpResponse, TransportFault
from mjasync.errors import MJError
from mjasync.flow.books import Books
from mjasync.flow.session import LIST, Question, Session


@define(eq=False)
class _Account:
    """What is searched for at one account, and what the searches found."""

    lost: set[str] = field(factory=set)
    #: Ids of rows that are certainly other jobs.
    refuted: set[str] = field(factory=set)
    lock: asyncio.Lock = field(factory=asyncio.Lock)
    #: The last search: when it began, what for, and whether it left nothing out.
    begun_at: float = float("-inf")
    covered: frozenset[str] = frozenset()
    whole: bool = False


class Sweeps:
    """The searches of a pool."""

    def __init__(self, books: Books) -> None:
        self._books = books
        self._accounts: dict[str, _Account] = {}

    def can_find(self, record: Record, session: Session) -> bool:
        """Whether a search may bring the job."""
        return record.remote_id is None and bool(record.token) and session.can_list

    async def search(self, job_id: str, session: Session) -> bool:
        """Search for the job, and for all others that are lost there; True if every row was seen and none is it."""
        account = self._accounts.setdefault(session.name, _Account())
        account.lost.add(job_id)
        try:
            fresh = self._books.now() - patience.SWEEP_FRESH
            async with account.lock:
                if account.begun_at < fresh or job_id not in account.covered:
                    account.begun_at, account.covered = self._books.now(), frozenset(account.lost)
                    account.whole = await self._swept(account, session)
            return account.whole and not self._is_found(job_id)
        finally:
            if self._is_found(job_id):
                account.lost.discard(job_id)

    def _is_found(self, job_id: str) -> bool:
        record = self._books.get(job_id)
        return record is None or record.remote_id is not None

    def forget(self, job_id: str, session: Session) -> None:
        """Nobody searches for the job any more."""
        if session.name in self._accounts:
            self._accounts[session.name].lost.discard(job_id)

    async def _swept(self, account: _Account, session: Session) -> bool:
        """Newest first; True if nothing was left out."""
        whole, looks = True, patience.SWEEP_LOOKS
        for status in session.calls.states if session.calls else ():
            for page in range(1, patience.SWEEP_PAGES + 1):
                rows = await self._listed(account, session, status=status, page=page)
                if rows is None:
                    return False
                for remote_id in self._candidates(rows, account, session):
                    if not looks or not self._waiting(account):
                        return False
                    looks -= 1
                    whole = await self._looked_at(remote_id, account, session) and whole
                    await asyncio.sleep(patience.SWEEP_PACE)
                if len(rows) < patience.SWEEP_ROWS:
                    break
            else:
                whole = False
        return whole

    def _waiting(self, account: _Account) -> list[Record]:
        records = (self._books.get(job_id) for job_id in account.lost)
        return [record for record in records if record is not None and record.remote_id is None]

    def _candidates(self, rows: tuple[ListedJob, ...], account: _Account, session: Session) -> list[str]:
        """Ids that may be ours, the likely ones first."""
        wanted = self._waiting(account)
        ranked = sorted(rows, key=lambda row: not any(_is_like(row, record) for record in wanted))
        ids = [row.ticket.remote_id for row in ranked if row.ticket.remote_id not in account.refuted]
        account.refuted.update(each for each in ids if self._books.is_known(session.name, each))
        return [each for each in ids if each not in account.refuted]

    async def _looked_at(self, remote_id: str, account: _Account, session: Session) -> bool:
        """True if it is clear now whose it is."""
        wanted = self._waiting(account)
        looked = await session.look(wanted[0].spec, remote_id)
        if isinstance(looked, Snapshot) and looked.status is Status.FAILED and any(each.expired for each in wanted):
            await asyncio.sleep(patience.CONFIRMED)  # some providers take a failure back, and this one will be an end
            looked = await session.look(wanted[0].spec, remote_id)
        if not isinstance(looked, Snapshot):
            return False
        for record in wanted:
            if is_echoed(looked.raw, record.token):
                if record.id not in {each.id for each in self._waiting(account)}:  # found in another way meanwhile
                    return True
                await self._adopt(record, remote_id, looked)
                return True
        if has_hook(looked.raw) or looked.status in OVER:
            account.refuted.add(remote_id)
            return True
        return False

    async def _adopt(self, record: Record, remote_id: str, looked: Snapshot) -> None:
        found = Accepted(remote_id, "list")
        if record.expired and is_end(record.spec.operation.brings, looked):
            self._books.settle(record.id, found)
            await self._books.note(record.id, Saw(looked))  # its slot was given up: it takes none for being late
        else:
            await self._books.note(record.id, found)

    async def _listed(
        self, account: _Account, session: Session, *, status: str, page: int
    ) -> tuple[ListedJob, ...] | None:
        """One page, or None where it could not be had."""
        calls, wanted = session.calls, self._waiting(account)
        if calls is None or not wanted:
            return None

        def read(response: HttpResponse) -> tuple[ListedJob, ...] | Absent | Trouble:
            return calls.read_list(response, session.name)

        base = session.route(wanted[0].spec.mode)
        forms = calls.write_list(base, page=page, limit=patience.SWEEP_ROWS, status=status, order="desc")
        try:
            return await session.ask(Question(name=LIST, forms=forms, read=read))
        except (MJError, TransportFault):
            return None


def _is_like(row: ListedJob, record: Record) -> bool:
    """Whether a row is likely to be this job. Providers translate prompts, so no other word is a reason against it."""
    asked: str | None = getattr(record.spec.operation, "prompt", None)
    same = asked is not None and row.prompt is not None and row.prompt.strip() == asked.strip()
    return same or (asked is None and row.action == action_of(record.spec.operation))
