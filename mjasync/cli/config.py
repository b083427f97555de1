"""`mjasync config`: the effective settings and their sources; where settings are looked for; a file to begin with.

Rule 1: `init` never overwrites a file, and what it writes has no key in it.
"""

import os
from argparse import Namespace
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import wrap

from mjasync import ConfigError
from mjasync.cli import effective, output, report
from mjasync.cli.effective import Effective
from mjasync.cli.text import clean
from mjasync.settings import Settings, load, lock_folders
from mjasync.vocabulary import ACCOUNTS, FILE, OTHER_VARIABLES, TOP, Setting, variables

_PLAIN = "Settings of mjasync: argument, then environment, then this file, then default."
_WIDTH = 100


def config(arguments: Namespace) -> int:
    """Do what was asked for, and return the exit code."""
    return _ACTIONS[arguments.action](arguments)


def _show(arguments: Namespace) -> int:
    settings = load()
    if arguments.json:
        output.say(report.as_text(as_json(settings)))
        return report.OK
    rows = [*effective.top(settings), *(each for _, own in effective.accounts(settings) for each in own)]
    for line in _table(rows):
        output.say(line)
    if not settings.accounts:
        output.tell(f"accounts  none: no key is set; `mjasync config init` writes a {FILE} to begin with")
    return report.OK


def as_json(settings: Settings) -> dict[str, object]:
    """Return the effective settings as a JSON document."""
    own = [each for _, mine in effective.accounts(settings) for each in mine]
    told = [{"name": row.name, "value": row.value, "source": row.source} for row in (*effective.top(settings), *own)]
    return {"type": "config", "file": _file(), "settings": told, "accounts": len(settings.accounts)}


def _file() -> str | None:
    return str(Path(FILE).absolute()) if Path(FILE).exists() else None


def _table(rows: list[Effective]) -> list[str]:
    cells = [(row.name, _value(row.value), row.source) for row in rows]
    widths = [max(len(cell[column]) for cell in cells) for column in (0, 1)]
    return [f"{name:<{widths[0]}}  {value:<{widths[1]}}  {source}" for name, value, source in cells]


def _value(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(value)
    if isinstance(value, bool):
        return str(value).lower()
    return "–" if value is None else clean(value, 80) or '""'


def _path(arguments: Namespace) -> int:
    """Where everything is looked for. It reads no settings, so that it helps where they cannot be read."""
    there = _file()
    set_now = [name for name in variables() if os.environ.get(name)]
    folders = [str(folder) for folder in lock_folders()]
    if arguments.json:
        path = str(Path(FILE).absolute())
        told = {"type": "config-path", "file": path, "exists": there is not None}
        output.say(report.as_text({**told, "variables": set_now, "locks": folders}))
        return report.OK
    output.say(f"file       {Path(FILE).absolute()}{'' if there else ' (not there)'}")
    output.say(f"variables  {', '.join(set_now) or 'none is set'}")
    output.say(f"locks      {', or '.join(folders)}")
    output.tell("The file is looked for in the current folder only; variables go before it, and options before both.")
    return report.OK


def _init(arguments: Namespace) -> int:
    path = Path(FILE).absolute()
    try:
        # For this user alone: somebody may write a key into it after all.
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise ConfigError(
            f"{path} is there already.", why="it is never overwritten", hint="edit it, or move it away first"
        ) from None
    except OSError as exc:
        raise ConfigError(
            f"{path} cannot be written.",
            why=exc.strerror or type(exc).__name__,
            hint="go to a folder that you may write",
        ) from None
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
        file.write(template())
    if arguments.json:
        output.say(report.as_text({"type": "config-init", "file": str(path)}))
    else:
        output.say(str(path))
        output.tell("next      set the keys in the environment, take the # away from what you want, mjasync doctor")
    return report.OK


_ACTIONS: dict[str, Callable[[Namespace], int]] = {"show": _show, "path": _path, "init": _init}


def template() -> str:
    """Return a settings file in which everything is said and nothing is set."""
    return "\n".join(_template()) + "\n"


def _template() -> Iterator[str]:
    yield f"# {_PLAIN}"
    yield "# Everything here is a comment; take the # away from what you want. A key is better kept out of this file."
    yield ""
    for row in TOP:
        yield from _row(row)
    for table, rows in ACCOUNTS.items():
        yield f"# One account at {table}; with [[{table}]], several times, several accounts."
        yield f"#[{table}]"
        for row in rows:
            if row.name != "key":
                yield from _row(row, table)
    yield from (f"# ${name}: {about}" for name, about in OTHER_VARIABLES.items())


def _row(row: Setting, table: str = "") -> Iterator[str]:
    variable = row.variable(table)
    before = f" (before it: {' and '.join(filter(None, [row.option, variable]))})" if variable or row.option else ""
    yield from (f"# {line}" for line in wrap(f"{row.about[0].upper()}{row.about[1:]}{before}.", _WIDTH))
    yield f"#{row.name} = {row.example}"
    yield ""
