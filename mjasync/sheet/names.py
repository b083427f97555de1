"""File names are generated, never taken over: a number, a slug of the prompt, our own job id, the step.

What comes out is made of `a-z 0-9 -` only and begins with a digit, so slashes, dots, drive letters and the device
names of Windows cannot occur, whatever the prompt or the provider says.
"""

import re
import unicodedata

#: Longest slug of a prompt.
SLUG_LIMIT = 40
_ID_LIMIT = 8
_STEP_LIMIT = 24


def slug(text: str, limit: int = SLUG_LIMIT) -> str:
    """Lower-case ASCII words joined by `-`, cut at a word where possible; empty where nothing is left."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain.replace("'", "")).strip("-")
    if len(words) <= limit:
        return words
    at_word = words[: limit + 1].rpartition("-")[0]
    return at_word or words[:limit]


def stem(number: int, prompt: str, job_id: str, step: str | None) -> str:
    """The name of a picture without its ending: `0007-a-cute-cat-1a2b3c4d-upscale2`; a grid's step is None.

    Parameters at the end of a prompt (`--ar 3:2`) are not part of the name.
    """
    words = slug(re.split(r"(?:^|\s)--[A-Za-z]", prompt, maxsplit=1)[0])
    all_parts = (f"{number:04d}", words or "picture", compact(job_id), slug(step or "grid", _STEP_LIMIT) or "step")
    return "-".join(part for part in all_parts if part)


def compact(job_id: str) -> str:
    """The job as names have it: the end of its id."""
    return re.sub(r"[^a-z0-9]", "", job_id.lower())[-_ID_LIMIT:]


def parts(name: str) -> tuple[str, ...]:
    """What a name is made of; of one of ours, `compact` of its job is among it."""
    return tuple(name.partition(".")[0].split("-"))
