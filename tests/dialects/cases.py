"""What both providers' tests are made of: answers and specs to begin with, and bodies broken in every way."""

import json
from functools import partial
from operator import attrgetter
from pathlib import Path

from attrs import evolve
from hypothesis import settings

from mjasync.core.model import Phase, Record, Snapshot, Spec, Status
from mjasync.core.operations import Imagine, Press
from mjasync.core.pictures import Picture
from mjasync.core.wire import HttpResponse

SAMPLES = Path(__file__).parents[1] / "samples"
IMAGINE = Imagine(prompt="a cute cat")
#: Pictures by their first bytes, which is all that a request needs of them.
PNG, JPEG, WEBP = b"\x89PNG\r\n\x1a\n..", b"\xff\xd8\xff..", b"RIFF....WEBPVP8X"
LINK = Picture(url="https://pictures.example/a.png")
SETTINGS = settings(derandomize=True, deadline=None, database=None, max_examples=250)

#: What a refusal says of itself, and what a submit does that nobody can read.
refusal = attrgetter("failure.kind", "account", "failure.charged", "failure.status")
doubt = attrgetter("failure.kind", "failure.charged", "failure.retryable")


def sample(provider, name):
    return json.loads((SAMPLES / provider / f"{name}.json").read_text(encoding="utf-8"))


def samples(provider):
    """The provider's samples, by name."""
    return partial(sample, provider)


def answer(status, body=b"", **headers):
    return HttpResponse(
        status=status, body=body if isinstance(body, bytes) else json.dumps(body).encode(), headers=headers
    )


def loaded(data=PNG):
    return Picture(data=data)


def asks(operation, **more):
    return Spec(operation=operation, **more)


def body_of(request):
    """What a request has in its body, as values; None where it has none."""
    return None if request.body is None else json.loads(request.body)


def imagine(prompt="a cute cat", **more):
    return Spec(operation=Imagine(prompt=prompt), **more)


def parent(remote_id, *actions, **seen):
    """A finished job that offers these actions."""
    record = Record(id="p", spec=imagine(), phase=Phase.DONE, account="a", remote_id=remote_id)
    return evolve(record, snapshot=Snapshot(status=Status.DONE, actions=actions, **seen))


def press(action="upscale1", **more):
    return Spec(operation=Press(action=action), **more)
