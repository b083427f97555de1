"""What callbacks do to looks: sooner where one rang, later where one is expected, as usual where they are not relied on."""

import asyncio
from random import Random

import pytest
from attrs import evolve

from mjasync.core.looking import Cadence
from mjasync.core.model import Failure, Phase, Record, Spec
from mjasync.core.operations import Imagine
from mjasync.core.patience import limits
from mjasync.flow.asks import Ask
from mjasync.flow.bells import Bells
from mjasync.flow.sightings import Run
from mjasync.testing import run

SPEC = Spec(operation=Imagine(prompt="a cat"))
RECORD = Record(id="j", spec=SPEC, phase=Phase.RUNNING, account="ttapi", remote_id="r", token="t")
OVER = evolve(RECORD, phase=Phase.DONE)
CADENCE = Cadence(prior=60.0, horizon=300.0)


def told(script):
    """Run `script(bells, distrusted)` at second 100."""

    async def story():
        await asyncio.sleep(100)
        distrusted = []
        return await script(Bells("ttapi", Random(1), distrust=lambda: distrusted.append(1)), distrusted)

    return run(story())


def prove(bells, count=3):
    for n in range(count):
        bells.rang(f"job {n}", None)
        bells.looked(evolve(OVER, id=f"job {n}"))


def look(due=103.0, *, late=False):
    return Ask(SPEC, "r", (), due=due, looked=99.0, slack=1.0, cap=5.0, late=late, joins=True, odds=lambda _: 0.5)


def running(**more):
    return Run(limits("ttapi", "fast", None), sent=99.0, looked_at=99.0, born=90.0, **more)


@pytest.mark.parametrize(("proved", "due"), [(False, 103.0), (True, 151.0)])
def test_a_safety_look_waits_longer_once_callbacks_prove_alive(proved, due):
    async def script(bells, _):
        if proved:
            prove(bells)
        return bells.delayed(look(), RECORD, running(), CADENCE)

    ask = told(script)

    assert due == pytest.approx(ask.due, rel=0.03)
    assert (103.0 if proved else float("inf"), 0.0 if proved else 1.0) == (ask.dense, ask.slack)


@pytest.mark.parametrize(
    "more",
    [
        {"token": ""},
        {"filled_at": 95.0},
        {"resumed_at": 95.0},
        {"adopted": "list"},
    ],
)
def test_a_job_whose_callback_is_not_to_be_expected_is_looked_at_as_usual(more):
    async def script(bells, _):
        prove(bells)
        bells.looked(evolve(OVER, **more))
        await asyncio.sleep(20)
        return bells.delayed(look(), evolve(RECORD, **more), running(), CADENCE), bells.alive

    ask, alive = told(script)

    assert (103.0, True) == (ask.due, alive), "and nothing is missed that nobody expects"


def test_one_that_is_in_trouble_is_looked_at_as_usual():
    async def script(bells, _):
        prove(bells)
        return bells.delayed(look(), RECORD, running(missing=1), CADENCE)

    assert 103.0 == told(script).due


def test_one_that_should_be_over_is_looked_at_sooner_than_others():
    async def script(bells, _):
        prove(bells)
        return bells.delayed(look(late=True), RECORD, running(), CADENCE)

    assert 112.75 == pytest.approx(told(script).due, rel=0.02)


def test_one_that_rang_is_looked_at_now_and_from_then_on_as_usual():
    async def script(bells, _):
        prove(bells)
        ours = running()
        bells.rang("j", ours)
        first = bells.delayed(look(), RECORD, ours, CADENCE).due
        ours.sent = 101.0  # somebody has looked since
        return first, bells.delayed(look(), RECORD, ours, CADENCE).due

    assert (100.0, 103.0) == told(script)


def test_one_that_rang_before_anybody_looked_is_looked_at_a_second_after_it_began():
    async def script(bells, _):
        bells.rang("j", None)
        ours = running()
        bells.begun("j", ours)
        other = running()
        bells.begun("j", other)
        return ours.rung, other.rung

    assert (99.0, None) == told(script)


def test_what_nobody_looks_at_any_more_is_forgotten():
    async def script(bells, _):
        bells.rang("j", None)
        bells.gone("j")
        ours = running()
        bells.begun("j", ours)
        return ours.rung

    assert None is told(script)


def test_ten_seconds_after_an_end_without_a_callback_they_are_not_relied_on(caplog):
    async def script(bells, distrusted):
        prove(bells)
        bells.looked(OVER)
        before = bells.alive, list(distrusted)
        await asyncio.sleep(10.1)
        return before, bells.alive, distrusted

    assert ((True, []), False, [1]) == told(script)
    assert ["account ttapi: a job ended, and no callback came"] == [r.getMessage()[:48] for r in caplog.records]


def test_one_that_comes_within_them_was_only_late():
    async def script(bells, distrusted):
        prove(bells)
        bells.looked(OVER)
        await asyncio.sleep(9)
        bells.late("j")
        await asyncio.sleep(9)
        return bells.alive, distrusted

    assert (True, []) == told(script)


def test_a_miss_before_they_were_relied_on_changes_nothing():
    async def script(bells, distrusted):
        bells.looked(evolve(OVER, phase=Phase.FAILED, failure=Failure(kind="JobFailed", what="No.")))
        bells.looked(RECORD)
        await asyncio.sleep(20)
        return bells.alive, distrusted

    assert (False, []) == told(script)
