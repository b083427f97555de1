"""What is believed about durations before anything was seen."""

import pytest

from mjasync.core import patience
from mjasync.core.looking import prior
from mjasync.core.model import Mode

GRIDS = ("imagine", "blend", "press", "vary", "swap")
SINGLES = ("upscale", "describe", "shorten", "seed", "upload")
#: What TTAPI's page promises (seed 000 line 9-15).
PROMISED = {Mode.TURBO: 60.0, Mode.FAST: 90.0, Mode.RELAX: 600.0}


@pytest.mark.parametrize("kind", GRIDS)
def test_half_of_the_grids_end_well_within_the_promise(kind):
    for mode, promised in PROMISED.items():
        assert 0.25 * promised <= prior(mode, kind) <= 0.6 * promised


@pytest.mark.parametrize("kind", SINGLES)
@pytest.mark.parametrize("mode", Mode)
def test_a_single_picture_or_none_takes_a_third(mode, kind):
    assert prior(mode, kind) == pytest.approx(prior(mode, "imagine") / 3)


@pytest.mark.parametrize("kind", [*GRIDS, *SINGLES])
def test_a_faster_mode_is_believed_to_be_faster(kind):
    assert prior(Mode.TURBO, kind) < prior(Mode.FAST, kind) < prior(Mode.RELAX, kind)


@pytest.mark.parametrize("provider", ["ttapi", "mjproxy"])
@pytest.mark.parametrize("mode", Mode)
def test_no_guess_is_beyond_a_providers_own_time_out(provider, mode):
    assert prior(mode, "imagine") < patience.limits(provider, mode, None).timeout
