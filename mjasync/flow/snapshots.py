"""A job told as JSON: for a ticket that is looked up later, for logs, for another program.

Rule 1: only what `json.dumps` takes; no key, no picture's bytes, and not the provider's raw answer.
"""

from typing import TYPE_CHECKING, Any

from mjasync.errors import MJError

if TYPE_CHECKING:
    from mjasync.flow.job import Job
    from mjasync.flow.result import Result


def of_job(job: "Job") -> dict[str, Any]:
    """All that is known of a job now; `result` and `error` are None while there is neither.

    There are both where a result came after an error was told: after a deadline, or of a job of unknown fate.
    """
    error = job.exception() if job.done() else None
    result = job.result() if job.done() and error is None else job.late
    now = job.now()
    return {
        "id": job.id,
        "phase": str(job.phase),
        "done": job.done(),
        "progress": now.progress,
        "eta": now.eta,
        "mode": str(job.mode),
        "action": job.action or job.spec.operation.kind,
        "prompt": job.prompt,
        "key": job.spec.key,
        "parent": job.parent.id if job.parent else None,
        "ticket": str(job.ticket) if job.ticket else None,
        "preview": now.preview,
        "result": of_result(result) if result else None,
        "error": of_error(error) if error else None,
    }


def of_result(result: "Result") -> dict[str, Any]:
    """What a finished job brought; links may expire within a day (seed 000 line 702)."""
    return {
        "images": [str(url) for url in result.images],
        "tiles": [str(url) for url in result.tiles],
        "texts": list(result.texts),
        "actions": [action.name for action in result.actions],
        "seed": result.seed,
        "mode": str(result.mode),
        "quota": result.quota,
        "seconds": round(result.seconds, 3),
        "warnings": list(result.warnings),
    }


def of_error(error: MJError) -> dict[str, Any]:
    """What went wrong, why, what to do, and whether it cost anything."""
    return {
        "kind": type(error).__name__,
        "what": error.what,
        "why": error.why,
        "do": error.hint,
        "charged": error.charged,
        "retryable": error.retryable,
    }
