"""The benchmark of promises sees one that is broken."""

from benchmarks import guarantees
from benchmarks.guarantees import HOSTILE, LIARS, Broken, story


class Careless:
    """A cadence that looks when it likes."""

    cap = 10.0

    def __init__(self, **_options):
        self.looks = 0

    def most_looks(self, _timeout):
        return 3.0

    def next(self, _track, age, *, dice):
        self.looks += 1
        return age + (0.1 if self.looks % 2 else 11.0)

    def alive(self, *_): ...

    def ended(self, *_, **__): ...


def test_broken_promises_are_counted(monkeypatch):
    monkeypatch.setattr(guarantees, "Cadence", Careless)
    broken = Broken()

    story(HOSTILE[0], LIARS[0], 0.02, 1, broken)

    assert {"G1": 5, "G2": 1, "G3": 5, "G4": 0, "G5": 0} == broken.times


def test_ours_holds_against_a_few_of_each():
    broken = Broken()

    for hostile in HOSTILE:
        story(hostile, LIARS[1], 0.2, 3, broken)

    assert 0 == sum(broken.times.values())
