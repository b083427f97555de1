r"""Permutations: one text with `{red, blue}` groups as the prompts that it stands for.

As Midjourney documents them: a comma separates choices, groups multiply and may nest, `\,` is a comma that separates
nothing. Its pages say nothing on the rest, so this is ours:

* Braces without a comma of their own (`{red}`, `{}`, `{"a": 1}`) hold no choice and stay as they are.
* `\{` and `\}` are braces that group nothing. Backslashes go only where there was a group to resolve.
* Blanks around a choice go; everything outside of groups stays as written, doubled blanks too.
* An empty choice is one: `a {tabby, } cat` gives two prompts.

Rule 1: the number of prompts is known before the first one is made.
"""

import re
from collections.abc import Iterable

from attrs import define, frozen

from mjasync.errors import ConfigError

#: Prompts from one text: what Midjourney itself allows on its Pro plan (4 on Basic, 10 on Standard).
LIMIT = 40
#: Where counting ends.
_MANY = 1_000_000
_SIGN = re.compile(r"\\[{},]|[{},]")
_ESCAPED = re.compile(r"\\([{},])")


def permutations(prompt: str, *, limit: int = LIMIT) -> tuple[str, ...]:
    r"""All prompts that a text with `{…}` groups stands for, the leftmost group changing slowest.

    `limit` is the most that you want, 1 or more. A text without a group comes back as it is.
    `ConfigError`: more prompts than `limit`, braces without partner, or no text.
    """
    _check(prompt, limit)
    found = scan(prompt, most=max(limit, _MANY))
    if found.count > limit:
        count = f"more than {_MANY}" if found.count > _MANY else str(found.count)
        raise ConfigError(
            f"The prompt stands for {count} prompts.",
            why=f"{limit} is the limit; every one of them is a paid job",
            hint="take out a group or some choices, or raise limit=",
        )
    if found.loose is not None:
        raise ConfigError(
            "The prompt has a brace without its partner.",
            why=f"{prompt[found.loose]!r} at character {found.loose + 1}",
            hint=rf"close or remove it, or write \{prompt[found.loose]} for a brace that groups nothing",
        )
    return tuple(_expanded(prompt, found.marks)) if found.marks else (prompt,)


@frozen(kw_only=True)
class Groups:
    """What a scan found."""

    #: Offsets of the braces and commas that make groups, in reading order.
    marks: tuple[int, ...]
    #: Number of prompts; anything above the scan's `most` where it gave up counting.
    count: int
    #: Offset of the first brace without a partner.
    loose: int | None


@define
class _Open:
    """A group, or the whole text, while it is being read."""

    signs: list[int]
    #: Prompts of the choices that are complete.
    total: int = 0
    #: Prompts of the choice that is being read.
    product: int = 1


def scan(prompt: str, *, most: int = _MANY) -> Groups:
    """Find the groups and count the prompts, in one pass that stops at `most`; never raises."""
    marks: list[int] = []
    loose: list[int] = []
    frames = [_Open([])]
    for match in _SIGN.finditer(prompt):
        sign, at, top = match[0], match.start(), frames[-1]
        if sign == "{":
            frames.append(_Open([at]))
        elif sign == "," and len(frames) > 1:
            top.signs.append(at)
            top.total, top.product = top.total + top.product, 1
        elif sign == "}" and len(frames) == 1:
            loose.append(at)
        elif sign == "}":
            frames.pop()
            if len(top.signs) > 1:
                marks += (*top.signs, at)
            frames[-1].product *= top.total + top.product
            if frames[-1].product > most:
                return Groups(marks=tuple(sorted(marks)), count=frames[-1].product, loose=None)
    loose += (frame.signs[0] for frame in frames[1:])
    return Groups(marks=tuple(sorted(marks)), count=frames[0].product, loose=min(loose, default=None))


@define
class _Built:
    """A group, or the whole text, while its prompts are being made."""

    #: Texts of the choices that are complete.
    done: list[str]
    #: Texts of the choice that is being made, so far.
    texts: list[str]

    def add(self, endings: Iterable[str]) -> None:
        """Every text so far, with every ending."""
        endings = tuple(endings)
        self.texts = [text + ending for text in self.texts for ending in endings]

    def end_choice(self) -> None:
        """A comma or a closing brace."""
        self.done += (text.strip() for text in self.texts)
        self.texts = [""]


def _expanded(prompt: str, marks: tuple[int, ...]) -> list[str]:
    frames = [_Built([], [""])]
    begin = 0
    for at in marks:
        frames[-1].add([_plain(prompt[begin:at])])
        begin = at + 1
        if prompt[at] == "{":
            frames.append(_Built([], [""]))
            continue
        frames[-1].end_choice()
        if prompt[at] == "}":
            group = frames.pop()
            frames[-1].add(group.done)
    frames[-1].add([_plain(prompt[begin:])])
    return frames[-1].texts


def _plain(text: str) -> str:
    return _ESCAPED.sub(r"\1", text)


def _check(prompt: object, limit: object) -> None:
    if not isinstance(prompt, str):
        raise ConfigError(
            f"The prompt is {type(prompt).__name__}, not text.", hint="write the prompt as text, or give str(prompt)"
        )
    if isinstance(limit, bool) or not isinstance(limit, int) or limit < 1:
        raise ConfigError(f"limit={limit!r:.40} is not a number of prompts.", hint=f"give 1 or more; {LIMIT} is usual")
