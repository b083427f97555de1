"""Cancelling a coroutine at one chosen moment: at its k-th await, or at the n-th turn of the loop.

Rule 1: a coroutine is run once to count its awaits; then it is run again for each of them, and cancelled there.
Rule 2: a cancel that was accepted ends the task as cancelled; one that is swallowed is a fault.

The ways: "waits" cancels while it is suspended, "begins" in the moment in which it suspends, "again" like "waits" and
once more at every await that its cleanup makes, "turn" at a turn of the loop, wherever it is then.
"""

import asyncio
import types
from collections.abc import Coroutine
from typing import Any

from attrs import define

from mjasync.testing import VirtualLoop

WAYS = ("waits", "begins", "again")


class TurningLoop(VirtualLoop):
    """Virtual time that counts its turns, and calls at one of them."""

    def __init__(self) -> None:
        super().__init__()
        self.turns = 0
        self.at = -1
        self.call = None

    def _run_once(self) -> None:
        self.turns += 1
        if self.turns == self.at:
            self.call()
        super()._run_once()


@define
class Point:
    """One moment, and what became of the cancel."""

    way: str = "waits"
    #: Counted from 1; 0 for never.
    at: int = 0
    #: Awaits, or turns, that were counted.
    count: int = 0
    struck: bool = False
    #: The loop's clock when it struck, and when the coroutine was over.
    struck_at: float = 0.0
    ended_at: float = 0.0

    def strike(self, task: asyncio.Task[Any]) -> None:
        """Cancel, unless it is over."""
        if task.cancel():
            self.struck_at = self.struck_at if self.struck else asyncio.get_event_loop().time()
            self.struck = True


@types.coroutine
def _stepped(inner: Coroutine[Any, Any, Any], point: Point):
    """Drive a coroutine by hand, and count where it suspends."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    step, given = inner.send, None
    while True:
        try:
            waited_for = step(given)
        except StopIteration as end:
            return end.value
        point.count += 1
        if point.count == point.at or (point.way == "again" and 0 < point.at < point.count):
            if point.way == "begins":
                point.strike(task)
            else:
                loop.call_soon(point.strike, task)
        try:
            given, step = (yield waited_for), inner.send
        except BaseException as exc:  # noqa: BLE001  # whatever it is, it is for the coroutine inside
            given, step = exc, inner.throw


async def cancelled_at(point: Point, inner: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
    """Run a coroutine in a task of its own, and cancel it at this point; the ended task."""
    loop = asyncio.get_running_loop()

    async def main():
        return await _stepped(inner, point)

    task = loop.create_task(main(), name="the cancelled")
    if point.way == "turn":
        begun = loop.turns + 1  # in the first turn it begins
        loop.at, loop.call = begun + point.at if point.at else -1, lambda: point.strike(task)
    await asyncio.wait([task])
    if point.way == "turn":
        point.count, loop.at = loop.turns - begun, -1
    point.ended_at = loop.time()
    assert task.cancelled() or not point.struck, "a cancel was swallowed"
    return task


def run_turning(main: Coroutine[Any, Any, Any]) -> Any:
    """Run on virtual time with counted turns."""
    with asyncio.Runner(debug=False, loop_factory=TurningLoop) as runner:  # its debugging takes four times as long
        return runner.run(main)
