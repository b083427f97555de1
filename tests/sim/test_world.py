import asyncio

import pytest

from mjasync.sim import Order, Phase, QueueFull, World
from mjasync.sim.gestures import Gesture


def order(prompt="a cat", mode="fast", **facts):
    return Order(kind=facts.pop("kind", "imagine"), prompt=prompt, mode=mode, **facts)


@pytest.mark.parametrize("speed", [0, -1, float("inf"), float("nan")])
def test_speed_must_be_a_positive_number(speed):
    with pytest.raises(ValueError, match="speed"):
        World(speed=speed)


def test_accounts_are_named_after_their_provider():
    world = World(caps={"ttapi": 3, "mine": 4})
    made = [
        world.account("ttapi"),
        world.account("ttapi"),
        world.account("mjproxy", "k"),
        world.account("ttapi", name="mine"),
    ]
    assert [account.name for account in made] == ["ttapi", "ttapi-2", "mjproxy", "mine"]
    assert [account.cap for account in made] == [3, 3, 10, 4]
    assert world.account("mjproxy", "k") is made[2]
    assert world.account("ttapi", "k", "other", 1).cap == 1
    assert len({account.key for account in made}) == 4
    assert world.find_account("ttapi", made[0].key) is made[0]
    assert world.find_account("mjproxy", made[0].key) is None
    assert "accounts=5" in repr(world)


def test_two_accounts_cannot_share_a_name():
    world = World()
    world.account("ttapi", name="mine")
    with pytest.raises(ValueError, match="'mine'"):
        world.account("mjproxy", name="mine")
    with pytest.raises(ValueError, match="no provider"):
        world.account("dalle")


def test_waiting_and_running_jobs_count_against_the_cap_until_they_end(stage):
    account = stage.world.find_account("ttapi", stage.keys["ttapi"])
    jobs = [stage.world.accept(account, order()) for _ in range(10)]
    assert stage.world.running(account) == stage.world.waiting(account) == 10
    with pytest.raises(QueueFull):
        stage.world.accept(account, order())
    first = min(job.finished_at for job in jobs)
    stage.clock.time = first - 0.001
    with pytest.raises(QueueFull):
        stage.world.accept(account, order())
    stage.clock.time = first
    stage.world.accept(account, order())
    assert stage.ledger.peak_running == {"ttapi": 10}
    stage.wait()
    assert stage.world.running(account) == stage.world.waiting(account) == 0


def fates(seed, orders, pause=0.0):
    clock = iter(range(10**6))
    world = World(seed=seed, now=lambda: next(clock) * pause)
    accounts = {name: world.account(name, cap=99) for name in ("ttapi", "mjproxy")}
    jobs = [world.accept(accounts[name], order(mode=mode)) for name, mode in orders]
    return [
        (
            job.account.name,
            job.id,
            job.hash,
            round(job.started_at - job.accepted_at, 6),
            round(job.finished_at - job.started_at, 6),
            job.scenes,
        )
        for job in jobs
    ]


def test_the_same_seed_and_calls_give_the_same_story():
    orders = [("ttapi", "fast"), ("mjproxy", "turbo"), ("ttapi", "relax"), ("mjproxy", "fast")]
    assert fates(7, orders) == fates(7, orders)
    assert fates(7, orders) != fates(8, orders)


def test_the_story_depends_neither_on_timing_nor_on_the_other_account():
    orders = [("ttapi", "fast"), ("mjproxy", "turbo"), ("ttapi", "relax"), ("mjproxy", "fast")]
    slow = [fate[:3] + fate[5:] for fate in fates(7, orders, pause=0.5)]
    assert slow == [fate[:3] + fate[5:] for fate in fates(7, orders)]
    assert [fate for fate in fates(7, orders) if fate[0] == "ttapi"] == fates(7, orders[::2])


def test_ids_look_like_the_seeds(stage, provider):
    remote_id = stage.submit(provider)
    if provider == "ttapi":
        assert [len(part) for part in remote_id.split("-")] == [8, 4, 4, 4, 12]
    else:
        assert len(remote_id) == 16
        assert int(remote_id) < 2**53


def test_speed_divides_every_duration():
    def job(speed):
        world = World(seed=3, speed=speed, now=lambda: 0.0)
        return world.accept(world.account("ttapi"), order(mode="relax"))

    assert job(60).finished_at == pytest.approx(job(1).finished_at / 60)


def test_prices_and_sizes(stage):
    account = stage.world.find_account("ttapi", stage.keys["ttapi"])
    grid = stage.world.accept(account, order("a cat --ar 2:1", "turbo"))
    up = stage.world.accept(
        account, order("a cat --ar 2:1", kind="upscale", gesture=Gesture("upscale", 1), parent=grid)
    )
    square = Gesture("zoom", flavour="square")
    last = stage.world.accept(account, order("a cat --ar 2:1", kind="zoom", gesture=square, parent=up))
    assert [job.quota for job in (grid, up, last)] == [6, 1, 3]
    assert [job.size for job in (grid, up, last)] == [(512, 256), (512, 256), (512, 512)]
    assert [len(job.scenes) for job in (grid, up, last)] == [4, 1, 4]


def test_banned_words_are_found_in_any_case():
    assert World().banned_word("So much GORE") == "gore"
    assert World().banned_word("a cat") is None
    assert World(banned=["Cat"]).banned_word("a cat") == "cat"


def test_jobs_belong_to_their_account(stage):
    remote_id = stage.submit("ttapi")
    other = stage.world.account("ttapi")
    mine = stage.world.find_account("ttapi", stage.keys["ttapi"])
    assert stage.world.find_job(mine, remote_id).id == remote_id
    assert stage.world.find_job(other, remote_id) is None
    assert stage.world.find_job(mine, "nothing") is None


def test_the_default_clock_is_the_loops():
    world = World()

    async def story():
        assert abs(world.now() - asyncio.get_running_loop().time()) < 1
        return world.accept(world.account("ttapi"), order())

    job = asyncio.run(story())
    assert world.ledger.running == {"ttapi": 1}
    assert job.phase(world.now()) is Phase.QUEUED


@pytest.mark.parametrize(
    ("kind", "details", "queue", "run"),
    [
        ("slow", {}, 3, 3),
        ("slow", {"factor": 10}, 10, 10),
        ("fail", {"at": 0.5}, 1, 0.5),
        ("stuck", {}, 1, float("inf")),
    ],
)
def test_faults_of_jobs_bend_their_time(make_stage, kind, details, queue, run):
    plain, bent = make_stage(seed=1), make_stage(seed=1)
    fault = bent.world.inject(kind, **details)
    plain.submit("ttapi")
    bent.submit("ttapi")
    [one], [other] = plain.world.jobs.values(), bent.world.jobs.values()
    assert other.started_at == pytest.approx(one.started_at * queue)
    assert other.finished_at - other.started_at == pytest.approx((one.finished_at - one.started_at) * run)
    assert (fault.fired, fault.left, bent.ledger.faults) == (1, 0, {kind: 1})


def test_a_stuck_job_keeps_its_place_for_ever(stage, provider):
    stage.world.inject("stuck")
    stage.submit(provider)
    stage.clock.time = 1e9
    assert stage.ledger.running == {provider: 1}
    assert stage.ledger.charged == 1


def test_a_window_takes_no_dice_from_the_jobs(make_stage):
    plain, windowed = make_stage(seed=1), make_stage(seed=1)
    account = windowed.world.find_account("mjproxy", windowed.keys["mjproxy"])
    window = windowed.world.open_window(account, order())
    assert plain.submit("mjproxy") == windowed.submit("mjproxy")
    assert windowed.world.find_window(account, window.id) is window
    assert windowed.world.find_window(account, "5") is None
    assert windowed.world.running(account) == 1


def test_a_job_from_a_window_goes_on_under_its_id(stage):
    account = stage.world.find_account("mjproxy", stage.keys["mjproxy"])
    window = stage.world.open_window(account, order())
    job = stage.world.accept(account, order(), window=window)
    assert (job.id, job.hash, job.windowed) == (window.id, window.hash, True)
    assert stage.world.find_job(account, window.id) is job


def test_a_job_beside_another_shares_its_id_and_not_its_place(stage):
    account = stage.world.find_account("ttapi", stage.keys["ttapi"])
    first = stage.world.accept(account, order())
    other = stage.world.accept(account, order(kind="seed"), beside=first)
    assert other.id == first.id
    assert stage.world.find_job(account, first.id) is first
    assert stage.world.found_beside(first) is other
    assert stage.world.jobs_of(account) == [first]
