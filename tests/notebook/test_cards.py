"""Cards and tables say the same as a page and as words, and nothing gets out of its place."""

from html.parser import HTMLParser

import pytest

from mjasync.notebook import cards
from mjasync.notebook.cards import Card, Row, Table

FULL = Card(
    title="upscale2",
    prompt="a cat",
    facts=("running", "fast"),
    progress=0.4,
    picture="https://cdn.example/1.png?a=1&b=2",
    buttons=(("U1", "upscale(1)"), ("🔄", "reroll()")),
    texts=(("a lighthouse", "imagine(1)"),),
    notes=("it ran in relax mode",),
)
NASTY = "</td><script>alert(1)</script>\"'><img src=x onerror=alert(1)>\x1b[31m\ud800\u202e"


class Seen(HTMLParser):
    """Tags, addresses and text of a page."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.links, self.text = [], [], ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name in ("href", "src")]
        assert not [name for name, _ in attrs if name.startswith("on")]

    def handle_data(self, data):
        self.text += data


def test_words_of_a_card():
    expected = [
        "upscale2 a cat · running · fast · 40%",
        "https://cdn.example/1.png?a=1&b=2",
        "it ran in relax mode",
        "imagine(1)  a lighthouse",
        "upscale(1), reroll()",
    ]

    assert expected == cards.words(FULL).splitlines()


def test_a_page_of_a_card():
    seen = Seen(cards.page(FULL))

    assert ["https://cdn.example/1.png?a=1&b=2"] * 2 == seen.links
    assert '<progress max="100" value="40"></progress> 40%' in cards.page(FULL)
    for words in ("upscale2", "a cat", "running · fast", "reroll()", "🔄", "a lighthouse", "relax mode"):
        assert words in seen.text


def test_empty_parts_are_left_out():
    assert '<div class="mjasync"><div><b>imagine</b> </div></div>' == cards.page(Card(title="imagine"))
    assert "imagine" == cards.words(Card(title="imagine"))


@pytest.mark.parametrize("progress", [-1.0, 7.0])
def test_progress_stays_within_its_bar(progress):
    assert f'value="{100 if progress > 1 else 0}"' in cards.page(Card(title="", progress=progress))


def test_nothing_gets_out_of_a_card():
    card = Card(
        title=NASTY,
        prompt=NASTY,
        facts=(NASTY,),
        picture=f"https://cdn.example/{NASTY}",
        buttons=((NASTY, NASTY),),
        texts=((NASTY, NASTY),),
        notes=(NASTY,),
    )
    seen = Seen(cards.page(card))

    assert {"div", "a", "img", "b", "small", "ol", "li", "code", "span"} == set(seen.tags)
    assert 1 == seen.tags.count("img")
    assert "alert(1)" in seen.text
    assert not set("\x1b\ud800\u202e") & set(cards.page(card) + cards.words(card))


def test_nothing_gets_out_of_a_table():
    table = Table(title=NASTY, rows=[Row(number=0, prompt=NASTY, state=NASTY, picture="https://h/1")], notes=[NASTY])
    seen = Seen(cards.page(table))

    assert {"div", "b", "table", "thead", "tbody", "tr", "th", "td", "a", "img"} == set(seen.tags)


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,<b>", "/etc/passwd", "http://[oops", "file:///x"]
)
def test_other_addresses_are_only_told(url):
    seen = Seen(cards.page(Card(title="", picture=url)))

    assert [] == seen.links
    assert url in seen.text


def test_text_ends_somewhere():
    assert 2100 > len(cards.html("x" * 100_000))
    assert cards.html("x" * 100_000).endswith("…")


def test_a_table_has_a_row_for_each_prompt():
    rows = [Row(number=n, prompt=f"cat {n}", state="running", picture="https://h/p.png") for n in range(3)]
    table = Table(title="Batch of 3", rows=rows, notes=["let go"])

    assert ["Batch of 3", *(f"   {n}  cat {n}  running" for n in range(3)), "let go"] == cards.words(table).splitlines()
    assert 4 == Seen(cards.page(table)).tags.count("tr")
    assert 3 == Seen(cards.page(table)).tags.count("img")


def test_a_long_table_says_how_many_more_there_are():
    rows = [Row(number=n, prompt="a cat", state="held") for n in range(cards.MOST_ROWS + 7)]
    table = Table(title="Batch", rows=rows)

    assert cards.MOST_ROWS + 1 == Seen(cards.page(table)).tags.count("tr")
    assert "and 7 more" in cards.page(table)
    assert "and 7 more" == cards.words(table).splitlines()[-1]


def test_a_bundle_has_both_forms_of_all():
    bundle = cards.bundle(Card(title="one"), Card(title="two"))

    assert "one\ntwo" == bundle["text/plain"]
    assert 2 == bundle["text/html"].count('class="mjasync"')
