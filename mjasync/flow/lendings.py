"""Slots that come and go: measured for the statistics, and told."""

from mjasync import events
from mjasync.core.slots import Slots
from mjasync.flow.books import Books
from mjasync.flow.news import about
from mjasync.flow.stats import Meter


class Lendings:
    """Hears of every slot that is lent or comes back."""

    def __init__(self, books: Books, slots: Slots, meter: Meter) -> None:
        self._books = books
        self._slots = slots
        self._meter = meter

    def lent(self, job_id: str, account: str) -> None:
        """The job holds a slot of the account now."""
        self._measure(account)
        if self._books.news.wants(events.SlotLent):
            record = self._books[job_id]
            parent = self._books[record.spec.parent] if record.spec.parent else None
            since = max(record.asked_at, (parent.ended_at or 0.0) if parent else record.asked_at)
            waited = max(0.0, self._books.now() - since)
            fields = about(record, account)
            self._tell(events.SlotLent, fields, account, waited=waited, attempt=record.attempts + 1)

    def returned(self, job_id: str, account: str | None) -> None:
        """The job gave its slot back, if it held one."""
        if account is None:
            return
        self._measure(account)
        record = self._books.get(job_id)
        if record is not None:
            self._tell(events.SlotReturned, about(record, account), account)

    def _tell(self, kind: type[events.Event], job: dict[str, object], account: str, **fields: object) -> None:
        """The account is the slot's, whatever the record says by now."""
        slots = self._slots
        there = {"held": slots.held(account), "cap": slots.cap(account), "limit": slots.limit(account)}
        self._books.news.tell(kind, **{**job, "account": account}, **there, **fields)

    def _measure(self, account: str) -> None:
        taken = sum(self._slots.held(name) for name in self._meter.peaks)
        self._meter.change(account, self._slots.held(account), taken, self._books.now())
