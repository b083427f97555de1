"""What can be told of a journal from outside: is it there, whose is it now, would a pool open it.

Rule 1: nothing is made, locked, signed or changed. BLOCKS for the disk.
"""

import os
import sqlite3
from pathlib import Path

from attrs import frozen

from mjasync.errors import JournalBusy, JournalError, MJError
from mjasync.journal.faults import unopened
from mjasync.journal.lock import Lock
from mjasync.journal.place import beside, check_disk, check_file, check_neighbours, place_of
from mjasync.journal.schema import CURRENT


@frozen(kw_only=True)
class Survey:
    """How it stands with one journal."""

    #: The whole path; as it was given, where that names no file.
    path: str
    there: bool = False
    #: Version of its tables; 0 where there is no file, or none of ours.
    version: int = 0
    #: The version that this mjasync writes; an older file is copied and brought to it when a pool opens it.
    current: int = CURRENT.version
    #: How it is kept safe, and by which SQLite.
    kept: str = f"SQLite {sqlite3.sqlite_version}, journal_mode TRUNCATE, synchronous EXTRA"
    #: Who has it open now; None for nobody.
    holder: JournalBusy | None = None
    #: The first thing for which a pool would refuse it.
    trouble: MJError | None = None


def survey(path: str) -> Survey:
    """Look at the journal of this path. Raises nothing for what it finds."""
    try:
        place = place_of(path)
    except MJError as exc:
        return Survey(path=path, trouble=exc)
    try:
        return _surveyed(place)
    except MJError as exc:
        return Survey(path=str(place), there=place.exists(), trouble=exc)
    except (OSError, RuntimeError) as exc:  # links that lead in a circle
        return Survey(path=str(place), trouble=unopened(place, exc))


def _surveyed(place: Path) -> Survey:
    real = place.resolve()
    check_disk(real)
    check_neighbours(real)
    if not real.exists():
        return Survey(path=str(place), trouble=_no_room(real))
    holder = None
    try:
        Lock(beside(real, ".lock")).check()
    except JournalBusy as exc:
        holder = exc
    return Survey(path=str(place), there=True, version=check_file(real), holder=holder)


def _no_room(path: Path) -> MJError | None:
    """Why it could not be made there. Of its folders only the last one is made."""
    folder = path.parent if path.parent.exists() else path.parent.parent
    if folder.is_dir() and os.access(folder, os.W_OK | os.X_OK):
        return None
    return JournalError(
        f"The journal {path} cannot be made.",
        why=f"{folder} is not there, or not a folder that this user may write",
        hint="make the folder first, or choose another place",
    )
