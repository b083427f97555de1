"""Both providers from the server's side, in one world: test oracle, demo back end, and yours to import in tests.

    world = World(seed=7)
    account = world.account("ttapi")                   # its key opens the door
    transport = LocalTransport(world, "ttapi")         # in process, on the loop's clock
    async with serve(world) as served: ...             # over real HTTP, on this machine only
    world.inject("lose_answer", on="submit")           # scripted misfortune
    assert world.ledger.peak_running["ttapi"] <= 10    # the server's own books
    World(profile="relay-15s")                         # providers as they are elsewhere: PROFILES

It shares no code with the client's dialects: what a provider accepts and answers was read from the seeds a second time.
"""

from mjasync.sim.callbacks import Callbacks
from mjasync.sim.faults import Fault
from mjasync.sim.jobs import Account, Job, Order, Phase
from mjasync.sim.ledger import Entry, Ledger, Violation
from mjasync.sim.local import LocalTransport, to_asgi
from mjasync.sim.profiles import PROFILES, Profile
from mjasync.sim.server import Served, serve
from mjasync.sim.world import QueueFull, World

__all__ = [
    "PROFILES",
    "Account",
    "Callbacks",
    "Entry",
    "Fault",
    "Job",
    "Ledger",
    "LocalTransport",
    "Order",
    "Phase",
    "Profile",
    "QueueFull",
    "Served",
    "Violation",
    "World",
    "serve",
    "to_asgi",
]
