"""What a user may say about how a pool looks at running jobs."""

from collections.abc import Mapping
from math import isfinite
from typing import Any

from attrs import Attribute, field, frozen

from mjasync.core.looking import EPS
from mjasync.errors import ConfigError


def _within(low: float, high: float, unit: str, *, optional: bool = False) -> Any:
    def check(_: object, attribute: "Attribute[Any]", value: object) -> None:
        if optional and value is None:
            return
        number = isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)
        if not number or not low <= float(value) <= high:  # type: ignore[arg-type]
            name = f"Looking({attribute.name}={value!r:.40})"
            raise ConfigError(f"{name} is not possible.", hint=f"give {low:g} to {high:g} {unit}")

    return check


def _is_learned(_: object, __: "Attribute[Any]", value: Any) -> None:
    if value is not None and not isinstance(value, Mapping):
        raise ConfigError(
            f"Looking(learned={value!r:.40}) is not possible.", hint="give what pool.stats().learned was, as it is"
        )


@frozen(kw_only=True)
class Looking:
    """How running jobs are looked at. The defaults are good; see docs/looking.md for what they reach.

    `eps`: the mean seconds between a job's end and its being seen, as a share of how long such jobs take, that looks
    aim at (0.001 to 1, default 0.02). Less is sooner, for more looks: half of it costs about twice the looks.

    `rate`: looks a second that an account gets at most (0.05 to 1000); by default two for each of its slots, one at
    least. Beyond it the job is looked at first that is most likely over.

    `learned`: what earlier pools have learned, as their `pool.stats().learned` told it; it may come out of JSON. With
    `journal=` a path that is kept there by itself.
    """

    eps: float = field(default=EPS, validator=_within(0.001, 1.0, "(a share)"))
    rate: float | None = field(default=None, validator=_within(0.05, 1000.0, "looks a second", optional=True))
    learned: Mapping[str, Any] | None = field(default=None, validator=_is_learned, repr=False)
