"""The `mjasync` command: from words to an exit code."""

import asyncio
import logging
import sys
from argparse import Namespace
from collections.abc import Callable, Sequence
from contextlib import suppress

from mjasync import MJError
from mjasync.cli import (
    arguments,
    bill,
    buttons,
    checking,
    commands,
    completion,
    config,
    deciding,
    doctor,
    listing,
    output,
    report,
    resume,
    simulator,
    steps,
    story,
)
from mjasync.cli.perform import perform
from mjasync.cli.task import Task
from mjasync.cli.usage import UsageError, checked_speed

_TASKS: dict[str, Callable[[Namespace], Task]] = {
    "demo": commands.demo,
    "imagine": commands.imagine,
    "batch": commands.batch,
    "blend": commands.blend,
    "describe": commands.describe,
    "shorten": commands.shorten,
    "press": steps.press,
    "inpaint": steps.inpaint,
}
#: Commands that only read, and end by themselves.
_READING: dict[str, Callable[[Namespace], int]] = {
    "jobs": listing.jobs,
    "show": story.show,
    "ledger": bill.ledger,
    "config": config.config,
    "completion": completion.completion,
}
_LAST_PORT = 65535
_SILENT = logging.NullHandler()


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command, and return its exit code. `argv` is the process's own by default."""
    words = list(sys.argv[1:] if argv is None else argv)
    # Whatever the library logs about jobs is told here in the command's own words.
    logging.getLogger("mjasync").addHandler(_SILENT)
    output.begin()
    return output.verdict(_code(words))


def _code(words: list[str]) -> int:
    try:
        return _command(arguments.parse(words))
    except SystemExit as exc:  # --help and --version have printed what they had to say
        return exc.code if isinstance(exc.code, int) else report.OK
    except MJError as exc:
        output.tell(report.explain(exc))
        if "--json" in words:
            output.say(report.as_text({"type": "error", **report.fault(exc)}))
        return report.exit_code([exc])
    except KeyboardInterrupt:
        output.tell("Interrupted.")
        return report.INTERRUPTED


def _command(typed: Namespace) -> int:
    if typed.command == "doctor":
        return asyncio.run(doctor.doctor(typed))
    if typed.command == "sim":
        return _sim(typed)
    if typed.command in _READING:
        return _READING[typed.command](typed)
    if typed.command == "resume":
        return asyncio.run(resume.resume(resume.checked(typed)))
    if typed.command == "reconcile":
        return asyncio.run(deciding.reconcile(deciding.checked(typed)))
    if typed.command == "check":
        return asyncio.run(checking.check(checking.checked(typed)))
    if typed.command == "press" and typed.action is None:
        return asyncio.run(buttons.buttons(typed))
    return asyncio.run(perform(_TASKS[typed.command](typed)))


def _sim(typed: Namespace) -> int:
    """Serve until Ctrl-C, which is how it is meant to end."""
    if not 0 <= typed.port <= _LAST_PORT:
        raise UsageError(
            f"--port {typed.port} cannot be used.",
            why="it is no port of this machine",
            hint="0 takes a free port; else 1 to 65535",
        )
    speed = checked_speed(typed.speed)
    with suppress(KeyboardInterrupt):
        asyncio.run(
            simulator.forever(port=typed.port, speed=speed, seed=typed.seed, as_json=typed.json, profile=typed.profile)
        )
    return report.OK
