"""No link in a page is dead, down to the heading it points at; commands that a page shows can be typed."""

import functools
import re
import shlex
from pathlib import Path

import pytest

from mjasync.cli.arguments import parse

ROOT = Path(__file__).parents[2]
PAGES = [
    *sorted(ROOT.glob("*.md")),
    *sorted((ROOT / "docs").glob("*.md")),
    *(path for folder in ("examples", "benchmarks") for path in sorted((ROOT / folder).glob("*.md"))),
]
FENCE = re.compile(r"^( *)(`{3,})(\S*)\n(.*?)^\1\2$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)")
NAMED = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))


def prose(page):
    """A page without its code."""
    return FENCE.sub("", page.read_text(encoding="utf-8"))


def slug(title):
    """What GitHub makes of a heading, and the site too."""
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", title)
    return re.sub(r"[^\w\- ]", "", plain.strip().lower()).replace(" ", "-")


@functools.cache
def anchors(page):
    text, found = prose(page), set()
    for title in re.findall(r"^#{1,6} (.+)$", text, re.MULTILINE):
        name, n = slug(title), 0
        while (name if n == 0 else f"{name}-{n}") in found:
            n += 1
        found.add(name if n == 0 else f"{name}-{n}")
    return found | set(re.findall(r'<a (?:id|name)="([^"]+)"', text))


@NAMED
def test_no_link_is_dead(page):
    dead = []
    for target in LINK.findall(prose(page)):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        place = (page.parent / path).resolve() if path else page
        known = place.exists() and (not anchor or (place.suffix == ".md" and anchor in anchors(place)))
        dead += [] if known else [target]

    assert [] == dead


def typed(page):
    """The command lines of ours in a page's shell blocks: without comments, pipes and what came back."""
    for _, _, language, code in FENCE.findall(page.read_text(encoding="utf-8")):
        if language in ("", "sh", "shell", "console", "bash"):
            for line in code.replace("\\\n", " ").splitlines():
                words = shlex.split(re.split(r"\s[|>&]", line.removeprefix("$ "))[0], comments=True)
                place = words.index("mjasync") if "mjasync" in words[:6] else None
                if place is not None and not words[place - 1].startswith("-m"):
                    yield words[place + 1 :]


@NAMED
def test_every_command_can_be_typed(page):
    for words in typed(page):
        parse(words) if words and words[0] not in ("--help", "--version") else None


def test_commands_are_found_at_all():
    assert ["demo"] in list(typed(ROOT / "README.md"))
    assert [] != [words for words in typed(ROOT / "docs" / "cli.md") if words[0] == "reconcile"]


def test_a_heading_is_found_by_its_name():
    assert "one-account-several-processes" in anchors(ROOT / "docs" / "slots.md")
    assert "whats-new--here" == slug("What's `new` — [here](there.md)".replace("`new` — ", "new  "))
