"""What the tests of the faces share: a door whose bell is written down, and a client that says what it wants."""

import asyncio

from mjasync.core.tokens import digest
from mjasync.webhook import Door, Receiver

TOKEN = "A" * 42 + "-"
JSON = {"Content-Type": "application/json"}


class Bell:
    """Hears, and remembers."""

    def __init__(self, *, ok=True):
        self.rang = []
        self.ok = ok
        self.receiver = Receiver(lambda wanted: wanted if wanted == digest(TOKEN) else None)
        self.door = Door(self.receiver, self.ring)

    async def ring(self, token, body):
        self.rang.append((token, body))
        return self.ok


async def raw(port, text, *, host="127.0.0.1", more=b"", wait=5.0):
    """All that a server answers to these bytes, until it closes the connection."""
    reader, writer = await asyncio.open_connection(host, port)
    try:
        writer.write(text.encode() if isinstance(text, str) else text)
        if more:
            writer.write(more)
        async with asyncio.timeout(wait):
            return await reader.read()
    except ConnectionResetError:
        return b""
    finally:
        writer.close()
