"""Whatever stdout is, printing does not end a paid run."""

import io
import json
import os
import subprocess
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
    output.begin()
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
        assert 5 == output.verdict(5)
        assert 1 == output.verdict(0), "whoever runs it in a script must know"
    expected = "Results cannot be printed any more: No space left on device.\n  do    look at where stdout goes\n"
    assert expected == capsys.readouterr().err
    monkeypatch.undo()
    output.begin()
    assert 0 == output.verdict(0)


def test_what_stands_in_a_buffer_is_judged_too(monkeypatch, capsys):
    with Path("/dev/full").open("w") as full:
        monkeypatch.setattr(sys, "stdout", full)
        full.write("--help prints so")
        assert 1 == output.verdict(0)
    assert "cannot be printed" in capsys.readouterr().err


def told(redirect, *words, environ):
    """A command in a shell with such a redirection: its exit code, and what came on the streams that are left."""
    line = f'exec "$@" {redirect}'
    done = subprocess.run(
        ["sh", "-c", line, "sh", sys.executable, "-m", "mjasync", *words],
        env=environ(),
        capture_output=True,
        check=False,
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def test_a_closed_stderr_sends_nothing_to_stdout(alone, environ):
    code, out, err = told("2>&-", "check", "a cat", "--json", environ=environ)
    assert (0, 1, "") == (code, len(out.splitlines()), err)
    assert "check" == json.loads(out)["type"]


def test_no_file_gets_the_number_of_a_closed_stream(alone, environ):
    words = ("imagine", "a cat", "--sim", "--speed", "3000", "--journal", "j.db", "--out", "o")
    assert (0, "", "") == told("<&- >&- 2>&-", *words, environ=environ)
    assert b"SQLite format 3" == (alone / "j.db").read_bytes()[:15]
    assert 2 == len(list((alone / "o").iterdir()))
