"""Back from disk: the facts in a picture, and what a contact sheet shows.

Rule 1: a file is read, never obeyed: what is not ours or was changed is None or a ConfigError.
"""

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from attrs import field, frozen

from mjasync.core.facts import PictureFacts, facts_from, facts_in
from mjasync.errors import ConfigError
from mjasync.sheet.page import SCHEMA

_BLOCK = re.compile(r'<script type="application/json" id="facts">(.*?)</script>', re.DOTALL)


@frozen(kw_only=True)
class SheetCard:
    """One card of a contact sheet that was read back: a prompt, and the pictures that came of it."""

    #: Its place on the sheet, from 1.
    number: int
    #: What was asked for in the beginning.
    prompt: str
    #: `fast`, `relax` or `turbo`.
    mode: str
    #: True if nothing went wrong.
    ok: bool
    #: What went wrong, in words for people; "" if nothing did.
    trouble: str
    #: What a describe or shorten brought.
    texts: tuple[str, ...]
    #: The first one first; `file` is a name in the folder of the sheet.
    pictures: tuple[PictureFacts, ...]


@frozen(kw_only=True)
class ContactSheet:
    """A contact sheet that was read back (`read_sheet`)."""

    #: Of the page.
    path: Path
    #: As the page has it.
    title: str
    #: `mjasync` and the version that wrote it.
    software: str
    #: In the order of the page.
    cards: tuple[SheetCard, ...]
    #: Figures of the run, as `mjasync batch --json` ends with; `save_sheet` has a few only.
    summary: Mapping[str, Any] = field(repr=False)

    @property
    def pictures(self) -> tuple[PictureFacts, ...]:
        """All pictures, card by card."""
        return tuple(picture for card in self.cards for picture in card.pictures)


def read_metadata(picture: str | Path | bytes) -> PictureFacts | None:
    """The facts that mjasync wrote into a picture (a path or its bytes); None where there are none, or not of ours.

    BLOCKS for the disk. They are what the file says: anybody could have written them. Raises `ConfigError` for a file
    that cannot be read.
    """
    return facts_in(picture if isinstance(picture, bytes) else _read(Path(picture), "picture"))


def read_sheet(path: str | Path) -> ContactSheet:
    """What a contact sheet shows, from the page or its folder (`index.html` there). BLOCKS for the disk.

    Raises `ConfigError` for a file that cannot be read, or is no sheet of this form.
    """
    where = Path(path) / "index.html" if os.path.isdir(path) else Path(path)  # noqa: PTH112  # never raises
    block = _BLOCK.search(_read(where, "contact sheet").decode("utf-8", "replace"))
    try:
        document = json.loads(block[1]) if block else None
        if not isinstance(document, dict) or document.get("schema") != SCHEMA:
            raise ValueError("it is another form")  # all that is wrong with it ends as one error
        return ContactSheet(
            path=where,
            title=_is(str, document["title"]),
            software=_is(str, document["software"]),
            summary=_is(dict, document["summary"]),
            cards=tuple(_card(card) for card in _is(list, document["cards"])),
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        raise ConfigError(
            f"{str(where)[:200]!r} is no contact sheet that this version reads.",
            why=f"it has no block of the form {SCHEMA}, or one that was changed",
            hint="make it again: mjasync batch --sheet, or save_sheet",
        ) from None


def _card(document: Mapping[str, Any]) -> SheetCard:
    pictures = [facts_from(each) for each in _is(list, document["pictures"])]
    return SheetCard(
        number=_is(int, document["number"]),
        prompt=_is(str, document["prompt"]),
        mode=_is(str, document["mode"]),
        ok=_is(bool, document["ok"]),
        trouble=_is(str, document["trouble"]),
        texts=tuple(_is(str, text) for text in _is(list, document["texts"])),
        pictures=tuple(_is(PictureFacts, picture) for picture in pictures),
    )


def _is(kind: Any, value: Any) -> Any:
    if not isinstance(value, kind):
        raise TypeError("something else is there")
    return value


def _read(path: Path, what: str) -> bytes:
    try:
        return path.read_bytes()
    except (OSError, ValueError) as exc:
        why = getattr(exc, "strerror", None) or type(exc).__name__
        raise ConfigError(f"The {what} {str(path)[:200]!r} cannot be read.", why=why, hint="check the path") from None
