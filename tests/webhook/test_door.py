"""Reading a body: whole, in time, and no more of it than is allowed."""

import asyncio

import pytest

from mjasync.core.tokens import digest
from mjasync.testing import run
from mjasync.webhook import Head
from mjasync.webhook.receiving import BODIES, BODY_LIMIT
from tests.webhook.calling import TOKEN, Bell

HEAD = Head(method="POST", path=f"/{TOKEN}", content_type="application/json")


async def chunks(*parts, pause=0.0):
    for part in parts:
        await asyncio.sleep(pause)
        yield part


def answered(bell, *parts, head=HEAD, pause=0.0):
    async def story():
        return await bell.door.answer(head, chunks(*parts, pause=pause))

    return run(story()).status


@pytest.mark.parametrize("parts", [(b'{"a": 1}',), (b'{"a"', b": 1}"), ()])
def test_a_body_comes_in_parts_and_rings_as_a_whole(parts):
    bell = Bell()

    assert 200 == answered(bell, *parts)
    assert [(digest(TOKEN), b"".join(parts))] == bell.rang


def test_a_bell_that_could_not_be_written_down_may_ring_again():
    assert 503 == answered(Bell(ok=False), b"{}")


def test_a_wrong_token_is_answered_without_reading():
    bell, head = Bell(), Head(method="POST", path="/nobody", content_type="application/json")

    assert 404 == answered(bell, b"{}", head=head)
    assert [] == bell.rang


@pytest.mark.fault("W07")
def test_more_than_is_allowed_is_not_read_to_its_end():
    bell, read = Bell(), []

    async def endless():
        while True:
            read.append(1)
            yield b"x" * 65536

    async def story():
        return await bell.door.answer(HEAD, endless())

    assert 413 == run(story()).status
    assert BODY_LIMIT // 65536 + 1 == len(read)
    assert ([], 1) == (bell.rang, bell.receiver.counts.refused)


@pytest.mark.fault("W07")
def test_a_body_that_trickles_in_is_given_up():
    bell = Bell()

    assert 408 == answered(bell, *[b"x"] * 100, pause=1.0)
    assert ([], 1) == (bell.rang, bell.receiver.counts.refused)


@pytest.mark.fault("W07")
def test_while_64_trickle_in_the_next_is_asked_to_come_again_and_then_heard():
    bell = Bell()

    async def story():
        slow = [asyncio.create_task(bell.door.answer(HEAD, chunks(b"x", pause=8.0))) for _ in range(BODIES)]
        await asyncio.sleep(1)
        early = await bell.door.answer(HEAD, chunks(b"{}"))
        answers = await asyncio.gather(*slow)
        late = await bell.door.answer(HEAD, chunks(b"{}"))
        return early.status, {answer.status for answer in answers}, late.status

    assert (503, {200}, 200) == run(story())


def test_whoever_is_cancelled_while_reading_gives_its_place_back():
    bell = Bell()

    async def story():
        for _ in range(2 * BODIES):
            task = asyncio.create_task(bell.door.answer(HEAD, chunks(b"x", pause=8.0)))
            await asyncio.sleep(0)
            task.cancel()
            await asyncio.wait([task])
        return await bell.door.answer(HEAD, chunks(b"{}"))

    assert 200 == run(story()).status
