"""Answers to looks as the providers write them (seeds 000 and 001), for the benchmarks of looking."""

import json
from collections.abc import Mapping
from typing import Any

_MESSAGE = "26d56b92-4ed6-45e2-8561-563797923135"
_PROMPT = "a lighthouse at dusk, oil on canvas, heavy strokes, cold light over a calm sea --ar 3:2 --v 6.1 --s 250"
_BUTTONS = tuple(
    {"customId": f"MJ::JOB::{what}::{_MESSAGE}", "emoji": "", "label": label, "style": 2, "type": 2}
    for what, label in (
        *((f"upsample::{n}", f"U{n}") for n in (1, 2, 3, 4)),
        ("reroll::0", ""),
        *((f"variation::{n}", f"V{n}") for n in (1, 2, 3, 4)),
    )
)
#: A task's id, which both bodies of midjourney-proxy have.
TASK = "1320098173412546"
#: A job's id, which both bodies of TTAPI have.
JOB = "afa774a3-1aee-5aba-4510-14818d6875e4"


def _task(**changes: Any) -> bytes:
    """midjourney-proxy's fetch (seed 001, its sample), pretty-printed as there."""
    task = {
        "id": TASK,
        "action": "IMAGINE",
        "prompt": _PROMPT,
        "promptEn": _PROMPT,
        "description": "Submit success",
        "state": "",
        "submitTime": 1741531578038,
        "startTime": 1741531580190,
        "finishTime": 0,
        "imageUrl": f"https://img.example/attachments/1320066655572987907/{_MESSAGE}.png?ex=67cefb57&is=67cda9d7&hm=b87e6b24",
        "status": "IN_PROGRESS",
        "progress": "31%",
        "failReason": "",
        "properties": {
            "botType": "MID_JOURNEY",
            "discordChannelId": 8774786694361674000,
            "discordInstanceId": 7415633538733103000,
            "finalPrompt": _PROMPT,
            "flags": 0,
            "messageContent": f"**{_PROMPT}** - <@1343445981269594182> (relaxed)",
            "messageHash": _MESSAGE,
            "messageId": "1348306030706036789",
            "nonce": "1619855216344100864",
            "notifyHook": "",
            "progressMessageId": "1348305922325479495",
        },
        "buttons": [],
    }
    return json.dumps(task | changes).encode()


def _job(status: str, **changes: Any) -> bytes:
    """TTAPI's fetch (seed 000, callback JSON)."""
    job = {
        "action": "imagine",
        "jobId": JOB,
        "progress": "31",
        "prompt": _PROMPT,
        "discordImage": "",
        "cdnImage": "",
        "width": 0,
        "height": 0,
        "hookUrl": "",
        "components": [],
        "seed": "",
        "images": [],
        "quota": 3,
    }
    return json.dumps({"status": status, "jobId": JOB, "message": "success", "data": job | changes}).encode()


RUNNING: Mapping[str, bytes] = {"ttapi": _job("ON_QUEUE"), "mjproxy": _task()}
DONE: Mapping[str, bytes] = {
    "ttapi": _job(
        "SUCCESS",
        progress="100",
        discordImage=f"https://cdn.discordapp.com/attachments/1250/1344/{JOB}.png?ex=67c6d1a5&is=67b4&hm={'6e06a1de' * 8}",
        cdnImage=f"https://cdnb.ttapi.io/2025-02-27/{JOB}.png",
        width=1632,
        height=2912,
        components=[f"{what}{n}" for what in ("upsample", "variation") for n in (1, 2, 3, 4)],
        images=[f"https://cdnb.ttapi.io/2025-02-27/{JOB}_{n}.png" for n in range(4)],
    ),
    "mjproxy": _task(status="SUCCESS", progress="100%", finishTime=1741531608566, buttons=_BUTTONS),
}


def batch(body: bytes, count: int) -> bytes:
    """The same task `count` times under ids of their own, as `list-by-condition` answers."""
    task = json.loads(body)
    return json.dumps([task | {"id": f"{int(TASK) + number}"} for number in range(count)]).encode()
