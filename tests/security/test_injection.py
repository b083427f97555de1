"""Words from elsewhere steer nothing: no control, escape or direction mark comes out of texts, logs and the command."""

import asyncio
import inspect
import json
import warnings

import pytest

import mjasync as mj
from mjasync.cli import report
from mjasync.cli.text import clean
from mjasync.core.wire import HttpResponse
from mjasync.dialects import _offer
from mjasync.testing import run
from tests.security.scenarios import Ears
from tests.transport.loopback import exchange, raw

ESCAPES = (
    "\x1b[31mred",
    "\x1b[2J\x1b[H",
    "\x1b[1A\x1b[2Kgone",
    "\x1b[?1049h",
    "\x1b[6n",
    "\x1b]0;title\x07",
    "\x1b]2;title\x1b\\",
    "\x1b]8;;https://evil.example\x07click\x1b]8;;\x07",
    "\x1b]52;c;ZXZpbA==\x07",
    "\x1b]1337;File=:AAAA\x07",
    "\x1b]4;0;rgb:00/00/00\x1b\\",
    "\x1bP$q q\x1b\\",
    "\x1bP+q544e\x1b\\",
    "\x1b_apc\x1b\\",
    "\x1b^pm\x1b\\",
    "\x1bXsos\x1b\\",
    "\x1bc",
    "\x1b(0",
    "\x1b#8",
    "\x1b",
    "\x1b\x1b[31m",
    "\x1b[",
    "\x1b]never ended",
    "\x9b31m",
    "\x9d0;title\x9c",
    "\x90q\x9c",
    "\x9c",
    "a\rb",
    "a\r\nSet-Cookie: x=y",
    "a\r\n\r\n<html>",
    "a\nERROR a line of its own",
    "a\n\x1b[31mERROR",
    "beep\x07\x07",
    "back\x08\x08\x08\x08",
    "\x0e\x0fshifted",
    "%1b[31m\x00",
    "a\u2028b",
    "a\u2029b",
    "a\x85b",
    "\u202ecod.exe",
    "\u2066hidden\u2069",
    "\u200emark",
    "\u200fmark",
    "\u061cmark",
    "half \ud83d of one",
    "\udc00 the other half",
    "\ud800\udfff",
    "\ufeffmark",
    "zero\u200bwidth\u200dness",
    "soft\u00adhyphen",
    "\U000e0041\U000e0042tags",
    "\ufff9note\ufffa\ufffb",
    "private \ue000 use",
    "no \ufffe character",
)
STRINGS = (*ESCAPES, *(f"c{chr(n)}c" for n in (*range(32), *range(0x7F, 0xA0))))


def test_there_are_enough_of_them():
    assert 100 <= len(set(STRINGS))


def is_harmless(text, *, lines=1):
    """Printable, on so many lines at the most; the words themselves may stay."""
    strange = [f"U+{ord(c):04X}" for c in text if not c.isprintable() and c != "\n"]
    return strange == [] and text.count("\n") < lines


@pytest.mark.parametrize("string", STRINGS, ids=ascii)
def test_the_commands_text_is_clean(string):
    for text in (string, f"a{string}b", string * 3, f"{string[::-1]}", f"\x1b[{string}m"):
        cleaned = clean(text)
        assert not any(c in "\x1b\x07\n\r" or ord(c) < 32 or 0x7F <= ord(c) < 0xA0 for c in cleaned)
        assert not set("\u2028\u2029\u202e\u2066\u2069\u200e\u200f\u061c") & set(cleaned)
        assert isinstance(cleaned.encode(), bytes), "no half characters"


class Speaking:
    """A provider that says this wherever a provider can say something."""

    def __init__(self, provider, words, moment):
        self.provider, self.words, self.moment, self.accepted = provider, words, moment, False

    async def send(self, request):
        if "/fetch" not in request.url and request.method == "POST":
            self.accepted = True
            return self._refused() if self.moment == "submit" else self._taken()
        if not self.accepted:
            unknown = {"status": "FAILED", "message": "job not found", "code": 4, "description": "task_no_found"}
            return _answer(unknown, 400 if self.provider == "ttapi" else 200)
        return {"failed": self._failed, "done": self._done, "garbled": self._garbled}[self.moment]()

    def _refused(self):
        return _answer(
            {
                "status": "FAILED",
                "message": self.words,
                "code": 24,
                "description": self.words,
                "properties": {"bannedWord": self.words, "promptEn": self.words},
                "error": {"message": self.words, "type": self.words, "code": self.words},
            },
            400,
            {"x-oneapi-request-id": self.words, "retry-after": self.words},
        )

    def _taken(self):
        return _answer({"status": "SUCCESS", "message": self.words, "code": 1, "result": "7", "data": {"jobId": "7"}})

    def _failed(self):
        data = {"jobId": "7", "progress": "50", "prompt": self.words, "message": self.words}
        more = {"id": "7", "failReason": self.words, "description": self.words, "action": self.words}
        return _answer({"status": "FAILURE" if self.provider == "mjproxy" else "FAILED", **more, "data": data})

    def _done(self):
        link = f"http://{self.words}/x.png"
        label = {"customId": self.words, "label": self.words, "emoji": self.words}
        data = {"jobId": "7", "progress": "100", "cdnImage": link, "components": [self.words], "seed": self.words}
        more = {"id": "7", "progress": "100%", "imageUrl": link, "buttons": [label], "properties": {"mode": self.words}}
        return _answer({"status": "SUCCESS", "message": self.words, "prompt": self.words, **more, "data": data})

    def _garbled(self):
        return HttpResponse(status=200, body=f"{self.words}, not JSON {self.words}".encode("utf-8", "surrogatepass"))

    async def aclose(self):
        pass


def _answer(document, status=200, headers=()):
    return HttpResponse(status=status, body=json.dumps(document).encode(), headers=dict(headers))


async def met(wrong):
    try:
        await wrong()
    except mj.MJError as exc:
        return exc


def said(provider, words, moment, folder):
    """All texts that come of it: errors, what the command says of them, logs and warnings."""

    async def story():
        account = {"ttapi": mj.TTAPI, "mjproxy": mj.MJProxy}[provider]
        transport = Speaking(provider, words, moment)
        async with mj.Pool(account("key", base_url="https://x.example", transport=transport)) as pool:
            job = pool.imagine("a cat", deadline=30, key=words)
            await job.ended()
            errors = [job.exception()]
            if errors[0] is None:
                errors.append(await met(lambda: job.result().save(folder / "x")))
                errors.append(await met(lambda: job.result().press("no such button")))
            errors.append(await met(lambda: pool.imagine("a dog", key=words)))
            return [error for error in errors if error is not None], [repr(pool), repr(job), repr(job.ticket)]

    with Ears() as ears, warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        errors, reprs = run(story())
    return errors, [*ears.lines, *map(str, warned), *reprs]


#: `_offer` belongs to other hands, and shows a button's name as it came.
CLEANED = "plain(" in inspect.getsource(_offer)
WAITING = pytest.mark.xfail(not CLEANED, reason="_offer.offered shows foreign names as they are", strict=False)


@pytest.mark.long
@pytest.mark.parametrize("moment", ["submit", "failed", pytest.param("done", marks=WAITING), "garbled"])
@pytest.mark.parametrize("provider", ["ttapi", "mjproxy"])
def test_a_providers_words_steer_nothing(provider, moment, tmp_path):
    for words in STRINGS:
        errors, others = said(provider, words, moment, tmp_path)
        assert errors
        for error in errors:
            assert isinstance(error, mj.MJError), (words, error)
            assert is_harmless(str(error), lines=3), (words, str(error))
            assert is_harmless(report.explain(error), lines=3)
            assert report.as_text(report.fault(error)).isascii()
        for text in others:
            assert is_harmless(text), (words, text)


@pytest.mark.parametrize("string", STRINGS, ids=ascii)
def test_an_accounts_name_or_address_is_no_place_for_it(string):
    for wrong in ({"name": f"a{string}"}, {"base_url": f"https://h/{string}?"}, {"key": f"key{string} "}):
        with pytest.raises(mj.ConfigError) as caught:
            mj.TTAPI(**{"key": "key", **wrong})
        assert is_harmless(str(caught.value), lines=3)


@pytest.mark.parametrize("string", STRINGS, ids=ascii)
def test_a_prompt_or_path_in_an_error_is_shown_as_python_shows_it(string, tmp_path):
    async def story():
        async with mj.Pool(mj.MJProxy("key", base_url="https://x.example")) as pool:
            pool.describe(tmp_path / f"no such file {string}")

    with pytest.raises(mj.ConfigError) as caught:
        run(story())
    assert is_harmless(str(caught.value), lines=3)
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        try:
            mj.Pool(mj.TTAPI("key")).imagine(f"a cat {string} --v 99 --nonsense {string}")
        except mj.MJError as exc:
            assert is_harmless(str(exc), lines=3)
    assert all(is_harmless(str(each.message)) for each in warned)


@pytest.mark.fault("N18")
@pytest.mark.parametrize("string", STRINGS, ids=ascii)
def test_a_header_of_an_answer_brings_nothing_in(string):
    line = f"HTTP/1.1 200 OK\r\nX-Oneapi-Request-Id: {string}\r\nContent-Length: 2\r\n\r\n{{}}"
    results, _ = asyncio.run(exchange(raw(line.encode("utf-8", "surrogatepass"))))

    told = str(results[0]) if isinstance(results[0], Exception) else "".join(results[0].headers)
    assert is_harmless(told)
