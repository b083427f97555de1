"""The pool's free questions: is a prompt allowed, what is left, which jobs are there, how is this one doing.

None of them takes a slot, costs anything, or changes a job of this pool.
"""

import asyncio
from collections.abc import Sequence
from typing import Literal

from mjasync.core.answers import Absent, Doubt, Missing, Trouble
from mjasync.core.ids import RULE, is_id
from mjasync.core.model import Mode, Snapshot, Spec, Ticket
from mjasync.core.operations import Press
from mjasync.core.reports import AccountInfo, ListedJob, PromptCheck
from mjasync.core.wire import HttpResponse
from mjasync.dialects import Calls
from mjasync.errors import ConfigError
from mjasync.flow.asking import account_name
from mjasync.flow.attaching import attached
from mjasync.flow.capacity import question
from mjasync.flow.desk import Desk
from mjasync.flow.job import Job
from mjasync.flow.outcome import error_of
from mjasync.flow.session import LIST, Question, Session
from mjasync.flow.wording import prompt_text

#: Looks at once, where an account answers one at a time.
_AT_ONCE = 8


class Questions:
    """What a pool can be asked without paying."""

    def _open(self) -> Desk:
        raise NotImplementedError

    async def check_prompt(self, prompt: str, *, account: str | None = None) -> PromptCheck:
        """Whether TTAPI would take a prompt; free, and meaningful for English only (seed 000 line 626).

        A refusal is a result, not an error. Raises `ConfigError` where no account has such a check, and
        `AuthError`, `QuotaExhausted` or `Unreachable` where it could not be asked.
        """
        session, calls = self._who_can(account, "check_prompt()")
        forms = calls.write_check(session.route(_any_mode(session)), prompt_text(prompt))
        return await session.ask(Question(name="prompt check", forms=forms, read=calls.read_check))

    async def account_info(self, account: str | None = None) -> AccountInfo:
        """Balance and number of slots, as TTAPI tells them. With several such accounts, `account` names one."""
        session, _ = self._who_can(account, "account_info()", alone=True)
        info = await session.ask(question(session, session.route(_any_mode(session))))
        self._open().queue.capacity.told(info)
        return info

    async def listed(
        self,
        account: str | None = None,
        *,
        page: int = 1,
        limit: int = 10,
        status: str = "SUCCESS",
        order: Literal["asc", "desc"] = "desc",
    ) -> tuple[ListedJob, ...]:
        """An account's own list of jobs, newest first (TTAPI's `fetch-list`): what was paid, whoever asked for it.

        `page` from 1, `limit` 1 to 100, `status` in TTAPI's words. With several such accounts, `account` names one.
        """
        _whole("page", page, range(1, 1_000_000))
        _whole("limit", limit, range(1, 101))
        session, calls = self._who_can(account, "listed()", alone=True)
        _one_of("status", status, calls.states)
        _one_of("order", order, ("asc", "desc"))

        def read(response: HttpResponse) -> tuple[ListedJob, ...] | Absent | Trouble:
            return calls.read_list(response, session.name)

        base = session.route(_any_mode(session))
        forms = calls.write_list(base, page=page, limit=limit, status=status, order=order)
        return await session.ask(Question(name=LIST, forms=forms, read=read))

    async def look(self, *tickets: Ticket | str) -> tuple[Snapshot | None, ...]:
        """How these jobs are doing at their provider, in the order given; None for one that it does not know.

        A ticket is a `Ticket`, or its text `account:remote_id`: this finds jobs of earlier runs. Several at one
        relay are looked at in one request where it can do that. Raises `Unreachable` or what the provider said.
        """
        wanted = [_ticket(each) for each in tickets]
        sessions = self._open().sessions
        by_account: dict[str, list[str]] = {}
        for ticket in wanted:
            by_account.setdefault(account_name(ticket.account, sessions), []).append(ticket.remote_id)
        found: dict[Ticket, Snapshot | None] = {}
        for name, remote_ids in by_account.items():
            for remote_id, seen in (await _looked(sessions[name], list(dict.fromkeys(remote_ids)))).items():
                found[Ticket(name, remote_id)] = seen
        return tuple(found[ticket] for ticket in wanted)

    async def attach(self, ticket: Ticket | str) -> Job:
        """A finished job of elsewhere as a job of this pool, by its ticket: press its buttons, save its pictures.

        For what another program made with the same key. It is looked at once, for free, and from then on the journal
        and the ledger have it as any other job; one that this pool knows already is just returned. Raises
        `ConfigError` where the account is not here, does not know the id, or the job has not ended well, and
        `Unreachable` or what the provider said where it could not be looked at.
        """
        desk, wanted = self._open(), _ticket(ticket)
        account_name(wanted.account, desk.sessions)
        return await attached(desk, wanted, any_mode=_any_mode(desk.sessions[wanted.account]))

    def _who_can(self, account: object, call: str, *, alone: bool = False) -> tuple[Session, Calls]:
        """The session that can be asked; `alone`: the answer is about the account, so it must be clear which."""
        sessions = self._open().sessions
        if account is not None:
            account_name(account, sessions)
        able = [
            (session, session.calls)
            for name, session in sessions.items()
            if session.calls is not None and account in (None, name)
        ]
        if not able:
            raise ConfigError(
                f"No account of this pool can answer {call}.",
                why="TTAPI can, midjourney-proxy has no such call",
                hint="add a TTAPI account",
            )
        if alone and len(able) > 1:
            names = ", ".join(session.name for session, _ in able)
            raise ConfigError(f"{call} is about one account.", why=f"it could be {names}", hint="name it: account=…")
        return able[0]


def _whole(name: str, value: object, possible: range) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or value not in possible:
        raise ConfigError(
            f"{name}={value!r:.40} is not possible.", hint=f"give {possible.start} to {possible.stop - 1}"
        )


def _one_of(name: str, value: object, known: Sequence[str]) -> None:
    if value not in known:
        raise ConfigError(f"{name}={value!r:.40} is not one of TTAPI's.", hint=f"use one of {', '.join(known)}")


def _ticket(value: object) -> Ticket:
    account, _, remote_id = str(value).partition(":") if isinstance(value, Ticket | str) else ("", "", "")
    if not (account and remote_id.strip()):
        raise ConfigError(f"{value!r:.80} is not a ticket.", hint="give job.ticket, or text: account:remote_id")
    if not is_id(remote_id.strip()):
        raise ConfigError(f"{str(value)!r:.80} is no job's ticket.", why=RULE, hint="copy it whole: account:remote_id")
    return Ticket(account, remote_id.strip())


def _any_mode(session: Session) -> Mode:
    """Where the path has a mode, any that the account has leads to the same jobs."""
    return Mode.FAST if Mode.FAST in session.account.modes else session.account.modes[0]


async def _looked(session: Session, remote_ids: Sequence[str]) -> dict[str, Snapshot | None]:
    """Several jobs of one account: in one request where that is possible, and one by one what that did not bring."""
    mode = _any_mode(session)
    # Nobody knows here what kinds of work they were.
    many = await session.looks.many(mode, dict.fromkeys(remote_ids, "")) if len(remote_ids) > 1 else {}
    found: dict[str, Snapshot | None] = {} if isinstance(many, Trouble) else dict(many)
    gate = asyncio.Semaphore(_AT_ONCE)

    async def one(remote_id: str) -> None:
        async with gate:
            found[remote_id] = await _look(session, mode, remote_id)

    await asyncio.gather(*(one(remote_id) for remote_id in remote_ids if remote_id not in found))
    return found


async def _look(session: Session, mode: Mode, remote_id: str) -> Snapshot | None:
    # Nobody knows here what kind of work it was: the answer tells.
    looked = await session.look(Spec(operation=Press(action="?"), mode=mode), remote_id)
    if isinstance(looked, Trouble):
        raise error_of(looked.failure)
    if isinstance(looked, Missing):
        return None
    return looked.snapshot if isinstance(looked, Doubt) else looked
