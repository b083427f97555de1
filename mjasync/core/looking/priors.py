"""What is believed about durations before anything was seen: the providers' own promises."""

from mjasync.core.model import Mode

# TTAPI's page: turbo within 60 s, fast within 90 s, relax "generally" within 10 min (seed 000 line 9-15).
# About half of each is where most jobs end.
_GRID = {Mode.TURBO: 32.0, Mode.FAST: 52.0, Mode.RELAX: 170.0}
#: What makes one picture out of a finished grid, or none at all, takes about a third of a grid.
_SINGLE = frozenset({"upscale", "describe", "shorten", "seed", "upload"})


def prior(mode: Mode, kind: str) -> float:
    """Seconds within which half of the jobs of this kind are believed to end."""
    return _GRID[mode] / 3 if kind in _SINGLE else _GRID[mode]
