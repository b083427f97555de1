"""Pictures that go along with a request, from wherever they are to bytes: read, downloaded and encoded off the loop."""

import asyncio
from collections.abc import Awaitable, Callable

from attrs import evolve

from mjasync.core.operations import Operation, Press, attached, reattached
from mjasync.core.pictures import Picture
from mjasync.core.wire import TransportFault
from mjasync.errors import ConfigError, Unreachable
from mjasync.images.inputs import load, picture
from mjasync.images.masks import check_mask
from mjasync.transport.download import Refused

#: The bytes of a picture at an address.
Download = Callable[[str], Awaitable[bytes]]


async def loaded(operation: Operation, *, by_link: bool, size: tuple[int, int] | None, download: Download) -> Operation:
    """The same request with its pictures' bytes in place; addresses stay where the provider takes them (`by_link`).

    `size` is the parent's, for a mask. Raises `ConfigError` for what cannot be sent, `Unreachable` for an address that
    cannot be reached now.
    """
    pictures = [await _whole(each, by_link=by_link, download=download) for each in attached(operation)]
    if isinstance(operation, Press) and pictures:
        await asyncio.to_thread(check_mask, pictures[0].data, size=size)
    return reattached(operation, tuple(pictures))


async def _whole(wanted: Picture, *, by_link: bool, download: Download) -> Picture:
    if wanted.url and by_link:
        return wanted
    if wanted.digest:
        raise ConfigError(
            "A picture of this job is gone.",
            why="its file beside the journal was deleted or changed since an earlier process asked for the job",
            hint="ask again with the picture; nothing was sent",
        )
    if wanted.url:
        return picture(await _downloaded(wanted.url, download))
    return evolve(wanted, data=await asyncio.to_thread(load, wanted), path="", source=None)


async def _downloaded(url: str, download: Download) -> bytes:
    try:
        return await download(url)
    except Refused as exc:
        raise ConfigError(
            "A picture's address cannot be used.",
            why=str(exc),
            hint="this provider wants the picture itself; give a file or bytes instead",
        ) from None
    except TransportFault as exc:
        raise Unreachable(
            "A picture's address cannot be reached.",
            why=str(exc),
            hint="ask again, or give a file or bytes instead; nothing was sent",
            retryable=True,
        ) from None
