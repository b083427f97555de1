"""`python -m tests.kills --points N --first K [--workers W]`: kill real processes, and say what broke.

One line for each kill; the last one is `N kills, V violations: D double charges, L accepted jobs lost, S slots above
the cap`; the exit code is 1 if V is not 0. The first `len(NAMED)` points are named ones, all others are random moments.
"""

import argparse
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from queue import Empty, Queue

from tests.kills.plan import NAMED, Story, story
from tests.kills.telling import Nest, Verdict, play


def played(stories: Iterable[Story], nests: Sequence[Nest], *, seconds: float = float("inf")) -> Iterator[Verdict]:
    """Stories as they end, one at a time for each nest; none begins after so many seconds."""
    waiting: Queue[Story] = Queue()
    for each in stories:
        waiting.put(each)
    ended: Queue[Verdict | BaseException | None] = Queue()
    until = time.monotonic() + seconds
    for nest in nests:
        threading.Thread(target=_work, args=(nest, waiting, ended, until), daemon=True).start()
    working = len(nests)
    while working:
        verdict = ended.get()
        if isinstance(verdict, BaseException):
            raise verdict
        if verdict is None:
            working -= 1
        else:
            yield verdict


def _work(nest: Nest, waiting: "Queue[Story]", ended: "Queue[Verdict | BaseException | None]", until: float) -> None:
    try:
        while time.monotonic() < until:
            ended.put(play(waiting.get_nowait(), nest))
    except Empty:
        pass
    except BaseException as exc:  # noqa: BLE001  # whoever waits for the verdicts raises it
        ended.put(exc)
    finally:
        ended.put(None)


def lines(verdict: Verdict) -> list[str]:
    """What is said of one story."""
    story = verdict.story
    rules = f"{story.work}, cap {story.cap}{', hooks' if story.hooks else ''}{', late' if story.late else ''}"
    said = [f"{story.number}: {kill} ({rules}; {verdict.accepted} accepted)" for kill in verdict.kills]
    said += [f"{story.number}: {life} was not reached" for life in verdict.missed]
    said += [f"{story.number}: VIOLATION {each.rule}: {each.text}" for each in verdict.findings]
    return said + ([f"{story.number}: see {verdict.folder}"] if verdict.findings else [])


def summary(verdicts: list[Verdict]) -> str:
    """The last line."""
    rules = Counter(finding.rule for verdict in verdicts for finding in verdict.findings)
    kills = sum(len(verdict.kills) for verdict in verdicts)
    return (
        f"{kills} kills, {rules.total()} violations: {rules['D']} double charges, {rules['L']} accepted jobs lost, "
        f"{rules['S']} slots above the cap"
    )


def main() -> int:
    """Play as asked; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.kills", description=__doc__)
    parser.add_argument("--points", type=int, default=len(NAMED))
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=float("inf"))
    arguments = parser.parse_args()
    begun, verdicts = time.monotonic(), []
    stories = [story(number) for number in range(arguments.first, arguments.first + arguments.points)]
    nests = [Nest() for _ in range(arguments.workers)]
    for verdict in played(stories, nests, seconds=arguments.seconds):
        verdicts.append(verdict)
        print("\n".join(lines(verdict)), flush=True)
    for nest in nests:
        nest.close()
    missed = sum(len(verdict.missed) for verdict in verdicts)
    accepted = sum(verdict.accepted for verdict in verdicts)
    seconds = time.monotonic() - begun
    print(f"{len(verdicts)} stories, {accepted} accepted jobs, {missed} points not reached, {seconds:.0f} s")
    print(summary(verdicts))
    return int(any(verdict.findings for verdict in verdicts))


if __name__ == "__main__":
    sys.exit(main())
