"""What can be refused without a provider is refused here, with what to do."""

from datetime import timedelta

import pytest

import mjasync as mj
from mjasync.core.model import Mode
from mjasync.testing import Sim, run

BAD = [
    ("", {}, "empty"),
    (" \n\t", {}, "empty"),
    (None, {}, "NoneType, not text"),
    (b"a cat", {}, "bytes, not text"),
    ("x" * 100_001, {}, "100001 bytes"),
    ("a\x00cat", {}, "U\\+0000"),
    ("a\x1b[2Jcat", {}, "U\\+001B"),
    ("a \ud800", {}, "U\\+D800"),
    ("a cat", {"mode": "warp"}, "There is no mode"),
    ("a cat", {"mode": "Turbo"}, "did you mean 'turbo'"),
    ("a cat", {"mode": None}, "There is no mode"),
    ("a cat", {"deadline": 0}, "not a duration"),
    ("a cat", {"deadline": -1}, "not a duration"),
    ("a cat", {"deadline": "5"}, "not a duration"),
    ("a cat", {"deadline": float("inf")}, "not a duration"),
    ("a cat", {"deadline": True}, "not a duration"),
    ("a cat", {"priority": 1.5}, "whole number"),
    ("a cat", {"priority": True}, "whole number"),
    ("a cat", {"key": ""}, "cannot name a request"),
    ("a cat", {"key": 7}, "cannot name a request"),
    ("a cat", {"key": "k" * 256}, "cannot name a request"),
    ("a cat", {"account": "ttapo"}, "did you mean 'ttapi'"),
    ("a cat", {"hook_url": "ftp://x"}, "not an http"),
    ("a cat", {"notify_hook": 3}, "not an http"),
    ("a cat", {"timeout": "300"}, "whole number of seconds"),
    ("a cat", {"timeout": True}, "whole number of seconds"),
    ("a cat", {"timeout": 299}, "from 300 to 1200"),
    ("a cat", {"timeout": 1201}, "from 300 to 1200"),
    ("a cat", {"timeout": 599, "mode": "relax"}, "from 600 to 1200"),
    ("a cat", {"translation": "yes"}, "True or False"),
    ("a cat", {"account_filter": "FAST"}, "a mapping"),
    ("a cat", {"model": "fast"}, "did you mean mode="),
    ("a cat", {"prioritty": 1}, "did you mean priority="),
    ("a cat", {"xyzzy": 1}, "see help"),
    ("a cat", {"account": "ttapi", "state": "s"}, "TTAPI's imagine has no state="),
    ("a cat", {"account": "mjproxy", "timeout": 300}, "midjourney-proxy's imagine has no timeout="),
    ("a cat", {"timeout": 300, "state": "s"}, "No account"),
    ("\u200b\u2060 ", {}, "empty"),
    ("a cat", {"deadline": 10**400}, "not a duration"),
    ("a cat", {"account": ["ttapi"]}, "not in this pool"),
    ("a cat", {"hook_url": "http://[::1"}, "not an http"),
    ("a cat", {"hook_url": "https://a.example", "notify_hook": "https://b.example"}, "two names of one thing"),
    ("a cat", {"account_filter": {"modes": {1, 2}}}, "not JSON"),
    ("a cat", {"account_filter": {"x": float("nan")}}, "not JSON"),
]


@pytest.mark.fault("U01", "U03", "U04")
@pytest.mark.parametrize(("prompt", "options", "words"), BAD)
def test_bad_input_is_refused_before_anything_is_sent(prompt, options, words):
    async def story():
        sim = Sim()
        async with mj.Pool(sim.ttapi(), sim.mjproxy()) as pool:
            with pytest.raises(mj.ConfigError, match=words) as caught:
                pool.imagine(prompt, **options)
            assert caught.value.hint
            assert caught.value.charged == "no"
            assert pool.jobs == ()
        assert not sim.ledger.requests

    run(story())


def test_good_input_becomes_a_spec():
    async def story():
        sim = Sim()
        async with mj.Pool(sim.ttapi(), sim.mjproxy()) as pool:
            spec = pool.imagine(" a cat\n", mode="relax", deadline=timedelta(hours=1), priority=-2, timeout=900).spec
            assert spec.operation.prompt == "a cat"
            assert (spec.mode, spec.deadline, spec.priority) == (Mode.RELAX, 3600.0, -2)
            assert spec.extras.given() == ("timeout",)
            assert spec.accounts == ("ttapi",)
            assert pool.imagine("b").spec.accounts == ("ttapi", "mjproxy")

    run(story())


def test_a_mode_that_no_account_has_names_the_accounts():
    async def story():
        sim = Sim()
        async with mj.Pool(sim.ttapi(modes=["fast"])) as pool:
            with pytest.raises(mj.ConfigError, match="'ttapi' has no turbo mode"):
                pool.imagine("a cat", mode="turbo")

    run(story())


@pytest.mark.parametrize("option", [{"mode": "relax"}, {"account": "ttapi"}])
def test_a_chained_step_takes_no_mode_and_no_account(option):
    async def story():
        sim = Sim()
        async with mj.Pool(sim.ttapi()) as pool:
            with pytest.raises(mj.ConfigError, match="chained step takes no"):
                pool.imagine("a cat").upscale(1, **option)

    run(story())


@pytest.mark.parametrize("prompts", [b"a cat", 7, {"prompt": "a cat"}])
def test_a_batch_wants_several_prompts(prompts):
    async def story():
        async with mj.Pool(Sim().ttapi()) as pool:
            with pytest.raises(mj.ConfigError, match="several prompts"):
                pool.batch(prompts)

    run(story())


@pytest.mark.parametrize(
    ("items", "then", "words"),
    [
        ([{1: "a"}], None, "name is not text"),
        (["a"], 3, "cannot be called"),
        (["a"], lambda job: None, "not a job or a list of jobs"),
        (["a"], lambda job: [1], "not a job or a list of jobs"),
    ],
)
def test_a_batch_of_nonsense_is_refused_and_sends_nothing(items, then, words):
    async def story():
        sim = Sim()
        async with mj.Pool(sim.ttapi()) as pool:
            with pytest.raises(mj.ConfigError, match=words):
                pool.batch(items, then=then)
        assert sim.ledger.accepted == 0

    run(story())
