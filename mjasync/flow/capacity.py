"""How many jobs an account really takes: what it says of itself, where it can be asked for free.

Rule 1: it is asked when its route is proved. Its first job goes meanwhile, and the others wait for the answer, a few
seconds at most; what it does not answer changes nothing. Once it has answered it is not asked again.
Rule 2: it can only lower what the user allows; what it says that cannot be is as if it had said nothing.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from random import Random

from mjasync.core import health
from mjasync.core.answers import Absent, Busy, Trouble
from mjasync.core.model import Mode
from mjasync.core.reports import AccountInfo
from mjasync.core.wire import HttpResponse, TransportFault
from mjasync.errors import MJError
from mjasync.flow.dispatcher import LocalDispatcher
from mjasync.flow.session import Question, Session
from mjasync.flow.stats import Meter

_log = logging.getLogger("mjasync.slots")

#: Name of the question for what an account says of itself.
INFO = "account info"
#: Seconds that all but an account's first job are held up by it at most.
PATIENCE = 3.0


class Capacity:
    """One for each pool."""

    def __init__(
        self,
        sessions: Mapping[str, Session],
        dispatcher: LocalDispatcher,
        meter: Meter,
        rng: Random,
        spawn: Callable[..., None],
    ) -> None:
        self._sessions = sessions
        self._dispatcher = dispatcher
        self._meter = meter
        self._rng = rng
        self._spawn = spawn
        self._asked: set[str] = set()

    def is_crowded(self, account: str) -> bool:
        """Whether somebody else seems to use the account."""
        return self._dispatcher.is_crowded(account)

    def ask(self, account: str, mode: Mode) -> None:
        """Its route was proved: ask it, unless it has told or is being asked, or has one slot anyhow."""
        session = self._sessions[account]
        if account in self._asked or session.calls is None or session.account.max_jobs == 1:
            return
        self._asked.add(account)
        self._dispatcher.sound(account)
        self._spawn(self._find_out, session, mode, name=f"mj:info:{account}")

    async def _find_out(self, session: Session, mode: Mode) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                info = await session.ask(question(session, session.route(mode)))
            self.told(info)
        except (MJError, TransportFault, TimeoutError) as exc:
            self._asked.discard(session.name)
            _log.debug("account %s did not say how many jobs it takes: %s", session.name, type(exc).__name__)
        finally:
            self._dispatcher.sounded(session.name)

    def told(self, info: AccountInfo) -> None:
        """The account said so, whoever asked."""
        self._asked.add(info.account)
        most = self._sessions[info.account].account.max_jobs
        slots = health.ceiling(most, info.max_queue)
        if slots < most:
            _log.info("account %s takes %d jobs at once, as it says; max_jobs is %d", info.account, slots, most)
        self._dispatcher.resize(info.account, slots)
        whole = sum(self._dispatcher.slots.cap(name) for name in self._sessions)
        self._meter.resize(whole, asyncio.get_running_loop().time())

    def refused(self, job_id: str, account: str, busy: Busy, asked_at: float) -> None:
        """The account said "not now" to a job that goes on all the same: its window waits. It counts as any other."""
        if busy.account:
            self._dispatcher.refused(job_id, account, busy, self._rng.random(), asked_at=asked_at)

    def taken(self, account: str) -> None:
        """The account took the answer to a window."""
        self._dispatcher.taken(account)


def question(session: Session, base: str) -> Question[AccountInfo]:
    """What an account says of itself; only for one that has such a call (`session.calls`)."""
    calls = session.calls
    if calls is None:
        return Question(name=INFO, forms=(), read=lambda _: Absent(why="its provider has no such call"))

    def read(response: HttpResponse) -> AccountInfo | Absent | Trouble:
        return calls.read_info(response, session.name)

    return Question(name=INFO, forms=calls.write_info(base), read=read)
