"""Every event survives as text, and nothing else passes for one."""

import json
import string
import zlib
from typing import get_args

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from mjasync.core.machine import Asked, Event, Resumed, Saw
from mjasync.core.model import Action, Extras, Failure, FailureKind, ImageURL, Mode, Snapshot, Spec, Status
from mjasync.core.operations import (
    Blend,
    Describe,
    Dimensions,
    GetSeed,
    Imagine,
    Operation,
    Pick,
    Press,
    Shorten,
    SwapFace,
    Upload,
)
from mjasync.core.pictures import Picture
from mjasync.journal import codec
from mjasync.journal.codec import Unreadable
from tests.journal.cases import LIVES

SETTINGS = settings(derandomize=True, deadline=None, database=None, max_examples=40)
WORDS = st.text(max_size=20)
MAYBE_WORDS = st.none() | WORDS
NUMBERS = st.floats(allow_nan=False)
SIZES = st.none() | st.tuples(st.integers(1, 9999), st.integers(1, 9999))
KINDS = st.sampled_from(["", "png", "jpg", "webp", "gif"])
PICTURES = st.one_of(
    st.builds(Picture, url=st.text(min_size=1, max_size=30)),
    st.builds(Picture, path=st.text(min_size=1, max_size=30), kind=KINDS, size=SIZES),
    st.builds(Picture, digest=st.text(string.hexdigits + "@", min_size=1, max_size=70), kind=KINDS, size=SIZES),
)
MANY = st.lists(PICTURES, max_size=3).map(tuple)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | NUMBERS | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=8,
)
OBJECTS = st.dictionaries(WORDS, JSON, max_size=4)
OPERATIONS = {
    Imagine: st.builds(Imagine, prompt=WORDS, images=MANY),
    Blend: st.builds(Blend, images=MANY, dimensions=st.sampled_from(Dimensions)),
    Describe: st.builds(Describe, image=PICTURES),
    Shorten: st.builds(Shorten, prompt=WORDS),
    SwapFace: st.builds(SwapFace, source=PICTURES, target=PICTURES),
    Upload: st.builds(Upload, images=MANY),
    Pick: st.builds(Pick, number=st.integers()),
    GetSeed: st.builds(GetSeed),
    Press: st.builds(Press, action=WORDS, prompt=MAYBE_WORDS, mask=st.none() | PICTURES, factor=st.none() | NUMBERS),
}
EXTRAS = st.builds(
    Extras,
    timeout=st.none() | st.integers(),
    translation=st.none() | st.booleans(),
    hook_url=MAYBE_WORDS,
    account_filter=st.none() | OBJECTS,
)
SPECS = st.builds(
    Spec,
    operation=st.one_of(*OPERATIONS.values()),
    mode=st.sampled_from(Mode),
    extras=EXTRAS,
    accounts=st.lists(WORDS, max_size=3).map(tuple),
    parent=MAYBE_WORDS,
    priority=st.integers(),
    key=MAYBE_WORDS,
    deadline=st.none() | NUMBERS,
    resubmit_of=MAYBE_WORDS,
)
FAILURES = st.builds(
    Failure,
    kind=st.sampled_from(get_args(FailureKind)),
    what=WORDS,
    charged=st.sampled_from(["no", "yes", "unknown"]),
    retryable=st.booleans(),
    status=st.none() | st.integers(),
    word=MAYBE_WORDS,
    available=st.lists(WORDS, max_size=3).map(tuple),
    outcome=MAYBE_WORDS,
)
LINKS = st.builds(ImageURL, WORDS)
SNAPSHOTS = st.builds(
    Snapshot,
    status=st.sampled_from(Status),
    remote_id=MAYBE_WORDS,
    progress=st.none() | st.integers(0, 100),
    images=st.lists(LINKS, max_size=3).map(tuple),
    preview=st.none() | LINKS,
    actions=st.lists(st.builds(Action, WORDS, WORDS, WORDS), max_size=3).map(tuple),
    texts=st.lists(WORDS, max_size=3).map(tuple),
    mode=st.none() | st.sampled_from(Mode),
    quota=st.none() | NUMBERS,
    size=SIZES,
    failure=st.none() | FAILURES,
    raw=OBJECTS,
)


def leaf(kind):
    return {Spec: SPECS, Failure: FAILURES, Failure | None: st.none() | FAILURES, Snapshot: SNAPSHOTS}.get(
        kind, {str: WORDS, float: NUMBERS, bool: st.booleans()}.get(kind)
    )


def events():
    """Every kind of event, by its own fields: a new one is tested from the day on which it is written."""
    for kind in get_args(Event):
        yield st.builds(kind, **{field.name: leaf(field.type) for field in kind.__attrs_attrs__})


def there_and_back(event):
    kind, data = codec.dump(event)
    return codec.load(kind, data)


@pytest.mark.parametrize("strategy", list(events()), ids=lambda s: str(s)[:30])
def test_every_event_comes_back_as_it_was(strategy):
    @SETTINGS
    @given(strategy)
    def check(event):
        back = there_and_back(event)
        assert event == back
        if isinstance(event, Saw):
            assert (event.snapshot.raw, event.snapshot.remote_id) == (back.snapshot.raw, back.snapshot.remote_id)
            assert all(type(link) is ImageURL for link in back.snapshot.images)

    check()


def test_every_operation_has_a_strategy_and_comes_back():
    assert set(get_args(Operation)) == set(OPERATIONS)
    for strategy in OPERATIONS.values():

        @SETTINGS
        @given(strategy)
        def check(operation):
            event = Asked(Spec(operation=operation))
            assert event == there_and_back(event)

        check()


def test_every_event_of_every_life_comes_back():
    assert set(get_args(Event)) == {type(event) for events in LIVES.values() for event in events}
    for lived in LIVES.values():
        for event in lived:
            assert event == there_and_back(event)


def test_what_is_short_can_be_read_by_people_and_what_is_long_is_compressed():
    assert ("Resumed", "{}") == codec.dump(Resumed())
    long = Saw(Snapshot(status=Status.DONE, raw={"words": ["the same"] * 500}))
    kind, data = codec.dump(long)
    assert ("Saw", True) == (kind, isinstance(data, bytes) and len(data) < 200)
    assert long.snapshot.raw == codec.load(kind, data).snapshot.raw


def test_half_a_character_comes_back():
    event = Asked(Spec(operation=Imagine(prompt="\ud83d")))
    assert event == there_and_back(event)


def test_an_absent_field_has_its_default():
    assert Snapshot(status=Status.DONE) == codec.load("Saw", '{"snapshot":{"status":"done"}}').snapshot


def test_a_result_is_worth_more_than_a_raw_answer_that_cannot_be_written(caplog):
    raw = {}
    raw["round"] = raw
    event = Saw(Snapshot(status=Status.DONE, quota=3.0, raw=raw))
    assert evolve(event.snapshot, raw={}) == there_and_back(event).snapshot
    assert "kept without it" in caplog.text


def test_a_value_that_is_none_of_ours_is_refused():
    with pytest.raises(TypeError):
        codec.dump(Asked(Spec(operation=Imagine(prompt="x"), extras=Extras(account_filter={"a": object()}))))
    for picture in (Picture(data=b"x"), Picture(source=object())):
        with pytest.raises(TypeError, match="belong into a file"):
            codec.dump(Asked(Spec(operation=Imagine(prompt="x", images=(picture,)))))


BAD = [
    ("Saw", None),
    ("Saw", 5),
    ("Saw", ""),
    ("Saw", "{"),
    ("Saw", "[]"),
    ("Saw", "1"),
    ("Saw", "[" * 100_000),
    ("Saw", b"not compressed"),
    ("Saw", zlib.compress(b"\xff")),
    ("Saw", "{}"),
    ("Saw", '{"snapshot":{}}'),
    ("Saw", '{"snapshot":{"status":"unheard of"}}'),
    ("Saw", '{"snapshot":{"status":"done","new":1}}'),
    ("Saw", '{"snapshot":{"status":"done","images":"abc"}}'),
    ("Saw", '{"snapshot":{"status":"done","images":[5]}}'),
    ("Saw", '{"snapshot":{"status":"done","progress":true}}'),
    ("Saw", '{"snapshot":{"status":"done","quota":"3"}}'),
    ("Saw", '{"snapshot":{"status":"done","size":[1]}}'),
    ("Saw", '{"snapshot":{"status":"done","raw":null}}'),
    ("Saw", '{"snapshot":{"status":"done","failure":{"kind":"Odd","what":""}}}'),
    ("Asked", '{"spec":{"operation":{"is":"Paint"}}}'),
    ("Asked", '{"spec":{"operation":{"prompt":"x"}}}'),
    ("Asked", '{"spec":{"operation":{"is":"Imagine","prompt":"x","images":[{}]}}}'),
    ("Paint", "{}"),
    (b"Saw", "{}"),
    (None, "{}"),
]


@pytest.mark.parametrize(("kind", "data"), BAD)
def test_what_nobody_wrote_cannot_be_read(kind, data):
    with pytest.raises(Unreadable):
        codec.load(kind, data)


def test_no_broken_text_raises_anything_else():
    text = json.dumps(json.loads(codec.dump(LIVES["held"][0])[1]))
    for at in range(len(text)):
        for letter in '"{}[]1,:\x00':
            try:
                codec.load("Asked", text[:at] + letter + text[at + 1 :])
            except Unreadable:
                continue
