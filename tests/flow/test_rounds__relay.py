"""Behind a relay that refreshes its table every 15 s: its lag is measured, and looks that cannot bring news are spared."""

import asyncio
import json
from itertools import pairwise

import pytest
from attrs import evolve

import mjasync as mj
from mjasync.core.looking import Relay
from mjasync.testing import Sim, run
from tests.flow.stories import listened


class Life:
    """So many jobs at a relay: when each was looked at, and what was believed then."""

    def __init__(self, jobs=40, *, profile="relay-15s", mode="fast", seed=3, epoch=0.0, lists=True, then=None):
        self.sim = Sim(seed=seed, profile=profile)
        self.sim.world.epoch += epoch
        if not lists:
            self.sim.world.profile = without_list(self.sim.world.profile)
        #: For each job: when each look left, the refresh that was proved by then, and the cap.
        self.looks = {}
        run(self.story(jobs, mode, then))

    async def story(self, jobs, mode, then):
        account, ear = listened(self.sim.mjproxy())
        ear.before = self.before
        async with mj.Pool(account) as self.pool:
            made = [self.pool.imagine(f"cat {n}", mode=mode) for n in range(jobs)]
            if then:
                made = [then(job) for job in made]
            await asyncio.gather(*made)
            self.stats = self.pool.stats()

    async def before(self, request):
        if "/fetch" in request.url and self.sim.ledger.accepted:
            remote_id = request.url.rstrip("/").split("/")[-2]
            job = self.pool.job(f"mjproxy:{remote_id}")
            lessons = self.pool._desk._watch.lessons
            told = self.pool.stats().accounts["mjproxy"].refresh, lessons.of(job._record).cap
            self.looks.setdefault(remote_id, []).append((asyncio.get_running_loop().time(), *told))

    @property
    def account(self):
        return self.stats.accounts["mjproxy"]

    def shown(self, remote_id, at):
        """What the relay's table showed of a job to a look that left then."""
        return self.sim.world.jobs[remote_id].progress((at + 0.025) // 15 * 15)


def without_list(profile):
    """The same way of being, without a list of jobs."""
    ways = profile.mjproxy
    return evolve(profile, mjproxy=evolve(ways, endpoints=ways.endpoints - {"list-by-condition"}))


class Liar:
    """A relay whose finished tasks tell these times, in milliseconds."""

    def __init__(self, inner, submitted, finished):
        self.inner, self.times = inner, {"submitTime": submitted, "finishTime": finished}

    async def send(self, request):
        answer = await self.inner.send(request)
        if "/task/" not in request.url:
            return answer
        document = json.loads(answer.body)
        for row in document if isinstance(document, list) else [document]:
            row.update(self.times if row.get("status") == "SUCCESS" else {})
        return evolve(answer, body=json.dumps(document).encode())

    async def aclose(self):
        await self.inner.aclose()


@pytest.mark.parametrize("mode", ["turbo", "fast"])
@pytest.mark.parametrize("lists", [True, False], ids=["together", "alone"])
def test_the_lag_of_a_relay_is_measured(mode, lists):
    account = Life(mode=mode, lists=lists).account

    assert account.lag == pytest.approx(7.5, abs=1.5)
    assert 10 < account.refresh <= 15


@pytest.mark.parametrize("profile", ["seed", "plus"])
def test_who_answers_at_once_has_no_lag(profile):
    account = Life(profile=profile).account

    assert (account.lag, account.refresh) == (None, 0.0)


@pytest.mark.long
@pytest.mark.parametrize("hours", [-5, 9])
def test_a_clock_that_is_hours_off_changes_nothing(hours):
    plain, off = Life(30), Life(30, epoch=hours * 3600)

    assert (off.account, off.looks, off.stats.looks) == (plain.account, plain.looks, plain.stats.looks)
    assert off.account.refresh > 0


@pytest.mark.parametrize(
    ("submitted", "finished"),
    [(0, 0), (0, 5), (5, 0), (9_000_000, 5), (5, 5 + 86_400_000), (-5, -1)],
    ids=["none", "no submit", "no finish", "reversed", "a day", "before 1970"],
)
def test_nonsense_times_are_ignored(submitted, finished):
    async def story():
        sim = Sim(seed=3, profile="relay-15s")
        account = sim.mjproxy()
        pool = mj.Pool(evolve(account, transport=Liar(account.transport, submitted, finished)))
        async with pool:
            await asyncio.gather(*(pool.imagine(f"cat {n}") for n in range(12)))
            return pool.stats().accounts["mjproxy"]

    account = run(story())
    assert (account.lag, account.refresh) == (None, 0.0)


@pytest.mark.long
def test_no_look_is_planned_before_the_table_can_have_changed_again():
    """What a look found was not there at the look before: the next change is a whole refresh after that one."""
    life, spared = Life(lists=False), 0
    for remote_id, looks in life.looks.items():
        for (before, _, _), (at, refresh, cap), (after, later, _) in zip(looks, looks[1:], looks[2:], strict=False):
            if refresh and later and life.shown(remote_id, before) != life.shown(remote_id, at):
                assert after >= min(before + min(refresh, later), at + cap) - 0.1
                spared += 1

    assert spared > 30


@pytest.mark.long
@pytest.mark.parametrize("then", [None, lambda job: job.upscale(1)], ids=["grids", "upscales"])
def test_no_look_is_later_than_the_cap(then):
    life = Life(30, lists=False, then=then)
    gaps = [
        (after - at, max(cap, then_cap))
        for looks in life.looks.values()
        for (at, _, then_cap), (after, _, cap) in pairwise(looks)
    ]

    assert all(gap <= cap + 0.2 for gap, cap in gaps)
    assert life.account.refresh > 10


@pytest.mark.long
def test_the_floor_spares_looks_and_costs_no_time(monkeypatch):
    """Little, because what was learned of steps and ends holds most of it already."""

    spared = Life(60, mode="turbo", lists=False).stats
    monkeypatch.setattr(Relay, "refresh", 0.0)
    plain = Life(60, mode="turbo", lists=False).stats

    assert spared.looks < plain.looks
    assert spared.seconds < 1.03 * plain.seconds
