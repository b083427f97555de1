"""The buttons of a job: from the journal without a key, else from its provider."""

import json
from pathlib import Path

from mjasync import Action
from mjasync.cli.buttons import Offer, lines


def test_of_a_journals_job_without_a_key(call, past, monkeypatch):
    for name in past.environ():
        monkeypatch.delenv(name)
    code, out, _ = call("press", past.jobs["done"].id[:8])
    assert (0, "upscale1          U1") == (code, out.splitlines()[0])

    told = json.loads(call("press", past.jobs["step"].id, "--json")[1])
    assert ("buttons", past.jobs["step"].id, "done") == (told["type"], told["job"], told["phase"])
    assert "vary_region" in [button["action"] for button in told["buttons"]]


def test_of_a_job_that_has_none_yet(call, past):
    code, out, err = call("press", past.jobs["running"].id)

    assert (0, "") == (code, out)
    assert "offers nothing to press" in err


def test_of_a_job_of_elsewhere(call, keys):
    _, out, _ = call("imagine", "a cat", "--account", "mjproxy")
    fact = json.loads(Path(out.strip()).with_suffix(".json").read_text())
    code, out, _ = call("press", f"mjproxy:{fact['remote_id']}")
    assert 0 == code
    assert "upscale4" in out

    code, out, err = call("press", "mjproxy:12")
    assert (3, "") == (code, out)
    assert "is not known to its provider" in err


def test_without_a_key(call):
    code, _, err = call("press", "ttapi:12")

    assert 3 == code
    assert "No key is set" in err


def test_texts_are_buttons_of_a_kind():
    raw = (Action("MJ::Job::PromptAnalyzer::1", "MJ::Job::PromptAnalyzer::1"),)

    told = lines(Offer(phase="done", actions=raw, texts=("a fox", "an \x1b[31mowl")))
    assert ["imagine1          a fox", "imagine2          an owl"] == told
