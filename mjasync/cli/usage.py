"""What was typed, checked before anything is sent."""

from collections.abc import Callable
from typing import TypeVar

from mjasync import ConfigError, Mode
from mjasync.flow import options, wording

_T = TypeVar("_T")
_V = TypeVar("_V")
TILES = (1, 2, 3, 4)


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
        raise UsageError(f"--speed {speed:g} cannot be used.", hint="60 makes an hour a minute; use 0.01 to 100000")
    return speed
