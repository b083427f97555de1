"""A session: a dialect, a transport and an account, and the one switch of TTAPI's look."""

import asyncio
from random import Random

import pytest

import mjasync as mj
from mjasync.core.answers import Missing, Trouble
from mjasync.core.model import Mode, Snapshot, Spec
from mjasync.core.operations import Imagine
from mjasync.core.wire import HttpResponse, NoAnswer
from mjasync.flow.session import Session
from mjasync.testing import Sim, run

DONE = b'{"status":"SUCCESS","message":"","data":{"progress":"100","cdnImage":"https://x/1.png"}}'
SPEC = Spec(operation=Imagine(prompt="a cat"))


class Routed:
    """Answers by method."""

    def __init__(self, **answers):
        self.answers = answers
        self.methods = []

    async def send(self, request):
        self.methods.append(request.method)
        answer = self.answers[request.method]
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def aclose(self):
        pass


def session(server, account=mj.TTAPI, **options):
    return Session("it", account("key", transport=server, **options), Random(1))


@pytest.mark.parametrize("refusal", [HttpResponse(status=405), HttpResponse(status=404, body=b"<html>")])
def test_a_look_switches_its_verb_once_and_for_all(refusal):
    async def story():
        server = Routed(POST=refusal, GET=HttpResponse(status=200, body=DONE))
        one = session(server)
        assert isinstance(await one.look(SPEC, "r1"), Snapshot)
        assert isinstance(await one.look(SPEC, "r1"), Snapshot)
        assert server.methods == ["POST", "GET", "GET"]

    run(story())


def test_a_look_that_no_verb_brings_is_trouble():
    async def story():
        server = Routed(POST=HttpResponse(status=405), GET=HttpResponse(status=405))
        one = session(server)
        looked = await one.look(SPEC, "r1")
        assert isinstance(looked, Trouble)
        assert "neither POST nor GET" in looked.failure.why
        assert isinstance(await one.look(SPEC, "r1"), Trouble)

    run(story())


def test_the_proof_switches_too():
    async def story():
        gone = HttpResponse(status=404, body=b'{"status":"FAILED","message":"no","data":null}')
        server = Routed(POST=HttpResponse(status=405), GET=gone)
        assert await session(server).prove(Mode.FAST) is None
        assert server.methods == ["POST", "GET"]

    run(story())


def test_faults_of_the_network_are_trouble_and_said():
    async def story():
        server = Routed(POST=NoAnswer("reset"))
        one = session(server)
        looked = await one.look(SPEC, "r1")
        assert (looked.failure.kind, looked.failure.why) == ("Unreachable", "reset")
        assert (await one.prove(Mode.FAST)).failure.kind == "Unreachable"
        assert len(server.methods) == 8

    run(story())


@pytest.mark.parametrize(
    ("template", "route"),
    [
        ("/mj-{mode}", "https://r.example/mj-relax"),
        ("/{mode}", "https://r.example/relax"),
        ("", "https://r.example"),
    ],
)
def test_the_route_has_the_modes_prefix(template, route):
    one = session(Routed(), mj.MJProxy, base_url="https://r.example", mode_path=template)

    assert one.route(Mode.RELAX) == route


def test_an_unknown_id_is_missing_at_both_providers():
    async def story():
        sim = Sim()
        for account in (sim.ttapi(), sim.mjproxy()):
            one = Session("it", account, Random(1))
            assert isinstance(await one.look(SPEC, "1320098173412546"), Missing)
            await one.aclose()

    run(story())


def test_the_key_goes_to_no_other_origin():
    account = mj.TTAPI("canary-key")
    request = Session("it", account, Random(1))._dialect.write_look("https://evil.example", "r1", other_verb=False)

    with pytest.raises(mj.ConfigError, match="must not carry the key"):
        account.signed(request)


def test_a_verb_that_worked_is_kept_whatever_one_answer_says():
    async def story():
        server = Routed(POST=HttpResponse(status=200, body=DONE), GET=HttpResponse(status=405))
        one = session(server)
        assert isinstance(await one.look(SPEC, "r1"), Snapshot)
        server.answers["POST"] = HttpResponse(status=404, body=b"<html>deploying</html>")
        assert isinstance(await one.look(SPEC, "r1"), Trouble)
        server.answers["POST"] = HttpResponse(status=200, body=DONE)
        assert isinstance(await one.look(SPEC, "r1"), Snapshot)
        assert server.methods == ["POST", "POST", "POST"]

    run(story())


@pytest.mark.fault("P11")
def test_an_answer_about_another_job_is_not_believed():
    async def story():
        body = b'{"status":"SUCCESS","jobId":"someone-elses","message":"","data":{"cdnImage":"https://x/1.png"}}'
        looked = await session(Routed(POST=HttpResponse(status=200, body=body))).look(SPEC, "r1")
        assert isinstance(looked, Trouble)
        assert "another job" in looked.failure.why
        same = await session(Routed(POST=HttpResponse(status=200, body=body))).look(SPEC, "Someone-Elses")
        assert isinstance(same, Snapshot)

    run(story())


def test_several_first_looks_at_once_find_one_verb():
    async def story():
        server = Routed(POST=HttpResponse(status=405), GET=HttpResponse(status=200, body=DONE))
        one = session(server)
        looks = await asyncio.gather(*(one.look(SPEC, f"r{n}") for n in range(4)))
        assert all(isinstance(looked, Snapshot) for looked in looks)
        server.methods.clear()
        await one.look(SPEC, "r9")
        assert server.methods == ["GET"]

    run(story())


def test_an_error_of_ours_from_a_transport_is_trouble_too():
    async def story():
        server = Routed(POST=mj.Unreachable("from somebody's transport"))
        assert isinstance(await session(server).look(SPEC, "r1"), Trouble)
        assert (await session(server).prove(Mode.FAST)).failure.kind == "Unreachable"

    run(story())
