"""How parsers complain."""

import pytest

from mjasync.cli.options import Parser
from mjasync.cli.usage import UsageError


@pytest.fixture
def parser():
    made = Parser(prog="mjasync paint")
    made.add_argument("--colour")
    return made


@pytest.mark.parametrize(
    ("words", "why", "hint"),
    [
        (["--color", "red"], "usage: mjasync paint", "did you mean --colour? mjasync paint --help"),
        (["--zzz"], "usage: mjasync paint", "mjasync paint --help"),
        (["red", "wall"], "usage: mjasync paint", "mjasync paint --help"),
        (["--mode", "fast"], "a step runs in its picture's mode", "mjasync paint --help"),
    ],
)
def test_what_it_does_not_know(parser, words, why, hint):
    with pytest.raises(UsageError, match="unrecognized arguments") as met:
        parser.unknown(words)

    assert why in met.value.why
    assert hint == met.value.hint


def test_what_is_wrong(parser):
    with pytest.raises(UsageError, match="mjasync paint: it is wrong") as met:
        parser.error("it is wrong")

    assert "mjasync paint --help" == met.value.hint


def test_a_prompt_without_quotes(parser):
    parser.add_argument("prompt", metavar="PROMPT")
    with pytest.raises(UsageError) as met:
        parser.unknown(["black", "cat"])

    assert "a prompt of several words stands in quotes; mjasync paint --help" == met.value.hint
