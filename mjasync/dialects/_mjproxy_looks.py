"""midjourney-proxy's look at several tasks: `list-by-condition`, where a relay routes it (no seed has it)."""

from collections.abc import Mapping
from typing import Any

from mjasync.core.answers import Absent, Trouble
from mjasync.core.model import Snapshot, Status
from mjasync.core.wire import HttpRequest, HttpResponse
from mjasync.dialects._mjproxy_answers import NAME, Task, is_task, peek, said_by, snapshot
from mjasync.dialects._mjproxy_requests import ENDPOINTS
from mjasync.dialects._proof import asked_in_vain, looked_for
from mjasync.dialects._reading import structure

#: The most tasks that are read of one answer: what was asked for, and what relays have twice after a window.
_MOST_ROWS = 500


class ListByCondition:
    """See `dialects.ManyLooks`."""

    #: Servers name no limit; relays pass the ids on to a database.
    most = 50

    def write(self, base: str, remote_ids: tuple[str, ...]) -> HttpRequest:
        """Ids as text, in one request."""
        return ENDPOINTS["list-by-condition"].write(base, {"ids": list(remote_ids)})

    def read(self, response: HttpResponse, kinds: Mapping[str, str]) -> dict[str, Snapshot] | Absent | Trouble:
        """A bare list of tasks in any order, without those that nobody knows.

        Of two with one id (relays have that after a window) the one that is further counts.
        """
        if response.status == 404:
            return Absent(why="HTTP 404")
        document, absent = looked_for(response, NAME)
        if absent is not None:
            return absent
        if not isinstance(document, list):
            return asked_in_vain(said_by(response, document), response, NAME, why="the answer is no list")
        found: dict[str, Snapshot] = {}
        for item in document[:_MOST_ROWS]:
            seen = peek(item) or (_whole(item, response, kinds) if is_task(item) else None)
            if seen and seen.remote_id and _rank(seen) >= _rank(found.get(seen.remote_id)):
                found[seen.remote_id] = seen
        return found


def _whole(item: dict[str, Any], response: HttpResponse, kinds: Mapping[str, str]) -> Snapshot:
    return snapshot(structure(item, Task), response, item, kinds.get(str(item.get("id")), ""))


_RANKS = {Status.QUEUED: 0, Status.RUNNING: 1, Status.DONE: 2, Status.FAILED: 2}


def _rank(seen: Snapshot | None) -> tuple[int, int]:
    """How far a task is."""
    return (_RANKS[seen.status], seen.progress or 0) if seen else (-1, 0)
