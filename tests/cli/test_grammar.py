"""The parser, read off."""

import argparse

from mjasync.cli import arguments
from mjasync.cli.grammar import Argument, Takes, commands_of

COMMANDS = {each.name: each for each in commands_of(arguments.parser())}


def option(command, flag):
    return next(each for each in COMMANDS[command].arguments if flag in each.flags)


def test_every_command_that_can_be_typed_is_there():
    for name, command in COMMANDS.items():
        typed = [
            name,
            *(each.choices[0] if each.choices else "x" for each in command.places for _ in range(1 + each.several)),
        ]
        assert name == arguments.parse(typed).command
    assert {"demo", "imagine", "batch", "doctor", "config", "completion", "sim"} <= set(COMMANDS)


def test_what_options_take():
    assert (Takes.NOTHING, "--json") == (option("batch", "--json").takes, option("batch", "--json").typed)
    assert (Takes.FOLDER, "--out FOLDER") == (option("batch", "--out").takes, option("batch", "--out").typed)
    assert Takes.FILE is option("batch", "--journal").takes
    assert (Takes.CHOICE, ("relax", "fast", "turbo")) == (
        option("batch", "--mode").takes,
        option("batch", "--mode").choices,
    )
    assert "relay-15s" in option("sim", "--profile").choices
    assert Takes.TEXT is option("batch", "--upscale").takes
    assert option("reconcile", "--adopt").group.startswith("the decision")
    assert "" == option("reconcile", "--journal").group


def test_places():
    (file,) = COMMANDS["batch"].places
    assert (Takes.FILE, "FILE", False) == (file.takes, file.typed, file.optional)
    (action,) = COMMANDS["config"].places
    assert (("show", "path", "init"), "[ACTION]") == (action.choices, action.typed)
    assert set(COMMANDS["config"].arguments) == {*COMMANDS["config"].places, *COMMANDS["config"].options}


def test_several_values_and_none_at_all():
    top = argparse.ArgumentParser()
    one = top.add_subparsers().add_parser("one", help="first")
    one.add_argument("pictures", nargs="+", metavar="PICTURE", help="some")
    one.add_argument("--two", nargs="*", help="others")
    one.add_argument("--must", required=True)
    (command,) = commands_of(top)
    assert ("one", "first") == (command.name, command.about)
    pictures, two, must = command.arguments
    expected = Argument(flags=(), metavar="PICTURE", about="some", takes=Takes.FILE, optional=False, several=True)
    assert expected == pictures
    assert ["PICTURE …", "--two TWO …", "--must MUST"] == [each.typed for each in (pictures, two, must)]
    assert [True, False] == [two.optional, must.optional]
