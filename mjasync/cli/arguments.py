"""What can be typed: commands and options, as argparse knows them.

Rule 1: a key is no option, under any name: a command line is read by others, and remembered.
Rule 2: what was typed wrong is told in three parts, as everything here.
"""

import argparse
from collections.abc import Sequence
from typing import Never, TypeAlias

from mjasync import __version__
from mjasync.cli.usage import UsageError
from mjasync.sim import PROFILES

_CODES = (
    "exit codes: 0 all well, 1 some jobs failed, 2 usage, 3 configuration, key or journal, 4 quota, 5 an outcome is "
    "unknown, 130 interrupted (143 by SIGTERM). Keys come from MJASYNC_TTAPI_KEY, MJASYNC_MJPROXY_KEY or mjasync.toml, "
    "never from here."
)
_KEYS = ("--key", "--api-key", "--apikey", "--token", "--secret", "--ttapi-key", "--mjproxy-key")
_JOB = "our id (its beginning is enough), or account:remote_id"


class _Parser(argparse.ArgumentParser):
    """Complains the way everything here does."""

    def error(self, message: str) -> Never:
        more = "; a prompt of several words stands in quotes" if "unrecognized" in message else ""
        raise UsageError(
            f"{self.prog}: {message[:300]}.", why=self.format_usage().strip(), hint=f"{self.prog} --help{more}"
        )


_Commands: TypeAlias = "argparse._SubParsersAction[_Parser]"  # noqa: SLF001  # it has no other name


def parse(words: Sequence[str]) -> argparse.Namespace:
    """Return what was typed. Raises `UsageError`, and `SystemExit` once help or version were printed."""
    options = words[: words.index("--")] if "--" in words else words
    if any(word.lower().partition("=")[0] in _KEYS for word in options):
        raise UsageError(
            "A key is never taken from the command line.",
            why="every program on this machine can read it there, and the shell remembers it",
            hint="set MJASYNC_TTAPI_KEY or MJASYNC_MJPROXY_KEY, or key_env in mjasync.toml; get a new key if this one "
            "was real",
        )
    return parser().parse_args(words)


def parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    top = _Parser(
        prog="mjasync", description="Midjourney-style image APIs, awaited.", epilog=_CODES, allow_abbrev=False
    )
    top.add_argument("--version", action="version", version=f"mjasync {__version__}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True, title="commands")
    _paying(commands)
    _going_on(commands)
    _reading(commands)
    _upkeep(commands)
    _sim(commands)
    return top


def _paying(commands: _Commands) -> None:
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


def _going_on(commands: _Commands) -> None:
    resume = _command(commands, "resume", "go on with what earlier runs left in the journal, and save its pictures")
    _journal(resume, "where the jobs are")
    resume.add_argument("--out", metavar="FOLDER", help="where pictures go (default: where their run wanted them)")
    resume.add_argument("--no-held", action="store_true", help="leave what was never sent asleep: send nothing")
    _json(resume)

    reconcile = _command(commands, "reconcile", "decide about a job of which nobody knows whether it was accepted")
    reconcile.add_argument("job", metavar="JOB", help=_JOB)
    decision = reconcile.add_argument_group("the decision (without one: what is known, and what it may have become)")
    decision.add_argument("--adopt", metavar="ID", help="it became the provider's job of this id")
    decision.add_argument("--declare-lost", action="store_true", help="it became nothing, or nobody wants it")
    decision.add_argument("--resubmit", action="store_true", help="send it again, as a new job")
    decision.add_argument(
        "--accept-double-charge", action="store_true", help="with --resubmit: you may pay twice, and accept that"
    )
    _journal(reconcile, "where the job is")
    _json(reconcile)


def _reading(commands: _Commands) -> None:
    """Commands that take no lock and need no key."""
    jobs = _command(commands, "jobs", "list the jobs of a journal, the newest first; also while a pool is open on it")
    jobs.add_argument("--late", action="store_true", help="only those whose result came after their deadline or end")
    jobs.add_argument("--unknown", action="store_true", help="only those of unknown fate")
    jobs.add_argument("--limit", type=int, default=50, metavar="N", help="at most so many (default 50)")
    show = _command(commands, "show", "tell the story of a job: what happened when, what it cost, what is to do")
    show.add_argument("job", metavar="JOB", help=_JOB)
    ledger = _command(commands, "ledger", "what was spent, is reserved and may have been charged, by account")
    for command in (jobs, show, ledger):
        _journal(command, "where the jobs are")
        _json(command)


def _upkeep(commands: _Commands) -> None:
    """Commands about this machine; none of them can cost anything."""
    doctor = _command(
        commands, "doctor", "is everything well: versions, keys, settings, providers, clock, journal, disk"
    )
    doctor.add_argument("--offline", action="store_true", help="send nothing: look at this machine only")
    doctor.add_argument("--sim", action="store_true", help="ask the built-in simulator instead of your providers")
    doctor.add_argument("--out", metavar="FOLDER", help="where pictures would go (default: out)")
    _journal(doctor, "where the jobs are")
    _json(doctor)

    config = _command(commands, "config", "the effective settings and where each comes from; a file to begin with")
    config.add_argument(
        "action",
        nargs="?",
        choices=("show", "path", "init"),
        default="show",
        metavar="ACTION",
        help="show (default): the settings; path: where they are looked for; init: write a commented mjasync.toml",
    )
    _json(config)

    completion = _command(commands, "completion", "print a script that lets a shell complete commands and options")
    completion.add_argument("shell", choices=("bash", "zsh", "fish"), metavar="SHELL", help="bash, zsh or fish")


def _sim(commands: _Commands) -> None:
    sim = _command(commands, "sim", "serve the simulated providers on this machine until interrupted")
    sim.add_argument("--port", type=int, default=0, metavar="N", help="0 (default) takes a free one")
    sim.add_argument("--speed", type=float, default=60.0, metavar="X", help="time runs X times as fast (default 60)")
    sim.add_argument("--seed", type=int, default=7, metavar="N", help="the same seed tells the same story (default 7)")
    names = ", ".join(PROFILES)
    sim.add_argument(
        "--profile", choices=tuple(PROFILES), default="seed", metavar="NAME", help=f"how they are: {names}"
    )
    sim.add_argument("--json", action="store_true", help="print one JSON line: ttapi, mjproxy, key")


def _command(commands: _Commands, name: str, text: str) -> _Parser:
    return commands.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.", allow_abbrev=False)


def _shared(command: argparse.ArgumentParser) -> None:
    command.add_argument("--sim", action="store_true", help="use the built-in simulator: no key, no cost")
    command.add_argument("--speed", type=float, metavar="X", help="with the simulator: time runs X times as fast (60)")
    command.add_argument("--out", metavar="FOLDER", help="where pictures go (default: out)")
    _journal(command, "keep the jobs in this file, so that `resume` can go on with them; made if it is not there")
    _json(command)


def _work(command: argparse.ArgumentParser) -> None:
    command.add_argument("--mode", metavar="MODE", help="relax, fast (default) or turbo")
    command.add_argument("--upscale", metavar="TILES", help="upscale tiles of each grid: 1,3 or all")


def _journal(command: argparse.ArgumentParser, text: str) -> None:
    command.add_argument("--journal", metavar="PATH", help=f"{text} (else MJASYNC_JOURNAL, or mjasync.toml)")


def _json(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help="print results as JSON")
