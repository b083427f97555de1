"""What makes a twin of a method."""

import asyncio

import pytest

from mjasync.blocking.thread import LoopThread
from mjasync.blocking.verbs import Reads, Twin, each_of, iterates, told_by, waits_for


class Real:
    """Stands for a class of the async side."""

    def __init__(self):
        self.ended = 0

    @property
    def loop(self):
        return asyncio.get_running_loop()

    def add(self, one, *, two=2):
        """Words."""
        return one + two

    async def later(self, one):
        await asyncio.sleep(0)
        return one

    async def count(self):
        try:
            for number in range(3):
                await asyncio.sleep(0)
                yield number
        finally:
            self.ended += 1


class Mirror(Twin[Real]):
    loop = Reads[object]()
    add = told_by(Real.add)
    later = waits_for(Real.later)
    count = iterates(Real.count)


@pytest.fixture
def twin():
    thread = LoopThread()
    yield Mirror(Real(), thread)
    thread.close()


def test_attributes_are_read_in_the_loop(twin):
    assert twin.loop.is_running()
    assert "As `loop` of the async one." == Mirror.loop.__doc__


def test_methods_are_called_in_the_loop(twin):
    assert 3 == twin.add(1)
    assert 6 == twin.add(1, two=5)
    assert 7 == twin.later(7)
    with pytest.raises(TypeError):
        twin.add()


def test_an_iterator_goes_one_by_one(twin):
    assert [0, 1, 2] == list(twin.count())
    assert 1 == twin._real.ended


def test_leaving_an_iterator_ends_it(twin):
    numbers = twin.count()
    assert 0 == next(numbers)
    numbers.close()

    assert 1 == twin._real.ended


def test_an_iterator_that_is_left_after_the_end(twin):
    numbers = twin.count()
    next(numbers)
    twin._thread.close()
    numbers.close()

    assert 1 == twin._real.ended


def test_any_async_iterator_will_do(twin):
    class Two:
        left = 2

        def __aiter__(self):
            return self

        async def __anext__(self):
            if not self.left:
                raise StopAsyncIteration
            self.left -= 1
            return self.left

    assert [1, 0] == list(each_of(twin._thread, Two()))


def test_twins_of_the_same_are_the_same(twin):
    other = Mirror(twin._real, twin._thread)

    assert twin == other
    assert {twin} == {twin, other}
    assert twin != Mirror(Real(), twin._thread)
    assert twin != twin._real
    assert f"<Mirror of {twin._real!r}>" == repr(twin)
