"""One card of the sheet: the first picture beside what became of it, the way there, and the facts.

Rule 1: whatever did not come from our own template is escaped.
Rule 2: no style stands in an attribute: what is a card's own goes into the page's one style sheet (`rule`).
"""

import math
import re
from collections.abc import Sequence
from html import escape
from urllib.parse import quote

from attrs import field, frozen

from mjasync.sheet.saving import Picture
from mjasync.sheet.tree import Path, Tree
from mjasync.sheet.words import clean, seconds

#: The flattest and the steepest shape that a picture's place has; what is beyond it is shown whole, in less room.
_FLAT, _STEEP = 3.0, 0.5
#: What is flatter stands one below the other on a phone.
_WIDE = 2.4
#: A prompt longer than this is folded.
_LONG = 280
_ALT = 240


@frozen(kw_only=True)
class Card:
    """One lineage: a prompt and the pictures that came of it, the first one first."""

    number: int
    prompt: str
    mode: str
    pictures: Sequence[Picture]
    #: What went wrong, if anything did.
    trouble: str = ""
    #: What a describe or shorten brought.
    texts: Sequence[str] = field(default=())

    @property
    def ok(self) -> bool:
        """True if nothing went wrong."""
        return not self.trouble


def html(text: object) -> str:
    """Text as it may stand between tags and in attributes."""
    return escape(clean(text), quote=True)


def markup(card: Card, place: int) -> str:
    """The card as HTML; `place` is its own on the page."""
    accounts = dict.fromkeys(picture.account for picture in card.pictures)
    ids = " ".join(f"{picture.job_id} {picture.remote_id} {label(picture)}" for picture in card.pictures)
    text = clean(f"{card.prompt} {card.mode} {' '.join(accounts)} {ids} {card.trouble}").lower()
    trouble = f'<p class="trouble">{html(card.trouble)}</p>' if card.trouble and card.pictures else ""
    tree = Tree(card.pictures)
    return (
        f'<li class="card" id="card-{place}" data-text="{html(text)}" data-mode="{html(_mode(card))}" '
        f'data-accounts="{html("|".join(accounts))}" data-ok="{"ok" if card.ok else "failed"}">'
        f"{_pictures(card, tree)}{_ways(tree)}{_heading(card, place)}"
        f'<dl class="facts">{"".join(_fact(*fact) for fact in _figures(card))}</dl>{trouble}{_ids(card.pictures)}</li>'
    )


def rule(card: Card, place: int) -> str:
    """The card's own style: its shape, and how its pictures share it."""
    if not card.pictures:
        return f"#card-{place}{{--shape:1.4}}"
    first, cell, columns, rows = _measures(Tree(card.pictures))
    block = cell * columns / rows
    share = f"minmax(0,{first:.3f}fr)" + (f" minmax(0,{block:.3f}fr)" if block else "")
    return (
        f"#card-{place}{{--shape:{first + block:.3f};--first:{first:.3f};--block:{block:.3f};--columns:{share};"
        f"--inner:repeat({columns},minmax(0,1fr));--rows:repeat({rows},minmax(0,1fr))}}"
    )


def label(picture: Picture) -> str:
    """`grid`, `upscale 2`, `zoom out`."""
    return "grid" if picture.step == "imagine" else re.sub(r"(?<=[a-z])(?=\d)|_", " ", clean(picture.step))


def _mode(card: Card) -> str:
    return card.pictures[0].mode if card.pictures else card.mode


def _ends(tree: Tree) -> list[Picture]:
    """What is shown beside the first picture: where its ways lead, and those of any other."""
    return [picture for picture in tree.leaves if picture is not tree.roots[0]]


def _measures(tree: Tree) -> tuple[float, float, int, int]:
    """Shapes of the first picture and of a cell beside it; columns and rows of cells, as high together as the first."""
    ends = _ends(tree)
    rows = math.ceil(math.sqrt(len(ends))) or 1
    cell = _shape(ends[0]) if ends else 0.0
    return _shape(tree.roots[0]), cell, math.ceil(len(ends) / rows) or 1, rows


def _shape(picture: Picture) -> float:
    width, height = picture.size
    return min(_FLAT, max(_STEEP, width / height))


def _pictures(card: Card, tree: Tree) -> str:
    """The grid, and beside it what became of its tiles: one as large as the grid, several as a block of its height."""
    if not card.pictures:
        if card.texts:
            return f'<ul class="texts">{"".join(f"<li dir=auto>{html(text)}</li>" for text in card.texts)}</ul>'
        return f'<div class="none"><p>{html(card.trouble or "no picture")}</p></div>'
    first, cell, columns, rows = _measures(tree)
    wide = " wide" if first + cell * columns / rows > _WIDE else ""
    root, ends = tree.roots[0], _ends(tree)
    block = f'<div class="more">{"".join(_picture(each, cell) for each in ends)}</div>' if ends else ""
    return f'<div class="pictures{wide}">{_picture(root, first, _picked(tree.children(root)))}{block}</div>'


def _picture(picture: Picture, room: float, picked: Sequence[int] = ()) -> str:
    width, height = picture.size
    fits = abs(width / height / room - 1) < 0.04
    marks = "".join(f'<span class="pick pick{tile}"></span>' for tile in picked)
    return (
        f'<div class="picture{"" if fits else " whole"}"><a class="shot" href="{_link(picture.file)}">'
        f'<img src="{_link(picture.file)}" alt="{_alt(picture)}" width="{width}" height="{height}" '
        f'loading="lazy" decoding="async">{marks}<span class="label" aria-hidden="true">{html(label(picture))}</span></a></div>'
    )


def _picked(children: Sequence[Picture]) -> list[int]:
    """The tiles of which something was made: they get a frame in the grid."""
    found = (re.fullmatch("(?:upscale|vary)([1-4])", child.step) for child in children)
    return sorted({int(match[1]) for match in found if match})


def _ways(tree: Tree) -> str:
    """The steps to each end, where there is a picture between; what the card shows anyway is not told again."""
    ways = list(tree.paths())
    if all(told + len(path) - bool(told) < 3 for told, path in ways):
        return ""
    return f'<div class="ways">{"".join(_way(way) for way in ways)}</div>'


def _way(way: Path) -> str:
    told, path = way
    steps = (
        f'<li{" class=told" if place < told else ""}><a class="thumb shot" href="{_link(picture.file)}">'
        f'<img src="{_link(picture.file)}" alt="{_alt(picture)}" width="{picture.size[0]}" height="{picture.size[1]}" '
        f'loading="lazy" decoding="async"><span aria-hidden="true">{html(label(picture))}</span></a></li>'
        for place, picture in enumerate(path)
    )
    return f'<ol class="way" aria-label="Steps to {html(label(path[-1]))}">{"".join(steps)}</ol>'


def _heading(card: Card, place: int) -> str:
    words, _, flags = clean(card.prompt).partition(" --")
    number = f'<a class="no" href="#card-{place}" aria-label="Link to this card">{card.number:04d}</a> '
    tail = f' <span class="flags">--{html(flags)}</span>' if flags else ""
    folded = ""
    if len(words) > _LONG:
        folded = f'<details class="rest"><summary>the whole prompt</summary><p dir="auto" lang="">{html(words)}</p></details>'
        words = clean(words, _LONG)
    return f'<h2>{number}<bdi lang="" dir="auto">{html(words) or "(no prompt)"}</bdi>{tail}</h2>{folded}'


def _alt(picture: Picture) -> str:
    return html(clean(f"{label(picture)}: {picture.prompt}", _ALT))


def _link(file: str) -> str:
    """A file beside the page; whatever its name is, it leads nowhere else."""
    return html("./" + quote(file, safe="", errors="replace"))


def _figures(card: Card) -> list[tuple[str, str, str]]:
    """Class, name and value of each fact under a card."""
    times = " + ".join(seconds(picture.seconds) for picture in card.pictures[:6])
    times += " + …" if len(card.pictures) > 6 else ""
    quotas = [picture.quota for picture in card.pictures if picture.quota is not None]
    accounts = ", ".join(dict.fromkeys(picture.account for picture in card.pictures))
    found = [
        ("mode", "mode", _mode(card)),
        ("account", "account", accounts),
        ("time", "seconds", times),
        ("quota", "quota", f"{sum(quotas):g} quota" if quotas else ""),
    ]
    return [fact for fact in found if fact[2]]


def _fact(kind: str, name: str, value: str) -> str:
    return f'<div class="{kind}"><dt>{name}</dt><dd>{html(value)}</dd></div>'


def _ids(pictures: Sequence[Picture]) -> str:
    items = (
        f"<li>{html(label(picture))}: {html(picture.job_id)}, {html(picture.ticket)}"
        f"{f', seed {html(picture.seed)}' if picture.seed else ''}</li>"
        for picture in pictures
    )
    return f"<details><summary>ids</summary><ol>{''.join(items)}</ol></details>" if pictures else ""
