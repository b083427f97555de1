"""A purse without a pool: jobs that are told what happens to them, and a calendar."""

from mjasync.core.answers import Refused
from mjasync.core.machine import Accepted, Rejected, Saw, Sending, apply
from mjasync.core.model import Failure, Record, Snapshot, Spec, Status
from mjasync.core.operations import Imagine, Press
from mjasync.flow.money import Money, Wait
from mjasync.journal import Kept

CAT = Spec(operation=Imagine(prompt="a cat"))
UPSCALE = Spec(operation=Press(action="upscale1"), parent="p")
LOST = Failure(kind="SubmitOutcomeUnknown", what="?", charged="unknown")
NO = Failure(kind="PromptRejected", what="no")
BOOM = Failure(kind="JobFailed", what="boom", charged="unknown")
GRID = ("ttapi", "fast", "imagine")


def done(quota=None, **more):
    return Saw(Snapshot(status=Status.DONE, quota=quota, **more))


FAILED = Saw(Snapshot(status=Status.FAILED, failure=BOOM))


class Purse:
    """A `Money` with jobs that are told what happens to them, and a calendar."""

    def __init__(self, budget=None, *, prices=(), lines=()):
        self.records, self.day = {}, "2026-11-22"
        kept = Kept(prices=dict(prices), lines=tuple(lines))
        self.money = Money(kept, records=self.records, today=lambda: self.day, budget=budget)

    def tell(self, name, *events):
        for event in events:
            before = self.records[name]
            self.records[name] = apply(before, event, 1.0)
            self.money.saw(before, self.records[name])

    def ask(self, name, spec=CAT, account="ttapi", provider="ttapi"):
        """What the gate says to a job, which is new if nobody knows it."""
        if name not in self.records:
            self.records[name] = Record(id=name, spec=spec)
            self.money.saw(None, self.records[name])
        return self.money.gate(self.records[name], account, provider)

    def sent(self, name, spec=CAT, account="ttapi"):
        """A job that the gate let go, and that was accepted."""
        assert self.ask(name, spec, account) is None
        self.tell(name, Sending(account), Accepted(f"remote-{name}"))

    def finished(self, name, quota=None, spec=CAT):
        self.sent(name, spec)
        self.tell(name, done(quota))

    def struck(self, count, account="ttapi"):
        for _ in range(count):
            name = f"struck-{len(self.records)}"
            assert self.ask(name, account=account) is None
            self.tell(name, Sending(account), Rejected(NO))

    @property
    def total(self):
        return self.money.ledger().total


def waits(verdict):
    return isinstance(verdict, Wait)


def refusal(verdict):
    """The failure of a refusal."""
    assert isinstance(verdict, Refused), verdict
    return verdict.failure
