"""A text that is not shown by accident."""

import json

from mjasync.events import Hidden

PROMPT = "a black cat"


def test_a_hidden_text_shows_its_length_only():
    hidden = Hidden(PROMPT)

    shown = [repr(hidden), str(hidden), f"{hidden}", json.dumps({"p": hidden}, default=str), "%s" % (hidden,)]  # noqa: UP031
    assert [PROMPT in each for each in shown] == [False] * len(shown)
    assert "11 characters" in repr(hidden)
    assert PROMPT == hidden.text


def test_hidden_texts_are_compared_by_what_they_hide():
    assert Hidden("a") == Hidden("a")
    assert Hidden("a") != Hidden("b")
    assert Hidden("a") != "a"
    assert hash(Hidden("a")) == hash(Hidden("a"))
