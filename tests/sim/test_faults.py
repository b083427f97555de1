import pytest

from mjasync.core.wire import HttpRequest
from mjasync.sim.faults import AFTER, BEFORE, JOB, searchable


@pytest.mark.parametrize(
    ("kind", "on", "details"),
    [
        ("explode", None, {}),
        ("drop", "job", {}),
        ("stuck", "submit", {}),
        ("drop", "elsewhere", {}),
        ("queue_full", "fetch", {}),
        ("no_id", "image", {}),
        ("drop", "submit", {"status": 500}),
        ("slow", "job", {"reason": "x"}),
    ],
)
def test_a_script_that_cannot_strike_is_refused(stage, kind, on, details):
    with pytest.raises(ValueError, match=kind):
        stage.world.inject(kind, on=on, **details)


def test_kinds_are_apart():
    assert not BEFORE & AFTER
    assert not (BEFORE | AFTER) & JOB


def test_the_place_follows_from_the_kind(stage):
    assert {stage.world.inject(kind).on for kind in JOB} == {"job"}
    assert {stage.world.inject(kind).on for kind in BEFORE | AFTER} == {"submit"}


def test_times_are_counted_down_and_the_oldest_goes_first(stage):
    twice = stage.world.inject("html", times=2)
    once = stage.world.inject("status", status=418)
    assert [stage.tt("imagine", prompt="a").status for _ in range(4)] == [200, 200, 418, 200]
    assert (twice.fired, twice.left, once.fired) == (2, 0, 1)
    assert stage.ledger.faults == {"html": 2, "status": 1}
    assert stage.ledger.accepted == 1


def test_provider_and_place_choose(stage):
    stage.world.inject("status", provider="mjproxy", on="fetch")
    remote_id = stage.submit("ttapi")
    assert stage.see("ttapi", remote_id).status == 200
    other = stage.submit("mjproxy")
    assert [stage.see("mjproxy", other).status for _ in range(2)] == [503, 200]


def test_match_chooses_by_text(stage, provider):
    stage.world.inject("status", match="猫")
    stage.world.inject("stuck", match="dog")
    stage.submit(provider, "a cat")
    with pytest.raises(ValueError):
        stage.submit(provider, "a 猫")
    stage.submit(provider, "a dog")
    stage.wait()
    assert stage.ledger.accepted == 2
    assert stage.ledger.running == {provider: 1}


def test_match_sees_the_url_and_bodies_that_are_no_json():
    request = HttpRequest(method="POST", url="https://x.example/path", body=b"\xffplain")
    assert searchable(request) == "https://x.example/path\n\ufffdplain"
    assert searchable(HttpRequest(method="GET", url="https://x.example")) == "https://x.example\n"
    escaped = HttpRequest(method="POST", url="u", body=b'{"prompt": "\\u732b"}')
    assert "猫" in searchable(escaped)


def test_each_call_lies_in_one_place(in_profile):
    stage = in_profile("plus")
    for on in ("fetch", "free", "submit"):
        stage.world.inject("status", on=on, status=418, times=2)
    assert [stage.list("1").status, stage.ask("ttapi", "GET", "/midjourney/v1/fetch-list").status] == [418, 418]
    assert [stage.tt("promptCheck", prompt="a").status, stage.ask("ttapi", "GET", "/midjourney/v1/info").status] == [
        418,
        418,
    ]
    assert [stage.tt("seed", jobId="x").status, stage.mj("modal", taskId="5").status] == [418, 418]
    assert stage.ledger.requests == {
        "mjproxy.list-by-condition": 1,
        "ttapi.fetch-list": 1,
        "ttapi.promptCheck": 1,
        "ttapi.info": 1,
        "ttapi.seed": 1,
        "mjproxy.modal": 1,
    }
