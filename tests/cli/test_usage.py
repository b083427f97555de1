"""What was typed is checked before anything is sent, in three parts: what, why, what to do."""

import pytest

from mjasync import ConfigError, Mode
from mjasync.cli.usage import UsageError, checked_mode, checked_prompt, checked_speed, checked_upscale


@pytest.mark.parametrize(
    "prompt", ["", "  ", "\n\t ", 7, None, "a\x00cat", "a \x1b[31m cat", "a \ud800 cat", "x" * 100_001]
)
def test_bad_prompts(prompt):
    with pytest.raises(UsageError) as met:
        checked_prompt(prompt)
    assert met.value.hint
    assert isinstance(met.value, ConfigError)


def test_good_prompts():
    assert checked_prompt("  a cat --ar 1:1\n") == "a cat --ar 1:1"
    assert checked_prompt("two\nlines\tand a tab") == "two\nlines\tand a tab"
    assert checked_prompt("é" * 50_000)


def test_modes():
    assert checked_mode("fast") is Mode.FAST
    assert checked_mode(" Turbo ") is Mode.TURBO
    with pytest.raises(UsageError, match="did you mean 'relax'"):
        checked_mode("relaxed")
    for bad in ("slow", "", 7, None):
        with pytest.raises(UsageError, match="relax, fast or turbo"):
            checked_mode(bad)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (None, ()),
        ("1", (1,)),
        ("1,3", (1, 3)),
        (" 3 , 1 ", (1, 3)),
        ("2,2", (2,)),
        ("all", (1, 2, 3, 4)),
        ("ALL", (1, 2, 3, 4)),
    ],
)
def test_upscale(text, expected):
    assert checked_upscale(text) == expected


@pytest.mark.parametrize("text", ["", "0", "5", "1,5", "-1", "1.5", "one", "1,,2", "all,1", "²", "1 2"])
def test_upscale_refuses(text):
    with pytest.raises(UsageError, match="1, 2, 3 and 4"):
        checked_upscale(text)


def test_speed():
    assert checked_speed(60.0) == 60.0
    for bad in (0, -1, float("nan"), float("inf"), 1e9):
        with pytest.raises(UsageError, match="--speed"):
            checked_speed(bad)
