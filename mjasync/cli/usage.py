"""What was typed, checked before anything is sent."""

import math
import re
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from typing import TypeVar

from mjasync import ConfigError, Mode
from mjasync.flow import options, wording

_T = TypeVar("_T")
_V = TypeVar("_V")
TILES = (1, 2, 3, 4)
_SECONDS = {"": 1.0, "s": 1.0, "m": 60.0, "h": 3600.0}


class UsageError(ConfigError):
    """The command line, or a file named on it, is at fault: exit code 2."""


def checked_prompt(prompt: object) -> str:
    """Return the prompt without blanks around it."""
    return typed(wording.prompt_text, prompt)


def checked_mode(mode: object) -> Mode:
    """Return the mode that a word names, in any case."""
    return typed(options.speed_mode, mode.strip().lower() if isinstance(mode, str) else mode)


def typed(check: Callable[[_V], _T], value: _V) -> _T:
    """What the pool would refuse, refused as something that was typed."""
    try:
        return check(value)
    except ConfigError as exc:
        raise UsageError(exc.what, why=exc.why, hint=exc.hint) from None


def checked_upscale(text: str | None) -> tuple[int, ...]:
    """Return the tiles that `--upscale` names: `1,3` or `all`; a tile that is named twice is upscaled once."""
    if text is None:
        return ()
    words = [word.strip() for word in text.split(",")]
    if [word.lower() for word in words] == ["all"]:
        return TILES
    bad = next((word for word in words if word not in map(str, TILES)), None)
    if bad is not None:
        raise UsageError(
            f"--upscale {text[:40]!r} cannot be used.",
            why=f"{bad[:40]!r} is not a tile; a grid has the tiles 1, 2, 3 and 4",
            hint="use numbers like --upscale 1,3, or --upscale all",
        )
    return tuple(sorted({int(word) for word in words}))


def checked_speed(speed: float) -> float:
    """Return the speed of a simulator: from 0.01 to 100000."""
    if not 0.01 <= speed <= 100_000:
        raise UsageError(
            f"--speed {speed:g} cannot be used.",
            why="the simulator's time can run 0.01 to 100000 times as fast",
            hint="60 makes an hour a minute",
        )
    return speed


def checked_deadline(text: str | None) -> float | None:
    """Return seconds: `90`, `90s`, `10m`, `2h`."""
    match = None if text is None else re.fullmatch(r"\s*(\d{1,9}(?:\.\d{1,9})?)\s*([smh]?)\s*", text.lower())
    seconds = float(match[1]) * _SECONDS[match[2]] if match else 0.0
    if text is not None and not seconds:
        raise UsageError(
            f"--deadline {text[:40]!r} cannot be used.",
            why="it is how long to wait at most, waiting for a slot included",
            hint="give seconds above 0, or a number with s, m or h: --deadline 10m",
        )
    return seconds or None


def checked_budget(quota: float | None) -> float | None:
    """Return an amount above 0."""
    if quota is not None and not (math.isfinite(quota) and quota > 0):
        raise UsageError(
            f"--budget {quota:g} cannot be used.",
            why="it is an amount of quota that may be spent; of TTAPI 100 are 1 USD",
            hint="give a number above 0, or leave it out for no limit",
        )
    return quota


def checked_account(name: str | None, known: Sequence[str]) -> str | None:
    """Return the name of an account that is set."""
    if name is None or name in known:
        return name
    near = get_close_matches(name, known, 1)
    raise UsageError(
        f"--account {name[:40]!r} is not set here.",
        why=f"there {'is' if len(known) == 1 else 'are'} {', '.join(known) or 'none'}",
        hint=f"did you mean {near[0]!r}?" if near else "use one of them, or leave it out for any that can",
    )


def checked_journal(path: str | None) -> str | None:
    """Return the journal's path, if one was typed."""
    return _worded(path, "--journal is blank.", "name a file: --journal jobs.db")


def checked_out(folder: str | None) -> str | None:
    """Return the folder for pictures, if one was typed."""
    return _worded(folder, "--out is blank.", "name a folder: --out pictures")


def _worded(text: str | None, what: str, hint: str) -> str | None:
    if text is not None and not text.strip():
        raise UsageError(what, why="a blank name is no name", hint=hint)
    return text


def checked_image(text: str) -> str:
    """Return a picture's path or address; what is there is looked at by whoever sends it."""
    if not text.strip():
        raise UsageError(
            "The name of a picture is blank.",
            why="a picture is a file, or an http(s) address",
            hint="name a PNG, JPEG, WebP or GIF file",
        )
    return text
