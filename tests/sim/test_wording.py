from random import Random

import pytest

from mjasync.sim import wording


def test_four_prompts_describe_a_picture():
    texts = wording.described(Random(7))
    assert len(set(texts)) == 4
    assert all(text.endswith("--ar 1:1") for text in texts)
    assert wording.described(Random(7)) == texts
    assert wording.described(Random(8)) != texts


def test_a_prompt_gets_shorter_and_keeps_its_order():
    shorter = wording.shortened("a black cat on a red roof at dusk, oil on canvas --ar 2:3 https://x.example/a.png")
    assert len(shorter) == wording.MOST
    words = [text.split() for text in shorter]
    assert [len(line) for line in words] == sorted((len(line) for line in words), reverse=True)
    assert all(set(line) <= set(words[0]) for line in words)
    assert not any("--ar" in text or "http" in text for text in shorter)


@pytest.mark.parametrize(("prompt", "shorter"), [("cat", ("cat",)), (" --ar 1:1 ", ("--ar 1:1",)), ("a a", ("a",))])
def test_what_cannot_get_shorter(prompt, shorter):
    assert wording.shortened(prompt) == shorter


def test_the_answer_has_two_sections():
    text = wording.analysis("black cat")
    head, tokens, title, *rest = text.split("\n")
    assert (head, title) == ("## Important tokens", "## Shortened prompts")
    assert tokens.startswith("**black** (0.")
    assert "\n".join(rest).startswith("1️⃣ black cat\n\n2️⃣ ")


def test_numbers_are_keycap_emoji():
    assert wording.numbered(["a", "b"]) == "1\ufe0f\u20e3 a\n\n2\ufe0f\u20e3 b"
