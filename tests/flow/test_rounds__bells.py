"""A bell that rings makes a look due, a second after the last one; and none is expected once they are not relied on."""

import asyncio
from random import Random

import pytest

from mjasync.core.looking import paced
from mjasync.core.model import Spec
from mjasync.core.operations import Imagine
from mjasync.flow.asks import Ask
from mjasync.flow.rounds import Round
from mjasync.flow.session import Session
from mjasync.testing import Sim, run


def served(due, looked, *, dense=float("inf"), at=10.0, act="hasten"):
    """When a job's turn came that is due then, where something happens at second `at`."""

    async def story():
        rounds = Round(Session("ttapi", Sim().ttapi(), Random(1)), paced(10))
        ask = Ask(
            Spec(operation=Imagine(prompt="a cat")),
            "1",
            (),
            due=due,
            looked=looked,
            slack=0.0,
            cap=5.0,
            late=False,
            joins=True,
            odds=lambda _: 0.5,
            dense=dense,
        )
        waiting = asyncio.create_task(rounds.turn(ask))
        await asyncio.sleep(at)
        rounds.hasten(ask) if act == "hasten" else rounds.distrust()
        await waiting
        return asyncio.get_running_loop().time()

    return run(story())


@pytest.mark.parametrize(
    ("looked", "expected"),
    [(5.0, 10.0), (9.5, 10.5), (9.99, 10.99)],
)
def test_a_bell_makes_a_look_due_a_second_after_the_last_one(looked, expected):
    assert expected == pytest.approx(served(60.0, looked))


def test_one_that_is_due_sooner_stays_so():
    assert 10.2 == pytest.approx(served(10.2, 9.9))


@pytest.mark.parametrize(("dense", "expected"), [(7.0, 10.0), (15.0, 15.0), (float("inf"), 60.0)])
def test_when_they_are_not_relied_on_each_is_looked_at_as_without(dense, expected):
    assert expected == served(60.0, 5.0, dense=dense, act="distrust")


def test_one_whose_look_is_on_its_way_is_not_waiting_any_more():
    async def story():
        rounds = Round(Session("ttapi", Sim().ttapi(), Random(1)), paced(10))
        ask = Ask(
            Spec(operation=Imagine(prompt="a")),
            "1",
            (),
            due=0.0,
            looked=0.0,
            slack=0.0,
            cap=5.0,
            late=False,
            joins=True,
            odds=lambda _: 0.5,
        )
        await rounds.turn(ask)
        rounds.hasten(ask)
        await asyncio.sleep(5)
        return asyncio.get_running_loop().time()

    assert 5.0 == run(story())
