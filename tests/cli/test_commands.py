"""Bad input: nothing is sent, nothing is made, and the text says what, why and what to do."""

import pytest

FAST = ["--sim", "--speed", "3000"]


@pytest.mark.parametrize(
    ("words", "code", "expected"),
    [
        ([], 2, "the following arguments are required: COMMAND"),
        (["paint"], 2, "invalid choice: 'paint'"),
        (["imagine"], 2, "PROMPT"),
        (["imagine", "a", "black", "cat"], 2, "a prompt of several words stands in quotes"),
        (["imagine", "  ", "--sim"], 2, "The prompt is empty."),
        (["imagine", "a\x00b", "--sim"], 2, "control character"),
        (["imagine", "a cat", "--sim", "--mode", "fats"], 2, "did you mean 'fast'?"),
        (["imagine", "a cat", "--sim", "--upscale", "5"], 2, "1, 2, 3 and 4"),
        (["imagine", "a cat", "--sim", "--out", ""], 2, "--out is blank."),
        (["imagine", "a cat", "--sim", "--out", "file/below"], 2, "cannot be written to 'file/below'"),
        (["imagine", "a cat", "--speed", "9"], 2, "--speed cannot be used without --sim."),
        (["imagine", "a cat", "--sim", "--speed", "0"], 2, "--speed 0 cannot be used."),
        (["imagine", "a cat", "--sim", "--speed", "x"], 2, "invalid float value: 'x'"),
        (["batch", "none.txt", "--sim"], 2, "'none.txt' does not exist"),
        (["batch", "bad.csv", "--sim"], 2, "line 3: There is no mode 'slow'"),
        (["batch", "empty.txt", "--sim"], 2, "has no prompts"),
        (["batch", "latin.txt", "--sim"], 2, "is not UTF-8"),
        (["demo", "--out", "file"], 2, "cannot be written to 'file'"),
        (["demo", "--speed", "-3"], 2, "--speed -3 cannot be used."),
        (["sim", "--port", "70000"], 2, "--port 70000 cannot be used."),
        (["sim", "--speed", "nan"], 2, "--speed nan cannot be used."),
        (["imagine", "a cat", "--key", "secret"], 2, "A key is never taken from the command line."),
        (["imagine", "a cat"], 3, "MJASYNC_TTAPI_KEY"),
        (["batch", "good.txt"], 3, "--sim works without any key"),
    ],
)
def test_bad_input(call, alone, words, code, expected):
    (alone / "file").write_text("")
    (alone / "good.txt").write_text("a cat\n")
    (alone / "empty.txt").write_text("\n")
    (alone / "latin.txt").write_bytes(b"caf\xe9\n")
    (alone / "bad.csv").write_text("prompt,mode\na cat,fast\na dog,slow\n")
    before = sorted(alone.iterdir())
    got, out, err = call(*words)
    assert (got, out) == (code, "")
    assert expected in err
    assert "\n  do    " in err
    assert "Traceback" not in err
    assert sorted(alone.iterdir()) == before


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("MJASYNC_TTAPI_KEY", "two words", "MJASYNC_TTAPI_KEY: The key is missing or malformed."),
        ("MJASYNC_MJPROXY_KEY", "k", "The account mjproxy has no url."),
        ("MJASYNC_MODE", "slow", "MJASYNC_MODE: there is no mode 'slow'."),
    ],
)
def test_bad_settings(call, monkeypatch, name, value, expected):
    monkeypatch.setenv(name, value)
    code, out, err = call("imagine", "a cat")
    assert (code, out) == (3, "")
    assert expected in err
    assert "two words" not in err


def test_an_output_folder_from_the_settings_is_a_setting(call, alone, monkeypatch):
    (alone / "file").write_text("")
    monkeypatch.setenv("MJASYNC_OUT", "file")
    code, _, err = call("imagine", "a cat", *FAST)
    assert code == 3
    assert "mend MJASYNC_OUT" in err
