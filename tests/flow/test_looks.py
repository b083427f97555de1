"""Looks: several at once where a relay can do that, one by one where it cannot; nothing is ever lost over it."""

import json
from random import Random

import pytest

import mjasync as mj
from mjasync.core.answers import Trouble
from mjasync.core.model import Mode, Snapshot
from mjasync.core.wire import HttpResponse, NoAnswer
from mjasync.flow.session import Session
from mjasync.testing import run
from tests.flow.stories import ABSENT, Relay, done, envelope


def looks(relay):
    return Session("it", mj.MJProxy("key", base_url="https://relay.example", transport=relay), Random(1)).looks


def listing(*ids):
    return HttpResponse(status=200, body=json.dumps([done(id=remote_id) for remote_id in ids]).encode())


def asked(answers, *times):
    """What several looks at once brought, one after the other, and how many requests they were."""
    relay = Relay({}, {"list-by-condition": answers})

    async def story():
        one = looks(relay)
        return [await one.many(Mode.FAST, dict.fromkeys(ids, "imagine")) for ids in times]

    return run(story()), relay.sent


def test_many_looks_go_fifty_at_a_time():
    ids = [str(number) for number in range(120)]
    (seen,), sent = asked([listing(*ids[:50]), listing(*ids[50:100]), listing(*ids[100:])], ids)

    assert sorted(seen) == sorted(ids)
    assert all(isinstance(each, Snapshot) for each in seen.values())
    assert [len(json.loads(request.body)["ids"]) for request in sent] == [50, 50, 20]


def test_a_picture_without_a_host_is_at_the_relays():
    """Contracts_mjproxy §12: some relays name their own pictures by the path, or under `localhost`."""
    rows = [
        done(id=name, imageUrl=url) for name, url in (("1", "/mj/image/1"), ("2", "http://localhost:3000/mj/image/2"))
    ]
    listed = HttpResponse(status=200, body=json.dumps(rows).encode())
    relay = Relay({}, {"1": [rows[0]], "list-by-condition": listed})

    async def story():
        several = looks(relay)
        seen = await several.many(Mode.FAST, {"1": "imagine", "2": "imagine"})
        return [await several.one(Mode.FAST, "imagine", "1"), seen["1"], seen["2"]]

    urls = [f"https://relay.example/mj/image/{name}" for name in ("1", "1", "2")]
    assert [((url,), url) for url in urls] == [(seen.images, seen.preview) for seen in run(story())]


@pytest.mark.parametrize("absent", ABSENT, ids=lambda response: str(response.status))
def test_a_list_that_is_not_there_is_asked_for_once(absent):
    seen, sent = asked(absent, ["1", "2"], ["1", "2"], ["3"])

    assert (seen, len(sent)) == ([{}, {}, {}], 1)


@pytest.mark.parametrize(
    ("moment", "times"),
    [
        (HttpResponse(status=503, body=b"{}"), 4),
        (HttpResponse(status=401, body=b"{}"), 1),
        (envelope(code=4, description="no"), 1),
        (NoAnswer("reset"), 4),
    ],
    ids=["503", "401", "no list", "reset"],
)
def test_a_list_that_fails_for_a_moment_is_asked_for_again(moment, times):
    seen, _ = asked([moment] * times + [listing("1", "2")], ["1", "2"], ["1", "2"])

    assert isinstance(seen[0], Trouble)
    assert ["1", "2"] == sorted(seen[1])


def test_of_two_rows_with_one_id_the_one_that_is_further_counts():
    rows = [{"id": "1", "status": "MODAL", "progress": "0%"}, done(id="1"), {"id": "2", "status": "MODAL"}]
    (seen,), _ = asked(HttpResponse(status=200, body=json.dumps(rows).encode()), ["1", "2"])

    assert (seen["1"].status, seen["2"].status) == ("done", "queued")


def test_ttapi_has_no_such_list():
    one = Session("it", mj.TTAPI("key", transport=Relay()), Random(1)).looks

    assert run(one.many(Mode.FAST, {"1": "imagine", "2": "imagine"})) == {}
