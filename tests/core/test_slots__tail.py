"""The last few jobs: the longest first, nobody for ever; and how little work a long queue is."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mjasync.core import slots as module
from mjasync.core.slots import TAIL, Slots, Wish
from tests.core.cases import jobs


class Told:
    """What jobs will take, by the number at the end of their names; keeps what it was asked."""

    def __init__(self):
        self.asked = []

    def __call__(self, names):
        self.asked.append(list(names))
        return [float(name.rpartition("-")[2]) for name in names]


def opened(expected=None, **caps):
    slots = Slots(caps, expected)
    for name in caps:
        slots.open(name)
    return slots


def ask(slots, *names, accounts=("a",), **more):
    for name in names:
        slots.ask(Wish(job=name, accounts=accounts, **more))


def drained(slots):
    """Everything that waits, in the order in which one slot after the other is lent."""
    order = []
    while loans := slots.lend():
        order += jobs(loans)
        for loan in loans:
            slots.give_back(loan.job)
    return order


def test_the_last_three_for_each_slot_go_longest_first():
    slots = opened(Told(), a=1)
    ask(slots, "p-10", "q-10", "r-10", "s-5", "t-9", "u-7")

    assert ["p-10", "q-10", "r-10", "t-9", "u-7", "s-5"] == drained(slots)
    assert 3 == TAIL


def test_without_expectations_the_tail_is_as_it_came():
    slots = opened(a=1)
    ask(slots, "p-1", "q-2")

    assert ["p-1", "q-2"] == drained(slots)


def test_jobs_that_take_as_long_go_as_they_came():
    slots = opened(Told(), a=1)
    ask(slots, "p-4", "q-4", "r-4")

    assert ["p-4", "q-4", "r-4"] == drained(slots)


def test_priority_and_children_come_before_length():
    slots = opened(Told(), a=2)
    ask(slots, "long-90")
    ask(slots, "step-1", "step-2", child=True)
    ask(slots, "urgent-1", priority=1)

    assert ["urgent-1", "step-2", "step-1", "long-90"] == drained(slots)


def test_nobody_is_overtaken_by_more_than_the_tail():
    """A short job in a pool that is never idle and whose queue is never long."""
    slots = opened(Told(), a=1)
    ask(slots, "short-1", "first-9")
    lent = []
    for number in range(10):
        ask(slots, f"{number}-9")
        (loan,) = slots.lend()
        lent.append(loan.job)
        slots.give_back(loan.job)

    assert ["first-9", "0-9", "short-1"] == lent[:3]


def test_only_jobs_that_could_go_next_are_asked_about_and_all_at_once():
    told = Told()
    slots = opened(told, a=1)
    ask(slots, "p-1", "q-2")
    ask(slots, "step-1", child=True)
    ask(slots, "gone-9")
    slots.withdraw("gone-9")
    drained(slots)

    assert [["p-1", "q-2"], ["p-1", "q-2"]] == told.asked


def test_a_long_queue_is_not_asked_about():
    told = Told()
    slots = opened(told, a=2)
    ask(slots, *(f"j{number}-1" for number in range(100)))
    slots.lend()

    assert [] == told.asked


def test_one_queue_of_several_lines():
    slots = opened(Told(), a=1, b=1)
    ask(slots, "any-1", accounts=("a", "b"))
    ask(slots, "mine-5", accounts=("a",))
    ask(slots, "yours-3", accounts=("b",))

    assert [("mine-5", "a"), ("yours-3", "b")] == [(loan.job, loan.account) for loan in slots.lend()]


def test_places_are_known_while_it_waits_and_while_it_holds_a_slot():
    slots = opened(a=1)
    slots.ask(Wish(job="x", accounts=("a",), place=4))
    slots.adopt("y", "a")
    assert (4, None, None) == (slots.place("x"), slots.place("y"), slots.place("z"))
    slots.give_back("y")
    slots.lend()
    assert 4 == slots.place("x")
    slots.give_back("x")
    assert slots.place("x") is None


# How much work it is.


class Counting(Slots):
    """Counts the entries that are looked at."""

    looks = 0

    def _is_waiting(self, entry):
        self.looks += 1
        return super()._is_waiting(entry)


@pytest.mark.parametrize("waiting", [100, 10_000])
def test_from_a_submit_to_its_slot_nobody_goes_through_the_queue(waiting):
    slots = Counting({"a": 2, "b": 2}, Told())
    slots.open("a")
    slots.open("b")
    ask(slots, *(f"j{number}-1" for number in range(waiting)), accounts=("a", "b"))
    slots.lend()
    slots.looks = 0
    for number in range(20):
        ask(slots, f"more{number}-1", accounts=("a", "b"))
        slots.give_back(f"j{number}-1")
        assert 1 == len(slots.lend())
        assert slots.withdraw(f"j{waiting - 1 - number}-1")

    assert slots.looks <= 20 * 8, "the heads of a few queues, however long they are"


def test_many_that_come_and_go_leave_nothing_behind():
    slots = Counting({"a": 1}, Told())
    ask(slots, *(f"kept{number}-1" for number in range(10)), priority=1)
    for number in range(20_000):
        ask(slots, f"j{number}-1")
        slots.withdraw(f"j{number}-1")

    assert slots._entries <= 2 * 10 + module._UNTIDY + 1
    assert sum(len(line.roots) + len(line.children) for line in slots._lines.values()) == slots._entries
    assert slots.looks <= 3 * 20_000, "each is gone through a bounded number of times"


@settings(derandomize=True, deadline=None, database=None, max_examples=100)
@given(st.lists(st.tuples(st.integers(0, 9), st.booleans()), min_size=1, max_size=40), st.integers(1, 3))
def test_any_backlog_is_lent_once_and_within_the_window(backlog, cap):
    slots = opened(Told(), a=cap)
    names = [f"{number}{'c' if child else 'r'}-{seconds}" for number, (seconds, child) in enumerate(backlog)]
    for name in names:
        ask(slots, name, child="c" in name)
    order = drained(slots)

    assert sorted(names) == sorted(order)
    for kind in "cr":
        places = [int(name.partition(kind)[0]) for name in order if kind in name]
        for at, place in enumerate(places):
            assert all(earlier - place < TAIL * cap for earlier in places[:at])
