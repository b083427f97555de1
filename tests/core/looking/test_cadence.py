from math import inf, log

import pytest

from mjasync.core.looking.cadence import (
    AFTER_TIMEOUT,
    CAP_LEAST,
    CAP_MOST,
    LEAST_GAP,
    PATIENCE,
    STEPS,
    Track,
    _step,
)
from tests.core.looking.cases import cadence, lived, steps_of, taught, usual


@pytest.mark.parametrize(
    ("prior", "eps", "expected"),
    [(50.0, 0.02, 17.5), (5.0, 0.02, CAP_LEAST), (1000.0, 0.02, CAP_MOST), (50.0, 0.05, 30.0), (50.0, 0.5, 30.0)],
)
def test_the_cap_follows_the_median_and_the_target(prior, eps, expected):
    assert expected == pytest.approx(cadence(prior, eps=eps).cap, rel=0.05)


def test_a_study_may_do_without_the_cap():
    assert 320.0 == cadence(cap=False).cap


def test_cold():
    known = cadence()

    assert 50.0 == pytest.approx(known.median, rel=0.05)
    assert (0.0, 0) == (known.jobs, known.alarms)
    assert 5 < known.usual_looks < 25
    early = log(known.cap) / log(2.5)
    expected = 4 * known.usual_looks + log(known.cap / 0.3) / log(1.15) + early + 320 / known.cap + 3
    assert expected == pytest.approx(known.most_looks(320.0))


def test_a_tighter_target_takes_more_looks():
    assert cadence(eps=0.01).usual_looks == pytest.approx(2 * cadence(eps=0.02).usual_looks)


def test_it_learns_the_whole_law_from_its_own_looks():
    known = taught(cadence(), usual(40, median=100.0))

    assert 100.0 == pytest.approx(known.median, rel=0.08)
    assert 30 < known.jobs <= 40
    assert 35.0 == pytest.approx(known.cap, rel=0.1)


def test_dice_move_a_look_by_five_percent():
    early, middle, late = (cadence().next(Track(looked=30.0), 30.0, dice=dice) for dice in (0.0, 0.5, 1.0))

    assert early < middle < late
    assert 1.95 / 2.05 == pytest.approx((early + middle - 60.0) / (late + middle - 60.0), abs=0.02)


def test_looks_are_not_closer_than_a_share_of_the_age():
    known = taught(cadence(prior=2000.0, horizon=3600.0, eps=0.0001), [10.0])

    assert 5.0 <= known.next(Track(), 1000.0) - 1000.0


def test_past_the_patience_gaps_grow():
    known = cadence()
    track = Track(looks=int(PATIENCE * known.usual_looks) + 1, gap=2.0)

    assert 52.3 <= known.next(track, 50.0)
    assert 1.15 * 2.3 <= known.next(track, 50.0) - 50.0


def test_a_providers_own_timeout_is_looked_at_right_after_it():
    known = taught(cadence(), usual(20))
    track, age = Track(looked=310.0), 310.0
    ages = []
    while age < 400.0:
        age = known.next(track, age)
        known.alive(track, age, None)
        ages.append(age)

    assert 320.0 + AFTER_TIMEOUT in ages
    after = ages.index(320.0 + AFTER_TIMEOUT) + 1
    assert known.cap == pytest.approx(ages[after] - ages[after - 1])


def test_no_look_for_the_timeout_where_one_was_just_before():
    known = cadence()
    timeout = 320.0 + AFTER_TIMEOUT

    assert timeout < known.next(Track(looked=timeout - 0.1), timeout - 0.1)
    assert timeout + 1 < known.next(Track(looked=timeout), timeout)


def test_odds_grow_with_the_time_since_the_last_look():
    known = taught(cadence(), usual(30))
    track = Track(looked=50.0)

    assert 0.0 == known.odds(track, 50.0)
    assert 0 < known.odds(track, 52.0) < known.odds(track, 56.0) < known.odds(track, 500.0) <= 1.0
    assert known.odds(Track(looked=54.0), 56.0) > known.odds(Track(looked=4.0), 6.0)


def test_what_is_left():
    known = taught(cadence(), usual(40))

    assert 55.0 == pytest.approx(known.left(Track(), 0.0), rel=0.1)
    assert known.left(Track(), 40.0) < 20.0
    assert known.left(Track(), 40.0, share=0.9) > known.left(Track(), 40.0, share=0.1) >= 0.0


def test_steps_of_progress():
    assert list(range(len(STEPS) + 1)) == sorted({_step(progress) for progress in range(101)})
    assert (0, 1, 1, 2, 7, 7) == tuple(_step(progress) for progress in (0, 1, 14, 15, 90, 100))


def test_a_job_never_looked_at_teaches_nothing_when_it_ends_at_once():
    known = cadence()
    known.ended(Track(), 0.0)

    assert 0.0 == known.jobs


def test_an_end_is_taken_once():
    known, track = cadence(), Track()
    known.alive(track, 40.0, None)
    known.ended(track, 44.0)
    known.ended(track, 44.0)

    assert 1.0 == known.jobs


def test_a_resumed_job_teaches_nothing_about_the_time_that_nobody_saw():
    known, fresh = cadence(), cadence()
    known.ended(Track(looked=500.0, watched=False), 501.0)
    known.ended(Track(looked=500.0, watched=False), 900.0)

    assert fresh._whole.evidence.tables == known._whole.evidence.tables


def test_a_resumed_job_teaches_from_its_first_look_on():
    known = cadence()
    track = Track(looked=100.0, watched=False)
    known.alive(track, 110.0, None)
    known.ended(track, 112.0)

    risk = known._whole.evidence.tables[2]
    assert 11.0 == pytest.approx(sum(risk), abs=0.3)
    assert all(value == 0.0 for value in risk[:90])
    assert 1.0 == known.jobs
    assert (112.0, 2) == (track.looked, track.looks)


def test_dump_and_load():
    known = cadence()
    for end in usual(20):
        lived(known, end, bar=steps_of(end))
    again = cadence()
    again.load(known.dump())

    assert known.dump() == again.dump()
    assert known.median == pytest.approx(again.median, rel=0.001)
    assert {"laws", "floors"} == set(known.dump())


def test_nothing_learned_is_little_to_keep():
    assert {"laws": {}, "floors": {}} == cadence().dump()


def test_gaps_never_end_however_long_a_job_runs():
    known = cadence()

    assert LEAST_GAP <= known.next(Track(), 1e7) - 1e7 <= known.cap + 1e-6
    assert lived(known, inf, until=1000.0).ages[-1] >= 1000.0


def test_what_another_account_has_taught_counts_for_less():
    known = taught(cadence(), usual(30))
    median = known.median
    known.borrow(10.0)

    assert 10.0 == pytest.approx(known.jobs)
    assert median == pytest.approx(known.median, rel=0.03)


def test_looks_that_go_together_cost_more_and_may_wait_for_each_other():
    alone, together = (taught(cadence(), usual(40)) for _ in range(2))
    together.together = True
    together.together = True

    assert (False, True) == (alone.together, together.together)
    assert 0.0 == alone.slack < together.slack < 1.0
    assert together.usual_looks < alone.usual_looks
    assert 55.0 < alone.late < 110.0
