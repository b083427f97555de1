"""What only some servers have: found out for free, once, and remembered; a bad moment is no absence."""

import json
from random import Random

import pytest

import mjasync as mj
from mjasync.core.answers import Refused
from mjasync.core.model import Mode, Snapshot, Spec
from mjasync.core.operations import Blend, Imagine, SwapFace, Upload
from mjasync.core.wire import HttpResponse, NoAnswer, NotSent, TransportFault
from mjasync.flow.session import Session
from mjasync.images.inputs import picture
from mjasync.testing import run
from tests.flow.stories import MASK, Relay, done, envelope, taken

ONE = picture(MASK)
SWAP = Spec(operation=SwapFace(source=ONE, target=ONE))
UPLOAD = Spec(operation=Upload(images=(ONE,)))
THERE = envelope(code=4, description="base64Array不能为空")
ABSENT = [
    HttpResponse(status=404, body=b"<html>not found</html>"),
    HttpResponse(status=405),
    HttpResponse(status=501),
    HttpResponse(status=200, body=b"<!doctype html>New API"),
    HttpResponse(status=302, headers={"location": "/login"}),
    HttpResponse(status=404, body=b'{"error":{"message":"Invalid URL (POST /mj/insight-face/swap)"}}'),
]
BAD_MOMENTS = [
    (HttpResponse(status=503, body=b"<html>"), mj.Unreachable),
    (HttpResponse(status=429, body=b"{}"), mj.Unreachable),
    (HttpResponse(status=401, body=b"{}"), mj.AuthError),
    (NotSent("refused"), TransportFault),
    (NoAnswer("reset"), TransportFault),
]


def session(relay):
    return Session("it", mj.MJProxy("key", base_url="https://relay.example", transport=relay), Random(1))


@pytest.mark.parametrize("spec", [SWAP, UPLOAD], ids=["swap", "upload"])
@pytest.mark.parametrize("absent", ABSENT, ids=lambda response: str(response.status))
def test_an_absent_endpoint_is_asked_for_once_and_then_refused_at_once(spec, absent):
    relay = Relay({"insight-face/swap": absent, "upload-discord-images": absent})

    async def story():
        one = session(relay)
        assert one.lacks(spec) is None
        for _ in range(2):
            with pytest.raises(mj.ActionUnavailable) as caught:
                await one.prepare(spec, None)
            assert caught.value.charged == "no"
        assert one.lacks(spec).action

    run(story())
    assert [request.body for request in relay.sent] == [b"{}"]
    assert all(request.repeatable for request in relay.sent)


@pytest.mark.parametrize("spec", [SWAP, UPLOAD], ids=["swap", "upload"])
def test_an_endpoint_that_is_there_is_asked_for_once(spec):
    relay = Relay({"insight-face/swap": THERE, "upload-discord-images": THERE})

    async def story():
        one = session(relay)
        ready = [await one.prepare(spec, None) for _ in range(3)]
        assert [request.repeatable for request in ready] == [False] * 3

    run(story())
    assert len(relay.sent) == 1


@pytest.mark.parametrize(("moment", "error"), BAD_MOMENTS)
def test_a_bad_moment_is_no_absence(moment, error):
    answers = [moment] * 4 + [THERE]
    relay = Relay({"upload-discord-images": answers})

    async def story():
        one = session(relay)
        with pytest.raises(error):
            await one.prepare(UPLOAD, None)
        assert one.lacks(UPLOAD) is None
        relay.submits["upload-discord-images"] = THERE
        assert not (await one.prepare(UPLOAD, None)).repeatable

    run(story())


def test_what_every_server_has_is_not_probed():
    async def story():
        relay = Relay()
        one = session(relay)
        for operation in (Imagine(prompt="a"), Blend(images=(ONE, ONE))):
            assert (await one.prepare(Spec(operation=operation), None)).method == "POST"
        assert relay.sent == []

    run(story())


def test_a_free_probe_waits_through_a_bad_second():
    relay = Relay({"upload-discord-images": [HttpResponse(status=502), NoAnswer("reset"), THERE]})

    async def story():
        assert await session(relay).prepare(UPLOAD, None)

    run(story())
    assert len(relay.sent) == 3


def test_a_route_that_is_missing_turns_nobody_away_from_the_account():
    """The old servers have no shorten, which no look can prove."""
    submits = {"imagine": [taken("11"), taken("12")], "shorten": HttpResponse(status=404, body=b"{}")}
    relay = Relay(submits, {"11": done(), "12": done()})

    async def story():
        async with relay.pool() as pool:
            await pool.imagine("a cat")
            with pytest.raises(mj.ActionUnavailable) as caught:
                await pool.shorten("a big cat")
            assert caught.value.charged == "no"
            assert (await pool.imagine("a dog")).images

    run(story())


def test_a_refusal_is_told_as_it_is():
    async def story():
        one = session(Relay({"blend": HttpResponse(status=404, body=b"{}")}))
        request = await one.prepare(Spec(operation=Blend(images=(ONE, ONE))), None)
        answer = await one.submit(request, Blend(images=(ONE, ONE)))
        assert isinstance(answer, Refused)
        assert not answer.account

    run(story())


# Several looks at once.


def listing(*ids):
    return HttpResponse(status=200, body=json.dumps([done(id=remote_id) for remote_id in ids]).encode())


def test_many_looks_go_fifty_at_a_time():
    ids = [str(number) for number in range(120)]
    relay = Relay({}, {"list-by-condition": [listing(*ids[:50]), listing(*ids[50:100]), listing(*ids[100:])]})

    async def story():
        seen = await session(relay).look_at_many(Mode.FAST, ids)
        assert sorted(seen) == sorted(ids)
        assert all(isinstance(each, Snapshot) for each in seen.values())

    run(story())
    assert [len(json.loads(request.body)["ids"]) for request in relay.sent] == [50, 50, 20]


@pytest.mark.parametrize("absent", ABSENT[:5], ids=lambda response: str(response.status))
def test_a_list_that_is_not_there_is_asked_for_once(absent):
    relay = Relay({}, {"list-by-condition": absent})

    async def story():
        one = session(relay)
        assert [await one.look_at_many(Mode.FAST, ["1", "2"]) for _ in range(3)] == [None] * 3

    run(story())
    assert len(relay.sent) == 1


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (HttpResponse(status=503, body=b"{}"), mj.Unreachable),
        (HttpResponse(status=401, body=b"{}"), mj.AuthError),
        (envelope(code=4, description="no"), mj.ProtocolError),
    ],
)
def test_a_list_that_fails_says_why(answer, error):
    relay = Relay({}, {"list-by-condition": answer})

    async def story():
        one = session(relay)
        for _ in range(2):
            with pytest.raises(error):
                await one.look_at_many(Mode.FAST, ["1", "2"])

    run(story())


def test_of_two_rows_with_one_id_the_one_that_is_further_counts():
    rows = [{"id": "1", "status": "MODAL", "progress": "0%"}, done(id="1"), {"id": "2", "status": "MODAL"}]
    relay = Relay({}, {"list-by-condition": HttpResponse(status=200, body=json.dumps(rows).encode())})

    async def story():
        seen = await session(relay).look_at_many(Mode.FAST, ["1", "2"])
        assert (seen["1"].status, seen["2"].status) == ("done", "queued")

    run(story())


def test_ttapi_has_no_such_list():
    async def story():
        one = Session("it", mj.TTAPI("key", transport=Relay()), Random(1))
        assert await one.look_at_many(Mode.FAST, ["1", "2"]) is None
        assert one.calls is not None

    run(story())
