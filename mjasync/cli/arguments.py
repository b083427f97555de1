"""What can be typed: commands and options, as argparse knows them."""

import argparse
from typing import Never

from mjasync import __version__
from mjasync.cli.usage import UsageError
from mjasync.sim import PROFILES

_CODES = (
    "exit codes: 0 all well, 1 some jobs failed, 2 usage, 3 configuration or key, 4 quota, 5 an outcome is unknown, "
    "130 interrupted. Keys come from MJASYNC_TTAPI_KEY, MJASYNC_MJPROXY_KEY or mjasync.toml, never from here."
)


class _Parser(argparse.ArgumentParser):
    """Complains the way everything here does."""

    def error(self, message: str) -> Never:
        more = "; a prompt of several words stands in quotes" if "unrecognized" in message else ""
        raise UsageError(
            f"{self.prog}: {message[:300]}.", why=self.format_usage().strip(), hint=f"{self.prog} --help{more}"
        )


def parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    top = _Parser(
        prog="mjasync", description="Midjourney-style image APIs, awaited.", epilog=_CODES, allow_abbrev=False
    )
    top.add_argument("--version", action="version", version=f"mjasync {__version__}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True, title="commands")

    demo = _command(commands, "demo", "run a batch against simulated providers, and show it on a contact sheet")
    _shared(demo)

    imagine = _command(commands, "imagine", "make a grid of four pictures from a prompt")
    imagine.add_argument("prompt", metavar="PROMPT", help="what the pictures show, in quotes")
    _shared(imagine)
    _work(imagine)

    batch = _command(commands, "batch", "make pictures for every prompt of a file")
    batch.add_argument("file", metavar="FILE", help=".txt (a prompt a line), .csv (header prompt,mode) or .jsonl")
    _shared(batch)
    _work(batch)
    batch.add_argument("--sheet", action="store_true", help="also write a contact sheet, index.html")

    sim = _command(commands, "sim", "serve the simulated providers on this machine until interrupted")
    sim.add_argument("--port", type=int, default=0, metavar="N", help="0 (default) takes a free one")
    sim.add_argument("--speed", type=float, default=60.0, metavar="X", help="time runs X times as fast (default 60)")
    sim.add_argument("--seed", type=int, default=7, metavar="N", help="the same seed tells the same story (default 7)")
    names = ", ".join(PROFILES)
    sim.add_argument(
        "--profile", choices=tuple(PROFILES), default="seed", metavar="NAME", help=f"how they are: {names}"
    )
    sim.add_argument("--json", action="store_true", help="print one JSON line: ttapi, mjproxy, key")
    return top


def _command(commands: "argparse._SubParsersAction[_Parser]", name: str, text: str) -> _Parser:
    return commands.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.", allow_abbrev=False)


def _shared(command: argparse.ArgumentParser) -> None:
    command.add_argument("--sim", action="store_true", help="use the built-in simulator: no key, no cost")
    command.add_argument("--speed", type=float, metavar="X", help="with the simulator: time runs X times as fast (60)")
    command.add_argument("--out", metavar="FOLDER", help="where pictures go (default: out)")
    command.add_argument("--json", action="store_true", help="print results as JSON")


def _work(command: argparse.ArgumentParser) -> None:
    command.add_argument("--mode", metavar="MODE", help="relax, fast (default) or turbo")
    command.add_argument("--upscale", metavar="TILES", help="upscale tiles of each grid: 1,3 or all")
