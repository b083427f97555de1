"""`Result`: what a finished job brought."""

import asyncio
import errno
import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import field, frozen

from mjasync import __version__
from mjasync.core.facts import PictureFacts, with_facts
from mjasync.core.model import Action, ImageURL, Mode, Record, Snapshot, Ticket
from mjasync.core.operations import Brings, Operation, Press, action_of
from mjasync.core.pictures import kind_of
from mjasync.errors import ConfigError, MJError, ProviderError
from mjasync.flow import cards, files
from mjasync.flow.ports import Desk
from mjasync.flow.verbs import StepOptions, Verbs
from mjasync.images.grid import split
from mjasync.notebook.cards import bundle

if TYPE_CHECKING:
    from mjasync.flow.job import Job

_T = TypeVar("_T")
#: Pictures and sheets name what wrote them.
SOFTWARE = f"mjasync {__version__}"
#: What the user can mend by another path; anything else is the disk's own trouble.
_PATH_ERRORS = frozenset(
    {
        errno.ENOENT,
        errno.ENOTDIR,
        errno.EISDIR,
        errno.EEXIST,
        errno.ENAMETOOLONG,
        errno.EINVAL,
        errno.ELOOP,
        errno.EACCES,
        errno.EPERM,
        errno.EROFS,
    }
)


@frozen
class Step:
    """One job of a lineage: our id, its action (None for the first picture), where it lives, and its kind of work."""

    #: Our id.
    job_id: str
    #: Its action, such as `upscale2`; None for the first picture.
    action: str | None
    #: Where it lives at the provider.
    ticket: Ticket
    #: What kind of work it was: `imagine`, `upscale`, `blend`.
    kind: str = field(default="imagine", eq=False)

    @property
    def name(self) -> str:
        """Its action, or what the first one was: `upscale2`, `imagine`, `blend`."""
        return self.action or self.kind


@frozen(kw_only=True)
class Result(Verbs):
    """A finished job. Links may expire within a day (seed 000 line 702): save what you want to keep."""

    #: Our id of the job.
    job_id: str
    #: Addresses of the picture, best first; a grid counts as one picture.
    images: tuple[ImageURL, ...]
    #: The four pictures of a grid one by one, where the provider gives them: top left, top right, bottom left, right.
    tiles: tuple[ImageURL, ...]
    #: What may be pressed next.
    actions: tuple[Action, ...]
    #: As the provider has it, where it says so.
    prompt: str | None
    #: Describe and shorten: the texts.
    texts: tuple[str, ...]
    #: Digits, for `--seed`; None where the provider's answer has none: `get_seed()` asks.
    seed: str | None
    #: The mode it really ran in, where the provider says so; else the one that was asked for.
    mode: Mode
    #: What it cost, in the provider's own unit, where it says so.
    quota: float | None
    #: Where it lives at the provider.
    ticket: Ticket
    #: From the first picture to this one.
    lineage: tuple[Step, ...]
    #: Width and height of the picture in pixels, where the provider says so.
    size: tuple[int, int] | None
    #: What you should know about it: another mode than asked for, a provider that never called it finished.
    warnings: tuple[str, ...]
    #: Seconds from acceptance to the end as we saw it. Not compared: a later process reads them off another clock.
    seconds: float = field(eq=False)
    #: The provider's answer, untouched.
    raw: Mapping[str, Any] = field(repr=False, eq=False)
    _record: Record = field(repr=False, eq=False)
    _desk: Desk = field(repr=False, eq=False)

    @property
    def image(self) -> ImageURL | None:
        """The best address, or None for a result without pictures."""
        return next(iter((*self.images, *self.tiles)), None)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        """What a notebook shows of it: the picture by its address, and the call for each button."""
        return bundle(cards.of_result(self))

    async def save(self, path: str | os.PathLike[str], *, metadata: bool = False) -> Path:
        """Download the picture to `path`, whole or not at all; a path without an ending gets the right one.

        The folder must exist; a file of that name is replaced. Other addresses of the same picture are tried if one
        is gone or must not be opened. The bytes are the provider's own; with `metadata=True` a PNG gets the prompt,
        ids and lineage written into it (`read_metadata`), which whoever has the file can read.
        """
        if self.image is None:
            raise ConfigError("This result has no picture to save.", hint="see .texts, .seed and .raw for what it has")
        # The addresses of an upload are different pictures; of anything else they are the same one.
        one = self._record.spec.operation.kind == "upload"
        body = await self._first_of(self.images[:1] if one else (*self.images, *self.tiles[:1]))
        return await _written(Path(path), await _told(body, facts_of(self)) if metadata else body)

    async def save_tiles(self, folder: str | os.PathLike[str], *, metadata: bool = False) -> tuple[Path, ...]:
        """Write a grid's four pictures one by one into `folder`, as `<job>-1.png` to `<job>-4.png`.

        The folder is made if it is not there. A name that another file has is passed over: `<job>-1-2.png`. They are the provider's own where it gave them,
        else the grid is cut here (`pip install 'mjasync[images]'`). `metadata` is as for `save`, with the tile's number.
        """
        stems = [f"{files.safe(self.job_id)}-{number}" for number in range(1, 5)]
        if len(self.tiles) == len(stems):
            parts = [await self._first_of((url,)) for url in self.tiles]
        elif self._is_grid:
            parts = [*await asyncio.to_thread(split, await self._first_of(self.images))]
        else:
            raise ConfigError("This result is one picture, not a grid of four.", hint="save it with save(path)")
        if metadata:
            parts = [await _told(part, facts_of(self, tile=tile)) for tile, part in enumerate(parts, start=1)]
        return tuple([await _added(Path(folder), stem, part) for stem, part in zip(stems, parts, strict=True)])

    def _step(self, operation: Operation, options: StepOptions) -> "Job":
        return self._desk.step(self._record, operation, options, known=True)

    @property
    def _is_grid(self) -> bool:
        """By what it offers; where it offers nothing, by how it was made."""
        names = {action.name for action in self.actions}
        single = {"upscale", "swap_face", "upload", "describe", "shorten", "seed", "press"}
        return "upscale1" in names if names else self._record.spec.operation.kind not in single

    async def _first_of(self, urls: tuple[ImageURL, ...]) -> bytes:
        faults = []
        for url in urls:
            try:
                return await self._desk.picture(self.ticket.account, url)
            except Exception as exc:  # noqa: BLE001  # whatever is wrong with one address, the next may be right
                faults.append(_plain(f"{url.host or 'its address'}: {exc}"))
        raise ProviderError(
            f"The picture of job {self.job_id} could not be downloaded.",
            why="; ".join(faults)[:500] or "the result names none",
            hint="links expire after a day or so; fetch the job again for fresh ones",
            charged="yes",
            retryable=True,
        )


def result_of(record: Record, records: Mapping[str, Record], desk: Desk) -> Result:
    """The result of a finished record."""
    seen, ticket = record.snapshot, record.ticket
    assert seen is not None  # noqa: S101  # a finished record was seen and accepted
    assert ticket is not None  # noqa: S101
    return Result(
        job_id=record.id,
        images=seen.images,
        tiles=seen.tiles,
        actions=seen.actions,
        prompt=_prompt_of(record, seen),
        texts=seen.texts,
        seed=seen.seed,
        mode=seen.mode or record.spec.mode,
        quota=seen.quota,
        ticket=ticket,
        lineage=_lineage(record, records),
        size=seen.size,
        warnings=warnings_of(record),
        seconds=(record.ended_at or 0.0) - (record.accepted_at or 0.0),
        raw=seen.raw,
        record=record,
        desk=desk,
    )


def _prompt_of(record: Record, seen: Snapshot) -> str | None:
    """As the provider shows it; of a describe or shorten that is the answer, so only what was asked counts."""
    asked: str | None = getattr(record.spec.operation, "prompt", None)
    return asked if record.spec.operation.brings is Brings.TEXTS else seen.prompt or asked


def facts_of(result: Result, *, tile: int | None = None) -> PictureFacts:
    """What a picture of this result can tell of itself."""
    steps = [{"job_id": step.job_id, "step": step.name, "ticket": str(step.ticket)} for step in result.lineage]
    return PictureFacts(
        job_id=result.job_id,
        step=steps[-1]["step"] if steps else "imagine",
        prompt=result.prompt or "",
        mode=str(result.mode),
        account=result.ticket.account,
        remote_id=result.ticket.remote_id,
        lineage=tuple(steps),
        seed=result.seed,
        seconds=round(result.seconds, 3),
        quota=result.quota,
        tile=tile,
        software=SOFTWARE,
    )


def warnings_of(record: Record) -> tuple[str, ...]:
    """What whoever reads the result should know."""
    seen = record.snapshot
    granted = seen.mode if seen else None
    other = granted is not None and granted is not record.spec.mode
    mode = (f"asked for {record.spec.mode}, it ran in {granted} mode",) if other else ()
    press = record.spec.operation
    remix = isinstance(press, Press) and press.prompt and press.mask is None and record.filled_at is None
    unused = ("the prompt was not used: the provider opened no window for it (remix is off)",) if remix else ()
    return mode + unused + (seen.warnings if seen else ())


def _lineage(record: Record, records: Mapping[str, Record]) -> tuple[Step, ...]:
    """From the first picture to this one."""
    steps: list[Step] = []
    while True:
        if record.ticket is not None:
            operation = record.spec.operation
            steps.append(Step(record.id, action_of(operation), record.ticket, operation.kind))
        if record.spec.parent is None:
            return tuple(reversed(steps))
        record = records[record.spec.parent]


def _plain(words: str) -> str:
    """On one line, without what a terminal would obey: a host's name may be anybody's words."""
    return " ".join("".join(c if c.isprintable() else " " for c in words).split())


async def _told(body: bytes, facts: PictureFacts) -> bytes:
    """The picture with its facts in it, where it is a PNG."""
    return await asyncio.to_thread(with_facts, body, facts)


async def _written(path: Path, body: bytes) -> Path:
    """Write a picture where the user wants it; a path without an ending gets the right one."""
    if path.name in ("", ".."):
        raise ConfigError("The picture needs a file name.", why=f"{str(path)!r} is a folder", hint="add a name to it")
    target = path if path.suffix else path.with_name(f"{path.name}.{kind_of(body)}")
    await asyncio.to_thread(_write_whole, target, body)
    return target


async def _added(folder: Path, stem: str, body: bytes) -> Path:
    """Write a picture under a name of ours, beside whatever is there."""
    names = files.numbered(folder, stem, kind_of(body) or "png")
    return await asyncio.to_thread(_guarded, folder, _made, folder, names, body)


def _made(folder: Path, names: Iterable[Path], body: bytes) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return files.create(names, body)


def _write_whole(path: Path, body: bytes) -> None:
    """Write beside the target, then move into place: nobody ever sees half a picture."""
    _guarded(path, files.replace, path, body)


def _guarded(path: Path, write: Callable[..., _T], *arguments: object) -> _T:
    """Write, and say what is wrong if that fails. The picture is paid for and still at the provider."""
    try:
        return write(*arguments)
    except ValueError:  # a path with a NUL or half a character in it
        own, why = True, "its name has characters that no file name can have"
    except OSError as exc:
        own, why = exc.errno in _PATH_ERRORS, exc.strerror or type(exc).__name__
    shown = f"The picture cannot be written to {str(path)[:200]!r}."
    if own:
        raise ConfigError(shown, why=why, hint="make the folder, or choose another")
    raise MJError(shown, why=why, hint="make room, and save it again", charged="yes", retryable=True)
