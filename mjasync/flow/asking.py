"""From what a user writes to a `Spec`: everything that can be refused without a provider is refused here.

Nothing was sent when these raise `ConfigError`.
"""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from attrs import evolve

from mjasync.core.model import Mode, Record, Spec
from mjasync.core.operations import Blend, Describe, Dimensions, Imagine, Operation, Press, Shorten, SwapFace, Upload
from mjasync.core.permutations import permutations
from mjasync.core.pictures import Picture
from mjasync.core.prompt import Prompt
from mjasync.errors import ActionUnavailable, ConfigError
from mjasync.flow.options import spec_of, speed_mode
from mjasync.flow.session import Session
from mjasync.flow.wording import linted, prompt_text
from mjasync.images.inputs import picture

#: Pictures of one blend (seed 000 line 288).
_BLEND = range(2, 6)
#: Pictures of one imagine or upload.
_MOST_PICTURES = 20


def new(operation: Operation, options: Mapping[str, Any], sessions: Mapping[str, Session]) -> Spec:
    """A request of its own, for any account that can do it."""
    spec = spec_of(operation, options, mode=speed_mode(options.get("mode", Mode.FAST)))
    return evolve(spec, accounts=_able(spec, options.get("account"), sessions))


def imagine(prompt: object, options: Mapping[str, Any], sessions: Mapping[str, Session]) -> Spec:
    """A new picture."""
    rest = dict(options)
    images = _pictures(rest.pop("images", None) or (), range(_MOST_PICTURES + 1))
    text = linted(prompt, strict=rest.pop("strict", False) is True)
    return new(Imagine(prompt=text, images=images), rest, sessions)


def blend(images: object, dimensions: object) -> Blend:
    """Two to five pictures, and a shape."""
    word = str(dimensions).upper()
    if word not in Dimensions.__members__:
        raise ConfigError(
            f"dimensions={dimensions!r:.40} cannot be used.",
            hint="use 'portrait' (2:3), 'square' (1:1) or 'landscape' (3:2)",
        )
    return Blend(images=_pictures(images, _BLEND), dimensions=Dimensions(word))


def describe(image: object) -> Describe:
    """One picture."""
    return Describe(image=picture(image))


def shorten(prompt: object) -> Shorten:
    """One prompt."""
    return Shorten(prompt=prompt_text(prompt))


def swap_face(source: object, target: object) -> SwapFace:
    """Two pictures."""
    return SwapFace(source=picture(source, what="source"), target=picture(target, what="target"))


def upload(images: object) -> Upload:
    """Some pictures."""
    return Upload(images=_pictures(images, range(1, _MOST_PICTURES + 1)))


def step(operation: Operation, options: Mapping[str, Any], parent: Record, sessions: Mapping[str, Session]) -> Spec:
    """A step after `parent`, on its account: a job belongs to the key that bought it."""
    for name in ("mode", "account"):
        if name in options:
            raise ConfigError(
                f"A chained step takes no {name}=.",
                why="it runs in its parent's mode on its parent's account",
                hint=f"leave {name}= out, or ask for a new picture with pool.imagine(..., {name}=...)",
            )
    rest = {"priority": parent.spec.priority, **options}
    strict = rest.pop("strict", False) is True
    if isinstance(operation, Press) and operation.prompt is not None:
        linted(operation.prompt, strict=strict, zooms=operation.kind in ("zoom", "press"))
    spec = evolve(spec_of(operation, rest, mode=parent.spec.mode), parent=parent.id)
    accounts = (parent.account,) if parent.account else parent.spec.accounts
    if not any(name in sessions for name in accounts):
        raise ConfigError(
            f"Job {parent.id} belongs to an account that this pool does not have.",
            why="a step runs on its parent's account",
            hint="open a pool with the key that made it",
        )
    own = {name: sessions[name] for name in accounts if name in sessions}
    return evolve(spec, accounts=_able(spec, None, own, available=parent.offers))


def account_name(wanted: object, sessions: Mapping[str, Session]) -> str:
    """The name of an account of this pool; refuses any other."""
    if isinstance(wanted, str) and wanted in sessions:
        return wanted
    near = difflib.get_close_matches(str(wanted), list(sessions), 1)
    raise ConfigError(
        f"account={wanted!r:.80} is not in this pool.",
        why=f"it has {', '.join(sessions)}",
        hint=f"did you mean {near[0]!r}?" if near else "name one of them",
    )


def _pictures(values: object, how_many: range) -> tuple[Picture, ...]:
    """A list of pictures, each checked; a lone one is no list."""
    if isinstance(values, str | bytes | bytearray) or not isinstance(values, Iterable):
        raise ConfigError(
            f"images= takes a list of pictures, not {type(values).__name__}.", hint="write images=[one, another]"
        )
    found = list(values)
    if len(found) not in how_many:
        raise ConfigError(
            f"{len(found)} {'picture is' if len(found) == 1 else 'pictures are'} not possible here.",
            why=f"it takes {how_many.start} to {how_many.stop - 1}",
            hint="leave some out, or add some",
        )
    return tuple(picture(each, what=f"image {number}") for number, each in enumerate(found, 1))


def _able(
    spec: Spec, wanted: object, sessions: Mapping[str, Session], *, available: tuple[str, ...] = ()
) -> tuple[str, ...]:
    """The accounts that can do it, or the reasons why none can."""
    candidates = list(sessions) if wanted is None else [account_name(wanted, sessions)]
    lacks = {name: sessions[name].lacks(spec) for name in candidates}
    able = tuple(name for name, lack in lacks.items() if lack is None)
    if not able:
        missing = [lack for lack in lacks.values() if lack is not None]
        why = "; ".join(dict.fromkeys(lack.why for lack in missing))
        what, hint = "No account of this pool can do that.", "change the request, or add an account that can"
        if any(lack.action for lack in missing):
            raise ActionUnavailable(what, why=why, hint=hint, available=available)
        raise ConfigError(what, why=why, hint=hint)
    return able


def items(prompts: object, common: Mapping[str, Any], *, expand: bool) -> list[tuple[object, dict[str, Any]]]:
    """Prompts or mappings of `imagine`'s arguments as pairs of prompt and options.

    A prompt with `{a, b}` in it becomes several, unless `expand` is False; a lone text is one prompt.
    """
    if isinstance(prompts, str | Prompt):
        prompts = [prompts]
    if isinstance(prompts, bytes | Mapping) or not isinstance(prompts, Iterable):
        raise ConfigError(
            f"batch() takes several prompts, not {type(prompts).__name__}.",
            hint="give a list: pool.batch(['a cat', …])",
        )
    pairs: list[tuple[object, dict[str, Any]]] = []
    for item in prompts:
        own = dict(item) if isinstance(item, Mapping) else {"prompt": item}
        prompt = own.pop("prompt", None)
        if isinstance(prompt, Prompt) and prompt.strict:
            own.setdefault("strict", True)
        if not all(isinstance(name, str) for name in own):
            raise ConfigError("An item of the batch has an option whose name is not text.", hint="use imagine's names")
        pairs += [(each, {**common, **own}) for each in (_expanded(prompt, len(pairs)) if expand else [prompt])]
    return pairs


def _expanded(prompt: object, number: int) -> Sequence[object]:
    """The prompts that one with `{a, b}` in it stands for; an error names its place in the batch."""
    try:
        several = permutations(str(prompt)) if isinstance(prompt, str | Prompt) else ()
    except ConfigError as exc:
        exc.what = f"Item {number} of the batch: {exc.what}"
        exc.hint = "mend it, or take it as it stands: expand=False"
        raise
    return several if len(several) > 1 else [prompt]
