"""mjasync: Midjourney-style image APIs as awaitables.

import mjasync as mj

async with mj.Pool(mj.TTAPI(key="...")) as pool:
    cat = await pool.imagine("a lighthouse at dusk").upscale(2)
    await cat.save("lighthouse.png")
"""

from mjasync.accounts import TTAPI, Account, MJProxy
from mjasync.core.model import Action, ImageURL, Mode, Phase, Ticket
from mjasync.errors import (
    ActionUnavailable,
    AuthError,
    BatchError,
    ConfigError,
    DeadlineExceeded,
    InvalidRequest,
    JobCancelled,
    JobFailed,
    JobLost,
    JournalBusy,
    JournalCorrupt,
    JournalError,
    JournalWriteError,
    KeyReused,
    MJError,
    NeedsInput,
    ParentFailed,
    PoolClosed,
    PromptRejected,
    ProtocolError,
    ProviderError,
    QuotaExhausted,
    SubmitOutcomeUnknown,
    Unreachable,
)
from mjasync.flow.batch import Batch, Outcome
from mjasync.flow.job import Job, JobEvent
from mjasync.flow.outcome import Abandoned, Cancelled, Withdrawn
from mjasync.flow.pool import Drain, Pool
from mjasync.flow.result import Result, Step
from mjasync.flow.stats import AccountStats, Stats

__version__ = "0.1.0"

__all__ = [
    "TTAPI",
    "Abandoned",
    "Account",
    "AccountStats",
    "Action",
    "ActionUnavailable",
    "AuthError",
    "Batch",
    "BatchError",
    "Cancelled",
    "ConfigError",
    "DeadlineExceeded",
    "Drain",
    "ImageURL",
    "InvalidRequest",
    "Job",
    "JobCancelled",
    "JobEvent",
    "JobFailed",
    "JobLost",
    "JournalBusy",
    "JournalCorrupt",
    "JournalError",
    "JournalWriteError",
    "KeyReused",
    "MJError",
    "MJProxy",
    "Mode",
    "NeedsInput",
    "Outcome",
    "ParentFailed",
    "Phase",
    "Pool",
    "PoolClosed",
    "PromptRejected",
    "ProtocolError",
    "ProviderError",
    "QuotaExhausted",
    "Result",
    "Stats",
    "Step",
    "SubmitOutcomeUnknown",
    "Ticket",
    "Unreachable",
    "Withdrawn",
    "__version__",
]
