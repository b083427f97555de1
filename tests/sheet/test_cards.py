"""One card: the grid beside what became of it, the way there, and the facts."""

import re

import pytest

from mjasync.sheet.cards import label, markup, rule
from tests.sheet.test_page import EVIL, Tags, card, picture

STEPS = ("imagine", "upscale1", "upscale2", "upscale3", "upscale4")


def chain(*steps):
    """Each made of the one before."""
    lineage, found = (), []
    for step in steps:
        lineage = (*lineage, {"job_id": f"id-{step}", "step": step, "ticket": "a:b"})
        found.append(picture(step, lineage=lineage, file=f"{step}.png"))
    return found


def test_a_card_shows_the_grid_and_its_upscale():
    text = markup(card(picture(), picture("upscale3", file="b.png", seconds=0.5, quota=1)), 1)
    tags = Tags(text)

    assert ["./0001-a-cat-ab-grid.png", "./b.png"] == [image["src"] for image in tags.all("img")]
    assert ["grid: a cat --ar 3:2", "upscale 3: a cat --ar 3:2"] == [image["alt"] for image in tags.all("img")]
    assert ["./0001-a-cat-ab-grid.png", "./b.png"] == [each["href"] for each in tags.all("a")][:2]
    assert 'class="pick pick3"' in text
    assert 'class="ways"' not in text
    said = " ".join(tags.texts)
    for fact in ("0001", "a cat", "--ar 3:2", "fast", "ttapi", "1.2 s + 0.5 s", "4 quota", "ttapi:cd"):
        assert fact in said


@pytest.mark.parametrize(
    ("count", "columns", "rows", "shape"), [(1, 1, 1, 1.5), (2, 1, 1, 3.0), (3, 1, 2, 2.25), (4, 2, 2, 3), (5, 2, 2, 3)]
)
def test_layouts(count, columns, rows, shape):
    text = rule(card(*(picture(step) for step in STEPS[:count])), 9)

    assert text.startswith(f"#card-9{{--shape:{shape:.3f};")
    assert f"--inner:repeat({columns},minmax(0,1fr));--rows:repeat({rows},minmax(0,1fr))" in text


@pytest.mark.parametrize(("size", "shape"), [((10_000, 1), "3.000"), ((1, 10_000), "0.500"), ((1, 1), "1.000")])
def test_shapes_have_bounds(size, shape):
    text = rule(card(picture(size=size)), 1)
    assert f"--shape:{shape};" in text
    assert ("whole" in markup(card(picture(size=size)), 1)) is (size != (1, 1))


def test_a_prompt_without_pictures_says_why():
    text = markup(card(trouble="JobFailed: it broke"), 1)
    assert '<div class="none"><p>JobFailed: it broke</p></div>' in text
    assert [] == Tags(text).all("img")
    assert 'data-ok="failed"' in text
    assert "no picture" in markup(card(), 1)
    assert "#card-4{--shape:1.4}" == rule(card(), 4)


def test_trouble_beside_pictures():
    text = markup(card(picture(quota=None), trouble="JobFailed: no upscale"), 1)
    assert '<p class="trouble">JobFailed: no upscale</p>' in text
    assert "quota" not in text


def test_texts_of_a_describe():
    text = markup(card(texts=("1️⃣ a cat", "<b>")), 1)
    assert '<ul class="texts"><li dir=auto>1️⃣ a cat</li><li dir=auto>&lt;b&gt;</li></ul>' in text
    assert 'data-ok="ok"' in text


def test_the_way_is_told_where_there_is_something_between():
    text = markup(card(*chain("imagine", "upscale2", "zoom_out")), 1)
    way = re.search(r'<ol class="way" aria-label="([^"]*)">(.*?)</ol>', text)

    assert "Steps to zoom out" == way[1]
    assert ["grid", "upscale 2", "zoom out"] == re.findall(r'<span aria-hidden="true">(.*?)</span>', way[2])
    assert [] == [attrs for attrs in Tags(way[2]).all("li") if attrs]


def test_a_second_way_marks_what_was_told():
    first, second, third = chain("imagine", "upscale2", "zoom_out")
    other = picture("pan_left", lineage=(*second.lineage, {"job_id": "id-pan_left", "step": "x", "ticket": "a:b"}))
    ways = re.findall(r'<ol class="way".*?</ol>', markup(card(first, second, third, other), 1))

    assert [0, 1] == [way.count("class=told") for way in ways]


@pytest.mark.parametrize(
    ("step", "words"),
    [("imagine", "grid"), ("upscale2", "upscale 2"), ("zoom_out", "zoom out"), ("upscale_subtle", "upscale subtle")],
)
def test_labels(step, words):
    assert words == label(picture(step))


def test_a_long_prompt_is_folded():
    text = markup(card(picture(), prompt="word " * 100 + "--ar 3:2"), 1)
    assert 1 == text.count('<details class="rest">')
    assert "word…</bdi>" in text
    assert "(no prompt)" in markup(card(picture(), prompt=""), 1)
    assert '<details class="rest">' not in markup(card(picture()), 1)


def test_six_times_and_no_more():
    pictures = [picture(job_id=f"{number}", lineage=()) for number in range(8)]
    assert " + ".join(["1.2 s"] * 6) + " + …" in markup(card(*pictures), 1)


@pytest.mark.parametrize(
    "name", ["../x.png", "javascript:alert(1)", "//evil.example/x.png", "/etc/passwd", 'a"b.png', "#"]
)
def test_a_file_leads_nowhere_else(name):
    tags = Tags(markup(card(picture(file=name)), 1))
    for address in (tags.all("img")[0]["src"], tags.all("a")[0]["href"]):
        assert re.fullmatch(r"\./[\w.%~-]+", address), address


def test_evil_texts_make_no_tag_and_no_attribute():
    def made(text):
        shown = [picture(text, prompt=text, account=text, remote_id=text, job_id=text, mode=text, seed=text)]
        return Tags(markup(card(*shown, prompt=text, trouble=text), 1)).tags

    calm, evil = made("calm --flag"), made(EVIL)
    assert [(tag, sorted(attrs)) for tag, attrs in calm] == [(tag, sorted(attrs)) for tag, attrs in evil]
    assert "card" not in rule(card(picture(prompt=EVIL, step=EVIL)), 1).replace("#card-1{", "")
