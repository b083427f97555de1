"""The simulated providers call back as the real ones do: which changes, how often, and what they say."""

import asyncio
import json

import pytest

from mjasync.core.wire import HttpRequest, NotSent
from mjasync.sim import Callbacks, World
from mjasync.sim.exchange import FACES, exchange
from mjasync.testing import run

HOOK = "https://me.example/hook"


class Heard:
    """A receiver that writes down when it heard what, and answers as it is told to."""

    def __init__(self, *answers):
        self.answers, self.got = list(answers), []

    async def __call__(self, url, body):
        self.got.append((asyncio.get_running_loop().time(), url, json.loads(body)))
        answer = self.answers.pop(0) if self.answers else 200
        if isinstance(answer, Exception):
            raise answer
        return answer


def order(world, provider, hook=HOOK):
    key = world.account(provider, "k").key
    if provider == "ttapi":
        url, sent, headers = "/midjourney/v1/imagine", {"prompt": "a cat", "hookUrl": hook}, {"TT-API-KEY": key}
    else:
        url, sent = "/mj-fast/mj/submit/imagine", {"prompt": "a cat", "notifyHook": hook, "state": "s"}
        headers = {"Authorization": f"Bearer {key}"}
    headers["Content-Type"] = "application/json"
    request = HttpRequest(
        method="POST", url=FACES[provider].ORIGIN + url, body=json.dumps(sent).encode(), headers=headers
    )
    assert 200 == exchange(world, provider, request).status
    return list(world.jobs.values())[-1]


def told(provider, *answers, faults=(), profile="seed", hook=HOOK, seconds=200):
    """What was heard of one job, the job, and the ledger."""

    async def story():
        world, heard = World(seed=1, profile=profile), Heard(*answers)
        for kind, details in faults:
            world.inject(kind, **details)
        callbacks = Callbacks(world, heard, base=lambda name: FACES[name].ORIGIN, delay=0.5)
        job = order(world, provider, hook)
        await asyncio.sleep(seconds)
        await callbacks.aclose()
        order(world, provider, hook)
        count = len(heard.got)
        await asyncio.sleep(200)
        assert count == len(heard.got), "closed is closed"
        return heard.got, job, world.ledger

    return run(story())


def test_ttapi_tells_the_end_once_as_a_fetch_shows_it():
    ((at, url, said),), job, ledger = told("ttapi")

    assert (pytest.approx(job.finished_at + 0.5), HOOK) == (at, url)
    assert ("SUCCESS", job.id, HOOK) == (said["status"], said["jobId"], said["data"]["hookUrl"])
    assert {"ttapi.200": 1} == ledger.hooks


def test_midjourney_proxy_tells_every_change():
    got, job, ledger = told("mjproxy")

    assert ["SUBMITTED", *["IN_PROGRESS"] * 6, "SUCCESS"] == [said["status"] for _, _, said in got]
    assert {(job.id, "s", HOOK)} == {(s["id"], s["state"], s["properties"]["notifyHook"]) for _, _, s in got}
    assert pytest.approx(job.finished_at + 0.5) == got[-1][0]
    assert {"mjproxy.200": 8} == ledger.hooks


def test_what_a_relay_has_not_seen_yet_is_told_all_the_same():
    async def story():
        world, heard = World(seed=1, profile="plus"), Heard()
        Callbacks(world, heard, base=lambda name: FACES[name].ORIGIN, delay=0.1)
        job = order(world, "mjproxy")
        await asyncio.sleep(job.finished_at + 1)
        return heard.got

    assert "SUCCESS" == run(story())[-1][2]["status"]


def test_ttapi_tries_three_times_and_midjourney_proxy_once():
    tt, _, ttapi = told("ttapi", 500, NotSent("nobody"))
    _, _, never = told("ttapi", *[503] * 9)
    mj, _, mjproxy = told("mjproxy", *[503] * 9)

    assert [0, 5, 10] == [round(at - tt[0][0]) for at, _, _ in tt]
    assert {"ttapi.500": 1, "ttapi.unreachable": 1, "ttapi.200": 1} == ttapi.hooks
    assert {"ttapi.503": 3} == never.hooks
    assert (8, {"mjproxy.503": 8}) == (len(mj), mjproxy.hooks)


@pytest.mark.parametrize("provider", ["ttapi", "mjproxy"])
def test_without_an_address_nobody_is_called(provider):
    assert [] == told(provider, hook="")[0]


@pytest.mark.parametrize(
    ("kind", "details", "expected"),
    [
        ("hook_lost", {}, []),
        ("hook_late", {}, [30.5]),
        ("hook_late", {"after": 7}, [7.5]),
        ("hook_twice", {}, [0.5, 0.5]),
        ("hook_twice", {"copies": 4}, [0.5] * 4),
        ("hook_early", {}, [None, 0.5]),
    ],
)
def test_scripted_misfortunes_of_callbacks(kind, details, expected):
    got, job, ledger = told("ttapi", faults=[(kind, details)])

    seen = [None if at < job.started_at else round(at - job.finished_at, 3) for at, _, _ in got]
    assert expected == seen
    assert {kind: 1} == ledger.faults


def test_an_early_one_comes_before_the_answer_and_says_how_it_is_then():
    got, job, _ = told("ttapi", faults=[("hook_early", {})])

    assert (0.0, "PENDING_QUEUE", job.id) == (got[0][0], got[0][2]["status"], got[0][2]["jobId"])


@pytest.mark.parametrize(
    ("fault", "details", "statuses"),
    [
        ("fail", {"reason": "no"}, ["FAILED"]),
        ("stuck", {}, []),
        ("vanish", {"after": 5}, []),
    ],
)
def test_ends_that_are_no_results(fault, details, statuses):
    got, _, _ = told("ttapi", faults=[(fault, details)])

    assert statuses == [said["status"] for _, _, said in got]


def test_a_stuck_task_of_midjourney_proxy_is_told_to_have_begun():
    got, _, _ = told("mjproxy", faults=[("stuck", {})])

    assert ["IN_PROGRESS"] == [said["status"] for _, _, said in got], "half a second after it began"
