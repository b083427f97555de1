"""The world's moves: the wire and the provider. They happen whether our process lives or not."""

from collections.abc import Iterator

from tests.model.state import Job, Scope

Moves = Iterator[tuple[str, Job]]


def moves(job: Job, scope: Scope) -> Moves:
    """All that may happen to a job outside of us."""
    if job.wire:
        yield from _submitted(job, scope)
    if job.wire2:
        yield from _answered(job, scope)
    if job.there in "rw":
        ringing = min(job.rings + 1 + (scope.jobs == 1), 2) if scope.hooks else 0
        if job.there == "r":
            yield "finishes", job._replace(there="s", rings=ringing)
            yield "fails", job._replace(there="f", rings=ringing)
        yield "is_forgotten", job._replace(there="g")
    if job.rings:
        yield "ring_drops", job._replace(rings=job.rings - 1)


def _submitted(job: Job, scope: Scope) -> Moves:
    """The provider takes every request that reaches it; nobody but us can keep it from a second one."""
    heard = job.act == "post"
    begun = ("w" if scope.windows else "r") if job.there == "n" else job.there
    taken = job._replace(wire=job.wire - 1, there=begun, charged=min(job.charged + 1, 3))
    for reply in ("ok", "err") if heard else ("",):
        yield f"takes_it[{reply}]", taken._replace(reply=reply)
    for reply in (("no", "busy") if scope.busy else ("no",)) if heard else ("",):
        yield f"refuses[{reply}]", job._replace(wire=job.wire - 1, reply=reply)
    if heard:
        yield "never_arrives", job._replace(wire=job.wire - 1)


def _answered(job: Job, scope: Scope) -> Moves:
    heard = job.act == "answer"
    if job.there in "wr":
        taken = job._replace(wire2=job.wire2 - 1, there="r", charged2=min(job.charged2 + 1, 3))
        for reply in ("ok", "err") if heard else ("",):
            yield f"takes_answer[{reply}]", taken._replace(reply2=reply)
    for reply in (("no", "busy") if scope.busy else ("no",)) if heard else ("",):
        yield f"refuses_answer[{reply}]", job._replace(wire2=job.wire2 - 1, reply2=reply)
