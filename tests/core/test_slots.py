"""Slots: never above the cap, none lost, and the order that its page promises."""

import pytest
from attrs import evolve

from mjasync.core.slots import CHILDREN_IN_A_ROW, Loan, Slots, Wish
from tests.core.cases import jobs, opened


def test_a_slot_is_lent_once_and_comes_back():
    slots = opened(a=1)
    slots.ask(Wish(job="x", accounts=("a",)))
    slots.ask(Wish(job="y", accounts=("a",)))

    assert [Loan("x", "a")] == slots.lend()
    assert (1, 1, 1) == (slots.held("a"), slots.cap("a"), slots.waiting)
    assert slots.holds("x")
    assert not slots.holds("y")
    assert ("a", None) == (slots.lender("x"), slots.lender("y"))
    assert [] == slots.lend()

    assert ([Loan("x", "a")], ["y"]) == (list(slots.lent()), list(slots.waits()))

    slots.give_back("x")
    slots.give_back("x")

    assert 0 == slots.held("a")
    assert [Loan("y", "a")] == slots.lend()


def test_accounts_start_closed_and_can_be_closed_again():
    slots = Slots({"a": 2})
    slots.ask(Wish(job="x", accounts=("a",)))
    assert not slots.is_open("a")
    assert [] == slots.lend()

    slots.open("a")
    assert slots.is_open("a")
    assert ["x"] == jobs(slots.lend())

    slots.close("a")
    slots.ask(Wish(job="y", accounts=("a",)))
    assert [] == slots.lend()
    assert slots.holds("x"), "what is lent stays lent"


def test_a_withdrawn_wish_is_never_lent():
    slots = opened(a=2)
    slots.ask(Wish(job="x", accounts=("a",)))
    slots.ask(Wish(job="y", accounts=("a",)))

    assert slots.withdraw("x")
    assert not slots.withdraw("x")
    assert ["y"] == jobs(slots.lend())
    assert not slots.withdraw("y"), "it does not wait any more"


def test_asking_again_replaces_the_wish():
    slots = opened(a=1, b=1)
    slots.ask(Wish(job="x", accounts=("a",)))
    slots.ask(Wish(job="x", accounts=("b",)))

    assert [Loan("x", "b")] == slots.lend()
    assert [] == slots.lend()


def test_higher_priority_first_then_first_come():
    slots = opened(a=10)
    for name, priority in (("low", -1), ("first", 0), ("second", 0), ("high", 5)):
        slots.ask(Wish(job=name, accounts=("a",), priority=priority))

    assert ["high", "first", "second", "low"] == jobs(slots.lend())


def test_a_refused_job_keeps_its_place():
    slots = opened(a=1)
    wish = Wish(job="x", accounts=("a",))
    place = slots.ask(wish)
    slots.ask(Wish(job="y", accounts=("a",)))
    assert ["x"] == jobs(slots.lend())

    slots.give_back("x")
    assert place == slots.ask(evolve(wish, place=place))

    assert ["x"] == jobs(slots.lend())


def test_children_go_before_roots_of_the_same_priority():
    slots = opened(a=3)
    slots.ask(Wish(job="root", accounts=("a",)))
    slots.ask(Wish(job="child", accounts=("a",), child=True))
    slots.ask(Wish(job="urgent root", accounts=("a",), priority=1))

    assert ["urgent root", "child", "root"] == jobs(slots.lend())


def test_a_waiting_root_goes_after_four_children():
    slots = opened(a=100)
    for n in range(12):
        slots.ask(Wish(job=f"c{n}", accounts=("a",), child=True))
    for n in range(2):
        slots.ask(Wish(job=f"r{n}", accounts=("a",)))

    order = jobs(slots.lend())

    assert ["c0", "c1", "c2", "c3", "r0", "c4", "c5", "c6", "c7", "r1", "c8", "c9", "c10", "c11"] == order
    assert 4 == CHILDREN_IN_A_ROW


def test_children_of_a_higher_priority_are_not_held_up_by_a_root():
    slots = opened(a=100)
    for n in range(6):
        slots.ask(Wish(job=f"c{n}", accounts=("a",), child=True, priority=1))
    slots.ask(Wish(job="r", accounts=("a",)))

    assert [*(f"c{n}" for n in range(6)), "r"] == jobs(slots.lend())


def test_children_without_a_waiting_root_start_no_row():
    slots = opened(a=100)
    for n in range(6):
        slots.ask(Wish(job=f"c{n}", accounts=("a",), child=True))
    slots.lend()
    slots.ask(Wish(job="r", accounts=("a",)))
    slots.ask(Wish(job="c6", accounts=("a",), child=True))

    assert ["c6", "r"] == jobs(slots.lend())


def test_the_emptiest_account_lends_first_and_ties_go_in_order():
    slots = opened(a=2, b=4, c=2)
    for n in range(8):
        slots.ask(Wish(job=f"j{n}", accounts=("a", "b", "c")))

    assert ["b", "b", "a", "b", "c", "a", "b", "c"] == [loan.account for loan in slots.lend()]


def test_accounts_that_nobody_wants_are_passed_over():
    slots = opened(a=1, b=5)
    slots.ask(Wish(job="x", accounts=("a",)))

    assert [Loan("x", "a")] == slots.lend()


def test_a_job_found_running_counts_even_beyond_the_cap():
    slots = opened(a=1)
    slots.adopt("x", "a")
    slots.adopt("y", "a")
    slots.ask(Wish(job="z", accounts=("a",)))

    assert 2 == slots.held("a")
    assert [] == slots.lend()
    slots.give_back("x")
    assert [] == slots.lend()
    slots.give_back("y")
    assert ["z"] == jobs(slots.lend())


def test_adopting_a_job_again_changes_nothing():
    slots = opened(a=2, b=1)
    slots.adopt("x", "a")
    slots.adopt("x", "a")
    slots.adopt("x", "b")

    assert (1, 0, "a") == (slots.held("a"), slots.held("b"), slots.lender("x"))
    slots.give_back("x")
    assert (0, 0) == (slots.held("a"), slots.held("b"))


def test_what_waits_can_be_read_and_printed():
    slots = opened(a=3)
    wish = Wish(job="x", accounts=("a",))
    slots.ask(wish)
    slots.adopt("y", "a")

    assert [evolve(wish, place=0)] == list(slots.wishes())
    assert "Slots(a 1/3, waiting=1)" == repr(slots)


@pytest.mark.parametrize("job", ["never asked", ""])
def test_unknown_jobs_change_nothing(job):
    slots = opened(a=1)
    slots.give_back(job)

    assert not slots.withdraw(job)
    assert 0 == slots.held("a")


def test_a_job_that_holds_a_slot_is_not_lent_a_second_one():
    slots = opened(a=2)
    slots.ask(Wish(job="x", accounts=("a",)))
    assert ["x"] == jobs(slots.lend())
    slots.ask(Wish(job="x", accounts=("a",)))

    assert [] == slots.lend()
    assert 1 == slots.held("a")


def test_an_account_may_be_held_below_its_cap():
    slots = opened(a=4)
    for n in range(6):
        slots.ask(Wish(job=f"j{n}", accounts=("a",)))
    assert 4 == slots.limit("a")
    slots.limit_to("a", 2)
    assert ["j0", "j1"] == jobs(slots.lend())
    assert (2, 4, 2) == (slots.limit("a"), slots.cap("a"), slots.held("a"))

    slots.limit_to("a", 3)
    assert ["j2"] == jobs(slots.lend())
    slots.limit_to("a", 1)
    assert 3 == slots.held("a"), "what is lent stays lent"
    for n in (0, 1):
        slots.give_back(f"j{n}")
        assert [] == slots.lend()
    slots.give_back("j2")
    assert ["j3"] == jobs(slots.lend())


@pytest.mark.parametrize(("asked", "given"), [(-3, 1), (0, 1), (1, 1), (4, 4), (5, 4)])
def test_a_limit_is_between_one_and_the_cap(asked, given):
    slots = opened(a=4)
    slots.limit_to("a", asked)

    assert given == slots.limit("a")


def test_the_account_with_most_room_below_its_limit_lends_first():
    slots = opened(a=4, b=3)
    slots.limit_to("a", 2)
    for n in range(4):
        slots.ask(Wish(job=f"j{n}", accounts=("a", "b")))

    assert ["b", "a", "b", "a"] == [loan.account for loan in slots.lend()]


def test_an_account_may_be_lent_by_rations():
    slots = opened(a=4, b=1)
    for n in range(6):
        slots.ask(Wish(job=f"j{n}", accounts=("a", "b")))
    slots.ration("a", 2)
    assert [Loan("j0", "a"), Loan("j1", "a"), Loan("j2", "b")] == slots.lend()
    slots.give_back("j0")
    assert [] == slots.lend(), "what comes back is no part of the ration"

    slots.ration("a", 1)
    assert [Loan("j3", "a")] == slots.lend()
    slots.ration("a", None)
    slots.ration("a", None)
    assert ["j4", "j5"] == jobs(slots.lend())


def test_an_account_with_fewer_slots_lends_fewer_and_takes_none_back():
    slots = Slots({"a": 4})
    slots.open("a")
    for n in range(6):
        slots.ask(Wish(job=str(n), accounts=("a",)))
    assert 4 == len(slots.lend())
    slots.resize("a", 2)
    assert (2, 2, 4) == (slots.cap("a"), slots.limit("a"), slots.held("a"))
    slots.give_back("0")
    slots.give_back("1")
    assert [] == slots.lend()
    slots.resize("a", 3)
    assert (3, 3, 1) == (slots.cap("a"), slots.limit("a"), len(slots.lend()))
    slots.limit_to("a", 1)
    slots.resize("a", 8)
    assert (8, 1) == (slots.cap("a"), slots.limit("a"))
    slots.resize("a", 0)
    assert (1, 1) == (slots.cap("a"), slots.limit("a"))
