"""`--open`: the sheet, else the picture; and a text where there is no browser."""

import pytest

FAST = ["--sim", "--speed", "3000"]


@pytest.fixture
def opened(monkeypatch):
    """What a browser would have been shown."""
    seen = []
    monkeypatch.setattr("webbrowser.open", lambda url: seen.append(url) or True)
    return seen


def test_a_picture(call, alone, opened):
    _, out, _ = call("imagine", "a cat", *FAST, "--open", "--upscale", "3")

    assert [(alone / out.splitlines()[-1]).as_uri()] == opened


def test_a_sheet(call, alone, opened):
    (alone / "p.txt").write_text("a cat\n")
    assert 0 == call("batch", "p.txt", *FAST, "--open")[0]

    assert [(alone / "out" / "index.html").as_uri()] == opened


def test_nothing(call, opened):
    code, _, err = call("imagine", "a gore cat", *FAST, "--open")

    assert (1, []) == (code, opened)
    assert "open      there is nothing to open" in err


@pytest.mark.parametrize("broken", [lambda url: False, lambda url: (_ for _ in ()).throw(OSError())])
def test_no_browser(call, monkeypatch, broken):
    monkeypatch.setattr("webbrowser.open", broken)
    code, out, err = call("imagine", "a cat", *FAST, "--open")

    assert 0 == code
    assert f"open      no browser was found; open {out.strip()} yourself" in err
