"""The gate: the free check first, the money last, in the same breath as the going."""

import asyncio

import pytest

import mjasync as mj
from mjasync.core.answers import Refused
from mjasync.core.model import Failure, Record, Spec
from mjasync.core.operations import Imagine
from mjasync.flow.driver import Parked
from mjasync.flow.gate import Gate
from mjasync.flow.money import Wait
from mjasync.flow.session import Session
from mjasync.testing import Sim, run
from tests.journeys.lives import submits

RECORD = Record(id="j", spec=Spec(operation=Imagine(prompt="a cat")))
REFUSED = Refused(failure=Failure(kind="QuotaExhausted", what="Too dear."))


class Purse:
    """Money that says what it is told to."""

    def __init__(self, verdict):
        self.verdict, self.asked = verdict, []

    def gate(self, record, account, provider):
        self.asked.append((record.id, account, provider))
        return self.verdict


@pytest.mark.parametrize(
    ("verdict", "expected"), [(None, None), (REFUSED, REFUSED), (Wait(), Parked())], ids=["go", "no", "wait"]
)
def test_what_the_money_says(verdict, expected):
    async def story():
        sim, purse = Sim(), Purse(verdict)
        account = sim.ttapi()
        session = Session("ttapi", account, account.rng)
        assert expected == await Gate(purse, check_prompts=False).before(RECORD, session)
        assert [("j", "ttapi", "ttapi")] == purse.asked
        assert {} == sim.ledger.requests

    run(story())


def test_a_prompt_that_the_free_check_refuses_costs_nothing_and_the_money_is_not_asked():
    async def story():
        sim, purse = Sim(banned=["gore"]), Purse(None)
        account = sim.ttapi()
        session, gate = Session("ttapi", account, account.rng), Gate(purse, check_prompts=True)
        assert await gate.before(RECORD, session) is None
        bad = Record(id="b", spec=Spec(operation=Imagine(prompt="gore")))
        refused = await gate.before(bad, session)
        assert "PromptRejected" == refused.failure.kind
        assert ["j"] == [job for job, *_ in purse.asked]
        assert 0 == submits(sim)

    run(story())


def test_what_is_parked_goes_when_a_slot_comes_back():
    async def story():
        sim = Sim(seed=1)
        async with mj.Pool(sim.ttapi()) as pool:
            price = (await pool.imagine("a cat")).quota
        async with mj.Pool(sim.ttapi(), budget=2 * price) as pool:
            jobs = [pool.imagine(f"cat {n}") for n in range(3)]
            await asyncio.gather(*(job.ended() for job in jobs))
            assert 2 == sum(job.exception() is None for job in jobs)
            assert {"QuotaExhausted"} >= {type(job.exception()).__name__ for job in jobs if job.exception()}

    run(story())
