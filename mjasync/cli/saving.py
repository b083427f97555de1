"""Where a run's pictures go: the folder is there and can be written to before anything is sent.

Pictures and their JSON files are saved by `sheet.saving`, for the command line and the library alike.
"""

import tempfile
from pathlib import Path

from mjasync import ConfigError
from mjasync.cli.usage import UsageError
from mjasync.flow import files
from mjasync.sheet.saving import Picture, save, sidecar

__all__ = ["Picture", "prepare", "save", "sidecar", "write"]


def prepare(folder: Path, source: str) -> None:
    """Make the folder, and find out now whether files can be written there; `source` is where its name is from.

    What a run that was killed had left half done is taken away.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
        files.sweep(folder)
    except (OSError, ValueError) as exc:
        error = ConfigError if source not in ("argument", "default") else UsageError
        raise error(
            f"Pictures cannot be written to {str(folder)!r}; nothing was sent.",
            why=(exc.strerror if isinstance(exc, OSError) else None) or str(exc) or type(exc).__name__,
            hint="name a folder that you may write to: --out FOLDER"
            if error is UsageError
            else f"mend {source}, or name another folder with --out",
        ) from None


def write(path: Path, text: str) -> None:
    """Write a text file in one step: it is there whole, or as it was."""
    files.replace(path, text.encode())
