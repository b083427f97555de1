"""Where the pictures of a journal's jobs are wanted: a small file beside the journal, `jobs.db.runs`.

Rule 1: the journal alone is the truth about jobs. This file only says which folder and which number a run had for
them; without it, or with a broken one, `resume` numbers anew and takes the folder of the settings.
Rule 2: a job is struck out once its picture is saved, or never will be; so what stands here and is done was paid for,
and its process ended before the picture was on the disk.
Rule 3: only whoever has the journal open writes here: its lock covers both.

Everything here BLOCKS for the disk: call it in a thread.
"""

import json
from collections.abc import Collection, Mapping
from pathlib import Path

from attrs import frozen

from mjasync.flow import files


@frozen
class Mark:
    """What a run wanted for one job."""

    folder: Path
    #: Number of its prompt.
    number: int


def path_of(journal: str) -> Path:
    """Where the file is."""
    path = Path(journal).resolve()
    return path.with_name(f"{path.name}.runs")


def read(journal: str) -> dict[str, Mark]:
    """Return the marks by our id, oldest first. What cannot be read is left out."""
    try:
        lines = path_of(journal).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return {}
    return dict(found for found in map(_mark, lines) if found is not None)


def add(journal: str, marks: Mapping[str, Mark]) -> None:
    """Write more marks down. Raises OSError."""
    _write(journal, {**read(journal), **marks})


def strike(journal: str, jobs: Collection[str]) -> None:
    """Take these out, and the file with the last of them. Raises OSError."""
    known = read(journal)
    left = {job: mark for job, mark in known.items() if job not in jobs}
    if len(left) < len(known):
        _write(journal, left)


def _write(journal: str, marks: Mapping[str, Mark]) -> None:
    path = path_of(journal)
    if not marks:
        path.unlink(missing_ok=True)
        return
    lines = (
        json.dumps({"job": job, "folder": str(mark.folder), "number": mark.number}) + "\n"
        for job, mark in marks.items()
    )
    files.replace(path, "".join(lines).encode())


def _mark(line: str) -> tuple[str, Mark] | None:
    try:
        found = json.loads(line)
        return str(found["job"]), Mark(Path(str(found["folder"])), int(found["number"]))
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
