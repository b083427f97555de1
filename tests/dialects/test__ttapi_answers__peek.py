"""A peek at a job that goes on says what a whole reading says."""

import pytest

from mjasync.core.model import Status
from mjasync.core.wire import HttpResponse
from mjasync.dialects._reading import structure
from mjasync.dialects._ttapi_answers import GOING, Job, peek, snapshot, state_of
from tests.dialects.peeks import said, variants

ID = "afa774a3-1aee-5aba-4510-14818d6875e4"
DATA = {
    "action": "imagine",
    "jobId": ID,
    "progress": "31",
    "prompt": "a cat",
    "mode": "fast",
    "quota": 3,
    "cdnImage": "https://cdnb.ttapi.io/a.png",
    "discordImage": "https://cdn.discordapp.com/a.png",
    "components": [],
    "images": [],
}
JOB = {"status": "ON_QUEUE", "jobId": ID, "message": "success", "data": DATA}
FIELDS = (*DATA, "progess", "actions", "job_id", "seed", "width", "height", "cdnImages", "prompts", "status")


def every():
    yield from variants(JOB, (*JOB, "error", "job_id", "detail"))
    for data in variants(DATA, FIELDS):
        yield JOB | {"data": data}
        yield {"status": "PENDING_QUEUE", "data": data}


def test_whatever_it_says_a_whole_reading_says_too():
    response, peeks = HttpResponse(status=200), 0
    for document in every():
        seen = peek(document)
        if seen is not None:
            peeks += 1
            data = document["data"]
            state = state_of(response, document, data)
            whole = snapshot(structure(data, Job), state, response, document, "imagine")
            assert said(whole) == said(seen), document
    assert peeks > 500


@pytest.mark.parametrize(("word", "status"), [("PENDING_QUEUE", Status.QUEUED), ("ON_QUEUE", Status.RUNNING)])
def test_what_goes_on_is_peeked_at(word, status):
    seen = peek(JOB | {"status": word})

    assert (status, ID, 31, 3.0) == (seen.status, seen.remote_id, seen.progress, seen.quota)
    assert f'"{word}"'.encode() in GOING


@pytest.mark.parametrize(
    "document",
    [
        None,
        [],
        JOB | {"status": "SUCCESS"},
        JOB | {"status": ["ON_QUEUE"]},
        JOB | {"data": None},
        JOB | {"data": {}},
        JOB | {"data": DATA | {"components": ["upsample1"]}},
    ],
)
def test_all_else_is_read_whole(document):
    assert peek(document) is None
