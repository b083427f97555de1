"""What can be asked for: one frozen value for each kind of work, whichever provider does it.

Rule 1: an operation holds all that belongs to the request, its pictures included: enough to send it later.
Rule 2: its `kind` is the class of work that durations are learned for; what it `brings` says when a finished job is
believed.
"""

from enum import StrEnum
from typing import ClassVar

from attrs import evolve, frozen

from mjasync.core.pictures import Picture, remembered


class Brings(StrEnum):
    """What a finished job has to hold. A job without it is looked at again before it is believed."""

    PICTURES = "pictures"
    TEXTS = "texts"
    SEED = "seed"
    ANYTHING = "anything"


class Dimensions(StrEnum):
    """Shapes of a blend, in both providers' words: 2:3, 1:1 and 3:2 (seed 000 line 311, seed 001 line 304)."""

    PORTRAIT = "PORTRAIT"
    SQUARE = "SQUARE"
    LANDSCAPE = "LANDSCAPE"


@frozen(kw_only=True, weakref_slot=False)
class Imagine:
    """Make a grid of four pictures from a text, with pictures to begin from if there are any."""

    prompt: str
    images: tuple[Picture, ...] = ()

    kind = "imagine"
    brings: ClassVar = Brings.PICTURES


@frozen(kw_only=True, weakref_slot=False)
class Blend:
    """Merge two to five pictures into a grid."""

    images: tuple[Picture, ...]
    dimensions: Dimensions = Dimensions.SQUARE

    kind = "blend"
    brings: ClassVar = Brings.PICTURES


@frozen(kw_only=True, weakref_slot=False)
class Describe:
    """Find four prompts for a picture."""

    image: Picture

    kind = "describe"
    brings: ClassVar = Brings.TEXTS


@frozen(kw_only=True, weakref_slot=False)
class Shorten:
    """Find out which words of a prompt matter, and up to five shorter ones."""

    prompt: str

    kind = "shorten"
    brings: ClassVar = Brings.TEXTS


@frozen(kw_only=True, weakref_slot=False)
class SwapFace:
    """Put the face of one picture into another; only some relays have it."""

    source: Picture
    target: Picture

    kind = "swap_face"
    brings: ClassVar = Brings.PICTURES


@frozen(kw_only=True, weakref_slot=False)
class Upload:
    """Give pictures public addresses; only some relays have it."""

    images: tuple[Picture, ...]

    kind = "upload"
    brings: ClassVar = Brings.PICTURES


@frozen(kw_only=True, weakref_slot=False)
class Pick:
    """Make a grid from the `number`-th text of a finished describe or shorten job."""

    number: int

    kind = "imagine"
    brings: ClassVar = Brings.PICTURES


@frozen(kw_only=True, weakref_slot=False)
class GetSeed:
    """Find out the seed of a finished picture."""

    kind = "seed"
    brings: ClassVar = Brings.SEED


@frozen(kw_only=True, weakref_slot=False)
class Press:
    """Press a button of a finished job; `action` is one of our names, or the provider's own token.

    `prompt`, `mask` and `factor` are for the buttons that open a window: vary region, custom zoom, remix.
    """

    action: str
    prompt: str | None = None
    mask: Picture | None = None
    #: Of a custom zoom: how much more the picture shows, above 1 and up to 2.
    factor: float | None = None

    @property
    def kind(self) -> str:
        """The class of work, for durations: one of `KINDS`, or `press`."""
        head = self.action.partition("_")[0].rstrip("0123456789")
        return head if head in KINDS else "press"

    @property
    def brings(self) -> Brings:
        """Pictures; nobody knows about a button that is not one of `KINDS`."""
        return Brings.ANYTHING if self.kind == "press" else Brings.PICTURES


#: Classes of work behind buttons, with their own durations; any other button counts as `press`.
KINDS = frozenset({"upscale", "vary", "reroll", "zoom", "pan", "square"})

Operation = Imagine | Blend | Describe | Shorten | SwapFace | Upload | Pick | GetSeed | Press


def action_of(operation: Operation) -> str | None:
    """What a chained step is called, such as `upscale2`; None for a request of its own."""
    match operation:
        case Press(action=action):
            return action
        case Pick(number=number):
            return f"imagine{number}"
        case GetSeed():
            return "get_seed"
    return None


def attached(operation: Operation) -> tuple[Picture, ...]:
    """The pictures that go along, in the order of the request."""
    match operation:
        case Imagine(images=images) | Blend(images=images) | Upload(images=images):
            return images
        case Describe(image=image) | Press(mask=Picture() as image):
            return (image,)
        case SwapFace(source=source, target=target):
            return source, target
    return ()


def lightened(operation: Operation, *, exactly: bool) -> Operation:
    """The same request without the bytes of its pictures; see `remembered`."""
    return reattached(operation, tuple(remembered(picture, exactly=exactly) for picture in attached(operation)))


def reattached(operation: Operation, pictures: tuple[Picture, ...]) -> Operation:
    """The same request with these pictures in place of its own; as many as `attached` gave."""
    match operation:
        case Imagine() | Blend() | Upload():
            return evolve(operation, images=pictures)
        case Describe():
            return evolve(operation, image=pictures[0])
        case Press() if pictures:
            return evolve(operation, mask=pictures[0])
        case SwapFace():
            return evolve(operation, source=pictures[0], target=pictures[1])
    return operation
