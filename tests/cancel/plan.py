"""Which scenes are cancelled where, and how: the whole of what `python -m tests.cancel` and the tests run."""

from collections.abc import Iterator

from attrs import frozen

from tests.cancel.points import WAYS, Point
from tests.cancel.scenes import BROKEN, ON_DISK, SCENES, Scene
from tests.cancel.story import points

PROVIDERS = ("ttapi", "mjproxy")
#: Scenes that are cancelled at turns of the loop too, and every how many.
TURNS = {
    "await job": 4,
    "await chain": 20,
    "ended, lost": 1,
    "cancel, held": 1,
    "cancel, sent": 1,
    "batch, awaited": 60,
    "reconcile, adopted": 1,
    "reconcile, declared lost": 1,
    "save": 1,
    "aclose": 1,
    "aclose, drained": 8,
    "async with": 10,
}
#: Scenes that are cancelled over real sockets too.
HTTP = ("await job", "await after refusals", "accepted", "look", "account_info", "check_prompt", "listed", "save")
HTTP_WHOLE = ("aclose", "aclose, drained", "async with")


@frozen
class Part:
    """All points of one scene at one provider, in these ways."""

    scene: Scene
    provider: str
    ways: tuple[str, ...]
    #: Every so many.
    step: int = 1
    http: bool = False

    def __str__(self) -> str:
        return f"{self.scene.name}, {'http, ' if self.http else ''}{self.provider}, {' '.join(self.ways)}"

    def run(self) -> Iterator[Point]:
        """Every point; raises at the first that goes wrong."""
        for way in self.ways:
            yield from points(self.scene, self.provider, way, step=self.step, http=self.http)


def _named(*names: str) -> list[Scene]:
    return [scene for scene in SCENES if scene.name in names]


#: Waits that differ from `await job` in their words only.
_ALIKE = ("wait", "ended", "watch")
IN_MEMORY = [
    Part(scene, provider, WAYS[:1] if scene.name in _ALIKE else WAYS) for scene in SCENES for provider in PROVIDERS
]
AT_TURNS = [Part(scene, provider, ("turn",), TURNS[scene.name]) for scene in _named(*TURNS) for provider in PROVIDERS]
ON_A_BROKEN_DISK = [
    Part(scene, provider, (way,), 12 if way == "turn" else 1)
    for scene in BROKEN
    for provider in PROVIDERS
    for way in ("waits", "turn")
]
WITH_JOURNAL = [Part(scene, provider, ("waits",)) for scene in ON_DISK for provider in PROVIDERS]
OVER_HTTP = [
    Part(scene, provider, ("waits",), http=True) for scene in _named(*HTTP, *HTTP_WHOLE) for provider in PROVIDERS
]
EVERYTHING = (*IN_MEMORY, *AT_TURNS, *WITH_JOURNAL, *ON_A_BROKEN_DISK, *OVER_HTTP)
