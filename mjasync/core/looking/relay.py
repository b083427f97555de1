"""How far an account's answers are behind its jobs, measured.

A relay may refresh its table only now and then (stock ones: every 15 s), and answers looks from that table. Where the
answer tells how long the job took by the provider's own clock, each end shows by how much the look's answer lagged:
at least as long as the job was shown running after its end, at most until it was shown over. Nothing is assumed about
either clock but that seconds are seconds.

Rule: a wait is only made longer where a look could not bring news: a table that changed after `a` changes again
`refresh` later, not sooner, so a look before `a + refresh` shows the same. `refresh` is what was proved, never more; and
where answers change far sooner than the provider's times prove, those times are nonsense, and nothing is.
"""

from collections import deque
from statistics import median

#: Ends remembered; from so many on something is said; of the proofs the second strongest counts, for a clock may jump.
MEMORY, ENOUGH, STRONGEST = 32, 5, 2
#: Proofs of more than so many times the seconds within which answers did change are no proofs.
BEYOND = 2.0
#: Seconds below which a lag is no relay's table but the network's way.
LEAST = 2.0


class Relay:
    """One account's lag."""

    def __init__(self) -> None:
        self._proofs: deque[tuple[float, float]] = deque(maxlen=MEMORY)
        self._changes: deque[float] = deque(maxlen=MEMORY)

    def ended(self, took: float, running: float, over: float) -> None:
        """A job that took `took` seconds by the provider's clock was shown running at age `running`, and over at `over`."""
        least, most = max(running - took, 0.0), over - took
        if took > 0.0 and least <= most:
            self._proofs.append((least, most))

    def changed(self, within: float) -> None:
        """What it showed of a job changed twice within so many seconds."""
        self._changes.append(within)

    @property
    def lag(self) -> float | None:
        """Mean seconds from an end to the first answer that could show it; None where nothing is proved.

        An account that answers at once has none: what its ends waited for was the next look.
        """
        if not self.refresh:
            return None
        return sum((least + most) / 2 for least, most in self._proofs) / len(self._proofs)

    @property
    def seen(self) -> float | None:
        """Median seconds from an end to its being seen; None where the account tells no times of its own."""
        return median(most for _, most in self._proofs) if self._proofs else None

    @property
    def refresh(self) -> float:
        """Seconds between two changes of its table, as far as that is proved; 0 for an account that answers at once."""
        if len(self._proofs) < ENOUGH:
            return 0.0
        proved = sorted((least for least, _ in self._proofs), reverse=True)[STRONGEST - 1]
        apart = sorted(self._changes)[STRONGEST - 1] if len(self._changes) >= STRONGEST else proved
        return min(proved, apart) if LEAST <= proved <= BEYOND * apart else 0.0
