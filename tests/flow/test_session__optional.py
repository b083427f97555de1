"""What only some servers have: found out for free, once, and remembered; a bad moment is no absence."""

from random import Random

import pytest

import mjasync as mj
from mjasync.core.answers import Refused, Unclear
from mjasync.core.model import Spec
from mjasync.core.operations import Blend, Imagine, SwapFace, Upload
from mjasync.core.wire import HttpResponse
from mjasync.flow.session import Session
from mjasync.images.inputs import picture
from mjasync.testing import run
from tests.flow.stories import ABSENT, MASK, Relay, done, taken

ONE = picture(MASK)
SWAP = Spec(operation=SwapFace(source=ONE, target=ONE))
UPLOAD = Spec(operation=Upload(images=(ONE,)))
ABSENT_PAID = [
    *ABSENT,
    HttpResponse(status=404, body=b'{"error":{"message":"Invalid URL (POST /mj/insight-face/swap)"}}'),
]
BAD_MOMENTS = [
    HttpResponse(status=503, body=b"<html>"),
    HttpResponse(status=429, body=b"{}"),
    HttpResponse(status=401, body=b"{}"),
]


def session(relay):
    return Session("it", mj.MJProxy("key", base_url="https://relay.example", transport=relay), Random(1))


@pytest.mark.parametrize("spec", [SWAP, UPLOAD], ids=["swap", "upload"])
@pytest.mark.parametrize("absent", ABSENT_PAID, ids=lambda response: str(response.status))
def test_an_absent_endpoint_says_so_by_its_first_answer_and_is_remembered(spec, absent):
    relay = Relay(dict.fromkeys(("insight-face/swap", "upload-discord-images"), absent))
    relay.unknown = absent

    async def story():
        one = session(relay)
        assert one.lacks(spec) is None
        answer = await one.submit(await one.prepare(spec, None), spec.operation)
        assert isinstance(answer, Refused)
        assert (answer.failure.kind, answer.failure.charged, answer.account) == ("ActionUnavailable", "no", False)
        assert one.lacks(spec).action

    run(story())
    assert not relay.sent[0].repeatable


def test_a_page_that_only_this_address_shows_is_no_absence():
    """A gateway's page with 200 may hide a job: only if any wrong address shows the same is nobody there."""
    relay = Relay({"upload-discord-images": HttpResponse(status=200, body=b"<html>one moment")})

    async def story():
        one = session(relay)
        answer = await one.submit(await one.prepare(UPLOAD, None), UPLOAD.operation)
        assert isinstance(answer, Unclear)
        assert one.lacks(UPLOAD) is None

    run(story())


@pytest.mark.parametrize("moment", BAD_MOMENTS)
def test_a_bad_moment_is_no_absence(moment):
    relay = Relay({"upload-discord-images": moment})

    async def story():
        one = session(relay)
        answer = await one.submit(await one.prepare(UPLOAD, None), UPLOAD.operation)
        assert not (isinstance(answer, Refused) and answer.route)
        assert one.lacks(UPLOAD) is None

    run(story())


def test_nothing_is_sent_to_find_out_what_a_server_has():
    async def story():
        relay = Relay()
        one = session(relay)
        for operation in (Imagine(prompt="a"), Blend(images=(ONE, ONE)), SWAP.operation, UPLOAD.operation):
            assert (await one.prepare(Spec(operation=operation), None)).method == "POST"
        assert relay.sent == []

    run(story())


def test_a_route_that_is_missing_turns_nobody_away_from_the_account():
    """The old servers have no shorten, which no look can prove."""
    submits = {"imagine": [taken("11"), taken("12")], "shorten": HttpResponse(status=404, body=b"{}")}
    relay = Relay(submits, {"11": done(), "12": done()})

    async def story():
        async with relay.pool() as pool:
            await pool.imagine("a cat")
            with pytest.raises(mj.ConfigError, match="no such route") as caught:
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
