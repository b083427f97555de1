"""Ctrl-C: what is paid for is named, what is not can be resumed."""

import asyncio
import json
import re
import signal
import subprocess
import sys

import pytest

from mjasync import Pool
from mjasync.cli import arguments, commands, farewell, interrupting, trail
from mjasync.cli.perform import perform
from mjasync.cli.run import Run
from mjasync.testing import Sim, run


def interrupt(words, folder, environ, number=signal.SIGINT, *, accepted=1):
    """Start a command, press Ctrl-C once the provider has accepted so many, and return how it ended."""
    process = subprocess.Popen(
        [sys.executable, "-m", "mjasync", *words],
        cwd=folder,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        early = ""
        while early.count("accepted") < accepted:
            line = process.stderr.readline()
            assert line, early
            early += line
        process.send_signal(number)
        _, late = process.communicate(timeout=60)
    return process.returncode, late


@pytest.mark.fault("K04")
def test_ctrl_c_names_what_is_paid_for_and_how_to_resume(alone, provider, environ):
    _, variables = provider(speed=1)
    (alone / "p.csv").write_text("prompt,mode\n" + "".join(f"cat {n},relax\n" for n in range(25)))
    code, err = interrupt(["batch", "p.csv", "--upscale", "1,2"], alone, environ(**variables), accepted=20)
    assert code == 130
    assert "paid jobs may run on at the provider" in err
    assert re.search(r"^  ttapi:\S+  00\d\d imagine  cat \d+$", err, re.MULTILINE)
    assert "5 prompts never left this machine" in err
    assert "resume    mjasync batch out/unsent.jsonl --mode fast --out out --upscale 1,2" in err
    assert "Traceback" not in err
    left = [json.loads(line) for line in (alone / "out" / "unsent.jsonl").read_text().splitlines()]
    assert left == [{"prompt": f"cat {n}", "mode": "relax"} for n in range(20, 25)]


def test_ctrl_c_of_a_simulated_run(alone, environ):
    code, err = interrupt(["imagine", "a cat", "--sim", "--speed", "1"], alone, environ())
    assert code == 130
    assert "1 simulated job ended with the simulator; nothing was paid." in err
    assert "Every prompt had been sent" in err
    assert list((alone / "out").iterdir()) == []


# The same on a clock that jumps.


class Silent:
    """A stage in the dark."""

    def event(self, number, prompt, job, event):
        pass


def left(words, *, after=20.0, latency=0.05):
    """What is said when a command is interrupted after so many seconds; one slot, so that most was never sent."""
    typed = arguments.parser().parse_args(words)
    task = getattr(commands, typed.command)(typed)
    made = Run(task.plan, Silent(), lambda _: None)

    async def story():
        account = Sim(seed=7, latency=latency).ttapi(max_jobs=1)
        with interrupting.listening() as signals:
            async with Pool(account, journal=task.plan.journal) as pool:
                asyncio.get_running_loop().call_later(after, signals.handle, signal.SIGINT, None)
                await interrupting.through(made.all(pool), pool, signals)

    run(story())
    return farewell.lines(task, made)


@pytest.fixture
def three(alone, monkeypatch):
    """A file of three prompts, and a key."""
    monkeypatch.setenv("MJASYNC_TTAPI_KEY", "k")
    (alone / "p.txt").write_text("a cat\na dog\nan owl\n")
    (alone / "out").mkdir()
    return alone


def test_last_words(three):
    lines = left(["batch", "p.txt"])
    assert lines[1] == "Interrupted: 0 prompts done, pictures in out."
    assert lines[2] == "1 paid job may run on at the provider, and be charged:"
    assert re.fullmatch(r"  ttapi:\S+  0001 imagine  a cat", lines[3])
    assert lines[4] == "2 prompts never left this machine and cost nothing."
    assert lines[5] == "resume    mjasync batch out/unsent.jsonl --mode fast --out out"
    assert left(["batch", "p.txt", "--upscale", "all"])[-1].startswith("resume    mjasync batch out/unsent-2.jsonl")


def test_a_request_on_its_way_has_no_ticket(three):
    lines = left(["imagine", "a cat"], after=0.01, latency=0.05)
    assert lines[2:] == ["1 prompt never left this machine and cost nothing."] or "no ticket yet" in lines[3]


def test_a_resume_file_that_cannot_be_written(three):
    (three / "out").rmdir()
    assert left(["batch", "p.txt"])[-1].startswith("They could not be written to out/unsent.jsonl")


def test_a_journal_keeps_what_was_never_sent(three):
    lines = left(["batch", "p.txt", "--journal", "my jobs.db", "--upscale", "1,2"])
    assert re.fullmatch(r"  ttapi:\S+  0001 imagine  a cat", lines[3])
    assert lines[4:] == [
        "2 prompts and 6 steps never left this machine and cost nothing; the journal keeps them.",
        "resume    mjasync resume --journal 'my jobs.db'",
    ]
    assert list((three / "out").iterdir()) == []
    assert {mark.number for mark in trail.read("my jobs.db").values()} == {1, 2, 3}


def test_a_journal_and_nothing_unsent(three):
    assert left(["imagine", "a cat", "--journal", "j.db"])[-2:] == [
        "Everything else had been sent; the journal keeps what runs.",
        "resume    mjasync resume --journal j.db",
    ]


def test_a_journal_and_nothing_left(three):
    lines = left(["imagine", "a cat", "--journal", "j.db"], after=1e6)
    assert lines[-2:] == [
        "Nothing is left to do; if a picture is missing, this saves it:",
        "resume    mjasync resume --journal j.db",
    ]


def test_how_to_go_on():
    assert "resume    mjasync resume --journal j.db --out 'my pictures'" == farewell.go_on("j.db", "my pictures")


def test_imagine_has_nothing_to_resume(three):
    assert left(["imagine", "a cat"])[-1] == "Every prompt had been sent; to do one again is to pay for it again."


def test_an_interrupted_command_returns_130(three, capsys):
    typed = arguments.parser().parse_args(["demo", "--speed", "1"])

    async def story():
        async with asyncio.timeout(60):
            return await perform(commands.demo(typed))

    assert run(story()) == 130
    err = capsys.readouterr().err
    assert "Interrupted: " in err
    assert "simulated jobs ended with the simulator; nothing was paid." in err
