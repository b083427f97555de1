"""What a finished job offers, and what to say when it does not offer what is wanted."""

from mjasync.core.model import Action, Snapshot
from mjasync.errors import ActionUnavailable


def offered(parent: Snapshot, wanted: str) -> Action:
    """The parent's own action with this name, token or label; raises `ActionUnavailable` with what there is."""
    for action in parent.actions:
        if action.matches(wanted):
            return action
    names = tuple(action.name for action in parent.actions)
    raise ActionUnavailable(
        f"The finished job does not offer {wanted!r}.",
        why=f"the provider offers: {', '.join(names)}" if names else "the provider offers no action on it",
        hint=_hint(wanted, names),
        available=names,
    )


def _hint(wanted: str, names: tuple[str, ...]) -> str:
    grid = "upscale1" in names
    single = wanted.startswith(("zoom", "pan", "square")) or wanted in ("upscale_subtle", "vary_strong", "vary_subtle")
    if grid and single:
        return "this is a grid: upscale one of its pictures first, for example job.upscale(1)"
    return "press one of .available" if names else "use the result that this one was made from"
