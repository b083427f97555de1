"""The contact sheet: one HTML file that shows what a run made, from disk, without network or scripts needed.

Rule 1: everything that did not come from our own template is escaped, in text, attributes and the JSON block alike.
Rule 2: a file called index.html that is not ours is never overwritten.
"""

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from importlib import resources
from pathlib import Path
from typing import Any

from attrs import frozen

from mjasync.cli import saving
from mjasync.cli.saving import Picture
from mjasync.cli.text import clean, seconds

_OURS = '<meta name="generator" content="mjasync contact sheet">'


@frozen(kw_only=True)
class Card:
    """One lineage: a prompt and the pictures that came of it, the first one first."""

    number: int
    prompt: str
    mode: str
    pictures: Sequence[Picture]
    #: What went wrong, if anything did.
    trouble: str = ""


@frozen(kw_only=True)
class Sheet:
    """All that a page shows."""

    title: str
    kicker: str
    note: str
    #: Pairs of a label and a figure.
    numbers: Sequence[tuple[str, str]]
    cards: Sequence[Card]
    #: For other programs: goes into the JSON block as it is.
    facts: Mapping[str, Any]


def write(folder: Path, sheet: Sheet) -> Path:
    """Write the page into the folder of its pictures, and return its path."""
    names = ("index.html" if again == 1 else f"index-{again}.html" for again in range(1, 10_000))
    path = next(folder / name for name in names if _is_free(folder / name))
    saving.write(path, render(sheet))
    return path


def render(sheet: Sheet) -> str:
    """Return the page as HTML."""
    script = _part("sheet.js")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    numbers = (f"<div><dt>{_html(label)}</dt><dd>{_html(figure)}</dd></div>" for label, figure in sheet.numbers)
    parts = {
        "script_hash": f"sha256-{digest}",
        "title": _html(sheet.title),
        "kicker": _html(sheet.kicker),
        "note": _html(sheet.note),
        "numbers": "".join(numbers),
        "cards": "\n".join(_card(card) for card in sorted(sheet.cards, key=lambda card: card.number)),
        "footer": "Made by mjasync. Every picture has a JSON file of the same name with its facts.",
        "facts": _json({**sheet.facts, "pictures": [_facts(picture) for picture in _all(sheet.cards)]}),
        "script": script,
    }
    # One pass: what is put in is not searched again, so a prompt may well say {{title}}.
    return re.sub(r"\{\{(\w+)\}\}", lambda match: parts[match[1]], _part("sheet.html"))


def _is_free(path: Path) -> bool:
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            return _OURS in file.read(2000)
    except FileNotFoundError:
        return True
    except OSError:
        return False


def _part(name: str) -> str:
    return resources.files("mjasync.cli").joinpath(name).read_text("utf-8")


def _all(cards: Iterable[Card]) -> list[Picture]:
    return [picture for card in cards for picture in card.pictures]


def _facts(picture: Picture) -> dict[str, Any]:
    return saving.sidecar(picture)


def _json(value: Any) -> str:
    """JSON that stays inside its script element, whatever a text in it says."""
    text = json.dumps(value, ensure_ascii=False)
    return re.sub(r"[<>&\u2028\u2029\ud800-\udfff]", lambda match: f"\\u{ord(match[0]):04x}", text)


def _html(text: object) -> str:
    return escape(clean(text), quote=True)


def _card(card: Card) -> str:
    words, _, flags = clean(card.prompt).partition(" --")
    text = f"{card.prompt} {card.mode} {' '.join(picture.account for picture in card.pictures)}".lower()
    tail = f' <span class="flags">--{_html(flags)}</span>' if flags else ""
    trouble = f'<p class="trouble">{_html(card.trouble)}</p>' if card.trouble and card.pictures else ""
    return (
        f'<li class="card" style="--shape:{_shape(card.pictures):.3f}" data-text="{_html(text)}">'
        f"{_pictures(card)}"
        f'<h2><span class="no">{card.number:04d}</span>{_html(words)}{tail}</h2>'
        f'<dl class="facts">{"".join(_fact(*fact) for fact in _figures(card))}</dl>{trouble}{_ids(card.pictures)}</li>'
    )


def _pictures(card: Card) -> str:
    """The grid, and beside it what became of its tiles: one as large as the grid, several as a block of its height."""
    if not card.pictures:
        return f'<div class="none">{_html(card.trouble or "no picture")}</div>'
    first, *more = card.pictures
    columns = {0: "1fr", 2: "2fr 1fr"}.get(len(more), "1fr 1fr")
    inner = "1fr" if len(more) <= 2 else "1fr 1fr"
    block = f'<div class="more">{"".join(_picture(each) for each in more)}</div>' if more else ""
    return f'<div class="pictures" style="--columns:{columns};--inner:{inner}">{_picture(first, _picked(more))}{block}</div>'


def _picture(picture: Picture, picked: Iterable[int] = ()) -> str:
    width, height = picture.size
    alt = f"{_label(picture)}: {picture.prompt}"
    marks = "".join(
        f'<span class="pick" style="left:{(tile - 1) % 2 * 50}%;top:{(tile - 1) // 2 * 50}%"></span>' for tile in picked
    )
    return (
        f'<a class="picture" href="{_html(picture.file)}" style="--ratio:{width}/{height}">'
        f'<img src="{_html(picture.file)}" alt="{_html(alt)}" width="{width}" height="{height}" '
        f'loading="lazy" decoding="async">{marks}<span>{_html(_label(picture))}</span></a>'
    )


def _picked(pictures: Iterable[Picture]) -> list[int]:
    """The tiles that were upscaled: they get a frame in the grid."""
    return [int(tile[1]) for picture in pictures if (tile := re.fullmatch("upscale([1-4])", picture.step))]


def _shape(pictures: Sequence[Picture]) -> float:
    """Width of a card's pictures in units of its height."""
    if not pictures:
        return 1.4
    width, height = pictures[0].size
    columns = {1: 1.0, 3: 1.5}.get(len(pictures), 2.0)
    return columns * width / height


def _label(picture: Picture) -> str:
    """`grid`, `upscale 2`."""
    if picture.step == "imagine":
        return "grid"
    return re.sub(r"(?<=[a-z])(?=\d)|_", " ", picture.step)


def _figures(card: Card) -> list[tuple[str, str, str]]:
    """Class, name and value of each fact under a card."""
    first = card.pictures[0] if card.pictures else None
    times = " + ".join(seconds(picture.seconds) for picture in card.pictures)
    quotas = [picture.quota for picture in card.pictures if picture.quota is not None]
    found = [
        ("mode", "mode", first.mode if first else card.mode),
        ("account", "account", first.account if first else ""),
    ]
    found += [("time", "seconds", times), ("quota", "quota", f"{sum(quotas):g} quota" if quotas else "")]
    return [fact for fact in found if fact[2]]


def _fact(kind: str, name: str, value: str) -> str:
    return f'<div class="{kind}"><dt>{name}</dt><dd>{_html(value)}</dd></div>'


def _ids(pictures: Sequence[Picture]) -> str:
    items = (
        f"<li>{_html(_label(picture))}: {_html(picture.job_id)}, {_html(picture.account)}:{_html(picture.remote_id)}</li>"
        for picture in pictures
    )
    return f"<details><summary>ids</summary><ol>{''.join(items)}</ol></details>" if pictures else ""
