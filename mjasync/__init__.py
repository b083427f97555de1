"""mjasync: Midjourney-style image APIs as awaitables.

import mjasync as mj

async with mj.Pool(mj.TTAPI(key="...")) as pool:
    cat = await pool.imagine("a lighthouse at dusk").upscale(2)
    await cat.save("lighthouse.png")
"""

from mjasync.accounts import TTAPI, Account, MJProxy
from mjasync.core.ledger import AccountLedger, Estimate, Ledger
from mjasync.core.lint import Finding, lint
from mjasync.core.model import Action, ImageURL, Mode, Phase, Snapshot, Status, Ticket
from mjasync.core.permutations import permutations
from mjasync.core.prompt import Prompt
from mjasync.core.reports import AccountInfo, ListedJob, PromptCheck
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
from mjasync.flow.closing import Drain
from mjasync.flow.estate import Recovery
from mjasync.flow.events import JobEvent
from mjasync.flow.job import Job
from mjasync.flow.outcome import Abandoned, Cancelled, Withdrawn
from mjasync.flow.pool import Pool
from mjasync.flow.result import Result, Step
from mjasync.flow.stats import AccountStats, Stats
from mjasync.flow.timers import Timeouts
from mjasync.flow.wording import PromptWarning
from mjasync.images.masks import draw_mask
from mjasync.journal.sqlite import SQLiteJournal

__version__ = "0.1.0"

__all__ = [
    "TTAPI",
    "Abandoned",
    "Account",
    "AccountInfo",
    "AccountLedger",
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
    "Estimate",
    "Finding",
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
    "Ledger",
    "ListedJob",
    "MJError",
    "MJProxy",
    "Mode",
    "NeedsInput",
    "Outcome",
    "ParentFailed",
    "Phase",
    "Pool",
    "PoolClosed",
    "Prompt",
    "PromptCheck",
    "PromptRejected",
    "PromptWarning",
    "ProtocolError",
    "ProviderError",
    "QuotaExhausted",
    "Recovery",
    "Result",
    "SQLiteJournal",
    "Snapshot",
    "Stats",
    "Status",
    "Step",
    "SubmitOutcomeUnknown",
    "Ticket",
    "Timeouts",
    "Unreachable",
    "Withdrawn",
    "__version__",
    "draw_mask",
    "lint",
    "permutations",
]
