"""Write `docs/cli.md` from the parser, the table of shapes and a template: `python docs/make_cli.py > docs/cli.md`."""

import re
import runpy
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from mjasync import __version__
from mjasync.cli.arguments import parser
from mjasync.cli.grammar import Argument, Command, Takes, commands_of

DOCS = Path(__file__).parent
COMMANDS = commands_of(parser())
_MARK = re.compile(r"^<!-- (\w+) -->$", re.MULTILINE)
#: What the doctor says to somebody who has set a wrong key; a test holds the form of these lines against a real run.
_DOCTOR = f"""ok    python      mjasync {__version__} on CPython 3.11.7, Linux-6.1.0-x86_64-with-glibc2.36
ok    packages    aiohttp 3.14.5, attrs 26.1.0, cattrs 26.2.1, anyio 4.16.0, backoff 2.2.1
ok    extras      cli (rich 15.0.0), images (Pillow 13.0.0); not there: terminal (pictures in the terminal), otel (traces and metrics); pip install 'mjasync[terminal,otel]'
ok    sqlite      SQLite 3.40.1; journals are kept with journal_mode TRUNCATE and synchronous EXTRA, never with a WAL
ok    settings    mode=fast (default), journal=jobs.db (mjasync.toml), out=out (default); ./mjasync.toml is there
ok    account     ttapi: key ***9f3a (MJASYNC_TTAPI_KEY), https://api.ttapi.io (default), at most 10 jobs at once
bad   reach       ttapi: AuthError: TTAPI refused the key (HTTP 401).
        why   it said: {{"status":"FAILED","message":"Wrong TT-API-KEY"}}; asked at https://api.ttapi.io (modes relax, fast, turbo)
        do    check the key and the base_url; some midjourney-proxy servers want auth='mj-api-secret'
ok    clock       agrees with https://api.ttapi.io
ok    locks       ttapi is free on this computer; locks are in /home/me/.local/state/mjasync/locks
ok    journal     /home/me/jobs.db: version 1, 24 jobs, 0 not over, 0 unknown
ok    out         /home/me/out: 82.7 GB free
11 things looked at: 0 to know, 1 to mend"""


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _index() -> Iterator[str]:
    yield "| command | what it does |"
    yield "|---|---|"
    for command in COMMANDS:
        yield f"| [`{_typed(command)}`](#{_slug(command)}) | {_cell(command.about)} |"


def _typed(command: Command) -> str:
    return " ".join([command.name, *(place.typed for place in command.places)])


def _slug(command: Command) -> str:
    return f"mjasync-{command.name}"


def _commands() -> Iterator[str]:
    for number, command in enumerate(COMMANDS):
        yield from [""] if number else []
        yield f"### mjasync {command.name}"
        yield ""
        yield f"`mjasync {_typed(command)}`: {command.about}."
        if command.arguments:
            yield ""
            yield "| | meaning |"
            yield "|---|---|"
            yield from (f"| `{_cell(each.typed)}` | {_cell(_meaning(each))} |" for each in command.arguments)


def _meaning(argument: Argument) -> str:
    """Its help, with the choices that it does not name, and the group that it belongs to."""
    missing = [word for word in argument.choices if not re.search(rf"\b{re.escape(word)}\b", argument.about)]
    choices = f" ({', '.join(missing)})" if argument.takes is Takes.CHOICE and missing else ""
    group = f"; {argument.group}" if argument.group else ""
    return f"{argument.about}{choices}{group}"


def _shapes() -> Iterator[str]:
    shapes = runpy.run_path(str(DOCS / "shapes.py"))["SHAPES"]
    for number, (kind, (about, fields)) in enumerate(shapes.items()):
        yield from [""] if number else []
        yield f"**`{kind}`**: {about}"
        yield ""
        yield "| field | |"
        yield "|---|---|"
        yield f'| `type` | `"{kind}"` |'
        yield from (f"| `{name}` | {meaning} |" for name, meaning in fields.items())


_PARTS: Mapping[str, Callable[[], Iterator[str]]] = {
    "index": _index,
    "commands": _commands,
    "shapes": _shapes,
    "doctor": lambda: iter(_DOCTOR.splitlines()),
}


def render() -> str:
    """The whole page."""
    template = (DOCS / "templates" / "cli.md").read_text(encoding="utf-8")
    return _MARK.sub(lambda found: "\n".join(_PARTS[found[1]]()), template)


if __name__ == "__main__":
    print(render(), end="")
