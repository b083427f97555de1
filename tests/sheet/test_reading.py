"""Back from disk: what was written, or a word on what is wrong."""

import json
import re

import attrs
import pytest

import mjasync as mj
from mjasync.core.facts import with_facts
from mjasync.sheet import page
from mjasync.sheet.page import Sheet
from tests.core.test_facts import FACTS, INSIDE
from tests.core.test_png import PLAIN
from tests.sheet.test_page import EVIL, card, picture


@pytest.fixture
def sheet(tmp_path):
    cards = (
        card(picture(), picture("upscale2", seed="7", simulated=True), prompt=EVIL),
        card(number=2, trouble="JobFailed: it broke"),
        card(number=3, texts=("one", "two")),
    )
    return page.write(tmp_path, Sheet(title=EVIL, cards=cards, summary={"jobs": 3}))


def test_a_sheet_comes_back(sheet):
    found = mj.read_sheet(sheet)

    assert (sheet, EVIL, {"jobs": 3}) == (found.path, found.title, found.summary)
    assert f"mjasync {mj.__version__}" == found.software
    assert [(EVIL, True, ""), ("a cat --ar 3:2", False, "JobFailed: it broke"), ("a cat --ar 3:2", True, "")] == [
        (each.prompt, each.ok, each.trouble) for each in found.cards
    ]
    assert ("one", "two") == found.cards[2].texts
    assert (picture(), picture("upscale2", seed="7", simulated=True)) == found.pictures == found.cards[0].pictures


def test_by_its_folder_and_as_text(sheet):
    assert mj.read_sheet(sheet) == mj.read_sheet(sheet.parent) == mj.read_sheet(str(sheet))


def changed(sheet, change):
    """The page with another block."""
    text = sheet.read_text()
    block = re.search(r'id="facts">(.*?)</script>', text, re.DOTALL)
    document = json.loads(block[1])
    change(document)
    sheet.write_text(text[: block.start(1)] + json.dumps(document) + text[block.end(1) :])


@pytest.mark.parametrize(
    "change",
    [
        lambda document: document.update(schema="mjasync.contact-sheet/2"),
        lambda document: document.pop("schema"),
        lambda document: document.pop("title"),
        lambda document: document.update(cards={}),
        lambda document: document.update(cards=[1]),
        lambda document: document.update(summary=[]),
        lambda document: document["cards"][0].pop("prompt"),
        lambda document: document["cards"][0].update(ok="yes"),
        lambda document: document["cards"][0].update(texts=[1]),
        lambda document: document["cards"][0].update(pictures=[{}]),
        lambda document: document["cards"][0]["pictures"][0].update(size=[0, 0]),
    ],
)
def test_a_block_that_was_changed_is_told(sheet, change):
    changed(sheet, change)
    with pytest.raises(mj.ConfigError, match="no contact sheet") as met:
        mj.read_sheet(sheet)
    assert met.value.hint
    assert None is met.value.__cause__


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe",
        b"<title>my site</title>",
        b'<script type="application/json" id="facts">{</script>',
        b'<script type="application/json" id="facts">[]</script>',
        b'<script type="application/json" id="facts">' + b"[" * 100_000 + b"</script>",
    ],
)
def test_another_page_is_told(tmp_path, body):
    (tmp_path / "index.html").write_bytes(body)
    with pytest.raises(mj.ConfigError, match="no contact sheet"):
        mj.read_sheet(tmp_path)


@pytest.mark.parametrize("read", [mj.read_sheet, mj.read_metadata])
@pytest.mark.parametrize("name", ["none", "none/below", "nul\0", "x" * 300])
def test_what_cannot_be_read_is_told(tmp_path, read, name):
    with pytest.raises(mj.ConfigError, match="cannot be read") as met:
        read(str(tmp_path / name))
    assert met.value.why


def test_the_facts_of_a_picture(tmp_path):
    told = with_facts(PLAIN, FACTS)
    (tmp_path / "cat.png").write_bytes(told)

    assert INSIDE == mj.read_metadata(told) == mj.read_metadata(tmp_path / "cat.png")
    assert INSIDE == mj.read_metadata(str(tmp_path / "cat.png"))
    assert None is mj.read_metadata(PLAIN)
    assert None is mj.read_metadata(b"")


def test_what_was_read_cannot_be_changed(sheet):
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        mj.read_sheet(sheet).title = "x"
