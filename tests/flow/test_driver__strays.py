"""Cancels that nobody of ours sent."""

import asyncio

import pytest

import mjasync as mj
from mjasync.testing import Sim, run


class Cancelling:
    """A transport that lets a cancel of its own escape, at its `nth` exchange."""

    def __init__(self, inner, nth):
        self.inner, self.left = inner, nth

    async def send(self, request):
        self.left -= 1
        if self.left == 0:
            raise asyncio.CancelledError
        return await self.inner.send(request)

    async def aclose(self):
        pass


@pytest.mark.fault("K08")
@pytest.mark.parametrize("nth", [1, 2, 3, 4, 5])
def test_a_stray_cancel_harms_one_job_at_most_and_hangs_nobody(nth):
    async def story():
        sim = Sim(seed=1)
        account = sim.ttapi()
        transport = Cancelling(account.transport, nth)
        async with mj.Pool(mj.TTAPI(account.key, base_url=account.base_url, transport=transport)) as pool:
            first = await asyncio.gather(pool.imagine("a cat"), return_exceptions=True)
            assert isinstance(first[0], mj.MJError | mj.Result)
            assert (await pool.imagine("a dog")).images
        return first[0], sim.ledger.accepted

    first, accepted = run(story())

    # The second asks how many jobs it takes, and no harm is done. While sending nobody knows what left; while looking
    # another task goes on, and nothing is lost.
    well = nth == 2 or nth > 3
    assert (well, 1 + well) == (isinstance(first, mj.Result), accepted)
