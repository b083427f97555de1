"""What an interrupt carries: which paid jobs run on, and how to go on with them."""

from mjasync.errors import MJError
from mjasync.flow.closing import Drain


def farewell(drain: Drain) -> str:
    """A note for the exception that ended the wait; empty where nothing is left."""
    lines = []
    if drain.running:
        names = ", ".join(str(job.ticket or f"{job.id} (no ticket yet)") for job in drain.running)
        lines.append(f"{len(drain.running)} paid job(s) run on at the provider, and may be charged: {names}")
    if drain.held:
        lines.append(f"{len(drain.held)} job(s) were never sent, and cost nothing")
    hints = [error.hint for job in (*drain.running, *drain.held) if isinstance(error := job.exception(), MJError)]
    return "\n".join([*lines, *(f"  do    {hint}" for hint in dict.fromkeys(hints))])
