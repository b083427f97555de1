"""Pictures to disk as they finish, each with a JSON file of facts beside it.

Rule 1: names are generated (`names`), and nothing that is there already is overwritten.
Rule 2: a file is complete or not there: both are written aside (`flow.files`) and moved into place.
"""

import asyncio
import json
import os
import tempfile
from pathlib import Path
from typing import Any

from attrs import asdict, evolve, field, frozen

from mjasync import ConfigError, MJError, Result
from mjasync.cli import measure, names
from mjasync.cli.usage import UsageError
from mjasync.flow import files

_ENDINGS = ("png", "jpg", "webp", "gif")


@frozen(kw_only=True)
class Picture:
    """One saved picture and the facts of its sidecar. `file` is its name in the folder."""

    number: int
    prompt: str
    file: str
    #: `imagine`, or the action that made it, e.g. `upscale2`.
    step: str
    mode: str
    account: str
    job_id: str
    remote_id: str
    #: Oldest step first, itself last.
    lineage: tuple[dict[str, str], ...]
    #: From acceptance to the end.
    seconds: float
    quota: float | None
    #: Width and height in pixels; 1 by 1 where the file does not tell.
    size: tuple[int, int] = field(default=(1, 1))
    simulated: bool = False


def prepare(folder: Path, source: str) -> None:
    """Make the folder, and find out now whether files can be written there; `source` is where its name is from.

    What a run that was killed had left half done is taken away.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
        files.sweep(folder)
    except (OSError, ValueError) as exc:
        error = ConfigError if source not in ("argument", "default") else UsageError
        raise error(
            f"Pictures cannot be written to {str(folder)!r}; nothing was sent.",
            why=(exc.strerror if isinstance(exc, OSError) else None) or str(exc) or type(exc).__name__,
            hint="name a folder that you may write to: --out FOLDER"
            if error is UsageError
            else f"mend {source}, or name another folder with --out",
        ) from None


async def save(folder: Path, number: int, prompt: str, result: Result, *, simulated: bool) -> Picture:
    """Download a result's best picture, and write its facts beside it. Raises `MJError`."""
    step = result.lineage[-1].action if result.lineage else None
    stem = names.stem(number, prompt, result.job_id, step)
    try:
        with tempfile.TemporaryDirectory(prefix=files.PREFIX, suffix=files.SUFFIX, dir=folder) as aside:
            path = await result.save(Path(aside) / "picture")
            size = await asyncio.to_thread(measure.shape, path)
            picture = evolve(_picture(number, prompt, result), size=size, simulated=simulated)
            return await asyncio.to_thread(_placed, path, folder, stem, picture)
    except OSError as exc:
        why = exc.strerror or type(exc).__name__
    except MJError as exc:
        if type(exc) is not MJError:  # the address or the network, not the disk
            raise
        why = exc.why
    raise MJError(
        f"Job {result.job_id} is done, but its picture could not be written.",
        why=why,
        hint=f"make room, then fetch it from {str(result.image)[:200]}",
        charged="yes",
    )


def sidecar(picture: Picture) -> dict[str, Any]:
    """Return the facts as they stand in the JSON file."""
    return asdict(picture)


def write(path: Path, text: str) -> None:
    """Write a text file in one step: it is there whole, or as it was."""
    files.replace(path, text.encode())


def _placed(whole: Path, folder: Path, stem: str, picture: Picture) -> Picture:
    """Give the picture the first name that no picture and no sidecar has, and write its facts beside it."""
    for path in files.numbered(folder, stem, whole.suffix[1:]):
        if any(os.path.lexists(path.with_suffix(f".{ending}")) for ending in (*_ENDINGS, "json")):
            continue
        try:
            files.place(whole, path)
        except FileExistsError:  # another run was quicker
            continue
        named = evolve(picture, file=path.name)
        facts = json.dumps(sidecar(named), indent=2) + "\n"
        files.create([path.with_suffix(".json")], facts.encode())
        return named
    raise FileExistsError(f"every name like {stem} is taken")


def _picture(number: int, prompt: str, result: Result) -> Picture:
    return Picture(
        number=number,
        prompt=prompt,
        file="",
        step=_step(result.lineage[-1].action if result.lineage else None),
        mode=str(result.mode),
        account=result.ticket.account,
        job_id=result.job_id,
        remote_id=result.ticket.remote_id,
        lineage=tuple(
            {"job_id": step.job_id, "step": _step(step.action), "ticket": str(step.ticket)} for step in result.lineage
        ),
        seconds=round(result.seconds, 3),
        quota=result.quota,
    )


def _step(action: str | None) -> str:
    return action or "imagine"
