import math
from random import Random

import pytest

from mjasync.core.looking.bins import COUNT, EDGES, WIDTHS, bin_of
from mjasync.core.looking.evidence import DECAY, Evidence, amounts, number, table

FLAT = [0.01] * COUNT


def seen_to_end(evidence, after, until, *, ok=True, hazard=FLAT, own=FLAT, smear=0):
    evidence.ended(after, until, ok=ok, hazard=hazard, own=own, smear=smear)


def risk_of(evidence):
    return evidence.tables[2]


@pytest.mark.parametrize(("after", "until"), [(0.0, 0.4), (0.0, 1.0), (3.3, 47.1), (0.0, 300.0), (10.0, 9000.0)])
def test_a_job_that_runs_is_at_risk_in_every_bin_that_it_passes(after, until):
    evidence = Evidence()
    evidence.alive(after, until)

    risk = risk_of(evidence)
    assert until - after == pytest.approx(sum(risk))
    assert all(EDGES[k + 1] >= after and EDGES[k] <= until for k, seconds in enumerate(risk) if seconds)
    assert (0.0, 0) == (evidence.jobs, evidence.fresh)


def test_it_is_blank_until_something_was_seen():
    alive, ended = Evidence(), Evidence()
    alive.alive(0.0, 1.0)
    seen_to_end(ended, 0.0, 1.0)

    assert [True, False, False] == [evidence.blank for evidence in (Evidence(), alive, ended)]


def test_looks_add_up_however_many_there_were():
    once, often = Evidence(), Evidence()
    once.alive(0.0, 100.0)
    for age in range(100):
        often.alive(age, age + 1)

    assert risk_of(once) == pytest.approx(risk_of(often))


def test_an_end_lies_somewhere_since_the_look_before():
    evidence = Evidence()
    seen_to_end(evidence, 20.0, 30.0)

    well, wrong, risk = evidence.tables
    assert 1.0 == pytest.approx(sum(well))
    assert 0.0 == sum(wrong)
    assert 5.0 == pytest.approx(sum(risk), rel=0.05)
    assert {k for k in range(COUNT) if well[k] > 0} == set(range(bin_of(20.0), bin_of(30.0) + 1))
    assert (1.0, 1) == (evidence.jobs, evidence.fresh)


def test_a_failure_is_no_result():
    evidence = Evidence()
    seen_to_end(evidence, 20.0, 30.0, ok=False)

    assert (0.0, pytest.approx(1.0)) == tuple(sum(each) for each in evidence.tables[:2])


def test_an_end_is_spread_as_the_belief_of_the_moment_says_and_a_little_evenly():
    evidence, own = Evidence(), [1e-9] * COUNT
    likely = bin_of(25.0)
    own[likely] = 1.0
    seen_to_end(evidence, 20.0, 30.0, own=own)

    well = evidence.tables[0]
    assert 0.98 < well[likely] < 1.0
    assert 0.02 == pytest.approx(1.0 - well[likely] + 0.02 * WIDTHS[likely] / 10.0, abs=1e-6)


def test_an_end_is_smeared_over_neighbours():
    evidence = Evidence()
    middle = bin_of(25.0)
    seen_to_end(evidence, EDGES[middle], (EDGES[middle] + EDGES[middle + 1]) / 2, smear=2)

    assert [1 / 9, 2 / 9, 3 / 9, 2 / 9, 1 / 9] == pytest.approx(evidence.tables[0][middle - 2 : middle + 3])


@pytest.mark.parametrize(("after", "until"), [(0.0, 0.2), (5000.0, 6000.0), (0.0, 1e5)])
def test_ends_at_both_edges_of_the_bins(after, until):
    evidence = Evidence()
    seen_to_end(evidence, after, until, smear=4)

    assert 0.5 < sum(evidence.tables[0]) <= 1.0 + 1e-9


def test_an_end_in_no_time_at_all_is_counted_and_lies_nowhere():
    evidence = Evidence()
    seen_to_end(evidence, 7.0, 7.0)

    assert (1.0, 0.0) == (evidence.jobs, sum(evidence.tables[0]))


def test_fading_by_weight_is_fading_by_hand():
    dice, evidence = Random(3), Evidence()
    well, risk, jobs = [0.0] * COUNT, [0.0] * COUNT, 0.0
    for _ in range(300):
        k, factor = dice.randrange(1, 100), dice.choice((1.0, 1.0, 1.0, 0.2))
        seen_to_end(evidence, EDGES[k], EDGES[k + 1])
        evidence.alive(0.0, EDGES[k])
        evidence.fade(factor)
        well, risk, jobs = [DECAY * x for x in well], [DECAY * x for x in risk], DECAY * jobs + 1
        well[k] += 1.0
        risk = [x + (WIDTHS[n] if n < k else 0.5 * WIDTHS[n] if n == k else 0.0) for n, x in enumerate(risk)]
        well, risk, jobs = [factor * x for x in well], [factor * x for x in risk], factor * jobs

    assert jobs == pytest.approx(evidence.jobs)
    assert well == pytest.approx(evidence.tables[0], rel=1e-6, abs=1e-9)
    assert risk == pytest.approx(evidence.tables[2], rel=1e-6, abs=1e-6)


def test_what_is_old_fades_without_an_end_of_numbers():
    evidence = Evidence()
    for _ in range(3000):
        seen_to_end(evidence, 20.0, 30.0)

    assert 1 / (1 - DECAY) == pytest.approx(evidence.jobs, rel=1e-6)
    assert evidence.jobs == pytest.approx(sum(evidence.tables[0]))


def kaplan_meier(jobs):
    """Product over the bins of 1 - ended / running, with each job's weight; (weight, bin, whether it ended)."""
    alive, curve = 1.0, []
    for k in range(COUNT):
        running = sum(weight for weight, at, over in jobs if at > k or (at == k and over))
        ended = sum(weight for weight, at, over in jobs if at == k and over)
        alive *= 1 - (ended / running if running else 0.0)
        curve.append(alive)
    return curve


def test_jobs_that_were_never_seen_to_end_count_as_a_kaplan_meier_estimate_counts_them():
    seen = [(40, True), (55, False), (52, True), (60, True), (30, False), (60, True), (48, False), (70, True)]
    evidence, jobs = Evidence(), []
    for at, over in seen:
        if over:
            seen_to_end(evidence, EDGES[at], EDGES[at + 1])
            jobs = [(DECAY * weight, *rest) for weight, *rest in jobs]
        evidence.alive(0.0, EDGES[at])
        jobs.append((1.0, at, over))

    alive, curve = 1.0, []
    for ends, risk, width in zip(evidence.tables[0], evidence.tables[2], WIDTHS, strict=True):
        rate = ends / risk * width if risk else 0.0
        alive *= 1 - rate / (1 + rate / 2)  # a life table's: whoever ended was at risk for half of the bin
        curve.append(alive)
    assert kaplan_meier(jobs) == pytest.approx(curve, abs=1e-9)


def test_dump_and_load():
    evidence = Evidence()
    evidence.alive(0.0, 33.0)
    seen_to_end(evidence, 20.0, 30.0, smear=2)
    seen_to_end(evidence, 2.0, 3.0, ok=False)
    again = Evidence.load(evidence.dump())

    assert evidence.dump() == again.dump()
    assert evidence.jobs == pytest.approx(again.jobs, abs=1e-4)
    for mine, its in zip(evidence.tables, again.tables, strict=True):
        assert mine == pytest.approx(its, rel=1e-3, abs=1e-6)


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"jobs": 1},
        {"jobs": 1, "well": [], "wrong": {}, "risk": {}},
        {"jobs": 1, "well": {"x": 1}, "wrong": {}, "risk": {}},
        {"jobs": 1, "well": {str(COUNT): 1}, "wrong": {}, "risk": {}},
        {"jobs": 1, "well": {"-1": 1}, "wrong": {}, "risk": {}},
        {"jobs": 1, "well": {None: 1}, "wrong": {}, "risk": {}},
        {"jobs": 1, "well": {"1_0": 1}, "wrong": {}, "risk": {}},
        {"jobs": 1, "well": {"3": math.nan}, "wrong": {}, "risk": {}},
        {"jobs": None, "well": {}, "wrong": {}, "risk": {}},
    ],
)
def test_nonsense_is_refused(told):
    with pytest.raises(ValueError, match="not readable"):
        Evidence.load(told)


@pytest.mark.parametrize("told", [None, True, "1", [], {}, -1, -0.1, 1e12, 10**400, math.inf, -math.inf, math.nan])
def test_what_is_no_amount(told):
    with pytest.raises(ValueError, match="no amount"):
        number(told)


@pytest.mark.parametrize("told", [None, 1, "{}", [], ()])
def test_what_is_no_table(told):
    with pytest.raises(ValueError, match="no table"):
        table(told)


@pytest.mark.parametrize("told", [None, 1, "12", {}, (), [1, None]])
def test_what_is_no_list_of_amounts(told):
    with pytest.raises(ValueError, match=r"no list|no amount"):
        amounts(told)


def test_amounts_and_tables():
    assert (3.0, 0.5) == (number(3), number(0.5))
    assert [3.0, 0.5] == amounts([3, 0.5])
    assert {"a": 1} == table({"a": 1})
