"""When to look at a running job: learned laws, planned looks, hard guarantees. Pure: ages come in, ages go out.

See docs/looking.md for the mathematics, and `python -m benchmarks frontier learning progress` for what it reaches.
"""

from mjasync.core.looking.cadence import Cadence, Track

__all__ = ["Cadence", "Track"]
