"""What an earlier process learned comes from a file that anybody may have changed."""

import json
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mjasync.core.looking.bins import COUNT
from mjasync.core.looking.cadence import Track
from tests.core.looking.cases import cadence, lived, steps_of, usual

SETTINGS = settings(derandomize=True, deadline=None, database=None, max_examples=25)
LAW = {"jobs": 1.0, "well": {"80": 1.0}, "wrong": {}, "risk": {"79": 2.0}}


def deep(levels):
    told = []
    for _ in range(levels):
        told = [told]
    return told


NONSENSE = {
    "nothing": {},
    "null": None,
    "a list": [],
    "a text": "{}",
    "a number": 3,
    "no floors": {"laws": {}},
    "no laws": {"floors": {}},
    "laws in a list": {"laws": [LAW], "floors": {}},
    "a law that is a number": {"laws": {"0": 3}, "floors": {}},
    "a step that is none": {"laws": {"8": LAW}, "floors": {}},
    "a step below all": {"laws": {"-1": LAW}, "floors": {}},
    "a step that is a number": {"laws": {0: LAW}, "floors": {}},
    "a bin that is none": {"laws": {"0": {**LAW, "risk": {str(COUNT): 1.0}}}, "floors": {}},
    "NaN": {"laws": {"0": {**LAW, "jobs": math.nan}}, "floors": {}},
    "infinity": {"laws": {"0": {**LAW, "well": {"3": math.inf}}}, "floors": {}},
    "negative": {"laws": {"0": {**LAW, "risk": {"3": -1.0}}}, "floors": {}},
    "huge": {"laws": {"0": {**LAW, "risk": {"3": 10**5000}}}, "floors": {}},
    "true": {"laws": {"0": {**LAW, "jobs": True}}, "floors": {}},
    "deep": {"laws": {"0": deep(100_000)}, "floors": {}},
    "a deep amount": {"laws": {"0": {**LAW, "jobs": deep(100_000)}}, "floors": {}},
    "floors of a step that is none": {"laws": {"0": LAW}, "floors": {"x": []}},
    "a floor that is a number": {"laws": {"0": LAW}, "floors": {"0": 5}},
    "a floor that is a table": {"laws": {"0": LAW}, "floors": {"0": {}}},
    "a floor below zero": {"laws": {"0": LAW}, "floors": {"0": [1.0, -1.0]}},
    "a floor of texts": {"laws": {"0": LAW}, "floors": {"0": ["1"]}},
}


def learned():
    known = cadence()
    for end in usual(10):
        lived(known, end, bar=steps_of(end))
    return known


@pytest.mark.parametrize("told", NONSENSE.values(), ids=NONSENSE)
def test_nonsense_is_refused_and_nothing_is_forgotten(told):
    known = learned()
    before = known.dump(), known.next(Track(looked=20.0), 20.0)

    with pytest.raises(ValueError, match="what was learned is not readable"):
        known.load(told)
    assert before == (known.dump(), known.next(Track(looked=20.0), 20.0))


AMOUNTS = st.floats(0, 9e11) | st.integers(0, 10**11)
TABLES = st.dictionaries(st.integers(0, COUNT - 1).map(str), AMOUNTS, max_size=8)
LAWS = st.fixed_dictionaries({"jobs": AMOUNTS, "well": TABLES, "wrong": TABLES, "risk": TABLES})
STEPS = st.integers(0, 7).map(str)


@SETTINGS
@given(
    laws=st.dictionaries(STEPS, LAWS, max_size=3),
    floors=st.dictionaries(STEPS, st.lists(AMOUNTS, max_size=80), max_size=2),
)
def test_whatever_amounts_were_written_the_guarantees_hold(laws, floors):
    known = cadence()
    known.load(json.loads(json.dumps({"laws": laws, "floors": floors})))
    seen = lived(known, 100.0, bar=steps_of(100.0))

    assert seen.late <= max(seen.caps) + 1e-9
    gaps = [after - before for before, after in zip((0.0, *seen.ages), seen.ages, strict=False)]
    assert 0.3 <= min(gaps) + 1e-9
    assert 5.0 <= known.cap <= 60.0
