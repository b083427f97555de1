"""The commands that ask providers for something take the same options, by the same names."""

import pytest

from mjasync.cli import arguments

SHARED = {
    "--sim": ["demo", "imagine", "batch", "blend", "describe", "shorten", "press", "inpaint", "check"],
    "--json": ["demo", "imagine", "batch", "blend", "describe", "shorten", "press", "inpaint", "check"],
    "--journal": ["demo", "imagine", "batch", "blend", "describe", "shorten", "press", "inpaint"],
    "--out": ["demo", "imagine", "batch", "blend", "press", "inpaint"],
    "--open": ["demo", "imagine", "batch", "blend", "press", "inpaint"],
    "--mode": ["imagine", "batch", "blend", "describe", "shorten"],
    "--account": ["imagine", "batch", "blend", "describe", "shorten", "check"],
    "--dry-run": ["imagine", "batch", "blend", "describe", "shorten"],
    "--deadline": ["imagine", "batch", "blend", "describe", "shorten", "press", "inpaint"],
    "--budget": ["imagine", "batch", "blend", "describe", "shorten", "press", "inpaint", "resume"],
    "--upscale": ["imagine", "batch", "blend", "inpaint"],
}


@pytest.mark.parametrize("option", SHARED)
def test_who_takes_an_option(option):
    commands = arguments.parser().commands.choices
    takers = [name for name, parser in commands.items() if option in parser._option_string_actions]
    known = set(SHARED["--sim"]) | {"resume"}

    assert sorted(SHARED[option]) == sorted(known & set(takers) - ({"resume"} if option != "--budget" else set()))


def test_an_option_says_the_same_everywhere():
    said = {}
    for parser in arguments.parser().commands.choices.values():
        for option, action in parser._option_string_actions.items():
            said.setdefault((option, action.metavar), set()).add(action.help)

    own = ("--sim", "--open", "--journal", "--mask", "--prompt", "--account", "--seed", "--json", "--out", "--speed")
    assert {key for key, texts in said.items() if len(texts) > 1 and key[0] not in own} == set()
