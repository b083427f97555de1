"""The pictures on the wall: which names exist, drawn when first asked for, a few kept.

Rule 1: four tiles are pixel for pixel the quarters of their grid, so splitting a grid locally gives the same.
Rule 2: a finished picture cannot be had before its job is done; a preview shows what the progress allows.
"""

import hashlib
import re
import uuid
from collections import OrderedDict

from mjasync.sim import imagery, png
from mjasync.sim.jobs import Job, Phase
from mjasync.sim.painting import paint

#: Order of the quarters: U1..U4 from the left top, as file names of newer TTAPI answers have them.
CORNERS = ("tl", "tr", "bl", "br")
#: How many drawn pictures are kept: at some 100 KB each.
KEPT = 64

_NAME = re.compile(r"([0-9a-f-]{36})(?:_(tl|tr|bl|br|\d{1,2}))?\.png")


class Gallery:
    """All pictures of a world by name: `<hash>.png`, `<hash>_tl.png` … and, while it grows, `<hash>_46.png`."""

    def __init__(self, *, kept: int = KEPT) -> None:
        self._jobs: dict[str, Job] = {}
        self._drawn: OrderedDict[str, bytes] = OrderedDict()
        self._kept = kept
        self._uploads: dict[str, bytes] = {}

    def hang(self, job: Job) -> None:
        """Make the pictures of a job known."""
        self._jobs[job.hash] = job

    def keep(self, data: bytes) -> str:
        """Hang a picture that was uploaded, and return its name."""
        name = f"{uuid.UUID(bytes=hashlib.sha256(data).digest()[:16])}.{imagery.kind(data)}"
        self._uploads[name] = data
        return name

    def png(self, name: str, now: float) -> bytes | None:
        """Return a picture, or None where there is none of this name (yet)."""
        if name in self._uploads:
            return self._uploads[name]
        match = _NAME.fullmatch(name)
        job = self._jobs.get(match[1]) if match else None
        part = match[2] if match else None
        if job is None or not _exists(job, part, now):
            return None
        if name not in self._drawn:
            self._drawn[name] = _draw(job, part)
            while len(self._drawn) > self._kept:
                self._drawn.popitem(last=False)
        self._drawn.move_to_end(name)
        return self._drawn[name]


def _exists(job: Job, part: str | None, now: float) -> bool:
    if not job.scenes:
        return False
    if part is not None and part.isdigit():
        return 0 < int(part) <= job.progress(now)
    if part is not None and len(job.scenes) == 1:
        return False
    return job.phase(now) is Phase.DONE


def _draw(job: Job, part: str | None) -> bytes:
    width, height = job.size
    if part is not None and part.isdigit():
        # A preview is a small picture, as Discord's are.
        width, height = width // 8 * 2, height // 8 * 2
        part = None
    if len(job.scenes) == 1:
        return png.encode(width, height, paint(job.scenes[0], width, height), text=job.order.prompt)
    width, height = width // 2, height // 2
    if part:
        pixels = paint(job.scenes[CORNERS.index(part)], width, height)
        return png.encode(width, height, pixels, text=job.order.prompt)
    quarters = [paint(scene, width, height) for scene in job.scenes]
    return png.encode(2 * width, 2 * height, _join(quarters, 3 * width), text=job.order.prompt)


def _join(quarters: list[bytearray], stride: int) -> bytearray:
    """Lay four quarters out two by two; `stride` is the bytes of one quarter's row."""
    whole = bytearray()
    for left, right in ((quarters[0], quarters[1]), (quarters[2], quarters[3])):
        for start in range(0, len(left), stride):
            whole += left[start : start + stride]
            whole += right[start : start + stride]
    return whole
