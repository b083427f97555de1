"""One self-contained page; nothing that came from outside is markup in it."""

import json
import re
from html.parser import HTMLParser

import pytest

from mjasync.cli import sheet
from mjasync.cli.saving import Picture
from mjasync.cli.sheet import Card, Sheet

EVIL = '"><script>alert(1)</script><!-- </script> {{facts}} \x1b[31m & \u2028'


def picture(step="imagine", **more):
    given = {
        "number": 1,
        "prompt": "a cat --ar 3:2",
        "file": "0001-a-cat-ab-grid.png",
        "step": step,
        "mode": "fast",
        "account": "ttapi",
        "job_id": "ab",
        "remote_id": "cd",
        "lineage": (),
        "seconds": 1.25,
        "quota": 3,
        "size": (600, 400),
    }
    return Picture(**{**given, **more})


def page(*cards, **more):
    given = {
        "title": "a title",
        "kicker": "kicker",
        "note": "a note",
        "numbers": (("jobs", "2"),),
        "cards": cards,
        "facts": {"jobs": 2},
    }
    return sheet.render(Sheet(**{**given, **more}))


def card(*pictures, **more):
    return Card(**{"number": 1, "prompt": "a cat --ar 3:2", "mode": "fast", "pictures": pictures, **more})


class Tags(HTMLParser):
    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.tags, self.texts, self._data = [], [], ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.texts.append(data)

    def all(self, tag):
        return [attrs for name, attrs in self.tags if name == tag]


def facts(text):
    return json.loads(re.search(r'<script type="application/json" id="facts">(.*?)</script>', text, re.DOTALL)[1])


def test_a_card_shows_the_grid_and_its_upscale():
    text = page(card(picture(), picture("upscale3", file="b.png", seconds=0.5, quota=1)))
    tags = Tags(text)
    assert [image["src"] for image in tags.all("img")] == ["0001-a-cat-ab-grid.png", "b.png"]
    assert tags.all("img")[0]["alt"] == "grid: a cat --ar 3:2"
    assert tags.all("img")[1]["alt"] == "upscale 3: a cat --ar 3:2"
    assert 'class="pick" style="left:0%;top:50%"' in text
    assert "--shape:3.000" in text
    said = " ".join(tags.texts)
    for fact in ("0001", "a cat", "--ar 3:2", "fast", "ttapi", "1.2 s + 0.5 s", "4 quota", "ttapi:cd"):
        assert fact in said


def test_nothing_is_fetched_from_elsewhere():
    tags = Tags(page(card(picture(), picture("upscale1"))))
    for tag, attrs in tags.tags:
        for name in ("src", "href", "data", "action"):
            assert not re.match(r"(?:[a-z]+:|//|/)", attrs.get(name) or ""), (tag, attrs)
    assert "default-src 'none'" in str(tags.all("meta"))


def test_the_script_is_the_one_that_the_page_allows():
    import base64
    import hashlib

    text = page(card(picture()))
    script = re.search(r"<script>(.*?)</script>", text, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in text


def test_evil_texts_stay_texts():
    calm = page(card(picture(), prompt="a cat", trouble="x"))
    text = page(
        card(picture(prompt=EVIL, account=EVIL, remote_id=EVIL, job_id=EVIL, step=EVIL), prompt=EVIL, trouble=EVIL),
        title=EVIL,
        kicker=EVIL,
        note=EVIL,
        numbers=((EVIL, EVIL),),
        facts={"evil": EVIL},
    )
    names = [tag for tag, _ in Tags(text).tags]
    assert names == [tag for tag, _ in Tags(calm).tags]
    assert names.count("script") == 2
    assert "alert(1)</script>" not in text
    assert "\x1b" not in text
    assert facts(text)["evil"] == EVIL
    assert facts(text)["pictures"][0]["prompt"] == EVIL


@pytest.mark.parametrize(
    ("count", "columns", "shape"),
    [(1, "1fr;", 1.5), (2, "1fr 1fr;", 3.0), (3, "2fr 1fr;", 2.25), (4, "1fr 1fr;", 3.0), (5, "1fr 1fr;", 3.0)],
)
def test_layouts(count, columns, shape):
    text = page(card(*(picture(f"upscale{n}" if n else "imagine") for n in range(count))))
    assert f"--columns:{columns}" in text
    assert f"--shape:{shape:.3f}" in text


def test_a_prompt_without_pictures_says_why():
    text = page(card(trouble="JobFailed: it broke"))
    assert '<div class="none">JobFailed: it broke</div>' in text
    assert "<img" not in text
    assert "no picture" in page(card())


def test_trouble_beside_pictures():
    assert '<p class="trouble">JobFailed: no upscale</p>' in page(
        card(picture(quota=None), trouble="JobFailed: no upscale")
    )


def test_labels():
    text = page(card(picture(), picture("upscale_subtle")))
    assert "<span>upscale subtle</span>" in text


def test_cards_stand_in_order():
    text = page(card(number=2, prompt="second"), card(number=1, prompt="first"))
    assert text.index("first</h2>") < text.index("second</h2>")


def test_write_replaces_only_its_own_page(tmp_path):
    made = Sheet(title="t", kicker="k", note="n", numbers=(), cards=(), facts={})
    assert sheet.write(tmp_path, made) == tmp_path / "index.html"
    assert sheet.write(tmp_path, made) == tmp_path / "index.html"
    (tmp_path / "index.html").write_text("<title>my site</title>")
    assert sheet.write(tmp_path, made) == tmp_path / "index-2.html"
    assert (tmp_path / "index.html").read_text() == "<title>my site</title>"


def test_write_goes_round_a_folder_of_that_name(tmp_path):
    (tmp_path / "index.html").mkdir()
    made = Sheet(title="t", kicker="k", note="n", numbers=(), cards=(), facts={})
    assert sheet.write(tmp_path, made) == tmp_path / "index-2.html"
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
