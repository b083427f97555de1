"""The pool's purse: what was spent, what may yet be, and whether another paid request may leave.

It hears of every change and keeps running sums, so that a question costs the same however many jobs there were.
What it answers is decided in `core.budget`; a job that may go is counted from that moment on, so that ten slots
cannot spend the same quota.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from attrs import frozen

from mjasync.core import budget as rules
from mjasync.core.answers import Refused
from mjasync.core.budget import Admission, Class, Tally
from mjasync.core.ledger import AccountLedger, Ledger, Line, amount, change, estimate, ledger_of, told
from mjasync.core.model import Failure, Phase, Record
from mjasync.core.operations import GetSeed
from mjasync.events import BudgetStopped, MoneyMoved, MoneyWarned
from mjasync.flow.news import News
from mjasync.flow.news import about as about_job
from mjasync.journal import Kept


@frozen
class Wait:
    """Not now: what runs may free what the job needs. It is asked again when any slot comes back."""


class Money:
    """See the module. `today` tells the UTC day as an ISO date; `budget`: see `budget.checked_budget`."""

    def __init__(
        self,
        kept: Kept,
        *,
        records: Mapping[str, Record],
        today: Callable[[], str],
        budget: float | None,
        news: News | None = None,
    ) -> None:
        self._news = news or News()
        self._moved: dict[str, AccountLedger] = {}
        self._records = records
        self._today = today
        self._budget = budget
        self._lines: dict[str, Line] = {}
        #: Names of the pool's own accounts: each has a row in the books, used or not.
        self._own: tuple[str, ...] = ()
        self._day = today()
        self._strikes: Counter[str] = Counter()
        self._prices = {kind: price for kind, price in kept.prices.items() if price > 0}
        self._highest = max(self._prices.values(), default=0.0)
        #: Classes in which a job ended well and no price was told (None), or nothing was charged (0).
        self._unpriced: dict[Class, float | None] = {}
        self._warned: set[tuple[str, ...]] = set()
        #: Job → its class and account, from the moment it may be sent; apart for those that may come back or not.
        self._back = Tally(value=self._value)
        self._gone = Tally(value=self._value)
        self._jobs: dict[str, tuple[Class, Tally]] = {}
        #: Jobs under way by account.
        self._under_way: Counter[str] = Counter()
        self._spent = 0.0
        for line in kept.lines:
            self._book(line, today=line.day == self._day)

    def saw(self, before: Record | None, after: Record) -> None:
        """A job changed; `before` is None for one that is new, or that an earlier process left."""
        line = change(before, after)
        if line is not None:
            self._book(line, today=True)
        self._learn(after)
        self._put(after)

    def gate(self, record: Record, account: str, provider: str) -> Refused | Wait | None:
        """Whether the job may be paid for at this account; None: go, and it is counted from now on.

        Asked again for the same job, it counts once, where it was asked last.
        """
        self._drop(record.id)
        if self._is_free(record):
            return None
        kind = rules.class_of(record, account)
        if provider in rules.TELLS_NO_PRICE and kind not in self._unpriced:
            self._unpriced[kind] = None
            self._reprice()
        verdict = self._moderation(record, account) if provider == "ttapi" else None
        verdict = verdict or self._budgeted(kind)
        if verdict is None:
            self._add(record.id, kind, self._back)
        elif isinstance(verdict, Refused):
            self._news.tell(BudgetStopped, **about_job(record, account), error=verdict.failure.kind)
        return verdict

    def tell(self, record: Record) -> None:
        """What the job's account comes to, if that has changed and anybody listens."""
        if record.account is None or record.phase in (Phase.HELD, Phase.RUNNING) or not self._news.wants(MoneyMoved):
            return
        one = self.ledger().accounts.get(record.account)
        if one is not None:
            self._moved_to(record.account, one)

    def begin(self, accounts: Iterable[str]) -> None:
        """Tell what the accounts come to as the pool opens, the untouched ones too: whoever draws figures needs zeros."""
        self._own = tuple(accounts)
        if self._news.wants(MoneyMoved):
            known = self.ledger().accounts
            for name in self._own:
                self._moved_to(name, known[name])

    def ledger(self) -> Ledger:
        """The books at this moment."""
        strikes = self._struck_today()
        accounts = {name: AccountLedger(strikes=strikes[name]) for name in self._own}
        accounts |= {
            name: AccountLedger(
                spent=line.spent,
                done=line.done,
                unpriced=line.unpriced,
                resubmits=line.resubmits,
                strikes=strikes[name],
            )
            for name, line in self._lines.items()
        }
        for job_id, (kind, _) in self._jobs.items():
            # What was forgotten and is still counted was lost for good: nobody knows what it cost.
            known = self._records.get(job_id)
            phase = known.phase if known is not None else Phase.LOST
            if phase is Phase.HELD:  # may go, and has not gone yet
                continue
            one = accounts.get(kind[0], AccountLedger())
            accounts[kind[0]] = one.plus(_open(phase, rules.price(self._prices, *kind)))
        return ledger_of(dict(sorted(accounts.items())), day=self._day, budget=self._budget)

    # Inside.

    def _moved_to(self, account: str, one: AccountLedger) -> None:
        if self._moved.get(account) == one:
            return
        self._moved[account] = one
        jobs = {"reserved_jobs": one.reserved.jobs, "possible_jobs": one.possible.jobs}
        sums = {"spent": one.spent, "reserved": one.reserved.quota, "possible": one.possible.quota}
        self._news.tell(MoneyMoved, account=account, **sums, **jobs)

    def _is_free(self, record: Record) -> bool:
        """A seed that came with its picture is not asked for."""
        parent = self._records.get(record.spec.parent or "")
        known = parent.snapshot.seed if parent and parent.snapshot else None
        return isinstance(record.spec.operation, GetSeed) and bool(known)

    def _book(self, line: Line, *, today: bool) -> None:
        known = self._lines.get(line.account)
        self._lines[line.account] = known.plus(line) if known else line
        self._spent += line.spent
        if today:
            self._struck_today()[line.account] += line.strikes

    def _struck_today(self) -> Counter[str]:
        day = self._today()
        if day != self._day:
            self._day, self._strikes = day, Counter()
        return self._strikes

    def _learn(self, record: Record) -> None:
        """A price that is higher than all before, or what came without one."""
        if record.account is None or self._is_free(record):
            return
        kind = rules.class_of(record, record.account)
        price = told(record)
        if price and price > self._prices.get(kind, 0.0):
            self._prices[kind] = price
            self._highest = max(self._highest, price)
        elif not price and record.phase is Phase.DONE and kind not in self._unpriced:
            self._unpriced[kind] = price
        else:
            return
        self._reprice()

    def _reprice(self) -> None:
        self._back.reprice()
        self._gone.reprice()

    def _value(self, kind: Class) -> float:
        """What a job counts as: its class's price; before one is known the highest of all, to be on the safe side."""
        known = rules.price(self._prices, *kind)
        if known is not None:
            return known
        return 0.0 if kind in self._unpriced else self._highest

    def _put(self, record: Record) -> None:
        """Count the job where it is now."""
        self._drop(record.id)
        if not record.account or record.phase in (Phase.HELD, Phase.DONE, Phase.FAILED):
            return
        lost = record.phase is Phase.LOST and not record.hope
        self._add(record.id, rules.class_of(record, record.account), self._gone if lost else self._back)

    def _add(self, job_id: str, kind: Class, tally: Tally) -> None:
        tally.add(kind)
        self._jobs[job_id] = kind, tally
        self._under_way[kind[0]] += tally is self._back

    def _drop(self, job_id: str) -> None:
        kind, tally = self._jobs.pop(job_id, (None, self._back))
        if kind is not None:
            tally.drop(kind)
            self._under_way[kind[0]] -= tally is self._back

    def _moderation(self, record: Record, account: str) -> Refused | Wait | None:
        if not rules.may_offend(record.spec.operation):
            return None
        strikes = self._struck_today()[account]
        verdict = rules.breaker(strikes, self._under_way[account])
        if verdict is Admission.STOP:
            return Refused(failure=_too_many(account, strikes), route=True)
        if strikes >= rules.WARN_AT:
            self._warn(
                (account, self._day),
                f"{strikes} prompts were refused at account {account!r} today (UTC); "
                f"past {rules.KEPT_FROM} TTAPI keeps the quota, and from {rules.STOP_AT} on no more are sent",
            )
        return Wait() if verdict is Admission.WAIT else None

    def _budgeted(self, kind: Class) -> Refused | Wait | None:
        if self._budget is None:
            return None
        known = rules.price(self._prices, *kind)
        verdict = rules.admit(
            self._budget,
            gone=self._spent + self._gone.amount,
            reserved=self._back.amount,
            price=self._value(kind),
            probing=known is None and kind not in self._unpriced and self._probing(kind),
        )
        if verdict is Admission.STOP:
            return Refused(failure=self._used_up(kind, known))
        if verdict is Admission.GO and known is None and self._unpriced.get(kind, 0.0) is None:
            self._warn(
                kind[:1],
                f"account {kind[0]!r} tells no price of {kind[2]} in {kind[1]} mode; the budget cannot hold such jobs",
            )
        return Wait() if verdict is Admission.WAIT else None

    def _probing(self, kind: Class) -> bool:
        """Whether a job is under way that tells the class's price; before the first of all, that of any."""
        if self._highest:
            return kind in self._back.counts
        return any(other not in self._unpriced for other in self._back.counts)

    def _warn(self, about: tuple[str, ...], text: str) -> None:
        """Once."""
        if about not in self._warned:
            self._warned.add(about)
            self._news.tell(MoneyWarned, account=about[0], what=text)

    def _used_up(self, kind: Class, known: float | None) -> Failure:
        total = self.ledger().total
        possible = f"; {total.possible} of unknown fate" if total.possible.jobs else ""
        what = f"{kind[2]} in {kind[1]} mode at {kind[0]!r}"
        counted = self._value(kind)
        costs = f"{what} costs {amount(known, 0)}" if known else f"no price of {what} is known"
        costs += f", so it counts as {amount(counted, 0)}" if counted and not known else ""
        return Failure(
            kind="QuotaExhausted",
            what=f"The budget of {amount(self._budget, 0)} cannot pay for another job; nothing was sent.",
            why=f"spent {amount(total.spent, total.unpriced)}, reserved {total.reserved}{possible}; {costs}",
            hint="give the pool a larger budget=; pool.ledger() has the whole account. It counts all that the journal holds",
        )


def _open(phase: Phase, price: float | None) -> AccountLedger:
    """One job that is not over, in the books."""
    one = estimate(price)
    if phase in (Phase.QUEUED, Phase.RUNNING):
        return AccountLedger(reserved=one)
    return AccountLedger(possible=one)


def _too_many(account: str, strikes: int) -> Failure:
    return Failure(
        kind="PromptRejected",
        what=f"{strikes} prompts were refused at account {account!r} today (UTC); this one was not sent.",
        why=f"past {rules.KEPT_FROM} refused prompts a day TTAPI keeps the quota of each, so mjasync stops at "
        f"{rules.STOP_AT}",
        hint="find out what is refused: pool.check_prompt() is free, Pool(check_prompts=True) asks it before each "
        "job; the count starts anew at midnight UTC",
    )
