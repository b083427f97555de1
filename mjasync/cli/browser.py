"""What `--open` shows: the contact sheet, else the last picture, in the browser of whoever typed it."""

import webbrowser
from pathlib import Path

from mjasync.cli import output
from mjasync.cli.report import Report


def show(whole: Report) -> None:
    """Open it. BLOCKS for a browser that runs in the terminal."""
    path = chosen(whole)
    if path is None:
        output.tell("open      there is nothing to open")
        return
    if not _opened(path):
        output.tell(f"open      no browser was found; open {path} yourself, or set BROWSER")


def chosen(whole: Report) -> Path | None:
    """Return the sheet if there is one, else the last picture that was saved."""
    files = [picture.file for end in whole.ends for picture in end.pictures]
    return whole.sheet or (whole.out / files[-1] if files else None)


def _opened(path: Path) -> bool:
    try:
        return webbrowser.open(path.resolve().as_uri())
    except (webbrowser.Error, OSError):
        return False
