"""A picture, the account it belongs to, and one download of it."""

import asyncio

from mjasync.core.wire import TransportFault
from mjasync.transport.download import Downloader

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20
BASE = "https://relay.example/v1"


class Own:
    """The account's own transport, by a script of answers."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.requests = []

    async def send(self, request):
        self.requests.append(request)
        return self.answers.pop(0)

    async def aclose(self):
        raise AssertionError("it belongs to the account")


def get(url, *answers, base=BASE):
    """What a download brings, or its fault; and the requests that the account's own transport saw."""
    own = Own(*answers)

    async def story():
        downloader = Downloader(own, base)
        try:
            return await downloader.get(url)
        except TransportFault as fault:
            return fault
        finally:
            await downloader.aclose()
            await downloader.aclose()

    return asyncio.run(story()), own.requests
