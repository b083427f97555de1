"""What a user's handles (`Job`, `Result`) may ask of the pool, and no more."""

import asyncio
from typing import TYPE_CHECKING, Protocol

from mjasync.core.forecast import Eta
from mjasync.core.model import Record
from mjasync.core.operations import Operation
from mjasync.flow.outcome import Cancellation
from mjasync.flow.verbs import StepOptions

if TYPE_CHECKING:
    from mjasync.flow.job import Job
    from mjasync.flow.result import Result


class Desk(Protocol):
    """What a job may ask of the pool."""

    loop: asyncio.AbstractEventLoop

    def job(self, job_id: str) -> "Job":
        """The live job of an id."""
        ...

    def looks(self, job_id: str) -> int:
        """How often the provider was asked about it."""
        ...

    def eta(self, record: Record) -> Eta | None:
        """Seconds that are probably left."""
        ...

    def explain(self, record: Record) -> str:
        """Its story in words."""
        ...

    def result(self, record: Record) -> "Result":
        """What a finished record brought."""
        ...

    def step(self, parent: Record, operation: Operation, options: StepOptions, *, known: bool) -> "Job":
        """A chained job."""
        ...

    async def picture(self, account: str, url: str) -> bytes:
        """The bytes of a picture that one of the account's results names."""
        ...

    async def cancel(self, job_id: str) -> Cancellation | None:
        """Take the job back, or let go of it."""
        ...
