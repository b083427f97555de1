"""Slots to begin with, and what they lent."""

from collections.abc import Iterable

from mjasync.core.slots import Loan, Slots


def opened(**caps):
    slots = Slots(caps)
    for name in caps:
        slots.open(name)
    return slots


def jobs(loans: Iterable[Loan]) -> list[str]:
    return [loan.job for loan in loans]
