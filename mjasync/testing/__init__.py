"""For tests, ours and yours: both providers in process, on a clock that jumps.

from mjasync.testing import Sim, run

async def story():
    sim = Sim(seed=7)
    async with mj.Pool(sim.ttapi()) as pool:
        await pool.imagine("a cat", mode="relax")
    assert sim.ledger.charged == 1

run(story())
"""

from mjasync.testing.clock import DeadlockError, VirtualLoop, run
from mjasync.testing.sim import Sim

__all__ = ["DeadlockError", "Sim", "VirtualLoop", "run"]
