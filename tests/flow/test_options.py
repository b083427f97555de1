"""Options: each checked on its own, whichever verb takes it; what is refused was not sent."""

import math
from datetime import timedelta

import pytest

import mjasync as mj
from mjasync.core.model import Mode
from mjasync.core.operations import Shorten
from mjasync.flow.options import KEY_LIMIT, LONGEST_DEADLINE, checked_drain, spec_of, speed_mode
from tests.flow.stories import MASK, tell

OPERATION = Shorten(prompt="a cat")


def spec(**options):
    return spec_of(OPERATION, options, mode=Mode.FAST)


@pytest.mark.parametrize(
    ("options", "attribute", "value"),
    [
        ({}, "deadline", None),
        ({"deadline": 5}, "deadline", 5.0),
        ({"deadline": timedelta(minutes=2)}, "deadline", 120.0),
        ({"deadline": LONGEST_DEADLINE - 1}, "deadline", LONGEST_DEADLINE - 1),
        ({}, "priority", 0),
        ({"priority": -7}, "priority", -7),
        ({"key": " k "}, "key", " k "),
        ({"key": "k" * KEY_LIMIT}, "key", "k" * KEY_LIMIT),
        ({"strict": True, "account": "x", "mode": "relax"}, "operation", OPERATION),
    ],
)
def test_what_is_understood_stands_in_the_spec(options, attribute, value):
    assert getattr(spec(**options), attribute) == value


@pytest.mark.parametrize(
    "extras",
    [
        {"timeout": 300},
        {"translation": False},
        {"get_u_images": True},
        {"bot_type": "NIJI_JOURNEY"},
        {"state": ""},
        {"hook_url": "https://me.example/hook?a=b"},
        {"notify_hook": "http://10.0.0.1:8080/"},
        {"account_filter": {"modes": ["FAST"], "remix": None}},
    ],
    ids=str,
)
def test_extras_are_kept_as_given(extras):
    (name,) = extras

    assert spec(**extras).extras.given() == (name,)
    assert getattr(spec(**extras).extras, name) == extras[name]
    assert spec(**{name: None}).extras.given() == ()


BAD = [
    ({"deadline": 0}, "not a duration"),
    ({"deadline": timedelta(0)}, "not a duration"),
    ({"deadline": float("nan")}, "not a duration"),
    ({"deadline": LONGEST_DEADLINE}, "not a duration"),
    ({"priority": "1"}, "whole number"),
    ({"priority": None}, "whole number"),
    ({"key": "  "}, "cannot name a request"),
    ({"key": b"k"}, "cannot name a request"),
    ({"timeout": 300.0}, "whole number of seconds"),
    ({"get_u_images": 1}, "True or False"),
    ({"bot_type": 1}, "'MID_JOURNEY' or 'NIJI_JOURNEY'"),
    ({"state": 5}, "give text"),
    ({"account_filter": [1]}, "a mapping"),
    ({"account_filter": {"a": object()}}, "not JSON"),
    ({"hook_url": "me.example/hook"}, "not an http"),
    ({"hook_url": "https://"}, "not an http"),
    ({"hook_url": 3}, "not an http"),
    ({"hook_url": "https://a.example", "notify_hook": "https://a.example"}, "two names of one thing"),
    ({"dedline": 5}, "did you mean deadline="),
    ({"model": "fast"}, "nothing reads it"),
    ({"images": []}, "is not an option"),
    ({"xyzzy": 1}, "see help"),
]


@pytest.mark.parametrize(("options", "words"), BAD, ids=str)
def test_what_is_no_option_says_what_would_be(options, words):
    with pytest.raises(mj.ConfigError, match=words) as caught:
        spec(**options)
    assert (caught.value.charged, bool(caught.value.hint)) == ("no", True)


@pytest.mark.parametrize("value", ["relax", "fast", "turbo", Mode.RELAX])
def test_modes_are_words(value):
    assert speed_mode(value) == str(value)


@pytest.mark.parametrize(
    ("value", "words"),
    [("FAST", "did you mean 'fast'"), ("warp", "the providers have"), (None, "relax, fast or turbo")],
)
def test_what_is_no_mode_says_what_would_be(value, words):
    with pytest.raises(mj.ConfigError, match=words):
        speed_mode(value)


#: Every verb, with an option that is wrong everywhere.
VERBS = {
    "imagine": lambda pool, job, **o: pool.imagine("a", **o),
    "blend": lambda pool, job, **o: pool.blend([MASK, MASK], **o),
    "describe": lambda pool, job, **o: pool.describe(MASK, **o),
    "shorten": lambda pool, job, **o: pool.shorten("a", **o),
    "swap_face": lambda pool, job, **o: pool.swap_face(MASK, MASK, **o),
    "upload": lambda pool, job, **o: pool.upload([MASK], **o),
    "batch": lambda pool, job, **o: pool.batch(["a"], **o),
    "upscale": lambda pool, job, **o: job.upscale(1, **o),
    "vary": lambda pool, job, **o: job.vary(1, **o),
    "vary_region": lambda pool, job, **o: job.vary_region(MASK, **o),
    "zoom": lambda pool, job, **o: job.zoom(1.8, **o),
    "pan": lambda pool, job, **o: job.pan("left", **o),
    "square": lambda pool, job, **o: job.square(**o),
    "reroll": lambda pool, job, **o: job.reroll(**o),
    "get_seed": lambda pool, job, **o: job.get_seed(**o),
    "texts": lambda pool, job, **o: job.imagine(1, **o),
    "press": lambda pool, job, **o: job.press("U1", **o),
}


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_checks_its_options_at_once(verb):
    async def script(pool, sim):
        job = pool.imagine("a cat")
        for options, words in (
            ({"deadline": 0}, "not a duration"),
            ({"xyzzy": 1}, "not an option"),
            ({"key": ""}, "key"),
        ):
            with pytest.raises(mj.ConfigError, match=words):
                VERBS[verb](pool, job, **options)
        hook = (
            {} if verb == "get_seed" else {"hook_url": "https://me.example/hook"}
        )  # a free question has no end to tell
        good = VERBS[verb](pool, job, priority=3, key="mine", deadline=900, **hook)
        first = good.jobs[0] if verb == "batch" else good
        assert (first.spec.priority, first.spec.key, first.spec.deadline) == (3, "mine", 900.0)
        assert first.spec.extras.given() == tuple(hook)
        await pool.aclose()

    tell("mjproxy", script)


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0, 0.0), (0.5, 0.5), (timedelta(minutes=2), 120.0), (math.inf, math.inf), (10**400, math.inf)],
)
def test_how_long_a_closing_may_take(value, expected):
    assert expected == checked_drain(value)


@pytest.mark.parametrize("value", ["5", None, True, -1, math.nan, timedelta(seconds=-1), [5]])
def test_no_time_for_a_closing(value):
    with pytest.raises(mj.ConfigError, match="is not a duration; the pool stays open"):
        checked_drain(value)
