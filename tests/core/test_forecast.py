"""The range in which work is over: what it is made of, and what makes it wide."""

from random import Random

import pytest

from mjasync.core.forecast import SHARES, WORLDS, Eta, Work, forecast

SLOTS = {"a": 2, "b": 1}


def sure(seconds, *steps, accounts=("a",), known=1e9):
    """Work that takes just so long."""
    return Work(lengths=[seconds], accounts=accounts, known=known, steps=steps)


def eta(running, waiting, slots=SLOTS, **more):
    return forecast(running, waiting, slots, dice=Random(1).random, **more)


def exactly(seconds):
    return pytest.approx((seconds, seconds, seconds), rel=1e-3)


def parts(found):
    return found.low, found.likely, found.high


def test_nothing_to_do():
    assert eta([], []) is None


@pytest.mark.parametrize(
    ("running", "waiting", "end"),
    [
        ([sure(5)], [], 5),
        ([sure(5), sure(7)], [sure(2)], 7),
        ([sure(5), sure(7), sure(9)], [sure(2)], 9),  # one more than there are slots: taken up after a restart
        ([], [sure(4)] * 5, 12),
        ([], [sure(4, accounts=("a", "b"))] * 5, 8),
        ([], [sure(4, sure(3), sure(2))], 7),
        ([sure(4, sure(3, sure(2)))], [], 9),
        ([sure(1, accounts=("b",))], [sure(4, accounts=("b",)), sure(2, accounts=("a", "b"))], 5),
        ([sure(1, accounts=("c",))], [], 1),
    ],
    ids=str,
)
def test_slots_are_lent_as_the_queue_does(running, waiting, end):
    assert exactly(end) == parts(eta(running, waiting))


def test_a_step_goes_before_what_only_waits():
    running = [sure(1, sure(10, accounts=("b",)), accounts=("b",))]

    assert exactly(15) == parts(eta(running, [sure(4, accounts=("b",))], {"b": 1}))
    assert exactly(11) == parts(eta(running, [sure(4)], SLOTS))


def test_what_no_account_may_do_is_left_out():
    assert exactly(2) == parts(eta([sure(2)], [sure(4, accounts=("nobody",))]))


def test_those_that_are_not_named_are_like_those_that_are():
    one = sure(6, sure(3))

    assert exactly(3000 + 9) == parts(eta([], [one], more=1000))


def test_few_slots_do_not_divide_by_nothing():
    assert exactly(2 + 12) == parts(eta([sure(2)], [sure(4)], {"a": 0}, more=3))


def test_the_range_is_of_the_lengths_and_of_the_doubt():
    spread = Work(lengths=[float(10 * n) for n in range(1, 11)], accounts=("a",), known=1e9)
    one = eta([spread], [])
    many = eta([], [spread] * 200)
    doubted = eta([], [Work(lengths=spread.lengths, accounts=("a",))] * 200)

    assert one.low < one.likely < one.high
    assert one.high / one.low > 1.5
    assert many.high / many.low < 1.1
    assert doubted.high / doubted.low > 1.8


def test_the_same_dice_give_the_same_range():
    waiting = [Work(lengths=[1.0, 5.0, 9.0], accounts=("a", "b"), known=3)] * 9

    assert eta([], waiting) == eta([], waiting)


def test_one_after_the_other():
    first, second = Eta(low=1, likely=2, high=4, known=7), Eta(low=1, likely=3, high=5, known=2)

    assert Eta(low=2, likely=5, high=9, known=2) == first.plus(second)


def test_what_it_rests_on():
    assert 4 == eta([sure(1, known=6)], [sure(1, known=4), sure(1, known=2)]).known


def test_shares_are_even_and_the_worlds_some():
    assert SHARES[0] == pytest.approx(0.05)
    assert SHARES[-1] == pytest.approx(0.95)
    assert WORLDS == 20
