"""A job's record in the file's terms: a fold over its events, with times that are seconds since 1970."""

from collections.abc import Iterable, Sequence

from attrs import evolve

from mjasync.core import machine
from mjasync.core.machine import Event, Silence
from mjasync.core.model import Record

#: Events in the file's terms, each with the wall's time.
History = Sequence[tuple[Event, float]]


def fold(job: str, history: Iterable[tuple[Event, float]]) -> Record:
    """The record; raises `IllegalMove` for a history that cannot be."""
    return machine.replay(job, ((on_the_wall(event, wall), wall) for event, wall in history))


def on_the_wall(event: Event, wall: float) -> Event:
    """With a moment for a length."""
    return evolve(event, held_until=wall + event.held_until) if isinstance(event, Silence) else event
