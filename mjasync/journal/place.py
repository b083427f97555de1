"""Where a journal may live: the folder, the file and the file system, looked at before anything is opened.

Rule 1: what another user could replace or read is refused, and so is a disk behind a network, where locks and
synchronising are promises of somebody else.
Rule 2: a file that is not ours is never touched, an empty one included.
"""

import os
import re
import stat
import sys
from pathlib import Path

from mjasync.errors import ConfigError, JournalCorrupt, JournalError
from mjasync.journal.schema import APPLICATION_ID

_MAGIC = b"SQLite format 3\0"
_MOUNTS = Path("/proc/self/mounts")
_NETWORK = re.compile(
    r"nfs\d?|cifs|smb\d?|smbfs|9p|afs|ncpfs|ceph|glusterfs|lustre|gpfs|beegfs|ocfs2|gfs2|virtiofs|vboxsf|fuse|fuse\..+"
)
_SALVAGE = "nothing was overwritten; copy it away, and get what is readable with: sqlite3 COPY .recover"


def corrupt(path: Path, why: str) -> JournalCorrupt:
    """The error for a file that cannot be trusted."""
    return JournalCorrupt(f"The journal {path} cannot be read.", why=why, hint=_SALVAGE)


def place_of(path: object) -> Path:
    """The absolute path that a user's words mean, `~` written out; raises `ConfigError` for what names no file."""
    text = os.fspath(path) if isinstance(path, str | os.PathLike) else path
    if not isinstance(text, str) or not text.strip() or "\0" in text:
        raise ConfigError(
            f"{path!r:.80} cannot name a journal.", hint="give the path of a file as text, such as journal='jobs.db'"
        )
    if text == ":memory:":
        raise ConfigError(
            "':memory:' is no journal that survives.", hint="leave journal= out: a pool keeps everything in memory then"
        )
    try:
        # `absolute` keeps the ".." of a path.
        return Path(os.path.abspath(Path(text).expanduser()))  # noqa: PTH100
    except RuntimeError as exc:
        raise ConfigError(
            f"The journal's path {text!r:.80} is not known.", why=str(exc)[:200], hint="write '~' out"
        ) from exc


def folder_of(path: Path) -> Path:
    """The journal's folder, made if only it is missing; raises `JournalError` for one that cannot be trusted."""
    folder = path.parent
    if not folder.exists():
        if not folder.parent.is_dir():
            raise JournalError(
                f"There is no folder {folder.parent}.", why="only the last part of a path is made", hint="make it first"
            )
        try:
            folder.mkdir(mode=0o700, exist_ok=True)
        except OSError as exc:
            raise unusable(path, exc) from exc
    mode = folder.stat().st_mode
    if not stat.S_ISDIR(mode):
        raise JournalError(f"{folder} is not a folder.", hint="choose another place for the journal")
    if sys.platform != "win32" and mode & stat.S_IWOTH and not mode & stat.S_ISVTX:
        raise JournalError(
            f"The journal's folder {folder} can be written by everybody.",
            why="anybody could replace the journal there",
            hint=f"chmod o-w {folder}, or choose another folder",
        )
    return folder


def unusable(path: Path, exc: Exception) -> JournalError:
    """The error for a place that the system does not let us use."""
    return JournalError(
        f"The journal {path} cannot be opened.",
        why=str(exc)[:200],
        hint="check that this user may write the file and its folder, and that the disk has room",
    )


def check_disk(path: Path, *, mounts: str | None = None) -> None:
    """Raise `JournalError` for a file system behind a network."""
    kind = file_system(path, _mounts() if mounts is None else mounts)
    if _NETWORK.fullmatch(kind):
        raise JournalError(
            f"The journal {path} would be on a network file system ({kind}).",
            why="locks and synchronising cannot be relied on there, and a lost write can mean a second charge",
            hint="put it on a local disk, or pass SQLiteJournal(path, allow_network=True) if you know better",
        )


def _mounts() -> str:
    try:
        return _MOUNTS.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:  # not Linux
        return ""


def file_system(path: Path, mounts: str) -> str:
    """Type of the file system that an absolute path is on, by the text of /proc/mounts; "" where it does not say."""
    found, depth = "", -1
    for line in mounts.splitlines():
        parts = line.split(" ")
        if len(parts) < 3:
            continue
        point = Path(re.sub(r"\\([0-7]{3})", lambda match: chr(int(match[1], 8)), parts[1]))
        # Of two at the same place the later one hides the earlier one.
        if len(point.parts) >= depth and path.is_relative_to(point):
            found, depth = parts[2], len(point.parts)
    return found


def check_file(path: Path) -> int:
    """The version that the file's head tells; raises for what is no journal of ours, before SQLite touches it."""
    status = path.lstat()
    if not stat.S_ISREG(status.st_mode):
        raise JournalError(f"{path} is not an ordinary file.", hint="choose another place for the journal")
    if sys.platform != "win32" and status.st_uid != os.geteuid():
        raise JournalError(
            f"The journal {path} belongs to another user.",
            why=f"its owner is {status.st_uid}, this process runs as {os.geteuid()}",
            hint="run as its owner, or choose another place",
        )
    if status.st_nlink > 1:
        raise JournalError(
            f"The journal {path} has a second name.",
            why="a lock beside one name does not hold for a hard link to the same file",
            hint="delete the other link",
        )
    with path.open("rb") as file:
        head = file.read(100)
    if not head:
        raise corrupt(path, "the file is empty, which no journal ever is")
    if len(head) < 100 or not head.startswith(_MAGIC) or int.from_bytes(head[68:72]) != APPLICATION_ID:
        raise corrupt(path, "by its first bytes it is no journal of mjasync")
    if head[18:20] != b"\1\1":
        raise corrupt(path, "another program changed how it is written, or a bit of its head is wrong")
    return int.from_bytes(head[60:64])


def beside(path: Path, ending: str) -> Path:
    """The file beside the journal with this after its name."""
    return path.with_name(path.name + ending)


def check_neighbours(path: Path) -> None:
    """Refuse a log of SQLite that belongs to no journal, or to another one."""
    if _size(beside(path, "-wal")):
        raise corrupt(path, f"{path.name}-wal is not ours: a journal never has one")
    if not path.exists() and _size(beside(path, "-journal")):
        raise corrupt(path, f"it is gone, and {path.name}-journal, half of its last change, is still there")


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def identity(path: Path) -> tuple[int, int] | None:
    """What tells a file from any that is put in its place; None if it is gone."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def synchronise(folder: Path) -> None:
    """Make a rename in this folder durable."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
