"""Draw `docs/states.md` from the table of legal moves: `python docs/make_states.py > docs/states.md`."""

from collections import defaultdict

from mjasync.core.machine import FINAL, MOVES, Move
from mjasync.core.model import Phase, Status

_HEAD = """# The life of a job

Drawn from `MOVES` in `mjasync/core/machine.py` by `python docs/make_states.py`; a test keeps it fresh.
"""

_WORDS = """
What the arrows mean:

| event | when |
|---|---|
| `Sending` | the request is about to leave on a slot of an account |
| `Bounced` | certainly not accepted, worth another try: the slot is free again |
| `Rejected` | certainly not accepted, and no try would help |
| `Accepted` | the provider took the job |
| `saw queued` … `saw failed` | one look at the remote job |
| `Filling` | the answer to the job's window (a prompt, a mask) is about to leave; written first, so that a restart does not send it again |
| `Unfilled` | the answer was certainly not taken: the window still waits, and may be answered again |
| `Filled` | the answer was taken; some providers give the job another id then |
| `Unanswered` | nobody can say whether the answer was taken: it is not sent again, and the looks may tell |
| `Silence` | nobody can say what became of it; the slot stays taken for a while |
| `Rang` | a callback with the token of this submission named an id while nobody knew one; it is looked at before anything is believed |
| `Detached` | whoever awaited it was told something final (a deadline, a cancel); the remote job goes on |

What happens at a window moves no phase: the job waits, and the looks go on.

A stale look never moves a job backwards, a finished job never changes, and `lost` is not a grave: any sighting brings
the job back to where it was seen.
"""


def _word(move: Move) -> str:
    return f"saw {move}" if isinstance(move, Status) else move.__name__


def render() -> str:
    """The whole page."""
    lines = [_HEAD, "```mermaid", "stateDiagram-v2", f"    [*] --> {Phase.HELD}: Asked"]
    for phase, moves in MOVES.items():
        arrows: dict[Phase, list[str]] = defaultdict(list)
        for move, after in moves.items():
            arrows[after].append(_word(move))
        lines += [
            f"    {phase} --> {after}: {', '.join(words)}" for after, words in arrows.items() if phase not in FINAL
        ]
    lines += [f"    {phase} --> [*]" for phase in Phase if phase in FINAL]
    return "\n".join([*lines, "```", _WORDS]).rstrip() + "\n"


if __name__ == "__main__":
    print(render(), end="")
