"""The free prompt check before a paid submit: it spares a request, and never holds one up."""

import asyncio
import json
from random import Random

import pytest

import mjasync as mj
from mjasync.core.model import Mode, Spec
from mjasync.core.operations import Blend, Imagine, Press
from mjasync.core.pictures import Picture
from mjasync.core.wire import HttpResponse, NoAnswer
from mjasync.flow.checks import MEMORY, PATIENCE, REST, PromptChecks, in_english, prompt_of
from mjasync.flow.session import Session
from mjasync.testing import run

CAT = Picture(url="https://pictures.example/cat.png")


def said(status, word, message=""):
    return HttpResponse(status=status, body=json.dumps({"status": word, "message": message, "data": None}).encode())


YES = said(200, "SUCCESS")
NO = said(400, "FAILED", "[Banned prompt detected] gore")


class Server:
    """A TTAPI that answers each check from `answers`, the last of them for ever; an exception is raised."""

    def __init__(self, *answers, delay=0.1):
        self.answers, self.delay, self.asked = list(answers), delay, []

    async def send(self, request):
        self.asked.append(json.loads(request.body)["prompt"])
        await asyncio.sleep(self.delay)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def aclose(self):
        pass

    def session(self, provider=mj.TTAPI, **options):
        return Session("here", provider("key", transport=self, **options), Random(1))


def asking(prompt):
    return Spec(operation=Imagine(prompt=prompt))


def test_what_is_fine_goes_and_what_is_not_costs_nothing():
    async def story():
        fine, bad = Server(YES), Server(NO)

        assert await PromptChecks().checked(fine.session(), asking("a cat")) is None
        refused = await PromptChecks().checked(bad.session(), asking("gore, lots"))
        assert (["a cat"], ["gore, lots"]) == (fine.asked, bad.asked)
        failure = refused.failure
        assert ("PromptRejected", "no", False) == (failure.kind, failure.charged, refused.account)
        assert "'here' refused the prompt; it was not sent" in failure.what
        assert "[Banned prompt detected] gore" in failure.why

    run(story())


def test_a_refusal_without_words_is_one():
    async def story():
        checks = PromptChecks()
        refused = await checks.checked(Server(said(422, "FAILED")).session(), asking("a cat"))
        assert "" == refused.failure.why

    run(story())


def test_each_prompt_is_asked_once_also_at_the_same_time():
    async def story():
        server, checks = Server(NO), PromptChecks()
        session = server.session()
        verdicts = await asyncio.gather(*(checks.checked(session, asking("gore")) for _ in range(20)))
        verdicts.append(await checks.checked(session, asking("gore")))
        assert (1, 21) == (len(server.asked), sum(verdict is not None for verdict in verdicts))

    run(story())


def test_whoever_is_cancelled_while_asking_leaves_the_question_to_the_next():
    async def story():
        server, checks = Server(NO), PromptChecks()
        session = server.session()
        first = asyncio.create_task(checks.checked(session, asking("gore")))
        second = asyncio.create_task(checks.checked(session, asking("gore")))
        await asyncio.sleep(0.05)
        first.cancel()
        assert await second is not None
        assert 2 == len(server.asked)

    run(story())


def test_the_memory_has_a_bound():
    async def story():
        server, checks = Server(YES, delay=0.0), PromptChecks()
        session = server.session()
        for number in range(MEMORY + 1):
            await checks.checked(session, asking(f"cat {number}"))
        await checks.checked(session, asking(f"cat {MEMORY}"))
        assert MEMORY + 1 == len(server.asked)
        await checks.checked(session, asking("cat 0"))
        assert MEMORY + 2 == len(server.asked)

    run(story())


@pytest.mark.parametrize(
    "trouble",
    [
        HttpResponse(status=404),
        HttpResponse(status=500, body=b"oops"),
        HttpResponse(status=401, body=b'{"message": "wrong key"}'),
        HttpResponse(status=200, body=b"<!doctype html>"),
        NoAnswer("cut"),
    ],
)
def test_whatever_goes_wrong_the_job_goes_on_and_the_account_rests(trouble):
    async def story():
        server, checks = Server(trouble, delay=0.0), PromptChecks()
        session = server.session()
        assert await checks.checked(session, asking("a cat")) is None
        asked = len(server.asked)
        assert await checks.checked(session, asking("a dog")) is None
        assert asked == len(server.asked)

        server.answers = [NO]
        await asyncio.sleep(REST + 1)
        found = await checks.checked(session, asking("a dog"))
        assert (found is None) is absent(trouble)

    run(story())


def absent(trouble):
    """What says that there is no such call is believed for as long as the session lives."""
    return isinstance(trouble, HttpResponse) and (trouble.status == 404 or trouble.body.startswith(b"<!doctype"))


def test_a_server_that_does_not_answer_holds_a_job_up_for_a_moment_only():
    async def story():
        loop, checks = asyncio.get_running_loop(), PromptChecks()
        begun = loop.time()
        assert await checks.checked(Server(YES, delay=1000).session(), asking("a cat")) is None
        assert PATIENCE == pytest.approx(loop.time() - begun, abs=0.1)

    run(story())


def test_a_provider_without_the_call_is_not_asked():
    async def story():
        server = Server(NO)
        session = server.session(mj.MJProxy, base_url="https://relay.example")
        assert await PromptChecks().checked(session, asking("a cat")) is None
        assert [] == server.asked

    run(story())


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("a cat --ar 1:1", True),
        ("“a cat” — 50 €, 3 × 4 😀", True),
        ("一只猫", False),
        ("a cat, 水彩", False),
        ("un café", False),
        ("--ar 1:1", True),
        ("1234 :: 5", False),
    ],
)
def test_the_check_understands_english_only(prompt, expected):
    assert expected is in_english(prompt)


def test_another_language_is_not_asked_about():
    async def story():
        server = Server(NO)
        assert await PromptChecks().checked(server.session(), asking("一只猫")) is None
        assert [] == server.asked

    run(story())


@pytest.mark.parametrize(
    ("operation", "expected"),
    [
        (Imagine(prompt="a cat"), "a cat"),
        (Press(action="vary_region", prompt="a hat"), "a hat"),
        (Press(action="upscale1"), None),
        (Blend(images=(CAT, CAT)), None),
    ],
)
def test_whose_words_are_checked(operation, expected):
    assert expected == prompt_of(Spec(operation=operation, mode=Mode.FAST))
