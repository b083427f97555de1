"""One law as it is learned, and the plan for it: evidence comes in, ages of looks go out.

Plans are made when they are asked for and the evidence has grown by 4 %.
"""

from collections.abc import Callable

from mjasync.core.looking.belief import Belief, Prior, believe
from mjasync.core.looking.drift import ENOUGH, KEPT, Drift
from mjasync.core.looking.evidence import Evidence
from mjasync.core.looking.plan import Plan, planned

_GROWN = 0.04
#: Ends are smeared over 4 bins to each side where few were seen and they lie far apart, fewer where it is clearer.
_SMEAR, _USUAL_SPREAD = 4.0, 0.3


class Law:
    """How long jobs take, from one moment of their lives to the end."""

    __slots__ = ("_belief", "_drift", "_horizon", "_plan", "_price", "_prior", "alarms", "evidence")

    def __init__(self, prior: Callable[[], Prior], *, horizon: float, price: Callable[[], float]) -> None:
        """`horizon`: seconds after which the provider has ended every job. `price`: of a look, in seconds of delay."""
        self._prior = prior
        self._horizon = horizon
        self._price = price
        self._drift = Drift()
        self._belief: Belief | None = None
        self._plan: Plan | None = None
        self.evidence = Evidence()
        #: How often the law was found to have changed.
        self.alarms = 0

    @property
    def belief(self) -> Belief:
        """What is believed now."""
        if self._belief is None or self.evidence.fresh > _GROWN * self.evidence.jobs:
            self._belief, self._plan, self.evidence.fresh = believe(self.evidence, self._prior()), None, 0
        return self._belief

    def best(self, seen: float, low: float, high: float) -> float:
        """See `Plan.best`."""
        belief = self.belief
        if self._plan is None:
            self._plan = planned(belief, self._price(), self._horizon)
        return self._plan.best(seen, low, high)

    def alive(self, after: float, until: float) -> None:
        """See `Evidence.alive`."""
        self.evidence.alive(after, until)

    def ended(self, after: float, until: float, *, ok: bool) -> None:
        """It ended within (after, until]: with a result, or failed."""
        belief = self._belief or self.belief
        if ok and self.evidence.jobs >= ENOUGH and self._drift.takes((belief.ended(after) + belief.ended(until)) / 2):
            self.fade(KEPT)
            self.alarms += 1
        self.evidence.ended(
            after,
            until,
            ok=ok,
            hazard=belief.hazard,
            own=belief.well if ok else belief.wrong,
            smear=max(1, round(_SMEAR * min(1.0, belief.spread / _USUAL_SPREAD) * (1 + self.evidence.jobs) ** -0.2)),
        )

    def learn(self, evidence: Evidence) -> None:
        """Go on from the evidence of an earlier process."""
        self.evidence, self._belief = evidence, None

    def fade(self, jobs: float) -> None:
        """All that is known counts as so many jobs at most."""
        if self.evidence.jobs > jobs:
            self.evidence.fade(jobs / self.evidence.jobs)
            self._belief = None

    def replan(self) -> None:
        """The price of a look has changed."""
        self._plan = None
