"""What the file shows of a job beside its events: one row to look up and to list, and its slot.

Rule 1: a row is a function of the folded record; nothing reads it to decide about a job.
Rule 2: its times are seconds since 1970.
"""

from attrs import AttrsInstance, astuple, fields, frozen

from mjasync.core.budget import Class, class_of
from mjasync.core.ledger import frees_key, told
from mjasync.core.machine import FINAL
from mjasync.core.model import Record

#: Characters of a prompt that the row shows; the events have all of it.
SHOWN = 200


@frozen(kw_only=True)
class Row:
    """One job; the fields are the columns of `jobs`."""

    id: str
    parent: str | None
    account: str | None
    mode: str
    kind: str
    phase: str
    prompt: str
    user_key: str | None
    remote_id: str | None
    window_id: str | None
    token: str
    asked: float
    sent: float | None
    accepted: float | None
    ended: float | None
    quota: float | None
    told_early: int
    expired: int
    resubmit_of: str | None


COLUMNS: tuple[str, ...] = tuple(field.name for field in fields(Row))


def values_of(row: AttrsInstance) -> tuple[object, ...]:
    """The row's values in the order of its columns."""
    return astuple(row)


def row_of(record: Record) -> Row:
    """The row of a record in the file's terms."""
    spec, seen = record.spec, record.snapshot
    prompt = getattr(spec.operation, "prompt", None) or (seen.prompt if seen else None) or ""
    return Row(
        id=record.id,
        parent=spec.parent,
        account=record.account,
        mode=str((seen.mode if seen else None) or spec.mode),
        kind=spec.operation.kind,
        phase=str(record.phase),
        prompt=storable(prompt[:SHOWN]),
        user_key=None if spec.key is None or frees_key(record) else storable(spec.key),
        remote_id=record.remote_id and storable(record.remote_id),
        window_id=record.window_id and storable(record.window_id),
        token=record.token,
        asked=float(record.asked_at),
        sent=real(record.sent_at),
        accepted=real(record.accepted_at),
        ended=real(record.ended_at),
        quota=real(told(record)),
        told_early=int(record.told_early),
        expired=int(record.expired),
        resubmit_of=spec.resubmit_of,
    )


def real(number: float | None) -> float | None:
    """As the file gives it back: a digest tells 3 from 3.0, and 0.0 from -0.0."""
    return None if number is None else float(number) + 0.0


def storable(text: str) -> str:
    """Text that the file can hold: half a character, which UTF-8 has no place for, is spelled out."""
    return text.encode("utf-8", "backslashreplace").decode()


def slot_of(record: Record) -> tuple[str, str, float | None, float | None] | None:
    """Job, account, since when, and until when at the latest where that is known; None for a record without one."""
    if not record.holds_slot or record.account is None:
        return None
    return record.id, record.account, real(record.sent_at), real(record.held_until)


def over(record: Record) -> bool:
    """True for a job that has ended. One that was given up for lost has not: it may have been charged."""
    return record.phase in FINAL


def is_over(phase: str) -> bool:
    """The same, by the row."""
    return phase in FINAL


def price_of(record: Record) -> tuple[Class, float] | None:
    """What the provider told that this job costs, and what for; None where it told nothing."""
    price = told(record)
    return (class_of(record, record.account), float(price)) if price and record.account else None
