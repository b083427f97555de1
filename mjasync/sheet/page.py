"""The page: one HTML file that shows what a run made, from disk, without network or scripts needed.

Rule 1: everything that did not come from our own template is escaped, in text, attributes and the JSON block alike.
Rule 2: a file called index.html that is not ours is never overwritten.
Rule 3: its policy allows pictures beside it, our one style sheet and our one script (by their hashes), nothing else.
"""

import base64
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

from attrs import field, frozen

from mjasync.flow import files
from mjasync.flow.result import SOFTWARE
from mjasync.sheet.cards import Card, html, markup, rule

#: What the form of the JSON block is called; a number goes up when a reader of the old one would misread the new one.
SCHEMA = "mjasync.contact-sheet/1"
OURS = '<meta name="generator" content="mjasync contact sheet">'


@frozen(kw_only=True)
class Sheet:
    """All that a page shows."""

    title: str
    kicker: str = "mjasync contact sheet"
    note: str = ""
    #: Pairs of a label and a figure.
    numbers: Sequence[tuple[str, str]] = field(default=())
    cards: Sequence[Card] = field(default=())
    #: For other programs: goes into the JSON block as it is.
    summary: Mapping[str, Any] = field(factory=dict)


def write(folder: Path, sheet: Sheet) -> Path:
    """Write the page into the folder of its pictures, and return its path. BLOCKS; raises OSError."""
    names = ("index.html" if again == 1 else f"index-{again}.html" for again in range(1, 10_000))
    path = next(folder / name for name in names if _is_free(folder / name))
    files.replace(path, render(sheet).encode())
    return path


def render(sheet: Sheet) -> str:
    """Return the page as HTML."""
    cards = sorted(sheet.cards, key=lambda card: card.number)
    script = _part("page.js")
    style = _part("page.css") + "\n".join(rule(card, place) for place, card in enumerate(cards, start=1))
    numbers = (f"<div><dt>{html(label)}</dt><dd>{html(figure)}</dd></div>" for label, figure in sheet.numbers)
    parts = {
        "style": style,
        "style_hash": _hash(style),
        "script": script,
        "script_hash": _hash(script),
        "title": html(sheet.title),
        "kicker": html(sheet.kicker),
        "note": html(sheet.note),
        "numbers": "".join(numbers),
        "modes": _options(card.pictures[0].mode if card.pictures else card.mode for card in cards),
        "accounts": _options(picture.account for card in cards for picture in card.pictures),
        "cards": "\n".join(markup(card, place) for place, card in enumerate(cards, start=1)),
        "empty": "" if cards else '<p class="empty">There is nothing to show.</p>',
        "footer": f"Made by {html(SOFTWARE)}. Every picture has a JSON file of the same name with its facts.",
        "facts": _json(_document(sheet, cards)),
    }
    # One pass: what is put in is not searched again, so a prompt may well say {{title}}.
    return re.sub(r"\{\{(\w+)\}\}", lambda match: parts[match[1]], _part("page.html"))


def _document(sheet: Sheet, cards: Sequence[Card]) -> dict[str, Any]:
    """What another program reads instead of the page; see `reading`."""
    return {
        "schema": SCHEMA,
        "software": SOFTWARE,
        "title": sheet.title,
        "summary": dict(sheet.summary),
        "cards": [
            {
                "number": card.number,
                "prompt": card.prompt,
                "mode": card.mode,
                "ok": card.ok,
                "trouble": card.trouble,
                "texts": list(card.texts),
                "pictures": [picture.as_json() for picture in card.pictures],
            }
            for card in cards
        ],
    }


def _is_free(path: Path) -> bool:
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            return OURS in file.read(2000)
    except FileNotFoundError:
        return True
    except OSError:
        return False


def _part(name: str) -> str:
    return resources.files("mjasync.sheet").joinpath(name).read_text("utf-8")


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _json(value: Any) -> str:
    """JSON that stays inside its script element, whatever a text in it says."""
    text = json.dumps(value, ensure_ascii=False)
    return re.sub(r"[<>&\u2028\u2029\ud800-\udfff]", lambda match: f"\\u{ord(match[0]):04x}", text)


def _options(values: Any) -> str:
    """What can be chosen; nothing where there is no choice."""
    found = sorted({html(value) for value in values if value})
    return "".join(f"<option>{value}</option>" for value in found) if len(found) > 1 else ""
