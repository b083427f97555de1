"""The free prompt check before a paid submit: a prompt that TTAPI would refuse costs neither quota nor a strike.

It can only spare a request, never hold one up: whatever goes wrong with the question, the job goes on as without it.
"""

import asyncio
import logging
from collections import OrderedDict
from weakref import WeakValueDictionary

from mjasync.core.answers import Refused
from mjasync.core.model import Failure, Spec
from mjasync.core.operations import Imagine, Press
from mjasync.core.reports import PromptCheck
from mjasync.core.wire import TransportFault
from mjasync.errors import MJError
from mjasync.flow.session import Question, Session

_log = logging.getLogger("mjasync.checks")

#: Verdicts that are remembered; the oldest goes first.
MEMORY = 1000
#: Seconds that a job is held up at most.
PATIENCE = 10.0
#: Seconds in which an account that could not answer is not asked again.
REST = 60.0


class PromptChecks:
    """One for each pool: what was asked, and what it said."""

    def __init__(self) -> None:
        self._verdicts: OrderedDict[str, PromptCheck] = OrderedDict()
        #: So that jobs with one prompt ask once; a lock goes with the last job that holds it.
        self._asking: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._resting: dict[str, float] = {}

    async def checked(self, session: Session, spec: Spec) -> Refused | None:
        """A refusal if the account's free check says that it would refuse the prompt; None: go on."""
        prompt = prompt_of(spec)
        if prompt is None or session.calls is None or not in_english(prompt):
            return None
        lock = self._asking.setdefault(prompt, asyncio.Lock())
        async with lock:
            # A refusal is false, so it is asked for by name.
            known = prompt in self._verdicts
            verdict = self._verdicts[prompt] if known else await self._ask(session, spec, prompt)
        if verdict is None or verdict.ok:
            return None
        return Refused(failure=_refused(session.name, verdict))

    async def _ask(self, session: Session, spec: Spec, prompt: str) -> PromptCheck | None:
        """Ask; None where there is no answer."""
        calls, now = session.calls, asyncio.get_running_loop().time()
        if calls is None or now < self._resting.get(session.name, now):
            return None
        forms = calls.write_check(session.route(spec.mode), prompt)
        try:
            async with asyncio.timeout(PATIENCE):
                verdict = await session.ask(Question(name="prompt check", forms=forms, read=calls.read_check))
        except (MJError, TransportFault, TimeoutError) as exc:
            _log.debug("account %s did not check a prompt: %s", session.name, type(exc).__name__)
            self._resting[session.name] = asyncio.get_running_loop().time() + REST
            return None
        self._verdicts[prompt] = verdict
        if len(self._verdicts) > MEMORY:
            self._verdicts.popitem(last=False)
        return verdict


def prompt_of(spec: Spec) -> str | None:
    """The words that the request brings, if any."""
    match spec.operation:
        case Imagine(prompt=prompt) | Press(prompt=prompt):
            return prompt
    return None


def in_english(prompt: str) -> bool:
    """Whether it looks so; of any other language the check says nothing (seed 000 line 626)."""
    letters = [character for character in prompt if character.isalpha()]
    return bool(letters) and all(letter.isascii() for letter in letters)


def _refused(account: str, verdict: PromptCheck) -> Failure:
    return Failure(
        kind="PromptRejected",
        what=f"The free prompt check of account {account!r} refused the prompt; it was not sent.",
        why=f"it said: {verdict.reason[:200]}" if verdict.reason else "",
        hint="change the prompt",
        reason=verdict.reason,
    )
