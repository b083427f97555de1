"""Prompts: what can be sent, and what had better not be."""

import sys
import unicodedata
import warnings

from mjasync.core.lint import lint
from mjasync.core.prompt import Prompt
from mjasync.errors import ConfigError

#: Bytes of UTF-8 that a prompt may have.
PROMPT_LIMIT = 100_000


class PromptWarning(UserWarning):
    """A prompt that the provider would probably refuse, or read otherwise than it was meant."""


def linted(value: object, *, strict: bool = False, zooms: bool = False) -> str:
    """A prompt that can be sent; what `lint` finds is warned about, or refused where `strict`.

    `zooms`: it may be for the window of a custom zoom, where `--zoom` is no mistake.
    """
    text = prompt_text(value)
    findings = [
        each for each in lint(text) if not (zooms and (each.code, each.flag.lower()) == ("unknown-flag", "--zoom"))
    ]
    if not findings:
        return text
    said = "; ".join(str(finding) for finding in findings)
    if strict or (isinstance(value, Prompt) and value.strict):
        raise ConfigError(
            "The prompt would probably be refused, or misread.",
            why=said,
            hint="mend it, or leave strict=True out; refused prompts can cost money",
        )
    warnings.warn(f"{text[:60]!r}: {said}", PromptWarning, stacklevel=_depth())
    return text


def prompt_text(value: object) -> str:
    """A prompt that can be sent, without blanks around it."""
    value = str(value) if isinstance(value, Prompt) else value
    if not isinstance(value, str):
        raise ConfigError(
            f"The prompt is {type(value).__name__}, not text.",
            why="providers take words",
            hint="write the prompt as text",
        )
    text = value.strip()
    if all(c.isspace() or unicodedata.category(c) == "Cf" for c in text):  # zero-width characters show nothing either
        raise ConfigError(
            "The prompt is empty.",
            why="it has no character that shows",
            hint="say what the picture shows, for example 'a black cat --ar 1:1'",
        )
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > PROMPT_LIMIT:
        raise ConfigError(
            "The prompt is too long.", why=f"it has {size} bytes; {PROMPT_LIMIT} is the limit", hint="shorten it"
        )
    strange = next((c for c in text if unicodedata.category(c) in ("Cc", "Cs") and c not in "\t\n\r"), None)
    if strange is not None:
        raise ConfigError(
            "The prompt has a control character.",
            why=f"U+{ord(strange):04X} at character {text.index(strange) + 1}",
            hint="remove it; line breaks and tabs are fine",
        )
    return text


def _depth() -> int:
    """How far up the caller is who is not one of us, for a warning that points at the user's own line."""
    depth = 2
    while sys._getframe(depth).f_globals.get("__name__", "").startswith("mjasync.") and depth < 30:  # noqa: SLF001
        depth += 1
    return depth
