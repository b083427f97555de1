"""Whether a law has changed: two running sums of how early or late ends are against what was believed.

An end's place in the law is even between 0 and 1 while the law holds. The sums are Page's, with a slack that stable
laws hardly ever climb: a false alarm comes once in some thousands of jobs, and costs what a dozen of them taught.
"""

#: Deviations of an even number between 0 and 1 from its middle are so many times smaller than one.
_SCALE = 12**0.5
_SLACK, _THRESHOLD = 0.6, 6.0
#: From so many jobs on there is a law to compare with; after an alarm so many jobs' worth of it are kept.
ENOUGH, KEPT = 12.0, 3.0


class Drift:
    """The two sums."""

    __slots__ = ("early", "late")

    def __init__(self) -> None:
        self.early = self.late = 0.0

    def takes(self, place: float) -> bool:
        """Take in the place of one end, from 0 to 1. True if the law has changed."""
        off = _SCALE * (place - 0.5)
        self.late = max(0.0, self.late + off - _SLACK)
        self.early = max(0.0, self.early - off - _SLACK)
        if max(self.early, self.late) <= _THRESHOLD:
            return False
        self.early = self.late = 0.0
        return True
