"""What the parsers of several commands share: how they complain, and options that are worded once."""

import argparse
import re
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Never, TypeAlias

from mjasync.cli.usage import UsageError

#: What `JOB` may be, wherever one is named.
JOB = "our id (its beginning is enough), or account:remote_id"


class Parser(argparse.ArgumentParser):
    """Complains the way everything here does."""

    def error(self, message: str) -> Never:
        """Raise `UsageError`."""
        wrong, hint = re.search(r"invalid choice: '([^']*)' \(choose from (.*)\)", message), f"{self.prog} --help"
        near = get_close_matches(wrong[1], re.findall(r"[\w-]+", wrong[2]), 1) if wrong else []
        hint = f"did you mean {near[0]}? {hint}" if near else hint
        raise UsageError(f"{self.prog}: {message[:300]}.", why=self.format_usage().strip(), hint=hint)

    def unknown(self, words: Sequence[str]) -> Never:
        """Raise `UsageError` for what this command does not take."""
        given = next((word.partition("=")[0] for word in words if word.startswith("--")), "")
        near = get_close_matches(given, self._option_string_actions, 1, 0.75) if given else []
        why, help_ = self.format_usage().strip(), f"{self.prog} --help"
        hint = f"did you mean {near[0]}? {help_}" if near else help_
        if not given and any(action.metavar == "PROMPT" for action in self._get_positional_actions()):
            hint = f"a prompt of several words stands in quotes; {help_}"
        elif given in ("--mode", "--account"):
            why = "this command has no such choice: a step runs in its picture's mode and on its account"
        raise UsageError(f"{self.prog}: unrecognized arguments: {' '.join(words)[:300]}.", why=why, hint=hint)


Commands: TypeAlias = "argparse._SubParsersAction[Parser]"  # noqa: SLF001  # it has no other name


def command(commands: Commands, name: str, text: str) -> Parser:
    """A command, with its one line of help."""
    return commands.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.", allow_abbrev=False)


def simulated(parser: argparse.ArgumentParser) -> None:
    """With the built-in providers."""
    parser.add_argument("--sim", action="store_true", help="use the built-in simulator: no key, no cost")
    parser.add_argument("--speed", type=float, metavar="X", help="with --sim: time runs X times as fast (60)")


def out(parser: argparse.ArgumentParser) -> None:
    """Where pictures go."""
    parser.add_argument("--out", metavar="FOLDER", help="where pictures go (else MJASYNC_OUT, or mjasync.toml, or out)")


def kept(parser: argparse.ArgumentParser) -> None:
    """A journal that is made if it is not there, and results for programs."""
    journal(parser, "keep the jobs in this file, so that `resume` can go on with them; made if it is not there")
    as_json(parser)


def journal(parser: argparse.ArgumentParser, text: str) -> None:
    """Which journal."""
    parser.add_argument("--journal", metavar="PATH", help=f"{text} (else MJASYNC_JOURNAL, or mjasync.toml)")


def as_json(parser: argparse.ArgumentParser) -> None:
    """Results for programs."""
    parser.add_argument("--json", action="store_true", help="print results as JSON, each document with its `type`")


def request(parser: argparse.ArgumentParser) -> None:
    """Of a request of its own."""
    parser.add_argument("--mode", metavar="MODE", help="relax, fast (default) or turbo")
    parser.add_argument("--account", metavar="NAME", help="only this account does it (default: any that can)")


def paid(parser: argparse.ArgumentParser) -> None:
    """Of whatever may cost money."""
    parser.add_argument(
        "--deadline",
        metavar="TIME",
        help="give up waiting after so long: seconds, or 90s, 10m, 2h; what was sent runs on",
    )
    budget(parser)


def budget(parser: argparse.ArgumentParser) -> None:
    """What may be spent."""
    parser.add_argument(
        "--budget",
        type=float,
        metavar="N",
        help="spend at most N quota (of TTAPI 100 are 1 USD), all that the journal holds included; the rest is not sent",
    )


def dry(parser: argparse.ArgumentParser) -> None:
    """Say what would be done."""
    parser.add_argument(
        "--dry-run",
        action="store_true",
        help="say what would be sent, where, and at what price; send nothing, need no key",
    )


def shown(parser: argparse.ArgumentParser, what: str) -> None:
    """Into the browser."""
    parser.add_argument("--open", action="store_true", help=f"open {what} in the browser afterwards")
    parser.add_argument("--preview", action="store_true", help="show each picture in the terminal, where that can")


def upscale(parser: argparse.ArgumentParser) -> None:
    """What becomes of a grid."""
    parser.add_argument("--upscale", metavar="TILES", help="upscale tiles of each grid: 1,3 or all")
