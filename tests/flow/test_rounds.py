"""One account's looks, together where it can: who goes with whom, and what becomes of those that were not shown."""

import asyncio

import pytest

import mjasync as mj
from mjasync.core.answers import Missing
from mjasync.core.model import Mode, Status
from mjasync.core.operations import Describe
from mjasync.core.pictures import Picture
from mjasync.core.wire import NoAnswer
from mjasync.testing import Sim, run
from tests.flow.rounding import LATENCY, Server, answer, ended, looked, running
from tests.flow.stories import ABSENT, listened

THREE = [running("1", "15%"), running("2", "46%"), ended("3")]


def test_one_request_whenever_one_is_due_and_all_are_told_from_it():
    server = Server(THREE)
    looking = looked(server, ("1", 30), ("2", 10), ("3", 60))

    assert server.asked == [(10, ["2", "1", "3"], server.asked[0][2])]
    assert [looking.seen(one).progress for one in "123"] == [15, 46, 100]
    assert {(at, heard.sent) for at, heard in looking.heard.values()} == {(10 + LATENCY, 10)}
    assert looking.round.together


def test_one_alone_is_looked_at_alone():
    server = Server(THREE)
    looking = looked(server, ("1", 10))

    assert (server.lists, server.singles, looking.round.together) == ([], ["1"], False)


def test_of_two_rows_of_one_job_the_one_that_is_further_counts():
    server = Server()
    server.listing = lambda ids: [running("1"), ended("1"), running("2", "46%"), running("2", "15%")]
    looking = looked(server, ("1", 10), ("2", 10))

    assert (looking.seen("1").status, looking.seen("2").progress) == (Status.DONE, 46)
    assert server.singles == []


def test_rows_of_others_mean_nothing():
    server = Server(THREE)
    server.listing = lambda ids: [ended("77"), *THREE, 5, None, {"id": "88"}]
    looking = looked(server, ("1", 10), ("2", 20))

    assert sorted(looking.heard) == ["1", "2"]
    assert [looking.seen(one).status for one in "12"] == [Status.RUNNING] * 2


def test_who_is_due_and_not_in_the_answer_is_looked_at_alone_at_once():
    server = Server(THREE[1:])
    server.single = running
    looking = looked(server, ("1", 10), ("2", 20))

    assert [(at, asked) for at, asked, _ in server.asked] == [(10, ["1", "2"]), (10 + LATENCY, "1")]
    assert (looking.at("1"), looking.at("2")) == pytest.approx((10 + 2 * LATENCY, 10 + LATENCY))


def test_others_that_are_not_in_the_answer_wait_for_a_look_of_their_own():
    server = Server(THREE[:2])
    looking = looked(server, ("1", 10), ("2", 20), ("3", 30))

    assert [(at, asked) for at, asked, _ in server.asked] == [(10, ["1", "2", "3"]), (30, "3")]
    assert isinstance(looking.seen("3"), Missing)


@pytest.mark.parametrize("lean", [{"imageUrl": ""}, {"buttons": []}], ids=["no picture", "no buttons"])
@pytest.mark.parametrize("due", [5, 30], ids=["its turn", "another one's turn"])
def test_an_end_without_picture_or_buttons_is_looked_at_alone_at_once(lean, due):
    server = Server([running("1"), ended("2")])
    server.listing = lambda ids: [running("1"), ended("2", **lean)]
    looking = looked(server, ("1", 10), ("2", due))

    assert server.singles == ["2"]
    assert (looking.seen("2").status, len(looking.seen("2").actions)) == (Status.DONE, 1)
    assert looking.at("2") == pytest.approx(min(due, 10) + 2 * LATENCY)


def test_words_have_neither():
    server = Server([running("1"), ended("2", imageUrl="", buttons=[], prompt="1️⃣ a cat\n\n2️⃣ a dog")])
    words = {"operation": Describe(image=Picture(url="https://x.example/1.png"))}
    looking = looked(server, ("1", 10), ("2", 20, words))

    assert (looking.seen("2").status, server.singles) == (Status.DONE, [])


# Who goes with whom.


def test_modes_are_not_mixed():
    server = Server([running(one) for one in "1234"])
    turbo = {"mode": Mode.TURBO}
    looked(server, ("1", 10), ("2", 20, turbo), ("3", 30), ("4", 40, turbo))

    assert server.lists == [["1", "3"], ["2", "4"]]
    assert ["mj-turbo" in url for _, _, url in server.asked] == [False, True]


def test_who_does_not_join_is_looked_at_alone():
    server = Server(THREE)
    looked(server, ("1", 10), ("2", 20, {"joins": False}), ("3", 30))

    assert (server.lists, server.singles) == ([["1", "3"]], ["2"])


def test_who_does_not_join_takes_nobody_along():
    server = Server(THREE)
    looked(server, ("1", 10, {"joins": False}), ("2", 20), ("3", 30))

    assert (server.lists, server.singles) == ([["2", "3"]], ["1"])


def test_a_job_that_was_looked_at_just_now_is_left_out():
    server = Server(THREE)
    looked(server, ("1", 10), ("2", 20, {"looked": 9.71}), ("3", 30, {"looked": 9.7}))

    assert server.asked[0][1] == ["1", "3"]
    assert server.asked[1][:2] == (20, "2")


def test_a_job_that_was_asked_about_just_now_is_left_out_though_nothing_was_shown_of_it():
    server = Server([running(one) for one in "1234"])
    server.listing = lambda ids: [running("1"), running("2")]
    looked(server, ("1", 10), ("2", 20), ("3", 30), ("4", 10.25, {"looked": 9.9}))

    assert (server.lists, server.singles) == ([["1", "2", "3"]], ["4", "3"])


def test_two_jobs_under_one_id_are_asked_about_once():
    server = Server(THREE)

    async def twice(looking):
        looking.tasks["once"] = looking.tasks["1"]
        looking.ask("1", 10)

    looking = looked(server, ("1", 10), ("2", 20), then=twice)
    assert server.asked[0][1] == ["1", "2"]
    assert all(task.done() for task in looking.tasks.values())


def test_fifty_go_together_the_earliest_due_first():
    server = Server([running(str(n)) for n in range(120)])
    looked(server, *((str(n), 10 + n) for n in range(120)))

    assert [len(ids) for ids in server.lists] == [50, 50, 20]
    assert server.lists[0] == [str(n) for n in range(50)]


# Servers without a list, or with one that shows nothing.


@pytest.mark.parametrize("absent", ABSENT, ids=lambda response: str(response.status))
def test_a_list_that_is_not_there_is_asked_for_once(absent):
    server = Server(THREE)
    server.listing = lambda ids: absent
    looking = looked(server, ("1", 10), ("2", 20), ("3", 30))

    assert [(at, asked) for at, asked, _ in server.asked][1:] == [(10 + LATENCY, "1"), (20, "2"), (30, "3")]
    assert (len(server.lists), looking.round.together, looking.session.looks.can_many) == (1, False, False)


USELESS = {
    "nothing": [],
    "others": [ended("77"), running("78")],
    "no list": {"code": 4, "description": "no"},
    "an error": answer({"error": {"message": "boom"}}, 500),
    "busy": answer({}, 503),
    "forbidden": answer({"code": 4, "description": "no"}, 401),
    "no answer": NoAnswer("reset"),
}


@pytest.mark.parametrize("useless", USELESS.values(), ids=USELESS)
def test_a_list_that_shows_nothing_is_asked_for_three_times_and_delays_nobody(useless):
    server = Server([running(str(n)) for n in range(8)])
    server.listing = lambda ids: useless
    looking = looked(server, *((str(n), 10 * n) for n in range(8)))

    assert [looking.at(str(n)) for n in range(8)] == pytest.approx(
        [10 * n + (2 if n < 3 else 1) * LATENCY for n in range(8)]
    )
    assert (len(server.lists), sorted(server.singles)) == (3, [str(n) for n in range(8)])
    assert not looking.session.looks.can_many


def test_a_list_that_works_again_in_time_is_kept():
    server = Server([running(str(n)) for n in range(8)])
    answers = [[], [], None, [], []]
    server.listing = lambda ids: answers.pop(0) if answers else None
    looking = looked(server, *((str(n), 10 * n) for n in range(8)))

    # Two in vain, one for all but the first two.
    assert [len(ids) for ids in server.lists] == [8, 7, 6]
    assert looking.session.looks.can_many


def test_jobs_that_nobody_knows_are_no_fault_of_the_list():
    server = Server()
    looking = looked(server, *((str(n), 10 * n) for n in range(6)))

    assert all(isinstance(looking.seen(str(n)), Missing) for n in range(6))
    assert looking.session.looks.can_many


# Whoever goes away.


def test_partners_of_a_job_that_goes_away_in_the_middle_are_looked_at_all_the_same():
    async def leave(looking):
        await asyncio.sleep(10 + LATENCY / 2)
        looking.tasks["1"].cancel()

    server = Server(THREE)
    looking = looked(server, ("1", 10), ("2", 20), ("3", 30), then=leave)

    assert sorted(looking.heard) == ["2", "3"]
    assert server.asked[1][:2] == (20, ["2", "3"])


def test_a_partner_that_goes_away_in_the_middle_is_forgotten():
    async def leave(looking):
        await asyncio.sleep(10 + LATENCY / 2)
        looking.tasks["2"].cancel()

    server = Server(THREE[:1])
    looking = looked(server, ("1", 10), ("2", 20), ("3", 30), then=leave)

    assert sorted(looking.heard) == ["1", "3"]
    assert [asked for _, asked, _ in server.asked] == [["1", "2", "3"], "3"]


def test_a_job_that_goes_away_when_it_is_due_disturbs_nobody():
    async def leave(looking):
        looking.loop.set_exception_handler(lambda _, context: faults.append(context))
        # Before the asks have set their timer: so this comes first at second 10.
        looking.loop.call_at(10, looking.tasks["1"].cancel)

    faults = []
    server = Server(THREE)
    looking = looked(server, ("1", 10), ("2", 10), then=leave)

    assert (faults, sorted(looking.heard)) == ([], ["2"])


# Whole pools.


def lived(jobs, *, provider="mjproxy", profile="plus", **options):
    """So many jobs at once: the sim, what left, and the figures at the end."""

    async def story():
        sim = Sim(seed=5, profile=profile)
        account, ear = listened(getattr(sim, provider)(**options))
        async with mj.Pool(account) as pool:
            results = [await job for job in [pool.imagine(f"cat {n}") for n in range(jobs)]]
            assert all(result.images for result in results)
            return sim, ear, pool.stats()

    return run(story())


def test_a_relay_that_lists_is_asked_seldom():
    sim, ear, stats = lived(20)

    assert stats.looks == len(ear.to("list-by-condition")) + len(ear.to("/fetch")) - 1  # the free proof
    assert stats.looks_per_job < 0.6 * lived(20, profile="seed")[2].looks_per_job
    assert sim.ledger.charged == 20


def test_ttapi_has_no_list():
    _, ear, stats = lived(6, provider="ttapi")

    assert ear.to("list") == []
    assert stats.looks == len(ear.to("/fetch")) - 1


def test_a_pool_asks_once_for_a_list_that_is_not_there():
    _, ear, _ = lived(12, profile="seed")

    assert len(ear.to("list-by-condition")) == 1
