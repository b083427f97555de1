"""A stranger with wrong tokens, as a process of its own: `python flooding.py PORT RATE SECONDS` prints what it was told."""

import asyncio
import base64
import json
import secrets
import sys
import time
from collections import Counter

WORKERS = 40


async def once(port, told):
    token = base64.urlsafe_b64encode(secrets.token_bytes(32)).rstrip(b"=").decode()
    body = b'{"status": "SUCCESS"}'
    head = (
        f"POST /mj/{token} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(head.encode() + body)
        told[(await reader.readline())[9:12].decode()] += 1
        writer.close()
    except OSError as exc:
        told[type(exc).__name__] += 1


async def flood(port, rate, seconds):
    told, begun, sent = Counter(), time.monotonic(), 0

    async def worker():
        nonlocal sent
        while (passed := time.monotonic() - begun) < seconds:
            if sent > passed * rate:
                await asyncio.sleep(0.002)
                continue
            sent += 1
            await once(port, told)

    await asyncio.gather(*(worker() for _ in range(WORKERS)))
    print(json.dumps({"told": told, "rate": sum(told.values()) / (time.monotonic() - begun)}))


if __name__ == "__main__":
    asyncio.run(flood(int(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3])))
