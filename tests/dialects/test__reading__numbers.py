"""Numbers: percentages, quotas, pixels, and ids that somebody wrote with a point."""

import pytest

from mjasync.dialects import _reading as reading
from tests.dialects.cases import answer as answered


def answer(body):
    return answered(200, body)


@pytest.mark.parametrize(
    "literal", ["1e9999999999999999999", "1e-9999999999999999999", "0e99999999999999999999", "1e999"]
)
def test_an_exponent_beyond_all_bounds_is_no_reason_to_fail(literal):
    document = reading.decode(answer(f'{{"result": {literal}}}'.encode()))

    with pytest.raises(ValueError, match="not an id"):
        reading.identifier(document["result"])


@pytest.mark.parametrize(
    ("literal", "expected"),
    [
        pytest.param("1320098173412546.0", "1320098173412546", id="contracts_mjproxy §5 rounded: a point and nothing"),
        pytest.param("1.320098173412546e15", "1320098173412546", id="contracts_mjproxy §5 rounded: an exponent"),
        pytest.param("14001934816969359.0", "14001934816969359", id="beyond what a float can hold"),
        pytest.param("1.5", "1.5", id="not whole"),
        pytest.param("1." + "0" * 80, "1.0", id="too long to be an id"),
        pytest.param("1e70", "1e+70", id="too large to be an id"),
    ],
)
def test_a_number_is_read_as_it_was_written(literal, expected):
    value = reading.decode(answer(literal.encode()))

    assert expected == reading.text(value)
    assert float(literal) == value


@pytest.mark.parametrize(
    ("width", "height", "size"),
    [(1024.0, 512.9, (1024, 512)), (None, 5.0, None), (5.0, None, None), (0.5, 5.0, None), (5.0, -1.0, None)],
)
def test_pixels(width, height, size):
    assert size == reading.pixels(width, height)


@pytest.mark.fault("P03")
@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param("100", 100, id="seed 000 progress"),
        pytest.param("100%", 100, id="seed 001 progress"),
        pytest.param("63%", 63, id="63%"),
        pytest.param(63, 63, id="a number"),
        pytest.param(63.9, 63, id="a fraction"),
        pytest.param(" 7 % ", 7, id="blanks"),
        pytest.param("0%", 0, id="zero"),
        pytest.param("150", 100, id="reliability P03 above 100"),
        pytest.param("", None, id="reliability P03 empty"),
        pytest.param(None, None, id="reliability P03 null"),
        pytest.param("paused", None, id="contracts_mjproxy §10.3 paused"),
        pytest.param("Waiting to start", None, id="contracts_mjproxy §10.3 waiting"),
        pytest.param("-5", None, id="negative"),
        pytest.param("1000", None, id="four digits"),
        pytest.param(True, None, id="a bool"),
        pytest.param([], None, id="a list"),
    ],
)
def test_percent(value, expected):
    assert expected == reading.percent(value)


@pytest.mark.fault("P15")
@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(3, 3.0, id="seed 000 quota"),
        pytest.param("2", 2.0, id="contracts_ttapi §10 row 5, text"),
        pytest.param("2.5", 2.5, id="fraction"),
        *[
            pytest.param(value, None, id=repr(value)[:12])
            for value in (None, "", "free", True, [], "nan", "inf", "-Infinity", float("inf"), "1e999", 10**400)
        ],
    ],
)
def test_number(value, expected):
    assert expected == reading.number(value)
