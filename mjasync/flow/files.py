"""Files that are there whole, or not at all.

Rule 1: bytes are written aside, into a `.part` file that only this user may read, made durable, and then put in place
in one step; a process that dies on the way leaves a `.part` and nothing else.
Rule 2: a name that the user chose is replaced; a name that was generated never takes another file's place.
Rule 3: a link where the file should be is replaced, never followed.

Everything here BLOCKS for the disk: call it in a thread.
"""

import contextlib
import itertools
import os
import re
import secrets
import stat
import time
import unicodedata
from collections.abc import Iterable
from pathlib import Path

#: What every file and folder on its way is called, so that it can be told from the user's own.
PREFIX, SUFFIX = ".mjasync-", ".part"
#: Seconds after which a `.part` belongs to nobody any more.
STALE = 3600.0
#: Characters of a generated name.
NAME_LIMIT = 80
_TRIES = 10_000
#: Names that are devices on Windows, with any ending and in any case.
_DEVICE = re.compile(r"(con|prn|aux|nul|conin|conout|clock|com\d|lpt\d)(?![a-z0-9])", re.IGNORECASE)


def replace(path: Path, body: bytes) -> None:
    """Write `path`, which the user named: what was there is replaced. Raises OSError or ValueError."""
    part = _aside(path.parent, body)
    try:
        os.replace(part, path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    _settle(path.parent)


def create(names: Iterable[Path], body: bytes) -> Path:
    """Write under the first of these names, all in one folder, that is free, or that holds the same bytes already.

    Raises FileExistsError if none is, else OSError or ValueError.
    """
    candidates = iter(names)
    first = next(candidates)
    part = _aside(first.parent, body)
    try:
        for path in itertools.chain([first], candidates):
            try:
                place(part, path)
            except FileExistsError:
                if not holds(path, body):
                    continue
            return path
    finally:
        part.unlink(missing_ok=True)
    raise FileExistsError(f"every name like {first.name} is taken")


def place(part: Path, path: Path) -> None:
    """Put a whole file under a generated name; `part` may stay. Raises FileExistsError if the name is taken."""
    try:
        os.link(part, path, follow_symlinks=False)
    except FileExistsError:
        raise
    except (OSError, NotImplementedError):  # no hard links on this file system: as good as it gets
        if os.path.lexists(path):
            raise FileExistsError(f"{path.name} is taken") from None
        part.rename(path)
    _settle(path.parent)


def numbered(folder: Path, stem: str, ending: str) -> Iterable[Path]:
    """`cat.png`, `cat-2.png`, …: what a generated name may become."""
    for again in range(1, _TRIES):
        yield folder / (f"{stem}-{again}.{ending}" if again > 1 else f"{stem}.{ending}")


def safe(text: str) -> str:
    """A part of a generated name, made of `a-z0-9_-`: no path, no device, neither hidden nor an option."""
    plain = unicodedata.normalize("NFKC", text[: 16 * NAME_LIMIT])
    plain = re.sub(r"[^a-z0-9_-]+", "-", plain.lower()).strip("-_")[:NAME_LIMIT]
    return f"job-{plain}" if _DEVICE.match(plain) else plain or "job"


def sweep(folder: Path) -> None:
    """Take away what a process that died an hour ago or more had left on the way."""
    for part in folder.glob(f"{PREFIX}*{SUFFIX}"):
        with contextlib.suppress(OSError):
            found = part.lstat()
            if time.time() - found.st_mtime < STALE:
                continue
            if not stat.S_ISDIR(found.st_mode):
                part.unlink()
                continue
            for inside in part.iterdir():
                inside.unlink()
            part.rmdir()


def _aside(folder: Path, body: bytes) -> Path:
    """The bytes, durable, in a file of their own. It is private until it is whole, and then as the umask says."""
    part = folder / f"{PREFIX}{secrets.token_hex(8)}{SUFFIX}"
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    try:
        with os.fdopen(handle, "wb") as file:
            # The umask of a process can only be read by setting it, and other threads create files too.
            usual = stat.S_IMODE(os.fstat(handle).st_mode)
            part.chmod(0o600)
            file.write(body)
            file.flush()
            os.fsync(handle)
            part.chmod(usual)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return part


def holds(path: Path, body: bytes) -> bool:
    """Whether it is an ordinary file with just these bytes."""
    try:
        found = path.lstat()
        return stat.S_ISREG(found.st_mode) and found.st_size == len(body) and path.read_bytes() == body
    except OSError:
        return False


def _settle(folder: Path) -> None:
    """Make the new name durable too, where a folder can be made so."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
