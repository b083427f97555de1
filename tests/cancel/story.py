"""One point from beginning to end, and all the points of a scene."""

from collections.abc import Iterator

import mjasync as mj
from tests.cancel.leaks import Census
from tests.cancel.points import Point, cancelled_at, run_turning
from tests.cancel.scenes import Scene
from tests.cancel.stage import Stage


async def told(scene: Scene, stage: Stage, point: Point, *, http: bool = False) -> None:
    """Set up, cancel at the point, and let everything that goes on come to its end."""
    begun = None
    if http:
        await stage.serve()
    if scene.set_up is not None or not scene.whole:
        await stage.pool.__aenter__()
    if scene.set_up is not None:
        begun = await scene.set_up(stage)
    task = await cancelled_at(point, as_coroutine(scene.act(stage, begun)))
    error = None if task.cancelled() else task.exception()
    if error is not None and not (scene.breaks and isinstance(error, mj.JournalError)):
        raise error
    late = point.ended_at - point.struck_at
    assert not point.struck or late == 0 or (not scene.prompt and late < 1), f"it ended {late} s after the cancel"
    if not scene.whole:
        await stage.settle()
    await stage.leave()
    stage.is_paid_once(withdraws=scene.withdraws, closed=scene.whole, breaks=scene.breaks)


async def as_coroutine(thing):
    """A coroutine of anything that can be awaited."""
    return await thing


def run_one(scene: Scene, name: str, way: str, at: int, *, http: bool = False) -> Point:
    """A fresh world for one point; whatever is open afterwards is a leak."""
    census, point = Census(), Point(way=way, at=at)
    stage = Stage(name, journal=scene.journal)
    try:
        run_turning(told(scene, stage, point, http=http))
    finally:
        stage.clean()
    leaked = census.leaked()
    assert set() == leaked, f"{scene.name} at {name}, {way} {at}: {leaked}"
    return point


def points(scene: Scene, name: str, way: str, *, step: int = 1, http: bool = False) -> Iterator[Point]:
    """Every point of a scene, or every so many; counted by running it once without a cancel."""
    for at in range(1, run_one(scene, name, way, 0, http=http).count + 1, step):
        try:
            yield run_one(scene, name, way, at, http=http)
        except BaseException as exc:
            exc.add_note(f"scene {scene.name!r} at {name}, {way} {at}")
            raise
