"""List the public names: `python docs/make_api.py > docs/api.md`."""

import inspect

import mjasync as mj

_HEAD = """# Public names

Made from the docstrings by `python docs/make_api.py > docs/api.md`; a test keeps it fresh. `help(mj.Pool.imagine)`
and your editor know the rest. For tests there is `mjasync.testing`, and the simulator is `mjasync.sim`.
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
        "Recovery",
        "Drain",
        "Stats",
        "AccountStats",
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
    "Free questions": ("PromptCheck", "AccountInfo", "ListedJob", "Snapshot"),
    "Words": ("Mode", "Phase", "Status", "Withdrawn", "Cancelled", "Abandoned"),
}


def _line(name: str) -> str:
    doc = inspect.getdoc(getattr(mj, name)) or ""
    return f"| `{name}` | {' '.join(doc.split(chr(10) * 2)[0].split())} |"


def render() -> str:
    """The whole page."""
    named = {name for names in _GROUPS.values() for name in names} | {"__version__"}
    groups = {**_GROUPS, "Errors": tuple(name for name in mj.__all__ if name not in named)}
    parts = [_HEAD]
    for title, names in groups.items():
        parts += [f"## {title}", "", "| name | what it is |", "|---|---|", *map(_line, names), ""]
    return "\n".join(parts).rstrip() + "\n"


if __name__ == "__main__":
    print(render(), end="")
