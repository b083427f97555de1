"""How far an account's callbacks are relied on: learned from which ends they told of, and forgotten at the first miss.

While callbacks prove alive, looks are only there for the one that gets lost: at most `safety_gap` seconds apart, so that
an end is seen that late at most whatever happens (G1, with a wider cap). Past the age at which nearly all such jobs are
over they are closer: no callback came, so perhaps none will.

Rule 1: a callback counts only once a look has shown the end that it told of; one that never came counts within 10 s.
Rule 2: one miss, and every job is looked at as if there were no callbacks.
"""

from attrs import define, field

#: So many ends in a row whose callbacks came prove them; twice as many after each miss, up to the most.
PROVED, STRICTER, MOST = 3, 2, 48
#: After so many in a row the misses before are forgiven.
FORGIVEN = 100
#: Seconds after an end was seen within which its callback has to come, or it is missed.
GRACE = 10.0
#: Looks at a job whose callback is expected are apart by this share of the median, within these seconds; by a quarter of
#: that once nearly all such jobs are over.
SHARE, LEAST, FURTHEST, LATE = 0.85, 5.0, 150.0, 0.25
#: Jitter makes the gap only shorter.
JITTER = 0.05


def safety_gap(median: float, dice: float, *, late: bool) -> float:
    """Seconds until the next look at a job whose end a callback is expected to tell; `late`: it should be over by now."""
    gap = min(max(SHARE * median, LEAST), FURTHEST) * (LATE if late else 1.0)
    return gap * (1 - JITTER * dice)


@define(eq=False)
class Trust:
    """One account's callbacks. Times are seconds on the loop's clock."""

    #: Ends in a row whose callbacks came, and how many prove them alive now.
    streak: int = 0
    needed: int = PROVED
    #: Ends whose callbacks never came.
    missed: int = 0
    _rung: set[str] = field(factory=set)
    #: Jobs that were seen over without a callback, and when that counts as a miss.
    _awaited: dict[str, float] = field(factory=dict)

    def rang(self, job: str) -> None:
        """A callback says that the job is over; a look will tell. It may be repeated."""
        self._rung.add(job)

    def late(self, job: str, now: float) -> None:
        """A callback for a job whose end a look has shown before; any but the first changes nothing."""
        self.judge(now)
        if self._awaited.pop(job, None) is not None:
            self._came()

    def ended(self, job: str, now: float) -> bool:
        """A look showed its end. True if its callback is still to come."""
        self.judge(now)
        if job in self._rung:
            self._rung.discard(job)
            self._came()
            return False
        self._awaited[job] = now + GRACE
        return True

    def forget(self, job: str) -> None:
        """Nobody looks at the job any more, and no end was seen."""
        self._rung.discard(job)

    def alive(self, now: float) -> bool:
        """Whether callbacks are relied on."""
        self.judge(now)
        return self.streak >= self.needed

    def judge(self, now: float) -> None:
        """What did not come in time is missed."""
        over = [job for job, until in self._awaited.items() if until <= now]
        for job in over:
            del self._awaited[job]
        if over:
            self.missed += len(over)
            # Those that miss before anything was proved say nothing new.
            self.needed = min(self.needed * STRICTER, MOST) if self.streak >= self.needed else self.needed
            self.streak = 0

    def _came(self) -> None:
        self.streak += 1
        if self.streak >= FORGIVEN:
            self.needed = PROVED
