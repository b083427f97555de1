"""The texts of describe and shorten: one block of Discord's Markdown to a list of prompts.

Servers number them with keycap emoji, with plain numbers, or not at all; some leave links in. Nothing here fails: what
cannot be told apart stays one text, and the raw answer is kept with the result.
"""

import re

#: Four for describe, five for shorten; more would be something else.
MOST = 8
#: A block longer than this is not searched: no provider writes so much.
_SEARCHED = 20_000

# Blanks, not line ends: else a block of empty lines would be searched once for each of them.
_HEADING = re.compile(r"^[#* \t]*shortened prompts?[*:\s]*$", re.IGNORECASE | re.MULTILINE)
_KEYCAP = re.compile(r"[1-9]\ufe0f?\u20e3|[\u2460-\u2468]")
# "1. ", "1、", "(1) ", "**1.** "; a number that goes on ("1.5x") is none.
_NUMBER = re.compile(r"^[ \t]*(?:\*\*)?[(\uff08]?[1-9][.)\u3001\uff09\uff1a:](?:\*\*)?(?!\d)[ \t]*", re.MULTILINE)
_BULLET = re.compile(r"^[ \t]*[-*\u2022][ \t]+", re.MULTILINE)
_PARAGRAPH = re.compile(r"\n[ \t]*\n")
_LINE = re.compile(r"\n")
_LINK = re.compile(r"\[([^\[\]\n]{1,300})\]\(<?https?://[^()\s]{1,500}>?\)")


def has_heading(block: str) -> bool:
    """Whether this is a shorten's answer with its heading."""
    return _HEADING.search(block[:_SEARCHED]) is not None


def is_numbered(block: str) -> bool:
    """Whether it counts its texts, whichever way."""
    return any(mark.search(block[:_SEARCHED]) for mark in (_KEYCAP, _NUMBER))


def split(block: str) -> tuple[str, ...]:
    """The texts of a block, in their order."""
    block = block[:_SEARCHED].replace("\r\n", "\n")
    heading = _HEADING.search(block)
    if heading is not None:
        block = block[heading.end() :]
    for mark in (_KEYCAP, _NUMBER, _BULLET):
        parts = mark.split(block)
        if len(parts) > 1:
            return _clean(parts[1:])
    return _clean((_PARAGRAPH if _PARAGRAPH.search(block.strip()) else _LINE).split(block))


def _clean(parts: list[str]) -> tuple[str, ...]:
    """Without blanks, links and what is empty."""
    texts = (" ".join(_LINK.sub(r"\1", part).split()) for part in parts)
    return tuple(text for text in texts if text)[:MOST]
