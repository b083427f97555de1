"""Pictures that wait to be sent, as files beside the journal, named after what is in them.

Rule 1: a file is whole or not there: written under another name, synchronised, renamed.
Rule 2: it is there before the row that refers to it, and goes after the last live job that does.
In the file's terms such a picture is its digest for when it has done its work, "@", and the SHA-256 of its file.
"""

import contextlib
import hashlib
import logging
import os
from collections.abc import Callable, Collection
from pathlib import Path

from mjasync.core.pictures import Picture, remembered
from mjasync.errors import MJError
from mjasync.journal.place import synchronise

_LOGGER = logging.getLogger("mjasync.journal")

#: A picture's bytes; it may block, and raise what mjasync raises.
Encode = Callable[[Picture], bytes]


class Pictures:
    """The folder; it is made with the first picture."""

    def __init__(self, folder: Path, encode: Encode | None = None) -> None:
        self._folder = folder
        self._encode = encode

    def keep(self, picture: Picture, *, exactly: bool) -> Picture:
        """The picture in the file's terms; its bytes are on the disk. BLOCKS; raises OSError."""
        if not picture.data and picture.source is None:
            return picture
        rest = remembered(picture, exactly=exactly)
        data = picture.data or self._encoded(picture)
        if not data:
            return rest
        name = hashlib.sha256(data).hexdigest()
        self._write(name, data)
        return Picture(digest=f"{rest.digest}@{name}", kind=rest.kind, size=rest.size)

    def _encoded(self, picture: Picture) -> bytes:
        """What cannot be encoded cannot be sent either: who tries it is told so."""
        try:
            return self._encode(picture) if self._encode else b""
        except MJError as exc:
            _LOGGER.warning("A picture of a job is not kept, for it cannot be sent either: %s", exc)
            return b""

    def _write(self, name: str, data: bytes) -> None:
        path = self._folder / name
        if path.exists():
            return
        if not self._folder.is_dir():
            self._folder.mkdir(mode=0o700)
            synchronise(self._folder.parent)
        part = path.with_suffix(".part")
        part.unlink(missing_ok=True)
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:  # noqa: PTH123  # with its mode
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
        synchronise(self._folder)

    def bring(self, picture: Picture, *, whole: bool) -> Picture:
        """The picture in this process's terms: with its bytes where it is wanted `whole` and they are still there."""
        digest, at, name = picture.digest.partition("@")
        if not at:
            return picture
        data = self._read(name) if whole else b""
        if data:
            return Picture(data=data, kind=picture.kind, size=picture.size)
        return Picture(digest=digest, kind=picture.kind, size=picture.size)

    def _read(self, name: str) -> bytes:
        try:
            data = (self._folder / name).read_bytes()
        except OSError as exc:
            _LOGGER.warning("A job's picture is gone (%s); it cannot be sent any more.", type(exc).__name__)
            return b""
        if hashlib.sha256(data).hexdigest() != name:
            _LOGGER.warning("A job's picture was changed on the disk; it cannot be sent any more.")
            return b""
        return data

    def drop(self, names: Collection[str]) -> None:
        """Delete these files. What cannot be deleted is told to the log, and tried again by the next `sweep`."""
        for name in names:
            self._delete(self._folder / name)

    def sweep(self, wanted: Collection[str]) -> None:
        """Delete every file but these."""
        with contextlib.suppress(FileNotFoundError):
            for path in self._folder.iterdir():
                if path.name not in wanted:
                    self._delete(path)

    def _delete(self, path: Path) -> None:
        try:
            path.unlink(missing_ok=True)
        except OSError as exc:
            _LOGGER.warning("%s is not needed any more and cannot be deleted: %s", path, exc)


def files_of(pictures: tuple[Picture, ...]) -> set[str]:
    """Names of the files that these pictures, in the file's terms, need."""
    return {picture.digest.partition("@")[2] for picture in pictures if "@" in picture.digest}
