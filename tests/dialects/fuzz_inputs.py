"""Bodies that no provider should send: samples cut, twisted and dressed up, and junk; the same for the same seed."""

import json
import random
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

from tests.dialects.cases import SAMPLES

STATUSES = (200, 200, 200, 201, 204, 301, 400, 400, 401, 402, 403, 404, 405, 408, 409, 422, 425, 429, 451, 499)
STATUSES += (500, 501, 502, 503, 504, 524, 100, 599)
#: Where an answer is not evidence of anything: a paid request must stay unclear there.
DARK = frozenset({408, 500, 501, 502, 504, 524})
#: An API answer is never longer than this (`wire.API_BODY_LIMIT`).
LIMIT = 2 * 1024 * 1024

SAMPLE_BODIES: dict[str, bytes] = {
    str(path.relative_to(SAMPLES)): path.read_bytes() for path in sorted(SAMPLES.glob("*/[!_]*.json"))
}
_TASK = {"id": "1320098173412546", "status": "IN_PROGRESS", "progress": "31%", "properties": {"finalPrompt": "x"}}
_ROW = {
    "job_id": "afa774a3-1aee",
    "model": "fast",
    "status": 2,
    "progress": "100",
    "quota": 2,
    "cdn_image": "https://c",
}
#: Shapes that no sample has: lists, infos, and every way to say no.
MADE: tuple[Any, ...] = (
    [_TASK, {**_TASK, "status": "SUCCESS"}],
    {"status": "SUCCESS", "data": [_ROW, _ROW]},
    {"status": "SUCCESS", "data": {"balance": 3000, "freeze_balance": "4", "max_queue": 5}},
    {"status": "FAILED", "message": "[Banned prompt detected] x", "data": None},
    {"status": "FAILED", "message": "queue is full", "data": None},
    {"status": "FAILED", "message": "Job [afa774a3-1aee] already exists", "data": None},
    {"code": 21, "description": "Waiting for window confirm", "properties": {"finalPrompt": "x"}, "result": "1"},
    {"code": 23, "description": "队列已满", "properties": {}, "result": None},
    {"code": 24, "description": "可能包含敏感词", "properties": {"bannedWord": "x"}, "result": None},
    {"code": 4, "description": "task_no_found ", "properties": {}, "result": None},
    {"code": 1, "description": "ok", "properties": {}, "result": ["https://a/1", "https://a/2"]},
    {"error": {"message": "无效的令牌 (request id: 1)", "type": "new_api_error", "code": "x"}},
    {"success": False, "code": -1, "message": "x", "timestamp": 1},
    {"timestamp": 1, "status": 404, "error": "Not Found", "path": "/x"},
    {"status": "SUCCESS", "action": "SHORTEN", "description": "## Shortened prompts\n1️⃣ a\n2️⃣ b", "prompt": "q"},
    {"status": "SUCCESS", "imageUrls": [{"url": "u"}] * 4, "buttons": [{"customId": "MJ::JOB::upsample::1::h"}]},
)
DOCUMENTS = (*(json.loads(body) for body in SAMPLE_BODIES.values()), *MADE)
JUNK: tuple[Any, ...] = (
    *(None, "", 0, -1, 1.5, 1e308, 1e999, float("nan"), -0.0, 10**30, 10**4000, True, False, [], {}, [[]], [None]),
    *("\ud800", "\udfff\ud800", "\x00\x1b[31m", "\u202e", "1️⃣ a 2️⃣ b", "quota" * 500, " " * 3000, "\n" * 3000),
    *("SUCCESS", "FAILED", "MODAL", "ON_QUEUE", "WARP", "100%", "NaN", "-5", "..", "../x", "1,2", "0", "１２"),
    *({"a": {}}, {"url": 5}, {"message": {}}, ["", 1, None, "x"], [{"url": "\ud800"}], {"customId": ["x"]}),
    *(
        1,
        21,
        22,
        3,
        4,
        5,
        9,
        23,
        24,
        30,
        "1",
        "4",
        255,
        "窗口等待",
        "confirm",
        "already exists",
        "Job [] already exists",
    ),
)
NAMES = ("status", "code", "result", "data", "message", "description", "error", "properties", "jobId", "job_id", "id")
NAMES += ("progress", "progess", "action", "actions", "prompts", "imageUrl", "imageUrls", "buttons", "components")
NAMES += ("quota", "seed", "width", "height", "failReason", "cdnImages", "images", "detail", "list", "max_queue")


def places(document: Any) -> list[tuple[Any, Any]]:
    """Every container of a document with every key or index in it."""
    found: list[tuple[Any, Any]] = []
    stack = [document]
    while stack:
        here = stack.pop()
        keys = list(here) if isinstance(here, dict) else range(len(here)) if isinstance(here, list) else ()
        found += [(here, key) for key in keys]
        stack += [here[key] for key in keys]
    return found


def twisted(dice: random.Random) -> Any:
    """A document with one to five values swapped, dropped or added, anywhere."""
    document = deepcopy(dice.choice(DOCUMENTS))
    for _ in range(dice.randint(1, 5)):
        spots = places(document)
        if not spots:
            break
        here, key = dice.choice(spots)
        what = dice.random()
        if what < 0.15 and isinstance(here, dict):
            here[dice.choice(NAMES)] = deepcopy(dice.choice(JUNK))
        elif what < 0.25:
            del here[key]
        elif what < 0.35:
            other, name = dice.choice(spots)
            here[key] = deepcopy(other[name])
        else:
            here[key] = deepcopy(dice.choice(JUNK))
    return document if dice.random() > 0.05 else dice.choice((document, [document], {"data": document}, document, None))


def encode(document: Any) -> bytes:
    """JSON as Python writes it: NaN and lone surrogates included; digits beyond the limit are written by hand."""
    return json.dumps(document).encode()


def twice(body: bytes, dice: random.Random) -> bytes:
    """One key once more, with another value."""
    name = dice.choice(NAMES)
    extra = f'"{name}": {json.dumps(dice.choice(JUNK))}, "{name}": 1, '.encode()
    return body.replace(b"{", b"{" + extra, 1)


def flipped(body: bytes, dice: random.Random) -> bytes:
    """A few bytes changed."""
    changed = bytearray(body)
    for _ in range(dice.randint(1, 6)):
        if changed:
            changed[dice.randrange(len(changed))] = dice.randrange(256)
    return bytes(changed)


#: Numbers at the edge of what anybody can read.
NUMBERS = (*(b"9" * n for n in (400, 4299, 4300, 5000, 20_000)), b"9e9999999999999999999", b"9e-9999999999999999999")
NUMBERS += (b"9." + b"0" * 5000, b"9.0", b"9e15", b"-9e400", b"0e99999999999999999999")


def digits(body: bytes, dice: random.Random) -> bytes:
    """A number that nobody means, where one was, or at the end."""
    found = [at for at, byte in enumerate(body) if 48 <= byte <= 57]
    at = dice.choice(found) if found else len(body)
    return body[:at] + dice.choice(NUMBERS) + body[at + dice.randint(0, 1) :]


def junk(_: bytes, dice: random.Random) -> bytes:
    """Bytes that mean nothing, or begin like something."""
    head = dice.choice(
        (b"", b"{", b"[", b'{"', b"<html>", b"\xff\xfe", b"\xef\xbb\xbf", b"null", b'"', b"-", b"\x1f\x8b")
    )
    return head + dice.randbytes(dice.randint(0, 60))


def nested(body: bytes, dice: random.Random) -> bytes:
    """Brackets inside of brackets, around something or nothing."""
    deep = dice.choice((50, 900, 1100, 30_000))
    name = dice.choice(NAMES).encode()
    return dice.choice((b"[" * deep + b"]" * deep, b"[" * deep, (b'{"' + name + b'":') * deep + body + b"}" * deep))


DRESSES: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    *[lambda body, dice: body] * 6,
    lambda body, dice: body[: dice.randint(0, len(body))],
    flipped,
    twice,
    digits,
    junk,
    nested,
    lambda body, dice: b"\xef\xbb\xbf" + body,
    lambda body, dice: body.decode("utf-8", "replace").encode(
        dice.choice(("utf-16", "utf-16-le", "utf-32", "utf-32-be"))
    ),
    lambda body, dice: body.decode("utf-8", "replace").encode("latin-1", "replace"),
    lambda body, dice: b" \n" * dice.randint(0, 50) + body + dice.choice((b"", b"x", b"{}", b"\x00")),
)


def bodies(dice: random.Random) -> Iterator[bytes]:
    """Without end."""
    while True:
        yield dice.choice(DRESSES)(encode(twisted(dice)), dice)


#: Head, what is repeated, and tail: bodies that are built to be slow.
_SLOW: tuple[tuple[bytes, bytes, bytes], ...] = (
    (b"", b"[", b""),
    (b"[", b"{},", b"]"),
    (b"[", b'{"id":"1","status":""},', b"]"),
    (b'{"status":"SUCCESS","data":[', b'{"job_id":"1"},', b"]}"),
    (b'{"status":"SUCCESS","data":{"components":[', b'"x",', b"]}}"),
    (b'{"status":"SUCCESS","data":{"prompts":[', b'"x",', b"]}}"),
    (b'{"status":"SUCCESS","buttons":[', b'{"customId":"x"},', b"]}"),
    (b'{"status":"SUCCESS","imageUrls":[', b'{"url":"x"},', b"]}"),
    (b'{"code":1,"result":[', b'"http://a",', b"]}"),
    (b'{"status":"SUCCESS","properties":{"messageContent":"', b"(fast", b'"}}'),
    (b'{"status":"SUCCESS","properties":{"messageContent":"', b"(fast)", b'"}}'),
    (b'{"status":"SUCCESS","action":"SHORTEN","description":"', b"\\n", b'"}'),
    (b'{"status":"SUCCESS","action":"DESCRIBE","promptEn":"', b"1.\\n", b'"}'),
    (b'{"status":"FAILED","message":"', b"insufficient ", b'"}'),
    (b'{"status":"FAILED","message":"', b"job [", b'"}'),
    (b'{"code":4,"description":"', b"quota", b'"}'),
    (b'{"status":"SUCCESS","progress":"1', b" ", b'x"}'),
    (b'{"code":1,"result":"', b"9", b'"}'),
    (b'{"code":1,"result":', b"9", b"}"),
    (b'{"status":"SUCCESS","buttons":[{"customId":"MJ::JOB::upsample_v', b"_subtle", b'"}]}'),
    (b"{", b'"a":1,', b"}"),
)


def huge(size: int = LIMIT) -> tuple[bytes, ...]:
    """One body of each sort, of this many bytes or a little less."""
    made = []
    for head, item, tail in _SLOW:
        count = (size - len(head) - len(tail)) // len(item)
        made.append(head + (item * count).rstrip(b",") + tail)
    return tuple(made)
