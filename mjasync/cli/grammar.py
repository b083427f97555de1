"""The command line as values, read off its parser: for shells that complete it, and for the page that lists it."""

import argparse
from collections.abc import Iterator
from enum import StrEnum

from attrs import frozen

from mjasync import Mode


class Takes(StrEnum):
    """What stands after an option, or in a place."""

    NOTHING = "nothing"
    CHOICE = "choice"
    FILE = "file"
    FOLDER = "folder"
    TEXT = "text"


#: What a word in capitals stands for; any other is a text.
_MEANT = {"FILE": Takes.FILE, "PATH": Takes.FILE, "PICTURE": Takes.FILE, "MASK": Takes.FILE, "FOLDER": Takes.FOLDER}
#: Choices that the parser leaves to whoever checks them: it takes them in any case.
_WORDS = {"MODE": tuple(str(mode) for mode in Mode), "SHAPE": ("portrait", "square", "landscape")}


@frozen(kw_only=True)
class Argument:
    """An option, or what stands in a place."""

    #: `("--json",)`; empty for a place.
    flags: tuple[str, ...]
    #: What its value is called, "" for none.
    metavar: str
    about: str
    takes: Takes
    choices: tuple[str, ...] = ()
    #: It may be given, or left out.
    optional: bool = True
    #: Any number of values.
    several: bool = False
    #: The title of its group, where it has one of its own.
    group: str = ""

    @property
    def typed(self) -> str:
        """As it is typed: `--out FOLDER`, `FILE`, `[ACTION]`, `PICTURE …`."""
        value = f"{self.metavar}{' …' if self.several else ''}"
        if self.flags:
            return f"{self.flags[-1]} {value}".rstrip()
        return f"[{value}]" if self.optional else value


@frozen(kw_only=True)
class Command:
    """One command."""

    name: str
    #: One line without a full stop.
    about: str
    arguments: tuple[Argument, ...]

    @property
    def options(self) -> tuple[Argument, ...]:
        """Those with a flag."""
        return tuple(each for each in self.arguments if each.flags)

    @property
    def places(self) -> tuple[Argument, ...]:
        """Those without."""
        return tuple(each for each in self.arguments if not each.flags)


def commands_of(parser: argparse.ArgumentParser) -> tuple[Command, ...]:
    """Return every command of the parser, in its order."""
    found = []
    for name, inner, about in _subparsers(parser):
        found.append(Command(name=name, about=about, arguments=tuple(_arguments(inner))))
    return tuple(found)


def _subparsers(parser: argparse.ArgumentParser) -> Iterator[tuple[str, argparse.ArgumentParser, str]]:
    for action in parser._actions:  # noqa: SLF001  # argparse tells in no other way what it knows
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            abouts = {each.dest: each.help or "" for each in action._choices_actions}  # noqa: SLF001
            for name, inner in action.choices.items():
                yield name, inner, abouts.get(name, "")


def _arguments(parser: argparse.ArgumentParser) -> Iterator[Argument]:
    usual = {"positional arguments", "options"}
    for group in parser._action_groups:  # noqa: SLF001
        for action in group._group_actions:  # noqa: SLF001
            if not isinstance(action, argparse._HelpAction | argparse._SubParsersAction):  # noqa: SLF001
                yield _argument(action, title="" if group.title in usual else group.title or "")


def _argument(action: argparse.Action, *, title: str) -> Argument:
    silent = action.nargs == 0
    metavar = action.metavar if isinstance(action.metavar, str) else action.dest.upper()
    choices = tuple(map(str, action.choices)) if action.choices is not None else _WORDS.get(metavar, ())
    taken = Takes.CHOICE if choices else _MEANT.get(metavar, Takes.TEXT)
    return Argument(
        flags=tuple(action.option_strings),
        metavar="" if silent else metavar,
        about=(action.help or "").replace("%%", "%"),
        takes=Takes.NOTHING if silent else taken,
        choices=() if silent else choices,
        optional=action.nargs in ("?", "*") or (bool(action.option_strings) and not action.required),
        several=action.nargs in ("*", "+"),
        group=title,
    )
