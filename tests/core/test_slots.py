"""Slots: never above the cap, none lost, and the order that its page promises."""

from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

import pytest
from attrs import evolve, frozen
from hypothesis import given, settings
from hypothesis import strategies as st

from mjasync.core.slots import CHILDREN_IN_A_ROW, Loan, Slots, Wish

SETTINGS = settings(derandomize=True, deadline=None, database=None, max_examples=200)


def opened(**caps):
    slots = Slots(caps)
    for name in caps:
        slots.open(name)
    return slots


def jobs(loans: Iterable[Loan]) -> list[str]:
    return [loan.job for loan in loans]


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


def test_what_waits_can_be_read_and_printed():
    slots = opened(a=3)
    wish = Wish(job="x", accounts=("a",))
    slots.ask(wish)
    slots.adopt("y", "a")

    assert [wish] == list(slots.wishes())
    assert "Slots(a 1/3, waiting=1)" == repr(slots)


# --- random histories against a model that is too simple to be wrong -----------------------------------------------

ACCOUNTS = ("a", "b", "c")


@frozen
class Waiting:
    priority: int
    place: int
    serial: int
    child: bool
    accounts: frozenset


class Model:
    """All that waits in one list; the rules read off slots' page, by exhaustive search."""

    def __init__(self, caps):
        self.caps = caps
        self.held = {}
        self.open = set()
        self.waits = {}
        self.row = Counter()
        self.places = self.serials = 0

    def ask(self, job, accounts, priority, child):
        self.waits[job] = Waiting(priority, self.places, self.serials, child, frozenset(accounts))
        self.places += 1
        self.serials += 1

    def free(self, account):
        return self.caps[account] - sum(1 for other in self.held.values() if other == account)

    def first(self, account, *, child):
        mine = [(w, job) for job, w in self.waits.items() if w.child is child and account in w.accounts]
        return min(mine, key=lambda pair: (-pair[0].priority, pair[0].place), default=None)

    def lend(self):
        loans = []
        while True:
            room = [name for name in self.caps if name in self.open and self.free(name) > 0]
            room.sort(key=lambda name: (-self.free(name), list(self.caps).index(name)))
            pairs = [(self.first(name, child=True), self.first(name, child=False), name) for name in room]
            wanted = next((pair for pair in pairs if pair[0] or pair[1]), None)
            if wanted is None:
                return loans
            child, root, account = wanted
            if child and root:
                up, down = root[0].priority, child[0].priority
                chosen = root if up > down or (up == down and self.row[account] >= 4) else child
                self.row[account] = self.row[account] + 1 if chosen is child else 0
            else:
                chosen = child or root
                self.row[account] = 0
            job = chosen[1]
            del self.waits[job]
            self.held[job] = account
            loans.append(Loan(job, account))


steps = st.lists(
    st.one_of(
        st.tuples(
            st.just("ask"),
            st.sets(st.sampled_from(ACCOUNTS), min_size=1).map(lambda names: tuple(sorted(names))),
            st.integers(-1, 1),
            st.booleans(),
        ),
        st.tuples(st.sampled_from(["withdraw", "give_back"]), st.integers(0, 40)),
        st.tuples(st.sampled_from(["open", "close"]), st.sampled_from(ACCOUNTS)),
        st.just(("lend",)),
    ),
    max_size=60,
)
caps = st.fixed_dictionaries({name: st.integers(1, 4) for name in ACCOUNTS})


@SETTINGS
@given(caps, steps)
def test_any_history_equals_the_model(caps, steps):
    slots, model = Slots(caps), Model(caps)
    born = 0
    for step in [*[("open", name) for name in caps], *steps, ("lend",)]:
        match step:
            case ("ask", accounts, priority, child):
                job = f"j{born}"
                born += 1
                slots.ask(Wish(job=job, accounts=accounts, priority=priority, child=child))
                model.ask(job, accounts, priority, child)
            case ("withdraw", n):
                assert (model.waits.pop(f"j{n}", None) is not None) is slots.withdraw(f"j{n}")
            case ("give_back", n):
                slots.give_back(f"j{n}")
                model.held.pop(f"j{n}", None)
            case ("open", name):
                slots.open(name)
                model.open.add(name)
            case ("close", name):
                slots.close(name)
                model.open.discard(name)
            case ("lend",):
                assert model.lend() == slots.lend()
        assert len(model.waits) == slots.waiting
        for name, cap in caps.items():
            assert 0 <= slots.held(name) <= cap
            assert list(model.held.values()).count(name) == slots.held(name)
    for job in list(model.held):
        slots.give_back(job)
    assert [0] * len(caps) == [slots.held(name) for name in caps], "no slot is lost"


@SETTINGS
@given(st.lists(st.booleans(), min_size=1, max_size=60))
def test_no_root_waits_for_more_than_four_children(order):
    slots = opened(a=1)
    for n, child in enumerate(order):
        slots.ask(Wish(job=f"{'c' if child else 'r'}{n}", accounts=("a",), child=child))
    gone = []
    while loans := slots.lend():
        gone += jobs(loans)
        slots.give_back(loans[0].job)

    assert len(order) == len(gone)
    roots = [-1, *(n for n, job in enumerate(gone) if job.startswith("r"))]
    assert all(later - sooner <= CHILDREN_IN_A_ROW + 1 for sooner, later in pairwise(roots))
    for kind in "cr":
        places = [int(job[1:]) for job in gone if job.startswith(kind)]
        assert sorted(places) == places, "first come, first served"


@SETTINGS
@given(caps, st.integers(1, 12))
def test_a_flood_is_spread_evenly_over_the_accounts(caps, count):
    slots = opened(**caps)
    for n in range(count):
        slots.ask(Wish(job=f"j{n}", accounts=ACCOUNTS))
    slots.lend()

    free = {name: cap - slots.held(name) for name, cap in caps.items()}
    used = [name for name in caps if slots.held(name)]
    assert all(free[name] >= max(free.values()) - 1 for name in used)


@pytest.mark.parametrize("job", ["never asked", ""])
def test_unknown_jobs_change_nothing(job):
    slots = opened(a=1)
    slots.give_back(job)

    assert not slots.withdraw(job)
    assert 0 == slots.held("a")
