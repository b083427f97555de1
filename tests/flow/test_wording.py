"""Prompts: what cannot be sent, what is only warned about, and whose line a warning points at."""

import warnings

import pytest

import mjasync as mj
from mjasync.flow.wording import PROMPT_LIMIT, PromptWarning, linted, prompt_text
from mjasync.testing import Sim, run
from tests.flow.stories import MASK, tell

BAD = "a cat --ar16:9"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (" a cat\n", "a cat"),
        ("a\ttab and\r\nlines", "a\ttab and\r\nlines"),
        (mj.Prompt("a cat", ar="16:9"), "a cat --ar 16:9"),
        ("黑猫 🐈‍⬛", "黑猫 🐈‍⬛"),
        ("x" * PROMPT_LIMIT, "x" * PROMPT_LIMIT),
    ],
    ids=["blanks", "lines", "a Prompt", "any script", "as long as can be"],
)
def test_what_is_sent_is_the_text_without_blanks_around_it(value, text):
    assert prompt_text(value) == text


@pytest.mark.fault("U01")
@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "NoneType, not text"),
        (["a cat"], "list, not text"),
        (" \u200b ", "empty"),
        ("é" * (PROMPT_LIMIT // 2 + 1), "100002 bytes"),
        ("a\x07", r"U\+0007 at character 2"),
        ("\udfff", r"U\+DFFF at character 1"),
    ],
)
def test_what_cannot_be_sent_says_why(value, words):
    with pytest.raises(mj.ConfigError, match=words) as caught:
        prompt_text(value)
    assert (caught.value.charged, bool(caught.value.hint)) == ("no", True)


def test_a_good_prompt_is_passed_over_in_silence():
    assert linted("a cat --ar 16:9 --s 250") == "a cat --ar 16:9 --s 250"


def test_findings_are_warned_about_or_refused():
    with pytest.warns(PromptWarning, match="glued-value"):
        assert linted(f" {BAD}") == BAD
    with pytest.raises(mj.ConfigError, match="glued-value") as caught:
        linted(BAD, strict=True)
    assert caught.value.charged == "no"


@pytest.mark.parametrize("prompt", ["a cat --zoom 1.5", "a cat --ZOOM 1.5"])
def test_in_a_window_of_zoom_its_own_flag_is_no_finding(prompt):
    assert linted(prompt, strict=True, zooms=True) == prompt
    with pytest.raises(mj.ConfigError, match="unknown-flag"):
        linted(prompt, strict=True)
    with pytest.raises(mj.ConfigError, match="glued-value"):
        linted(f"{prompt} --ar16:9", strict=True, zooms=True)


#: Every way to hand in a prompt that is linted.
ENTRIES = {
    "imagine": lambda pool, job: pool.imagine(BAD),
    "a Prompt": lambda pool, job: pool.imagine(mj.Prompt("a cat --ar16:9")),
    "batch": lambda pool, job: pool.batch(["fine", BAD]),
    "vary": lambda pool, job: job.vary(1, BAD),
    "reroll": lambda pool, job: job.reroll(BAD),
    "pan": lambda pool, job: job.pan("left", BAD),
    "zoom": lambda pool, job: job.zoom(1.8, BAD),
    "vary_region": lambda pool, job: job.vary_region(MASK, BAD),
    "press": lambda pool, job: job.press("reroll", BAD),
}
STRICT = {
    "imagine": lambda pool, job: pool.imagine(BAD, strict=True),
    "batch": lambda pool, job: pool.batch([BAD], strict=True),
    "item": lambda pool, job: pool.batch([{"prompt": BAD, "strict": True}]),
    "vary": lambda pool, job: job.vary(1, BAD, strict=True),
    "zoom": lambda pool, job: job.zoom(1.8, BAD, strict=True),
    "press": lambda pool, job: job.press("reroll", BAD, strict=True),
}


@pytest.mark.parametrize("entry", ENTRIES)
def test_a_warning_points_at_the_users_own_line(entry):
    async def story():
        async with mj.Pool(Sim().mjproxy()) as pool:
            job = pool.imagine("a cat")
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always")
                ENTRIES[entry](pool, job)
            (warning,) = caught
            assert (warning.category, warning.filename) == (PromptWarning, __file__)
            assert warning.lineno == ENTRIES[entry].__code__.co_firstlineno
            await pool.aclose()

    run(story())


@pytest.mark.parametrize("entry", ENTRIES)
def test_a_warning_that_is_an_error_leaves_nothing_sent(entry):
    async def script(pool, sim):
        job = await pool.imagine("a cat")
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with pytest.raises(PromptWarning):
                ENTRIES[entry](pool, pool.jobs[0])
        assert [each.id for each in pool.jobs] == [job.job_id]

    ledger = tell("mjproxy", script).ledger
    assert ledger.accepted == 1


@pytest.mark.parametrize("entry", STRICT)
def test_strict_refuses_and_leaves_nothing_sent(entry):
    async def script(pool, sim):
        job = pool.imagine("a cat")
        with pytest.raises(mj.ConfigError, match="glued-value"):
            STRICT[entry](pool, job)
        assert pool.jobs == (job,)

    assert tell("mjproxy", script).ledger.accepted == 1


def test_a_strict_prompt_with_a_finding_cannot_even_be_made():
    with pytest.raises(mj.ConfigError, match="glued-value"):
        mj.Prompt(BAD, strict=True)
