"""No key in any repr, error, log or traceback with locals, in any spelling."""

import base64
import logging
import traceback
from urllib.parse import quote

import attrs
import pytest

import mjasync as mj
from mjasync.core.wire import HttpResponse, NoAnswer
from mjasync.flow.session import Session
from mjasync.testing import run

KEY = "canary+key/7f3a=="
SPELLINGS = (KEY, quote(KEY, safe=""), base64.b64encode(KEY.encode()).decode(), KEY[::-1], KEY[4:])


class Hostile:
    """Echoes what it was sent wherever it can, then breaks the connection."""

    def __init__(self, *answers):
        self.answers = list(answers)

    async def send(self, request):
        assert KEY in "".join(request.headers.values())
        answer = self.answers.pop(0) if self.answers else NoAnswer("reset")
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def aclose(self):
        pass


def proof():
    return HttpResponse(status=400, body=b'{"status":"FAILED","message":"job not found","data":null,"code":4}')


def clean(*texts):
    for text in texts:
        for spelling in SPELLINGS:
            assert spelling not in text


def with_locals(error):
    lines = traceback.TracebackException.from_exception(error, capture_locals=True).format(chain=True)
    return "".join(lines)


@pytest.mark.parametrize("account", [mj.TTAPI, mj.MJProxy])
@pytest.mark.parametrize(
    "answer",
    [NoAnswer("reset"), HttpResponse(status=401, body=b"{}"), HttpResponse(status=500, body=b"<html>"), proof()],
    ids=["reset", "401", "500", "refused"],
)
def test_a_failing_job_tells_no_key(account, answer, caplog):
    async def story():
        transport = Hostile(proof(), answer)
        pool = mj.Pool(account(KEY, base_url="https://x.example", transport=transport))
        job = pool.imagine("a cat")
        with pytest.raises(mj.MJError) as caught:
            await job
        parts = [pool, job, job.spec, *pool._desk.sessions.values(), pool._desk, pool._desk.books, pool.stats()]
        clean(*(repr(part) for part in parts), str(caught.value), with_locals(caught.value))
        await pool.aclose()

    caplog.set_level(logging.DEBUG)
    run(story())
    clean(caplog.text)


@pytest.mark.parametrize("account", [mj.TTAPI(KEY), mj.MJProxy(KEY, base_url="https://x.example")])
def test_an_account_shows_no_key_in_any_way(account):
    request = account.signed(Session("it", account, None)._dialect.write_look(account.base_url, "r1", other_verb=False))
    shown = [repr(account), str(account), f"{account}", repr(attrs.asdict(account)), repr(request), repr([account.key])]
    clean(*shown, *(repr(getattr(account, field.name)) for field in attrs.fields(type(account))))


@pytest.mark.parametrize("bad", [KEY + " x", KEY + "\x00", "Bearer " + KEY, KEY + "é"])
def test_a_malformed_key_is_not_repeated(bad):
    with pytest.raises(mj.ConfigError) as caught:
        mj.TTAPI(bad)
    clean(str(caught.value), repr(caught.value))


def test_a_real_connection_that_fails_tells_no_key():
    async def story():
        async with mj.Pool(mj.TTAPI(KEY, base_url="http://127.0.0.1:9")) as pool:
            with pytest.raises(mj.Unreachable) as caught:
                await pool.imagine("a cat")
            clean(str(caught.value), with_locals(caught.value))

    run(story(), debug=True)
