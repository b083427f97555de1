"""The loop that everybody writes first: a semaphore, a submit, and a look every so many seconds."""

import asyncio
import json
from collections.abc import Sequence
from typing import Any

from attrs import define

from mjasync.accounts import Account
from mjasync.core.wire import HttpRequest
from mjasync.transport import Transport


@define
class Naive:
    """A fixed-interval client for TTAPI on any transport."""

    account: Account
    transport: Transport
    interval: float
    looks: int = 0

    async def all(self, prompts: Sequence[str], mode: str, slots: int) -> None:
        """Every prompt, at most `slots` at once."""
        room = asyncio.Semaphore(slots)
        async with asyncio.TaskGroup() as group:
            for prompt in prompts:
                group.create_task(self._one(room, prompt, mode))

    async def _one(self, room: asyncio.Semaphore, prompt: str, mode: str) -> None:
        async with room:
            answer = await self._post("imagine", {"prompt": prompt, "mode": mode})
            job_id = answer["data"]["jobId"]
            while True:
                await asyncio.sleep(self.interval)
                self.looks += 1
                answer = await self._post("fetch", {"jobId": job_id})
                if answer["status"] in ("SUCCESS", "FAILED"):
                    return

    async def _post(self, path: str, body: dict[str, str]) -> dict[str, Any]:
        request = HttpRequest(
            method="POST",
            url=f"{self.account.base_url}/midjourney/v1/{path}",
            headers={"Content-Type": "application/json"},
            body=json.dumps(body).encode(),
        )
        response = await self.transport.send(self.account.signed(request))
        answer: dict[str, Any] = json.loads(response.body)
        return answer
