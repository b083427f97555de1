"""The public names of `mjasync.testing`."""

from mjasync import testing


def test_the_names_are_there():
    assert sorted(testing.__all__) == ["DeadlockError", "Sim", "VirtualLoop", "run"]
    assert all(hasattr(testing, name) for name in testing.__all__)
