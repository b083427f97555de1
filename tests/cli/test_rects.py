"""Rectangles as people type them; what lies outside is refused with a text that teaches."""

import pytest

from mjasync.cli import rects
from mjasync.cli.usage import UsageError


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("100,50,400,300", (100, 50, 400, 300)),
        (" 0 , 0 , 1000 , 600 ", (0, 0, 1000, 600)),
        ("10%,5%,40%,30%", (100, 30, 400, 180)),
        ("0.1,0.05,0.4,0.3", (100, 30, 400, 180)),
        ("0,0,1,1", (0, 0, 1000, 600)),
        ("33.3%,0%,66.7%,100%", (333, 0, 667, 600)),
        ("0%,0%,0.1%,0.2%", (0, 0, 1, 1)),
    ],
)
def test_in_pixels(text, expected):
    assert expected == rects.read([text])[0].pixels((1000, 600))


def test_several():
    assert [(0, 0, 5, 5), (5, 5, 5, 5)] == [
        each.pixels((10, 10)) for each in rects.read(["0,0,5,5", "50%,50%,50%,50%"])
    ]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "not four numbers"),
        ("1,2,3", "not four numbers"),
        ("1,2,3,4,5", "not four numbers"),
        ("a,b,c,d", "not four numbers"),
        ("-1,2,3,4", "not four numbers"),
        ("1,2,nan,4", "not four numbers"),
        ("1,2,3,99999999", "not four numbers"),
        ("10%,2,3,4", "some of its numbers are percent"),
        ("10%,0%,95%,5%", "it ends at 105% of the width and 5% of the height"),
        ("0.5,0.5,0.6,0.1", "it ends at 1.1, 0.6; pixels are whole numbers"),
        ("1.5,1,3,4", "pixels are whole numbers"),
        ("1,2,0,4", "its width or height is 0"),
    ],
)
def test_refused_as_it_stands(text, why):
    with pytest.raises(UsageError) as met:
        rects.read([text])

    assert why in met.value.why
    assert "percent 10%,5%,40%,30%" in met.value.hint


@pytest.mark.parametrize(("text", "ends"), [("900,0,200,10", "1100, 10"), ("0,599,10,2", "10, 601")])
def test_refused_for_a_picture(text, ends):
    with pytest.raises(UsageError, match="lies outside of the picture") as met:
        rects.read([text])[0].pixels((1000, 600))

    assert f"the picture is 1000 x 600 pixels; the rectangle ends at {ends}" == met.value.why
    assert "X + W may be 1000 at most" in met.value.hint


def test_a_part_that_is_no_pixel():
    with pytest.raises(UsageError, match="covers no pixel"):
        rects.read(["0%,0%,1%,1%"])[0].pixels((10, 10))
