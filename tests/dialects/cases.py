"""What both providers' tests are made of: answers and specs to begin with, and bodies broken in every way."""

import json
from functools import partial
from operator import attrgetter
from pathlib import Path
from time import perf_counter

from attrs import evolve
from hypothesis import settings
from hypothesis import strategies as st

from mjasync.core.answers import Busy, Refused, Taken, Unclear
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


# --- anything at all -------------------------------------------------------------------------------------------------

JUNK = st.sampled_from(
    [
        None,
        "",
        0,
        -1,
        1.5,
        10**30,
        True,
        [],
        {},
        [[]],
        "\ud800",
        "x" * 3000,
        "quota" * 500,
        "100%",
        "NaN",
        {"a": {}},
        ["", 1, None],
    ]
)


@st.composite
def mutants(draw, documents, inner, names):
    """One of these documents with one to four fields broken (in itself or in its inner object), or its bytes cut."""
    document = json.loads(json.dumps(draw(st.sampled_from(documents))))
    for _ in range(draw(st.integers(1, 4))):
        found = inner(document)
        place = found if draw(st.booleans()) and isinstance(found, dict) else document
        place[draw(st.sampled_from([*place, *names]))] = json.loads(json.dumps(draw(JUNK)))
    body = json.dumps(document).encode()
    return body[: draw(st.integers(0, len(body)))] if draw(st.integers(0, 3)) == 0 else body


def cut(document, shortest):
    """A good status with the document's bytes, cut after each of them."""
    whole = json.dumps(document).encode()
    return (answer(200, whole[:end]) for end in range(shortest, len(whole)))


def read_everything(dialect, looks, status, body):
    """Every reading of one answer is quick, printable and of its kinds; what a submit made of it."""
    response = answer(status, body, **{"retry-after": "x"})
    begun = perf_counter()
    submitted, looked, proved = (
        dialect.read_submit(response, IMAGINE),
        dialect.read_look(response, "imagine"),
        dialect.read_proof(response),
    )
    assert perf_counter() - begun < 2.0
    assert isinstance(submitted, Taken | Refused | Busy | Unclear)
    assert isinstance(looked, looks)
    repr((submitted, looked, proved)).encode()
    return submitted
