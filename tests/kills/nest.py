"""`python -m tests.kills.nest`: where processes come from: one that has everything imported, and forks.

Rule 1: it has no loop, thread or socket of its own, so that what it forks is as a fresh process, half a second sooner.
Rule 2: one line of JSON in, one out. It ends only what it has started, by its id.
"""

import json
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.kills import child, provider

#: Real seconds after which a life hangs.
LONGEST = 60.0
_TICK = 0.004
#: Between two blows: an impatient person.
_AGAIN = 0.01


def main() -> None:
    """Do as the lines say until there are no more."""
    providers: dict[str, int] = {}
    for line in sys.stdin:
        order = json.loads(line)
        folder = order["folder"]
        answer: dict[str, Any] = {}
        match order["do"]:
            case "serve":
                providers[folder] = _fork(
                    order, "provider.log", lambda order=order: provider.live(Path(order["folder"]), order["seed"])
                )
            case "live":
                answer = _life(order)
            case "end":
                _end(providers.pop(folder))
        print(json.dumps(answer), flush=True)
    for pid in providers.values():
        _end(pid)


def _life(order: dict[str, Any]) -> dict[str, Any]:
    """One life to its end, which may come from outside: `after` real seconds."""
    begun = time.monotonic()
    pid = _fork(order, f"life-{order['number']}.log", lambda: child.live(order))
    blows = [order["after"] + n * _AGAIN for n in range(order["interrupts"] or 1)] if order["after"] else []
    blow = signal.SIGINT if order["interrupts"] else signal.SIGKILL
    hung = False
    while True:
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            break
        seconds = time.monotonic() - begun
        if blows and seconds > blows[0]:
            blows.pop(0)
            os.kill(pid, blow)
        elif not hung and seconds > LONGEST:
            hung = True
            os.kill(pid, signal.SIGKILL)
        time.sleep(_TICK)
    return {"code": os.waitstatus_to_exitcode(status), "hung": hung, "seconds": time.monotonic() - begun}


def _fork(order: dict[str, Any], log: str, work: Callable[[], None]) -> int:
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        _apart(Path(order["folder"]) / log)
        work()
        code = 0
    except KeyboardInterrupt:
        code = 130
    except BaseException:  # noqa: BLE001  # it ends here, whatever it was, and not in the nest
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def _apart(log: Path) -> None:
    """Neither the nest's orders nor its answers belong to what it forked."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    said = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(nothing, 0)
    os.dup2(said, 1)
    os.dup2(said, 2)


def _end(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


if __name__ == "__main__":
    main()
