"""mjasync: Midjourney-style image APIs as awaitables.

import mjasync as mj

async with mj.Pool(mj.TTAPI(key="...")) as pool:
    cat = await pool.imagine("a lighthouse at dusk").upscale(2)
    await cat.save("lighthouse.png")

Rule 1: importing it imports nothing else of ours. A name is fetched from its room when somebody first asks for it, so
that a program, a test or a worker pays for what it uses.
"""

from importlib import import_module as _import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mjasync.accounts import TTAPI, Account, MJProxy
    from mjasync.blocking.door import run, sync
    from mjasync.core.facts import PictureFacts
    from mjasync.core.forecast import Eta
    from mjasync.core.ledger import AccountLedger, Estimate, Ledger
    from mjasync.core.lint import Finding, lint
    from mjasync.core.model import Action, ImageURL, Mode, Phase, Snapshot, Status, Ticket
    from mjasync.core.permutations import permutations
    from mjasync.core.prompt import Prompt
    from mjasync.core.reports import AccountInfo, ListedJob, PromptCheck
    from mjasync.errors import (
        AccountBusy,
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
    from mjasync.flow.hooks import HookCounts, Hooks
    from mjasync.flow.job import Job
    from mjasync.flow.looking import Looking
    from mjasync.flow.outcome import Abandoned, Cancelled, Withdrawn
    from mjasync.flow.pool import Pool
    from mjasync.flow.result import Result, Step
    from mjasync.flow.showing import show
    from mjasync.flow.stats import AccountStats, Stats
    from mjasync.flow.timers import Timeouts
    from mjasync.flow.wording import PromptWarning
    from mjasync.images.masks import draw_mask
    from mjasync.journal.sqlite import SQLiteJournal
    from mjasync.sheet.door import save_sheet
    from mjasync.sheet.reading import ContactSheet, SheetCard, read_metadata, read_sheet

__version__ = "0.1.0"

#: Where each name of the front door lives.
_ROOMS = {
    "mjasync.accounts": ("TTAPI", "Account", "MJProxy"),
    "mjasync.core.forecast": ("Eta",),
    "mjasync.blocking.door": ("run", "sync"),
    "mjasync.core.facts": ("PictureFacts",),
    "mjasync.core.ledger": ("AccountLedger", "Estimate", "Ledger"),
    "mjasync.core.lint": ("Finding", "lint"),
    "mjasync.core.model": ("Action", "ImageURL", "Mode", "Phase", "Snapshot", "Status", "Ticket"),
    "mjasync.core.permutations": ("permutations",),
    "mjasync.core.prompt": ("Prompt",),
    "mjasync.core.reports": ("AccountInfo", "ListedJob", "PromptCheck"),
    "mjasync.errors": (
        "AccountBusy",
        "ActionUnavailable",
        "AuthError",
        "BatchError",
        "ConfigError",
        "DeadlineExceeded",
        "InvalidRequest",
        "JobCancelled",
        "JobFailed",
        "JobLost",
        "JournalBusy",
        "JournalCorrupt",
        "JournalError",
        "JournalWriteError",
        "KeyReused",
        "MJError",
        "NeedsInput",
        "ParentFailed",
        "PoolClosed",
        "PromptRejected",
        "ProtocolError",
        "ProviderError",
        "QuotaExhausted",
        "SubmitOutcomeUnknown",
        "Unreachable",
    ),
    "mjasync.flow.batch": ("Batch", "Outcome"),
    "mjasync.flow.closing": ("Drain",),
    "mjasync.flow.estate": ("Recovery",),
    "mjasync.flow.events": ("JobEvent",),
    "mjasync.flow.hooks": ("HookCounts", "Hooks"),
    "mjasync.flow.job": ("Job",),
    "mjasync.flow.looking": ("Looking",),
    "mjasync.flow.outcome": ("Abandoned", "Cancelled", "Withdrawn"),
    "mjasync.flow.pool": ("Pool",),
    "mjasync.flow.result": ("Result", "Step"),
    "mjasync.flow.showing": ("show",),
    "mjasync.flow.stats": ("AccountStats", "Stats"),
    "mjasync.flow.timers": ("Timeouts",),
    "mjasync.flow.wording": ("PromptWarning",),
    "mjasync.images.masks": ("draw_mask",),
    "mjasync.journal.sqlite": ("SQLiteJournal",),
    "mjasync.sheet.door": ("save_sheet",),
    "mjasync.sheet.reading": ("ContactSheet", "SheetCard", "read_metadata", "read_sheet"),
}
#: Parts of the package that are there without being imported: those that its names come from, and these.
_PARTS = {".".join(room.split(".")[:2]) for room in _ROOMS} | {
    "mjasync.dialects",
    "mjasync.events",
    "mjasync.logs",
    "mjasync.otel",
    "mjasync.prometheus",
    "mjasync.settings",
    "mjasync.transport",
    "mjasync.webhook",
}
_WHERE = {name: room for room, names in _ROOMS.items() for name in names}

__all__ = [
    "TTAPI",
    "Abandoned",
    "Account",
    "AccountBusy",
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
    "ContactSheet",
    "DeadlineExceeded",
    "Drain",
    "Estimate",
    "Eta",
    "Finding",
    "HookCounts",
    "Hooks",
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
    "Looking",
    "MJError",
    "MJProxy",
    "Mode",
    "NeedsInput",
    "Outcome",
    "ParentFailed",
    "Phase",
    "PictureFacts",
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
    "SheetCard",
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
    "read_metadata",
    "read_sheet",
    "run",
    "save_sheet",
    "show",
    "sync",
]


if not TYPE_CHECKING:  # who reads types is to know each name, and no other

    def __getattr__(name: str) -> object:
        """A public name, or a part of the package, when it is first used."""
        if name in _WHERE:
            value = getattr(_import_module(_WHERE[name]), name)
        elif f"{__name__}.{name}" in _PARTS:
            value = _import_module(f"{__name__}.{name}")
        else:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        globals()[name] = value
        return value

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})


del TYPE_CHECKING
