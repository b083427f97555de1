"""Before a slot is paid for: the budget, the moderation breaker, the provider's own free check."""

from mjasync.core.answers import Refused
from mjasync.core.model import Record
from mjasync.flow.checks import PromptChecks
from mjasync.flow.driver import Parked
from mjasync.flow.money import Money, Wait
from mjasync.flow.session import Session


class Gate:
    """Whether a job may be paid for; see `driver.Gate`."""

    def __init__(self, money: Money, *, check_prompts: bool) -> None:
        self._money = money
        self._checks = PromptChecks() if check_prompts else None

    async def before(self, record: Record, session: Session) -> Refused | Parked | None:
        """See `driver.Gate`. The money is asked last, in the same breath as the going."""
        found = await self._checks.checked(session, record.spec) if self._checks else None
        if found is not None:
            return found
        verdict = self._money.gate(record, session.name, session.account.provider)
        return Parked() if isinstance(verdict, Wait) else verdict
