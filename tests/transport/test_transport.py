"""The transport's protocol, and who keeps to it."""

import asyncio
import inspect

import pytest

from mjasync.transport import Transport
from mjasync.transport.http import Http


@pytest.mark.parametrize("name", ["send", "aclose"])
def test_http_is_one(name):
    assert inspect.signature(getattr(Transport, name)) == inspect.signature(getattr(Http, name))


def test_the_protocols_own_bodies_do_nothing():
    assert [None, None] == [asyncio.run(Transport.send(None, None)), asyncio.run(Transport.aclose(None))]
