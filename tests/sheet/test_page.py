"""One self-contained page; nothing that came from outside is markup in it."""

import base64
import hashlib
import json
import re
from html.parser import HTMLParser

import pytest

from mjasync.sheet import page
from mjasync.sheet.cards import Card
from mjasync.sheet.page import OURS, SCHEMA, Sheet, render
from mjasync.sheet.saving import Picture

EVIL = '"><script>alert(1)</script><!-- </script> {{facts}} \x1b[31m & \u2028 \ud800 \' onload=x --flag "><b>'


def picture(step="imagine", **more):
    given = {
        "number": 1,
        "prompt": "a cat --ar 3:2",
        "file": "0001-a-cat-ab-grid.png",
        "step": step,
        "mode": "fast",
        "account": "ttapi",
        "job_id": f"id-{step}",
        "remote_id": "cd",
        "lineage": ({"job_id": "id-imagine", "step": "imagine", "ticket": "ttapi:cd"},) if step != "imagine" else (),
        "seconds": 1.25,
        "quota": 3,
        "size": (600, 400),
    }
    return Picture(**{**given, **more})


def card(*pictures, **more):
    return Card(**{"number": 1, "prompt": "a cat --ar 3:2", "mode": "fast", "pictures": pictures, **more})


def html(*cards, **more):
    return render(Sheet(**{"title": "a title", "cards": cards, **more}))


class Tags(HTMLParser):
    """What a browser would make of it."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.tags, self.texts = [], []
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


def test_what_stands_on_it():
    text = html(card(picture()), kicker="a kicker", note="a note", numbers=(("jobs", "2"),), summary={"jobs": 2})
    said = " ".join(Tags(text).texts)

    for words in ("a title", "a kicker", "a note", "jobs", "a cat", "Made by mjasync "):
        assert words in said
    assert "<dt>jobs</dt><dd>2</dd>" in text
    assert text.index(OURS) < 2000
    assert "There is nothing to show." not in text


def test_the_block_for_other_programs():
    found = facts(html(card(picture(), trouble="x", texts=("t",)), summary={"jobs": 2}))

    assert (SCHEMA, "a title", {"jobs": 2}) == (found["schema"], found["title"], found["summary"])
    assert [{**picture().as_json(), "lineage": [], "size": [600, 400]}] == found["cards"][0]["pictures"]
    assert {"number": 1, "prompt": "a cat --ar 3:2", "mode": "fast", "ok": False, "trouble": "x", "texts": ["t"]} == {
        name: value for name, value in found["cards"][0].items() if name != "pictures"
    }


def test_nothing_is_fetched_from_elsewhere():
    tags = Tags(html(card(picture(), picture("upscale1"))))
    for tag, attrs in tags.tags:
        for name in ("src", "href", "data", "action", "srcset"):
            assert not re.match(r"(?:[a-z]+:|//|/)", attrs.get(name) or ""), (tag, attrs)
    assert "default-src 'none'" in str(tags.all("meta"))


@pytest.mark.parametrize("kind", ["script", "style"])
def test_the_policy_allows_just_what_is_there(kind):
    text = html(card(picture()), card(number=2))
    inside = re.search(rf"<{kind}>(.*?)</{kind}>", text, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()

    assert f"{kind}-src 'sha256-{digest}'" in text
    assert 1 == text.count(f"<{kind}>")
    assert " style=" not in text.replace(inside, ""), "the policy forbids them"


def test_evil_texts_stay_texts():
    def full(text, step="imagine"):
        shown = [picture(step, prompt=text, account=text, remote_id=text, job_id=text, mode=text, seed=text, file=text)]
        cards = (
            card(*shown, prompt=text, trouble=text),
            card(number=2, prompt=text, trouble=text, mode=text),
            card(number=3, prompt=text, texts=(text,)),
            card(picture(mode="turbo", account="other"), number=4),
        )
        return html(*cards, title=text, kicker=text, note=text, numbers=((text, text),), summary={"evil": text})

    text = full(EVIL, EVIL)
    assert [tag for tag, _ in Tags(full("calm --flag")).tags] == [tag for tag, _ in Tags(text).tags]
    assert 2 == [tag for tag, _ in Tags(text).tags].count("script")
    assert {"alert(1)</script>", "<script>alert", "\x1b", "\u2028", "\ud800"} & {
        piece for piece in ("alert(1)</script>", "<script>alert", "\x1b", "\u2028", "\ud800") if piece in text
    } == set()
    assert not any("onload" in attrs for _, attrs in Tags(text).tags)
    assert EVIL == facts(text)["summary"]["evil"]
    assert EVIL == facts(text)["cards"][0]["pictures"][0]["prompt"]


def test_no_cards_one_and_three_hundred():
    assert "There is nothing to show." in html()
    assert [] == facts(html())["cards"]
    for count in (1, 300):
        text = html(*(card(picture(), number=number) for number in range(1, count + 1)))
        assert count == len(Tags(text).all("img")) == len(facts(text)["cards"])
        places = [attrs["id"] for attrs in Tags(text).all("li") if attrs.get("class") == "card"]
        assert [f"card-{place}" for place in range(1, count + 1)] == places
        assert all(f"#{place}{{" in text for place in places)


def test_cards_stand_in_order():
    found = facts(html(card(number=2, prompt="second"), card(number=1, prompt="first")))
    assert ["first", "second"] == [each["prompt"] for each in found["cards"]]


def test_only_a_choice_is_offered():
    one = html(card(picture()), card(picture(), number=2))
    two = html(card(picture()), card(picture(mode="relax", account="<b>"), number=2))

    assert "<option>fast</option>" not in one
    assert "<option>fast</option><option>relax</option>" in two
    assert "<option>&lt;b&gt;</option><option>ttapi</option>" in two


def test_write_replaces_only_its_own_page(tmp_path):
    made = Sheet(title="t")
    assert tmp_path / "index.html" == page.write(tmp_path, made)
    assert tmp_path / "index.html" == page.write(tmp_path, made)
    (tmp_path / "index.html").write_text("<title>my site</title>")
    assert tmp_path / "index-2.html" == page.write(tmp_path, made)
    assert tmp_path / "index-2.html" == page.write(tmp_path, made)
    assert "<title>my site</title>" == (tmp_path / "index.html").read_text()


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"x" * 3000 + OURS.encode()])
def test_whatever_else_has_the_name_stays(tmp_path, body):
    (tmp_path / "index.html").write_bytes(body)
    assert tmp_path / "index-2.html" == page.write(tmp_path, Sheet(title="t"))
    assert body == (tmp_path / "index.html").read_bytes()


def test_write_goes_round_a_folder_of_that_name(tmp_path):
    (tmp_path / "index.html").mkdir()
    assert tmp_path / "index-2.html" == page.write(tmp_path, Sheet(title="t"))
    assert ["index-2.html", "index.html"] == sorted(path.name for path in tmp_path.iterdir())
