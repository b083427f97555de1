"""A simulated pool without `await`, on virtual time."""

from contextlib import contextmanager

import mjasync as mj
from mjasync.testing import Sim, VirtualLoop


def fed():
    """A loop that jumps, and waits for the test's thread where nothing is to be done."""
    return VirtualLoop(fed=True)


@contextmanager
def opened(sim=None, **options):
    sim = sim or Sim(seed=1)
    with mj.sync(mj.Pool(sim.ttapi(), sim.mjproxy(), **options), loop_factory=fed) as pool:
        yield pool
