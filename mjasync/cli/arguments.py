"""What can be typed: commands and options, as argparse knows them.

Rule 1: a key is no option, under any name: a command line is read by others, and remembered.
Rule 2: what was typed wrong is told in three parts, as everything here.
"""

import argparse
from collections.abc import Iterator, Sequence

from mjasync import __version__
from mjasync.cli import making, options
from mjasync.cli.options import JOB, Commands, Parser
from mjasync.cli.usage import UsageError
from mjasync.sim import PROFILES

_CODES = (
    "exit codes: 0 all well, 1 some jobs failed, 2 usage, 3 configuration, key or journal, 4 quota, 5 an outcome is "
    "unknown, 130 interrupted (143 by SIGTERM). Keys come from MJASYNC_TTAPI_KEY, MJASYNC_MJPROXY_KEY or mjasync.toml, "
    "never from here."
)
_KEYS = ("--key", "--api-key", "--apikey", "--token", "--secret", "--ttapi-key", "--mjproxy-key")
#: In which order a new user meets the commands; one that is named nowhere here comes last.
_GROUPS = {
    "to begin": ("demo", "doctor", "config", "completion", "sim"),
    "make pictures": ("imagine", "batch", "blend"),
    "go on from a picture": ("press", "inpaint"),
    "find words": ("describe", "shorten", "check"),
    "jobs that were kept (--journal)": ("jobs", "show", "resume", "reconcile", "ledger"),
}


def parse(words: Sequence[str]) -> argparse.Namespace:
    """Return what was typed. Raises `UsageError`, and `SystemExit` once help or version were printed."""
    before = words[: words.index("--")] if "--" in words else words
    if any(word.lower().partition("=")[0] in _KEYS for word in before):
        raise UsageError(
            "A key is never taken from the command line.",
            why="every program on this machine can read it there, and the shell remembers it",
            hint="set MJASYNC_TTAPI_KEY or MJASYNC_MJPROXY_KEY, or key_env in mjasync.toml; get a new key if this one "
            "was real",
        )
    top = parser()
    typed, extra = top.parse_known_args(words)
    if extra:
        top.commands.choices[typed.command].unknown(extra)
    return typed


def parser() -> "Top":
    """Return the parser of the whole command line."""
    top = Top(
        prog="mjasync",
        description="Midjourney-style image APIs, awaited. Each command has its own --help.",
        epilog=_CODES,
        allow_abbrev=False,
    )
    top.add_argument("--version", action="version", version=f"mjasync {__version__}")
    commands = top.commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True, parser_class=Parser)
    making.pictures(commands)
    making.steps(commands)
    making.words(commands)
    _going_on(commands)
    _reading(commands)
    _upkeep(commands)
    _sim(commands)
    return top


class Top(Parser):
    """Its help has the commands in groups, which argparse cannot do."""

    commands: Commands

    def format_help(self) -> str:
        """Return usage, commands by group, options, exit codes."""
        pages = self._get_formatter()
        pages.add_usage(self.usage, self._actions, self._mutually_exclusive_groups)
        pages.add_text(self.description)
        for title, names in self._groups():
            lines = [each for each in self.commands._choices_actions if each.dest in names]  # noqa: SLF001
            pages.start_section(title)
            pages.add_arguments(sorted(lines, key=lambda each: names.index(each.dest)))
            pages.end_section()
        pages.start_section("options")
        pages.add_arguments([each for each in self._actions if each is not self.commands])
        pages.end_section()
        pages.add_text(self.epilog)
        return pages.format_help()

    def _groups(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        yield from _GROUPS.items()
        known = {name for names in _GROUPS.values() for name in names}
        more = tuple(name for name in self.commands.choices if name not in known)
        if more:
            yield "more", more


def _going_on(commands: Commands) -> None:
    resume = options.command(
        commands, "resume", "go on with what earlier runs left in the journal, and save its pictures"
    )
    options.journal(resume, "where the jobs are")
    resume.add_argument("--out", metavar="FOLDER", help="where pictures go (default: where their run wanted them)")
    resume.add_argument("--no-held", action="store_true", help="leave what was never sent asleep: send nothing")
    options.budget(resume)
    options.as_json(resume)

    reconcile = options.command(
        commands, "reconcile", "decide about a job of which nobody knows whether it was accepted"
    )
    reconcile.add_argument("job", metavar="JOB", help=JOB)
    decision = reconcile.add_argument_group("the decision (without one: what is known, and what it may have become)")
    decision.add_argument("--adopt", metavar="ID", help="it became the provider's job of this id")
    decision.add_argument("--declare-lost", action="store_true", help="it became nothing, or nobody wants it")
    decision.add_argument("--resubmit", action="store_true", help="send it again, as a new job")
    decision.add_argument(
        "--accept-double-charge", action="store_true", help="with --resubmit: you may pay twice, and accept that"
    )
    options.journal(reconcile, "where the job is")
    options.as_json(reconcile)


def _reading(commands: Commands) -> None:
    """Commands that take no lock and need no key."""
    jobs = options.command(
        commands, "jobs", "list the jobs of a journal, the newest first; also while a pool is open on it"
    )
    jobs.add_argument("--late", action="store_true", help="only those whose result came after their deadline or end")
    jobs.add_argument("--unknown", action="store_true", help="only those of unknown fate")
    jobs.add_argument("--limit", type=int, default=50, metavar="N", help="at most so many (default 50)")
    show = options.command(commands, "show", "tell the story of a job: what happened when, what it cost, what is to do")
    show.add_argument("job", metavar="JOB", help=JOB)
    ledger = options.command(commands, "ledger", "what was spent, is reserved and may have been charged, by account")
    for command in (jobs, show, ledger):
        options.journal(command, "where the jobs are")
        options.as_json(command)


def _examination(commands: Commands) -> None:
    """`doctor`, which cannot cost anything."""
    doctor = options.command(
        commands, "doctor", "is everything well: versions, keys, settings, providers, clock, journal, disk"
    )
    doctor.add_argument("--offline", action="store_true", help="send nothing: look at this machine only")
    doctor.add_argument("--sim", action="store_true", help="ask the built-in simulator instead of your providers")
    doctor.add_argument(
        "--hook",
        nargs="?",
        const="",
        metavar="URL",
        help="call a receiver by this public_url; with --sim none is needed",
    )
    doctor.add_argument(
        "--port",
        type=int,
        default=8787,
        metavar="PORT",
        help="where that receiver listens on this machine (default 8787)",
    )
    doctor.add_argument("--out", metavar="FOLDER", help="where pictures would go (default: out)")
    options.journal(doctor, "where the jobs are")
    options.as_json(doctor)


def _upkeep(commands: Commands) -> None:
    """Commands about this machine; none of them can cost anything."""
    _examination(commands)
    config = options.command(
        commands, "config", "the effective settings and where each comes from; a file to begin with"
    )
    config.add_argument(
        "action",
        nargs="?",
        choices=("show", "path", "init"),
        default="show",
        metavar="ACTION",
        help="show (default): the settings; path: where they are looked for; init: write a commented mjasync.toml",
    )
    options.as_json(config)

    completion = options.command(
        commands, "completion", "print a script that lets a shell complete commands and options"
    )
    completion.add_argument("shell", choices=("bash", "zsh", "fish"), metavar="SHELL", help="bash, zsh or fish")


def _sim(commands: Commands) -> None:
    sim = options.command(commands, "sim", "serve the simulated providers on this machine until interrupted")
    sim.add_argument("--port", type=int, default=0, metavar="N", help="0 (default) takes a free one")
    sim.add_argument("--speed", type=float, default=60.0, metavar="X", help="time runs X times as fast (default 60)")
    sim.add_argument("--seed", type=int, default=7, metavar="N", help="the same seed tells the same story (default 7)")
    names = ", ".join(PROFILES)
    sim.add_argument(
        "--profile", choices=tuple(PROFILES), default="seed", metavar="NAME", help=f"how they are: {names}"
    )
    sim.add_argument("--json", action="store_true", help="print one JSON line: ttapi, mjproxy, key")
