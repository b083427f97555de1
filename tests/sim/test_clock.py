import asyncio

from mjasync.sim.clock import LoopClock


class Loop(asyncio.SelectorEventLoop):
    """A loop whose clock a test turns."""

    turned = 0.0

    def time(self):
        return self.turned


def tell(clock, *times):
    loop = Loop()

    async def story():
        told = []
        for loop.turned in times:
            told.append(clock())
        return told

    try:
        return loop.run_until_complete(story())
    finally:
        loop.close()


def test_it_tells_the_loops_time_and_repeats_it_afterwards():
    clock = LoopClock()
    assert clock() == 0.0
    assert tell(clock, 5.0, 7.5) == [5.0, 7.5]
    assert clock() == 7.5


def test_time_goes_on_in_a_second_loop():
    clock = LoopClock()
    tell(clock, 0.0, 100.0)
    assert tell(clock, 0.0, 1.0) == [100.0, 101.0]
    assert tell(clock, 300.0) == [300.0]


def test_time_never_goes_back():
    assert tell(LoopClock(), 5.0, 3.0, 6.0) == [5.0, 5.0, 6.0]
