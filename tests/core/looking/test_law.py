from random import Random

import pytest

from mjasync.core.looking.belief import Prior
from mjasync.core.looking.evidence import DECAY, Evidence
from mjasync.core.looking.law import Law
from tests.core.looking.cases import usual


def law(prior=50.0):
    return Law(lambda: Prior(median=prior), horizon=320.0, price=lambda: 0.1)


def taught(known, ends, gap=2.0):
    """The ends were seen within a gap, which began somewhere."""
    dice = Random(2)
    for end in ends:
        assert known.belief
        before = max(end - gap * dice.random(), 0.0)
        known.alive(0.0, before)
        known.ended(before, before + gap, ok=True)
    return known


def test_it_learns():
    known = law()
    before = known.best(40.0, 40.3, 300.0)
    taught(known, usual(40, median=100.0, spread=0.1))

    assert 100.0 == pytest.approx(known.belief.median, rel=0.1)
    assert before < 60.0 < known.best(40.0, 40.3, 300.0)


def test_belief_and_plan_stay_until_the_evidence_has_grown_by_four_percent():
    known = taught(law(), usual(200))
    known.evidence.fresh = 0
    belief, _ = known.belief, known.best(10.0, 11.0, 60.0)
    plan = known._plan
    taught(known, usual(3))

    assert known.belief is belief
    known.best(10.0, 11.0, 60.0)
    assert known._plan is plan
    taught(known, usual(1))
    assert known.belief is not belief
    assert known._plan is None


def test_after_forgetting_it_goes_on_planning():
    known = taught(law(), usual(600))
    before = known.belief
    taught(known, usual(5))

    assert known.belief is not before


@pytest.mark.parametrize("seed", [0, 1, 3, 4, 5])
@pytest.mark.parametrize("factor", [1.6, 0.6])
def test_a_change_alarms_once(seed, factor):
    known = taught(law(), usual(150, seed=seed))
    before = known.alarms
    taught(known, [factor * end for end in usual(100, seed=seed + 100)])

    assert (0, 1) == (before, known.alarms)
    assert 55.0 * factor == pytest.approx(known.belief.median, rel=0.1)


@pytest.mark.parametrize("spread", [0.1, 0.22, 0.55])
def test_a_stable_stream_never_alarms(spread):
    assert 0 == taught(law(), usual(300, spread=spread, seed=1001)).alarms


def test_failures_raise_no_alarm():
    known = taught(law(), usual(60))
    for _ in range(30):
        known.ended(2.0, 3.0, ok=False)

    assert 0 == known.alarms


def test_an_alarm_keeps_three_jobs_and_plans_at_once():
    known = taught(law(), usual(60))
    known.best(10.0, 11.0, 60.0)
    alarm = next(n for n in range(30) if taught(known, [200.0]).alarms)

    assert alarm < 12
    assert 3 * DECAY + 1 == pytest.approx(known.evidence.jobs)
    assert known._belief is None


def test_it_goes_on_from_what_an_earlier_process_knew():
    known, again = taught(law(), usual(30)), law()
    again.best(1.0, 2.0, 30.0)
    again.learn(Evidence.load(known.evidence.dump()))

    assert known.belief.median == pytest.approx(again.belief.median, rel=0.02)
    assert known.best(40.0, 40.3, 300.0) == pytest.approx(again.best(40.0, 40.3, 300.0), rel=0.02)


def test_fading_never_makes_more_of_what_is_known():
    known = taught(law(), usual(20))
    jobs = known.evidence.jobs
    known.fade(100.0)

    assert jobs == known.evidence.jobs
    known.fade(10.0)
    assert 10.0 == pytest.approx(known.evidence.jobs)
    assert known._belief is None


def test_another_price_makes_another_plan():
    price = [0.1]
    one = Law(lambda: Prior(median=50.0), horizon=320.0, price=lambda: price[0])
    cheap = one.best(40.0, 40.3, 60.0)
    price[0] = 3.0
    assert cheap == one.best(40.0, 40.3, 60.0)
    one.replan()

    assert cheap < one.best(40.0, 40.3, 60.0)
