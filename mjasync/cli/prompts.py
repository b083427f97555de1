"""A prompts file as rows: `.txt` one prompt a line, `.csv` with a header, `.jsonl` one text or object a line.

Standard input, `-`, is read like a `.txt`.

Rule 1: the whole file is read and checked before anything is sent; every bad line is named with its number.
Rule 2: a prompt with `{a, b}` in it is several rows of one line.
Rule 3: nothing is guessed: an unknown column or field could be a misspelled `mode`, which costs money.
"""

import csv
import io
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from attrs import evolve, frozen

from mjasync import ConfigError, Mode, lint, permutations
from mjasync.cli.usage import UsageError, checked_mode, checked_prompt

#: So many bad lines are shown; the rest is counted.
SHOWN = 5
_FIELDS = ("prompt", "mode")
#: Standard input in place of a file, and what it is called.
STDIN, _STDIN_NAME = Path("-"), Path("<stdin>")


@frozen
class Row:
    """One line of a prompts file. `mode` is None where the line leaves it to the command."""

    line: int
    prompt: str
    mode: Mode | None = None

    def item(self) -> dict[str, Any]:
        """What `pool.batch` takes for this row."""
        return {"prompt": self.prompt} if self.mode is None else {"prompt": self.prompt, "mode": self.mode}


#: A row, or what is wrong with a line and its number.
_Found = Row | tuple[int, str]


def read(path: Path) -> tuple[Row, ...]:
    """Read and check a prompts file. Raises `UsageError` for whatever is wrong with it."""
    if path == STDIN:
        return _checked(_STDIN_NAME, tuple(_txt(_decoded(_STDIN_NAME, _piped()))))
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise UsageError(
            f"The prompts file {path.name!r} has the ending {path.suffix!r}.",
            why="the ending says how the file is to be read",
            hint=".txt (one prompt a line), .csv (a header with prompt and optional mode), .jsonl; - for standard input",
        )
    return _checked(path, tuple(reader(_decoded(path, _data(path)))))


def _piped() -> bytes:
    if sys.stdin is None:
        raise UsageError(
            "Standard input is closed.", why="- stands for it", hint="pipe prompts in, one a line, or name a file"
        )
    return sys.stdin.buffer.read()


def _data(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise UsageError(
            f"The prompts file {str(path)!r} does not exist.",
            why="there is no file of that name",
            hint="check the spelling and the current folder",
        ) from None
    except OSError as exc:
        raise UsageError(
            f"The prompts file {str(path)!r} cannot be read.",
            why=exc.strerror or type(exc).__name__,
            hint="give a file that you may read",
        ) from None


def _decoded(path: Path, data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        line = data[: exc.start].count(b"\n") + 1
        raise UsageError(
            f"The prompts file {str(path)!r} is not UTF-8.",
            why=f"line {line} has the byte 0x{data[exc.start]:02x}",
            hint="save it as UTF-8 (in Excel: 'CSV UTF-8')",
        ) from None


def _checked(path: Path, found: tuple[_Found, ...]) -> tuple[Row, ...]:
    bad = [item for item in found if not isinstance(item, Row)]
    if bad:
        lines = [f"line {number}: {complaint}" for number, complaint in bad[:SHOWN]]
        lines += [f"and {len(bad) - SHOWN} more"] if len(bad) > SHOWN else []
        raise UsageError(
            f"The prompts file {str(path)!r} has {len(bad)} bad line{'s' if len(bad) > 1 else ''}; nothing was sent.",
            why="; ".join(lines),
            hint="mend or remove the lines",
        )
    if not found:
        raise UsageError(
            f"The prompts file {str(path)!r} has no prompts.",
            why="blank lines, and in .txt lines that begin with #, do not count",
            hint="write one prompt a line",
        )
    return tuple(each for item in found if isinstance(item, Row) for each in expanded(item))


def expanded(row: Row) -> tuple[Row, ...]:
    """The rows that a prompt with `{a, b}` in it stands for. Raises `ConfigError` for too many, or a brace too few."""
    return tuple(evolve(row, prompt=prompt) for prompt in permutations(row.prompt))


def doubts(rows: Iterable[Row]) -> Iterator[str]:
    """What `lint` finds in prompts, with their lines."""
    for row in rows:
        yield from (f"line {row.line}: {finding}" for finding in lint(row.prompt))


def _txt(text: str) -> Iterator[_Found]:
    for number, line in _lines(text):
        if not line.startswith("#"):
            yield _row(number, {"prompt": line})


def _jsonl(text: str) -> Iterator[_Found]:
    for number, line in _lines(text):
        try:
            value = json.loads(line)
        except json.JSONDecodeError as exc:
            yield number, f"not JSON ({exc.msg} at character {exc.colno})"
        except (ValueError, RecursionError):
            yield number, "not JSON that can be used"
        else:
            yield _row(number, {"prompt": value} if isinstance(value, str) else value)


def _csv(text: str) -> Iterator[_Found]:
    table = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=_delimiter(text))
    header: tuple[str, ...] = ()
    number = 1
    try:
        for cells in table:
            if not any(cell.strip() for cell in cells):
                pass
            elif not header:
                header = tuple(cell.strip().lower() for cell in cells)
                complaint = _header_complaint(header)
                if complaint:
                    yield number, complaint
                    return
            elif len(cells) != len(header):
                hint = ": put a prompt with a comma in quotes" if len(cells) > len(header) else ""
                yield number, f"{len(cells)} cells where the header has {len(header)}{hint}"
            else:
                yield _row(number, {name: cell for name, cell in zip(header, cells, strict=True) if cell.strip()})
            number = table.line_num + 1
    except csv.Error as exc:
        yield number, f"not CSV ({exc})"


def _header_complaint(header: tuple[str, ...]) -> str:
    if "prompt" not in header:
        return f"the header needs a column 'prompt'; it has {', '.join(map(repr, header))[:200]}"
    if len(set(header)) < len(header):
        return "a column occurs twice"
    return _unknown(set(header))


def _delimiter(text: str) -> str:
    """A comma, or what stands around the word `prompt` in a header that a spreadsheet of another locale wrote."""
    match = re.search(r"[;\t]", text.lstrip().partition("\n")[0])
    return match[0] if match else ","


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Lines that are not blank, with their numbers; only line feeds count, so that numbers are an editor's."""
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield number, line.strip()


def _row(number: int, fields: object) -> _Found:
    """Check one line's fields."""
    if not isinstance(fields, Mapping):
        return number, 'neither a text nor an object like {"prompt": "a cat"}'
    complaint = _unknown(set(fields))
    if complaint:
        return number, complaint
    try:
        mode = fields.get("mode")
        row = Row(number, checked_prompt(fields.get("prompt", "")), None if mode is None else checked_mode(mode))
        expanded(row)
    except ConfigError as exc:
        return number, f"{exc.what.rstrip('.')}{f' ({exc.why})' if exc.why else ''}"
    return row


def _unknown(names: set[str]) -> str:
    for name in sorted(names - set(_FIELDS)):
        close = get_close_matches(name, _FIELDS, n=1)
        return f"{name!r} is not known" + (f", did you mean {close[0]!r}?" if close else "; there are prompt and mode")
    return ""


_READERS: Mapping[str, Callable[[str], Iterator[_Found]]] = {".txt": _txt, ".csv": _csv, ".jsonl": _jsonl}
