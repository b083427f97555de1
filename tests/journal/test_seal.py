"""Sums that notice."""

import pytest

from mjasync.journal.seal import Seal, digest_of


def test_order_does_not_matter_and_rows_can_go():
    digests = [digest_of((number, "x")) for number in range(100)]

    seal = Seal.of(digests)

    assert seal == Seal.of(reversed(digests))
    assert Seal.of(digests[1:]) == seal.minus(digests[0])
    assert seal == Seal.of(digests[1:]).plus(digests[0])
    assert 0 <= seal.total < 1 << 63
    assert Seal() == Seal.of([])


@pytest.mark.parametrize(
    "other",
    [(("a", 1), "y"), (("a", 2), "x"), (("a", 1.0), "x"), (("b", 1), "x"), (("a", 1), b"x"), (("a", 1, None), "x")],
)
def test_every_value_counts(other):
    assert digest_of(("a", 1), "x") != digest_of(*other)


def test_it_is_the_same_in_every_version():
    assert 3217943296362927107 == digest_of((1, "ä\ud83d", None, 0.1), "text")
