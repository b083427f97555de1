"""When to look at a running job: learned laws, planned looks, hard guarantees. Pure: ages come in, ages go out.

See docs/looking.md for the mathematics, and `python -m benchmarks frontier learning progress` for what it reaches.
"""

from mjasync.core.looking.cadence import EPS, Cadence, Track
from mjasync.core.looking.pace import Pace, paced
from mjasync.core.looking.priors import prior
from mjasync.core.looking.relay import Relay
from mjasync.core.looking.trust import GRACE, Trust, safety_gap

__all__ = ["EPS", "GRACE", "Cadence", "Pace", "Relay", "Track", "Trust", "paced", "prior", "safety_gap"]
