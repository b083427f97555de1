"""Which process dies when: every event in every state, every request, every file; in the first life and in recovery.

Rule 1: a story is data, made of its number alone; a number that failed is played again by `--first`.
"""

from collections.abc import Iterator
from random import Random

from attrs import evolve, frozen

STATES = ("asked", "queued", "unwritten", "written", "durable")
#: Events that the workload brings about in one life, and the later one of each that is a point too.
EVENTS = {
    "Asked": 7,
    "Sending": 5,
    "Accepted": 4,
    "Bounced": 2,
    "Rejected": 1,
    "Silence": 2,
    "Saw-DONE": 3,
    "Saw-FAILED": 1,
    "Filling": 2,
    "Filled": 1,
    "Unanswered": 1,
    "Detached": 2,
}
#: Seconds on the calendar until the next life: all quarantines are over then.
LATER = 7200.0


@frozen(kw_only=True)
class Life:
    """One process: the point at which it kills itself, or the real seconds after which somebody does."""

    point: tuple[str, str, int] | None = None
    after: float | None = None
    #: Seconds on the loop's clock after which it closes by itself, and for how long it drains then.
    close_at: float | None = None
    drain: float = 0.0
    #: It begins so much later, once the providers have nothing left to do.
    later: float = 0.0
    #: How often Ctrl-C is pressed, instead of a kill.
    interrupts: int = 0

    def __str__(self) -> str:
        if self.interrupts:
            return f"Ctrl-C after {self.after:.2f} s, {self.interrupts} times"
        if self.point:
            return "{} {} #{}".format(*self.point)
        return f"after {self.after:.2f} s" if self.after else "no kill"


@frozen(kw_only=True)
class Story:
    """Lives on one journal; after them comes one that is left in peace."""

    number: int
    lives: tuple[Life, ...]
    work: str = "mixed"
    cap: int = 4
    hooks: bool = False
    #: Two hours lie before the last life.
    late: bool = False
    #: A fault that is put into the client on purpose: a `lazy` kind of event, or "wide" for slots beyond the cap.
    sabotage: str = ""


def story(number: int) -> Story:
    """The named points in a fixed disorder, and from then on random moments."""
    if number < len(NAMED):
        found = NAMED[number]
        dice = Random(f"kills/{number}")
        return evolve(found, number=number, hooks=dice.random() < 0.4, late=found.late or dice.random() < 0.75)
    return _random(number)


def _random(number: int) -> Story:
    """One to three lives that end at any time, and sometimes by closing."""
    dice = Random(f"kills/{number}")
    # A later life has less to do.
    lives = [Life(after=dice.uniform(0.02, 1.2 if n == 0 else 0.4)) for n in range(dice.choice((1, 1, 2, 3)))]
    if dice.random() < 0.2:
        lives[-1] = evolve(lives[-1], close_at=dice.uniform(1, 100), drain=dice.choice((0.0, 20.0)))
    burst = dice.random() < 0.2
    work, cap = ("burst", 10) if burst else ("mixed", dice.choice((2, 4, 10)))
    hooks, late = dice.random() < 0.4, dice.random() < 0.5
    return Story(number=number, lives=tuple(lives), work=work, cap=cap, hooks=hooks, late=late)


def _named() -> Iterator[Story]:
    yield from _events()
    yield from _requests()
    yield from _files()
    yield from _openings_and_ends()
    yield from _recoveries()
    for after in (0.15, 0.25, 0.4, 0.7, 1.1):
        yield Story(number=0, lives=(Life(after=after, interrupts=1),))
    for after in (0.2, 0.5):
        yield Story(number=0, lives=(Life(after=after, interrupts=2),))


def _at(*points: tuple[str, str, int], **more: object) -> Story:
    return Story(number=0, lives=tuple(Life(point=point) for point in points), **more)


def _events() -> Iterator[Story]:
    for kind, often in EVENTS.items():
        for number in sorted({1, often}):
            yield from (_at((kind, state, number)) for state in STATES)


def _requests() -> Iterator[Story]:
    for state in ("before", "way", "after"):
        yield from (_at(("submit", state, number)) for number in (1, 3, 9))
        yield from (_at(("modal", state, number)) for number in (1, 2))
        yield from (_at(("look", state, number)) for number in (1, 12))
        yield _at(("submit", state, 12), work="burst", cap=10)


def _files() -> Iterator[Story]:
    yield from (_at(("picture", state, 1)) for state in ("before", "after"))
    yield from (_at((call, state, 1)) for call in ("fsync", "replace") for state in ("before", "after"))


def _openings_and_ends() -> Iterator[Story]:
    yield from (_at(("open", state, 1)) for state in ("before", "after"))
    for state in ("before", "begun", "after"):
        yield Story(number=0, lives=(Life(point=("close", state, 1), close_at=30.0),))
    for state in ("before", "after"):
        yield Story(number=0, lives=(Life(point=("journal's close", state, 1), close_at=20.0),))
    yield Story(number=0, lives=(Life(point=("close", "after", 1), close_at=5.0, drain=40.0),))


def _recoveries() -> Iterator[Story]:
    """Killed in the first life so that the second has something to do, and in that, and in a third."""
    sent, unknown, window = ("submit", "way", 3), ("Silence", "durable", 2), ("modal", "way", 1)
    for state in STATES:
        yield _at(sent, ("Silence", state, 1))
        yield _at(("Accepted", "durable", 3), ("Resumed", state, 1))
        yield _at(window, ("Unanswered", state, 1))
        yield _at(("Accepted", "durable", 4), ("Saw-DONE", state, 1))
        yield _at(("Asked", "durable", 9), ("Sending", state, 2))
        yield Story(number=0, lives=(Life(point=unknown), Life(point=("Expired", state, 1), later=LATER)))
    for state in ("before", "after"):
        yield _at(sent, ("open", state, 1))
        yield _at(sent, ("recover", state, 1))
        yield _at(("Accepted", "durable", 4), ("look", state, 1))
        yield _at(sent, ("Silence", "written", 1), ("recover", state, 1))
        yield _at(window, ("open", state, 1), ("Unanswered", "queued", 1))
    yield _at(sent, ("submit", "way", 1), ("Silence", "unwritten", 1))
    yield _at(("Filling", "durable", 1), ("submit", "before", 1), ("look", "way", 1))
    yield _at(("Accepted", "queued", 2), ("Resumed", "written", 1), ("Resumed", "queued", 1))
    yield _at(sent, ("submit", "way", 4), ("submit", "way", 2), work="burst", cap=10)


def _in_disorder(stories: list[Story]) -> tuple[Story, ...]:
    Random("kills").shuffle(stories)
    return tuple(stories)


NAMED = _in_disorder(list(_named()))
