"""Write the reference of all public names: `python docs/make_api.py > docs/api.md`."""

import inspect
import runpy
from pathlib import Path

import mjasync as mj
from mjasync import events, sim, testing
from mjasync.flow import requests, verbs

_HEAD = """# Public names

Made from the docstrings by `python docs/make_api.py > docs/api.md`; a test keeps it fresh. `help(mj.Pool.imagine)`
and your editor know the same. `await` before a signature marks a coroutine; a verb without it returns at once.
"""
_GROUPS = {
    "Opening": (
        "Pool",
        "TTAPI",
        "MJProxy",
        "Account",
        "SQLiteJournal",
        "Timeouts",
        "Looking",
        "Hooks",
        "HookCounts",
        "Recovery",
        "Drain",
        "run",
        "sync",
        "Stats",
        "AccountStats",
        "Eta",
    ),
    "Money": ("Ledger", "AccountLedger", "Estimate"),
    "Jobs and what they bring": (
        "Job",
        "JobEvent",
        "Result",
        "Step",
        "Batch",
        "Outcome",
        "Ticket",
        "Action",
        "ImageURL",
        "show",
    ),
    "Prompts and pictures": ("Prompt", "lint", "Finding", "PromptWarning", "permutations", "draw_mask"),
    "On disk": ("save_sheet", "read_sheet", "ContactSheet", "SheetCard", "read_metadata", "PictureFacts"),
    "Free questions": ("PromptCheck", "AccountInfo", "ListedJob", "Snapshot"),
    "Words": ("Mode", "Phase", "Status", "Withdrawn", "Cancelled", "Abandoned"),
}


_UNPACKED = """`**options: Unpack[ImagineOptions]` in a signature means these keyword arguments, all of them optional. An option
that the account's provider has no such thing for is refused with a `ConfigError`, unsent."""


def _elsewhere() -> dict[str, dict[str, object]]:
    """What has a room of its own, by the words that import it."""
    return {
        "mjasync.testing": {name: getattr(testing, name) for name in testing.__all__},
        "mjasync.events": {name: thing for name in events.__all__ if inspect.isclass(thing := getattr(events, name))},
        "mjasync.sim": {name: getattr(sim, name) for name in ("World", "serve")},
    }


#: What the options of verbs are called in signatures; nothing to import.
_OPTIONS = (verbs.StepOptions, requests.RequestOptions, requests.ImagineOptions)


def groups() -> dict[str, tuple[str, ...]]:
    """Title → names of the front door, all of them."""
    named = {name for names in _GROUPS.values() for name in names} | {"__version__"}
    return {**_GROUPS, "Errors": tuple(name for name in mj.__all__ if name not in named)}


def _line(name: str) -> str:
    doc = inspect.getdoc(getattr(mj, name)) or ""
    return f"| [`{name}`](#{name.lower()}) | {' '.join(doc.split(chr(10) * 2)[0].split())} |"


def render() -> str:
    """The whole page."""
    entries = runpy.run_path(str(Path(__file__).parent / "entries.py"))["entry"]
    lines = [_HEAD]
    for title, names in groups().items():
        lines += [f"## {title}", "", "| name | what it is |", "|---|---|", *map(_line, names), ""]
        if title == "Errors":
            lines += ["Each has its cause and its cure in [errors](errors.md).", ""]
        for name in names:
            lines += entries(name, getattr(mj, name))
    lines += ["## Options of the verbs", "", _UNPACKED, ""]
    for options in _OPTIONS:
        lines += entries(options.__name__, options)
    for room, things in _elsewhere().items():
        lines += [f"## From {room}", ""]
        for name, thing in things.items():
            lines += entries(name, thing, room=f"{room.rpartition('.')[2]}.", brief=thing in vars(events).values())
    return "\n".join(lines).rstrip() + "\n"


if __name__ == "__main__":
    print(render(), end="")
