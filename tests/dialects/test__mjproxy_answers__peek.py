"""A peek at a task that goes on says what a whole reading says."""

import pytest

from mjasync.core.model import Mode, Status
from mjasync.core.wire import HttpResponse
from mjasync.dialects._mjproxy_answers import GOING, Task, is_task, peek, snapshot
from mjasync.dialects._reading import structure
from tests.dialects.peeks import said, variants

TASK = {
    "id": "1320098173412546",
    "action": "IMAGINE",
    "prompt": "cat",
    "promptEn": "the cat",
    "imageUrl": "https://img.example/preview.webp",
    "status": "IN_PROGRESS",
    "progress": "31%",
    "properties": {"finalPrompt": "a cat", "messageContent": "**cat** - <@1> (relaxed)"},
    "buttons": [],
}
FIELDS = (*TASK, "error", "seed", "width", "height", "imageUrls", "failReason", "description", "code")
FIELDS += ("mode", "videoUrl")
INNER = ("finalPrompt", "messageContent", "bannedWord")


def every():
    yield from variants(TASK, FIELDS)
    for properties in variants(TASK["properties"], INNER):
        yield TASK | {"properties": properties}
        yield {"id": 1, "status": "NOT_START", "properties": properties}


def test_whatever_it_says_a_whole_reading_says_too():
    response, peeks = HttpResponse(status=200), 0
    for document in every():
        seen = peek(document)
        if seen is not None:
            peeks += 1
            assert is_task(document)
            whole = snapshot(structure(document, Task), response, document, "imagine")
            assert said(whole) == said(seen), document
    assert peeks > 500


@pytest.mark.parametrize("word", ["NOT_START", "SUBMITTED", "IN_PROGRESS"])
def test_what_goes_on_is_peeked_at(word):
    seen = peek(TASK | {"status": word})

    expected = Status.RUNNING if word == "IN_PROGRESS" else Status.QUEUED
    assert (expected, "1320098173412546", 31, Mode.RELAX) == (seen.status, seen.remote_id, seen.progress, seen.mode)
    assert f'"{word}"'.encode() in GOING


@pytest.mark.parametrize(
    "document",
    [
        None,
        [],
        TASK | {"status": "SUCCESS"},
        TASK | {"status": "MODAL"},
        TASK | {"status": ["IN_PROGRESS"]},
        TASK | {"buttons": [{"customId": "MJ::Inpaint::1"}]},
        TASK | {"error": {"message": "no"}},
    ],
)
def test_all_else_is_read_whole(document):
    assert peek(document) is None
