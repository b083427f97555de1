"""The texts of describe and shorten, in all the shapes that servers give them."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mjasync.dialects._texts import MOST, has_heading, is_numbered, split
from tests.dialects.cases import SETTINGS

KEYCAPS = "1️⃣ a cat --ar 1:1\n\n2️⃣ a dog\n\n3️⃣ a fox\n\n4️⃣ an owl --v 6"
FOUR = ("a cat --ar 1:1", "a dog", "a fox", "an owl --v 6")


@pytest.mark.parametrize(
    ("block", "texts"),
    [
        pytest.param(KEYCAPS, FOUR, id="contracts_mjproxy §10.6 T: Describe: keycaps"),
        pytest.param(KEYCAPS.replace("\ufe0f", ""), FOUR, id="keycaps without the variation mark"),
        pytest.param(KEYCAPS.replace("\n", "\r\n"), FOUR, id="keycaps, CRLF"),
        pytest.param("Here you are:\n" + KEYCAPS, FOUR, id="words before the first are no text"),
        pytest.param(
            "a cat\r\na dog\r\na fox",
            ("a cat", "a dog", "a fox"),
            id="contracts_mjproxy §10.6 T: Describe: CRLF, no numbers",
        ),
        pytest.param("1. a cat\n2. a dog", ("a cat", "a dog"), id="contracts_ttapi U4 numbers"),
        pytest.param("1) a cat\n2、 a dog\n3: x", ("a cat", "a dog", "x"), id="numbers with other marks"),
        pytest.param("a cat,\n\na dog", ("a cat,", "a dog"), id="contracts_ttapi U4 blank lines"),
        pytest.param("1️⃣ a cat\n  on a mat\n2️⃣ b", ("a cat on a mat", "b"), id="one text on two lines"),
        pytest.param("1️⃣ a [cat](https://x/y?z=1) there\n2️⃣ [b](<https://b>)", ("a cat there", "b"), id="links"),
        pytest.param("a [b] (c)", ("a [b] (c)",), id="brackets that are no link"),
        pytest.param("3 cats, 1.5 m", ("3 cats, 1.5 m",), id="a number that counts nothing"),
        pytest.param("one", ("one",), id="one"),
        pytest.param("", (), id="nothing"),
        pytest.param("1️⃣\n2️⃣ \n", (), id="numbers only"),
        pytest.param("\n".join(f"text {n}" for n in range(20)), tuple(f"text {n}" for n in range(MOST)), id="too many"),
    ],
)
def test_split(block, texts):
    assert texts == split(block)


SHORTEN = """## Important tokens
**cat** (1.00), ~~very~~ (0.00)

## Shortened prompts
1️⃣ black cat
2️⃣ cat"""


@pytest.mark.parametrize(
    ("block", "heading", "texts"),
    [
        pytest.param(SHORTEN, True, ("black cat", "cat"), id="contracts_mjproxy §10.6 P: Shorten: Markdown"),
        pytest.param("Shortened prompts\nblack cat", True, ("black cat",), id="bare"),
        pytest.param("**Shortened Prompt:**\n\nblack cat", True, ("black cat",), id="bold, one"),
        pytest.param("we shortened prompts a lot", False, ("we shortened prompts a lot",), id="not a line of its own"),
        pytest.param("/shorten black cat", False, ("/shorten black cat",), id="the question"),
    ],
)
def test_a_shorten_is_cut_at_its_heading(block, heading, texts):
    assert (heading, texts) == (has_heading(block), split(block))


@pytest.mark.parametrize(
    "block",
    [
        "\n" * 1_000_000 + "x",
        "# " * 500_000,
        "* \n" * 300_000,
        "shortened prompts\n" * 100_000,
        "shortened prompt" + " \n" * 300_000 + "x",
        "1" * 1_000_000,
        "1️⃣" * 300_000,
        ("[" + "a" * 300 + "](http://" + "b" * 500) * 1000,
        "[" * 1_000_000,
        " " * 1_000_000 + "x",
    ],
    ids=lambda block: repr(block[:12]),
)
def test_megabytes_are_split_at_once(block):
    begun = process_time()
    texts = split(block)
    has_heading(block)

    assert process_time() - begun < 2.0
    assert len(texts) <= MOST


@SETTINGS
@given(st.text(st.sampled_from("1234a\n\r .)#*[](<>\ufe0f\u20e3") | st.characters(), max_size=80))
def test_any_block_gives_a_few_clean_texts(block):
    texts = split(block)

    assert len(texts) <= MOST
    assert all(text == " ".join(text.split()) and text for text in texts)


@pytest.mark.parametrize(
    ("block", "numbered"),
    [(KEYCAPS, True), ("1. a\n2. b", True), ("x\n 3) a", True), ("a cat, 1.5 m", False), ("", False)],
)
def test_whether_a_block_counts_its_texts(block, numbered):
    assert numbered is is_numbered(block)
