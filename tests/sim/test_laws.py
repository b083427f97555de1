import statistics
from random import Random

import pytest

from mjasync.sim import laws


@pytest.mark.parametrize(
    ("mode", "queue", "run", "ceiling"), [("turbo", 4, 30, 60), ("fast", 6, 46, 90), ("relax", 110, 50, 600)]
)
def test_durations_have_their_medians_and_keep_the_promise_of_the_page(mode, queue, run, ceiling):
    dice = Random(1)
    pairs = [laws.durations(mode, "imagine", dice) for _ in range(4000)]
    assert statistics.median(pair[0] for pair in pairs) == pytest.approx(queue, rel=0.1)
    assert statistics.median(pair[1] for pair in pairs) == pytest.approx(run, rel=0.1)
    assert max(map(sum, pairs)) <= ceiling + 1e-9
    assert min(map(min, pairs)) > 0


def test_an_upscale_runs_a_third():
    queue, run = laws.durations("fast", "imagine", Random(3))
    assert laws.durations("fast", "upscale", Random(3)) == (queue, pytest.approx(run / 3))


def test_progress_goes_in_discords_steps():
    seen = [laws.progress(share / 70) for share in range(71)]
    assert sorted(set(seen)) == list(laws.STEPS)
    assert seen == sorted(seen)
    assert seen[69] == 93
    assert (laws.progress(-1), laws.progress(9)) == (0, 100)


def test_asking_for_a_seed_takes_a_moment_even_in_relax():
    queue, run = laws.durations("relax", "imagine", Random(3))
    assert laws.durations("relax", "seed", Random(3)) == (pytest.approx(queue / 20), pytest.approx(run / 20))
