"""The bucket: what it gives, what it takes back, and that it is never below nothing nor above its rim."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mjasync.core import patience
from mjasync.transport.bucket import Bucket

SETTINGS = settings(derandomize=True, deadline=None, database=None, max_examples=200)

RIM, COST, LONG, EARNED = (
    patience.RETRY_TOKENS,
    patience.RETRY_COST,
    patience.TIMEOUT_COST,
    patience.RETRY_EARNED,
)


def test_the_numbers_are_those_of_the_fault_table():
    assert (50, 5, 10, 1) == (RIM, COST, LONG, EARNED), "reliability H18"


@pytest.mark.fault("H18")
@pytest.mark.parametrize(("timed_out", "tries"), [(False, 10), (True, 5)])
def test_a_full_bucket_pays_for_so_many_tries(timed_out, tries):
    bucket = Bucket()

    assert [True] * tries + [False] == [bucket.spend(timed_out=timed_out) for _ in range(tries + 1)]
    assert 0 == bucket.tokens
    assert "Bucket(0 of 50)" == repr(bucket)


def test_what_cannot_be_paid_takes_nothing():
    bucket = Bucket()
    for _ in range(9):
        bucket.spend(timed_out=False)

    assert not bucket.spend(timed_out=True)
    assert bucket.spend(timed_out=False)


@pytest.mark.fault("H18")
def test_tries_again_are_at_most_a_fifth_of_what_is_answered():
    bucket = Bucket()
    while bucket.spend(timed_out=False):
        pass
    again = 0
    for _ in range(1000):
        bucket.earn()
        again += bucket.spend(timed_out=False)

    assert 200 == again


@SETTINGS
@given(st.lists(st.sampled_from(["answered", "failed", "timed out"]), max_size=200))
def test_it_is_never_below_nothing_nor_above_its_rim(story):
    bucket, paid = Bucket(), 0
    for step in story:
        if step == "answered":
            bucket.earn()
        elif bucket.spend(timed_out=step == "timed out"):
            paid += LONG if step == "timed out" else COST
        assert 0 <= bucket.tokens <= RIM
    assert paid <= RIM + EARNED * story.count("answered")
