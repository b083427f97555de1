"""Plots are well-formed documents that say what they show."""

import xml.etree.ElementTree as ET

import pytest

from benchmarks.plots import Axis, Plot, Series

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def plot():
    return Plot(
        name="cost",
        title="Looks & lag <fast>",
        alt="Ours lies at the limit.",
        x=Axis(label="looks per job", logarithmic=True),
        y=Axis(label="lag (s)"),
        series=(
            Series("limit", ((2.0, 6.0), (20.0, 0.6)), joined=True),
            Series("ours", ((10.0, 1.2),), labels=("mjasync",)),
        ),
    )


def words(root):
    return [element.text for element in root.iter(f"{SVG}text")]


def test_title_axes_and_alternative_text_are_there(plot):
    root = ET.fromstring(plot.svg())

    assert "Looks & lag <fast>" == root.findtext(f"{SVG}title")
    assert "Ours lies at the limit." == root.findtext(f"{SVG}desc")
    assert {"looks per job", "lag (s)", "limit", "ours", "mjasync"} <= set(words(root))


def test_points_are_circles_and_lines_are_lines(plot):
    root = ET.fromstring(plot.svg())

    assert (1, 3) == (len(list(root.iter(f"{SVG}polyline"))), len(list(root.iter(f"{SVG}circle"))))


def test_everything_lies_inside_the_picture(plot):
    root = ET.fromstring(plot.svg())
    width, height = map(float, root.attrib["viewBox"].split()[2:])

    for circle in root.iter(f"{SVG}circle"):
        assert 0 < float(circle.attrib["cx"]) < width
        assert 0 < float(circle.attrib["cy"]) < height


def test_ticks_are_round(plot):
    assert {"2", "5", "10", "20", "0", "4", "6"} <= set(words(ET.fromstring(plot.svg())))


def test_the_same_figures_make_the_same_bytes(plot):
    assert plot.svg() == plot.svg()
    assert "![Ours lies at the limit.](plots/cost.svg)" == plot.markdown()


def test_it_is_legible_at_night(plot):
    assert "prefers-color-scheme:dark" in plot.svg()


def test_labels_of_neighbours_keep_apart():
    near = Series("near", ((10.0, 1.0), (10.2, 1.02)), labels=("one", "other"))
    far = Series("far", ((2.0, 6.0), (20.0, 0.5)))
    plot = Plot(name="p", title="T", alt="A.", x=Axis(label="x"), y=Axis(label="y"), series=(near, far))

    texts = {element.text: element for element in ET.fromstring(plot.svg()).iter(f"{SVG}text")}

    one, other = texts["one"].attrib, texts["other"].attrib
    assert abs(float(one["y"]) - float(other["y"])) > 12 or abs(float(one["x"]) - float(other["x"])) > 30
