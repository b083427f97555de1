"""One document of what is known of a picture: written into a PNG, read back, and never more than it may say."""

import io
import json

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from mjasync.core import png
from mjasync.core.facts import KEYWORD, SCHEMA, PictureFacts, facts_from, facts_in, with_facts
from tests.core.test_png import BROKEN, PLAIN

FACTS = PictureFacts(
    job_id="0011",
    step="upscale2",
    prompt="a cat --ar 3:2",
    mode="fast",
    account="ttapi",
    remote_id="abc",
    lineage=({"job_id": "ff", "step": "imagine", "ticket": "ttapi:aa"},),
    seed="123",
    seconds=1.25,
    quota=3,
    tile=2,
    simulated=True,
    software="mjasync 9.9.9",
    number=7,
    file="0007-a-cat.png",
    size=(5, 3),
)
#: As a picture has them: it does not know its own name and place, and its header tells the size.
INSIDE = attrs.evolve(FACTS, number=0, file="")
EVIL = '"><script>alert(1)</script>\0\x1b[31m\ud800\u2028{{title}}'
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


def test_a_document_there_and_back():
    assert SCHEMA == FACTS.as_json()["schema"]
    assert FACTS == facts_from(FACTS.as_json())
    assert FACTS == facts_from(json.loads(json.dumps(FACTS.as_json())))
    assert "ttapi:abc" == FACTS.ticket


def test_what_a_document_need_not_say():
    assert PictureFacts(job_id="1", step="imagine") == facts_from({"schema": SCHEMA, "job_id": "1", "step": "imagine"})
    assert PictureFacts(job_id="1", step="imagine") == facts_from(
        {"schema": SCHEMA, "job_id": "1", "step": "imagine", "of_a_later_version": [1], "ticket": "x:y"}
    )


@pytest.mark.parametrize(
    "change",
    [
        {"schema": "mjasync.picture/2"},
        {"schema": None},
        {"job_id": 1},
        {"step": None},
        {"prompt": ["a cat"]},
        {"lineage": "ab"},
        {"lineage": ["ab"]},
        {"lineage": [{"job_id": 1}]},
        {"lineage": {}},
        {"seed": 5},
        {"seconds": "1"},
        {"seconds": True},
        {"seconds": float("nan")},
        {"seconds": float("inf")},
        {"quota": "1"},
        {"tile": 1.5},
        {"tile": True},
        {"simulated": 1},
        {"number": "1"},
        {"size": [1]},
        {"size": [1, 0]},
        {"size": [1, 2.0]},
        {"size": "12"},
        {"software": {}},
    ],
)
def test_a_document_that_was_changed_is_none(change):
    assert None is facts_from(FACTS.as_json() | change)


@pytest.mark.parametrize("document", [None, 1, "text", [], {}, {"schema": SCHEMA}, {"schema": SCHEMA, "job_id": "1"}])
def test_other_things_are_none(document):
    assert None is facts_from(document)


@settings(derandomize=True, deadline=None, database=None, max_examples=300)
@given(JSON, st.sampled_from([field.name for field in attrs.fields(PictureFacts)]))
def test_reading_is_total(value, name):
    assert None is facts_from(value)
    found = facts_from(FACTS.as_json() | {name: value})
    assert found is None or isinstance(found, PictureFacts)
    assert found is None or found == facts_from(json.loads(json.dumps(found.as_json())))


def test_a_picture_has_them_and_gives_them_back():
    told = with_facts(PLAIN, FACTS)

    assert INSIDE == facts_in(told)
    with Image.open(io.BytesIO(told)) as image:
        assert ("mjasync 9.9.9", "a cat --ar 3:2") == (image.text["Software"], image.text["Description"])
        assert {"number", "file", "size"}.isdisjoint(json.loads(image.text[KEYWORD]))
        image.load()
    assert 3 == len(png.texts(with_facts(told, FACTS)))
    assert len(told) == len(with_facts(told, FACTS)), "the same facts again make it no longer"


def test_later_facts_take_the_place_of_earlier_ones():
    told = with_facts(with_facts(PLAIN, attrs.evolve(FACTS, prompt="first")), FACTS)

    assert INSIDE == facts_in(told)
    assert "first" == png.texts(told)["Description"], "what people put there is never replaced"


def test_nothing_known_is_nothing_said():
    told = with_facts(PLAIN, PictureFacts(job_id="1", step="imagine"))
    assert [KEYWORD] == list(png.texts(told))


@pytest.mark.parametrize("prompt", [EVIL, "猫 café 🐈", "x" * 20_000, "\\u0041 \"quoted\" 'too'"])
def test_hostile_prompts_are_texts(prompt):
    facts = facts_in(with_facts(PLAIN, attrs.evolve(INSIDE, prompt=prompt, account=prompt, seed=prompt)))

    # JSON has no half characters in UTF-8.
    assert prompt.replace("\ud800", "?") == facts.prompt == facts.account == facts.seed


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_whole_png_is_left_alone(name):
    assert BROKEN[name] is with_facts(BROKEN[name], FACTS)


@pytest.mark.parametrize(
    "text", ["", "{", "null", "[1]", "[" * 100_000, "1" * 5000, '{"schema": "mjasync.picture/1"}', '"\\ud800"']
)
def test_a_text_of_that_name_that_is_not_ours(text):
    assert None is facts_in(png.annotated(PLAIN, {KEYWORD: text}))


def test_no_text_at_all():
    assert None is facts_in(PLAIN)
    assert None is facts_in(b"")
