"""Pictures to disk as they finish, each with a JSON file of facts beside it.

Rule 1: names are generated (`names`), and nothing that is there already is overwritten.
Rule 2: a file is complete or not there: both are written aside (`flow.files`) and moved into place.
Rule 3: the same picture of the same job, saved into a folder again, is the file that is there.
"""

import asyncio
import json
import os
import tempfile
from pathlib import Path
from typing import Any

from attrs import evolve

from mjasync.core.facts import PictureFacts, with_facts
from mjasync.core.pictures import size_of
from mjasync.errors import MJError
from mjasync.flow import files
from mjasync.flow.result import Result, facts_of
from mjasync.sheet import names

_ENDINGS = ("png", "jpg", "webp", "gif")
#: What is saved and shown: the facts of a picture, its name in the folder among them.
Picture = PictureFacts


async def save(
    folder: Path, number: int, prompt: str, result: Result, *, simulated: bool = False, metadata: bool = True
) -> Picture:
    """Download a result's best picture, and write its facts beside it. Raises `MJError`.

    With `metadata` a PNG has its facts in it, too; without, the file is the provider's own, byte by byte.
    """
    facts = evolve(facts_of(result), number=number, prompt=prompt, simulated=simulated)
    stem = names.stem(number, prompt, result.job_id, result.lineage[-1].action if result.lineage else None)
    try:
        with tempfile.TemporaryDirectory(prefix=files.PREFIX, suffix=files.SUFFIX, dir=folder) as aside:
            path = await result.save(Path(aside) / "picture")
            return await asyncio.to_thread(_kept, path, folder, stem, facts, metadata=metadata)
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
    return picture.as_json()


def _kept(whole: Path, folder: Path, stem: str, facts: PictureFacts, *, metadata: bool) -> Picture:
    """Measure it, tell it what is known of it, and give it a name."""
    body = whole.read_bytes()
    size = size_of(body)
    facts = evolve(facts, size=size if size and all(size) else (1, 1))
    told = with_facts(body, facts) if metadata else body
    if told != body:
        files.replace(whole, told)
    return _placed(whole, folder, stem, facts)


def _placed(whole: Path, folder: Path, stem: str, picture: Picture) -> Picture:
    """Give the picture the first name that no other picture and no sidecar has, and write its facts beside it."""
    for path in files.numbered(folder, stem, whole.suffix[1:]):
        named = evolve(picture, file=path.name)
        facts = (json.dumps(sidecar(named), indent=2) + "\n").encode()
        if files.holds(path.with_suffix(".json"), facts) and files.holds(path, whole.read_bytes()):
            return named
        if any(os.path.lexists(path.with_suffix(f".{ending}")) for ending in (*_ENDINGS, "json")):
            continue
        try:
            files.place(whole, path)
        except FileExistsError:  # another run was quicker
            continue
        files.create([path.with_suffix(".json")], facts)
        return named
    raise FileExistsError(f"every name like {stem} is taken")
