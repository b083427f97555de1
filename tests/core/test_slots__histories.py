"""Slots through random histories, against a model that is too simple to be wrong."""

from collections import Counter
from itertools import pairwise

from attrs import frozen
from hypothesis import given, settings
from hypothesis import strategies as st

from mjasync.core.slots import CHILDREN_IN_A_ROW, Loan, Slots, Wish
from tests.core.cases import jobs, opened

SETTINGS = settings(derandomize=True, deadline=None, database=None, max_examples=200)
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
        self.caps = dict(caps)
        self.limits = dict(caps)
        self.rations = {}
        self.held = {}
        self.open = set()
        self.waits = {}
        self.row = Counter()
        self.places = self.serials = 0

    def ask(self, job, accounts, priority, child):
        self.waits[job] = Waiting(priority, self.places, self.serials, child, frozenset(accounts))
        self.places += 1
        self.serials += 1

    def limit_to(self, account, limit):
        self.limits[account] = min(max(limit, 1), self.caps[account])

    def ration(self, account, loans):
        self.rations[account] = loans

    def free(self, account):
        return self.limits[account] - sum(1 for other in self.held.values() if other == account)

    def first(self, account, *, child):
        mine = [(w, job) for job, w in self.waits.items() if w.child is child and account in w.accounts]
        return min(mine, key=lambda pair: (-pair[0].priority, pair[0].place), default=None)

    def lend(self):
        loans = []
        while True:
            room = [name for name in self.caps if name in self.open and self.free(name) > 0]
            room = [name for name in room if self.rations.get(name) != 0]
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
            if self.rations.get(account) is not None:
                self.rations[account] -= 1
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
        st.tuples(st.just("limit_to"), st.sampled_from(ACCOUNTS), st.integers(0, 5)),
        st.tuples(st.just("ration"), st.sampled_from(ACCOUNTS), st.none() | st.integers(0, 2)),
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
            case ("open" | "close" as turned, name):
                getattr(slots, turned)(name)
                model.open ^= {name} if (name in model.open) is (turned == "close") else set()
            case ("limit_to" | "ration" as bound, name, number):
                getattr(slots, bound)(name, number)
                getattr(model, bound)(name, number)
            case ("lend",):
                assert model.lend() == slots.lend()
        assert len(model.waits) == slots.waiting
        for name, cap in caps.items():
            assert 0 <= slots.held(name) <= cap
            assert model.limits[name] == slots.limit(name)
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
