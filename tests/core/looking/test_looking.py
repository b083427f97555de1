from mjasync.core import looking
from mjasync.core.looking import cadence


def test_a_few_names_are_enough_for_whoever_looks():
    assert [
        "EPS",
        "GRACE",
        "Cadence",
        "Pace",
        "Relay",
        "Track",
        "Trust",
        "paced",
        "prior",
        "safety_gap",
    ] == looking.__all__
    assert cadence.Cadence is looking.Cadence
    assert cadence.Track is looking.Track
