"""The receiver of callbacks: one pure core (`receiving`), one who waits (`door`), two faces (`asgi`, `routes`).

Rule: a callback is a doorbell. Whatever its body says is never a result; it only causes a look of our own.
"""

# `routes` is not named here: it brings aiohttp's server along.
from mjasync.webhook.asgi import Asgi
from mjasync.webhook.door import Door
from mjasync.webhook.masking import MaskTokens
from mjasync.webhook.receiving import Answer, Counts, Head, Receiver

__all__ = ["Answer", "Asgi", "Counts", "Door", "Head", "MaskTokens", "Receiver"]
