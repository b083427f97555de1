"""The rules about results: whose they are, that they stay what they were, and that files are whole.

Rule 1: a picture belongs to the request that the simulator drew it for, all the way up its chain.
"""

import struct
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.worlds.oracle import Fold
    from tests.worlds.story import Story


def judge(story: "Story", folds: "dict[str, Fold]") -> None:
    """All of them."""
    _own(story)
    _same(story)
    for path, name in story.saved.items():
        if not whole(path):
            story.violated("I15", f"{name}: the saved picture {path.name} is not whole")
    for path in story.folder.glob("*.png"):
        if not path.name.startswith(".") and not whole(path):
            story.violated("I15", f"{path.name} is not whole")


def _own(story: "Story") -> None:
    """What was delivered for a request was made for it."""
    nodes = {node.name: node for node in story.plan.nodes}
    accepted = [job for packet in story.wire.packets for job in packet.jobs]
    for told in story.history:
        if told.kind != "ok":
            continue
        result, node = told.value, nodes[told.name]
        made = [job for job in accepted if job.id == result.ticket.remote_id]
        if node.verb == "get_seed":
            continue
        if not made:
            story.violated("P11", f"{told.name}: {result.ticket} was never accepted")
            continue
        shown = [url for url in result.images if not any(job.hash in url for job in made)]
        if shown:
            story.violated("P11", f"{told.name}: {shown[0]} is not a picture of {result.ticket}")
        top: Any = made[-1]
        while top.order.parent is not None:
            top = top.order.parent
        root = nodes[told.name.partition(".")[0]]
        if root.prompt and top.order.prompt != root.prompt and "imagine" not in told.name:
            story.violated("P11", f"{told.name}: the first picture of {result.ticket} is {top.order.prompt!r}")
        if node.prompt and made[0].order.prompt != node.prompt:
            story.violated("P11", f"{told.name}: {result.ticket} was made for {made[0].order.prompt!r}")


def _same(story: "Story") -> None:
    """A job that brought a result brings the same one in every later process."""
    results: dict[str, Any] = {}
    for told in story.history:
        if told.kind == "ok":
            brought = (str(told.value.ticket), tuple(told.value.images), told.value.texts, told.value.seed)
            if results.setdefault(told.job, brought) != brought:
                story.violated("I7", f"{told.name} ({told.job}) brought {results[told.job]}, later {brought}")
        elif told.kind == "fail" and told.job in results:
            story.violated("I7", f"{told.name} ({told.job}) brought {results[told.job][0]}, later {told.gist()}")


def whole(path: Path) -> bool:
    """Whether it is a PNG, every chunk of which is there with its checksum."""
    data = path.read_bytes()
    if data[:8] != b"\x89PNG\r\n\x1a\n":
        return False
    at = 8
    while at + 12 <= len(data):
        (long,) = struct.unpack_from(">I", data, at)
        kind, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + long]
        if len(body) != long or struct.unpack_from(">I", data, at + 8 + long)[0] != zlib.crc32(kind + body):
            return False
        at += 12 + long
        if kind == b"IEND":
            return at == len(data)
    return False
