"""What describe and shorten say: four prompts for a picture, up to five shorter ones for a prompt.

Rule 1: the same picture and dice, or the same prompt, give the same texts.
"""

import re
import zlib
from collections.abc import Iterable
from random import Random

#: The most prompts that /shorten offers.
MOST = 5

_WHAT = ("a lighthouse", "an old harbour", "a fox", "a walled garden", "a mountain hut", "a chess knight", "a tram")
_WHERE = ("above a quiet sea", "in deep snow", "at the edge of a forest", "between low dunes", "in a narrow street")
_LIGHT = ("at dusk", "in morning mist", "under a full moon", "in hard noon light", "after the rain")
_HOW = ("watercolour", "35mm film photography", "ink drawing", "isometric render", "paper cut-out", "oil on canvas")
# Flags and links stay out of what is weighed.
_FLAG = re.compile(r"(?:^|\s)--\w+(?:\s+(?!--)\S+)?|https?://\S+")


def described(dice: Random) -> tuple[str, ...]:
    """Four prompts that could have made a picture."""
    whats, hows = dice.sample(_WHAT, 4), dice.sample(_HOW, 4)
    return tuple(
        f"{what} {dice.choice(_WHERE)}, {dice.choice(_LIGHT)}, {how} --ar 1:1"
        for what, how in zip(whats, hows, strict=True)
    )


def shortened(prompt: str) -> tuple[str, ...]:
    """One to five prompts, each with fewer of the words that matter least."""
    words = _words(prompt)
    ranked = sorted(words, key=_weight, reverse=True)
    kept = [[word for word in words if word in ranked[:count]] for count in range(len(ranked), 0, -1)]
    return tuple(dict.fromkeys(" ".join(line) for line in kept))[:MOST] or (prompt.strip(),)


def analysis(prompt: str) -> str:
    """The whole answer of /shorten, in Markdown: what each word weighs, then the shorter prompts."""
    tokens = " ".join(f"**{word}** ({_weight(word):.2f})" for word in _words(prompt))
    return f"## Important tokens\n{tokens}\n## Shortened prompts\n{numbered(shortened(prompt))}"


def numbered(texts: Iterable[str]) -> str:
    """Return texts after their keycap emoji (digit, U+FE0F, U+20E3), a blank line between them."""
    return "\n\n".join(f"{number}\ufe0f\u20e3 {text}" for number, text in enumerate(texts, 1))


def _words(prompt: str) -> list[str]:
    return list(dict.fromkeys(_FLAG.sub(" ", prompt).split()))


def _weight(word: str) -> float:
    return (zlib.crc32(word.casefold().encode("utf-8", "surrogatepass")) % 99 + 1) / 100
