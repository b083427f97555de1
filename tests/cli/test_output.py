"""Whatever stdout is, printing does not end a paid run."""

import io
import os
import sys
from pathlib import Path

import pytest

from mjasync.cli import output


def test_say_and_tell(capsys):
    output.say("result")
    output.tell("about it")
    assert capsys.readouterr() == ("result\n", "about it\n")


def test_a_letter_that_cannot_be_shown_is_a_number(monkeypatch):
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii"))
    monkeypatch.setattr(sys, "stderr", io.StringIO())  # a stream without reconfigure
    output.soften()
    output.say("a 猫")
    assert raw.getvalue() == b"a \\u732b\n"


def test_a_reader_that_left_is_no_error(monkeypatch, capsys):
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as pipe:
        monkeypatch.setattr(sys, "stdout", pipe)
        for n in range(3):
            output.say(str(n))
        output.tell("still here")
    assert capsys.readouterr().err == "still here\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_disk_is_told_once_and_ends_nothing(monkeypatch, capsys):
    with Path("/dev/full").open("w") as full:
        monkeypatch.setattr(sys, "stdout", full)
        output.say("a.png")
        output.say("b.png")
    expected = "Results cannot be printed any more: No space left on device.\n  do    look at where stdout goes\n"
    assert expected == capsys.readouterr().err
